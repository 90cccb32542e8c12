"""Who belongs to an alliance, on which side and in which role."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, col, or_, select

from governance import cadence, history, sides, visibility
from governance.errors import BotError, NotAllowed, SideUnknown
from storage.tables import Alliance, Installation, Member, Person, Side, SideTeam, Workspace

ROLES = {
    "manager": "Alliance manager",
    "sponsor": "Executive sponsor",
    "lead": "Business lead",
    "project": "Project manager",
    "committee": "Committee member",
    "team": "Team member",
    "other": "Other",
}


@dataclass(frozen=True)
class Seat:
    """Somebody acting within an alliance: the rows their permissions are read from."""

    person: Person
    member: Member
    side: Side
    alliance: Alliance

    @property
    def is_manager(self) -> bool:
        return self.member.role == "manager"


def seat(session: Session, alliance: Alliance, person: Person, *, now: datetime) -> Seat:
    """Where a person stands in an alliance. Somebody whose workspace belongs to one of its firms
    takes their place there now; a guest's side, or a stranger's, is never inferred.

    Raises SideUnknown, or NotAllowed for a bot or for somebody whose time here has ended.
    """
    taken = visibility.current_seat(session, alliance.id, person.id, now=now)
    if taken is not None:
        return Seat(person, *taken, alliance)
    member = _infer_member(session, alliance, person, now=now)
    return Seat(person, member, session.get_one(Side, member.side_id), alliance)


def _infer_member(session: Session, alliance: Alliance, person: Person, *, now: datetime) -> Member:
    if person.standing == "bot":
        raise NotAllowed("Apps and bots can't take part; choose a person.")
    if _has_ended(session, alliance, person, now=now):
        raise NotAllowed(
            f"{person.name}'s time in {alliance.name} has ended. An alliance manager can add them "
            "again with `people`."
        )
    side = _side_of_workspace(session, alliance, person)
    if side is None or person.standing != "full":
        raise SideUnknown(alliance.id, person.id, person.name)
    return add_member(session, alliance, side, person, role="team", by=person, now=now)


def _side_of_workspace(session: Session, alliance: Alliance, person: Person) -> Side | None:
    team_id = session.get_one(Workspace, person.workspace_id).team_id
    return session.exec(
        select(Side)
        .join(SideTeam, col(SideTeam.side_id) == Side.id)
        .where(SideTeam.alliance_id == alliance.id, SideTeam.team_id == team_id)
    ).first()


def alliances_of_firm(session: Session, person: Person) -> list[Alliance]:
    """The alliances of the installation that a full person's workspace is a firm of, by code."""
    home = session.get_one(Workspace, person.workspace_id)
    if person.standing != "full":
        return []
    chosen = (
        select(Alliance)
        .join(SideTeam, col(SideTeam.alliance_id) == Alliance.id)
        .where(SideTeam.team_id == home.team_id, Alliance.installation_id == home.installation_id)
    )
    return list(session.exec(chosen.order_by(Alliance.code).distinct()))


def _has_ended(session: Session, alliance: Alliance, person: Person, *, now: datetime) -> bool:
    ended = select(Member).where(
        Member.alliance_id == alliance.id,
        Member.person_id == person.id,
        col(Member.until) <= now.date(),
    )
    return session.exec(ended).first() is not None


def add_member(
    session: Session,
    alliance: Alliance,
    side: Side,
    person: Person,
    *,
    role: str,
    by: Person,
    now: datetime,
    until: date | None = None,
    stated: bool = False,
) -> Member:
    member = Member(
        alliance_id=alliance.id,
        side_id=side.id,
        person_id=person.id,
        role=role,
        since=now.date(),
        until=until,
        stated=stated,
    )
    session.add(member)
    schedule_digest(person, now=now)
    session.add(person)
    session.flush()
    _note_member(session, member, "joined", by, now, {"side": side.firm, "role": role})
    return member


def state_side(
    session: Session, alliance: Alliance, person: Person, side_name: str, *, now: datetime
) -> Seat:
    """Somebody says which firm they are with. A firm that is not in the alliance yet joins it,
    with the person's workspace. Until an alliance manager of that firm confirms it (`people`),
    they see what is joint and nothing that is the firm's own."""
    name = " ".join(side_name.split())
    if not 1 <= len(name) <= 60:
        raise BotError("Write the firm's name, up to 60 letters.", field="firm")
    known = {s.firm.casefold(): s for s in sides.of(session, alliance.id)}
    side = known.get(name.casefold())
    if side is None:
        side = sides.add_side(
            session,
            alliance,
            sides.Firm(name, _unclaimed_team(session, alliance, person)),
            is_host=False,
        )
    stated = _side_of_workspace(session, alliance, person) != side or person.standing != "full"
    add_member(session, alliance, side, person, role="other", by=person, now=now, stated=stated)
    return seat(session, alliance, person, now=now)


def _unclaimed_team(session: Session, alliance: Alliance, person: Person) -> tuple[str, ...]:
    if person.standing != "full" or _side_of_workspace(session, alliance, person) is not None:
        return ()
    return (session.get_one(Workspace, person.workspace_id).team_id,)


def change_member(
    session: Session,
    seat_of: Seat,
    person: Person,
    *,
    side_name: str,
    role: str,
    until: date | None,
    now: datetime,
) -> Member:
    """An alliance manager adds somebody, or changes their role or last day. Their own side only,
    except that a side with no alliance manager yet may be given people by the other.

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
    if until is not None and until < now.date():
        raise BotError("The last day can't be in the past.", field="until")
    _check_may_change(session, seat_of, side, person, now=now)
    current = visibility.current_member(session, alliance.id, person.id, now=now)
    if current is not None and (current.side_id != side.id or role != "manager" or until):
        _keep_a_manager(session, seat_of, current, now=now)
    if current is not None and current.side_id == side.id:
        before = {"role": current.role, "until": _iso(current.until)}
        current.role, current.until, current.stated = role, until, False
        session.add(current)
        _note_member(
            session,
            current,
            "changed",
            seat_of.person,
            now,
            {"role": role, "until": _iso(until)},
            before,
        )
        return current
    if current is not None:
        end_membership(session, current, by=seat_of.person, now=now)
    _forget_ended_today(session, alliance, person, now=now)
    return add_member(
        session, alliance, side, person, role=role, by=seat_of.person, now=now, until=until
    )


def _forget_ended_today(
    session: Session, alliance: Alliance, person: Person, *, now: datetime
) -> None:
    """Two places of one person never overlap: an earlier one with an open end is closed."""
    for old in session.exec(
        select(Member).where(
            Member.alliance_id == alliance.id,
            Member.person_id == person.id,
            col(Member.until).is_(None),
        )
    ):
        old.until = now.date()
        session.add(old)
    session.flush()


def _check_may_change(
    session: Session, seat_of: Seat, side: Side, person: Person, *, now: datetime
) -> None:
    if not seat_of.is_manager:
        raise NotAllowed("People are added and changed by the alliance managers.")
    current = visibility.current_member(session, seat_of.alliance.id, person.id, now=now)
    touched = {side.id} | ({current.side_id} if current else set())
    for side_id in touched - {seat_of.side.id}:
        if managers(session, seat_of.alliance.id, side_id, now=now):
            firm = session.get_one(Side, side_id).firm
            raise NotAllowed(f"{firm} looks after its own people; ask its alliance manager.")


def end_membership(session: Session, member: Member, *, by: Person, now: datetime) -> None:
    before = {"until": _iso(member.until)}
    member.until = now.date()
    session.add(member)
    session.flush()
    _note_member(session, member, "ended", by, now, {"until": _iso(member.until)}, before)


def end_by(session: Session, seat_of: Seat, person: Person, *, now: datetime) -> Member:
    """An alliance manager ends somebody's place on their own side, from today."""
    member = visibility.current_member(session, seat_of.alliance.id, person.id, now=now)
    if member is None:
        raise BotError(f"{person.name} has no place in {seat_of.alliance.name} now.")
    if not seat_of.is_manager or member.side_id != seat_of.side.id:
        firm = session.get_one(Side, member.side_id).firm
        raise NotAllowed(f"Only an alliance manager of {firm} can do that.")
    _keep_a_manager(session, seat_of, member, now=now)
    end_membership(session, member, by=seat_of.person, now=now)
    return member


def _keep_a_manager(session: Session, seat_of: Seat, member: Member, *, now: datetime) -> None:
    """A firm's last alliance manager stays one: nobody could look after its people any more.
    Only they themselves could take it away."""
    left = managers(session, seat_of.alliance.id, seat_of.side.id, now=now)
    if member.person_id == seat_of.person.id and len(left) == 1:
        raise BotError("You are its only alliance manager. Give somebody else that role first.")


def members(
    session: Session, alliance_id: int, *, now: datetime
) -> list[tuple[Member, Person, Side]]:
    """Everybody with a place today (UTC), by side and name."""
    today = now.date()
    rows = session.exec(
        select(Member, Person, Side)
        .join(Person, col(Person.id) == Member.person_id)
        .join(Side, col(Side.id) == Member.side_id)
        .where(
            Member.alliance_id == alliance_id,
            Member.since <= today,
            or_(col(Member.until).is_(None), col(Member.until) > today),
        )
        .order_by(col(Side.position), Person.name)
    )
    return [(member, person, side) for member, person, side in rows]


def managers(session: Session, alliance_id: int, side_id: int, *, now: datetime) -> list[Person]:
    return [
        person
        for member, person, side in members(session, alliance_id, now=now)
        if side.id == side_id and member.role == "manager"
    ]


def reachable_people(session: Session, alliance: Alliance, *, now: datetime) -> list[Person]:
    """Whom an item may be given to: members, and known full people of the firms' workspaces."""
    today = now.date()
    chosen = (
        select(Person)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .outerjoin(
            SideTeam,
            (col(SideTeam.team_id) == Workspace.team_id)
            & (col(SideTeam.alliance_id) == alliance.id),
        )
        .outerjoin(
            Member,
            (col(Member.person_id) == Person.id) & (col(Member.alliance_id) == alliance.id),
        )
        .where(
            Workspace.installation_id == alliance.installation_id,
            Person.standing != "bot",
            or_(
                (col(Member.since) <= today)
                & or_(col(Member.until).is_(None), col(Member.until) > today),
                col(Member.id).is_(None)
                & col(SideTeam.id).is_not(None)
                & (col(Person.standing) == "full"),
            ),
        )
        .order_by(Person.name)
        .distinct()
    )
    return list(session.exec(chosen))


def calendar_of(person: Person) -> cadence.WorkCalendar:
    """A person's working time: their zone, country, weekdays and days away."""
    return cadence.WorkCalendar(
        zone=person.zone,
        country=person.country,
        weekdays=frozenset(int(day) for day in person.digest_weekdays),
        away_from=person.away_from,
        away_until=person.away_until,
        past_absences=past_absences(person),
    )


def past_absences(person: Person) -> tuple[tuple[date, date], ...]:
    """First and last days of absences before the latest one."""
    pairs = (one.split("/") for one in person.past_absences.split(",") if one)
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs)


def digest_time(person: Person) -> time:
    return time(person.digest_minute // 60, person.digest_minute % 60)


def schedule_digest(person: Person, *, now: datetime, anew: bool = False) -> None:
    """Set when the person's next daily message is considered (UTC)."""
    if person.next_digest_at is None or anew:
        person.next_digest_at = cadence.next_digest(
            calendar_of(person), digest_time(person), after=now
        )


def _note_member(
    session: Session,
    member: Member,
    what: str,
    by: Person,
    now: datetime,
    after: dict[str, str | None],
    before: dict[str, str | None] | None = None,
) -> None:
    history.note(
        session,
        alliance_id=member.alliance_id,
        record="member",
        record_id=member.id,
        what=what,
        by=by.id,
        now=now,
        before=before,
        after=after,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def is_away(person: Person, *, now: datetime) -> bool:
    """Whether today, where they are, is one of their days away."""
    if person.away_from is None or person.away_until is None:
        return False
    return person.away_from <= calendar_of(person).today(now) <= person.away_until


def may_be_added(
    session: Session, seat_of: Seat, installation: Installation, *, now: datetime
) -> list[Person]:
    """Whom an alliance manager may add, by name: people already reachable here and those of the
    manager's own workspace. The host's manager may add anybody the bot has met; a partner's must
    not see who the host's other partners are."""
    own = session.get_one(Workspace, seat_of.person.workspace_id)
    met = (
        select(Person)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(Workspace.installation_id == installation.id, Person.standing != "bot")
    )
    if own.team_id != installation.team_id:
        met = met.where(Workspace.id == own.id)
    reachable = reachable_people(session, seat_of.alliance, now=now)
    everyone = {person.id: person for person in (*session.exec(met), *reachable)}
    return sorted(everyone.values(), key=lambda person: person.name)
