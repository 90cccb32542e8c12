"""The talks of an alliance's sponsors, each with what came of it for who may read that."""

from sqlmodel import Session

from governance.people.members import Seat
from governance.sponsors import contacts
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.sponsors import access
from handlers.views import Block, Heading, Message, Note, Quote, Reply, Text, Words, bold, words
from storage.sponsor_tables import SponsorContact, SponsorPair, SponsorSeat
from storage.tables import Person

SHOWN = 12


@act("sponsor.talks")
def talks(ask: Ask) -> Reply:
    by = access.pressed_place(ask)
    blocks: list[Block] = [Heading(f"Talks so far · {by.alliance.name}")]
    found = contacts.of_alliance(ask.session, by.alliance.id, limit=SHOWN)
    for contact in found:
        blocks += _talk(ask, contact, by)
    if not found:
        blocks.append(Text(words("None that I know of. `spoke` keeps one.")))
    blocks.append(
        Note(words("Every firm sees that they spoke; what came of it is as it was kept."))
    )
    return Reply(message=Message(tuple(blocks)))


def _talk(ask: Ask, contact: SponsorContact, by: Seat) -> list[Block]:
    day = say_day(contact.on, today=ask.today)
    said = f"{day}, {contacts.WAYS[contact.how]}: {_names(ask.session, contact)}"
    shown: list[Block] = [Text((bold(said), Words(_stands(contact))))]
    outcome = contacts.outcome_for(ask.session, contact, by)
    return [*shown, Quote((Words(outcome),))] if outcome else shown


def _names(session: Session, contact: SponsorContact) -> str:
    """Whoever told of it first."""
    pair = session.get_one(SponsorPair, contact.pair_id)
    other = pair.second_id if pair.first_id == contact.seat_id else pair.first_id
    told, heard = (
        session.get_one(Person, session.get_one(SponsorSeat, seat_id).person_id).name
        for seat_id in (contact.seat_id, other)
    )
    return f"{told} with {heard}"


def _stands(contact: SponsorContact) -> str:
    if contact.confirmed is None:
        return ". Not confirmed yet."
    return (
        "" if contact.confirmed else ". Their counterpart says they did not, so it does not count."
    )
