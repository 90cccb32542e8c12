"""A firm's own action item made joint, and a joint one made the firm's own again.

Its audience, its number and what others may know of it change in one transaction; whatever shows
it follows from there. The quote, the link and the history before are never shared.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.errors import BotError, NotAllowed, Stale
from governance.items import action_item_records, action_items
from governance.items.action_item_news import redraw_card, tell_changed, tell_news
from governance.items.action_item_rules import (
    RECORD,
    SHARED_STATES,
    check_visible,
    may_share,
    may_take_back,
)
from governance.messages import cards, mirrors
from governance.people import consent
from governance.people.members import Seat
from governance.seeing import deliveries, withdrawing
from governance.seeing.deliveries import Sighting
from storage.tables import ActionItem, Conversation, Member, Person, Side


@dataclass(frozen=True)
class Emptied:
    """What was taken out of sight: cards in channels, and direct messages."""

    cards: int
    messages: int


def joint_channels(session: Session, alliance_id: int) -> list[Conversation]:
    """Where every firm reads along, the first linked leading."""
    joint = visibility.joint_audience(session, alliance_id).id
    chosen = select(Conversation).where(
        Conversation.alliance_id == alliance_id,
        Conversation.audience_id == joint,
        Conversation.kind == "channel",
    )
    return list(session.exec(chosen.order_by(col(Conversation.id))))


def check_may_share(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    """Raises NotAllowed, BotError for what is over, and Stale for what is joint already."""
    check_visible(session, item, by)
    if not item.series_side_id:
        raise Stale(f"{action_item_records.reference(item, by.alliance)} is shared already.")
    if not may_share(session, item, by, now=now):
        raise NotAllowed(
            "Its owner, its proposer or an alliance manager of your firm shares it. Nothing was "
            "shared."
        )
    if item.status not in SHARED_STATES:
        raise BotError(f"It is {item.status}. Reopen it first; then share it.")


def share(
    session: Session,
    item: ActionItem,
    by: Seat,
    *,
    text: str,
    place: Conversation | None,
    now: datetime,
) -> None:
    """Let every firm see it from now on, in these words, with a card in `place`."""
    check_may_share(session, item, by, now=now)
    before = _identity(item) | {
        "text": item.text,
        "quote": item.quote,
        "quote_author": item.quote_author,
        "source_channel": item.source_channel,
        "source_ts": item.source_ts,
        "source_link": item.source_link,
    }
    item.text = action_items.clean_text(text)
    item.quote = item.quote_author = ""
    item.source_channel = item.source_ts = item.source_link = None
    audience = visibility.joint_audience(session, by.alliance.id).id
    _move(session, item, by, "shared", before, audience, 0, place, now=now)
    item.history_from = history.of(session, RECORD, item.id)[-1].id
    session.add(item)
    tell_news(session, item, "shared", [item.owner_id, item.proposer_id], by, now=now)


def check_may_take_back(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    """Raises NotAllowed naming who of another firm has a part in it, and Stale for what is the
    firm's own already."""
    check_visible(session, item, by)
    if item.series_side_id:
        called = action_item_records.reference(item, by.alliance)
        raise Stale(f"{called} is your firm's own already.")
    if item.proposer_side_id != by.side.id:
        proposer = session.get_one(Person, item.proposer_id)
        firm = session.get_one(Side, item.proposer_side_id).firm
        raise NotAllowed(f"{proposer.name} of {firm} proposed it, so it stays with every firm.")
    if not may_take_back(session, item, by, now=now):
        raise NotAllowed(
            "Its proposer or an alliance manager of your firm takes it back. Nothing has changed."
        )
    _check_nobody_else(session, item, by, now=now)
    consent.check_private(session, by, now=now)


def _check_nobody_else(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    parts = [(item.owner_id, "owns it; `cancel` it instead")]
    parts += [(who, "helps with it") for who in action_item_records.helpers(session, item)]
    parts += [(item.waiting_on_id, "is waited for")] if item.waiting_on_id else []
    for person_id, part in parts:
        person = session.get_one(Person, person_id)
        seat = visibility.current_seat(session, item.alliance_id, person_id, now=now)
        if seat is not None and (seat[1].id != by.side.id or seat[0].stated):
            whose = f" of {seat[1].firm}" if seat[1].id != by.side.id else ", not confirmed yet,"
            raise NotAllowed(f"{person.name}{whose} {part}. Nothing has changed.")
    if item.owner_side_id != by.side.id:
        firm = session.get_one(Side, item.owner_side_id).firm
        raise NotAllowed(f"It is {firm}'s to do; `cancel` it instead. Nothing has changed.")


def take_back(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> Emptied:
    """Make it the firm's own, and empty what the bot has shown of it to others."""
    check_may_take_back(session, item, by, now=now)
    names = (item.token, action_item_records.reference(item, by.alliance))
    shown = mirrors.copies(session, item.card_id) if item.card_id else []
    place = session.get(Conversation, shown[0].conversation_id) if shown else None
    audience = visibility.side_audience(session, by.side).id
    _move(session, item, by, "taken_back", _identity(item), audience, by.side.id, place, now=now)
    people = _may_not_read(session, item, now=now)
    messages = withdrawing.from_people(session, (RECORD, item.id), names, people, now=now)
    tell_news(session, item, "taken_back", [item.owner_id, item.proposer_id], by, now=now)
    return Emptied(sum(card.ts is not None for card in shown), messages)


def shown_to_others(session: Session, item: ActionItem, by: Seat) -> list[Sighting]:
    """Where people of other firms had it before them, newest first."""
    own = frozenset({by.side.id})
    return [one for one in deliveries.of(session, item, by) if one.sides - own]


def _may_not_read(session: Session, item: ActionItem, *, now: datetime) -> list[int]:
    """Everybody who ever had a place in its alliance and may not see it now."""
    had_one = select(Member.person_id).where(Member.alliance_id == item.alliance_id).distinct()
    found = []
    for person_id in session.exec(had_one):
        member = visibility.current_member(session, item.alliance_id, person_id, now=now)
        if member is None or not visibility.may_see(session, member, item.audience_id):
            found.append(person_id)
    return found


def _identity(item: ActionItem) -> dict[str, Any]:
    return {"series": item.series_side_id, "number": item.number}


def _move(
    session: Session,
    item: ActionItem,
    by: Seat,
    what: str,
    before: dict[str, Any],
    audience_id: int,
    series: int,
    place: Conversation | None,
    *,
    now: datetime,
) -> None:
    """Give it another audience and number, and a card of its own in a place where that fits; the
    card it was on shows it no more."""
    was, left = action_item_records.reference(item, by.alliance), item.card_id
    item.audience_id, item.series_side_id = audience_id, series
    item.number = action_item_records.next_number(session, by.alliance, series)
    item.card_id = None
    cards.place_item(session, item, place, None, by.person, now=now)
    session.add(item)
    after = {**_identity(item), "text": item.text}
    action_item_records.note(session, item, what, by, now, before, after)
    if left is not None:
        cards.note_moved(session, left, item, what, was, by.person, now=now)
    for card in cards.it_left(session, item):
        redraw_card(session, card, now=now)
    tell_changed(session, item, now=now)
