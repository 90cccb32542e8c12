"""What an alliance manager reads when others come into a channel that was their firm's own."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from governance import visibility
from governance.seeing import exposure
from governance.words import clip
from handlers.items.action_item_views import may_read, shown
from handlers.text import listed
from handlers.views import Block, Message, Text, Words, bold, say, words
from storage.tables import ActionItem, Conversation, Person, Side

ITEMS_SHOWN = 10
HIDDEN = say("Not shown while others can read this channel.")

Made = tuple[Message, tuple[tuple[str, int], ...]]


def opened(
    session: Session, facts: dict[str, Any], reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """Who came, what they may have read, what to do; shown `again`, whether it is over."""
    place = session.get_one(Conversation, facts["place"])
    side = _side_of(session, place, reader, now=now)
    if side is None:
        return None
    causes = exposure.causes(session, place)
    if not again and not set(facts["causes"]) & set(causes):
        return None
    lead = _lead(place, side, facts["causes"])
    items = _readable(session, facts["items"], reader, now=now)
    blocks: list[Block] = [Text(words(bold(lead))), *_read(session, items)]
    blocks.append(Text(words(_what_now(side) if causes else "It is your own again since.")))
    return Message(tuple(blocks), lead=lead), tuple(("action_item", item.id) for item in items)


def _what_now(side: Side) -> str:
    return (
        f"I show nothing of {side.firm}'s there for now. Once only your people can read it, my "
        "cards come back. `unlink`, written in that channel, takes it out of the alliance."
    )


def own_again(
    session: Session, facts: dict[str, Any], reader: Person, *, now: datetime
) -> Message | None:
    place = session.get_one(Conversation, facts["place"])
    side = _side_of(session, place, reader, now=now)
    if side is None or exposure.is_open(session, place):
        return None
    return _own_again(place, side)


def no_card(place: Conversation) -> str:
    """For whoever records something in a channel that is open."""
    return f"Others can read #{place.name} now, so I show no card there."


def _own_again(place: Conversation, side: Side) -> Message:
    return say(Words(f"#{place.name} is {side.firm}'s own again. My cards are back."))


def _lead(place: Conversation, side: Side, causes: list[str]) -> str:
    named = [one for one in causes if one not in (exposure.PENDING, exposure.UNKNOWN)]
    if named:
        return f"{listed(named)} can read #{place.name}, {side.firm}'s own channel."
    if exposure.PENDING in causes:
        return f"Another firm is invited to #{place.name}, {side.firm}'s own channel."
    return f"I can't see any more who reads #{place.name}, {side.firm}'s own channel."


def _read(session: Session, items: list[ActionItem]) -> list[Block]:
    if not items:
        return [Text(words("I had no cards there."))]
    said = [f"{shown(session, item).reference} {clip(item.text, 80)}" for item in items]
    more = [f"and {len(said) - ITEMS_SHOWN} more"] if len(said) > ITEMS_SHOWN else []
    lines = "\n".join(said[:ITEMS_SHOWN] + more)
    return [Text(words("I emptied my cards there. This may have been read:\n", Words(lines)))]


def _readable(
    session: Session, item_ids: list[int], reader: Person, *, now: datetime
) -> list[ActionItem]:
    found = [session.get_one(ActionItem, item_id) for item_id in item_ids]
    return [item for item in found if may_read(session, item, reader, now=now)]


def _side_of(
    session: Session, place: Conversation, reader: Person, *, now: datetime
) -> Side | None:
    """The firm whose channel it is, for its alliance managers, once it has confirmed them."""
    side = exposure.side_of(session, place)
    if side is None:
        return None
    member = visibility.current_member(session, side.alliance_id, reader.id, now=now)
    if member is None or member.side_id != side.id or member.stated:
        return None
    return side if member.role == "manager" else None
