"""Who follows a firm's last alliance manager, and looking after a side that lost its own."""

from governance.errors import BotError
from governance.firms import alliances
from governance.people import roster, succession
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act, choices
from handlers.people.choosing import fit
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    Form,
    PersonField,
    Reply,
    Text,
    Words,
    answer,
    words,
)
from storage.tables import Person

KEPT = ("person", "side", "role", "until", "back")
"""What was filled in before, to go on with."""


def form(ask: Ask, seat: Seat, person: Person) -> Form:
    """Asked when somebody would leave their firm without an alliance manager. Raises BotError
    where nobody can follow."""
    others = [p for p in succession.candidates(ask.session, seat, now=ask.now) if p is not person]
    you = person.id == ask.caller.id
    if not others:
        whose = "You are its" if you else f"{person.name} is its"
        raise BotError(
            f"{whose} only alliance manager, and nobody else of {seat.side.firm} is confirmed "
            "here yet. Add somebody first."
        )
    question = (
        f"Who follows {'you' if you else person.name} as {seat.side.firm}'s alliance manager?"
    )
    why = "Somebody has to look after your firm's people. Both changes happen together, or none."
    field = PersonField("successor", "Who follows?", "people.successors")
    kept = {name: ask.arg(name) for name in KEPT}
    args = {**asking.place_of(ask), **kept, "alliance": str(seat.alliance.id)}
    blocks = (Text((Words(question, bold=True),)), Text(words(why)))
    return Form("Who follows?", "people.save", blocks, (field,), args, "Save")


@choices("people.successors")
def successors(ask: Ask, typed: str) -> list[Choice]:
    """The firm's own confirmed people, without whoever goes."""
    known = succession.candidates(ask.session, ask.seat(), now=ask.now)
    there = [person for person in known if person.user_id != ask.arg("person")]
    return [Choice(person.user_id, person.name) for person in fit(there, typed)]


def offer(ask: Ask, seat: Seat) -> list[Block]:
    """For those whose firm lost its last alliance manager."""
    if not succession.may_step_in(ask.session, seat, now=ask.now):
        return []
    said = f"{seat.side.firm} has no alliance manager now. "
    button = Button("Look after our side", "people.step_in", str(seat.alliance.id))
    return [Text((Words(said), Words("You can look after it."))), Buttons((button,))]


@act("people.step_in")
def step_in(ask: Ask) -> Reply:
    named = alliances.alliance_by_id(ask.session, ask.installation.id, ask.arg("value"))
    seat = ask.seat_in(named)
    roster.step_in(ask.session, seat, now=ask.now)
    return answer(
        Words(f"You are {seat.side.firm}'s alliance manager in {seat.alliance.name} now. "),
        "`people` is yours to look after.",
    )
