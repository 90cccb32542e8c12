"""Very many pairs of sponsors in a SQLite file, all due; and the same week again and again.

Four pairs an alliance, people in five zones, one in twenty with a seat in another alliance. Half
of the pairs have talked, most were written to before, some promised or are asked for something; so
every reason to speak occurs, and silence.
"""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session, SQLModel

from storage.sponsor_tables import (
    SponsorAsk,
    SponsorContact,
    SponsorNudge,
    SponsorPair,
    SponsorSeat,
)
from storage.tables import ActionItem, Alliance, Audience, Person, Side
from tests.bench import rows

NOW = datetime(2026, 11, 24, 13, 30, 5, tzinfo=UTC)
"""Tuesday, 08:30:05 in New York; in the other zones it has been due for hours."""

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
TODAY = "2026-11-24"
NUDGES_EACH = 4
HOUR = (
    "CASE p.zone WHEN 'Europe/Berlin' THEN '2026-11-24 07:30:00.000000'"
    " WHEN 'America/New_York' THEN '2026-11-24 13:30:00.000000'"
    " WHEN 'Europe/London' THEN '2026-11-24 08:30:00.000000'"
    " WHEN 'Asia/Singapore' THEN '2026-11-24 00:30:00.000000'"
    " ELSE '2026-11-23 23:30:00.000000' END"
)

PAIR = "((n.i + 1) / 2)"
"""Of a seat: seats 1 and 2 make the first pair."""
ALLIANCE_OF_PAIR = "(1 + ({} - 1) / 4)"
ALLIANCE = ALLIANCE_OF_PAIR.format(PAIR)
TALKED = "(2 * ((n.i + 1) / 2))"
"""The pair of a talk: every second one has talked, twice."""
WRITTEN_TO = "(5 * ((n.i - 1) / 32) + 1 + ((n.i - 1) / 8) % 4)"
"""The pair of an earlier nudge: four of five have had some, both sides."""
BACK = f"(1 + (n.i - 1) % {NUDGES_EACH} + {WRITTEN_TO} % 5)"
"""How many weeks ago it was."""
REPLACED = "(25 * (n.i - {} * :pairs))"
"""The pair that followed one that is over: every 25th has."""

PEOPLE = {
    "id": "n.i",
    "user_id": "'U' || n.i",
    "name": "'Person ' || n.i",
    "zone": "CASE n.i % 5 WHEN 0 THEN 'Europe/Berlin' WHEN 1 THEN 'America/New_York'"
    " WHEN 2 THEN 'Europe/London' WHEN 3 THEN 'Asia/Singapore' ELSE 'Asia/Tokyo' END",
    "country": "CASE n.i % 5 WHEN 0 THEN 'DE' WHEN 1 THEN 'US'"
    " WHEN 2 THEN 'GB' WHEN 3 THEN 'SG' ELSE 'JP' END",
}
ALLIANCES = {
    "id": "n.i",
    "name": "'Alliance ' || n.i",
    "code": "'A' || n.i",
    "tier": "CASE n.i % 4 WHEN 0 THEN 'integrated' WHEN 1 THEN 'linear' ELSE 'collaborative' END",
    "sponsor_mode": "CASE n.i % 20 WHEN 2 THEN 'always' WHEN 4 THEN 'until_they_connect'"
    " ELSE 'calm' END",
    "closed_at": f"CASE WHEN n.i % 50 = 0 THEN '{TODAY} 06:00:00.000000' END",
}
SIDES = {"id": "n.i", "alliance_id": "(n.i + 1) / 2", "firm": "'Firm ' || n.i"}
AUDIENCES = {"id": "n.i", "alliance_id": "n.i"}
SEATS = {
    "id": "n.i",
    "token": "'seat' || n.i",
    "alliance_id": ALLIANCE,
    "side_id": f"2 * {ALLIANCE} - n.i % 2",
    "person_id": "CASE WHEN n.i % 20 = 0 THEN n.i - 12 ELSE n.i END",
    "accepted_at": f"CASE WHEN {PAIR} % 35 = 0 THEN '2026-11-16 09:00:00.000000'"
    " ELSE t.accepted_at END",
    "minute": "CASE WHEN n.i % 7 = 0 THEN 480 END",
}
LEFT_SEATS = {
    "id": "n.i",
    "token": "'left' || n.i",
    "alliance_id": ALLIANCE_OF_PAIR.format(REPLACED.format(2)),
    "person_id": "n.i",
    "next_at": "NULL",
    "ended_on": "'2026-10-01'",
}
PAIRS = {
    "id": "n.i",
    "token": "'pair' || n.i",
    "alliance_id": ALLIANCE_OF_PAIR.format("n.i"),
    "first_id": "2 * n.i - 1",
    "second_id": "2 * n.i",
    "follows_id": "CASE WHEN n.i % 25 = 0 THEN :pairs + n.i / 25 END",
    "planned_on": "CASE n.i % 9 WHEN 0 THEN '2026-11-27' WHEN 1 THEN '2026-11-12' END",
}
LEFT_PAIRS = {
    "id": "n.i",
    "token": "'over' || n.i",
    "alliance_id": ALLIANCE_OF_PAIR.format(REPLACED.format(1)),
    "first_id": f"2 * {REPLACED.format(1)} - 1",
    "second_id": "n.i + :pairs",
    "ended_on": "'2026-10-01'",
}
TALKS = {
    "id": "n.i",
    "token": "'talk' || n.i",
    "alliance_id": ALLIANCE_OF_PAIR.format(TALKED),
    "audience_id": ALLIANCE_OF_PAIR.format(TALKED),
    "pair_id": TALKED,
    "seat_id": f"2 * {TALKED} - 1",
    "by_id": f"2 * {TALKED} - 1",
    "on": f"date('2026-11-20', '-' || ({TALKED} * 7 % 200 + n.i % 2 * 30) || ' days')",
    "confirmed": "CASE n.i % 11 WHEN 0 THEN 0 WHEN 1 THEN NULL ELSE 1 END",
    "promise_id": "CASE WHEN n.i % 4 = 0 THEN 1 + n.i / 4 END",
}
PROMISES = {
    **rows.ITEM_COLUMNS,
    "owner_id": "8 * (n.i - 1) - 1",
    "due": "date('2026-11-01', '+' || (n.i * 3 % 60) || ' days')",
}
NUDGES = {
    "id": "n.i",
    "token": "'nudge' || n.i",
    "seat_id": f"2 * {WRITTEN_TO} - 1 + ((n.i - 1) / {NUDGES_EACH}) % 2",
    "pair_id": WRITTEN_TO,
    "week": f"date('2026-11-23', '-' || (7 * {BACK}) || ' days')",
    "on": f"date('{TODAY}', '-' || (7 * {BACK}) || ' days')",
    "reason": f"CASE WHEN {WRITTEN_TO} % 2 = 1 OR n.i % 2 = 0 THEN 'due' ELSE 'word' END",
    "answer": f"CASE ({WRITTEN_TO} + n.i) % 6 WHEN 0 THEN 'spoke' WHEN 1 THEN 'not_now'"
    " ELSE '' END",
}
ASKS = {
    "id": "n.i",
    "token": "'ask' || n.i",
    "alliance_id": ALLIANCE_OF_PAIR.format("((15 * n.i + 1) / 2)"),
    "audience_id": ALLIANCE_OF_PAIR.format("((15 * n.i + 1) / 2)"),
    "seat_id": "15 * n.i",
    "state": "CASE n.i % 4 WHEN 0 THEN 'taken' ELSE 'asked' END",
    "question": "CASE n.i % 5 WHEN 0 THEN 'By when?' ELSE '' END",
    "reply": "CASE n.i % 10 WHEN 0 THEN 'By May.' ELSE '' END",
}


def plant(session: Session) -> None:
    """One of each, by the product's own tables: the others are copies of them."""
    rows.plant(session)
    session.flush()
    on = AT.date()
    seat = SponsorSeat(
        id=1, alliance_id=1, side_id=1, person_id=1, since=on, state="accepted", accepted_at=AT
    )
    session.add(seat)
    session.flush()
    session.add(SponsorPair(id=1, alliance_id=1, first_id=1, second_id=1, since=on))
    session.flush()
    session.add_all([_talk(on), _nudge(on), _ask()])


def _talk(on: date) -> SponsorContact:
    return SponsorContact(
        id=1, alliance_id=1, audience_id=1, pair_id=1, seat_id=1, on=on, how="video", by_id=1, at=AT
    )


def _nudge(on: date) -> SponsorNudge:
    return SponsorNudge(id=1, seat_id=1, pair_id=1, week=date(2026, 3, 2), on=on, reason="due")


def _ask() -> SponsorAsk:
    return SponsorAsk(
        id=1,
        alliance_id=1,
        audience_id=1,
        seat_id=1,
        asked_by=1,
        text="Open the door to Finance",
        created_at=AT,
    )


def grow(path: Path, pairs: int) -> None:
    """Make the one pair into so many: a multiple of a hundred."""
    connection = rows.plain_connection(path)
    connection.execute("BEGIN")
    connection.execute("UPDATE sponsorpair SET second_id = 2")
    for table, columns, last in _amounts(pairs):
        rows.copy(connection, str(table.__tablename__), columns, last, pairs=pairs)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _amounts(pairs: int) -> list[tuple[type[SQLModel], dict[str, str], int]]:
    over = pairs // 25
    return [
        (Person, PEOPLE, 2 * pairs + over),
        (Alliance, ALLIANCES, pairs // 4),
        (Side, SIDES, pairs // 2),
        (Audience, AUDIENCES, pairs // 4),
        (SponsorSeat, SEATS, 2 * pairs),
        (SponsorSeat, LEFT_SEATS, 2 * pairs + over),
        (SponsorPair, PAIRS, pairs),
        (SponsorPair, LEFT_PAIRS, pairs + over),
        (ActionItem, PROMISES, 1 + pairs // 4),
        (SponsorContact, TALKS, pairs),
        (SponsorNudge, NUDGES, pairs * 4 // 5 * 2 * NUDGES_EACH),
        (SponsorAsk, ASKS, 2 * pairs // 15),
    ]


def week(path: Path) -> None:
    """It is everybody's hour, in their own zone; nobody has heard anything yet this week."""
    connection = rows.plain_connection(path)
    connection.execute("BEGIN")
    connection.execute("DELETE FROM outbox")
    connection.execute('DELETE FROM sponsornudge WHERE "on" = ?', (TODAY,))
    connection.execute(
        f"UPDATE sponsorseat SET next_at = {HOUR} FROM person p"
        " WHERE p.id = sponsorseat.person_id AND sponsorseat.ended_on IS NULL"
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def effect(path: Path) -> tuple[list[tuple[object, ...]], ...]:
    """What the week has left behind, without what is random: to compare two ways of doing it."""
    connection = sqlite3.connect(path)
    told = connection.execute(
        "SELECT kind, facts, person_id, installation_id, alliance_id, dedup_key, state, not_before,"
        " created_at, attempts, uncertain, error FROM outbox ORDER BY dedup_key"
    )
    nudges = connection.execute(
        'SELECT seat_id, pair_id, week, "on", reason, answer, why, by_id, answered_at'
        ' FROM sponsornudge WHERE "on" = ? ORDER BY seat_id, pair_id',
        (TODAY,),
    )
    seats = connection.execute("SELECT id, next_at FROM sponsorseat ORDER BY id")
    found = (told.fetchall(), nudges.fetchall(), seats.fetchall())
    connection.close()
    return found
