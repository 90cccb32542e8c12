"""The sponsors' week: every pair is looked at, and whoever there is a reason to write to is written
to once, about all their pairs.

`SponsorSeat.next_at` is the truth of the schedule. A tick claims the seats that are due, takes
every seat of those people, decides, keeps what was decided (`SponsorNudge`) and puts one message
a person down, in one transaction.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from governance.cadence import WorkCalendar
from governance.messages import outbox
from governance.people import members
from governance.sponsors import reasons, rhythm, standings
from governance.sponsors.reasons import SEAT_ALONE, Mode, Reason
from storage.queries import insert_new
from storage.sponsor_tables import SponsorNudge, SponsorSeat
from storage.tables import Alliance, Person, new_token

BATCH = 100

# Run for every hundred seats; put together once.
_DUE = (
    sa.select(col(SponsorSeat.person_id), col(SponsorSeat.next_at))
    .where(col(SponsorSeat.next_at) <= bindparam("now"))
    .order_by(col(SponsorSeat.next_at))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_SEATS = (
    select(SponsorSeat, Alliance, Person)
    .join(Alliance, col(Alliance.id) == SponsorSeat.alliance_id)
    .join(Person, col(Person.id) == SponsorSeat.person_id)
    .where(
        col(SponsorSeat.person_id).in_(bindparam("people", expanding=True)),
        col(SponsorSeat.next_at).is_not(None),
    )
    .order_by(col(SponsorSeat.id))
)
_MOVE_ON = (
    sa.update(SponsorSeat)
    .where(col(SponsorSeat.id) == bindparam("key"), col(SponsorSeat.next_at) == bindparam("seen"))
    .values(next_at=bindparam("next"))
)


@dataclass
class Reader:
    """A sponsor whose week it is, with all their seats."""

    person: Person
    calendar: WorkCalendar
    today: date
    planned: date
    """The day it was to be: a nudge that is late is measured by it."""
    seats: list[tuple[SponsorSeat, Alliance]] = field(default_factory=list)

    @property
    def week(self) -> date:
        return rhythm.monday(self.today)


def next_due(session: Session) -> datetime | None:
    """The next instant (UTC) at which a sponsor's week is looked at."""
    chosen = select(SponsorSeat.next_at).where(col(SponsorSeat.next_at).is_not(None))
    return session.exec(chosen.order_by(col(SponsorSeat.next_at)).limit(1)).first()


def queue_due(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Look at the week of every sponsor for whom it is time, up to `limit` seats; returns how many
    were due."""
    due = _due(session, now=now, limit=limit)
    if not due:
        return 0
    readers = _readers(session, due, now=now)
    awake = [reader for reader in readers if _is_time(reader, now=now)]
    _claim(session, readers, now=now)
    if awake:
        _queue(session, awake, now=now)
    return len(due)


def _due(session: Session, *, now: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Whose seats are due, the longest first, each with since when."""
    rows = session.connection().execute(_DUE, {"now": now, "limit": limit})
    return [(person_id, at) for person_id, at in rows if at is not None]


def _readers(session: Session, due: list[tuple[int, datetime]], *, now: datetime) -> list[Reader]:
    since = dict(reversed(due))
    found: dict[int, Reader] = {}
    for seat, alliance, person in session.exec(_SEATS, params={"people": list(since)}):
        if person.id not in found:
            calendar = members.calendar_of(person)
            planned = calendar.today(since[person.id])
            found[person.id] = Reader(person, calendar, calendar.today(now), planned)
        found[person.id].seats.append((seat, alliance))
    return list(found.values())


def _is_time(reader: Reader, *, now: datetime) -> bool:
    """Not on a day off, and not when the bot was down for days: then next week."""
    working = reader.calendar.is_working(reader.today)
    return working and rhythm.is_worth_saying(reader.calendar, reader.planned, now=now)


def hour_of(seat: SponsorSeat, alliance: Alliance) -> tuple[int, time]:
    """The weekday (0 is Monday) and local time at which a sponsor's week is looked at."""
    weekday = alliance.sponsor_weekday if seat.weekday is None else seat.weekday
    minute = alliance.sponsor_minute if seat.minute is None else seat.minute
    return weekday, time(minute // 60, minute % 60)


def _claim(session: Session, readers: list[Reader], *, now: datetime) -> None:
    """Move every seat of these people on to a later week, so that one who sits on several is
    written to once; on a day off, to the next working day of this one. The value seen is compared,
    so that a mistake shows as nobody being told twice."""
    moved = [
        _moved(reader, seat, alliance, now) for reader in readers for seat, alliance in reader.seats
    ]
    session.connection().execute(_MOVE_ON, moved)


def _moved(reader: Reader, seat: SponsorSeat, alliance: Alliance, now: datetime) -> dict[str, Any]:
    weekday, hour = hour_of(seat, alliance)
    moves = rhythm.next_week if reader.calendar.is_working(reader.today) else rhythm.next_look
    next_at = moves(reader.calendar, weekday, hour, after=now)
    return {"key": seat.id, "seen": seat.next_at, "next": next_at}


def _queue(session: Session, readers: list[Reader], *, now: datetime) -> None:
    open_seats = [
        seat for reader in readers for seat, alliance in reader.seats if not alliance.closed_at
    ]
    facts = standings.of(session, open_seats, now=now)
    told: list[dict[str, Any]] = []
    spoken_to: dict[int, set[int]] = defaultdict(set)
    for reader in readers:
        for seat, alliance in reader.seats:
            if alliance.closed_at is not None:
                continue
            for pair_id, reason in _reasons(reader, seat, alliance, facts).items():
                told.append(_told(reader, seat, pair_id, reason))
                spoken_to[reader.person.id].add(alliance.id)
    unique = ["seat_id", "pair_id", "week"]
    insert_new(session, SponsorNudge, told, unique=unique)
    homes = {a.id: a.installation_id for reader in readers for _, a in reader.seats}
    outbox.put_many(
        session,
        [
            _row(reader, spoken_to[reader.person.id], homes, now=now)
            for reader in readers
            if reader.person.id in spoken_to
        ],
    )


def _reasons(
    reader: Reader, seat: SponsorSeat, alliance: Alliance, facts: standings.Facts
) -> dict[int, Reason]:
    pairs = facts.pairs_of(seat, alliance, reader.today)
    return reasons.for_seat(
        pairs,
        asks=facts.asks[seat.id],
        mode=cast(Mode, alliance.sponsor_mode),
        quiet_since=facts.quiet_since(seat, reader.calendar),
        today=reader.today,
    )


def _told(reader: Reader, seat: SponsorSeat, pair_id: int, reason: Reason) -> dict[str, Any]:
    return {
        "token": new_token(),
        "seat_id": seat.id,
        "pair_id": pair_id or SEAT_ALONE,
        "week": reader.week,
        "on": reader.today,
        "reason": reason,
        "answer": "",
        "why": "",
    }


def _row(
    reader: Reader, alliances: set[int], homes: dict[int, int], *, now: datetime
) -> dict[str, Any]:
    only = min(alliances)
    return outbox.row(
        outbox.SPONSOR_NUDGE,
        {"week": reader.week.isoformat(), "on": reader.planned.isoformat()},
        key=f"sponsor_nudge:{reader.person.id}:{reader.week.isoformat()}",
        installation_id=homes[only],
        alliance_id=only if len(alliances) == 1 else None,
        person_id=reader.person.id,
        now=now,
    )
