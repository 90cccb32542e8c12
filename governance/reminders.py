"""When, and whether, the bot writes to a person by itself."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from governance import cadence, members, visibility
from governance.errors import BotError
from governance.members import Seat
from storage.tables import ActionItem, Person


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
    if not weekdays:
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
    """Days away, both included; none ends it. While away nothing is said and no day counts."""
    today = members.calendar_of(person).today(now)
    if last is not None and last < max(today, first or today):
        raise BotError("The last day away can't be before the first, or past.", field="until")
    person.away_until = last
    person.away_from = (first or today) if last else None
    if last is None:
        person.stand_in_id = None
    members.schedule_digest(person, now=now, anew=True)


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
