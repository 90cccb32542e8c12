"""Half-hours inside two people's working hours, and the file that a calendar reads."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from governance.cadence import WorkCalendar, is_working_hour
from governance.sponsors import slots

MONDAY = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
BERLIN, LONDON = WorkCalendar("Europe/Berlin", "DE"), WorkCalendar("Europe/London", "GB")
NEW_YORK, AUCKLAND = WorkCalendar("America/New_York", "US"), WorkCalendar("Pacific/Auckland", "NZ")


def hours(found: list[slots.Slot], zone: str) -> set[str]:
    return {slot.at.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in found}


def test_half_hours_lie_inside_both_peoples_working_hours() -> None:
    found = slots.offered(BERLIN, NEW_YORK, now=MONDAY)
    assert found
    assert not any(slot.outside for slot in found)
    assert min(hours(found, "America/New_York")) >= "08:00"
    assert max(hours(found, "Europe/Berlin")) <= "17:30"


def test_they_begin_tomorrow_and_are_spread_over_two_weeks() -> None:
    found = slots.offered(BERLIN, LONDON, now=MONDAY)
    days = [slot.at.date() for slot in found]
    assert min(days) == date(2026, 11, 24)
    assert max(days) <= date(2026, 12, 7)
    assert len(set(days)) >= 5
    assert len(found) <= slots.OFFERED
    assert max(days.count(day) for day in days) <= slots.A_DAY


def test_the_whole_half_hour_is_inside_both_days_also_where_clocks_are_a_quarter_off() -> None:
    found = slots.offered(
        WorkCalendar("America/Sao_Paulo"), WorkCalendar("Asia/Kathmandu"), now=MONDAY
    )
    assert hours(found, "America/Sao_Paulo") == {"08:00", "08:30"}
    assert hours(found, "Asia/Kathmandu") == {"16:45", "17:15"}, "17:45 would end too late"


def test_a_holiday_or_a_day_away_of_either_is_left_out() -> None:
    away = WorkCalendar(
        "Europe/Berlin", away_from=date(2026, 11, 24), away_until=date(2026, 11, 27)
    )
    for pair in ((away, LONDON), (LONDON, away)):
        assert min(s.at.date() for s in slots.offered(*pair, now=MONDAY)) == date(2026, 11, 30)
    days = {slot.at.date() for slot in slots.offered(BERLIN, NEW_YORK, now=MONDAY)}
    assert date(2026, 11, 26) not in days, "Thanksgiving"


def test_where_their_days_share_nothing_early_and_late_ones_are_marked() -> None:
    found = slots.offered(BERLIN, AUCKLAND, now=MONDAY)
    assert found
    assert all(slot.outside for slot in found)
    assert hours(found, "Europe/Berlin") <= {"07:00", "07:30", "19:00", "19:30"}


def test_where_they_never_work_at_the_same_time_there_is_none() -> None:
    mondays = WorkCalendar("Europe/Berlin", weekdays=frozenset({0}))
    fridays = WorkCalendar("Europe/Berlin", weekdays=frozenset({4}))
    assert slots.offered(mondays, fridays, now=MONDAY) == []


def test_on_the_day_the_clocks_change_hours_are_those_of_that_day() -> None:
    """New York's clocks go back a week after Berlin's: for that week they are five hours apart."""
    now = datetime(2026, 10, 24, 12, tzinfo=UTC)
    found = slots.offered(BERLIN, NEW_YORK, now=now)
    for slot in found:
        assert is_working_hour(BERLIN, slot.at)
        assert is_working_hour(NEW_YORK, slot.at)
    first = [s for s in found if s.at.date() < date(2026, 11, 1)]
    assert min(hours(first, "Europe/Berlin")) == "13:00"


ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "America/Los_Angeles",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Asia/Dubai",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Pacific/Apia",
        "UTC",
    ]
)
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
NOW = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
PEOPLE = st.builds(WorkCalendar, ZONES, st.sampled_from([None, "DE", "US", "SA", "IN"]), DAYS)


@given(PEOPLE, PEOPLE, NOW)
def test_whatever_their_zones_both_are_at_work_for_the_whole_half_hour(
    one: WorkCalendar, other: WorkCalendar, now: datetime
) -> None:
    found = slots.offered(one, other, now=now)
    assert len({slot.at for slot in found}) == len(found) <= slots.OFFERED
    assert [slot.at for slot in found] == sorted(slot.at for slot in found)
    for slot in found:
        opens, closes = slots.EDGES if slot.outside else (slots.OPENS, slots.CLOSES)
        last = slot.at + slots.HALF_HOUR - timedelta(minutes=1)
        assert slot.at > now
        for person in (one, other):
            assert is_working_hour(person, slot.at, opens, closes)
            assert is_working_hour(person, last, opens, closes)


@given(PEOPLE, PEOPLE, NOW)
def test_early_and_late_ones_are_offered_only_where_there_is_nothing_else(
    one: WorkCalendar, other: WorkCalendar, now: datetime
) -> None:
    if any(slot.outside for slot in slots.offered(one, other, now=now)):
        for day in range(1, slots.DAYS_AHEAD + 1):
            at = datetime.combine(one.today(now) + timedelta(days=day), time(8), tzinfo=UTC)
            for half in range(-28, 48):
                moment = at + half * slots.HALF_HOUR
                end = moment + slots.HALF_HOUR - timedelta(minutes=1)
                inside = all(is_working_hour(p, t) for p in (one, other) for t in (moment, end))
                on_grid = moment.astimezone(ZoneInfo(one.zone)).minute in (0, 30)
                ahead = one.today(moment) > one.today(now)
                within = one.today(moment) <= one.today(now) + timedelta(days=slots.DAYS_AHEAD)
                assert not (inside and on_grid and ahead and within)


def made(**changed: object) -> Calendar:
    facts = {
        "uid": "abc@hel.alliance",
        "title": "Helix alliance: Jonas Lindqvist and Grant Whitfield",
        "at": datetime(2026, 11, 26, 14, 0, tzinfo=UTC),
        "attendees": ["Jonas Lindqvist", "Grant Whitfield"],
        "now": MONDAY,
    } | changed
    return Calendar.from_ical(slots.calendar_file(**facts))  # type: ignore[arg-type]


def test_the_file_says_when_for_how_long_and_with_whom() -> None:
    calendar = made()
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    [event] = calendar.walk("VEVENT")
    assert event["uid"] == "abc@hel.alliance"
    assert event.decoded("dtstart") == datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)
    assert event.decoded("dtstamp") == MONDAY
    assert str(event["summary"]) == "Helix alliance: Jonas Lindqvist and Grant Whitfield"
    assert str(event["description"]) == "Jonas Lindqvist\nGrant Whitfield"
    assert "attendee" not in event, "nobody is invited behind their back"


@pytest.mark.parametrize("title", ["A; B, C\nBEGIN:VALARM", "Ünïcödé 🤝 " * 30, "x\\n\\,y"])
def test_no_title_breaks_the_file(title: str) -> None:
    [event] = made(title=title).walk("VEVENT")
    assert str(event["summary"]) == title
    assert made(title=title).walk("VALARM") == []


@given(st.text(max_size=200), PEOPLE, PEOPLE, NOW)
def test_every_half_hour_that_is_offered_comes_back_from_the_file_as_it_was(
    title: str, one: WorkCalendar, other: WorkCalendar, now: datetime
) -> None:
    for slot in slots.offered(one, other, now=now)[:2]:
        [event] = made(title=title, at=slot.at).walk("VEVENT")
        start = event.decoded("dtstart")
        assert start == slot.at
        assert start.utcoffset() == timedelta(0), "read alike in every zone"


def test_every_line_is_short_enough_and_ends_as_the_standard_says() -> None:
    content = slots.calendar_file(
        uid="a@b.alliance", title="Ü" * 200, at=MONDAY, attendees=["A"], now=MONDAY
    )
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line for line in lines)
