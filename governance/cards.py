"""Cards: the messages in a conversation that show records and are kept up to date."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from governance import visibility
from storage.tables import ActionItem, Card, Conversation, Person

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
    )
    .order_by(col(Card.id).desc())
    .limit(1)
)


def place_item(
    session: Session,
    item: ActionItem,
    conversation: Conversation | None,
    thread: str | None,
    by: Person,
    *,
    now: datetime,
) -> Card | None:
    """The card in this conversation on which an item is shown, new or shared with what the same
    person captured there a moment ago. None where it would show the item to others than may see
    it: a direct message, another alliance's channel, a private item in a joint channel."""
    if conversation is None or not _is_for(session, conversation, item):
        return None
    card = _recent(session, item, conversation, thread, by, now=now) or Card(
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
    item.card_id = card.id
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


def items_on(session: Session, card: Card) -> list[ActionItem]:
    chosen = select(ActionItem).where(ActionItem.card_id == card.id)
    return list(session.exec(chosen.order_by(col(ActionItem.id))))
