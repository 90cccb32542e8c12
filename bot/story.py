"""What happened in the demo's first seven weeks: who did what, when, and in which words.

Days count working days (Monday to Friday) from the day on which the demo opens: -1 is the one
before it, +1 the one after. In the words `{+2}` stands for that day.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

SHARED, OWN = "C0SHARED", "C0INTERNAL"
PRIYA, MATEO, HANA, ADAEZE, SAMIR = "U0PRIYA", "U0MATEO", "U0HANA", "U0ADAEZE", "U0SAMIR"
OLIVIA, TOMASZ, INES, MEILING, KWAME = "U0OLIVIA", "U0TOMASZ", "U0INES", "U0MEILING", "U0KWAME"

BEGINS = -33
"""The day on which the alliance is set up; the steps follow it."""

How = Literal["command", "mention", "direct", "presses", "says"]
"""By slash command, by mention in a channel, in direct messages with the bot, by a button there, or
to colleagues without the bot."""


@dataclass(frozen=True)
class Step:
    day: int
    at: time
    """UTC."""
    how: How
    who: str
    words: str
    where: str = SHARED


def _step(day: int, at: str, how: How, who: str, words: str, where: str = SHARED) -> Step:
    return Step(day, time.fromisoformat(at), how, who, words, where)


STEPS = (
    _step(
        -32, "13:10", "command", PRIYA, "action @olivia share the pilot supply forecast by {-27}"
    ),
    _step(-32, "13:40", "direct", OLIVIA, "accept HEL-1"),
    _step(-32, "14:00", "command", MATEO, "action send the usability protocol to the lab by {-26}"),
    _step(-31, "09:20", "command", HANA, "action agree our labelling position by {-28}", where=OWN),
    _step(-29, "14:05", "mention", TOMASZ, "action @mateo confirm the drop test criteria by {-22}"),
    _step(-29, "14:30", "direct", MATEO, "accept HEL-3"),
    _step(-28, "10:00", "command", HANA, "done OUR-1", where=OWN),
    _step(-27, "15:00", "direct", OLIVIA, "done HEL-1"),
    _step(-27, "15:02", "says", OLIVIA, "The forecast is in the data room. Numbers to the lot."),
    _step(-26, "14:20", "command", MATEO, "done HEL-2"),
    _step(-25, "09:30", "command", PRIYA, "action book the room for the JSC in December by {-20}"),
    _step(-24, "11:00", "mention", INES, "action @adaeze comment on the clinic training by {-17}"),
    _step(-23, "14:10", "command", ADAEZE, "accept HEL-5"),
    _step(-22, "14:40", "command", MATEO, "done HEL-3"),
    _step(-20, "09:15", "command", PRIYA, "done HEL-4"),
    _step(-18, "15:00", "command", ADAEZE, "move HEL-5 to {-14}"),
    _step(-15, "10:30", "mention", OLIVIA, "action @samir list the open audit findings by {-2}"),
    _step(-15, "11:00", "command", SAMIR, "accept HEL-6"),
    _step(-14, "15:20", "command", ADAEZE, "done HEL-5"),
    _step(-14, "15:25", "says", ADAEZE, "Good plan. The clinics will thank us for page two."),
    _step(-12, "14:00", "mention", MEILING, "action review the data-sharing annex by {-3}"),
    _step(-10, "09:40", "command", PRIYA, "action @kwame confirm the resin delivery date by {+2}"),
    _step(-9, "10:10", "direct", KWAME, "accept HEL-8"),
    _step(-8, "14:15", "command", ADAEZE, "action @ines sign off the carton artwork by {+1}"),
    _step(
        -7,
        "09:50",
        "direct",
        INES,
        "decline HEL-9 both regulatory teams read it first; Hana and I can do that together",
    ),
    _step(-6, "10:20", "command", HANA, "action file the draft of the labelling variation by {+1}"),
    _step(-5, "13:30", "mention", TOMASZ, "action ship the second batch of pilot devices by {+6}"),
    _step(
        -4, "09:10", "command", PRIYA, "action prepare our view of the price review by {+4}", OWN
    ),
    _step(
        -4,
        "15:10",
        "direct",
        OLIVIA,
        "internal check whether the second mould can be ready in January by {+5}",
    ),
    _step(-4, "15:12", "presses", OLIVIA, "Turn on private records"),
    _step(-3, "15:30", "command", HANA, "reminders away until {+5}"),
    _step(-3, "15:35", "says", HANA, "I am off for a week. Samir knows where everything is."),
    _step(
        -2,
        "14:20",
        "command",
        ADAEZE,
        "action @olivia propose dates for the JSC in January by {+7}",
    ),
    _step(
        -1,
        "14:45",
        "mention",
        MEILING,
        "action @mateo approve the new wording of the dose display by {+4}",
    ),
)


def moment(opening: datetime, day: int, at: time) -> datetime:
    """The instant (UTC) of a time on the nth working day from the demo's opening."""
    return datetime.combine(working_day(opening.date(), day), at, opening.tzinfo)


def said(words: str, opening: datetime) -> str:
    """The words with their days as dates."""
    return re.sub(
        r"\{([+-]\d+)\}",
        lambda found: f"{working_day(opening.date(), int(found[1])):%-d %b}",
        words,
    )


def working_day(start: date, number: int) -> date:
    """The nth day from Monday to Friday after, or before, a day."""
    day, step = start, timedelta(days=1 if number > 0 else -1)
    for _ in range(abs(number)):
        day += step
        while day.weekday() > 4:
            day += step
    return day
