"""Whom the bot may write to by itself, and whether a firm keeps records of its own here.

Nobody of a firm is enrolled behind its back: until its alliance manager has looked at who is on its
side and pressed *Looks right*, the bot writes only to those of its people who acted themselves;
everybody else hears in the shared channel. And nothing of one firm alone is recorded before its
alliance manager has read who stores it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, case, func, or_
from sqlmodel import Session, col, select

from governance import history, visibility
from governance.errors import NotAllowed, PrivateOff
from governance.firms import rights, sides
from governance.people import members
from governance.people.members import Seat
from storage.tables import Alliance, Member, Side


def note_acted(session: Session, member: Member, *, now: datetime) -> None:
    """Somebody did something here themselves: from now on they may be written to."""
    if member.acted_at is None:
        member.acted_at = now
        session.add(member)


def may_be_written_to(session: Session, alliance_id: int, person_id: int, *, now: datetime) -> bool:
    """Whether the bot may write to a person directly about an alliance, unasked."""
    seat = visibility.current_seat(session, alliance_id, person_id, now=now)
    return seat is not None and has_agreed(*seat)


def has_agreed(member: Member, side: Side) -> bool:
    """Whether they acted here themselves, or their firm's people were looked at. A sponsor has to
    act themselves: only their own alliance manager introduces the bot to them."""
    looked_at = side.checked_at is not None and member.role != "sponsor"
    return member.acted_at is not None or looked_at


def quiet_alliances(
    session: Session, person_ids: Iterable[int], *, now: datetime
) -> dict[int, frozenset[int]]:
    """For each of these people the alliances of which nothing is said to them unasked: they have
    not agreed to it, have left, or it is closed. People without any are left out."""
    looked_at = and_(col(Side.checked_at).is_not(None), col(Member.role) != "sponsor")
    agreed = or_(col(Member.acted_at).is_not(None), looked_at)
    heard = and_(visibility.has_a_place(now.date()), agreed, col(Alliance.closed_at).is_(None))
    rows = session.exec(
        select(Member.person_id, Member.alliance_id, func.max(case((heard, 1), else_=0)))
        .join(Side, col(Side.id) == Member.side_id)
        .join(Alliance, col(Alliance.id) == Member.alliance_id)
        .where(col(Member.person_id).in_(list(person_ids)))
        .group_by(col(Member.person_id), col(Member.alliance_id))
    )
    found: dict[int, set[int]] = {}
    for person_id, alliance_id, hears in rows:
        if not hears:
            found.setdefault(person_id, set()).add(alliance_id)
    return {person_id: frozenset(alliances) for person_id, alliances in found.items()}


def check_private(session: Session, by: Seat, *, now: datetime) -> None:
    """Before anything of one firm alone is recorded. Raises PrivateOff while it is off."""
    if by.side.private_since is not None:
        return
    managers = members.managers(session, by.alliance.id, by.side.id, now=now)
    names = " or ".join(person.name for person in managers)
    who = (
        f"{names} can turn that on."
        if names
        else "Its alliance manager can turn that on; it has none yet."
    )
    everybody = sides.every_firm(session, by.alliance.id)
    raise PrivateOff(
        f"{by.side.firm} keeps no records of its own here yet, so nothing was recorded. {who} You "
        f"can record it for {everybody} instead: `action` in the shared channel.",
        side_id=by.side.id,
        may_turn_on=_may_decide(by),
    )


def turn_private_on(session: Session, by: Seat, *, now: datetime) -> None:
    """An alliance manager has read who stores what their firm records for itself."""
    _check_may_decide(by)
    if by.side.private_since is None:
        _set_private(session, by, now, what="private_on", now=now)


def turn_private_off(session: Session, by: Seat, *, now: datetime) -> None:
    """From now on nothing new of the firm alone is recorded; what there is stays readable."""
    _check_may_decide(by)
    if by.side.private_since is not None:
        _set_private(session, by, None, what="private_off", now=now)


def _may_decide(by: Seat) -> bool:
    return rights.has(by, "firm")


def _check_may_decide(by: Seat) -> None:
    if not _may_decide(by):
        raise NotAllowed(f"An alliance manager of {by.side.firm} decides that.")


def _set_private(
    session: Session, by: Seat, since: datetime | None, *, what: str, now: datetime
) -> None:
    by.side.private_since, by.side.private_by = since, by.person.id
    session.add(by.side)
    history.note(
        session,
        alliance_id=by.alliance.id,
        record="side",
        record_id=by.side.id,
        what=what,
        by=by.person.id,
        now=now,
    )
