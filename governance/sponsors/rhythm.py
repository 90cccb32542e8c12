"""When sponsors are due to connect, and when their week is looked at. Pure; days are local ones."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from governance import cadence
from governance.cadence import WorkCalendar

MONTHS = {"linear": 0, "co-operative": 12, "collaborative": 3, "interdependent": 3, "integrated": 1}
"""Months between two talks of a pair, by tier (the field's table of tiers); 0: when something
happens."""

WEEK = timedelta(days=7)
MOVES_BY = 3
"""Days that a nudge may come later because of days off; later than that the week is passed over."""

LATE_BY = 2
"""Working days after its own in which a nudge that could not go out is still worth reading."""


def months_between(tier: str, agreed: int | None) -> int:
    """How often a pair connects: as agreed, else as the tier has it; 0: when something happens."""
    return MONTHS[tier] if agreed is None else agreed


def due_on(last: date | None, since: date, months: int) -> date | None:
    """The day by which a pair connects again; of one that never did, the day it was made. None
    where they connect when something happens."""
    if months == 0:
        return None
    return since if last is None else last + relativedelta(months=months)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def next_look(calendar: WorkCalendar, weekday: int, hour: time, *, after: datetime) -> datetime:
    """The next instant (UTC) after `after` at which a week is looked at: at local `hour` of the
    weekday (0 is Monday), or of the working day that follows it within three days. A week without
    such a day is passed over. Who never works so soon after that weekday hears when they do."""
    moves_by = max(MOVES_BY, min((day - weekday) % 7 for day in calendar.weekdays))
    week = monday(calendar.today(after))
    while True:
        planned = week + timedelta(days=weekday)
        day = calendar.on_or_after(planned)
        instant = cadence.at_local(day, hour, calendar.zone)
        if (day - planned).days <= moves_by and instant > after:
            return instant
        week += WEEK


def next_week(calendar: WorkCalendar, weekday: int, hour: time, *, after: datetime) -> datetime:
    """The same, in a later week (Monday to Sunday, local) than that of `after`: once a week."""
    sunday = monday(calendar.today(after)) + timedelta(days=6)
    return next_look(
        calendar, weekday, hour, after=cadence.at_local(sunday, time(23, 59), calendar.zone)
    )


def is_worth_saying(calendar: WorkCalendar, planned: date, *, now: datetime) -> bool:
    """Whether a nudge of a day may still go out: within two working days."""
    return calendar.working_days_after(planned, calendar.today(now)) <= LATE_BY
