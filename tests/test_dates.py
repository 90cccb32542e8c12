"""Dates as people write them: what is read, what is refused with a hint, what is left alone."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.dates import (
    LONGEST,
    MONTHS,
    WEEKDAYS,
    DateRefused,
    parse_day,
    say_day,
    say_due,
    split_trailing_day,
    warm,
)

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
HINT = "Try “by Fri” or “by 27 Nov”."

READ = {
    "2026-11-23": "today|TODAY!|tonight|eod|this evening|5pm|noon|the 23rd|0d|this monday|23 nov",
    "2026-11-24": "tomorrow|tmr|tmrw|tomorrow morning|noon tomorrow|1d|in a day|tu|Tue.",
    "2026-11-25": "day after tomorrow|the day after tomorrow|mid-week|in two days|wed",
    "2026-11-26": "in 3 days|3 days from now|within three days|thurs|26/11",
    "2026-11-27": (
        "fri|Friday|on Friday|this friday|coming Friday|the coming friday|friday this week|eow"
        "|end of week|end of the week|this week|fri eod|Friday 5pm|Friday at 5|Fri, 17:00 CET"
        "|eod friday|close of business on Friday|Friday at the latest|no later than friday"
        "|Friday please|27 Nov|27 Nov.|27th of November|27. November 2026|the 27th|27th|27nov"
        "|Nov 27|November 27th, 2026|Nov. 27 '26|november the 27th|27-nov-2026|fri 27 nov"
        "|Fri, 27 Nov 2026, 5 pm|27/11|11/27|27/11/26|27/11/2026|27.11.|27.11|27.11.2026|fri 27.11."
        "|2026-11-27|2026/11/27|2026-11-27T17:00:00Z|2026-11-27 17:00|Friday the 27th|fri 27"
        "|27th day of november|(27 Nov)|“27 Nov”|Friday 👍|27\u00a0Nov"
    ),
    "2026-11-30": "mon|next monday|eom|end of month|end of the month|month end|month-end|this month"
    "|end of november|in a week|in one week|1w|7d|start of next week|the beginning of next week",
    "2026-12-01": "next tuesday|tuesday next week|next week tue|tue of next week|1st|dec 1|1/12",
    "2026-12-04": "next week|next fri|end of next week|the end of next week",
    "2026-12-07": "in 2 weeks|2w|2 weeks|in two weeks' time|in two weeks’ time|a couple of weeks"
    "|in a fortnight|14d",
    "2026-12-13": "the 13th|13th|13th of next month|13th next month",
    "2026-12-15": "mid-december|middle of next month|mid december 2026",
    "2026-12-23": "in a month|in 1 month|1m|one month from today",
    "2026-12-31": "31st|eoq|eoy|end of year|end of quarter|year-end|next month|end of december|q4",
    "2027-02-23": "in 3 months|3m|in a quarter|1q",
    "2027-02-28": "end of feb|end of february 2027",
    "2027-03-31": "q1|end of q1|q1 2027|next quarter|end of the next quarter",
    "2027-06-30": "mid next year|q2",
    "2027-05-03": "3.5.|3 may|May 3",
    "2027-06-03": "3 Jun|3 June|jun 3|3/6",  # long past this year: the next
    "2028-02-29": "29/2/2028|29 feb 2028",
    "2030-11-27": "27 nov 2030",
}

REFUSED = {
    "22 Nov": f"Sun 22 Nov is already past. {HINT}",
    "november the 2nd day": f"Mon 2 Nov is already past. {HINT}",
    "24 oct": f"Sat 24 Oct is already past. {HINT}",
    "3 jun 2026": f"Wed 3 Jun is already past. {HINT}",
    "3.6.1926": f"Thu 3 Jun 1926 is already past. {HINT}",
    "yesterday": f"Sun 22 Nov is already past. {HINT}",
    "last friday": f"Fri 20 Nov is already past. {HINT}",
    "last monday": f"Mon 16 Nov is already past. {HINT}",
    "3 days ago": f"Fri 20 Nov is already past. {HINT}",
    "last week": f"Fri 20 Nov is already past. {HINT}",
    "mid november": f"Sun 15 Nov is already past. {HINT}",
    "31 Feb": f"There is no 31 Feb. {HINT}",
    "31/2": f"There is no 31 Feb. {HINT}",
    "29 feb": f"There is no 29 Feb in 2027. {HINT}",
    "29 feb 2027": f"There is no 29 Feb in 2027. {HINT}",
    "0 nov": f"There is no 0 Nov. {HINT}",
    "45 nov": f"There is no 45 Nov. {HINT}",
    "2026-13-01": f"There is no month 13. {HINT}",
    "the 32nd": f"No month has a day 32. {HINT}",
    "thu 27 nov": f"27 Nov 2026 is a Friday, not a Thursday. {HINT}",
    "thursday the 27th day of november": f"27 Nov 2026 is a Friday, not a Thursday. {HINT}",
    "in 20 months": "Sun 23 Jul 2028 is more than 18 months away. "
    "If you mean it, try “by 23 Jul 2028”.",
    "27 nov 2033": f"Sun 27 Nov 2033 is more than five years away. {HINT}",
    "4/3/2126": f"Mon 4 Mar 2126 is more than five years away. {HINT}",
    "in 999999999 days": f"That is too far away. {HINT}",
    "999999999y": f"That is too far away. {HINT}",
}

NO_DATES = (
    "|.|the|on|a|in|mar|may|march|november|november 2026|-1|1|-2w|second|2027|20261127|50/50|32/1"
    "|3.5|10%|v2|12 users|week|month|weekend|12-11|27 or 28 nov|may the 4th be with you|the lawyers"
    "|8 days a week|morning|asap|\0|²⁷ nov|27 nov\0x|" + "the " * 20 + "27th"
).split("|")


def cases(table: dict[str, str]) -> list[tuple[str, date]]:
    return [
        (words, date.fromisoformat(day)) for day, row in table.items() for words in row.split("|")
    ]


@pytest.mark.parametrize(("words", "day"), cases(READ))
def test_dates_are_read_as_people_write_them(words: str, day: date) -> None:
    assert parse_day(words, today=MONDAY) == day


@pytest.mark.parametrize(("words", "message"), REFUSED.items())
def test_past_and_senseless_dates_are_refused_with_a_hint(words: str, message: str) -> None:
    with pytest.raises(DateRefused) as refused:
        parse_day(words, today=MONDAY)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("last", "first_refused"),
    [
        ("in 547 days", "in 548 days"),
        ("in 18 months", "in 19 months"),
        ("2031-11-23", "2031-11-24"),
    ],
)
def test_a_date_is_18_months_or_with_its_year_five_years_away(
    last: str, first_refused: str
) -> None:
    assert parse_day(last, today=MONDAY) is not None
    with pytest.raises(DateRefused, match="away"):
        parse_day(first_refused, today=MONDAY)


@pytest.mark.parametrize("words", NO_DATES)
def test_what_is_no_date_is_none(words: str) -> None:
    assert parse_day(words, today=MONDAY) is None


@pytest.mark.parametrize(
    ("words", "today", "day"),
    [
        ("fri", date(2026, 11, 27), date(2026, 12, 4)),  # said on a Friday
        ("this friday", date(2026, 11, 27), date(2026, 11, 27)),
        ("eow", date(2026, 11, 27), date(2026, 11, 27)),
        ("eow", date(2026, 11, 28), date(2026, 12, 4)),  # said on a Saturday
        ("next monday", date(2026, 11, 29), date(2026, 11, 30)),  # said on a Sunday
        ("31st", date(2027, 2, 1), date(2027, 3, 31)),
        ("in a month", date(2027, 1, 31), date(2027, 2, 28)),
        ("29 feb", date(2027, 11, 1), date(2028, 2, 29)),
        ("end of november", date(2026, 11, 30), date(2026, 11, 30)),
        ("end of nov", date(2027, 1, 15), date(2027, 11, 30)),
        ("eoq", date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_the_day_of_saying_matters(words: str, today: date, day: date) -> None:
    assert parse_day(words, today=today) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("3/4", "2027-03-04"),
        ("3/4/27", "2027-03-04"),
        ("27/11", "2026-11-27"),
        ("3.4.", "2027-04-03"),
    ],
)
def test_figures_follow_the_writers_order_where_they_can(words: str, day: str) -> None:
    assert parse_day(words, today=MONDAY, day_first=False) == date.fromisoformat(day)


@pytest.mark.parametrize("name", WEEKDAYS)
def test_every_abbreviation_of_a_weekday_is_read(name: str) -> None:
    wanted = next(
        MONDAY + n * DAY
        for n in range(1, 8)
        if (MONDAY + n * DAY).weekday() == WEEKDAYS.index(name)
    )
    for length in range(2, len(name) + 1):
        assert parse_day(name[:length].upper(), today=MONDAY) == wanted


@pytest.mark.parametrize("name", MONTHS)
def test_every_abbreviation_of_a_month_is_read(name: str) -> None:
    wanted = date(2027, MONTHS.index(name) + 1, 5)
    for length in range(3, len(name) + 1):
        for words in (f"5 {name[:length]}", f"{name[:length]}. 5th"):
            assert parse_day(f"{words} 2027", today=MONDAY) == wanted


# Any words at all

VOCABULARY = (
    "27 13 1 31 2026 2027 99 nov november mar may dec fri friday mon next last this the of in at by"
    " / - . , ' 3rd 5pm 10:30 week weeks day months end mid year ago from now z one q1 ² \0 👍"
).split()
salads = st.lists(st.sampled_from(VOCABULARY), max_size=7).map(" ".join)
anything = st.text(max_size=LONGEST + 5) | salads | st.text(string.printable, max_size=20)
todays = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(anything, todays, st.booleans())
@example("31st", date(2026, 2, 28), True)
def test_any_words_are_a_day_to_come_or_refused_or_none(
    words: str, today: date, day_first: bool
) -> None:
    try:
        day = parse_day(words, today=today, day_first=day_first)
    except DateRefused:
        return
    assert day is None or (type(day) is date and today <= day < today + 1830 * DAY)


@given(st.text() | salads, salads, todays)
def test_any_text_keeps_its_words_when_it_is_split(text: str, end: str, today: date) -> None:
    whole = f"{text} by {end}"
    try:
        rest, day, attempt = split_trailing_day(whole, today=today)
    except DateRefused:
        return
    assert whole.startswith(rest)
    assert day is None or (day >= today and attempt is None and len(rest) < len(whole))
    assert day is not None or rest == whole
    assert attempt is None or attempt in whole


@pytest.mark.parametrize("text", ["x" * 10_000, "by " * 3_333, "by 5 november things " * 400])
def test_a_very_long_text_is_left_alone(text: str) -> None:
    rest, day, _ = split_trailing_day(text, today=MONDAY)
    assert (rest, day) == (text, None)


@given(
    todays, st.integers(0, 1800), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"])
)
def test_a_day_written_in_figures_is_read_back(today: date, ahead: int, form: str) -> None:
    day = today + ahead * DAY
    assert parse_day(day.strftime(form), today=today) == day


@given(todays, st.integers(0, 1800))
def test_a_day_written_in_words_is_read_back(today: date, ahead: int) -> None:
    day = today + ahead * DAY
    weekday, month = WEEKDAYS[day.weekday()], MONTHS[day.month - 1]
    for words in (
        f"{day.day} {month} {day.year}",
        f"{weekday}, {month.title()} {day.day}, {day.year}",
        f"{weekday[:3]} {day.day:02} {month[:3].upper()} {day.year}",
        say_day(day, today=today),
    ):
        assert parse_day(words, today=today) == day


@given(todays, st.integers(0, 333))
def test_a_day_within_eleven_months_needs_no_year(today: date, ahead: int) -> None:
    day = today + ahead * DAY
    if day < date(2091, 1, 1) and (day.day, day.month) != (29, 2):
        for words in (f"{day.day} {MONTHS[day.month - 1]}", f"{day.day}/{day.month}"):
            assert parse_day(words, today=today) == day


# The end of what somebody wrote

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "rest", "day"),
    [
        ("send the redlines by Fri", "send the redlines", FRIDAY),
        ("send the redlines, by Fri.", "send the redlines", FRIDAY),
        ("send the redlines BY  friday 5pm", "send the redlines", FRIDAY),
        ("review by legal by Fri", "review by legal", FRIDAY),
        ("minutes written by 3 May by Fri", "minutes written by 3 May", FRIDAY),
        ("send it by Fri by 5pm", "send it", FRIDAY),
        ("MSA (by 27 Nov)", "MSA", FRIDAY),
        ("MSA due 27 Nov", "MSA", FRIDAY),
        ("MSA due by 27 Nov", "MSA", FRIDAY),
        ("MSA, due on the 27th", "MSA", FRIDAY),
        ("wait until eow", "wait", FRIDAY),
        ("minutes due in 4 days", "minutes", FRIDAY),
        ("minutes by 4d", "minutes", FRIDAY),
        ("line one\nby fri", "line one", FRIDAY),
        ("by Fri", "", FRIDAY),
    ],
)
def test_a_date_at_the_end_is_taken_off(text: str, rest: str, day: date) -> None:
    assert split_trailing_day(text, today=MONDAY) == (rest, day, None)


@pytest.mark.parametrize(
    "text",
    [
        "", "by", "by ", "by the lawyers", "reviewed by Mark", "meet on Friday", "ship 2026-11-27",
        "call tomorrow", "standby fri", "grow by 10%", "cut cost by 3.5", "add 3 people in march",
        "agreed by next client meeting", "done by the second reviewer", "until the end of\tit",
        "settled by Friday " + "and so on " * 10,
    ],
)  # fmt: skip
def test_plain_text_stays_plain_text(text: str) -> None:
    assert split_trailing_day(text, today=MONDAY) == (text, None, None)


@pytest.mark.parametrize(
    ("text", "attempt"),
    [
        ("fix by Firday", "Firday"),
        ("fix by next wendesday please", "next wendesday please"),
        ("fix by tomorow", "tomorow"),
        ("fix by 27 Novmber", "27 Novmber"),
        ("fix by November", "November"),
        ("fix by 3 working days", "3 working days"),
        ("fix by 32/1", "32/1"),
        ("send by Friday to Jonas", "Friday to Jonas"),
        ("extend by 6 months", "6 months"),
        ("fix by Friday by legal", "Friday by legal"),
        ("fix by Firday, until tomorow", "tomorow"),
    ],
)
def test_a_failed_attempt_at_a_date_is_handed_back(text: str, attempt: str) -> None:
    assert split_trailing_day(text, today=MONDAY) == (text, None, attempt)


def test_a_refused_date_at_the_end_is_told() -> None:
    with pytest.raises(DateRefused, match="Sun 22 Nov is already past"):
        split_trailing_day("send it by 22 Nov", today=MONDAY)


# Saying


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0, "Mon 23 Nov, today"),
        (1, "Tue 24 Nov, tomorrow"),
        (-1, "Sun 22 Nov, yesterday"),
        (4, "Fri 27 Nov, in 4 days"),
        (-2, "Sat 21 Nov, 2 days ago"),
        (59, "Thu 21 Jan 2027, in 59 days"),
        (400, "Tue 28 Dec 2027, in about 13 months"),
    ],
)
def test_a_due_day_is_said_with_its_distance(ahead: int, said: str) -> None:
    assert say_due(MONDAY + ahead * DAY, today=MONDAY) == said


def test_warming_up_needs_nothing() -> None:
    warm()
