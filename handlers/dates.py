"""Dates as people write them, and days as we say them back; pure.

A due date is a day, so a time of day ("Fri 5pm") is accepted and dropped. A small grammar of
our own comes first. dateparser sees only what that does not know, and only words with a number
and a month in them: left alone it takes a great deal for a date. Whichever reads them, days are
refused by one rule, so that a slip of the pen never becomes somebody's due date. `today` is
always the writer's local day.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

import dateparser

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = tuple(
    "january february march april may june july august september october november december".split()
)
LONGEST = 60
"""Characters; more than this is a text, not a date."""

_DAY = timedelta(days=1)
_FRIDAY = 4
_JUST_PAST = timedelta(days=31)
_COUNTS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {word: n for n, word in enumerate(_COUNTS, start=1)} | {"a": 1, "a couple of": 2}
_DAYS_IN = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_SHORT = {"d": "day", "w": "week", "m": "month", "q": "quarter", "y": "year"}
_MIDDLE = {"week": 2, "month": 14, "quarter": 45, "year": 180}  # days after the first
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "day after tomorrow": 2}


class DateRefused(ValueError):
    """Words that are a date, but none we take; the message is shown to the writer."""


@dataclass(frozen=True)
class _Said:
    """The words one rule matched, with what is needed to make a day of them."""

    words: re.Match[str]
    today: date
    day_first: bool

    def get(self, name: str) -> str:
        """The named part of the words; "" where it was left out or the rule has none."""
        return self.words.groupdict().get(name) or ""


def parse_day(words: str, *, today: date, day_first: bool = True) -> date | None:
    """The day meant by `words`, None if they are no date at all.

    A bare weekday is the next one after today, so "fri" said on a Friday is a week away;
    "next tuesday" is in the next ISO week; "the 13th" is the next one, today included. A week
    ends on its Friday, and a period ("next month") on its last day. `day_first` is the
    writer's order of 3/4. Raises DateRefused for what is past (a date within the last 31 days
    is not taken for next year's), does not exist, does not fall on the weekday named, or is
    more than 18 months ahead (five years with a typed year).
    """
    if len(words) > LONGEST:
        return None
    text = _bare(words)
    try:
        for pattern, rule in _RULES:
            if match := pattern.fullmatch(text):
                said = _Said(match, today, day_first)
                day = rule(said)
                return day and _accept(day, said.get("weekday"), bool(said.get("year")), today)
        return _by_dateparser(text, today, day_first)
    except OverflowError:
        raise DateRefused(f"That is too far away. {_hint(today)}") from None


def split_trailing_day(
    text: str, *, today: date, day_first: bool = True
) -> tuple[str, date | None, str | None]:
    """Takes "by Fri" off the end: the text without it, the day, the words not understood.

    Only what follows by, due, due by or until counts, up to the very end ("by Fri by 5pm" is
    one date). Without a date the text comes back whole, the third being the last of what
    follows that looks like an attempt at one ("Firday"). "extend it by 6 months" is an amount
    and no date, but an attempt, since it could be meant. Raises DateRefused as `parse_day` does.
    """
    attempt = None
    for keyword in _KEYWORD.finditer(text):
        rest = text[keyword.end() :][: LONGEST + 1]
        if len(rest) > LONGEST:
            continue
        amount = _AMOUNT.fullmatch(_bare(rest))
        if not amount and (day := parse_day(rest, today=today, day_first=day_first)):
            return text[: keyword.start()].rstrip(" \t\r\n,;:(-\u2013\u2014"), day, None
        if _looks_like_a_date(rest):
            attempt = rest.strip()
    return text, None, attempt


def say_day(day: date, *, today: date) -> str:
    """As in Fri 27 Nov, with the year where it is not this one; English in any locale."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()][:3].title()} {_day_month(day.day, day.month)}{year}"


def say_due(day: date, *, today: date) -> str:
    """The day and how far it is: "Fri 27 Nov, in 3 days"; from 60 days on in months."""
    days = (day - today).days
    size = f"{abs(days)} days" if abs(days) < 60 else f"about {round(abs(days) / 30.44)} months"
    distance = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(
        days, f"in {size}" if days > 0 else f"{size} ago"
    )
    return f"{say_day(day, today=today)}, {distance}"


def warm() -> None:
    """Loads what dateparser loads at its first use (0.1 s), so that nobody waits for it."""
    _by_dateparser("november the 27th", date(2026, 11, 23), day_first=True)


def _bare(words: str) -> str:
    """Lower case, single spaces, no courtesies, no time of day.

    The last dot of "27.11." stays: it alone tells a date from a number.
    """
    text = " ".join(words.casefold().replace(",", " ").replace("\u2019", "'").split())
    text = _DECORATION.sub("", text)
    if _TODAY.fullmatch(text):
        return "today"
    for noise in (_COURTESY, _AFTER, _BEFORE, _LEAD):
        text = noise.sub("", text)
    return text if _DOTTED.fullmatch(text) else text.rstrip(". ")


def _accept(day: date, weekday: str, year_typed: bool, today: date) -> date:
    """The one rule on which days are taken."""
    said = say_day(day, today=today)
    if weekday and not WEEKDAYS[day.weekday()].startswith(weekday):
        named = _day_month(day.day, day.month)
        wrong, right = WEEKDAYS[_weekday(weekday)].title(), WEEKDAYS[day.weekday()].title()
        raise DateRefused(f"{named} {day.year} is a {right}, not a {wrong}. {_hint(today)}")
    if day < today:
        raise DateRefused(f"{said} is already past. {_hint(today)}")
    if day > _months_on(today, 60):
        raise DateRefused(f"{said} is more than five years away. {_hint(today)}")
    if day > _months_on(today, 18) and not year_typed:
        typed = f"{_day_month(day.day, day.month)} {day.year}"
        raise DateRefused(f"{said} is more than 18 months away. If you mean it, try “by {typed}”.")
    return day


def _hint(today: date) -> str:
    friday = _coming(_FRIDAY, today)
    return f"Try “by Fri” or “by {_day_month(friday.day, friday.month)}”."


def _day_month(day: int, month: int) -> str:
    return f"{day} {MONTHS[month - 1][:3].title()}"


def _weekday(word: str) -> int:
    return next(n for n, name in enumerate(WEEKDAYS) if name.startswith(word))


def _coming(weekday: int, today: date) -> date:
    return today + _DAY * ((weekday - today.weekday() - 1) % 7 + 1)


def _months_on(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _near(said: _Said) -> date:
    return said.today + _DAY * _NEAR[said.words[0]]


def _weekday_name(said: _Said) -> date:
    today, number = said.today, _weekday(said.get("weekday"))
    which, week = said.get("which"), said.get("week")
    if which == "last":
        return today - _DAY * ((today.weekday() - number - 1) % 7 + 1)
    if which == "next" or week:
        return today + _DAY * (number - today.weekday() + (0 if week == "this" else 7))
    return today if which == "this" and number == today.weekday() else _coming(number, today)


def _span(said: _Said) -> date:
    number, unit = said.get("n"), _SHORT.get(said.get("unit"), said.get("unit"))
    count = int(number) if number.isdigit() else _NUMBERS[number]
    if said.get("ago"):
        count = -count
    if unit in _MONTHS_IN:
        return _months_on(said.today, count * _MONTHS_IN[unit])
    return said.today + _DAY * (count * _DAYS_IN[unit])


def _period(said: _Said) -> date:
    """A part of a week, month, quarter or year; its last day if no part is said."""
    unit, which = _SHORT.get(said.get("unit"), said.get("unit")), said.get("which")
    first, last = _bounds(unit, said.today, {"next": 1, "last": -1}.get(which, 0))
    if last < said.today and not which:  # "end of week" said on a Saturday
        first, last = _bounds(unit, said.today, 1)
    if said.get("part").startswith("mid"):
        return first + _DAY * _MIDDLE[unit]
    return first if said.get("part") in ("start", "beginning") else last


def _bounds(unit: str, today: date, ahead: int) -> tuple[date, date]:
    if unit == "week":
        monday = today + _DAY * (7 * ahead - today.weekday())
        return monday, monday + _DAY * _FRIDAY
    size = _MONTHS_IN[unit]
    first = _months_on(today.replace(day=1), size * ahead - (today.month - 1) % size)
    return first, _months_on(first, size) - _DAY


def _part_of_month(said: _Said) -> date:
    """Start, middle or end of a named month; a quarter is the end of its third month."""
    month, part = said.get("month"), said.get("part")
    number = _month(month) if month else 3 * int(said.get("quarter"))
    if part in ("start", "beginning"):
        return _dated(1, number, said.get("year"), said.today)
    if part.startswith("mid"):
        return _dated(15, number, said.get("year"), said.today)
    day = _dated(28, number, said.get("year"), said.today)
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    return next(n for n, name in enumerate(MONTHS, start=1) if name.startswith(word))


def _day_of_month(said: _Said) -> date:
    """The next such day of a month, today included, passing over months too short for it."""
    day, which = int(said.get("day")), said.get("which")
    if not 1 <= day <= 31:
        raise DateRefused(f"No month has a day {day}. {_hint(said.today)}")
    first = _months_on(said.today.replace(day=1), which == "next")
    if which:
        return _exact(day, first.month, first.year, said.today)
    while day > monthrange(first.year, first.month)[1] or first.replace(day=day) < said.today:
        first = _months_on(first, 1)
    return first.replace(day=day)


def _typed(said: _Said) -> date:
    """As in 27 Nov, Nov 27, 2026-11-27."""
    month = _month(said.get("month"))
    if not 1 <= month <= 12:
        raise DateRefused(f"There is no month {month}. {_hint(said.today)}")
    return _dated(int(said.get("day")), month, said.get("year"), said.today)


def _in_figures(said: _Said) -> date | None:
    """3/4 in the writer's order, or the other one if only that can be; dots are day first."""
    day, month = int(said.get("a")), int(said.get("b"))
    if said.get("sep") != "." and not said.day_first:
        day, month = month, day
    if month > 12 >= day:
        day, month = month, day
    if not 1 <= month <= 12 or day > 31:
        return None
    return _dated(day, month, said.get("year"), said.today)


def _dated(day: int, month: int, year: str, today: date) -> date:
    """The date typed; without a year the coming one, unless it is only just past."""
    if year:
        return _exact(day, month, int(year) if len(year) == 4 else 2000 + int(year), today)
    if (month, day) >= (today.month, today.day):
        return _exact(day, month, today.year, today)
    if 0 < day <= monthrange(today.year, month)[1]:
        this_year = date(today.year, month, day)
        if today - this_year <= _JUST_PAST:
            return this_year
    return _exact(day, month, today.year + 1, today)


def _exact(day: int, month: int, year: int, today: date) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        name = _day_month(day, month) + (f" in {year}" if (day, month) == (29, 2) else "")
        raise DateRefused(f"There is no {name}. {_hint(today)}") from None


def _by_dateparser(text: str, today: date, day_first: bool) -> date | None:
    if not _FOR_DATEPARSER.fullmatch(text):
        return None
    found = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": "DMY" if day_first else "MDY",
            "REQUIRE_PARTS": ["day", "month"],
            "RETURN_AS_TIMEZONE_AWARE": False,
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )
    if found is None:
        return None
    year = str(found.year) if re.search(r"\d{4}", text) else ""
    weekday = _SOME_WEEKDAY.search(text)
    day = _dated(found.day, found.month, year, today)  # its next year's may be just past
    return _accept(day, weekday["weekday"] if weekday else "", bool(year), today)


def _looks_like_a_date(words: str) -> bool:
    """Whether the first words, small ones left out, are dates, nearly so, or a count of them."""
    tokens = [token for token in _bare(words).split() if token not in _SMALL_WORDS]
    if not tokens:
        return False
    if tokens[0].isdigit() or tokens[0] in _NUMBERS:
        return any(_is_date_word(token) for token in tokens[1:2])
    return bool(_FIGURES.fullmatch(tokens[0])) or _is_date_word(tokens[0])


def _is_date_word(token: str) -> bool:
    if token in _DATE_WORDS or (token := token.rstrip(".'s")) in _DATE_WORDS:
        return True
    return len(token) >= 5 and bool(get_close_matches(token, _DATE_WORDS, 1, 0.82))


def _any(words: tuple[str, ...], shortest: int) -> str:
    """A pattern for every abbreviation of `words` down to `shortest` letters, longest first."""
    return "|".join(
        word[:n] for n in range(9, shortest - 1, -1) for word in words if n <= len(word)
    )


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


_WEEKDAY = rf"(?P<weekday>{_any(WEEKDAYS, 2)})\.?"
_ON = rf"(?:{_WEEKDAY} (?:the )?)?"
_MONTH = rf"(?P<month>{_any(MONTHS, 3)})\.?"
_NTH = r"(?P<day>\d\d?)(?:st|nd|rd|th)"
_YEAR = r"'?(?P<year>\d{4}|\d\d)"
_WHICH = r"(?P<which>this|next|last)"
_NUMBER = rf"(?P<n>\d{{1,9}}|{'|'.join(_NUMBERS)})"
_UNITS = rf"(?P<unit>{'|'.join((*_DAYS_IN, *_MONTHS_IN))})s?"
_LONG = r"(?P<unit>week|month|quarter|year)"
_PART = r"(?P<part>start|beginning|middle|mid|end|close)[ -]?(?:of )?(?:the )?"
_CLOCK = (
    r"(?:\d\d?(?::\d\d){1,2} ?(?:[ap]m)?|\d\d?(?:\.\d\d)? ?[ap]m|\d\d? o'clock|noon|midday"
    r"|midnight|lunch(?:time)?|eo[db]|cob|end of (?:the )?(?:business )?day"
    r"|(?:close|end) of (?:business|play))(?: ?z| (?:utc|gmt|[bi]st|ce?s?t|[ecmp][sd]?t))?"
)
_DAYTIME = r"(?:in the )?(?:early |late )?(?:morning|afternoon|evening|night)"
_THIS = r"this (?:morning|afternoon|evening)"

_DECORATION = _re(r"^[\"'(\[\u201c]+|[^\w.]+$")
_TODAY = _re(rf"(?:(?:at|the) )?{_CLOCK}(?: today)?\.?|tonight\.?|{_THIS}\.?")
_AFTER = _re(rf"(?:(?<=\d)t| )(?:(?:at|by|before|around) )?(?:{_CLOCK}|{_DAYTIME}|at \d\d?)\.?$")
_BEFORE = _re(rf"^(?:(?:at|by|the) )?(?:{_CLOCK}|{_DAYTIME}) (?:on |of )?(?=.)")
_COURTESY = _re(r"(?: (?:at the latest|latest|please|pls|if possible|or (?:sooner|earlier)))+\.?$")
_LEAD = _re(r"^(?:(?:on|the|latest|at the latest|no later than) )+")
_DOTTED = _re(rf"{_ON}\d\d?\.\d\d?\.")
_KEYWORD = _re(r"(?:^|(?<=[\s(,;]))(?:due(?:\s+(?:by|on))?|by|until|till)\s+")
_AMOUNT = _re(rf"{_NUMBER} ?{_UNITS}")
_FIGURES = _re(r"\d\d?(?:st|nd|rd|th)|\d\d?/\d\d?|\d+([./-])\d+\1\d*|20\d\d|q\d|\d+[dwm]")
_FOR_DATEPARSER = _re(
    rf"(?=.*\d)(?=.*\b(?:{_any(MONTHS, 3)})\b)(?!.*\b(?:by|due|until|till)\b)"
    r"[a-z0-9][a-z0-9 .:/'-]*"
)
_SOME_WEEKDAY = _re(rf"\b(?P<weekday>{_any(WEEKDAYS, 3)})\b")
_SMALL_WORDS = frozenset(
    "the next this last coming of on in early mid late start end few working business".split()
)
_DATE_WORDS = frozenset((*WEEKDAYS, *MONTHS, *_DAYS_IN, *_MONTHS_IN, *_NEAR, "weekend", "sept"))
_DATE_WORDS |= {name[:3] for name in (*WEEKDAYS, *MONTHS)}

_RULES: tuple[tuple[re.Pattern[str], Callable[[_Said], date | None]], ...] = (
    (_re("|".join(_NEAR)), _near),
    (_re(rf"(?:(?:this )?(?P<which>this|next|last|coming) )?{_WEEKDAY}"), _weekday_name),
    (_re(rf"{_WEEKDAY} (?:of )?(?P<week>this|next) week"), _weekday_name),
    (_re(rf"(?P<week>this|next) week (?:on )?{_WEEKDAY}"), _weekday_name),
    (_re(rf"(?:(?:in|within) )?{_NUMBER} ?{_UNITS}'?(?: time| from (?:now|today))?"), _span),
    (_re(r"(?:(?:in|within) )?(?P<n>\d{1,9}) ?(?P<unit>[dwmqy])"), _span),
    (_re(rf"{_NUMBER} {_UNITS} (?P<ago>ago)"), _span),
    (_re(rf"(?:{_PART})?{_WHICH} {_LONG}"), _period),
    (_re(rf"{_PART}{_LONG}"), _period),
    (_re(rf"{_LONG}[ -]end"), _period),
    (_re(r"eo(?P<unit>[wmqy])"), _period),
    (_re(rf"{_PART}{_MONTH}(?: (?P<year>\d{{4}}))?"), _part_of_month),
    (_re(r"(?:(?P<part>end) (?:of )?)?q(?P<quarter>[1-4])(?: (?P<year>\d{4}))?"), _part_of_month),
    (_re(rf"{_ON}(?P<day>\d\d?)(?:st|nd|rd|th)?[ ./-]*(?:of )?{_MONTH}(?:[ /-]*{_YEAR})?"), _typed),
    (_re(rf"{_ON}{_MONTH}[ /-]*(?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?(?:[ /-]+{_YEAR})?"), _typed),
    (_re(rf"{_ON}(?P<year>\d{{4}})(?P<sep>[./-])(?P<month>\d\d?)(?P=sep)(?P<day>\d\d?)"), _typed),
    (_re(rf"{_ON}(?P<a>\d\d?)(?P<sep>[./-])(?P<b>\d\d?)(?P=sep){_YEAR}"), _in_figures),
    (_re(rf"{_ON}(?P<a>\d\d?)(?P<sep>/)(?P<b>\d\d?)"), _in_figures),
    (_re(rf"{_ON}(?P<a>\d\d?)(?P<sep>\.)(?P<b>\d\d?)\."), _in_figures),
    (_re(rf"{_ON}(?P<a>\d\d)(?P<sep>\.)(?P<b>\d\d)"), _in_figures),
    (_re(rf"{_ON}{_NTH}(?: (?:of )?(?P<which>this|next) month)?"), _day_of_month),
    (_re(rf"{_WEEKDAY} (?:the )?(?P<day>\d\d?)"), _day_of_month),
)
