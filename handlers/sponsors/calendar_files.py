"""The calendar file that somebody asked for, made when it is sent."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from governance import visibility
from governance.seeing.export import File
from governance.sponsors import nudges, seats, slots
from handlers.dates import say_day
from handlers.views import Message, Text, words
from storage.sponsor_tables import SponsorNudge, SponsorSeat
from storage.tables import Alliance, Outbox, Person

Made = tuple[Message, tuple[File, ...], tuple[tuple[str, int], ...]]


def made(session: Session, row: Outbox, reader: Person, *, now: datetime) -> Made | None:
    """The file, for the sponsor or assistant who asked, or None when the pair is over."""
    nudge = session.get(SponsorNudge, row.facts["nudge"])
    held = session.get(SponsorSeat, nudge.seat_id) if nudge else None
    pair = nudges.pair_of(session, nudge) if nudge else None
    if nudge is None or held is None or pair is None or held.ended_on or pair.ended_on:
        return None
    if reader.id not in (held.person_id, held.assistant_id):
        return None
    if visibility.current_member(session, held.alliance_id, reader.id, now=now) is None:
        return None
    alliance = session.get_one(Alliance, held.alliance_id)
    names = [session.get_one(Person, held.person_id).name]
    names.append(session.get_one(Person, seats.other_seat(session, pair, held).person_id).name)
    at = datetime.fromisoformat(row.facts["at"])
    content = slots.calendar_file(
        uid=f"{nudge.token}@{alliance.code.lower()}.alliance",
        title=f"{alliance.name}: {' and '.join(names)}",
        at=at,
        attendees=names,
        now=now,
    )
    local = at.astimezone(ZoneInfo(reader.zone))
    day = say_day(local.date(), today=local.date())
    lead = f"A half-hour with {names[1]}, {day}: open the file and invite them."
    file = File(f"{alliance.code.lower()}-sponsors-{local:%Y-%m-%d}.ics", content)
    return Message((Text(words(lead)),), lead=lead), (file,), ((seats.RECORD, held.id),)
