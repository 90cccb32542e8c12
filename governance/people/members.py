"""Who belongs to an alliance, on which side and in which role."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, col, or_, select

from governance import cadence, history, visibility
from governance.errors import NotAllowed, PlaceEnded, SideUnknown
from governance.sponsors import seats
from storage.tables import Alliance, FormerTeam, Member, Person, Side, SideTeam, Workspace

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
    takes their place there now, confirmed as far as the workspace is; a guest's side, or a
    stranger's, is never inferred.

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
    if person.gone_at is not None:
        raise NotAllowed(f"{person.name}'s account is closed. Choose somebody else.")
    if has_ended(session, alliance, person, now=now):
        raise PlaceEnded(
            f"{person.name}'s time in {alliance.name} has ended. An alliance manager can add them "
            "again with `people`."
        )
    _hold_firms(session, alliance)
    side = side_of_workspace(session, alliance, person)
    if side is None or person.standing != "full":
        raise SideUnknown(alliance.id, person.id, person.name)
    stated = not is_vouched_for(session, side, person)
    return add_member(
        session, alliance, side, person, role="team", by=person, now=now, stated=stated
    )


def _hold_firms(session: Session, alliance: Alliance) -> None:
    """Nobody takes a workspace out of the alliance while one of its people comes in by it."""
    held = select(Alliance.id).where(Alliance.id == alliance.id)
    session.exec(held.with_for_update(read=True, key_share=True)).one()


def is_vouched_for(session: Session, side: Side, person: Person) -> bool:
    """Their own workspace is that firm's, which has confirmed it, and they are no guest there."""
    team_id = session.get_one(Workspace, person.workspace_id).team_id
    confirmed = select(SideTeam.id).where(
        SideTeam.side_id == side.id,
        SideTeam.team_id == team_id,
        col(SideTeam.stated).is_(False),
    )
    return person.standing == "full" and session.exec(confirmed).first() is not None


def is_taken_out(session: Session, side: Side, person: Person) -> bool:
    """Whether that firm had their workspace, and an alliance manager took it out again."""
    team_id = session.get_one(Workspace, person.workspace_id).team_id
    former = (FormerTeam.side_id == side.id, FormerTeam.team_id == team_id)
    return session.exec(select(FormerTeam.id).where(*former)).first() is not None


def side_of_workspace(session: Session, alliance: Alliance, person: Person) -> Side | None:
    """The firm whose workspace a person lives in, guests included."""
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


def has_ended(session: Session, alliance: Alliance, person: Person, *, now: datetime) -> bool:
    """Whether they had a place here that is over."""
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
    take_place_of(person, side, now=now)
    schedule_digest(person, now=now)
    session.add(person)
    session.flush()
    note_member(session, member, "joined", by, now, {"side": side.firm, "role": role})
    return member


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
            visibility.has_a_place(today),
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
            col(Person.gone_at).is_(None),
            or_(
                visibility.has_a_place(today),
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


def take_place_of(person: Person, side: Side, *, now: datetime) -> None:
    """Of whom nobody knows where they are, they are taken to be where their firm is."""
    if not person.zone_assumed or side.zone is None:
        return
    country = side.country or cadence.country_of_zone(side.zone)
    if (person.zone, person.country) != (side.zone, country):
        person.zone, person.country = side.zone, country
        schedule_digest(person, now=now, anew=True)


def note_member(
    session: Session,
    member: Member,
    what: str,
    by: Person | None,
    now: datetime,
    after: dict[str, str | None],
    before: dict[str, str | None] | None = None,
) -> None:
    """The line of a change of a place; a sponsor's seat follows it."""
    seats.follow(session, member, now=now)
    history.note(
        session,
        alliance_id=member.alliance_id,
        record="member",
        record_id=member.id,
        what=what,
        by=by.id if by is not None else None,
        now=now,
        before=before,
        after=after,
    )


def as_kept(member: Member) -> dict[str, str | None]:
    """What its history keeps of a place."""
    return {
        "role": member.role,
        "until": iso(member.until),
        "stated": "yes" if member.stated else None,
    }


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def is_away(person: Person, *, now: datetime) -> bool:
    """Whether today, where they are, is one of their days away."""
    if person.away_from is None or person.away_until is None:
        return False
    return person.away_from <= calendar_of(person).today(now) <= person.away_until
