"""Outbox rows made into messages, at the moment they are sent, from the state at that moment.

A row that is no longer true becomes nothing and is cancelled. Every record shown is checked
against its reader here, whoever put the row down. Only an answer is said as it was made: for its
reader, by the act that checked what they may see, a moment ago.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from governance import cards, outbox, sides, visibility
from handlers import alliances, digest, lists
from handlers.action_item_views import card as item_card
from handlers.action_item_views import may_read
from handlers.decisions import decision, news, still_holds
from handlers.views import MESSAGE, Message
from storage.tables import (
    ActionItem,
    Alliance,
    Card,
    Conversation,
    Outbox,
    Person,
)


@dataclass(frozen=True)
class Ready:
    """A message to send and the records it shows (noun and id), for the account of who saw what."""

    message: Message
    records: tuple[tuple[str, int], ...] = ()


Make = Callable[[Session, Outbox, datetime, bool], Ready | None]


def make(session: Session, row: Outbox, *, now: datetime, again: bool = False) -> Ready | None:
    """The message of a row, or None when it should not be sent. `again`: it was sent before and is
    brought up to date, so a question that is answered shows its answer instead of vanishing."""
    return NOTICES[row.kind](session, row, now, again)


def _card(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    card = session.get(Card, row.facts["card"])
    place = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    if card is None or place is None:
        return None
    if not visibility.may_be_said_in(session, place, card.audience_id, now=now):
        raise NotForHere(place.name)
    return card_message(session, card)


class NotForHere(Exception):
    """The gate: somebody in this conversation may not see the record, or it can't be known."""


def card_message(session: Session, card: Card) -> Ready | None:
    if card.kind == alliances.CARD_KIND:
        alliance = session.get_one(Alliance, card.alliance_id)
        by = session.get_one(Person, card.opened_by)
        firms = [side.firm for side in sides.of(session, alliance.id)]
        return Ready(alliances.card(alliance, firms, by), (("alliance", alliance.id),))
    items = [i for i in cards.items_on(session, card) if i.audience_id == card.audience_id]
    if not items:
        return None
    return Ready(item_card(session, items), tuple(("action_item", item.id) for item in items))


def _decide(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    item, person = session.get(ActionItem, row.facts["item"]), _reader(session, row)
    if item is None or not may_read(session, item, person, now=now):
        return None
    message = decision(session, item, person, now=now, again=again)
    return Ready(message, (("action_item", item.id),)) if message else None


def _news(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    item, person = session.get(ActionItem, row.facts["item"]), _reader(session, row)
    if item is None or not may_read(session, item, person, now=now):
        return None
    if not still_holds(item, row.facts["what"]):
        return None
    message = news(session, item, person, row.facts["what"], row.facts["by"], now=now)
    return Ready(message, (("action_item", item.id),))


def _digest(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    person = _reader(session, row)
    day = date.fromisoformat(row.facts["day"])
    made = digest.message(session, row.facts, person, day=day, now=now, again=again)
    return Ready(made[0], made[1]) if made else None


def _home(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    return Ready(lists.home(session, _reader(session, row), now=now))


def _answer(session: Session, row: Outbox, now: datetime, again: bool) -> Ready | None:
    return Ready(MESSAGE.validate_json(row.facts["message"]))


def _reader(session: Session, row: Outbox) -> Person:
    return session.get_one(Person, row.person_id)


NOTICES: dict[str, Make] = {
    outbox.CARD.name: _card,
    outbox.DECIDE.name: _decide,
    outbox.NEWS.name: _news,
    outbox.DIGEST.name: _digest,
    outbox.HOME.name: _home,
    outbox.ANSWER.name: _answer,
}


def redraw(session: Session, place: Conversation, ts: str, *, now: datetime) -> Message | None:
    """A message of ours that somebody pressed, as it should read now; None if it isn't kept."""
    card = session.exec(select(Card).where(Card.conversation_id == place.id, Card.ts == ts)).first()
    if card is not None:
        return _card_again(session, card, place, now=now)
    row = session.exec(
        select(Outbox).where(
            Outbox.channel == place.external_id, Outbox.ts == ts, Outbox.state == "sent"
        )
    ).first()
    if row is None or row.kind not in (outbox.DECIDE.name, outbox.DIGEST.name) or not row.facts:
        return None
    ready = make(session, row, now=now, again=True)
    return ready.message if ready else None


def _card_again(
    session: Session, card: Card, place: Conversation, *, now: datetime
) -> Message | None:
    """A firm's own card is shown anew only where the gate lets it; otherwise the sender decides,
    with fresh facts."""
    joint = visibility.joint_audience(session, card.alliance_id).id
    if card.audience_id != joint and not visibility.may_be_said_in(
        session, place, card.audience_id, now=now
    ):
        return None
    ready = card_message(session, card)
    return ready.message if ready else None
