"""Whether the people of a workspace or tenant can be those of a firm that is in already."""

from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from governance import visibility
from governance.errors import NotAllowed, NotFound, PlaceEnded
from governance.firms import invitations, sides
from governance.people import members
from storage.tables import Alliance, Installation, Member, Person, Side, SideTeam, Workspace


def check(
    session: Session,
    alliance: Alliance,
    side: Side,
    person: Person,
    team_id: str,
    *,
    now: datetime,
) -> None:
    """Whether the people of a workspace can be this firm's: nobody's are who belong to another one,
    here or in another alliance. Of that one nothing is told. Raises BotError."""
    _check_person(session, alliance, side, person, now=now)
    installation = session.get_one(Installation, alliance.installation_id)
    if team_id == installation.team_id and not side.is_host:
        raise NotFound(invitations.GONE)
    others = other_firms(session, alliance, side, team_id, now=now)
    if any(other.alliance_id != alliance.id for other in others):
        raise NotFound(invitations.GONE)
    if others:
        raise NotAllowed(
            f"Colleagues of yours are with {others[0].firm} in {alliance.name} already, and that "
            f"code is for people of {side.firm}. Nothing has changed."
        )


def _check_person(
    session: Session, alliance: Alliance, side: Side, person: Person, *, now: datetime
) -> None:
    taken = visibility.current_seat(session, alliance.id, person.id, now=now)
    if taken is not None and taken[1].id != side.id:
        raise NotAllowed(
            f"You are with {taken[1].firm} in {alliance.name} already, and that code is for "
            f"people of {side.firm}. Nothing has changed."
        )
    if taken is None and members.has_ended(session, alliance, person, now=now):
        raise PlaceEnded(
            f"Your time in {alliance.name} has ended. A colleague can use the code instead."
        )


def other_firms(
    session: Session, alliance: Alliance, side: Side, team_id: str, *, now: datetime
) -> list[Side]:
    """The sides, in any alliance, that are not this firm's and have this workspace or one of its
    people."""
    account = (
        select(func.coalesce(Person.joined_to_id, Person.id))
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(
            Workspace.installation_id == alliance.installation_id,
            Workspace.team_id == team_id,
            Person.standing == "full",
        )
    )
    sat = select(Member.side_id).where(
        col(Member.person_id).in_(account), visibility.has_a_place(now.date())
    )
    owned = select(SideTeam.side_id).where(SideTeam.team_id == team_id)
    found = session.exec(
        select(Side)
        .join(Alliance, col(Alliance.id) == Side.alliance_id)
        .where(
            Alliance.installation_id == alliance.installation_id,
            or_(col(Side.id).in_(sat), col(Side.id).in_(owned)),
        )
        .order_by(col(Side.id))
    )
    own = sides.confirmed_teams(session, side)
    return [one for one in found if one.id != side.id and not _in_common(session, own, one)]


def _in_common(session: Session, teams: set[str], side: Side) -> set[str]:
    """Two sides that have a workspace in common are one firm's."""
    return teams & sides.confirmed_teams(session, side)
