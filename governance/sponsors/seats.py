"""Who holds a seat of an executive sponsor, and who is whose counterpart.

A seat follows a place: whoever has the role of sponsor holds one. Two seats of two firms make a
pair; where each of two firms has one sponsor, they are each other's counterpart by that alone.
"""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from governance import history
from governance.sponsors import departing
from storage.sponsor_tables import SponsorAsk, SponsorPair, SponsorSeat
from storage.tables import Member, Side

RECORD = "sponsor"
ROLE = "sponsor"


def follow(session: Session, member: Member, *, now: datetime) -> None:
    """A place has changed: who became a sponsor takes a seat, who is none any more leaves it."""
    session.flush()
    stays = member.until is None or member.until > now.date()
    if not stays:
        _drop_assisting(session, member)
    seat = seat_of(session, member.alliance_id, member.person_id)
    if seat is not None and seat.side_id == member.side_id and not (stays and member.role == ROLE):
        end(session, seat, now=now)
        seat = None
    if seat is None and stays and member.role == ROLE:
        _take(session, member, now=now)


def seat_of(session: Session, alliance_id: int, person_id: int) -> SponsorSeat | None:
    """The seat that somebody holds in an alliance."""
    chosen = select(SponsorSeat).where(
        SponsorSeat.alliance_id == alliance_id,
        SponsorSeat.person_id == person_id,
        col(SponsorSeat.ended_on).is_(None),
    )
    return session.exec(chosen).first()


def held(session: Session, alliance_id: int, side_id: int | None = None) -> list[SponsorSeat]:
    """The seats of an alliance, or of one of its firms, that somebody holds; oldest first."""
    chosen = select(SponsorSeat).where(
        SponsorSeat.alliance_id == alliance_id, col(SponsorSeat.ended_on).is_(None)
    )
    if side_id is not None:
        chosen = chosen.where(SponsorSeat.side_id == side_id)
    return list(session.exec(chosen.order_by(col(SponsorSeat.since), col(SponsorSeat.id))))


def pairs_of(session: Session, seat: SponsorSeat) -> list[SponsorPair]:
    """The pairs that a seat belongs to now."""
    chosen = select(SponsorPair).where(
        or_(SponsorPair.first_id == seat.id, SponsorPair.second_id == seat.id),
        col(SponsorPair.ended_on).is_(None),
    )
    return list(session.exec(chosen.order_by(col(SponsorPair.id))))


def ends_on(seat: SponsorSeat) -> date | None:
    """The last day of who holds it, as their own alliance managers know it."""
    return seat.until if seat.successor_id is None else seat.last_day


def taken_over(side_id: int) -> SelectOfScalar[Any]:
    """The seats of a firm that somebody has taken since: put it behind `id IN`."""
    return select(SponsorSeat.follows_id).where(
        SponsorSeat.side_id == side_id, col(SponsorSeat.follows_id).is_not(None)
    )


def predecessor(session: Session, seat: SponsorSeat) -> SponsorSeat | None:
    """Whose seat it was before."""
    return session.get(SponsorSeat, seat.follows_id) if seat.follows_id else None


def other_seat(session: Session, pair: SponsorPair, seat: SponsorSeat) -> SponsorSeat:
    other = pair.second_id if pair.first_id == seat.id else pair.first_id
    return session.get_one(SponsorSeat, other)


def pair_up(
    session: Session, one: SponsorSeat, other: SponsorSeat, *, now: datetime
) -> SponsorPair:
    """Make two sponsors each other's counterpart. Where one of them follows somebody, the pair
    goes on with what that one had."""
    first, second = sorted((one, other), key=lambda seat: seat.id)
    pair = SponsorPair(
        alliance_id=one.alliance_id,
        first_id=first.id,
        second_id=second.id,
        since=now.date(),
        follows_id=_before(session, one, other) or _before(session, other, one),
    )
    session.add(pair)
    session.flush()
    return pair


def _before(session: Session, stays: SponsorSeat, comes: SponsorSeat) -> int | None:
    """The last pair that one of them made with another sponsor of the other's firm, and that no
    other goes on with."""
    followed = select(SponsorPair.follows_id).where(
        SponsorPair.alliance_id == stays.alliance_id, col(SponsorPair.follows_id).is_not(None)
    )
    chosen = (
        select(SponsorPair.id)
        .join(
            SponsorSeat,
            or_(
                col(SponsorSeat.id) == SponsorPair.first_id,
                col(SponsorSeat.id) == SponsorPair.second_id,
            ),
        )
        .where(
            or_(SponsorPair.first_id == stays.id, SponsorPair.second_id == stays.id),
            SponsorSeat.side_id == comes.side_id,
            col(SponsorPair.ended_on).is_not(None),
            col(SponsorPair.id).not_in(followed),
        )
    )
    return session.exec(chosen.order_by(col(SponsorPair.id).desc())).first()


def end(session: Session, seat: SponsorSeat, *, now: datetime) -> None:
    """A seat is left. Its pairs are over and nothing waits for its holder any more."""
    today = now.date()
    for pair in pairs_of(session, seat):
        pair.ended_on = today
        session.add(pair)
    for ask in session.exec(select(SponsorAsk).where(SponsorAsk.seat_id == seat.id)):
        ask.next_at = None
        session.add(ask)
    seat.ended_on, seat.next_at = today, None
    session.add(seat)
    session.flush()
    departing.close(session, seat, now=now)
    _mark_empty(session, seat, today)
    _note(session, seat, "left", now=now)


def hand_to(
    session: Session, alliance_id: int, person_id: int, kept_id: int, *, now: datetime
) -> None:
    """Two accounts of one person are joined: the seat goes to the one that is kept."""
    seat = seat_of(session, alliance_id, person_id)
    if seat is None:
        return
    if seat_of(session, alliance_id, kept_id) is not None:
        end(session, seat, now=now)
        return
    seat.person_id = kept_id
    session.add(seat)
    session.flush()


def _take(session: Session, member: Member, *, now: datetime) -> None:
    seat = SponsorSeat(
        alliance_id=member.alliance_id,
        side_id=member.side_id,
        person_id=member.person_id,
        since=now.date(),
        follows_id=_left_open(session, member),
    )
    session.add(seat)
    session.flush()
    _mark_empty(session, seat, None)
    _note(session, seat, "taken", now=now)
    for other in by_that_alone(session, seat.alliance_id, seat.side_id, seat.id):
        pair_up(session, seat, other, now=now)


def _left_open(session: Session, member: Member) -> int | None:
    """The seat of the firm that was left last and that nobody has taken since."""
    chosen = select(SponsorSeat.id).where(
        SponsorSeat.alliance_id == member.alliance_id,
        SponsorSeat.side_id == member.side_id,
        SponsorSeat.person_id != member.person_id,
        col(SponsorSeat.ended_on).is_not(None),
        col(SponsorSeat.id).not_in(taken_over(member.side_id)),
    )
    latest = (col(SponsorSeat.ended_on).desc(), col(SponsorSeat.id).desc())
    return session.exec(chosen.order_by(*latest)).first()


def _drop_assisting(session: Session, member: Member) -> None:
    """Who has left acts for nobody any more."""
    chosen = select(SponsorSeat).where(
        SponsorSeat.alliance_id == member.alliance_id,
        SponsorSeat.assistant_id == member.person_id,
        col(SponsorSeat.ended_on).is_(None),
    )
    for seat in session.exec(chosen):
        seat.assistant_id = None
        session.add(seat)
    session.flush()


def _mark_empty(session: Session, seat: SponsorSeat, since: date | None) -> None:
    side = session.get_one(Side, seat.side_id)
    if since is not None and held(session, seat.alliance_id, side.id):
        return
    side.seat_empty_since = since
    session.add(side)
    session.flush()


def by_that_alone(
    session: Session, alliance_id: int, side_id: int, seat_id: int | None = None
) -> list[SponsorSeat]:
    """The counterparts of a firm's only sponsor (`seat_id`, or one to come) that nobody has to
    choose: of each other firm the only one."""
    everyone = held(session, alliance_id)
    if any(one.side_id == side_id and one.id != seat_id for one in everyone):
        return []
    by_side: dict[int, list[SponsorSeat]] = {}
    for one in everyone:
        if one.side_id != side_id:
            by_side.setdefault(one.side_id, []).append(one)
    return [theirs[0] for theirs in by_side.values() if len(theirs) == 1]


def _note(session: Session, seat: SponsorSeat, what: str, *, now: datetime) -> None:
    history.note(
        session,
        alliance_id=seat.alliance_id,
        record=RECORD,
        record_id=seat.id,
        what=what,
        by=None,
        now=now,
        after={"person": seat.person_id, "side": seat.side_id},
    )
