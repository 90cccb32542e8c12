"""Who looks after a partner's side: the question to who set the alliance up, and what the person
named answers in the shared channel."""

from sqlmodel import select

from governance import visibility
from governance.errors import BotError, NotAllowed, NotFound
from governance.people import counterparts, members, roster
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act, choices
from handlers.people import roster_views
from handlers.people.choosing import fit
from handlers.people.people import person_form
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    Form,
    Message,
    Note,
    PersonField,
    Reply,
    Text,
    Words,
    bold,
    words,
)
from storage.tables import Alliance, Card, Person, Side

LONGEST_ID = 10
"""Digits up to which the database has numbers for rows."""


def question(ask: Ask, alliance: Alliance, *, after: int = -1) -> tuple[Block, ...]:
    """For who looks after one firm: who is your counterpart at the next that has nobody? Nothing
    where nobody of such a firm is known. `after`: the place of the firm that was asked about."""
    seat = ask.seat_in(alliance)
    missing = counterparts.without_one(ask.session, seat, now=ask.now)
    side = next((side for side in missing if side.position > after), None)
    if side is None or not seat.is_manager:
        return ()
    known = counterparts.known_people(ask.session, side, now=ask.now)
    person = counterparts.likeliest(known)
    other = "Somebody else" if person else "Name somebody"
    buttons = [Button(other, "counterpart.other", str(side.id))]
    if person is not None:
        yes = Button("Yes, ask them", "counterpart.ask", f"{side.id}:{person.user_id}", "primary")
        buttons.insert(0, yes)
    return (
        Text(_who(side, person)),
        Buttons((*buttons, Button("Later", "counterpart.later", str(side.id)))),
        Note(
            (
                Words(
                    "I ask them in the channel to look at who of their firm is in it. Until they "
                    f"have, I write to nobody of {side.firm} directly, unless they act here."
                ),
            )
        ),
    )


def _who(side: Side, person: Person | None) -> tuple[Words, ...]:
    if person is None:
        return (bold(f"Who is your counterpart at {side.firm}?"),)
    title = f" {person.title}." if person.title else ""
    return (bold(f"Is {person.name} your counterpart at {side.firm}?"), Words(title))


@act("counterpart.ask", opens_form=True)
def ask_them(ask: Ask) -> Reply:
    side_id, _, user_id = ask.arg("value").partition(":")
    return _named(ask, *_side(ask, side_id), ask.person(user_id))


@act("counterpart.named")
def named(ask: Ask) -> Reply:
    if not ask.arg("person"):
        raise BotError("Choose a person.", field="person")
    return _named(ask, *_side(ask, ask.arg("side")), ask.person(ask.arg("person")))


def _named(ask: Ask, seat: Seat, side: Side, person: Person) -> Reply:
    counterparts.name(ask.session, seat, side, person, now=ask.now)
    said = (
        f"{person.name} is asked in the shared channel. You hear once they have looked at the "
        f"people of {side.firm}."
    )
    return _and_next(ask, seat, side, said)


@act("counterpart.later", opens_form=True)
def later(ask: Ask) -> Reply:
    seat, side = _side(ask, ask.arg("value"))
    return _and_next(ask, seat, side, f"All right. `people` asks again who it is at {side.firm}.")


def _and_next(ask: Ask, seat: Seat, side: Side, said: str) -> Reply:
    """The answer, and the question about the next firm. On a page it goes on with the first item,
    since the answer takes the page's place."""
    blocks: list[Block] = [Text(words(said)), *question(ask, seat.alliance, after=side.position)]
    if not ask.in_page:
        return Reply(message=Message(tuple(blocks)), closes=True)
    blocks.append(Buttons((Button("Record an action item", "action_item.new"),)))
    return Reply(form=Form("Your counterpart", "page", tuple(blocks), args=asking.place_of(ask)))


@act("counterpart.other", opens_form=True)
def other(ask: Ask) -> Reply:
    seat, side = _side(ask, ask.arg("value"))
    field = PersonField("person", f"Who is it at {side.firm}?", "counterpart.people")
    said = "I ask them in the shared channel to look at who of their firm is in it."
    kept = {**asking.place_of(ask), "alliance": str(seat.alliance.id), "side": str(side.id)}
    return Reply(
        form=Form(
            "Your counterpart",
            "counterpart.named",
            (Text(words(said)),),
            (field,),
            kept,
            "Ask them",
        )
    )


def _side(ask: Ask, side_id: str) -> tuple[Seat, Side]:
    """A firm of an alliance that the caller manages, from the other side or their own."""
    side = _side_by(ask, side_id)
    if side is None:
        raise NotFound("I can't find that any more.")
    seat = ask.seat_in(ask.session.get_one(Alliance, side.alliance_id))
    if not seat.is_manager:
        raise NotAllowed("The alliance managers name who is asked.")
    return seat, side


def _side_by(ask: Ask, side_id: str) -> Side | None:
    fits = side_id.isascii() and side_id.isdecimal() and len(side_id) < LONGEST_ID
    return ask.session.get(Side, int(side_id)) if fits else None


@choices("counterpart.people")
def people(ask: Ask, typed: str) -> list[Choice]:
    """The known people of a firm, for its alliance managers and for who names the first."""
    side = _side_by(ask, ask.arg("side"))
    if side is None or not _may_name(ask, side):
        return []
    known = counterparts.known_people(ask.session, side, now=ask.now)
    return [Choice(person.user_id, person.name) for person in fit(known, typed)]


def _may_name(ask: Ask, side: Side) -> bool:
    found = visibility.current_seat(ask.session, side.alliance_id, ask.caller.id, now=ask.now)
    if found is None:
        return False
    alliance = ask.session.get_one(Alliance, side.alliance_id)
    seat = Seat(ask.caller, *found, alliance)
    return roster.may_change(ask.session, seat, side.id, now=ask.now)


@act("roster.check", opens_form=True)
def check(ask: Ask) -> Reply:
    """Who was asked in the channel looks at their people."""
    return _page(ask, _asked_about(ask))


@act("roster.own", opens_form=True)
def own(ask: Ask) -> Reply:
    """The same, from `people`."""
    return _page(ask, _own_side(ask, ask.arg("value"))[1])


def _page(ask: Ask, side: Side) -> Reply:
    return Reply(form=roster_views.page(ask.session, side, _kept(ask, side), now=ask.now))


def _own_side(ask: Ask, side_id: str) -> tuple[Seat, Side]:
    seat, side = _side(ask, side_id)
    if side.id != seat.side.id:
        raise NotAllowed(f"{side.firm} looks after its own people.")
    return seat, side


def _asked_about(ask: Ask) -> Side:
    """The side of the card that was pressed. Raises NotAllowed for who is not to answer."""
    card = _card(ask)
    seat = ask.seat_in(ask.session.get_one(Alliance, card.alliance_id))
    return counterparts.check_may_answer(ask.session, card, seat, now=ask.now)


def _card(ask: Ask) -> Card:
    chosen = select(Card).where(Card.token == ask.arg("value"), Card.kind == counterparts.CARD_KIND)
    card = ask.session.exec(chosen).one_or_none()
    if card is None:
        raise NotFound("I can't find that question any more.")
    return card


def _kept(ask: Ask, side: Side) -> dict[str, str]:
    """The page goes on in its alliance, wherever it was opened."""
    return {**asking.place_of(ask), "alliance": str(side.alliance_id)}


@act("roster.change", opens_form=True)
def change(ask: Ask) -> Reply:
    """The form of one of them, which comes back to the list."""
    side_id, _, user_id = ask.arg("value").partition(":")
    seat, side = _own_side(ask, side_id)
    kept = {"back": roster_views.BACK, "alliance": str(side.alliance_id)}
    return Reply(form=person_form(ask, seat, ask.person(user_id), kept))


@act("roster.confirm")
def confirm(ask: Ask) -> Reply:
    """*Looks right*."""
    seat = ask.seat()
    if not counterparts.looked(ask.session, seat, now=ask.now):
        raise BotError(roster_views.who_looked(ask.session, seat.side))
    everyone = members.members(ask.session, seat.alliance.id, now=ask.now)
    count = sum(side.id == seat.side.id for _, _, side in everyone)
    them = "You hear" if count == 1 else f"The {count} people of {seat.side.firm} in it hear"
    return Reply(
        message=Message(
            (
                Text(
                    (bold(f"Thank you. {seat.side.firm} looks after its own people from now on."),)
                ),
                Text(
                    words(
                        f"{them} from me: one message a day, and what waited comes with it. "
                        "`people` changes who is who."
                    )
                ),
                Buttons((Button("Who is who", "people.list"),)),
            )
        )
    )


@act("roster.not_me", opens_form=True)
def not_me(ask: Ask) -> Reply:
    side = _asked_about(ask)
    field = PersonField(
        "person",
        f"Who looks after it at {side.firm}?",
        "counterpart.people",
        hint="They are asked in the channel. Leave it empty if you don't know.",
        optional=True,
    )
    said = "Thank you for saying so. Then you are in it as a team member."
    kept = {**_kept(ask, side), "side": str(side.id)}
    return Reply(
        form=Form(
            "Somebody else", "roster.pass_on", (Text(words(said)),), (field,), kept, "Pass it on"
        )
    )


@act("roster.pass_on")
def pass_on(ask: Ask) -> Reply:
    seat = ask.seat()
    person = ask.person(ask.arg("person")) if ask.arg("person") else None
    counterparts.pass_on(ask.session, seat, person, now=ask.now)
    if person is None:
        return Reply(message=Message((Text(words("Thank you. Whoever asked you is told.")),)))
    said = Words(f"Thank you. {person.name} is asked in the channel instead.")
    return Reply(message=Message((Text((said,)),)))
