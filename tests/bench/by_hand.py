"""The same morning in plain sqlite3: SQL and Python written by hand for exactly this effect.

It looks wherever the product looks (stand-ins, proposals, teams, what was not delivered, what
waits), in the same transactions of a hundred people; only what is done about anything found there
is left out, since in these rows nothing is.
"""

import json
import secrets
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

BATCH = 100
DUE_PEOPLE = """
SELECT id, next_digest_at, zone, digest_minute, digest_weekdays, reminders_on, last_digest_on,
  workspace_id FROM person WHERE next_digest_at <= ? ORDER BY next_digest_at LIMIT ?
"""
DUE_ITEMS = """
SELECT i.id, i.owner_id, i.due, i.told_rung, i.snoozed_until, i.status FROM actionitem i
JOIN alliance a ON a.id = i.alliance_id
WHERE i.owner_id IN ({people}) AND i.status IN ('open', 'proposed')
  AND (i.due IS NULL OR i.due <= ? OR i.status = 'proposed') ORDER BY i.due, i.id
"""
LOOK_ALSO = (
    "SELECT i.id FROM actionitem i JOIN person p ON p.id = i.owner_id"
    " WHERE p.stand_in_id IN ({people}) AND i.status = 'open' AND i.due <= ?",
    "SELECT id FROM actionitem WHERE proposer_id IN ({people}) AND status IN ('open', 'proposed')"
    " AND (status = 'proposed' OR suggested_due IS NOT NULL)",
    "SELECT id FROM member WHERE person_id IN ({people}) AND role = 'manager'",
    "SELECT id FROM outbox WHERE person_id IN ({people}) AND state = 'held'",
)
PUT = """
INSERT INTO outbox (token, installation_id, kind, facts, person_id, dedup_key, state, not_before,
  created_at, attempts, uncertain, error)
VALUES (?, 1, 'digest', ?, ?, ?, 'pending', ?, ?, 0, 0, '') ON CONFLICT DO NOTHING
"""


def connect(path: Path) -> sqlite3.Connection:
    """As durable as the product's writer."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def queue_due(connection: sqlite3.Connection, now: datetime) -> int:
    """One transaction for up to a hundred people; how many were due."""
    connection.execute("BEGIN IMMEDIATE")
    people = connection.execute(DUE_PEOPLE, (_stored(now), BATCH)).fetchall()
    if people:
        _queue(connection, people, now)
    connection.execute("COMMIT")
    return len(people)


def _queue(connection: sqlite3.Connection, people: list[Any], now: datetime) -> None:
    today = {row[0]: now.astimezone(ZoneInfo(row[2])).date() for row in people}
    connection.executemany(
        "UPDATE person SET next_digest_at = ? WHERE id = ? AND next_digest_at = ?",
        [(_next(now, row), row[0], row[1]) for row in people],
    )
    marks = ",".join("?" * len(people))
    ids = [row[0] for row in people]
    soon = str(now.date() + timedelta(days=14))
    lines: dict[int, list[int]] = {}
    for item, owner, due, told, snoozed, status in connection.execute(
        DUE_ITEMS.format(people=marks), (*ids, soon)
    ):
        due_today = status == "open" and due == str(today[owner])
        if due_today and told < 0 and (snoozed is None or snoozed <= due):
            lines.setdefault(owner, []).append(item)
    for query in LOOK_ALSO:
        connection.execute(
            query.format(people=marks), (*ids, soon) if "due <=" in query else ids
        ).fetchall()
    connection.execute("SELECT id FROM outbox WHERE state = 'dead'").fetchall()
    stamp = _stored(now)
    connection.executemany(
        PUT, [(*_message(person, lines[person], today[person]), stamp, stamp) for person in lines]
    )
    connection.executemany(
        "UPDATE actionitem SET told_rung = 0, snoozed_until = NULL WHERE id = ?",
        [(item,) for items in lines.values() for item in items],
    )
    connection.executemany(
        "UPDATE person SET last_digest_on = ? WHERE id = ?",
        [(str(today[person]), person) for person in lines],
    )


def _message(person: int, items: list[int], day: date) -> tuple[str, str, int, str]:
    facts = {
        "day": str(day),
        "sections": [["today", items]],
        "news": [],
        "unreached": [],
        "returning": False,
        "assumed": False,
    }
    return secrets.token_urlsafe(12), json.dumps(facts), person, f"digest:{person}:{day}"


def _next(now: datetime, row: Any) -> str:
    """The next of their weekdays, at their hour; holidays are not looked at here."""
    zone, minute, weekdays = ZoneInfo(row[2]), row[3], row[4]
    day = now.astimezone(zone).date()
    while True:
        at = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
        if at > now and str(day.weekday()) in weekdays:
            return _stored(at.astimezone(UTC))
        day += timedelta(days=1)


def _stored(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")
