"""One budget for unprompted attention, shared by every noun.

At most two unprompted direct messages a person a day, in their own zone, over all alliances: one is
the daily message, the other is for what became theirs to decide. What exceeds it waits for the next
daily message, as does what comes outside their working hours.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Literal

from sqlmodel import Session, col, func, select

from governance import cadence
from governance.errors import BotError
from governance.messages import outbox
from governance.people import members
from storage.tables import Delivery, Person

BESIDES_THE_DIGEST = 1
OPENS, CLOSES = time(8), time(18)


def check_hour(minute: int) -> None:
    """Raises BotError for minutes after midnight at which nothing is sent unasked."""
    if not OPENS <= time(minute // 60, minute % 60) < CLOSES:
        raise BotError(f"I write by myself between {OPENS:%H:%M} and {CLOSES:%H:%M}.", field="time")


def verdict(
    session: Session, person: Person, kind: outbox.Kind, *, now: datetime
) -> Literal["send", "hold"]:
    """Whether an unprompted message may go out now or waits for the daily one."""
    if not kind.unprompted or kind.urgent or kind is outbox.DIGEST:
        return "send"
    calendar = members.calendar_of(person)
    if not cadence.is_working_hour(calendar, now, OPENS, CLOSES):
        return "hold"
    return "send" if sent_today(session, person, now=now) < BESIDES_THE_DIGEST else "hold"


def sent_today(session: Session, person: Person, *, now: datetime) -> int:
    """Unprompted direct messages besides the daily one that they had today, where they are."""
    calendar = members.calendar_of(person)
    midnight = cadence.at_local(calendar.today(now), time(0), person.zone)
    return session.exec(
        select(func.count())
        .select_from(Delivery)
        .where(
            Delivery.person_id == person.id,
            col(Delivery.unprompted).is_(True),
            Delivery.kind != outbox.DIGEST.name,
            col(Delivery.at) >= midnight.astimezone(UTC),
            col(Delivery.at) < midnight.astimezone(UTC) + timedelta(days=1),
        )
    ).one()
