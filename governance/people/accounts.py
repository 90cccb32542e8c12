"""One human with accounts on two platforms, known as one person once both accounts have said so.

One of the accounts is kept: everything of the other's goes over to it, and what the other does or
is named for from then on counts as done by, or meant for, the one that is kept. What happened
before stays in the account of history as it happened.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, delete, or_, select

from governance import visibility
from governance.errors import BotError, NotAllowed
from governance.people import members
from governance.sponsors import seats
from storage.sponsor_tables import SponsorAsk, SponsorSeat
from storage.tables import (
    ActionItem,
    ActionItemHelper,
    Alliance,
    Draft,
    Member,
    Outbox,
    Person,
    Workspace,
)
from storage.trust_tables import CheckIn

ROLES_THAT_COUNT_MORE = ("manager", "sponsor", "lead")
WAITING = ("pending", "held")

_THEIRS: tuple[tuple[Any, Any], ...] = (
    (ActionItem, col(ActionItem.owner_id)),
    (ActionItem, col(ActionItem.proposer_id)),
    (ActionItem, col(ActionItem.suggested_by)),
    (ActionItem, col(ActionItem.waiting_on_id)),
    (Person, col(Person.stand_in_id)),
    (Draft, col(Draft.person_id)),
    (SponsorSeat, col(SponsorSeat.assistant_id)),
    (SponsorSeat, col(SponsorSeat.successor_id)),
    (SponsorAsk, col(SponsorAsk.asked_by)),
    (CheckIn, col(CheckIn.person_id)),
)
"""What goes over with a plain change of the id."""


def kept_of(session: Session, account: Person) -> Person:
    """The account as which somebody takes part."""
    if account.joined_to_id is None:
        return account
    return session.get_one(Person, account.joined_to_id)


def others_of(session: Session, kept: Person) -> list[Person]:
    """The accounts that were joined to this one."""
    return list(session.exec(select(Person).where(Person.joined_to_id == kept.id)))


def check(session: Session, one: Person, two: Person, *, now: datetime) -> None:
    """Whether these accounts can be one person's. Raises BotError, and NotAllowed for accounts of
    two firms."""
    if one.id == two.id:
        raise BotError("That is this account. Write it from your other one.")
    homes = [session.get_one(Workspace, person.workspace_id) for person in (one, two)]
    if homes[0].installation_id != homes[1].installation_id:
        raise BotError("I can't find that code. It may be used, or older than half an hour.")
    for person in (one, two):
        if person.joined_to_id is not None or others_of(session, person):
            raise BotError(f"{person.name}'s accounts are joined already.")
        if person.standing != "full" or person.gone_at is not None:
            raise NotAllowed(
                f"{person.name}'s account is a guest's or closed, so it can't be joined to another."
            )
    for alliance in _alliances_of(session, one, two, now=now):
        if len(_sides_of(session, alliance, one, two, now=now)) > 1:
            raise NotAllowed(
                f"In {alliance.name} these accounts are of two firms, so they can't be one person."
            )


def _alliances_of(session: Session, *people: Person, now: datetime) -> list[Alliance]:
    """Those in which one of them has a place, or whose firm their workspace is."""
    found: dict[int, Alliance] = {}
    for person in people:
        there = visibility.alliances_of(session, person.id, now=now)
        for alliance in (*there, *members.alliances_of_firm(session, person)):
            found[alliance.id] = alliance
    return list(found.values())


def _sides_of(session: Session, alliance: Alliance, *people: Person, now: datetime) -> set[int]:
    """The sides on which these accounts are, or would be by their workspaces."""
    seats = (visibility.current_seat(session, alliance.id, p.id, now=now) for p in people)
    homes = (members.side_of_workspace(session, alliance, person) for person in people)
    return {seat[1].id for seat in seats if seat} | {side.id for side in homes if side}


def join(session: Session, kept: Person, other: Person, *, now: datetime) -> None:
    """From now on both are one person, whom messages reach at the account that is kept. Raises as
    `check` does."""
    check(session, kept, other, now=now)
    _take_places(session, kept, other, now=now)
    _take_help(session, kept, other)
    run = session.connection().execute
    for table, column in _THEIRS:
        run(update(table).where(column == other.id).values({column.key: kept.id}))
    session.refresh(kept)
    _straighten(session, kept)
    waiting = update(Outbox).where(
        col(Outbox.person_id) == other.id, col(Outbox.state).in_(WAITING)
    )
    run(waiting.values(person_id=kept.id))
    last = [day for day in (kept.last_digest_on, other.last_digest_on) if day is not None]
    kept.last_digest_on = max(last, default=None)
    other.joined_to_id, other.next_digest_at, other.stand_in_id = kept.id, None, None
    members.schedule_digest(kept, now=now)
    session.add_all([kept, other])
    session.flush()
    session.expire_all()


def _take_places(session: Session, kept: Person, other: Person, *, now: datetime) -> None:
    still = or_(col(Member.until).is_(None), col(Member.until) > now.date())
    for place in list(session.exec(select(Member).where(Member.person_id == other.id, still))):
        own = visibility.current_member(session, place.alliance_id, kept.id, now=now)
        if own is None:
            place.person_id = kept.id
            own = place
        else:
            _into_one(own, place, now=now)
        seats.hand_to(session, place.alliance_id, other.id, kept.id, now=now)
        own.acted_at = own.acted_at or place.acted_at or now
        session.add_all([place, own])
        session.flush()
        members.note_member(
            session, own, "accounts_joined", kept, now, {"name": kept.name, "other": other.name}
        )


def _into_one(own: Member, place: Member, *, now: datetime) -> None:
    """Two places on one side become one. Nothing is left behind, so nobody is asked about it."""
    if place.role in ROLES_THAT_COUNT_MORE and own.role not in ROLES_THAT_COUNT_MORE:
        own.role = place.role
    own.stated = own.stated and place.stated
    place.until, place.cleared_at = now.date(), now


def _take_help(session: Session, kept: Person, other: Person) -> None:
    helped = select(ActionItemHelper.item_id).where(ActionItemHelper.person_id == kept.id)
    run = session.connection().execute
    theirs = col(ActionItemHelper.person_id) == other.id
    run(delete(ActionItemHelper).where(theirs, col(ActionItemHelper.item_id).in_(helped)))
    run(update(ActionItemHelper).where(theirs).values(person_id=kept.id))


def _straighten(session: Session, kept: Person) -> None:
    """Nobody stands in for themselves, waits for themselves or helps with what they own."""
    if kept.stand_in_id == kept.id:
        kept.stand_in_id = None
    owned = select(ActionItem.id).where(ActionItem.owner_id == kept.id)
    run = session.connection().execute
    helping = col(ActionItemHelper.person_id) == kept.id
    run(delete(ActionItemHelper).where(helping, col(ActionItemHelper.item_id).in_(owned)))
    waits = update(ActionItem).where(
        col(ActionItem.owner_id) == kept.id, col(ActionItem.waiting_on_id) == kept.id
    )
    run(waits.values(waiting_on_id=None))


def part(session: Session, kept: Person) -> list[Person]:
    """The other accounts stand by themselves again; what there is stays with the one kept. Returns
    them."""
    others = others_of(session, kept)
    for other in others:
        other.joined_to_id = None
        session.add(other)
    session.flush()
    return others
