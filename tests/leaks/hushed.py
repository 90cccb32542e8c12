"""The words that give a leak away: each is unique, and belongs to an audience."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.leaks.rights import Audience

WORD = re.compile(r"hush[a-z]{3}")
LETTERS = "abcdefghijklmnop"
LAST_DAY = "2027-02-17"
LAST_DAY_SAID = (LAST_DAY, "17 Feb", "2027-02-18", "18 Feb")
"""A day on which somebody will leave; nothing else falls on it."""


@dataclass
class Hushed:
    """A word that only some may read. `by`: those who wrote it, and may be shown it again."""

    word: str
    audiences: frozenset[Audience]
    by: frozenset[str]
    why: str

    @property
    def is_a_name(self) -> bool:
        return not WORD.fullmatch(self.word)


class Words:
    def __init__(self) -> None:
        self._made = 0
        self._kept: dict[str, Hushed] = {}

    def new(self, by: str, audiences: Iterable[Audience], why: str) -> str:
        """A word for `by` to write, that otherwise only these audiences may read."""
        word = f"hush{''.join(LETTERS[self._made // size % 16] for size in (256, 16, 1))}"
        self._made += 1
        self.keep(word, (by,), audiences, why)
        return word

    def keep(self, word: str, by: Iterable[str], audiences: Iterable[Audience], why: str) -> None:
        """Something to be kept that was not made here, or is kept for others from now on."""
        self._kept[word] = Hushed(word, frozenset(audiences), frozenset(by), why)

    def of(self, word: str) -> Hushed | None:
        return self._kept.get(word)

    def in_text(self, text: str) -> list[Hushed]:
        """The words of ours in something that somebody wrote."""
        return [self._kept[w] for w in dict.fromkeys(WORD.findall(text)) if w in self._kept]

    def in_what_was_said(self, raw: str) -> list[Hushed]:
        """The same, and everything else that is kept."""
        others = (one for one in self._kept.values() if one.is_a_name)
        return self.in_text(raw) + [one for one in others if one.word in raw]
