"""What a sponsor would have read whom no direct message reaches, for who forwards it: what both
firms may read, and what their own firm expects."""

from governance.people.members import Seat
from governance.sponsors import seats, welcome
from handlers.acts import Ask
from handlers.sponsors import seat_views
from storage.sponsor_tables import SponsorSeat
from storage.tables import Person, Side


def text(ask: Ask, by: Seat, person: Person) -> str:
    """Nothing for who is no sponsor, and for one to whom nobody has sent the welcome."""
    held = seats.seat_of(ask.session, by.alliance.id, person.id)
    if held is None or held.state not in ("welcomed", "accepted"):
        return ""
    side = ask.session.get_one(Side, held.side_id)
    parts = [
        f"You sponsor {by.alliance.name} for {side.firm}.",
        _pairs(ask, held),
        _expected(held, side, by),
        _answer(held, by),
    ]
    return "\n\n".join(part for part in parts if part)


def _pairs(ask: Ask, held: SponsorSeat) -> str:
    pairs = seats.pairs_of(ask.session, held)
    lines = [f"• {seat_views.pair_line(ask.session, held, pair, ask.today)}" for pair in pairs]
    return "\n".join(["You keep in touch:", *lines]) if lines else ""


def _expected(held: SponsorSeat, side: Side, by: Seat) -> str:
    """Only while they have not said yes; in words that a firm keeps to itself."""
    if held.state != "welcomed" or by.side.id != side.id:
        return ""
    return f"What is expected:\n{welcome.expectations(side)}"


def _answer(held: SponsorSeat, by: Seat) -> str:
    name = by.person.name
    if held.state == "welcomed":
        return f"Please tell {name} whether you say yes, or would like to talk first."
    return f"When you have spoken, please tell {name} when and how: they record it for you."
