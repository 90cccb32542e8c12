"""Codes with which a further firm comes into an alliance, or the people whom a firm of it has on
another platform: made by an alliance manager, used once.

A code that never was, and one that can't be used any more, get the same words: whoever tries one
is told nothing of an alliance.
"""

import re
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.errors import NotAllowed, NotFound
from governance.firms import agreements, rights, sides
from governance.messages import outbox
from governance.people import accounts, members
from governance.people.members import Seat
from storage.tables import Alliance, Invitation, Person, Side

RECORD = "invitation"
LASTS = timedelta(days=14)
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that is easily taken for another."""

GROUP = 5
WRITTEN = re.compile(rf"[{LETTERS}]{{{GROUP}}}[^0-9A-Z]?[{LETTERS}]{{{GROUP}}}", re.I)
GONE = (
    "That code can't be used. Perhaps it is mistyped, used or replaced, or older than two weeks. "
    "Whoever gave it to you can make another. Nothing has changed."
)


def make(session: Session, by: Seat, *, now: datetime) -> Invitation:
    """A new code for a further firm; one that waits is replaced. The alliance managers of the other
    firms hear of it. Raises NotAllowed, and Bound."""
    check_may_invite(by)
    lock(session, by.alliance)
    history.check_open(by.alliance)
    others = bound(session, by.alliance, by.person, now=now)
    if others:
        raise Bound(
            f"{by.alliance.name} has its firms already, and one firm alone can't bring in another "
            f"beside {' and '.join(side.firm for side in others)}."
        )
    made = _made(session, by, None, now=now)
    tell_managers(session, by, "invited", now=now)
    return made


class Bound(NotAllowed):
    """A further firm would take the word of every firm."""


def make_own(session: Session, by: Seat, *, now: datetime) -> Invitation:
    """A new code for the people whom the inviter's own firm has on another platform; one that waits
    is replaced. It is their firm's matter alone. Raises NotAllowed."""
    check_may_invite(by)
    lock(session, by.alliance)
    history.check_open(by.alliance)
    return _made(session, by, by.side.id, now=now)


def _made(session: Session, by: Seat, side_id: int | None, *, now: datetime) -> Invitation:
    _end_waiting(session, by, side_id, now=now)
    made = Invitation(
        code=_new_code(),
        alliance_id=by.alliance.id,
        side_id=side_id,
        made_by=by.person.id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    note(session, made, "made", by.person, now=now)
    return made


def check_may_invite(by: Seat) -> None:
    if not rights.has(by, "invite"):
        raise NotAllowed(
            "The alliance managers whom their firm has confirmed invite a further firm; `people` "
            "shows who they are."
        )


def bound(session: Session, alliance: Alliance, inviter: Person, *, now: datetime) -> list[Side]:
    """The firms whose word a further one would take, besides the inviter's. None while a firm that
    was named from the beginning has not come in yet: the others have agreed to that one."""
    if sides.without_workspace(session, alliance.id):
        return []
    seat = visibility.current_seat(session, alliance.id, inviter.id, now=now)
    own = seat[1].id if seat is not None else None
    governing = agreements.governing(session, alliance.id, now=now)
    return [side for side, _ in governing if side.id != own]


def lock(session: Session, alliance: Alliance) -> None:
    """Until this transaction ends nobody else makes, takes back or uses a code of the alliance."""
    session.flush()
    session.refresh(alliance, with_for_update=True)


def withdraw(session: Session, by: Seat, side_id: int | None = None, *, now: datetime) -> bool:
    """Whether there was a code to take back, for a further firm or for this side's own people.
    Raises NotAllowed."""
    check_may_invite(by)
    lock(session, by.alliance)
    return _end_waiting(session, by, side_id, now=now)


def _end_waiting(session: Session, by: Seat, side_id: int | None, *, now: datetime) -> bool:
    there = waiting(session, by.alliance.id, side_id, now=now)
    if there is not None:
        there.withdrawn_at = now
        session.add(there)
        note(session, there, "withdrawn", by.person, now=now)
    return there is not None


def waiting(
    session: Session, alliance_id: int, side_id: int | None = None, *, now: datetime
) -> Invitation | None:
    """The code that can be used now, for a further firm or for a side's own people; there is never
    more than one of each."""
    chosen = select(Invitation).where(
        Invitation.alliance_id == alliance_id,
        col(Invitation.side_id).is_not_distinct_from(side_id),
        col(Invitation.used_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
        col(Invitation.made_at) > now - LASTS,
    )
    return session.exec(chosen).one_or_none()


def find(session: Session, installation_id: int, typed: str) -> Invitation:
    """A code however it stands by now. Raises NotFound for one that never was."""
    found = session.exec(
        select(Invitation)
        .join(Alliance, col(Alliance.id) == Invitation.alliance_id)
        .where(Invitation.code == _read(typed), Alliance.installation_id == installation_id)
    ).one_or_none()
    if found is None:
        raise NotFound(GONE)
    return found


def usable(session: Session, installation_id: int, typed: str, *, now: datetime) -> Invitation:
    """A code that can be used. Raises NotFound with the same words for any other."""
    found = find(session, installation_id, typed)
    there = waiting(session, found.alliance_id, found.side_id, now=now)
    alliance = session.get_one(Alliance, found.alliance_id)
    if there is None or there.id != found.id or alliance.closed_at is not None:
        raise NotFound(GONE)
    if found.side_id is not None and not _still_invites(session, found, alliance, now=now):
        raise NotFound(GONE)
    return found


def _still_invites(
    session: Session, invitation: Invitation, alliance: Alliance, *, now: datetime
) -> bool:
    """Whether who made a code for their own people looks after that firm still."""
    maker = accounts.kept_of(session, session.get_one(Person, invitation.made_by))
    seat = visibility.current_seat(session, alliance.id, maker.id, now=now)
    if seat is None or seat[1].id != invitation.side_id:
        return False
    return rights.has(Seat(maker, *seat, alliance), "invite")


def use(session: Session, invitation: Invitation, by: Person, *, now: datetime) -> None:
    """With `lock` held since before it was found usable."""
    invitation.used_by, invitation.used_at = by.id, now
    session.add(invitation)
    note(session, invitation, "used", by, now=now)


def written(invitation: Invitation) -> str:
    """As people pass it on: K7QX9-3MPWT."""
    return f"{invitation.code[:GROUP]}-{invitation.code[GROUP:]}"


def is_written(words: str) -> bool:
    """Whether somebody wrote a code, and not the beginning of a sentence."""
    return WRITTEN.fullmatch(words.strip()) is not None


def _read(typed: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(2 * GROUP))


def tell_managers(session: Session, by: Seat, what: str, *, to: str = "", now: datetime) -> None:
    """The alliance managers of the other firms hear what somebody of this one did."""
    everyone = members.members(session, by.alliance.id, now=now)
    for member, person, side in everyone:
        if member.role == "manager" and side.id != by.side.id:
            tell(session, by, person, what, to=to, now=now)


def tell(
    session: Session, by: Seat, person: Person, what: str, *, to: str = "", now: datetime
) -> None:
    """Somebody hears with their daily message what an alliance manager did for their firm."""
    outbox.put(
        session,
        outbox.SIDE_NEWS,
        {"side": by.side.id, "what": what, "by": by.person.name, "to": to},
        key=f"side_news:{by.side.id}:{what}:{person.id}:{now.isoformat()}",
        installation_id=by.alliance.installation_id,
        alliance_id=by.alliance.id,
        person_id=person.id,
        now=now,
        held=True,
    )


def note(session: Session, invitation: Invitation, what: str, by: Person, *, now: datetime) -> None:
    """The account never names the code. One for a firm's own people is told of that firm alone."""
    own = invitation.side_id
    history.note(
        session,
        alliance_id=invitation.alliance_id,
        record=RECORD if own is None else "side",
        record_id=invitation.id if own is None else own,
        what=what if own is None else f"own_code_{what}",
        by=by.id,
        now=now,
        after={"made_by": invitation.made_by},
    )
