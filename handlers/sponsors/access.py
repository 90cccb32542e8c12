"""Who asks, and about which seat: what every act of the sponsor programme begins with."""

from sqlmodel import Session

from governance.errors import NotAllowed
from governance.people.members import Seat
from governance.sponsors import asks, contacts, naming, nudges
from handlers.acts import Ask
from storage.sponsor_tables import SponsorAsk, SponsorNudge, SponsorPair, SponsorSeat
from storage.tables import Alliance, Person


def place(ask: Ask, alliance_id: int) -> Seat:
    return ask.seat_in(ask.session.get_one(Alliance, alliance_id))


def pressed_place(ask: Ask) -> Seat:
    """In the alliance that a button names."""
    value = ask.arg("value")
    return place(ask, int(value)) if value.isdecimal() and len(value) < 10 else ask.seat()


def seat(ask: Ask, token: str = "") -> tuple[SponsorSeat, Seat]:
    """The seat that was pressed, for somebody of its firm. Raises NotFound, NotAllowed."""
    found = naming.by_token(ask.session, token or ask.arg("value"))
    by = place(ask, found.alliance_id)
    if by.side.id != found.side_id:
        raise NotAllowed("That is for the sponsor's own firm.")
    return found, by


def nudge(ask: Ask) -> tuple[SponsorNudge, SponsorSeat, Seat]:
    found, holder = nudges.by_token(ask.session, ask.arg("value"))
    by = place(ask, holder.alliance_id)
    nudges.check_acts_for(by, holder)
    return found, holder, by


def pair(ask: Ask, token: str) -> tuple[SponsorPair, SponsorSeat, Seat]:
    """A pair, and the seat of it for which somebody speaks."""
    found = contacts.pair_by_token(ask.session, token)
    by = place(ask, found.alliance_id)
    return found, contacts.seat_for(ask.session, found, by), by


def request(ask: Ask) -> tuple[SponsorAsk, Seat]:
    """What a sponsor was asked for, for who may see it."""
    found = asks.by_token(ask.session, ask.arg("value"))
    by = place(ask, found.alliance_id)
    return asks.by_token(ask.session, found.token, by), by


def holder(ask: Ask, held: SponsorSeat) -> Person:
    return ask.session.get_one(Person, held.person_id)


def marked(session: Session, by_id: int, held: SponsorSeat) -> str:
    """How somebody who acts for a sponsor is named: Ruth Adler for Jonas Lindqvist."""
    name = session.get_one(Person, held.person_id).name
    by = session.get_one(Person, by_id).name
    return name if by_id == held.person_id else f"{by} for {name}"
