"""Which figures of a private pulse may be shown. Pure.

A figure is the sum of a group's answers (each 1-5), as a range. Nobody, not even one of the group
who knows their own answer, may work out what another one answered: not from one figure, and not
from all that were shown of the same question, taking the worst case that nobody has changed their
mind. Who answered is taken to be known; it is not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

LEAST, MOST = 1, 5
THRESHOLD = 3
"""No group smaller than this has a figure of its own (raisable to five, never below)."""

EDGE = 5
"""Sums from the least possible up by so much are shown as one range, and so down from the most."""


@dataclass(frozen=True)
class Figure:
    """What is shown of a group's answers: that their sum lies between `low` and `high`."""

    group: frozenset[int]
    low: int
    high: int

    @property
    def average(self) -> tuple[Fraction, Fraction]:
        """The range of the average; both ends are the same where it is exact."""
        return Fraction(self.low, len(self.group)), Fraction(self.high, len(self.group))


def figure(answers: dict[int, int]) -> Figure:
    """The figure of a group's answers (by person). The ends of the scale are ranges: an average
    near the end would tell each one's answer to the others. Raises ValueError for a small group."""
    count, total = len(answers), sum(answers.values())
    if count < THRESHOLD:
        raise ValueError("a group this small has no figure of its own")
    group = frozenset(answers)
    least, most = count * LEAST, count * MOST
    if total <= least + EDGE:
        return Figure(group, least, least + EDGE)
    if total >= most - EDGE:
        return Figure(group, most - EDGE, most)
    return Figure(group, total, total)


def groups(
    answers: dict[int, int], sides: dict[int, int], *, threshold: int = THRESHOLD
) -> list[dict[int, int]]:
    """The answers by firm (`sides` by person) where enough of it answered; those of the other firms
    together, where they are enough together; and nothing of the rest."""
    by_side: dict[int, dict[int, int]] = {}
    for person, value in answers.items():
        by_side.setdefault(sides[person], {})[person] = value
    enough = [group for group in by_side.values() if len(group) >= threshold]
    small = [group for group in by_side.values() if len(group) < threshold]
    together = {person: value for group in small for person, value in group.items()}
    merged = [together] if len(small) > 1 and len(together) >= threshold else []
    return enough + merged


def may_stand_beside(new: Figure, shown: Sequence[Figure]) -> bool:
    """Whether a new figure, set beside all that were shown of the same question, gives nobody's
    answer away to anybody."""
    figures = [*shown, new]
    crowd = _crowd(figures)
    if any(_is_told(crowd, at) for at in range(len(crowd.sizes))):
        return False
    return not any(
        _is_told(crowd.without_one(knows, answer), at)
        for knows in range(len(crowd.sizes))
        for answer in range(LEAST, MOST + 1)
        for at in range(len(crowd.sizes))
    )


@dataclass(frozen=True)
class _Crowd:
    """People by the figures they are in: who is in the same ones can't be told apart. `sizes` of
    these classes, and for each figure the classes in it with the range of its sum."""

    sizes: tuple[int, ...]
    sums: tuple[tuple[frozenset[int], int, int], ...]

    def without_one(self, at: int, answer: int) -> "_Crowd":
        """As one of a class sees it, who knows what they answered."""
        sizes = tuple(size - (n == at) for n, size in enumerate(self.sizes))
        sums = tuple(
            (inside, low - answer, high - answer) if at in inside else (inside, low, high)
            for inside, low, high in self.sums
        )
        return _Crowd(sizes, sums)


def _crowd(figures: Sequence[Figure]) -> _Crowd:
    """The classes of everybody in these figures."""
    people = frozenset[int]().union(*(one.group for one in figures))
    signs: dict[frozenset[int], int] = {}
    for person in people:
        inside = frozenset(n for n, one in enumerate(figures) if person in one.group)
        signs[inside] = signs.get(inside, 0) + 1
    classes = sorted(signs, key=sorted)
    sums = tuple(
        (frozenset(at for at, inside in enumerate(classes) if n in inside), one.low, one.high)
        for n, one in enumerate(figures)
    )
    return _Crowd(tuple(signs[inside] for inside in classes), sums)


def _is_told(crowd: _Crowd, at: int) -> bool:
    """Whether what one of a class answered follows from the figures: all that fits has the same.
    What can't be settled within PATIENCE counts as told."""
    size = crowd.sizes[at]
    if size == 0:
        return False
    least, most = size * LEAST, size * MOST
    try:
        if size > 1:
            has_more = _fits(crowd, at, range(least + 1, most + 1))
            return (not has_more or not _fits(crowd, at, range(least, most))) and _fits(
                crowd, at, range(least, most + 1)
            )
        possible = [n for n in range(least, most + 1) if _fits(crowd, at, range(n, n + 1))]
        return len(possible) == 1
    except _TooManySteps:
        return True


PATIENCE = 20_000
"""Steps of one search; rosters that change so often are not worth more."""


class _TooManySteps(Exception):
    pass


def _fits(crowd: _Crowd, at: int, wanted: range) -> bool:
    """Whether there are answers that give these figures, with the sum of class `at` as wanted."""
    order = sorted(range(len(crowd.sizes)), key=lambda n: n != at)
    left = [PATIENCE]
    return _search(crowd, order, 0, {}, wanted, left)


def _search(
    crowd: _Crowd,
    order: list[int],
    depth: int,
    chosen: dict[int, int],
    wanted: range,
    left: list[int],
) -> bool:
    left[0] -= 1
    if left[0] < 0:
        raise _TooManySteps
    if not _may_still_fit(crowd, chosen):
        return False
    if depth == len(order):
        return True
    at = order[depth]
    size = crowd.sizes[at]
    choices = wanted if depth == 0 else range(size * LEAST, size * MOST + 1)
    return any(
        _search(crowd, order, depth + 1, {**chosen, at: total}, wanted, left) for total in choices
    )


def _may_still_fit(crowd: _Crowd, chosen: dict[int, int]) -> bool:
    """Whether every figure's range can still be met by the classes that are not chosen yet."""
    for inside, low, high in crowd.sums:
        least = sum(chosen.get(at, crowd.sizes[at] * LEAST) for at in inside)
        most = sum(chosen.get(at, crowd.sizes[at] * MOST) for at in inside)
        if most < low or least > high:
            return False
    return True
