"""What a sponsor finds who follows another: the talks there were, the promises and asks that are
open. No outcome of a talk that one firm kept, and nothing that they may not see themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from governance import visibility
from governance.sponsors import contacts, seats
from storage.sponsor_tables import SponsorAsk, SponsorContact, SponsorPair, SponsorSeat
from storage.tables import ActionItem, Member, Person

OPEN = ("open", "proposed")


@dataclass(frozen=True)
class LeftBehind:
    before: Person
    talks: tuple[SponsorContact, ...]
    promises: tuple[ActionItem, ...]
    asks: tuple[SponsorAsk, ...]


def of(
    session: Session, seat: SponsorSeat, pairs: list[SponsorPair], *, now: datetime
) -> LeftBehind | None:
    """None for who follows nobody. `pairs` are the seat's own."""
    before = seats.predecessor(session, seat)
    reader = visibility.current_member(session, seat.alliance_id, seat.person_id, now=now)
    if before is None or reader is None:
        return None
    talks = [talk for pair in pairs for talk in contacts.all_of(session, pair)]
    return LeftBehind(
        session.get_one(Person, before.person_id),
        tuple(talks),
        tuple(_promises(session, talks, reader)),
        tuple(_asks(session, before, reader)),
    )


def _promises(session: Session, talks: list[SponsorContact], reader: Member) -> list[ActionItem]:
    """Of both sponsors, since what one promised the other waits for."""
    ids = [talk.promise_id for talk in talks if talk.promise_id is not None]
    chosen = select(ActionItem).where(
        col(ActionItem.id).in_(ids),
        col(ActionItem.status).in_(OPEN),
        col(ActionItem.audience_id).in_(visibility.audiences_of(reader)),
    )
    return list(session.exec(chosen.order_by(col(ActionItem.due), col(ActionItem.id))))


def _asks(session: Session, before: SponsorSeat, reader: Member) -> list[SponsorAsk]:
    chosen = select(SponsorAsk).where(
        SponsorAsk.seat_id == before.id,
        col(SponsorAsk.state).in_(("asked", "taken")),
        col(SponsorAsk.audience_id).in_(visibility.audiences_of(reader)),
    )
    return list(session.exec(chosen.order_by(col(SponsorAsk.id))))
