"""The database keeps what it was told to keep, whoever else writes to it at the same moment."""

import asyncio
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from storage.engine import Abandoned, Database, Permit
from storage.migrate import migrate
from storage.queries import insert_new
from storage.tables import InboundReceipt

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Database:
    made = Database(database_url)
    migrate(made)
    return made


def add_one(session: Session) -> None:
    """Read a number and write the next, as an act does with what it read."""
    row = session.exec(
        select(InboundReceipt).where(InboundReceipt.key == "counter").with_for_update()
    ).one()
    row.reply = str(int(row.reply) + 1)
    session.add(row)


def add_row(database: Database, key: str, reply: str) -> None:
    database.run_now(lambda s: s.add(InboundReceipt(key=key, at=NOW, reply=reply)))


def reply_of(database: Database, key: str) -> str:
    return database.read_now(lambda s: s.get_one(InboundReceipt, key).reply)


def counted(database: Database) -> int:
    return int(reply_of(database, "counter"))


def begin_counting(database: Database) -> None:
    add_row(database, "counter", "0")


async def test_all_of_120_updates_at_once_are_kept(database: Database) -> None:
    begin_counting(database)
    await asyncio.gather(*(database.run(add_one) for _ in range(120)))
    assert counted(database) == 120
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: database.run_now(add_one), range(40)))
    assert counted(database) == 160
    database.close()


def test_updates_from_several_processes_are_all_kept(database: Database) -> None:
    begin_counting(database)
    script = textwrap.dedent(
        """
        import sys, time
        from storage.engine import Database
        from tests.test_storage import add_one
        from sqlalchemy.exc import OperationalError

        database = Database(sys.argv[1])
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(40):
            database.run_now(add_one)
        database.close()
        """
    )
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", script, _plain(database, url)]
    folder = Path(__file__).parent.parent
    writers = [
        subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        writer.communicate(b"go\n", timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert counted(database) == 120
    database.close()


def _plain(database: Database, url: str) -> str:
    """The address as a person would have written it."""
    folder = database.options.get("unix_sock") if not database.is_sqlite else None
    if folder is None:
        return url
    return f"{url}?host={Path(str(folder)).parent}".replace("postgresql+pg8000", "postgresql")


async def test_who_adds_the_same_row_as_another_begins_anew_and_finds_it(
    database: Database,
) -> None:
    def look_or_add(session: Session) -> str:
        found = session.get(InboundReceipt, "same")
        if found is None:
            found = InboundReceipt(key="same", at=NOW, reply="first")
            session.add(found)
            session.flush()
        return found.reply

    answers = await asyncio.gather(*(database.run(look_or_add) for _ in range(8)))
    assert answers == ["first"] * 8
    database.close()


async def test_two_who_wait_for_each_other_both_get_through(database: Database) -> None:
    for key in ("one", "two"):
        add_row(database, key, "")

    def touch(*keys: str) -> object:
        def work(session: Session) -> None:
            for key in keys:
                statement = update(InboundReceipt).where(InboundReceipt.key == key)  # type: ignore[arg-type]
                session.connection().execute(statement.values(reply=InboundReceipt.reply + "x"))

        return work

    works = [touch("one", "two"), touch("two", "one")] * 3
    await asyncio.gather(*(database.run(work) for work in works))  # type: ignore[arg-type]
    for key in ("one", "two"):
        assert reply_of(database, key) == "x" * 6
    database.close()


async def test_work_that_fails_or_is_given_up_leaves_nothing(database: Database) -> None:
    def add(session: Session) -> None:
        session.add(InboundReceipt(key="given up", at=NOW))

    def add_and_fail(session: Session) -> None:
        add(session)
        session.flush()
        raise RuntimeError("on purpose")

    permit = Permit()
    assert permit.abandon()
    assert permit.abandon(), "the same answer however often it is asked"
    assert not permit.commit()
    with pytest.raises(Abandoned):
        await database.run(add, permit=permit)
    with pytest.raises(RuntimeError):
        await database.run(add_and_fail)
    assert database.read_now(lambda s: s.get(InboundReceipt, "given up")) is None
    taken = Permit()
    await database.run(add, permit=taken)
    assert not taken.abandon(), "what is committed can't be taken back"
    assert database.read_now(lambda s: s.get(InboundReceipt, "given up")) is not None
    database.close()


def test_a_row_that_is_there_already_is_passed_over_and_counted_so(database: Database) -> None:
    def put(session: Session, *keys: str) -> int:
        rows = [{"key": key, "at": NOW, "reply": ""} for key in keys]
        return insert_new(session, InboundReceipt, rows, unique=["key"])

    assert database.run_now(lambda s: put(s, "a")) == 1
    assert database.run_now(lambda s: put(s, "a")) == 0
    assert database.run_now(lambda s: put(s)) == 0
    database.close()


def test_a_reader_cannot_write_and_a_reference_must_lead_somewhere(database_url: str) -> None:
    database = Database(database_url)
    migrate(database)
    if database.is_sqlite:
        with pytest.raises(DBAPIError), database.reader_engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM inboundreceipt")
    with pytest.raises(DBAPIError), database.writer_engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO workspace (installation_id, team_id) VALUES (77, 'T0NOBODY')"
        )
    database.close()


def test_sqlite_is_told_to_be_durable_and_patient(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/down/test.db")
    with database.writer_engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 1500,
    }
    database.close()
