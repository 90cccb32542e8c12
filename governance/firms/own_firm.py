"""A firm takes part from a further workspace or tenant as well: its people there come in with a
code of its alliance manager.

Until one of its alliance managers has confirmed that those are its people, they see what is joint
and nothing of the firm's own, whoever the code went to. It is the firm's matter alone; the others
are told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.firms import channels, invitations, rights, sides, whose_people
from governance.messages import outbox
from governance.people import accounts, members, roster
from governance.people.members import Seat
from storage.tables import (
    Alliance,
    Conversation,
    FormerTeam,
    Invitation,
    Member,
    Outbox,
    Person,
    Side,
    SideTeam,
    Workspace,
)

RECORD = sides.RECORD
REMOVED = "That was removed meanwhile. Nothing has changed."


@dataclass(frozen=True)
class CameIn:
    """What came in with a code of a firm's own: whose workspace or tenant, and who used it."""

    team: SideTeam
    side: Side
    home: Workspace
    invitation: Invitation
    by: Person


def of_side(session: Session, side: Side) -> list[CameIn]:
    """In the order in which they came."""
    chosen = select(SideTeam, Invitation).join(
        Invitation, col(Invitation.id) == SideTeam.invitation_id
    )
    rows = session.exec(chosen.where(SideTeam.side_id == side.id).order_by(col(SideTeam.id)))
    return [_came_in(session, team, side, invitation) for team, invitation in rows]


def with_code(session: Session, invitation: Invitation) -> CameIn | None:
    """What came in with it, unless that was removed."""
    if invitation.side_id is None:
        return None
    side = session.get_one(Side, invitation.side_id)
    found = (one for one in of_side(session, side) if one.invitation.id == invitation.id)
    return next(found, None)


def _came_in(session: Session, team: SideTeam, side: Side, invitation: Invitation) -> CameIn:
    home = _home(session, side.alliance_id, team.team_id)
    return CameIn(team, side, home, invitation, session.get_one(Person, invitation.used_by))


def _home(session: Session, alliance_id: int, team_id: str) -> Workspace:
    installation = session.get_one(Alliance, alliance_id).installation_id
    chosen = select(Workspace).where(
        Workspace.installation_id == installation, Workspace.team_id == team_id
    )
    return session.exec(chosen).one()


def not_linked(session: Session, found: CameIn) -> Conversation | None:
    """The channel that was to become the firm's own and is not, though they are confirmed."""
    if found.team.stated or found.team.place_id is None:
        return None
    place = session.get_one(Conversation, found.team.place_id)
    own = visibility.side_audience(session, found.side)
    return None if place.audience_id == own.id else place


def still_with(session: Session, invitation: Invitation) -> list[Conversation]:
    """The linked channels in which those are who came in with a code and were removed."""
    chosen = select(FormerTeam).where(FormerTeam.invitation_id == invitation.id)
    former = session.exec(chosen).first()
    if former is None:
        return []
    home = _home(session, former.alliance_id, former.team_id)
    return channels.with_people_of(session, former.alliance_id, home)


def add(
    session: Session,
    invitation: Invitation,
    side: Side,
    team_id: str,
    place: Conversation,
    *,
    own_channel: bool,
    by: Person,
    now: datetime,
) -> None:
    """A workspace comes in, which nobody has confirmed; the firm's alliance managers are asked to.
    `own_channel`: the channel becomes the firm's own then."""
    team = SideTeam(
        alliance_id=side.alliance_id,
        side_id=side.id,
        team_id=team_id,
        stated=True,
        invitation_id=invitation.id,
        place_id=place.id if own_channel else None,
    )
    session.add(team)
    session.flush()
    after = {"invitation": invitation.id, "platform": place.platform}
    sides.note(session, side, "also_here", by, after, now=now)
    _ask(session, side, invitation, place, now=now)


def _ask(
    session: Session, side: Side, invitation: Invitation, place: Conversation, *, now: datetime
) -> None:
    alliance = session.get_one(Alliance, side.alliance_id)
    for member, person, its in members.members(session, alliance.id, now=now):
        seat = Seat(person, member, its, alliance)
        if its.id == side.id and rights.has(seat, "invite"):
            outbox.put(
                session,
                outbox.OWN_FIRM_ASKED,
                {"invitation": invitation.id, "place": place.id},
                key=f"{outbox.OWN_FIRM_ASKED.name}:{invitation.id}:{person.id}",
                installation_id=alliance.installation_id,
                alliance_id=alliance.id,
                person_id=person.id,
                now=now,
            )


def confirm(session: Session, by: Seat, invitation: Invitation, *, now: datetime) -> CameIn:
    """An alliance manager says that those are people of their firm: from now on its workspace
    vouches for them. Raises BotError, also where they are another firm's by now, of which nothing
    is told; Stale where that is settled."""
    found = _alone(session, by, invitation)
    if not found.team.stated:
        raise Stale("That is confirmed already.")
    if whose_people.other_firms(session, by.alliance, by.side, found.team.team_id, now=now):
        raise NotAllowed(
            f"I can't take them for people of {by.side.firm}. Nothing has changed; Remove takes "
            "them out again."
        )
    found.team.stated = False
    session.add(found.team)
    session.flush()
    sides.note(
        session, by.side, "also_confirmed", by.person, {"invitation": invitation.id}, now=now
    )
    for member, _ in _people(session, found, now=now):
        if member.stated:
            _confirm_place(session, member, by, now=now)
    if found.team.place_id is not None:
        place = session.get_one(Conversation, found.team.place_id)
        channels.link_own_once_confirmed(session, place, by, now=now)
    if found.by.id != by.person.id:
        invitations.tell(session, by, found.by, "also_confirmed", now=now)
    _refresh(session, invitation, now=now)
    return found


def _confirm_place(session: Session, member: Member, by: Seat, *, now: datetime) -> None:
    before = members.as_kept(member)
    member.stated = False
    session.add(member)
    after = members.as_kept(member)
    members.note_member(session, member, "changed", by.person, now, after, before)


def remove(session: Session, by: Seat, invitation: Invitation, *, now: datetime) -> CameIn:
    """An alliance manager takes out again what came in with a code: its people's places end, and
    what its channels show is emptied. Raises BotError; Stale where that is done."""
    found = _alone(session, by, invitation)
    leaving = _nobodys_else(session, found, now=now)
    if by.person.id in {person.id for _, person in leaving}:
        raise BotError(
            "You use me from there yourself, so a colleague who doesn't has to remove it. Nothing "
            "has changed."
        )
    if by.alliance.closed_at is None:
        channels.unlink_all_of(session, by, found.home, now=now)
    _take_out(session, found, now=now)
    sides.note(session, by.side, "also_removed", by.person, {"invitation": invitation.id}, now=now)
    for member, _ in leaving:
        roster.end_membership(session, member, by=by.person, now=now)
    invitations.tell_managers(session, by, "also_removed", to=found.home.platform, now=now)
    _refresh(session, invitation, now=now)
    return found


def _take_out(session: Session, found: CameIn, *, now: datetime) -> None:
    former = FormerTeam(
        alliance_id=found.side.alliance_id,
        side_id=found.side.id,
        team_id=found.team.team_id,
        invitation_id=found.invitation.id,
        until=now,
    )
    session.add(former)
    session.delete(found.team)
    session.flush()


def _alone(session: Session, by: Seat, invitation: Invitation) -> CameIn:
    """What came in, while nobody else decides about it."""
    if by.side.id != invitation.side_id:
        raise NotFound("I can't find that any more.")
    if not rights.has(by, "invite"):
        raise NotAllowed(f"An alliance manager of {by.side.firm} decides that.")
    invitations.lock(session, by.alliance)
    found = with_code(session, invitation)
    if found is None:
        raise Stale(REMOVED)
    session.refresh(found.team)
    return found


def _people(session: Session, found: CameIn, *, now: datetime) -> list[tuple[Member, Person]]:
    """Those on the side whose workspace it is."""
    return [
        (member, person)
        for member, person, its in members.members(session, found.side.alliance_id, now=now)
        if its.id == found.side.id
        and person.workspace_id == found.home.id
        and person.standing == "full"
    ]


def _nobodys_else(session: Session, found: CameIn, *, now: datetime) -> list[tuple[Member, Person]]:
    """Those whom nothing but this workspace brings to the side."""
    vouched = sides.confirmed_teams(session, found.side) - {found.team.team_id}
    people = _people(session, found, now=now)
    return [(one, person) for one, person in people if not vouched & _homes_of(session, person)]


def _homes_of(session: Session, person: Person) -> set[str]:
    """The workspaces of somebody's other accounts."""
    others = accounts.others_of(session, person)
    return {session.get_one(Workspace, one.workspace_id).team_id for one in others}


def _refresh(session: Session, invitation: Invitation, *, now: datetime) -> None:
    """What was asked shows to every alliance manager how it was answered."""
    chosen = select(Outbox).where(
        Outbox.alliance_id == invitation.alliance_id,
        Outbox.kind == outbox.OWN_FIRM_ASKED.name,
        Outbox.state == "sent",
    )
    for row in list(session.exec(chosen)):
        if row.facts.get("invitation") == invitation.id:
            outbox.show_anew(session, row, now=now)


def settled(session: Session, invitation: Invitation) -> tuple[str, Person, datetime] | None:
    """What the last press on it was, whose and when; None while nobody has decided."""
    assert invitation.side_id is not None
    pressed = [
        entry
        for entry in history.of(session, RECORD, invitation.side_id)
        if entry.what in ("also_confirmed", "also_removed")
        and entry.after.get("invitation") == invitation.id
    ]
    if not pressed:
        return None
    last = pressed[-1]
    return last.what, session.get_one(Person, last.person_id), last.at
