"""Very many action items in a SQLite file, by plain SQL; and the same morning again and again."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from storage.tables import (
    ActionItem,
    Alliance,
    Audience,
    Installation,
    Member,
    Person,
    Side,
    Workspace,
)

NOW = datetime(2026, 11, 24, 7, 30, 5, tzinfo=UTC)
"""Tuesday, 08:30:05 in Berlin: the daily messages of everybody here are due since a moment."""

THEN = "2026-11-24 07:30:00.000000"
LATER = "2026-11-25 07:30:00.000000"
CREATED = "2026-11-02 09:00:00.000000"
ITEMS_EACH = 10
"""Items a person has; at most one of them is due."""

COUNT = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
OWNER = f"1 + (n.i - 1) / {ITEMS_EACH}"
SIDE = f"1 + ({OWNER}) % 2"
PERSON_COLUMNS = {"id": "n.i", "user_id": "'U' || n.i", "name": "'Person ' || n.i"}
MEMBER_COLUMNS = {"id": "n.i", "person_id": "n.i", "side_id": "1 + n.i % 2"}
ITEM_COLUMNS = {
    "id": "n.i",
    "token": "'token' || n.i",
    "number": "n.i",
    "text": "'Send the redlines of agreement ' || n.i",
    "owner_id": OWNER,
    "owner_side_id": SIDE,
    "proposer_id": OWNER,
    "proposer_side_id": SIDE,
    "due": "date('2027-01-04', '+' || (n.i % 200) || ' days')",
}


def plant(session: Session) -> None:
    """One of each, by the product's own tables: the others are copies of them."""
    at = datetime.fromisoformat(f"{CREATED}+00:00")
    session.add(
        Installation(id=1, platform="slack", team_id="T1", name="", bot_user_id="", installed_at=at)
    )
    session.add(Workspace(id=1, installation_id=1, team_id="T1"))
    session.flush()
    session.add(
        Person(
            id=1,
            workspace_id=1,
            user_id="U1",
            name="Person 1",
            zone="Europe/Berlin",
            country="DE",
            facts_at=at,
            next_digest_at=datetime.fromisoformat(f"{LATER}+00:00"),
        )
    )
    session.flush()
    session.add(
        Alliance(
            id=1,
            installation_id=1,
            name="Helix",
            code="HEL",
            zone="Europe/Berlin",
            set_up_by=1,
            set_up_at=at,
        )
    )
    session.flush()
    session.add_all(
        [Side(id=n, alliance_id=1, firm=f"Firm {n}", position=n, checked_at=at) for n in (1, 2)]
    )
    session.add(Audience(id=1, alliance_id=1, name="joint"))
    session.flush()
    session.add(Member(id=1, alliance_id=1, side_id=2, person_id=1, since=at.date()))
    session.add(
        ActionItem(
            id=1,
            alliance_id=1,
            audience_id=1,
            number=1,
            text="Send the redlines of agreement 1",
            status="open",
            owner_id=1,
            owner_side_id=2,
            proposer_id=1,
            proposer_side_id=2,
            due=date(2027, 1, 4),
            created_at=at,
            since=at.date(),
        )
    )


def plain_connection(path: Path) -> sqlite3.Connection:
    """As fast as it goes, and careless: only for rows that are thrown away."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-200000")
    return connection


def grow(path: Path, items: int) -> None:
    """Add open items, none due soon, until there are so many; and their people."""
    connection = plain_connection(path)
    connection.execute("BEGIN")
    for table, columns, last in (
        (Person, PERSON_COLUMNS, items // ITEMS_EACH),
        (Member, MEMBER_COLUMNS, items // ITEMS_EACH),
        (ActionItem, ITEM_COLUMNS, items),
    ):
        copy(connection, str(table.__tablename__), columns, last)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def copy(
    connection: sqlite3.Connection, table: str, columns: dict[str, str], last: int, **named: int
) -> None:
    """Rows like the first one, but for the columns given, up to the id `last`; the columns may use
    what is `named`."""
    first = 1 + connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(columns.get(name, f't."{name}"') for name in names)
    connection.execute(
        f"INSERT INTO {table} {COUNT} SELECT {values} FROM n JOIN {table} t ON t.id = 1",
        {"first": first, "last": last, **named},
    )


def morning(path: Path, people: int) -> None:
    """So many people due, each with one item due today; nobody has heard anything yet."""
    connection = plain_connection(path)
    spread = max(1, connection.execute("SELECT count(*) FROM person").fetchone()[0] // people)
    connection.execute("BEGIN")
    connection.execute("DELETE FROM outbox")
    connection.execute(
        "UPDATE person SET next_digest_at = ?, last_digest_on = NULL WHERE next_digest_at <> ?",
        (LATER, LATER),
    )
    connection.execute("UPDATE person SET last_digest_on = NULL WHERE last_digest_on IS NOT NULL")
    chosen = f"SELECT id FROM person WHERE (id - 1) % {spread} = 0 ORDER BY id LIMIT {people}"
    connection.execute(f"UPDATE person SET next_digest_at = '{THEN}' WHERE id IN ({chosen})")
    connection.execute(
        "UPDATE actionitem SET due = '2026-11-24', told_rung = -2"
        f" WHERE id IN (SELECT 1 + (id - 1) * {ITEMS_EACH} FROM ({chosen}))"
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def effect(path: Path) -> tuple[list[tuple[object, ...]], ...]:
    """What a tick has left behind, without what is random: to compare two ways of doing it."""
    connection = sqlite3.connect(path)
    told = connection.execute(
        "SELECT kind, facts, person_id, installation_id, dedup_key, state, not_before, created_at,"
        " attempts, uncertain, error FROM outbox ORDER BY dedup_key"
    )
    people = connection.execute("SELECT id, next_digest_at, last_digest_on FROM person ORDER BY id")
    items = connection.execute(
        "SELECT id, told_rung, snoozed_until FROM actionitem WHERE told_rung <> -2 ORDER BY id"
    )
    found = (told.fetchall(), people.fetchall(), items.fetchall())
    connection.close()
    return found
