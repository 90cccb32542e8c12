"""Half-hours inside two people's working hours, and the calendar file for one. Nobody's calendar is
known; what is offered is when both are at work."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from governance import cadence
from governance.cadence import WorkCalendar

HALF_HOUR = timedelta(minutes=30)
OPENS, CLOSES = time(8), time(18)
EDGES = time(7), time(20)
"""Where two people's days share no half-hour, these are offered, marked as early or late."""

DAYS_AHEAD = 14
OFFERED = 20
A_DAY = 4
"""So many half-hours of a day, spread over it."""


@dataclass(frozen=True)
class Slot:
    """A half-hour; `at` is its beginning (UTC). `outside`: early or late for one of the two."""

    at: datetime
    outside: bool = False


def offered(one: WorkCalendar, other: WorkCalendar, *, now: datetime) -> list[Slot]:
    """Half-hours of the next two weeks, from tomorrow, in which both are at work; where there is
    none, those that are early or late for one of them."""
    inside = _shared(one, other, OPENS, CLOSES, now=now)
    if inside:
        return [Slot(at) for at in inside]
    return [Slot(at, outside=True) for at in _shared(one, other, *EDGES, now=now)]


def _shared(
    one: WorkCalendar, other: WorkCalendar, opens: time, closes: time, *, now: datetime
) -> list[datetime]:
    found: list[datetime] = []
    for ahead in range(1, DAYS_AHEAD + 1):
        day = one.today(now) + timedelta(days=ahead)
        fitting = [
            at for at in _half_hours(day, one, opens, closes) if _fits(at, other, opens, closes)
        ]
        step = max(1, len(fitting) // A_DAY)
        found += fitting[::step][:A_DAY]
    return found[:OFFERED]


def _half_hours(day: date, calendar: WorkCalendar, opens: time, closes: time) -> list[datetime]:
    if not calendar.is_working(day):
        return []
    at = cadence.at_local(day, opens, calendar.zone)
    end = cadence.at_local(day, closes, calendar.zone)
    found = []
    while at + HALF_HOUR <= end:
        found.append(at)
        at += HALF_HOUR
    return found


def _fits(at: datetime, calendar: WorkCalendar, opens: time, closes: time) -> bool:
    last_minute = at + HALF_HOUR - timedelta(minutes=1)
    return all(
        cadence.is_working_hour(calendar, moment, opens, closes) for moment in (at, last_minute)
    )


def calendar_file(
    *, uid: str, title: str, at: datetime, attendees: list[str], now: datetime
) -> bytes:
    """An RFC 5545 file with the half-hour, to be sent by whoever opens it."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", at.astimezone(UTC))
    event.add("dtend", (at + HALF_HOUR).astimezone(UTC))
    event.add("summary", title)
    event.add("description", "\n".join(attendees))
    calendar = Calendar()
    calendar.add("prodid", "-//Alliance//Sponsors//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
