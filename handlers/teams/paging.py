"""A view cut to what one card holds, without losing a word."""

import json
from collections.abc import Sequence
from dataclasses import replace

from handlers.teams.elements import NAME_LIMIT, Setting, elements, notified, sound
from handlers.views import (
    Block,
    Buttons,
    Facts,
    Heading,
    Link,
    Note,
    Quote,
    Row,
    Spans,
    Text,
    Who,
    Words,
)

LIMIT = 28_000
"""Bytes of a card in UTF-16, as Teams counts them. It takes more in some places."""

ROOM = 26_000
"""Bytes for the blocks; the rest is for what is around them."""

_LINE = 100  # a separator and the commas between
_MENTION = 2 * (3 * NAME_LIMIT + 160)


def size(thing: object) -> int:
    return len(json.dumps(thing, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))


def parts(blocks: Sequence[Block], setting: Setting, room: int = ROOM) -> list[tuple[Block, ...]]:
    """The blocks in as many groups as cards are needed."""
    groups: list[tuple[Block, ...]] = [()]
    used = 0
    for block in blocks:
        for piece in _pieces(block, setting, room):
            cost = _cost(piece, setting)
            if groups[-1] and used + cost > room:
                groups.append(())
                used = 0
            groups[-1] = (*groups[-1], piece)
            used += cost
    return groups


def _cost(block: Block, setting: Setting) -> int:
    return size(elements((block,), setting)) + _LINE + _MENTION * len(notified((block,)))


def _pieces(block: Block, setting: Setting, room: int) -> list[Block]:
    if _cost(block, setting) <= room:
        return [block]
    return [p for half in _halves(block) or () for p in _pieces(half, setting, room)] or [block]


def _halves(block: Block) -> tuple[Block, Block] | None:
    match block:
        case Heading():
            first, rest = _cut(block.text)
            return (Heading(first), Heading(rest)) if first and rest else None
        case Text() | Quote() | Note():
            cut = _cut_spans(block.spans)
            return (replace(block, spans=cut[0]), replace(block, spans=cut[1])) if cut else None
        case Row():
            cut = _cut_spans(block.spans)
            return (Row(cut[0]), replace(block, spans=cut[1])) if cut else None
        case Facts():
            return _cut_facts(block)
        case Buttons() if len(block.buttons) > 1:
            middle = len(block.buttons) // 2
            return Buttons(block.buttons[:middle]), Buttons(block.buttons[middle:])
        case _:
            return None


def _cut_facts(facts: Facts) -> tuple[Facts, Facts] | None:
    if len(facts.pairs) > 1:
        middle = len(facts.pairs) // 2
        return Facts(facts.pairs[:middle]), Facts(facts.pairs[middle:])
    [(label, spans)] = facts.pairs or (("", ()),)
    cut = _cut_spans(spans)
    return (Facts(((label, cut[0]),)), Facts(((label, cut[1]),))) if cut else None


def _cut_spans(spans: Spans) -> tuple[Spans, Spans] | None:
    if len(spans) > 1:
        return spans[: len(spans) // 2], spans[len(spans) // 2 :]
    match spans:
        case (Words() | Link() as span,):
            first, rest = _cut(span.text)
            cut = (replace(span, text=first),), (replace(span, text=rest),)
        case (Who(name=name),):
            first, rest = _cut(name)
            cut = (Words(first),), (Words(rest),)
        case _:
            return None
    return cut if first and rest else None


def _cut(text: str) -> tuple[str, str]:
    """In the middle, where a word ends if one does nearby. Both together are what was given."""
    whole = sound(text)
    middle = len(whole) // 2
    at = max(whole.rfind(" ", 0, middle), whole.rfind("\n", 0, middle)) + 1
    cut = at if at > middle // 2 else middle
    return whole[:cut], whole[cut:]
