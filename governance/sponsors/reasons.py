"""Whether there is a reason to write to a sponsor this week. Pure: facts in, reasons out.

In order: an ask that waits; a talk that is due; a promise that is late; a new counterpart. Where
the firms want a message every week there is one; otherwise silence, but for a word a month.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Literal

from governance.sponsors import rhythm

Reason = Literal["ask", "due", "promise", "changed", "always", "word"]
Mode = Literal["calm", "until_they_connect", "always"]

UNANSWERED = 3
"""So many nudges without an answer, and the alliance manager is asked to call."""

MONTH = timedelta(days=28)
"""Four weeks, so that a month's word keeps its weekday."""

SEAT_ALONE = 0


@dataclass(frozen=True)
class Told:
    """One nudge about a pair, as its reader left it."""

    on: date
    reason: str
    answer: str = ""


@dataclass(frozen=True)
class Standing:
    """How things stand for one sponsor with one counterpart. `months` as in `rhythm`; `nudges` are
    the newest first; `is_new`: the counterpart follows somebody."""

    since: date
    last: date | None
    months: int
    mode: Mode
    late_promises: int = 0
    is_new: bool = False
    planned_on: date | None = None
    nudges: tuple[Told, ...] = ()


def for_pair(now: Standing, today: date) -> Reason | None:
    """The first reason to speak of a pair on a day, or None for silence."""
    if is_due(now, today) and not _is_resting(now, today):
        return "due"
    if now.late_promises:
        return "promise"
    if now.is_new and not now.nudges:
        return "changed"
    return None


def for_seat(
    pairs: Mapping[int, Standing], *, asks: int, mode: Mode, quiet_since: date, today: date
) -> dict[int, Reason]:
    """What to write to a sponsor about, by pair; SEAT_ALONE is about none. Empty for silence.

    `asks` wait for an answer; nothing was written since `quiet_since`.
    """
    found: dict[int, Reason] = {SEAT_ALONE: "ask"} if asks else {}
    for pair_id, standing in pairs.items():
        reason = for_pair(standing, today)
        if reason is not None:
            found[pair_id] = reason
    if found:
        return found
    at_least: Reason = "always" if mode == "always" else "word"
    if mode != "always" and today - quiet_since < MONTH:
        return {}
    return dict.fromkeys(pairs or (SEAT_ALONE,), at_least)


def is_due(now: Standing, today: date) -> bool:
    """Whether the pair should have connected by now, and has no talk in the calendar still."""
    due = rhythm.due_on(now.last, now.since, now.months)
    planned = now.planned_on is not None and now.planned_on >= today
    return due is not None and due <= today and not planned


def unanswered(now: Standing) -> tuple[Told, ...]:
    """The latest nudges in a row about a talk that is due of which nothing came; one that was
    passed on counts until somebody answers it."""
    asked = [told for told in now.nudges if told.reason == "due"]
    return tuple(
        takewhile(lambda told: told.answer in ("", "passed") and _is_open(now, told), asked)
    )


def put_off(now: Standing) -> tuple[Told, ...]:
    """The latest nudges in a row, whatever they were about, that were answered with *Not this
    week*."""
    return tuple(
        takewhile(lambda told: told.answer == "not_now" and _is_open(now, told), now.nudges)
    )


def _is_open(now: Standing, told: Told) -> bool:
    """They have not spoken since."""
    return now.last is None or now.last < told.on


def _is_resting(now: Standing, today: date) -> bool:
    """After three without an answer it goes on monthly, unless the firms want it otherwise."""
    run = unanswered(now)
    if now.mode != "calm" or len(run) < UNANSWERED:
        return False
    return today - run[0].on < MONTH
