"""The sponsor programme as an export writes it: what all firms may read, and what is one firm's."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from governance import visibility
from governance.people.members import Seat
from governance.seeing.export_rows import Json, Names, day, instant
from storage.sponsor_tables import SponsorAsk, SponsorContact, SponsorPair, SponsorSeat


def seats(session: Session, reader: Seat, names: Names) -> Iterable[Json]:
    """Who has sponsored it at each firm, from when to when."""
    for seat in _seats(session, reader):
        yield {
            "name": names.person(seat.person_id),
            "firm": names.firm(seat.side_id),
            "since": day(seat.since),
            "ended": day(seat.ended_on),
        }


def talks(session: Session, reader: Seat, names: Names) -> Iterable[Json]:
    """That two sponsors spoke; nothing of what was said."""
    for talk in _talks(session, reader):
        yield {
            "on": day(talk.on),
            "how": talk.how,
            "sponsors": _two(session, talk, names),
            "confirmed": talk.confirmed,
        }


def terms(session: Session, reader: Seat, names: Names) -> Iterable[Json]:
    """What a firm keeps to itself about its own sponsors."""
    for seat in _seats(session, reader):
        if seat.side_id == reader.side.id:
            yield {
                "name": names.person(seat.person_id),
                "state": seat.state,
                "term_until": day(seat.until),
                "in_role_until": seat.in_role_until,
                "assistant": names.person(seat.assistant_id),
                "successor": names.person(seat.successor_id),
            }


def outcomes(session: Session, reader: Seat, names: Names) -> Iterable[Json]:
    """What came of talks, as far as the reader may know."""
    for talk in _talks(session, reader):
        if talk.outcome and visibility.may_see(session, reader.member, talk.audience_id):
            yield {
                "on": day(talk.on),
                "sponsors": _two(session, talk, names),
                "told_by": names.person(talk.by_id),
                "outcome": talk.outcome,
            }


def asks(session: Session, reader: Seat, names: Names) -> Iterable[Json]:
    """What the firm asked its sponsors for, and what came of it."""
    own = select(SponsorSeat.id).where(
        SponsorSeat.alliance_id == reader.alliance.id, SponsorSeat.side_id == reader.side.id
    )
    chosen = select(SponsorAsk).where(col(SponsorAsk.seat_id).in_(own))
    for ask in session.exec(chosen.order_by(col(SponsorAsk.id))):
        if visibility.may_see(session, reader.member, ask.audience_id):
            yield {
                "sponsor": names.person(session.get_one(SponsorSeat, ask.seat_id).person_id),
                "asked_by": names.person(ask.asked_by),
                "text": ask.text,
                "due": day(ask.due),
                "state": ask.state,
                "question": ask.question,
                "reply": ask.reply,
                "effect": ask.effect,
                "asked_at": instant(ask.created_at),
                "closed": instant(ask.closed_at),
            }


def _seats(session: Session, reader: Seat) -> list[SponsorSeat]:
    chosen = select(SponsorSeat).where(SponsorSeat.alliance_id == reader.alliance.id)
    return list(session.exec(chosen.order_by(col(SponsorSeat.side_id), col(SponsorSeat.id))))


def _talks(session: Session, reader: Seat) -> list[SponsorContact]:
    chosen = select(SponsorContact).where(SponsorContact.alliance_id == reader.alliance.id)
    return list(session.exec(chosen.order_by(col(SponsorContact.on), col(SponsorContact.id))))


def _two(session: Session, talk: SponsorContact, names: Names) -> list[str | None]:
    pair = session.get_one(SponsorPair, talk.pair_id)
    both = (session.get_one(SponsorSeat, seat_id) for seat_id in (pair.first_id, pair.second_id))
    return [names.person(seat.person_id) for seat in both]
