"""Changing who belongs to an alliance: people say where they are, alliance managers confirm."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from governance import visibility
from governance.errors import BotError, NotAllowed
from governance.firms import rights, second_firm, sides
from governance.people import consent, departures, members, succession
from governance.people.members import ROLES, Seat
from storage.tables import Alliance, Installation, Member, Person, Side, SideTeam, Workspace

DAY = timedelta(days=1)
FIRMS_CERTAIN = 2
"""With so many firms, somebody of neither workspace can only be of the one that has none yet."""


def state_side(
    session: Session, alliance: Alliance, person: Person, side_name: str, *, now: datetime
) -> Seat:
    """Somebody says which firm they are with. Until an alliance manager of that firm confirms it
    (`people`), they see what is joint and nothing that is the firm's own.

    The first firm to join the host's comes in this way, with the person's workspace; any further
    one is named by the alliance managers. Raises NotAllowed for that, for somebody whose time here
    has ended, and for who is of a workspace that the firm took out again.
    """
    name = " ".join(side_name.split())
    if not 1 <= len(name) <= 60:
        raise BotError("Write the firm's name, up to 60 letters.", field="firm")
    if members.has_ended(session, alliance, person, now=now):
        raise NotAllowed(
            f"Your time in {alliance.name} has ended. An alliance manager can add you again."
        )
    known = {side.firm.casefold(): side for side in sides.of(session, alliance.id)}
    side = known.get(name.casefold())
    if side is None:
        if len(known) > 1:
            raise NotAllowed(
                f"{alliance.name} has its firms already. Its alliance managers can add you.",
                field="firm",
            )
        firm = sides.Firm(name, _unclaimed_team(session, alliance, person))
        side = second_firm.bring_in(session, alliance, firm, by=person, now=now)
    elif len(known) == FIRMS_CERTAIN and not side.is_host:
        _claim_workspace(session, alliance, side, person)
    _check_not_taken_out(session, alliance, side, person)
    stated = not members.is_vouched_for(session, side, person)
    members.add_member(
        session, alliance, side, person, role="other", by=person, now=now, stated=stated
    )
    return members.seat(session, alliance, person, now=now)


def _check_not_taken_out(session: Session, alliance: Alliance, side: Side, person: Person) -> None:
    if person.standing == "full" and members.is_taken_out(session, side, person):
        raise NotAllowed(
            f"{side.firm} says itself who takes part for it in {alliance.name}. One of its "
            "alliance managers can add you."
        )


def _unclaimed_team(session: Session, alliance: Alliance, person: Person) -> tuple[str, ...]:
    team_id = session.get_one(Workspace, person.workspace_id).team_id
    taken = members.side_of_workspace(session, alliance, person) is not None
    return () if person.standing != "full" or taken or not team_id else (team_id,)


def change_member(
    session: Session,
    seat_of: Seat,
    person: Person,
    *,
    side_name: str,
    role: str,
    last_day: date | None,
    now: datetime,
) -> Member:
    """An alliance manager adds somebody, or changes their role or last day: on their own side,
    and on one that does not govern itself yet. There they can't confirm what the person's own
    workspace doesn't vouch for.

    Raises NotAllowed, or BotError naming the field.
    """
    alliance = seat_of.alliance
    side = next((s for s in sides.of(session, alliance.id) if s.firm == side_name), None)
    if side is None:
        raise BotError("Choose one of the alliance's firms.", field="side")
    if role not in ROLES:
        raise BotError("Choose a role.", field="role")
    if person.standing == "bot":
        raise BotError("Apps and bots can't take part; choose a person.", field="person")
    if person.gone_at is not None:
        raise BotError(f"{person.name}'s account is closed.", field="person")
    if last_day is not None and last_day < now.date():
        raise BotError("The last day can't be in the past.", field="until")
    until = last_day + DAY if last_day else None
    _check_may_change(session, seat_of, side, person, now=now)
    current = visibility.current_member(session, alliance.id, person.id, now=now)
    if current is not None and (current.side_id != side.id or role != "manager" or until):
        succession.keep_a_manager(session, seat_of, current, now=now)
    _claim_workspace(session, alliance, side, person)
    stated = _needs_confirming(session, seat_of, side, person, current)
    if current is not None and current.side_id == side.id:
        if side.id != seat_of.side.id:
            until = until or current.until  # one they can't see they can't take away
        return _change(session, current, role, until, stated=stated, by=seat_of, now=now)
    if current is not None:
        end_membership(session, current, by=seat_of.person, now=now)
    return members.add_member(
        session,
        alliance,
        side,
        person,
        role=role,
        by=seat_of.person,
        now=now,
        until=until,
        stated=stated,
    )


def _needs_confirming(
    session: Session, by: Seat, side: Side, person: Person, current: Member | None
) -> bool:
    """Whether somebody still waits for a yes of their firm, after `by` entered them there: a firm
    confirms its own people, and nobody does who waits for that themselves."""
    if members.is_vouched_for(session, side, person):
        return False
    if side.id != by.side.id:
        return True
    is_confirmed = current is not None and current.side_id == side.id and not current.stated
    return by.member.stated and not is_confirmed


def _change(
    session: Session,
    member: Member,
    role: str,
    until: date | None,
    *,
    stated: bool,
    by: Seat,
    now: datetime,
) -> Member:
    before = members.as_kept(member)
    member.role, member.until, member.stated = role, until, stated
    session.add(member)
    after = members.as_kept(member)
    members.note_member(session, member, "changed", by.person, now, after, before)
    return member


def _claim_workspace(session: Session, alliance: Alliance, side: Side, person: Person) -> None:
    """A firm that was named before anybody of it was there gets its workspace with the first of
    its people."""
    named = select(SideTeam).where(SideTeam.side_id == side.id)
    if session.exec(named).first() is not None:
        return
    sides.take_workspaces(session, alliance, side, _unclaimed_team(session, alliance, person))


def may_change(session: Session, seat_of: Seat, side_id: int, *, now: datetime) -> bool:
    """Whether this person looks after the people of a side: its own, or one whose alliance manager
    has done nothing here yet, so that a wrong name can be put right."""
    if not rights.has(seat_of, "people"):
        return False
    own = side_id == seat_of.side.id
    return own or not governs_itself(session, seat_of.alliance.id, side_id, now=now)


def governs_itself(session: Session, alliance_id: int, side_id: int, *, now: datetime) -> bool:
    """Whether a firm has an alliance manager who has acted here, or who took over from one that
    had looked at its people."""
    return any(
        member.role == "manager" and side.id == side_id and consent.has_agreed(member, side)
        for member, _, side in members.members(session, alliance_id, now=now)
    )


def step_down(session: Session, by: Seat, *, now: datetime) -> None:
    """Who was named alliance manager says that they are not; their firm may be without one."""
    if not by.is_manager:
        raise NotAllowed(f"You are no alliance manager of {by.side.firm} any more.")
    _change(session, by.member, "team", by.member.until, stated=by.member.stated, by=by, now=now)


def appoint(
    session: Session, by: Seat, person: Person, *, instead_of: Person, now: datetime
) -> None:
    """An alliance manager says who follows them, or a colleague, in that. Raises BotError."""
    follows = {one.id: one for one in succession.candidates(session, by, now=now)}
    if person.id not in follows or person.id == instead_of.id:
        raise BotError(
            f"Choose a confirmed colleague of {by.side.firm} who stays.", field="successor"
        )
    change_member(
        session, by, person, side_name=by.side.firm, role="manager", last_day=None, now=now
    )
    succession.tell(session, by, person, instead_of, now=now)


def step_in(session: Session, by: Seat, *, now: datetime) -> None:
    """Somebody looks after their firm, whose last alliance manager has left. Raises NotAllowed, or
    Stale where a colleague was quicker."""
    succession.check_may_step_in(session, by, now=now)
    _change(session, by.member, "manager", by.member.until, stated=False, by=by, now=now)


def _check_may_change(
    session: Session, seat_of: Seat, side: Side, person: Person, *, now: datetime
) -> None:
    if not rights.has(seat_of, "people"):
        raise NotAllowed("People are added and changed by the alliance managers.")
    current = visibility.current_member(session, seat_of.alliance.id, person.id, now=now)
    touched = {side.id} | ({current.side_id} if current else set())
    for side_id in touched:
        if not may_change(session, seat_of, side_id, now=now):
            firm = session.get_one(Side, side_id).firm
            raise NotAllowed(
                f"{firm} looks after its own people; ask its alliance manager.", field="side"
            )
    home = members.side_of_workspace(session, seat_of.alliance, person)
    if home is not None and home.id != side.id and person.standing == "full":
        if not members.is_vouched_for(session, home, person):
            raise NotAllowed(sides.not_confirmed_yet(f"{person.name}'s", home), field="side")
        raise NotAllowed(
            f"{person.name} is one of {home.firm}'s people, so they can't be on {side.firm}'s "
            "side.",
            field="side",
        )


def end_membership(session: Session, member: Member, *, by: Person, now: datetime) -> None:
    before = {"until": members.iso(member.until)}
    member.until = now.date()
    session.add(member)
    session.flush()
    members.note_member(
        session, member, "ended", by, now, {"until": members.iso(member.until)}, before
    )
    departures.see_to(session, member, now=now)


def end_by(session: Session, seat_of: Seat, person: Person, *, now: datetime) -> Member:
    """An alliance manager ends somebody's place on their own side, from today."""
    member = visibility.current_member(session, seat_of.alliance.id, person.id, now=now)
    if member is None:
        raise BotError(f"{person.name} has no place in {seat_of.alliance.name} now.")
    if not rights.has(seat_of, "people") or member.side_id != seat_of.side.id:
        firm = session.get_one(Side, member.side_id).firm
        raise NotAllowed(f"Only an alliance manager of {firm} can do that.")
    succession.keep_a_manager(session, seat_of, member, now=now)
    end_membership(session, member, by=seat_of.person, now=now)
    return member


def may_be_added(
    session: Session, seat_of: Seat, installation: Installation, *, now: datetime
) -> list[Person]:
    """Whom an alliance manager may add, by name: people already reachable here and those of the
    manager's own workspace. The host's manager may add anybody the bot has met; a partner's, and a
    guest, must not see who the host's other partners are."""
    own = session.get_one(Workspace, seat_of.person.workspace_id)
    met = (
        select(Person)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(
            Workspace.installation_id == installation.id,
            Person.standing != "bot",
            col(Person.gone_at).is_(None),
        )
    )
    if seat_of.person.standing != "full" or own.team_id != installation.team_id:
        met = met.where(Workspace.id == own.id)
    if seat_of.person.standing != "full":
        met = met.where(Person.standing == "full")
    reachable = members.reachable_people(session, seat_of.alliance, now=now)
    everyone = {person.id: person for person in (*session.exec(met), *reachable)}
    return sorted(everyone.values(), key=lambda person: person.name)
