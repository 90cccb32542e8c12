"""A firm's own channel that others can read: somebody else came in, or it is being shared.

While it lasts the bot's cards there are empty and nothing of the firm is said; its alliance
managers hear at once. When the channel is the firm's own again, the cards come back.
"""

from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.items.action_item_news import refresh_cards
from governance.messages import cards, outbox
from governance.people import members
from governance.seeing import readers
from storage.tables import Audience, Card, Conversation, Outbox, Person, Side

RECORD = "conversation"
OPENED, OWN_AGAIN = "opened", "own_again"
PENDING, UNKNOWN = "pending", "unknown"
"""Why a channel counts as open where nobody can be named: another firm is invited; not known."""

NOT_KNOWN_FOR = timedelta(minutes=1)
"""How long nobody is troubled by not knowing: while a channel changes its id, it can't be seen."""

LOOKED_AT_EVERY = timedelta(minutes=10)
"""An invitation to another firm makes no event: own channels are looked at this often."""


def own_places(session: Session, installation_id: int) -> list[Conversation]:
    """The channels that are one firm's own."""
    chosen = (
        select(Conversation)
        .join(Audience, col(Audience.id) == Conversation.audience_id)
        .where(
            Conversation.installation_id == installation_id,
            col(Conversation.alliance_id).is_not(None),
            Audience.name != visibility.JOINT,
        )
    )
    return list(session.exec(chosen))


def to_look_at(
    session: Session, installation_id: int, platform: str, *, now: datetime
) -> list[str]:
    """A platform's own channels of which nothing recent is known, by its id."""
    return [
        place.external_id
        for place in own_places(session, installation_id)
        if place.platform == platform
        and (place.facts_at is None or now - place.facts_at >= LOOKED_AT_EVERY)
    ]


def places_of(session: Session, installation_id: int, person_id: int) -> list[str]:
    """The firms' own channels that somebody is in, by the platform's id."""
    return [
        place.external_id
        for place in own_places(session, installation_id)
        if str(person_id) in place.person_ids.split(",")
    ]


def is_open(session: Session, place: Conversation | None) -> bool:
    """Whether others could read this firm's own channel when it was last looked at."""
    return place is not None and bool(causes(session, place))


def causes(session: Session, place: Conversation) -> list[str]:
    """Who or what had opened it when it was last looked at; empty for any other channel."""
    if side_of(session, place) is None:
        return []
    entries = history.of(session, RECORD, place.id)
    return list(entries[-1].after["causes"]) if entries and entries[-1].what == OPENED else []


def check(session: Session, place: Conversation, *, now: datetime) -> None:
    """Compare who can read a channel, as looked up this moment, with what was known before."""
    side = side_of(session, place)
    if side is None:
        return
    before, found = causes(session, place), _found(session, place, side, now=now)
    if found:
        hide(session, place, now=now)
    if found == before:
        return
    _note(session, place, found, now=now)
    if not found:
        show(session, place, now=now)
        _tell_own_again(session, place, side, now=now)
    elif set(found) - set(before):
        _tell_opened(session, place, side, found, now=now)


def side_of(session: Session, place: Conversation) -> Side | None:
    """The firm whose own channel it is."""
    audience = session.get(Audience, place.audience_id) if place.audience_id else None
    if audience is None or audience.name == visibility.JOINT:
        return None
    [side_id] = visibility.sides_of(session, audience.id)
    return session.get_one(Side, side_id)


def _found(session: Session, place: Conversation, side: Side, *, now: datetime) -> list[str]:
    assert place.audience_id is not None
    if visibility.may_be_said_in(session, place, place.audience_id, now=now):
        return []
    named = readers.others(session, place, side, now=now)
    return named + ([PENDING] if place.sharing == "pending" else []) or [UNKNOWN]


def _note(session: Session, place: Conversation, found: list[str], *, now: datetime) -> None:
    assert place.alliance_id is not None
    audience = session.get_one(Audience, place.audience_id)
    history.note(
        session,
        alliance_id=place.alliance_id,
        record=RECORD,
        record_id=place.id,
        what=OPENED if found else OWN_AGAIN,
        by=None,
        now=now,
        after={"audience": audience.name, "causes": found},
    )


def hide(session: Session, place: Conversation, *, now: datetime) -> None:
    """Whatever is shown there of the firm, or is about to be."""
    for card in _own_cards(session, place):
        if card.blanked_at is None:
            card.blanked_at = now
            session.add(card)
            refresh_cards(session, [card], now=now)


def show(session: Session, place: Conversation, *, now: datetime) -> None:
    for card in _own_cards(session, place):
        if card.blanked_at is not None:
            card.blanked_at = None
            session.add(card)
            refresh_cards(session, [card], now=now)


def _own_cards(session: Session, place: Conversation) -> list[Card]:
    chosen = select(Card).where(
        Card.conversation_id == place.id, Card.audience_id == place.audience_id
    )
    return list(session.exec(chosen))


def _tell_opened(
    session: Session, place: Conversation, side: Side, found: list[str], *, now: datetime
) -> None:
    shown = [card for card in _own_cards(session, place) if card.ts is not None]
    items = [item.id for card in shown for item in cards.items_on(session, card)]
    facts = {"place": place.id, "causes": found, "items": items}
    for manager in members.managers(session, side.alliance_id, side.id, now=now):
        key = f"{outbox.PLACE_OPENED.name}:{place.id}:{manager.id}:{now.date()}:{'|'.join(found)}"
        _tell(session, outbox.PLACE_OPENED, facts, key, place, manager, now=now)


def _tell_own_again(session: Session, place: Conversation, side: Side, *, now: datetime) -> None:
    for manager in members.managers(session, side.alliance_id, side.id, now=now):
        for row in _told(session, place, manager, now=now):
            outbox.show_anew(session, row, now=now)
        key = f"{outbox.PLACE_OWN_AGAIN.name}:{place.id}:{manager.id}:{now.date()}"
        _tell(session, outbox.PLACE_OWN_AGAIN, {"place": place.id}, key, place, manager, now=now)


def _told(session: Session, place: Conversation, manager: Person, *, now: datetime) -> list[Outbox]:
    """What they heard while it was open, and earlier that day."""
    began = min(_opened_at(session, place), now.replace(hour=0, minute=0, second=0, microsecond=0))
    chosen = select(Outbox).where(
        Outbox.person_id == manager.id,
        Outbox.kind == outbox.PLACE_OPENED.name,
        Outbox.state == "sent",
        col(Outbox.created_at) >= began,
    )
    return [row for row in session.exec(chosen) if row.facts.get("place") == place.id]


def _opened_at(session: Session, place: Conversation) -> datetime:
    """When the opening began that is over now."""
    *before, _ = history.of(session, RECORD, place.id)
    return list(takewhile(lambda entry: entry.what == OPENED, reversed(before)))[-1].at


def _tell(
    session: Session,
    kind: outbox.Kind,
    facts: dict[str, Any],
    key: str,
    place: Conversation,
    manager: Person,
    *,
    now: datetime,
) -> None:
    """Each thing once a day: somebody who comes and goes makes no flood. What was said of it that
    day is brought up to date instead."""
    said = select(Outbox).where(
        Outbox.person_id == manager.id, Outbox.kind == kind.name, Outbox.dedup_key == key
    )
    before = session.exec(said.where(col(Outbox.state) != "cancelled")).first()
    if before is not None and before.state == "sent":
        outbox.show_anew(session, before, now=now)
    if before is not None:
        return
    outbox.put(
        session,
        kind,
        facts,
        key=key,
        installation_id=place.installation_id,
        alliance_id=place.alliance_id,
        person_id=manager.id,
        now=now,
        not_before=now + (NOT_KNOWN_FOR if facts.get("causes") == [UNKNOWN] else timedelta()),
    )
