"""The account can only be added to: the database itself refuses anything else."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, func, select

from governance import history
from governance.messages import posting
from governance.seeing import receipts
from storage.engine import Database
from storage.migrate import empty, migrate
from storage.tables import Alliance, Delivery, HistoryEntry, Installation, Person, Workspace

NOW = datetime(2026, 11, 23, tzinfo=UTC)

REFUSED = (
    "UPDATE historyentry SET what = 'declined'",
    "UPDATE historyentry SET at = '2020-01-01 00:00:00' WHERE id = 1",
    "DELETE FROM historyentry",
    "DELETE FROM historyentry WHERE id = 1",
    "UPDATE delivery SET person_id = NULL",
    "UPDATE delivery SET team_ids = '' WHERE id = 1",
)


@pytest.fixture
def database(database_url: str) -> Database:
    made = Database(database_url)
    migrate(made)
    made.run_now(fill)
    return made


def fill(session: Session) -> None:
    """An entry in the history and a delivery, with what they belong to."""
    home = Installation(
        id=1, platform="slack", team_id="T1", name="N", bot_user_id="U0", installed_at=NOW
    )
    for row in (
        home,
        Workspace(id=1, installation_id=1, team_id="T1"),
        Person(id=1, workspace_id=1, user_id="U1", name="P", zone="Etc/UTC", facts_at=NOW),
        Alliance(
            id=1, installation_id=1, name="A", code="AA", zone="Etc/UTC", set_up_by=1, set_up_at=NOW
        ),
    ):
        session.add(row)
        session.flush()
    history.note(
        session,
        alliance_id=1,
        record="action_item",
        record_id=1,
        what="accepted",
        by=1,
        now=NOW,
    )
    receipts.note_shown(
        session,
        "action_item",
        [1],
        to=session.get_one(Person, 1),
        where=None,
        installation_id=1,
        now=NOW,
    )


def counts(session: Session) -> tuple[int, int]:
    entries = session.exec(select(func.count()).select_from(HistoryEntry)).one()
    return entries, session.exec(select(func.count()).select_from(Delivery)).one()


@pytest.mark.parametrize("statement", REFUSED)
def test_what_is_in_the_account_can_be_neither_altered_nor_taken_out(
    database: Database, statement: str
) -> None:
    def alter(session: Session) -> None:
        session.connection().exec_driver_sql(statement)

    with pytest.raises(DBAPIError, match="rows are only added"):
        database.run_now(alter)
    assert database.read_now(counts) == (1, 1)
    database.close()


def test_the_account_is_not_emptied_in_one_stroke(database: Database) -> None:
    if database.is_sqlite:
        database.close()
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("historyentry", "delivery"):
        with pytest.raises(DBAPIError, match="rows are only added"):
            database.run_now(
                lambda session, table=table: session.connection().exec_driver_sql(  # type: ignore[misc]
                    f"TRUNCATE {table}"
                )
            )
    assert database.read_now(counts) == (1, 1)
    database.close()


def test_an_entry_read_and_changed_in_code_is_refused_as_well(database: Database) -> None:
    def alter(session: Session) -> None:
        entry = session.exec(select(HistoryEntry)).one()
        entry.after = {"due": "2027-01-01"}
        session.add(entry)

    with pytest.raises(DBAPIError, match="rows are only added"):
        database.run_now(alter)
    database.close()


def test_deliveries_are_forgotten_after_their_time_and_history_is_not(database: Database) -> None:
    just_kept, over = NOW + posting.RECEIPTS_KEPT, NOW + posting.RECEIPTS_KEPT * 2
    database.run_now(lambda session: posting.purge(session, now=just_kept))
    assert database.read_now(counts) == (1, 1)
    database.run_now(lambda session: posting.purge(session, now=over))
    assert database.read_now(counts) == (1, 0)
    database.close()


def test_the_playground_s_new_beginning_still_works(database: Database) -> None:
    empty(database)
    assert inspect(database.writer_engine).get_table_names() == []
    migrate(database)
    database.run_now(fill)
    assert database.read_now(counts) == (1, 1)
    database.close()
