"""What a sponsor is told before a talk, read from the alliance's own records. Nothing but what the
reader's firm may see."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from governance import visibility
from governance.people import members
from governance.people.members import Seat
from governance.sponsors import contacts, rhythm, seats
from storage.sponsor_tables import SponsorContact, SponsorPair, SponsorSeat
from storage.tables import ActionItem, Alliance, Person, Side


@dataclass(frozen=True)
class Brief:
    """A pair as one of the two has it before them."""

    alliance: Alliance
    pair: SponsorPair
    counterpart: Person
    counterpart_seat: SponsorSeat
    counterpart_firm: str
    last: SponsorContact | None
    due: date | None
    topic: ActionItem | None
    """The joint item that has been open past its day for longest."""
    open_late: int
    """Joint items that are past their day."""
    promises: tuple[ActionItem, ...]
    they_wait_for: tuple[ActionItem, ...]
    """What the counterpart's firm has proposed to, or awaits from, the reader's."""
    meet: bool
    """They have not met in person for a year."""


def of(
    session: Session, pair: SponsorPair, seat: SponsorSeat, reading: Person, *, now: datetime
) -> Brief | None:
    """The brief about a seat for its holder or their assistant, as far as that reader may see it;
    None for who has no place in the seat's firm any more."""
    person = session.get_one(Person, seat.person_id)
    alliance = session.get_one(Alliance, seat.alliance_id)
    taken = visibility.current_seat(session, alliance.id, reading.id, now=now)
    if taken is None or taken[1].id != seat.side_id:
        return None
    reader = Seat(reading, *taken, alliance)
    other = seats.other_seat(session, pair, seat)
    today = members.calendar_of(reading).today(now)
    last = contacts.last_of(session, pair)
    months = rhythm.months_between(alliance.tier, alliance.sponsor_months)
    late = _late(session, reader, today)
    return Brief(
        alliance=alliance,
        pair=pair,
        counterpart=session.get_one(Person, other.person_id),
        counterpart_seat=other,
        counterpart_firm=session.get_one(Side, other.side_id).firm,
        last=last,
        due=rhythm.due_on(last.on if last else None, pair.since, months),
        topic=late[0] if late else None,
        open_late=len(late),
        promises=tuple(_readable(session, reader, contacts.promises_of(session, pair, person))),
        they_wait_for=tuple(_awaited(session, reader, other.side_id, today)),
        meet=_should_meet(session, pair, today),
    )


def _late(session: Session, reader: Seat, today: date) -> list[ActionItem]:
    """Joint items past their day, the longest first."""
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == reader.alliance.id,
        ActionItem.status == "open",
        ActionItem.audience_id == visibility.joint_audience(session, reader.alliance.id).id,
        col(ActionItem.due) < today,
    )
    return list(session.exec(chosen.order_by(col(ActionItem.due), col(ActionItem.id))))


def _awaited(session: Session, reader: Seat, their_side: int, today: date) -> list[ActionItem]:
    """Joint items that their firm asked of the reader's, unanswered or past their day."""
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == reader.alliance.id,
        ActionItem.proposer_side_id == their_side,
        ActionItem.owner_side_id == reader.side.id,
        ActionItem.audience_id == visibility.joint_audience(session, reader.alliance.id).id,
        (col(ActionItem.status) == "proposed")
        | ((col(ActionItem.status) == "open") & (col(ActionItem.due) < today)),
    )
    return list(session.exec(chosen.order_by(col(ActionItem.due), col(ActionItem.id))))


def _readable(session: Session, reader: Seat, items: list[ActionItem]) -> list[ActionItem]:
    return [item for item in items if visibility.may_see(session, reader.member, item.audience_id)]


def _should_meet(session: Session, pair: SponsorPair, today: date) -> bool:
    met = contacts.last_of(session, pair, in_person=True)
    return today - (met.on if met else pair.since) >= contacts.IN_PERSON_EVERY
