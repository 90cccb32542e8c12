"""Bring a database to the newest tables, and check that it is there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, event
from sqlmodel import SQLModel

from storage import sponsor_tables, tables, trust_tables
from storage.engine import Database

METADATA = SQLModel.metadata
MIGRATIONS = Path(__file__).parent / "migrations"
assert tables.Installation.metadata is METADATA
assert sponsor_tables.SponsorSeat.metadata is METADATA
assert trust_tables.CheckIn.metadata is METADATA


class BrokenReferences(Exception):
    """A migration left rows that point at nothing; it was rolled back."""


def migrate(database: Database, revision: str = "head") -> None:
    """Apply what is missing, in one transaction on a connection of its own.

    SQLite rewrites a table by copying it, and with foreign keys enforced the drop of the old copy
    deletes every row that refers to it; they are off meanwhile and checked before the commit.
    """
    engine = create_engine(database.url, connect_args=database.options)
    if database.is_sqlite:
        event.listen(engine, "connect", _without_foreign_keys)
        event.listen(
            engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
        )
    try:
        with engine.begin() as connection:
            command.upgrade(_config(connection), revision)
            if database.is_sqlite:
                _check_references(connection)
    finally:
        engine.dispose()


def differences(database: Database) -> list[object]:
    """What the tables in code have and the database has not, or the reverse; empty when equal."""
    with database.reader_engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _without_foreign_keys(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]
    connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise BrokenReferences(f"{len(broken)} rows refer to rows that are gone: {broken[:5]}")


def empty(database: Database) -> None:
    """Drop every table of ours; only the playground, which starts anew each time, does this."""
    with database.writer_engine.begin() as connection:
        METADATA.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
