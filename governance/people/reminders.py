"""When, and whether, the bot writes to a person by itself."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from governance import cadence, visibility
from governance.errors import BotError
from governance.people import members
from governance.people.members import Seat
from storage.tables import ActionItem, Person

WEEKDAYS = frozenset("0123456")
ABSENCES_MATTER = timedelta(days=365)
"""How long an absence that is over is left out when days past a due day are counted."""


def set_rhythm(
    person: Person,
    *,
    minute: int,
    weekdays: str,
    on: bool,
    now: datetime,
) -> None:
    """`minute` of the person's day (0 to 1439), `weekdays` as digits with Monday 0."""
    if not 0 <= minute < 24 * 60:
        raise BotError("Choose a time such as 08:30.", field="time")
    if not weekdays or not set(weekdays) <= WEEKDAYS:
        raise BotError(
            "Choose at least one weekday, or switch the daily message off.", field="weekdays"
        )
    person.digest_minute, person.digest_weekdays, person.reminders_on = minute, weekdays, on
    members.schedule_digest(person, now=now, anew=True)


def set_place(person: Person, *, zone: str, country: str | None, now: datetime) -> None:
    """Where somebody is: their IANA zone, and the country whose holidays are theirs."""
    if not cadence.known_zone(zone):
        raise BotError("I don't know that time zone. For example: Europe/Berlin", field="zone")
    if country and not cadence.known_country(country):
        raise BotError(
            "I don't know that country. Use its two letters, such as DE or US.", field="country"
        )
    person.zone, person.country, person.zone_assumed = zone, country or None, False
    members.schedule_digest(person, now=now, anew=True)


def set_away(
    person: Person,
    *,
    first: date | None,
    last: date | None,
    now: datetime,
) -> None:
    """Days away, both included; none ends it. While away nothing is said and no day counts.

    Days of it that have passed stay on record when it ends early or grows longer: they never
    count as late. Raises BotError naming the field.
    """
    today = members.calendar_of(person).today(now)
    if first is not None and last is None:
        raise BotError("Add your last day away.", field="until")
    if last is not None and last < max(today, first or today):
        raise BotError("The last day away can't be before the first, or past.", field="until")
    if last is not None and cadence.is_too_far(last, today):
        raise BotError(cadence.TOO_FAR, field="until")
    if person.away_until is not None and person.away_until < today:
        person.stand_in_id = None
    if last is None:
        _come_back(person, today)
    else:
        going_on = members.is_away(person, now=now)
        first = first or (person.away_from if going_on else today) or today
        person.away_from, person.away_until = _keep_passed(person, first, today), last
    members.schedule_digest(person, now=now, anew=True)


def _keep_passed(person: Person, first: date, today: date) -> date:
    """Keep what has passed of the absence before, which still does not count as late. Returns the
    day from which the new one counts: where the two meet, they are one."""
    before, until = person.away_from, person.away_until
    if before is None or until is None or before >= today:
        return first
    until = min(until, today - timedelta(days=1))
    if first <= until + timedelta(days=1):
        return min(before, first)
    kept = [*members.past_absences(person), (before, until)]
    person.past_absences = ",".join(
        f"{start}/{end}" for start, end in kept if end > today - ABSENCES_MATTER
    )
    return first


def _come_back(person: Person, today: date) -> None:
    """They are here today. An absence that has not begun is called off."""
    person.stand_in_id = None
    if person.away_from is None or person.away_until is None or person.away_until < today:
        return
    if person.away_from < today:
        person.away_until = today - timedelta(days=1)
    else:
        person.away_from = person.away_until = None


def name_stand_in(
    session: Session, person: Person, stand_in: Person | None, seats: list[Seat], *, now: datetime
) -> None:
    """Somebody of the same side, in every alliance the person is in, who may act on their items
    while they are away. Raises BotError otherwise."""
    if stand_in is None:
        person.stand_in_id = None
        return
    if stand_in.id == person.id:
        raise BotError("Choose somebody other than yourself.", field="stand_in")
    for seat in seats:
        other = visibility.current_member(session, seat.alliance.id, stand_in.id, now=now)
        if other is None or other.side_id != seat.side.id or other.stated:
            raise BotError(
                f"{stand_in.name} is not of {seat.side.firm} in {seat.alliance.name}, so they "
                "can't stand in for you there.",
                field="stand_in",
            )
    person.stand_in_id = stand_in.id


def due_while_away(session: Session, person: Person) -> list[ActionItem]:
    """What of theirs falls due between the first and the last day away."""
    if person.away_from is None or person.away_until is None:
        return []
    chosen = select(ActionItem).where(
        ActionItem.owner_id == person.id,
        ActionItem.status == "open",
        col(ActionItem.due) >= person.away_from,
        col(ActionItem.due) <= person.away_until,
    )
    return list(session.exec(chosen.order_by(col(ActionItem.due))))
