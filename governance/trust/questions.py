"""Which questions a private pulse asks: four of the ten in turn, or all of them."""

from collections.abc import Sequence
from typing import Literal

from governance.trust.principles import PRINCIPLES

How = Literal["four", "ten"]
IN_TURN = 4
"""Four at a time: all ten have come round within three pulses."""

Question = tuple[str, str]
"""Key and words."""


def of_pulse(how: How, asked_before: Sequence[Sequence[str]]) -> list[Question]:
    """The questions of the next pulse. `asked_before`: the keys of earlier ones, newest first. In
    turn: those that were not asked for longest, in the order of the principles."""
    keys = list(PRINCIPLES)
    if how == "four":
        keys = sorted(keys, key=lambda key: (-_ago(key, asked_before), keys.index(key)))[:IN_TURN]
        keys.sort(key=list(PRINCIPLES).index)
    return [(key, PRINCIPLES[key].question) for key in keys]


def _ago(key: str, asked_before: Sequence[Sequence[str]]) -> int:
    """How many pulses ago it was asked last."""
    return next((n for n, keys in enumerate(asked_before) if key in keys), len(asked_before))
