"""What people answered, from their reactions and presses; pure.

What happens to an emoji comes as events in any order, more than once or not at all. So what is
kept of it is its newest event, whichever comes first, and who has several emoji answered with the
one that came last. Where that can't be told, nobody guesses: the answer is unclear.

Times are stamps, which sort as the instants that they stand for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

UNSEEN = ""
"""The stamp of what no event was seen of."""

CLOCKS_DIFFER = timedelta(seconds=5)
"""By how much the platform's clock may be behind or ahead of ours. Whatever happened within this
time before a reading is told by its event alone."""

Vote = int | Literal["unclear"] | None
"""A number; it can't be told which; none."""

_TIME = re.compile(r"(\d{1,10})(?:\.(\d{1,9}))?")


def stamp(at: datetime) -> str:
    """An instant as a stamp, as the platform would write it."""
    return f"{int(at.timestamp()):010d}.{at.microsecond:06d}"


def read_stamp(said: str) -> str:
    """A platform's time, such as 1764000000.123456, as a stamp; empty where it is none."""
    found = _TIME.fullmatch(said)
    return f"{int(found[1]):010d}.{(found[2] or '')[:6]:0<6}" if found else ""


@dataclass(frozen=True)
class Mark:
    """One account's emoji on one message, by the newest event up to the closing. `present` is
    none where two of the same instant contradict each other; `read` is what a later reading of the
    message said, and `late` that the emoji changed after the closing."""

    value: int
    present: bool | None = False
    at: str = UNSEEN
    read: bool | None = None
    late: bool = False

    def after(self, present: bool, at: str) -> "Mark":
        """With one more event, in whichever order they come."""
        if at < self.at:
            return self
        same = at == self.at and present != self.present
        return Mark(self.value, None if same else present, at, self.read, self.late)


@dataclass(frozen=True)
class Press:
    """A button that was pressed. `settles`: in answer to the question which number was meant."""

    value: int
    at: str
    settles: bool = False


@dataclass(frozen=True)
class Reading:
    """That the message was read again, which told what was there and no times. After the closing
    it can't tell what was there before: `in_time` says which."""

    until: str = UNSEEN
    """Of what happened up to this stamp."""
    in_time: bool = True


def reading(read_at: datetime | None, closes_at: datetime) -> Reading:
    if read_at is None:
        return Reading()
    return Reading(stamp(read_at - CLOCKS_DIFFER), read_at <= closes_at)


@dataclass(frozen=True)
class _Standing:
    """How an emoji stood at the closing: there, not there, or not known; `at` is none where it is
    not known since when."""

    value: int
    there: bool | None
    at: str | None


def vote(marks: Iterable[Mark], presses: Iterable[Press], again: Reading) -> Vote:
    """What one person answered, with all their accounts and on all messages."""
    pressed = list(presses)
    settled = max((p for p in pressed if p.settles), key=lambda p: p.at, default=None)
    if settled is not None:
        return settled.value
    standing = [one for mark in marks for one in _at_closing(mark, again)]
    standing += [_Standing(press.value, True, press.at) for press in pressed]
    return _newest(standing)


def _newest(standing: list[_Standing]) -> Vote:
    """Of what is there the newest; unclear where something else may be newer."""
    possible = [one for one in standing if one.there is not False]
    if all(one.there for one in possible) and len({one.value for one in possible}) <= 1:
        return possible[0].value if possible else None
    if any(one.at is None for one in possible):
        return "unclear"
    newest = max(one.at or UNSEEN for one in possible)
    last = {(one.value, one.there) for one in possible if one.at == newest}
    [(value, there), *others] = last
    return value if there and not others else "unclear"


def _at_closing(mark: Mark, again: Reading) -> Iterator[_Standing]:
    if mark.read is None or mark.at > again.until:
        yield _Standing(mark.value, mark.present, mark.at)
    elif again.in_time:
        known = not mark.read or mark.present is not False
        yield _Standing(mark.value, mark.read, mark.at if known else None)
    elif mark.late or mark.read == mark.present:
        yield _Standing(mark.value, mark.present, mark.at)
    else:
        yield _Standing(mark.value, None, None)


@dataclass(frozen=True)
class Figures:
    """How many answered with each of 1 to 5."""

    counts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def people(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> float | None:
        total = sum(value * count for value, count in enumerate(self.counts, start=1))
        return total / self.people if self.people else None

    def plus(self, other: "Figures") -> "Figures":
        one, two, three, four, five = (
            a + b for a, b in zip(self.counts, other.counts, strict=True)
        )
        return Figures((one, two, three, four, five))


def figures(values: Iterable[int]) -> Figures:
    found = list(values)
    return Figures((found.count(1), found.count(2), found.count(3), found.count(4), found.count(5)))


FEW = 8
"""Below so many answers a move of less than one point says nothing."""


def moved(now: Figures, before: Figures) -> float | None:
    """By how much the average rose or fell; 0 for about the same, none where one has no answer."""
    if now.average is None or before.average is None:
        return None
    change = round(now.average - before.average, 1)
    few = min(now.people, before.people) < FEW
    return 0.0 if few and abs(change) < 1 else change
