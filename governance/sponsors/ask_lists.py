"""Asks to sponsors as they are listed."""

from datetime import date

from sqlmodel import Session, col, select

from governance.cadence import WorkCalendar
from governance.sponsors.asks import OPEN
from storage.sponsor_tables import SponsorAsk, SponsorSeat


def open_for(session: Session, seat: SponsorSeat) -> list[SponsorAsk]:
    """What a sponsor is asked for and has not settled, oldest first."""
    chosen = select(SponsorAsk).where(
        SponsorAsk.seat_id == seat.id, col(SponsorAsk.state).in_(OPEN)
    )
    return list(session.exec(chosen.order_by(col(SponsorAsk.id))))


def put_before(
    session: Session, seat: SponsorSeat, calendar: WorkCalendar, day: date
) -> list[SponsorAsk]:
    """What a sponsor was asked for by a day, by their calendar, and had not settled before it;
    oldest first."""
    chosen = select(SponsorAsk).where(SponsorAsk.seat_id == seat.id).order_by(col(SponsorAsk.id))
    return [
        one
        for one in session.exec(chosen)
        if calendar.today(one.created_at) <= day
        and (not one.closed_at or calendar.today(one.closed_at) >= day)
    ]


def of_side(session: Session, alliance_id: int, side_id: int, *, limit: int) -> list[SponsorAsk]:
    """The newest asks of a firm, open or not."""
    mine = select(SponsorSeat.id).where(
        SponsorSeat.alliance_id == alliance_id, SponsorSeat.side_id == side_id
    )
    chosen = select(SponsorAsk).where(col(SponsorAsk.seat_id).in_(mine))
    return list(session.exec(chosen.order_by(col(SponsorAsk.id).desc()).limit(limit)))
