"""Who follows a sponsor. A coming change is the firm's own until its alliance manager presses
*Tell*; on the day after the last one the seat goes over, with all that the next one has to know."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from governance.errors import BotError, Stale
from governance.messages import outbox
from governance.people import consent, members
from governance.people.members import Seat
from governance.sponsors import naming, news, seats
from storage.sponsor_tables import SponsorSeat
from storage.tables import Alliance, Member, Outbox, Person, Side

BATCH = 50
DAY = timedelta(days=1)
FOLLOWS = "follows"
AFTERWARDS = "other"
"""The role of who has handed a seat on and stays."""


def name_successor(
    session: Session,
    by: Seat,
    seat: SponsorSeat,
    successor: Person,
    last_day: date,
    *,
    now: datetime,
) -> None:
    """An alliance manager says who follows, and the last day of who sponsors now. Only their firm's
    alliance managers know. Raises BotError naming the field."""
    naming.check_manages(by, seat.side_id, by.side.firm)
    if last_day < members.calendar_of(by.person).today(now):
        raise BotError("That day is past. Choose today or later.", field="until")
    managing = members.managers(session, seat.alliance_id, seat.side_id, now=now)
    if successor.id not in {p.id for p in naming.people_to_name(session, by, now=now)}:
        raise BotError(f"Choose somebody of {by.side.firm}.", field="successor")
    if successor.id in {p.id for p in managing}:
        raise BotError(f"{successor.name} is an alliance manager.", field="successor")
    if seats.seat_of(session, seat.alliance_id, successor.id) is not None:
        raise BotError(f"{successor.name} sponsors it already.", field="successor")
    consent.check_private(session, by, now=now)
    _take_back_unread(session, seat, now=now)
    seat.successor_id, seat.last_day, seat.told_at = successor.id, last_day, None
    session.add(seat)
    session.flush()
    after: dict[str, str | int | None] = {"successor": successor.id, "until": last_day.isoformat()}
    naming.note(session, seat, "successor", by.person, now=now, after=after)


def _take_back_unread(session: Session, seat: SponsorSeat, *, now: datetime) -> None:
    """What was told of an earlier plan, and is not read yet, is not said any more."""
    told = news.key_of(seat, FOLLOWS)
    outbox.cancel(session, col(Outbox.dedup_key).startswith(told), why="changed again", now=now)


def forget_successor(session: Session, by: Seat, seat: SponsorSeat, *, now: datetime) -> None:
    """There is no change after all; one that was told is not taken back in silence."""
    naming.check_manages(by, seat.side_id, by.side.firm)
    if seat.told_at is not None:
        raise Stale("Your partner has been told. Name somebody else, and tell them again.")
    seat.successor_id = seat.last_day = None
    session.add(seat)
    session.flush()
    naming.note(session, seat, "no_successor", by.person, now=now)


def tell(session: Session, by: Seat, seat: SponsorSeat, *, now: datetime) -> None:
    """The partner's alliance managers, the sponsor and their counterparts hear who follows. Raises
    Stale where that was told, or nobody is named."""
    naming.check_manages(by, seat.side_id, by.side.firm)
    if seat.successor_id is None or seat.told_at is not None:
        raise Stale("There is nothing to tell any more. `sponsors` shows how it stands.")
    seat.until, seat.told_at = seat.last_day, now
    session.add(seat)
    session.flush()
    naming.note(session, seat, "told", by.person, now=now)
    news.tell(
        session,
        by.alliance,
        seat,
        {"what": FOLLOWS, "by": by.person.name},
        [
            person_id
            for person_id in _who_hears(session, seat, now=now)
            if person_id != by.person.id
        ],
        now=now,
    )
    if seat.until is not None and seat.until < now.date():
        hand_over(session, seat, now=now)


def _who_hears(session: Session, seat: SponsorSeat, *, now: datetime) -> list[int]:
    everyone = members.members(session, seat.alliance_id, now=now)
    managers = [
        m.person_id for m, _, side in everyone if m.role == "manager" and side.id != seat.side_id
    ]
    pairs = seats.pairs_of(session, seat)
    counterparts = [seats.other_seat(session, pair, seat) for pair in pairs]
    return [seat.person_id, *managers, *(other.person_id for other in counterparts)]


def next_due(session: Session) -> datetime | None:
    """The next instant (UTC) at which a seat goes over to who follows."""
    chosen = select(func.min(SponsorSeat.until)).where(
        col(SponsorSeat.successor_id).is_not(None),
        col(SponsorSeat.ended_on).is_(None),
        col(SponsorSeat.told_at).is_not(None),
    )
    last = session.exec(chosen).one()
    return datetime.combine(last + DAY, time(0), UTC) if last is not None else None


def end_due(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Hand on every seat whose last day (UTC) is over and whose change was told; how many."""
    chosen = (
        select(SponsorSeat)
        .where(
            col(SponsorSeat.successor_id).is_not(None),
            col(SponsorSeat.ended_on).is_(None),
            col(SponsorSeat.until) < now.date(),
            col(SponsorSeat.told_at).is_not(None),
        )
        .order_by(col(SponsorSeat.until), col(SponsorSeat.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = list(session.exec(chosen))
    for seat in due:
        hand_over(session, seat, now=now)
    return len(due)


def hand_over(session: Session, seat: SponsorSeat, *, now: datetime) -> None:
    """Who follows takes the seat and goes on with the same counterparts; they are introduced by
    their alliance manager like anybody. Who is gone meanwhile can't follow: the seat is empty."""
    alliance = session.get_one(Alliance, seat.alliance_id)
    side = session.get_one(Side, seat.side_id)
    follows = session.get_one(Person, seat.successor_id)
    counterparts = [seats.other_seat(session, p, seat) for p in seats.pairs_of(session, seat)]
    assistant = seat.assistant_id
    _step_back(session, seat, now=now)
    new = _take_over(session, alliance, side, follows, now=now)
    if new is None:
        return
    new.follows_id = seat.id
    new.assistant_id = assistant if assistant != follows.id else None
    session.add(new)
    paired = {seats.other_seat(session, pair, new).id for pair in seats.pairs_of(session, new)}
    for other in counterparts:
        if other.id not in paired and other.ended_on is None:
            seats.pair_up(session, new, other, now=now)


def _step_back(session: Session, seat: SponsorSeat, *, now: datetime) -> None:
    """The seat ends; its holder stays in the alliance, if they are still there."""
    chosen = select(Member).where(
        Member.alliance_id == seat.alliance_id,
        Member.person_id == seat.person_id,
        Member.role == seats.ROLE,
        col(Member.until).is_(None) | (col(Member.until) > now.date()),
    )
    member = session.exec(chosen).first()
    if member is None:
        seats.end(session, seat, now=now)
        return
    before = members.as_kept(member)
    member.role = AFTERWARDS
    session.add(member)
    members.note_member(session, member, "changed", None, now, members.as_kept(member), before)


def _take_over(
    session: Session, alliance: Alliance, side: Side, person: Person, *, now: datetime
) -> SponsorSeat | None:
    try:
        place = members.seat(session, alliance, person, now=now)
    except BotError:
        return None
    if place.side.id != side.id or place.is_manager:
        return None
    before = members.as_kept(place.member)
    place.member.role = seats.ROLE
    session.add(place.member)
    after = members.as_kept(place.member)
    members.note_member(session, place.member, "changed", None, now, after, before)
    return seats.seat_of(session, alliance.id, person.id)


def tenures(session: Session, side_id: int, *, limit: int) -> list[SponsorSeat]:
    """Who has sponsored it at a firm, the latest first."""
    chosen = select(SponsorSeat).where(SponsorSeat.side_id == side_id)
    latest = (col(SponsorSeat.since).desc(), col(SponsorSeat.id).desc())
    return list(session.exec(chosen.order_by(*latest).limit(limit)))
