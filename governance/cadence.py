"""Calendar arithmetic: working days, local hours, the next digest, the rungs of chasing.

Pure: the clock is never read, every function is told the time. Days are local dates of the
zone at hand; instants are aware and come back in UTC. The local rule and the IANA zone are
what is stored, instants are worked out from them, so a new clock rule never needs a migration.
"""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import holidays

RUNGS_OWNER = (0, 1, 3)
"""Working days past due on which an owner hears of an open item; 0 is the due day itself."""
WEEKLY = 5
"""Working days between two nudges once the rungs are used up."""

FARTHEST = timedelta(days=5 * 366)
TOO_FAR = "That is more than five years ahead. Choose a day before then."

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_COUNTRY = re.compile(r"(?P<country>[A-Z]{2})(?:-(?P<part>[A-Z0-9]{1,3}))?")
# "GB" alone has only what all four nations share, without Easter Monday or the August bank
# holiday. Most people who say GB are in England, and a day too quiet harms less than a nudge.
_USUAL_PART = {"GB": "ENG"}
# Names the operating system may offer that mean nothing on another machine.
_NO_ZONES = frozenset({"Factory", "localtime"})


@dataclass(frozen=True)
class WorkCalendar:
    """One person's working time: days of the week, public holidays, an absence.

    `country` is an ISO 3166 code, optionally with a subdivision ("DE", "DE-BE", "US-CA");
    None or an unknown one has no holidays. The absence includes both its days; without
    `away_from` it has been going on for ever. Raises ValueError when no weekday is left, a
    weekday is not 0 (Monday) to 6, or the absence has no end or ends before it begins: each
    would leave somebody without a next working day. The zone is looked up only when needed;
    an unknown one raises ZoneInfoNotFoundError then.
    """

    zone: str
    country: str | None = None
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    away_from: date | None = None
    away_until: date | None = None
    past_absences: tuple[tuple[date, date], ...] = ()
    """First and last days of absences that are over, apart from each other and from the one
    above: they matter only where days that have passed are counted."""

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("weekdays are one or more of 0 (Monday) to 6 (Sunday)")
        if self.away_from is not None and (
            self.away_until is None or self.away_until < self.away_from
        ):
            raise ValueError("an absence ends on or after the day it begins")

    def today(self, now: datetime) -> date:
        """The person's local day at the instant `now`; a naive `now` is a ValueError."""
        return _local(now, self.zone).date()

    def is_away(self, day: date) -> bool:
        """Whether `day` lies in the absence, its first and last day included."""
        if self.away_until is None or day > self.away_until:
            return False
        return self.away_from is None or day >= self.away_from

    def is_working(self, day: date) -> bool:
        """Whether the person works on `day`: one of their weekdays, no holiday, not away."""
        return (
            day.weekday() in self.weekdays
            and not self.is_away(day)
            and day not in _holidays(self.country, day.year)
        )

    def on_or_after(self, day: date) -> date:
        """The first working day that is `day` or later.

        An absence is stepped over in one go, however long. The search ends, since a calendar
        has a weekday and no country has a holiday on every one of them.
        """
        while not self.is_working(day):
            day = (self.away_until if self.away_until and self.is_away(day) else day) + _DAY
        return day

    def working_days_after(self, start: date, end: date) -> int:
        """How many working days d have start < d <= end; 0 when `end` is not after `start`.

        So a date due on `start` is that many working days overdue on `end`.
        """
        count = self._ignoring_absence(start, end)
        for first, last in self.past_absences:
            count -= self._ignoring_absence(max(start, first - _DAY), min(end, last))
        if self.away_until is None:
            return count
        first = start if self.away_from is None else max(start, self.away_from - _DAY)
        return count - self._ignoring_absence(first, min(end, self.away_until))

    def add_working_days(self, start: date, days: int) -> date:
        """The day that is `days` working days after `start`; `start` itself for 0.

        The inverse of `working_days_after`. Raises ValueError for a negative number.
        """
        if days < 0:
            raise ValueError("working days are only counted forwards")
        day = start
        for _ in range(days):
            day = self.on_or_after(day + _DAY)
        return day

    def _ignoring_absence(self, start: date, end: date) -> int:
        """Working days d with start < d <= end as if the person were never away."""
        if end <= start:
            return 0
        weeks, rest = divmod((end - start).days, 7)
        odd = sum((start.weekday() + n) % 7 in self.weekdays for n in range(1, rest + 1))
        return weeks * len(self.weekdays) + odd - self._holidays_lost(start, end)

    def _holidays_lost(self, start: date, end: date) -> int:
        """Public holidays d with start < d <= end that fall on one of the weekdays."""
        if self.country is None:
            return 0
        return sum(
            start < day <= end and day.weekday() in self.weekdays
            for year in range(start.year, end.year + 1)
            for day in _holidays(self.country, year)
        )


@lru_cache(maxsize=4096)
def at_local(day: date, hour: time, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `hour` (naive) on `day`.

    A local time that a clock change skips becomes the first instant after the gap, which may
    be on the next day; of one that comes twice the first is meant.
    """
    local = datetime.combine(day, hour.replace(fold=0, tzinfo=None), tzinfo=_zone(zone))
    instant = local.astimezone(UTC)
    if _same_clock(instant, local):
        return instant
    return _end_of_gap(local)


def next_digest(calendar: WorkCalendar, hour: time, *, after: datetime) -> datetime:
    """The next instant (UTC) strictly after `after` at local `hour` on a working day.

    A skipped hour moves as in `at_local`. A day that would thereby be left altogether (the
    Pacific has skipped whole days) is passed over: its successor may be a day off.
    """
    day = calendar.today(after)
    while True:
        day = calendar.on_or_after(day)
        instant = at_local(day, hour, calendar.zone)
        if instant > after and calendar.today(instant) == day:
            return instant
        day += _DAY


def is_working_hour(
    calendar: WorkCalendar, now: datetime, start: time = time(8), end: time = time(18)
) -> bool:
    """Whether `now` is a working day and start <= local time < end for this person."""
    local = _local(now, calendar.zone)
    return start <= local.time() < end and calendar.is_working(local.date())


def rung(overdue_days: int, rungs: Sequence[int], every: int) -> int | None:
    """The highest rung reached `overdue_days` working days past due (0 is the due day).

    Above the last of `rungs` there is one more each `every` days. None when no rung is
    reached yet. Whoever remembers the rung last nudged at, and nudges only when this is
    higher, says each once and has no backlog after a sleep. Raises ValueError unless `every`
    is positive.
    """
    if every < 1:
        raise ValueError("rungs repeat after one working day or more")
    reached = [day for day in rungs if day <= overdue_days]
    if overdue_days < 0 or not reached:
        return None
    last = max(rungs)
    if overdue_days < last:
        return max(reached)
    return overdue_days - (overdue_days - last) % every


def is_too_far(day: date, today: date) -> bool:
    """Whether a day is so far ahead that it is rather a slip than meant."""
    return day > today + FARTHEST


def known_zone(name: str) -> bool:
    """Whether `name` is an IANA zone or alias that this machine can compute with."""
    return name in _zone_names()


@lru_cache(maxsize=1024)
def known_country(code: str) -> bool:
    """Whether holidays are known for an ISO 3166 code ("DE", "US-CA"), in any case."""
    parts = _COUNTRY.fullmatch(code.upper())
    if parts is None:
        return False
    try:
        holidays.country_holidays(parts["country"], subdiv=parts["part"])
    except NotImplementedError:
        return False
    return True


def country_of_zone(zone: str) -> str | None:
    """The ISO 3166 alpha-2 country to propose for somebody in `zone`, None if there is none.

    A guess to be shown and changed: people pick the zone of a big city across the border.
    Old names ("Asia/Calcutta") count where the zone they now mean lies in a single country.
    """
    return _zone_countries().get(zone)


def _local(now: datetime, zone: str) -> datetime:
    if now.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return now.astimezone(_zone(zone))


@cache
def _zone(name: str) -> ZoneInfo:
    """ZoneInfo keeps only its last eight; a tick meets people of many more."""
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


def _same_clock(instant: datetime, local: datetime) -> bool:
    """Whether clocks in the zone of `local` really show it at `instant`."""
    return instant.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


def _end_of_gap(local: datetime) -> datetime:
    """The instant of the clock change that skips `local`, by bisection to the second.

    Read with the offset of after the change (fold=1) a skipped time lies before the change,
    with that of before (fold=0) after it.
    """
    before = local.replace(fold=1, microsecond=0).astimezone(UTC)
    after = local.replace(fold=0, microsecond=0).astimezone(UTC)
    new_offset = after.astimezone(local.tzinfo).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(local.tzinfo).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


@lru_cache(maxsize=4096)
def _holidays(country: str | None, year: int) -> frozenset[date]:
    """The public holidays in `year`, substitute days included; empty if not known.

    For years without astronomical tables (India from 2036) the library has the fixed days only
    and warns; that is nobody's business here. The filter is narrow, as it is shared by threads.
    """
    if country is None or not known_country(country):
        return frozenset()
    code, _, part = country.upper().partition("-")
    part = part or _USUAL_PART.get(code, "")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Requested Holidays are available only")
        days = holidays.country_holidays(code, subdiv=part or None, years=year)
    return frozenset(day for day in days if day.year == year)


@cache
def _zone_countries() -> dict[str, str]:
    """Zone name -> its one country, from the tables that come with the tz database.

    zone.tab has a row a country; zone1970.tab merges countries whose clocks agree since 1970,
    and old names are links into the latter.
    """
    merged = {row[2]: row[0] for row in _rows("zone1970.tab") if "," not in row[0]}
    old = {
        name: merged[target]
        for kind, target, name in (row for row in _rows("tzdata.zi", " ") if row[0] == "L")
        if target in merged
    }
    return old | {row[2]: row[0] for row in _rows("zone.tab")}


def _rows(table: str, separator: str = "\t") -> list[list[str]]:
    text = files("tzdata").joinpath("zoneinfo", table).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [line.split(separator) for line in lines]
