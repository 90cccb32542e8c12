"""Cards: the messages in a conversation that show records and are kept up to date."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from governance import history, visibility
from governance.messages import mirrors, outbox
from governance.people import consent
from storage.tables import ActionItem, Card, Conversation, HistoryEntry, Person

RECORD = "card"

ALLIANCE = "alliance"
"""The kind of the card that says what an alliance is; others show records."""

SHARED_FOR = timedelta(minutes=10)
"""Captures by one person in one place share a card for this long."""

ITEMS_ON_A_CARD = 8

_ITEMS_ON_IT = select(func.count()).where(col(ActionItem.card_id) == Card.id).scalar_subquery()
_RECENT = (
    select(Card, _ITEMS_ON_IT)
    .where(
        col(Card.conversation_id) == bindparam("conversation_id"),
        Card.kind == "action_items",
        col(Card.opened_by) == bindparam("person_id"),
        col(Card.audience_id) == bindparam("audience_id"),
        col(Card.opened_at) > bindparam("since"),
        func.coalesce(Card.thread, "") == bindparam("thread"),
        col(Card.mirror_of).is_(None),
    )
    .order_by(col(Card.id).desc())
    .limit(1)
)


def open_for_alliance(
    session: Session, alliance_id: int, place: Conversation, by: Person, *, now: datetime
) -> None:
    """Post the alliance's own card in its channel, pinned."""
    card = Card(
        kind=ALLIANCE,
        alliance_id=alliance_id,
        conversation_id=place.id,
        audience_id=visibility.joint_audience(session, alliance_id).id,
        opened_by=by.id,
        opened_at=now,
    )
    session.add(card)
    session.flush()
    _put(session, card, place.installation_id, now=now, pin=True)


def redraw_alliance(session: Session, alliance_id: int, *, now: datetime) -> None:
    """Something that the alliance's own cards say has changed."""
    shown = select(Card, Conversation.installation_id).where(
        Card.kind == ALLIANCE,
        Card.alliance_id == alliance_id,
        col(Conversation.id) == Card.conversation_id,
        Conversation.alliance_id == alliance_id,
    )
    for card, installation_id in session.exec(shown):
        _put(session, card, installation_id, now=now)


def _put(
    session: Session, card: Card, installation_id: int, *, now: datetime, pin: bool = False
) -> None:
    outbox.put(
        session,
        outbox.CARD,
        {"card": card.id, "pin": pin},
        key=f"card:{card.id}",
        installation_id=installation_id,
        alliance_id=card.alliance_id,
        conversation_id=card.conversation_id,
        now=now,
    )


def place_item(
    session: Session,
    item: ActionItem,
    conversation: Conversation | None,
    thread: str | None,
    by: Person,
    *,
    now: datetime,
) -> list[Card]:
    """The card in this conversation on which an item is shown, new or shared with what the same
    person captured there a moment ago, and its mirrors. None where it would show the item to others
    than may see it: a direct message, another alliance's channel, a private item in a joint
    channel."""
    if conversation is None or not _is_for(session, conversation, item):
        return []
    shared = (
        _recent(session, item, conversation, thread, by, now=now)
        if _may_share(session, item, now=now)
        else None
    )
    card = shared or _open(session, item, conversation, thread, by, now=now)
    item.card_id = card.id
    if item.series_side_id:
        return [card]
    if shared is not None:
        return mirrors.copies(session, card.id)
    return [card, *mirrors.add(session, card, conversation)]


def _open(
    session: Session,
    item: ActionItem,
    conversation: Conversation,
    thread: str | None,
    by: Person,
    *,
    now: datetime,
) -> Card:
    card = Card(
        kind="action_items",
        alliance_id=item.alliance_id,
        conversation_id=conversation.id,
        thread=thread,
        audience_id=item.audience_id,
        opened_by=by.id,
        opened_at=now,
    )
    session.add(card)
    session.flush()
    return card


def _is_for(session: Session, conversation: Conversation, item: ActionItem) -> bool:
    """The conversation's linked audience lies within the item's. The sender asks again, with
    fresh facts about who is there."""
    if conversation.alliance_id != item.alliance_id or conversation.audience_id is None:
        return False
    if conversation.audience_id == item.audience_id:
        return True
    there = visibility.sides_of(session, conversation.audience_id)
    return there <= visibility.sides_of(session, item.audience_id)


def _may_share(session: Session, item: ActionItem, *, now: datetime) -> bool:
    """An owner of another firm to whom the bot may not write yet hears of it in the channel only,
    where they are mentioned: an old message that is edited would tell them nothing."""
    own = item.owner_side_id == item.proposer_side_id
    return own or consent.may_be_written_to(session, item.alliance_id, item.owner_id, now=now)


def _recent(
    session: Session,
    item: ActionItem,
    conversation: Conversation,
    thread: str | None,
    by: Person,
    *,
    now: datetime,
) -> Card | None:
    asked = {
        "conversation_id": conversation.id,
        "person_id": by.id,
        "audience_id": item.audience_id,
        "since": now - SHARED_FOR,
        "thread": thread or "",
    }
    found = session.exec(_RECENT, params=asked).first()
    return found[0] if found is not None and found[1] < ITEMS_ON_A_CARD else None


def note_moved(
    session: Session,
    card_id: int,
    item: ActionItem,
    what: str,
    was: str,
    by: Person,
    *,
    now: datetime,
) -> None:
    """Keep that an item left a card by being shared or taken back, and what it was called there."""
    history.note(
        session,
        alliance_id=item.alliance_id,
        record=RECORD,
        record_id=card_id,
        what=what,
        by=by.id,
        now=now,
        before={"item": item.id, "reference": was},
    )


def moved_from(session: Session, card: Card) -> list[HistoryEntry]:
    """What left a card, oldest first."""
    return history.of(session, RECORD, mirrors.original(card))


def it_left(session: Session, item: ActionItem) -> list[Card]:
    """The cards that say what became of an item; none of them is a mirror."""
    chosen = (
        select(Card)
        .join(HistoryEntry, col(HistoryEntry.record_id) == Card.id)
        .where(
            HistoryEntry.alliance_id == item.alliance_id,
            HistoryEntry.record == RECORD,
            col(HistoryEntry.before)["item"].as_integer() == item.id,
        )
    )
    return list({card.id: card for card in session.exec(chosen)}.values())


def items_on(session: Session, card: Card) -> list[ActionItem]:
    chosen = select(ActionItem).where(ActionItem.card_id == mirrors.original(card))
    return list(session.exec(chosen.order_by(col(ActionItem.id))))
