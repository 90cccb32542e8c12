"""The sponsors' week in plain sqlite3: SQL and Python written by hand for exactly this effect.

It looks wherever the product looks, in the same transactions of a hundred seats; only holidays are
not looked at, since in these rows there are none.
"""

import json
import secrets
import sqlite3
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BATCH = 100
MONTHS = {"linear": 0, "co-operative": 12, "collaborative": 3, "interdependent": 3, "integrated": 1}
DAY, WEEK, MONTH = timedelta(days=1), timedelta(weeks=1), timedelta(days=28)

DUE = "SELECT person_id, next_at FROM sponsorseat WHERE next_at <= ? ORDER BY next_at LIMIT ?"
SEATS = """
SELECT s.id, s.person_id, s.alliance_id, s.since, s.accepted_at, s.next_at,
  coalesce(s.weekday, a.sponsor_weekday) AS weekday, coalesce(s.minute, a.sponsor_minute) AS minute,
  a.tier, a.sponsor_months, a.sponsor_mode, a.closed_at, a.installation_id,
  p.zone, p.digest_weekdays, p.away_from, p.away_until
FROM sponsorseat s JOIN alliance a ON a.id = s.alliance_id JOIN person p ON p.id = s.person_id
WHERE s.person_id IN ({marks}) AND s.next_at IS NOT NULL ORDER BY s.id
"""
PAIRS = """
SELECT id, first_id, second_id, since, follows_id, planned_on FROM sponsorpair
WHERE (first_id IN ({marks}) OR second_id IN ({marks})) AND ended_on IS NULL ORDER BY id
"""
TALKS = """
SELECT pair_id, max("on") FROM sponsorcontact
WHERE pair_id IN ({marks}) AND confirmed IS NOT 0 GROUP BY pair_id
"""
PROMISES = """
SELECT c.pair_id, i.owner_id, i.due FROM sponsorcontact c JOIN actionitem i ON i.id = c.promise_id
WHERE c.pair_id IN ({marks}) AND i.status = 'open' AND i.due IS NOT NULL
"""
ASKS = """
SELECT seat_id, count(*) FROM sponsorask
WHERE seat_id IN ({marks}) AND state = 'asked' AND (question = '' OR reply <> '') GROUP BY seat_id
"""
NUDGES = """
SELECT seat_id, pair_id, "on", reason, answer FROM sponsornudge
WHERE seat_id IN ({marks}) AND "on" >= ? ORDER BY "on" DESC, id DESC
"""
PUT_NUDGE = """
INSERT INTO sponsornudge (token, seat_id, pair_id, week, "on", reason, answer, why)
VALUES (?, ?, ?, ?, ?, ?, '', '') ON CONFLICT DO NOTHING
"""
PUT_MESSAGE = """
INSERT INTO outbox (token, installation_id, alliance_id, kind, facts, person_id, dedup_key, state,
  not_before, created_at, attempts, uncertain, error)
VALUES (?, ?, ?, 'sponsor.nudge', ?, ?, ?, 'pending', ?, ?, 0, 0, '') ON CONFLICT DO NOTHING
"""


@dataclass
class Known:
    """What was read of a batch's pairs; days as SQLite has them."""

    pairs: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    last: dict[int, str] = field(default_factory=dict)
    promises: dict[tuple[int, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    asks: dict[int, int] = field(default_factory=dict)
    nudges: dict[tuple[int, int], list[Any]] = field(default_factory=lambda: defaultdict(list))
    newest: dict[int, str] = field(default_factory=dict)


def queue_due(connection: sqlite3.Connection, now: datetime) -> int:
    """One transaction for up to a hundred seats; how many were due."""
    connection.execute("BEGIN IMMEDIATE")
    due = connection.execute(DUE, (_stored(now), BATCH)).fetchall()
    if due:
        _look(connection, due, now)
    connection.execute("COMMIT")
    return len(due)


def _look(connection: sqlite3.Connection, due: list[Any], now: datetime) -> None:
    planned: dict[int, str] = {}
    for person, at in due:
        planned.setdefault(person, at)
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    seats = cursor.execute(SEATS.format(marks=_marks(planned)), list(planned)).fetchall()
    today = {seat["person_id"]: _local(now, seat["zone"]) for seat in seats}
    days = {seat["person_id"]: _day(planned[seat["person_id"]], seat["zone"]) for seat in seats}
    connection.executemany(
        "UPDATE sponsorseat SET next_at = ? WHERE id = ? AND next_at = ?",
        [(_next(seat, today[seat["person_id"]]), seat["id"], seat["next_at"]) for seat in seats],
    )
    awake = [
        seat
        for seat in seats
        if seat["closed_at"] is None
        and _is_time(seat, days[seat["person_id"]], today[seat["person_id"]])
    ]
    if awake:
        people = _tell(connection, awake, _known(connection, awake, now), today)
        messages = [_message(one, told, today[one], days[one], now) for one, told in people.items()]
        connection.executemany(PUT_MESSAGE, messages)


def _known(connection: sqlite3.Connection, seats: list[Any], now: datetime) -> Known:
    known = Known()
    ids = [seat["id"] for seat in seats]
    wanted, marks = set(ids), _marks(ids)
    pair_ids = []
    for pair in connection.execute(PAIRS.format(marks=marks), ids + ids):
        pair_ids.append(pair[0])
        for seat in {pair[1], pair[2]} & wanted:
            known.pairs[seat].append(pair)
    pair_marks = _marks(pair_ids)
    known.last = dict(connection.execute(TALKS.format(marks=pair_marks), pair_ids).fetchall())
    for pair, owner, due in connection.execute(PROMISES.format(marks=pair_marks), pair_ids):
        known.promises[pair, owner].append(due)
    known.asks = dict(connection.execute(ASKS.format(marks=marks), ids).fetchall())
    since = str(now.date() - 26 * WEEK)
    for seat, pair, *told in connection.execute(NUDGES.format(marks=marks), (*ids, since)):
        known.nudges[seat, pair].append(told)
        known.newest.setdefault(seat, told[0])
    return known


def _tell(
    connection: sqlite3.Connection, seats: list[Any], known: Known, today: dict[int, date]
) -> dict[int, dict[int, int]]:
    """Keep what was decided; whom to write to, because of which alliances (with their homes)."""
    nudges: list[tuple[Any, ...]] = []
    people: dict[int, dict[int, int]] = {}
    for seat in seats:
        day = today[seat["person_id"]]
        for pair, reason in _reasons(seat, known, str(day), day).items():
            nudges.append((_token(), seat["id"], pair, str(_monday(day)), str(day), reason))
            alliances = people.setdefault(seat["person_id"], {})
            alliances[seat["alliance_id"]] = seat["installation_id"]
    connection.executemany(PUT_NUDGE, nudges)
    return people


def _reasons(seat: Any, known: Known, today: str, day: date) -> dict[int, str]:
    pairs = known.pairs[seat["id"]]
    found = {0: "ask"} if seat["id"] in known.asks else {}
    for pair in pairs:
        reason = _reason(seat, pair, known, today, day)
        if reason:
            found[pair[0]] = reason
    if found:
        return found
    about = [pair[0] for pair in pairs] or [0]
    if seat["sponsor_mode"] == "always":
        return dict.fromkeys(about, "always")
    quiet = known.newest.get(seat["id"]) or _accepted(seat)
    return dict.fromkeys(about, "word") if day - date.fromisoformat(quiet) >= MONTH else {}


def _reason(seat: Any, pair: Any, known: Known, today: str, day: date) -> str:
    pair_id, first, second, since, follows, planned = pair
    last, nudges = known.last.get(pair_id), known.nudges[seat["id"], pair_id]
    months = seat["sponsor_months"]
    months = MONTHS[seat["tier"]] if months is None else months
    due = since if last is None else _later(last, months)
    if months and due <= today and not (planned and planned >= today):
        if not (seat["sponsor_mode"] == "calm" and _is_resting(nudges, last, day)):
            return "due"
    if any(due < today for due in known.promises[pair_id, seat["person_id"]]):
        return "promise"
    other = second if first == seat["id"] else first
    return "changed" if follows and other > seat["id"] and not nudges else ""


def _is_resting(nudges: list[Any], last: str | None, day: date) -> bool:
    run = []
    for on, reason, answer in nudges:
        if reason == "due":
            if answer or (last and last >= on):
                break
            run.append(on)
    return len(run) >= 3 and day - date.fromisoformat(run[0]) < MONTH


def _later(day: str, months: int) -> str:
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + months, 12)
    return f"{year}-{month + 1:02}-{min(int(day[8:]), monthrange(year, month + 1)[1]):02}"


def _accepted(seat: Any) -> str:
    if seat["accepted_at"] is None:
        return str(seat["since"])
    return str(_day(seat["accepted_at"], seat["zone"]))


def _message(
    person: int, told: dict[int, int], today: date, planned: date, now: datetime
) -> tuple[str, int, int | None, str, int, str, str, str]:
    only = min(told)
    week, stamp = str(_monday(today)), _stored(now)
    facts = json.dumps({"week": week, "on": str(planned)})
    alliance = only if len(told) == 1 else None
    key = f"sponsor_nudge:{person}:{week}"
    return _token(), told[only], alliance, facts, person, key, stamp, stamp


def _is_time(seat: Any, planned: date, today: date) -> bool:
    """They work today, and it is at most two working days late."""
    late = sum(_works(seat, planned + n * DAY) for n in range(1, (today - planned).days + 1))
    return late <= 2 and _works(seat, today)


def _next(seat: Any, today: date) -> str:
    """Their weekday of a later week, or up to three days after it; of this week on a day off."""
    week = _monday(today)
    hour, minute = divmod(seat["minute"], 60)
    if _works(seat, today):
        week += WEEK
    while True:
        for n in range(4):
            day = week + (seat["weekday"] + n) * DAY
            if day > today and _works(seat, day):
                at = time(hour, minute, tzinfo=ZoneInfo(seat["zone"]))
                return _stored(datetime.combine(day, at).astimezone(UTC))
        week += WEEK


def _works(seat: Any, day: date) -> bool:
    until, since = seat["away_until"], seat["away_from"]
    away = until is not None and str(day) <= until and (since is None or since <= str(day))
    return str(day.weekday()) in seat["digest_weekdays"] and not away


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _local(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def _day(stored: str, zone: str) -> date:
    return _local(datetime.fromisoformat(f"{stored}+00:00"), zone)


def _marks(values: Any) -> str:
    return ",".join("?" * len(values))


def _token() -> str:
    return secrets.token_urlsafe(12)


def _stored(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")
