"""Who holds a seat of an executive sponsor, and who is whose counterpart.

A seat follows a place: whoever has the role of sponsor holds one. Two seats of two firms make a
pair; where each of two firms has one sponsor, they are each other's counterpart by that alone.
"""

from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from governance import history
from storage.sponsor_tables import SponsorAsk, SponsorPair, SponsorSeat
from storage.tables import Member, Side

RECORD = "sponsor"
ROLE = "sponsor"


def follow(session: Session, member: Member, *, now: datetime) -> None:
    """A place has changed: who became a sponsor takes a seat, who is none any more leaves it."""
    session.flush()
    stays = member.until is None or member.until > now.date()
    seat = seat_of(session, member.alliance_id, member.person_id)
    if seat is not None and (seat.side_id != member.side_id or not stays or member.role != ROLE):
        if seat.side_id == member.side_id:
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
    """The last pair that one of them made with another sponsor of the other's firm."""
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
    )
    session.add(seat)
    session.flush()
    _mark_empty(session, seat, None)
    _note(session, seat, "taken", now=now)
    for other in _alone_across(session, seat):
        pair_up(session, seat, other, now=now)


def _mark_empty(session: Session, seat: SponsorSeat, since: date | None) -> None:
    side = session.get_one(Side, seat.side_id)
    if since is not None and held(session, seat.alliance_id, side.id):
        return
    side.seat_empty_since = since
    session.add(side)
    session.flush()


def _alone_across(session: Session, seat: SponsorSeat) -> list[SponsorSeat]:
    """The only sponsor of each other firm, where this one is the only one of theirs."""
    everyone = held(session, seat.alliance_id)
    if sum(one.side_id == seat.side_id for one in everyone) > 1:
        return []
    by_side: dict[int, list[SponsorSeat]] = {}
    for one in everyone:
        by_side.setdefault(one.side_id, []).append(one)
    return [
        theirs[0]
        for side_id, theirs in by_side.items()
        if side_id != seat.side_id and len(theirs) == 1
    ]


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
