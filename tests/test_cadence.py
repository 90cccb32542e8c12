"""Working days, local hours and rungs: examples for people, properties for the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.cadence import (
    RUNGS_OWNER,
    WEEKLY,
    WorkCalendar,
    at_local,
    country_of_zone,
    is_working_hour,
    known_country,
    known_zone,
    next_digest,
    rung,
)

DAY = timedelta(days=1)
ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # changes by half an hour
    "Africa/Cairo",  # skips from midnight to one
    "America/Nuuk",  # skips from 23:00 on Saturday into Sunday
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "UTC",
)
COUNTRIES = (None, "DE", "DE-BE", "US", "US-CA", "GB", "IN", "JP", "IR", "XX")

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
hours = st.times().map(lambda hour: hour.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    away_until = draw(st.none() | days)
    since = st.integers(0, 500).map(lambda n: away_until - n * DAY if away_until else None)
    return WorkCalendar(
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from(COUNTRIES)),
        frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        draw(st.none() | since) if away_until else None,
        away_until,
    )


def between(start: date, end: date) -> list[date]:
    """The days after `start` up to and with `end`."""
    return [start + n * DAY for n in range(1, (end - start).days + 1)]


# Working days


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        (None, date(2026, 12, 25), True),
        ("XX", date(2026, 12, 25), True),
        ("DE", date(2026, 12, 25), False),
        ("de", date(2026, 12, 25), False),
        ("DE", date(2026, 3, 8), False),
        ("DE", date(2027, 3, 8), True),
        ("DE-BE", date(2027, 3, 8), False),  # Women's Day, in Berlin only
        ("DE-ZZ", date(2026, 12, 25), True),
        ("US", date(2026, 11, 26), False),  # Thanksgiving
        ("US", date(2026, 7, 3), False),  # the 4th is a Saturday
        ("US", date(2027, 12, 31), False),  # next year's New Year's Day is a Saturday
        ("GB", date(2026, 4, 6), False),  # Easter Monday, as in England
        ("GB-SCT", date(2026, 4, 6), True),
    ],
)
def test_public_holidays_of_the_country_are_no_working_days(
    country: str | None, day: date, works: bool
) -> None:
    assert WorkCalendar("UTC", country).is_working(day) is works


def test_a_year_without_tables_of_the_moon_has_its_fixed_holidays() -> None:
    calendar = WorkCalendar("Asia/Kolkata", "IN")
    assert not calendar.is_working(date(2040, 8, 15))
    assert calendar.is_working(date(2040, 8, 16))


def test_the_week_is_the_persons_own() -> None:
    sunday_to_thursday = WorkCalendar("Asia/Dubai", None, frozenset({6, 0, 1, 2, 3}))
    assert sunday_to_thursday.is_working(date(2026, 11, 29))
    assert not sunday_to_thursday.is_working(date(2026, 11, 27))


def test_the_first_and_last_day_away_are_away() -> None:
    away = WorkCalendar("UTC", away_from=date(2026, 11, 24), away_until=date(2026, 11, 26))
    working = [
        day for day in between(date(2026, 11, 22), date(2026, 11, 29)) if away.is_working(day)
    ]
    assert working == [date(2026, 11, 23), date(2026, 11, 27)]


def test_days_away_count_on_no_rung() -> None:
    due, back = date(2026, 11, 20), date(2026, 12, 9)
    away = WorkCalendar("UTC", away_from=date(2026, 11, 24), away_until=date(2026, 12, 8))
    assert away.working_days_after(due, date(2026, 12, 8)) == 1
    assert away.working_days_after(due, back) == 2


def test_a_long_leave_is_stepped_over() -> None:
    leave = WorkCalendar("UTC", away_from=date(2026, 1, 1), away_until=date(2029, 12, 31))
    assert leave.on_or_after(date(2026, 6, 1)) == date(2030, 1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": frozenset[int]()},
        {"weekdays": frozenset({7})},
        {"away_from": date(2026, 1, 2)},
        {"away_from": date(2026, 1, 2), "away_until": date(2026, 1, 1)},
    ],
)
def test_a_calendar_without_a_next_working_day_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"weekdays are|an absence ends"):
        WorkCalendar("UTC", **wrong)  # type: ignore[arg-type]


@given(calendars(), days, st.integers(0, 900))
def test_counting_agrees_with_counting_on_fingers(
    calendar: WorkCalendar, start: date, span: int
) -> None:
    end = start + span * DAY
    by_hand = sum(calendar.is_working(day) for day in between(start, end))
    assert calendar.working_days_after(start, end) == by_hand


@given(calendars(), days, days, days)
def test_counts_add_up(calendar: WorkCalendar, a: date, b: date, c: date) -> None:
    a, b, c = sorted((a, b, c))
    count = calendar.working_days_after
    assert count(a, b) + count(b, c) == count(a, c)
    assert count(c, a) == 0


@given(calendars(), days, st.integers(0, 60))
def test_adding_working_days_is_undone_by_counting_them(
    calendar: WorkCalendar, start: date, number: int
) -> None:
    end = calendar.add_working_days(start, number)
    assert calendar.working_days_after(start, end) == number
    assert end == start if number == 0 else calendar.is_working(end)


def test_working_days_are_not_added_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        WorkCalendar("UTC").add_working_days(date(2026, 1, 1), -1)


@given(calendars(), days)
def test_the_next_working_day_has_none_before_it(calendar: WorkCalendar, day: date) -> None:
    found = calendar.on_or_after(day)
    assert calendar.is_working(found)
    assert calendar.working_days_after(day - DAY, found) == 1


@given(days, st.integers(0, 30), days, st.integers(0, 60))
def test_an_absence_never_makes_more_overdue(
    first: date, length: int, due: date, since: int
) -> None:
    away = WorkCalendar("UTC", "DE", away_from=first, away_until=first + length * DAY)
    present = WorkCalendar("UTC", "DE")
    today = due + since * DAY
    assert away.working_days_after(due, today) <= present.working_days_after(due, today)


# Clocks


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:00"),  # skipped
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30"),  # twice, the first
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Africa/Cairo", "2026-04-24 00:30", "2026-04-23 22:00"),
        ("America/Nuuk", "2026-03-28 23:30", "2026-03-29 01:00"),
        ("Pacific/Apia", "2011-12-30 08:30", "2011-12-30 10:00"),  # a day that never was
        ("Europe/Berlin", "2026-11-27 08:30", "2026-11-27 07:30"),
    ],
)
def test_local_hours_around_clock_changes(zone: str, local: str, instant: str) -> None:
    wall = datetime.fromisoformat(local)
    found = at_local(wall.date(), wall.time(), zone)
    assert found == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert found.tzinfo is UTC


@given(st.sampled_from(ZONES), days, hours)
@example("Australia/Lord_Howe", date(2026, 10, 4), time(2, 29))
@example("Europe/London", date(2026, 3, 29), time(1, 1))
def test_a_local_hour_is_the_first_instant_at_which_clocks_have_reached_it(
    zone: str, day: date, hour: time
) -> None:
    found, wanted = at_local(day, hour, zone), datetime.combine(day, hour)
    assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) >= wanted
    just_before = (found - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    assert just_before.replace(tzinfo=None) < wanted


@given(calendars(), hours, instants)
@example(
    WorkCalendar("Europe/London", weekdays=frozenset({6})),
    time(1, 30),
    datetime(2026, 3, 28, tzinfo=UTC),
)
@example(WorkCalendar("Pacific/Apia"), time(8, 30), datetime(2011, 12, 29, 20, tzinfo=UTC))
@example(
    WorkCalendar("America/Nuuk", weekdays=frozenset({5})),
    time(23, 30),
    datetime(2026, 3, 28, tzinfo=UTC),
)
def test_the_next_digest_is_the_first_hour_on_a_working_day_after(
    calendar: WorkCalendar, hour: time, after: datetime
) -> None:
    found = next_digest(calendar, hour, after=after)
    day = calendar.today(found)
    assert found > after
    assert calendar.is_working(day)
    assert found == at_local(day, hour, calendar.zone)
    for earlier in between(calendar.today(after) - DAY, day - DAY):
        instant = at_local(earlier, hour, calendar.zone)
        assert (
            instant <= after
            or not calendar.is_working(earlier)
            or calendar.today(instant) != earlier
        )


@given(calendars(), hours, instants)
def test_the_digest_after_a_digest_is_on_another_day(
    calendar: WorkCalendar, hour: time, after: datetime
) -> None:
    first = next_digest(calendar, hour, after=after)
    second = next_digest(calendar, hour, after=first)
    assert calendar.today(second) > calendar.today(first)


def test_three_days_of_sleep_bring_one_digest() -> None:
    calendar = WorkCalendar("Europe/Berlin", "DE")
    woken = datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert next_digest(calendar, time(8, 30), after=woken) == datetime(
        2026, 11, 27, 7, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("now", "working"),
    [
        (datetime(2026, 11, 27, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 27, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 27, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 27, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), False),
    ],
)
def test_working_hours_are_local_and_end_before_six(now: datetime, working: bool) -> None:
    assert is_working_hour(WorkCalendar("Europe/Berlin", "DE"), now) is working


def test_today_is_local_and_needs_an_aware_instant() -> None:
    calendar = WorkCalendar("Pacific/Kiritimati")
    assert calendar.today(datetime(2026, 11, 27, 10, tzinfo=UTC)) == date(2026, 11, 28)
    with pytest.raises(ValueError, match="time zone"):
        calendar.today(datetime(2026, 11, 27, 10))  # noqa: DTZ001
    with pytest.raises(ZoneInfoNotFoundError):
        WorkCalendar("Mars/Olympus").today(datetime(2026, 11, 27, 10, tzinfo=UTC))


# Rungs


def test_an_owner_hears_at_0_1_3_then_weekly() -> None:
    reached = [rung(n, RUNGS_OWNER, WEEKLY) for n in range(-1, 15)]
    assert reached == [None, 0, 1, 1, 3, 3, 3, 3, 3, 8, 8, 8, 8, 8, 13, 13]


def test_a_first_rung_may_come_later() -> None:
    assert [rung(n, (5,), 10) for n in (0, 4, 5, 14, 15, 25)] == [None, None, 5, 5, 15, 25]
    assert rung(3, (), 5) is None


def test_rungs_repeat_after_a_day_or_more() -> None:
    with pytest.raises(ValueError, match="one working day"):
        rung(1, (0,), 0)


@given(st.integers(0, 400), st.sets(st.integers(0, 30), min_size=1), st.integers(1, 30))
def test_the_rung_is_the_highest_reached(overdue: int, rungs: set[int], every: int) -> None:
    ladder = sorted(rungs) + [max(rungs) + n * every for n in range(1, 402)]
    reached = [step for step in ladder if step <= overdue]
    assert rung(overdue, tuple(rungs), every) == (max(reached) if reached else None)


# What is known


@pytest.mark.parametrize("name", ["Europe/Berlin", "US/Eastern", "UTC", "Asia/Calcutta"])
def test_real_zones_are_known(name: str) -> None:
    assert known_zone(name)


@given(st.text() | st.sampled_from(["America", "", "../etc", "/etc/passwd", "localtime", "CEST"]))
def test_other_words_are_no_zone(name: str) -> None:
    assert not known_zone(name) or ZoneInfo(name).key == name


@pytest.mark.parametrize("code", ["DE", "de", "DE-BE", "US-CA", "GB-SCT"])
def test_real_countries_are_known(code: str) -> None:
    assert known_country(code)


@pytest.mark.parametrize("code", ["", "XX", "DEU", "Germany", "DE-", "DE-ZZ", "XNYS", "__"])
def test_other_words_are_no_country(code: str) -> None:
    assert not known_country(code)


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Copenhagen", "DK"),
        ("America/Los_Angeles", "US"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("Atlantic/Jan_Mayen", None),  # an old name for a clock that several countries share
        ("UTC", None),
        ("EST", None),
        ("nowhere", None),
    ],
)
def test_a_zone_proposes_its_country(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country
