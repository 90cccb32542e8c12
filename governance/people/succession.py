"""Who looks after a firm's side when its last alliance manager goes."""

from datetime import datetime

from sqlmodel import Session, col, select

from governance.errors import NotAllowed, Stale, SuccessorNeeded
from governance.messages import outbox
from governance.people import members
from governance.people.members import Seat
from storage.tables import Member, Person, Side


def keep_a_manager(session: Session, by: Seat, member: Member, *, now: datetime) -> None:
    """Raises SuccessorNeeded where a member of the manager's own firm is about to give up its last
    lasting place of an alliance manager."""
    if member.role != "manager" or member.side_id != by.side.id:
        return
    _one_at_a_time(session, by.side)
    if not [one for one in _lasting(session, by, now=now) if one.person_id != member.person_id]:
        name = session.get_one(Person, member.person_id).name
        raise SuccessorNeeded(f"{name} is {by.side.firm}'s last alliance manager. Who follows?")


def _lasting(session: Session, by: Seat, *, now: datetime) -> list[Member]:
    """The firm's alliance managers whose place has no last day."""
    return [
        member
        for member, _, side in members.members(session, by.alliance.id, now=now)
        if side.id == by.side.id and member.role == "manager" and member.until is None
    ]


def candidates(session: Session, by: Seat, *, now: datetime) -> list[Person]:
    """The firm's own confirmed people who stay, by name."""
    return [
        person
        for member, person, side in members.members(session, by.alliance.id, now=now)
        if side.id == by.side.id and _can_follow(member, person)
    ]


def _can_follow(member: Member, person: Person) -> bool:
    return not member.stated and member.until is None and person.gone_at is None


def may_step_in(session: Session, by: Seat, *, now: datetime) -> bool:
    """Whether this person may look after their firm: it had an alliance manager and lost them. One
    that never had any is asked for its first in another way."""
    full = by.person.standing == "full" and _can_follow(by.member, by.person)
    here = members.managers(session, by.alliance.id, by.side.id, now=now)
    return full and not here and _had_one(session, by.side, now=now)


def _had_one(session: Session, side: Side, *, now: datetime) -> bool:
    ended = select(Member.id).where(
        Member.side_id == side.id, Member.role == "manager", col(Member.until) <= now.date()
    )
    return session.exec(ended).first() is not None


def check_may_step_in(session: Session, by: Seat, *, now: datetime) -> None:
    _one_at_a_time(session, by.side)
    here = members.managers(session, by.alliance.id, by.side.id, now=now)
    if here:
        raise Stale(f"{here[0].name} looks after {by.side.firm} already.")
    if not may_step_in(session, by, now=now):
        raise NotAllowed(f"An alliance manager can give you that role at {by.side.firm}.")


def tell(session: Session, by: Seat, follows: Person, instead_of: Person, *, now: datetime) -> None:
    """Who follows hears it with their daily message, and so do the alliance managers of the other
    firms: it is their counterpart."""
    everyone = members.members(session, by.alliance.id, now=now)
    others = [p for m, p, side in everyone if m.role == "manager" and side.id != by.side.id]
    for person in (follows, *others):
        what = "follows" if person is follows else "followed"
        outbox.put(
            session,
            outbox.SIDE_NEWS,
            {"side": by.side.id, "what": what, "by": instead_of.name, "to": follows.name},
            key=f"side_news:{by.side.id}:{what}:{person.id}:{now.isoformat()}",
            installation_id=by.alliance.installation_id,
            alliance_id=by.alliance.id,
            person_id=person.id,
            now=now,
            held=True,
        )


def _one_at_a_time(session: Session, side: Side) -> None:
    """Two who go in the same moment must not each count on the other."""
    session.exec(select(Side.id).where(Side.id == side.id).with_for_update()).one()
