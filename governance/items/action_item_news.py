"""Who should hear when an action item changes, and how: now, or with the next daily message."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from governance import visibility
from governance.messages import mirrors, outbox
from governance.people import members
from governance.people.members import Seat
from storage.tables import (
    ActionItem,
    Alliance,
    Card,
    Conversation,
    Delivery,
    Outbox,
    Person,
    Workspace,
)

CARD_EDITS_APART = timedelta(seconds=3)
"""Edits of one card nearer together than this become one."""

DIGEST_IS_TODAYS = timedelta(hours=24)
"""How long a daily message follows what becomes of its lines; later it is history."""


def tell_decision(session: Session, item: ActionItem, person: Person, *, now: datetime) -> None:
    """Ask somebody for what has become theirs to decide: to accept, or to answer a suggestion.
    For a proposer who has left, the alliance managers of their firm are asked."""
    for reader in _who_decides(session, item, person, now=now):
        outbox.put(
            session,
            outbox.DECIDE,
            {"item": item.id},
            key=f"decide:{item.id}:{reader.id}",
            installation_id=installation_of(session, item),
            alliance_id=item.alliance_id,
            person_id=reader.id,
            now=now,
        )


def _who_decides(
    session: Session, item: ActionItem, person: Person, *, now: datetime
) -> list[Person]:
    here = visibility.current_member(session, item.alliance_id, person.id, now=now) is not None
    if here or person.id != item.proposer_id:
        return [person]
    return members.managers(session, item.alliance_id, item.proposer_side_id, now=now)


def tell_news(
    session: Session,
    item: ActionItem,
    what: str,
    person_ids: list[int | None],
    by: Seat,
    *,
    now: datetime,
    own_message: bool = False,
) -> None:
    """Let people know with their next daily message (`own_message`: by itself, if they have not
    had one today). Nobody is told what they did themselves."""
    for person_id in dict.fromkeys(person_ids):
        if person_id is None or person_id == by.person.id:
            continue
        outbox.put(
            session,
            outbox.NEWS,
            {"item": item.id, "what": what, "by": by.person.name},
            key=f"news:{item.id}:{what}:{person_id}:{now.isoformat()}",
            installation_id=installation_of(session, item),
            alliance_id=item.alliance_id,
            person_id=person_id,
            now=now,
            held=not own_message,
        )


def tell_changed(session: Session, item: ActionItem, *, now: datetime) -> None:
    """Bring up to date whatever already shows the item: its card, open questions, Homes."""
    if item.card_id is not None:
        refresh_cards(session, mirrors.copies(session, item.card_id), now=now)
    _refresh_questions(session, item, now=now)
    refresh_homes(session, item, now=now)


def refresh_homes(session: Session, item: ActionItem, *, now: datetime) -> None:
    for person_id in dict.fromkeys((item.owner_id, item.proposer_id)):
        refresh_home(session, session.get_one(Person, person_id), now=now)


def refresh_cards(session: Session, shown: Iterable[Card], *, now: datetime) -> None:
    """Post these cards, or bring their messages up to date, each while its channel belongs to the
    alliance."""
    for card in shown:
        place = session.get_one(Conversation, card.conversation_id)
        if place.alliance_id == card.alliance_id:
            _redraw(session, card, now=now)


def redraw_card(session: Session, card: Card, *, now: datetime) -> None:
    """The same for a card and its mirrors, wherever they are."""
    for copy in mirrors.copies(session, mirrors.original(card)):
        _redraw(session, copy, now=now)


def _redraw(session: Session, card: Card, *, now: datetime) -> None:
    """Edits of one card join each other."""
    alliance = session.get_one(Alliance, card.alliance_id)
    settled = card.edited_at + CARD_EDITS_APART if card.edited_at else now
    outbox.put(
        session,
        outbox.CARD,
        {"card": card.id},
        key=f"card:{card.id}",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        conversation_id=card.conversation_id,
        thread=card.thread,
        now=now,
        not_before=max(now, settled),
    )


def _refresh_questions(session: Session, item: ActionItem, *, now: datetime) -> None:
    showed_it = select(Delivery.outbox_id).where(
        Delivery.record == "action_item", Delivery.record_id == item.id
    )
    asked = session.exec(
        select(Outbox)
        .where(
            col(Outbox.id).in_(showed_it),
            or_(
                col(Outbox.kind).in_((outbox.DECIDE.name, outbox.DEPARTURE.name)),
                (col(Outbox.kind) == outbox.DIGEST.name)
                & (col(Outbox.finished_at) > now - DIGEST_IS_TODAYS),
            ),
            Outbox.state == "sent",
        )
        .order_by(col(Outbox.id).desc())
        .limit(20)
    )
    for row in asked:
        outbox.show_anew(session, row, now=now)


def refresh_home(session: Session, person: Person, *, now: datetime) -> None:
    if not person.uses_home:
        return
    workspace_installation = _installation_of_person(session, person)
    outbox.put(
        session,
        outbox.HOME,
        {"person": person.id},
        key=f"home:{person.id}",
        installation_id=workspace_installation,
        person_id=person.id,
        now=now,
    )


def installation_of(session: Session, item: ActionItem) -> int:
    return session.get_one(Alliance, item.alliance_id).installation_id


def _installation_of_person(session: Session, person: Person) -> int:
    return session.get_one(Workspace, person.workspace_id).installation_id
