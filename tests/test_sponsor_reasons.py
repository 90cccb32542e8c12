"""Whether there is a reason to write to a sponsor, and when their week is looked at: pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.cadence import WorkCalendar
from governance.sponsors import reasons, rhythm
from governance.sponsors.reasons import SEAT_ALONE, Mode, Reason, Standing, Told

TUESDAY = date(2026, 12, 1)
WEEK = timedelta(days=7)
HALF_PAST_EIGHT = time(8, 30)

NEVER_SPOKE = Standing(since=TUESDAY - WEEK, last=None, months=3, mode="calm")
SPOKE_LATELY = replace(NEVER_SPOKE, last=TUESDAY - timedelta(days=10))


def weeks_ago(count: int, reason: str = "due", answer: str = "") -> Told:
    return Told(TUESDAY - count * WEEK, reason, answer)


def asked_for_seat(
    pairs: dict[int, Standing],
    *,
    asks: int = 0,
    mode: Mode = "calm",
    quiet_since: date = TUESDAY - WEEK,
) -> dict[int, Reason]:
    return reasons.for_seat(pairs, asks=asks, mode=mode, quiet_since=quiet_since, today=TUESDAY)


def test_a_pair_that_never_connected_is_due_at_once() -> None:
    new = Standing(since=TUESDAY, last=None, months=12, mode="calm")
    assert reasons.for_pair(new, TUESDAY) == "due"


def test_reasons_come_in_order() -> None:
    everything = replace(NEVER_SPOKE, late_promises=1, is_new=True)
    assert reasons.for_pair(everything, TUESDAY) == "due"
    promised = replace(SPOKE_LATELY, late_promises=1, is_new=True)
    assert reasons.for_pair(promised, TUESDAY) == "promise"
    changed = replace(SPOKE_LATELY, is_new=True)
    assert reasons.for_pair(changed, TUESDAY) == "changed"
    assert reasons.for_pair(SPOKE_LATELY, TUESDAY) is None


def test_an_ask_that_waits_comes_first_and_other_reasons_beside_it() -> None:
    found = asked_for_seat({7: NEVER_SPOKE, 8: SPOKE_LATELY}, asks=2)
    assert list(found.items()) == [(SEAT_ALONE, "ask"), (7, "due")]


def test_a_new_counterpart_is_told_of_once() -> None:
    told = replace(SPOKE_LATELY, is_new=True, nudges=(weeks_ago(1, "changed"),))
    assert reasons.for_pair(told, TUESDAY) is None


@pytest.mark.parametrize(
    ("tier", "agreed", "months"),
    [
        ("linear", None, 0),
        ("co-operative", None, 12),
        ("collaborative", None, 3),
        ("interdependent", None, 3),
        ("integrated", None, 1),
        ("integrated", 6, 6),
        ("collaborative", 0, 0),
    ],
)
def test_how_often_a_pair_speaks_is_as_agreed_or_as_its_tier_has_it(
    tier: str, agreed: int | None, months: int
) -> None:
    assert rhythm.months_between(tier, agreed) == months


def test_a_talk_is_due_when_the_months_are_over_to_the_day() -> None:
    assert rhythm.due_on(date(2026, 11, 30), TUESDAY, 3) == date(2027, 2, 28)
    spoke = Standing(since=date(2026, 1, 1), last=date(2026, 9, 2), months=3, mode="calm")
    assert not reasons.is_due(spoke, TUESDAY)
    assert reasons.is_due(spoke, date(2026, 12, 2))


def test_where_they_speak_when_something_happens_no_talk_is_due() -> None:
    linear = replace(NEVER_SPOKE, months=0)
    assert rhythm.due_on(None, TUESDAY, 0) is None
    assert reasons.for_pair(linear, TUESDAY) is None


def test_a_talk_in_the_calendar_is_not_asked_for_until_its_day_is_over() -> None:
    planned = replace(NEVER_SPOKE, planned_on=TUESDAY)
    assert reasons.for_pair(planned, TUESDAY) is None
    assert reasons.for_pair(planned, TUESDAY + timedelta(days=1)) == "due"


def test_after_three_without_an_answer_it_goes_on_monthly() -> None:
    pair = NEVER_SPOKE
    came = []
    for week in range(17):
        today = TUESDAY + week * WEEK
        if reasons.for_pair(pair, today) == "due":
            came.append(week)
            pair = replace(pair, nudges=(Told(today, "due"), *pair.nudges))
    assert came == [0, 1, 2, 6, 10, 14]


def test_a_promise_that_is_late_does_not_keep_the_monthly_question_away() -> None:
    """It comes every week; a talk that is due is asked for all the same once the month is over."""
    pair = replace(NEVER_SPOKE, late_promises=1)
    came = []
    for week in range(11):
        today = TUESDAY + week * WEEK
        reason = reasons.for_pair(pair, today)
        assert reason is not None
        came.append(reason)
        pair = replace(pair, nudges=(Told(today, reason), *pair.nudges))
    assert [week for week, reason in enumerate(came) if reason == "due"] == [0, 1, 2, 6, 10]
    assert set(came) == {"due", "promise"}


def test_an_answer_begins_the_count_anew_but_not_that_somebody_else_sees_to_it() -> None:
    run = tuple(weeks_ago(n) for n in (1, 2, 3))
    assert reasons.for_pair(replace(NEVER_SPOKE, nudges=run), TUESDAY) is None
    for answer, left in (("calendar", 1), ("not_now", 1), ("spoke", 1), ("passed", 3)):
        answered = (run[0], replace(run[1], answer=answer), run[2])
        pair = replace(NEVER_SPOKE, nudges=answered)
        assert len(reasons.unanswered(pair)) == left, answer
        assert reasons.for_pair(pair, TUESDAY) == ("due" if left == 1 else None)


def test_a_talk_ends_the_count_and_a_later_silence_starts_again() -> None:
    run = tuple(weeks_ago(n) for n in (1, 2, 3, 4))
    spoke = replace(NEVER_SPOKE, months=1, last=TUESDAY - 3 * WEEK, nudges=run)
    assert reasons.unanswered(spoke) == run[:2]


def test_weekly_until_they_connect_never_rests() -> None:
    run = tuple(weeks_ago(n) for n in range(1, 20))
    pair = replace(NEVER_SPOKE, mode="until_they_connect", nudges=run)
    assert reasons.for_pair(pair, TUESDAY) == "due"
    assert reasons.for_pair(replace(pair, last=TUESDAY), TUESDAY) is None


def test_always_sends_every_week_whatever_happens() -> None:
    assert asked_for_seat({7: SPOKE_LATELY, 8: SPOKE_LATELY}, mode="always") == {
        7: "always",
        8: "always",
    }
    assert asked_for_seat({}, mode="always") == {SEAT_ALONE: "always"}
    run = tuple(weeks_ago(n) for n in range(1, 9))
    due = replace(NEVER_SPOKE, mode="always", nudges=run)
    assert asked_for_seat({7: due}, mode="always") == {7: "due"}


def test_without_a_reason_there_is_silence_and_a_short_word_a_month() -> None:
    pairs = {7: SPOKE_LATELY}
    assert asked_for_seat(pairs, quiet_since=TUESDAY - 3 * WEEK) == {}
    assert asked_for_seat(pairs, quiet_since=TUESDAY - 4 * WEEK) == {7: "word"}
    assert asked_for_seat({}, quiet_since=TUESDAY - 4 * WEEK) == {SEAT_ALONE: "word"}
    resting = replace(NEVER_SPOKE, nudges=tuple(weeks_ago(n) for n in (1, 2, 3)))
    assert asked_for_seat({7: resting}) == {}


def test_three_times_not_this_week_in_a_row_are_counted() -> None:
    said_no = tuple(weeks_ago(n, answer="not_now") for n in range(3))
    assert len(reasons.put_off(replace(NEVER_SPOKE, nudges=said_no))) == 3
    between = (said_no[0], weeks_ago(1), said_no[2])
    assert len(reasons.put_off(replace(NEVER_SPOKE, nudges=between))) == 1
    promised = (said_no[0], weeks_ago(1, "promise", "not_now"), said_no[2])
    assert len(reasons.put_off(replace(NEVER_SPOKE, nudges=promised))) == 3, "whatever it was about"


def local(calendar: WorkCalendar, instant: datetime) -> str:
    return instant.astimezone(ZoneInfo(calendar.zone)).strftime("%a %-d %b %Y %H:%M")


def looks(
    calendar: WorkCalendar, weekday: int, after: datetime, count: int, hour: time = HALF_PAST_EIGHT
) -> list[datetime]:
    found = [rhythm.next_look(calendar, weekday, hour, after=after)]
    while len(found) < count:
        found.append(rhythm.next_week(calendar, weekday, hour, after=found[-1]))
    return found


def test_it_is_half_past_eight_in_their_own_zone_before_and_after_the_clocks_change() -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"):
        calendar = WorkCalendar(zone)
        found = looks(calendar, 1, datetime(2026, 10, 12, tzinfo=UTC), 8)
        assert {one.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for one in found} == {
            "Tue 08:30"
        }
        days = [one.astimezone(ZoneInfo(zone)).date() for one in found]
        assert {later - day for day, later in pairwise(days)} == {WEEK}


def test_an_hour_that_the_clocks_skip_becomes_the_first_after_it() -> None:
    calendar = WorkCalendar("Europe/Berlin", weekdays=frozenset(range(7)))
    at = rhythm.next_look(calendar, 6, time(2, 30), after=datetime(2027, 3, 24, tzinfo=UTC))
    assert local(calendar, at) == "Sun 28 Mar 2027 03:00"


def test_a_holiday_moves_it_to_the_next_working_day_and_a_long_one_to_the_next_week() -> None:
    calendar = WorkCalendar("Europe/Berlin", "DE")
    found = looks(calendar, 4, datetime(2026, 12, 20, tzinfo=UTC), 3)
    assert [local(calendar, one) for one in found] == [
        "Mon 28 Dec 2026 08:30",  # for Christmas, a Friday, when the second week begins
        "Mon 4 Jan 2027 08:30",
        "Fri 15 Jan 2027 08:30",
    ]
    away = WorkCalendar("Europe/Berlin", away_from=date(2026, 11, 30), away_until=date(2026, 12, 4))
    first = rhythm.next_look(away, 1, HALF_PAST_EIGHT, after=datetime(2026, 11, 29, tzinfo=UTC))
    assert local(away, first) == "Tue 8 Dec 2026 08:30", "a week away is a week without"


def test_in_a_week_that_begins_on_sunday_friday_becomes_sunday() -> None:
    calendar = WorkCalendar("Asia/Dubai", weekdays=frozenset({6, 0, 1, 2, 3}))
    found = looks(calendar, 4, datetime(2026, 11, 23, tzinfo=UTC), 3)
    assert [local(calendar, one)[:10] for one in found] == [
        "Sun 29 Nov",
        "Sun 6 Dec ",
        "Sun 13 Dec",
    ]


def test_who_never_works_near_that_weekday_hears_on_the_next_day_that_they_do() -> None:
    mondays = WorkCalendar("Europe/Berlin", weekdays=frozenset({0}))
    found = looks(mondays, 1, datetime(2026, 11, 23, tzinfo=UTC), 3)
    assert [local(mondays, one)[:10] for one in found] == ["Mon 30 Nov", "Mon 7 Dec ", "Mon 14 Dec"]


def test_it_is_worth_saying_for_two_working_days() -> None:
    calendar = WorkCalendar("Europe/Berlin")
    thursday = date(2026, 11, 26)
    for day, worth in ((26, True), (27, True), (30, True)):
        now = datetime(2026, 11, day, 12, tzinfo=UTC)
        assert rhythm.is_worth_saying(calendar, thursday, now=now) is worth
    assert not rhythm.is_worth_saying(calendar, thursday, now=datetime(2026, 12, 1, 12, tzinfo=UTC))


ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Dubai", "Pacific/Apia", "UTC"]
)
COUNTRIES = st.sampled_from([None, "DE", "US", "GB", "IN", "JP", "SA"])
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
AFTER = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
MINUTES = st.integers(0, 24 * 60 - 1)


@given(ZONES, COUNTRIES, DAYS, st.integers(0, 6), MINUTES, AFTER)
def test_a_week_is_looked_at_once_and_on_a_working_day(
    zone: str,
    country: str | None,
    weekdays: frozenset[int],
    weekday: int,
    minute: int,
    after: datetime,
) -> None:
    calendar = WorkCalendar(zone, country, weekdays)
    found = looks(calendar, weekday, after, 8, time(minute // 60, minute % 60))
    assert found[0] > after
    assert found == sorted(found)
    days = [calendar.today(one) for one in found]
    assert len({rhythm.monday(day) for day in days}) == len(days)
    skipped = zone == "Pacific/Apia" or minute < 4 * 60  # a clock change may end on the next day
    assert skipped or all(calendar.is_working(day) for day in days)


@given(st.integers(1, 6), st.data())
def test_a_sponsor_is_written_to_once_a_week_and_never_forgotten(
    months: int, data: st.DataObject
) -> None:
    """Whatever they answer and whatever happens, no more than a month and a week go by."""
    calendar = WorkCalendar("Europe/Berlin", "DE")
    modes: tuple[Mode, ...] = ("calm", "until_they_connect")
    mode = data.draw(st.sampled_from(modes))
    pair = Standing(since=TUESDAY, last=None, months=months, mode=mode)
    quiet_since, after = TUESDAY, datetime(2026, 12, 1, 12, tzinfo=UTC)
    told: list[date] = []
    for _ in range(30):
        after = rhythm.next_week(calendar, 1, HALF_PAST_EIGHT, after=after)
        today = calendar.today(after)
        pair = replace(pair, late_promises=data.draw(st.integers(0, 1)))
        found = reasons.for_seat(
            {7: pair},
            asks=data.draw(st.integers(0, 1)),
            mode=pair.mode,
            quiet_since=quiet_since,
            today=today,
        )
        if not found:
            continue
        told.append(today)
        quiet_since = today
        answer = data.draw(st.sampled_from(("", "", "not_now", "calendar", "spoke", "passed")))
        if answer == "spoke":
            pair = replace(pair, last=today)
        if answer == "calendar":
            pair = replace(pair, planned_on=today + timedelta(days=9))
        if 7 in found:
            pair = replace(pair, nudges=(Told(today, found[7], answer), *pair.nudges))
    gaps = [later - day for day, later in zip([TUESDAY, *told], told, strict=False)]
    assert max(gaps) <= timedelta(days=31) + WEEK
    assert len({rhythm.monday(day) for day in told}) == len(told)
