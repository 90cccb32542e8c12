"""Who follows a sponsor: named in private, told with a press."""

from governance.errors import BotError
from governance.people.members import Seat
from governance.sponsors import handing_over, naming
from handlers import asking
from handlers.acts import Ask, act
from handlers.sponsors import access, news_views
from handlers.understanding import day_chosen
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    DayField,
    Form,
    PersonField,
    Quote,
    Reply,
    Text,
    answer,
    bold,
    words,
)
from storage.sponsor_tables import SponsorSeat
from storage.tables import Person


@act("sponsor.successor", opens_form=True)
def successor(ask: Ask) -> Reply:
    """A form, or what was named already and may be told."""
    held, by = access.seat(ask)
    naming.check_manages(by, held.side_id, by.side.firm)
    if held.successor_id is not None and held.told_at is None:
        return _named(ask, held, by)
    return Reply(form=_form(ask, held, by))


def _form(ask: Ask, held: SponsorSeat, by: Seat) -> Form:
    follows = ask.session.get(Person, held.successor_id) if held.successor_id else None
    name = access.holder(ask, held).name
    fields = (
        PersonField(
            "successor",
            f"Who follows {name}?",
            "sponsor.people",
            Choice(follows.user_id, follows.name) if follows else None,
        ),
        DayField("until", f"{name}'s last day as sponsor", held.last_day or held.until),
    )
    said = "Only your firm's alliance managers know until you press Tell."
    kept = {**asking.place_of(ask), "seat": held.token, "alliance": str(by.alliance.id)}
    return Form("Who follows", "sponsor.follows", (Text(words(said)),), fields, kept, "Save")


@act("sponsor.follow_change", opens_form=True)
def change(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    naming.check_manages(by, held.side_id, by.side.firm)
    return Reply(form=_form(ask, held, by))


@act("sponsor.follows")
def follows(ask: Ask) -> Reply:
    held, by = access.seat(ask, ask.arg("seat"))
    if not ask.arg("successor"):
        raise BotError("Choose a person.", field="successor")
    until = day_chosen(ask, "until")
    if until is None:
        raise BotError("Which is the last day?", field="until")
    person = ask.person(ask.arg("successor"))
    handing_over.name_successor(ask.session, by, held, person, until, now=ask.now)
    return _named(ask, held, by)


def _named(ask: Ask, held: SponsorSeat, by: Seat) -> Reply:
    """What is planned, and the exact words that others would read."""
    told = news_views.follows_words(ask.session, held, today=ask.today)
    blocks: tuple[Block, ...] = (
        Text((bold("Kept, and told to nobody yet."),)),
        Text(words("With Tell, your partner's alliance managers and both sponsors read:")),
        Quote(told),
        Text(words("Their seat goes over on the day after; you then send the welcome.")),
        Buttons(
            (
                Button("Tell", "sponsor.tell", held.token, "primary"),
                Button("Change", "sponsor.follow_change", held.token),
                Button("No change after all", "sponsor.no_change", held.token),
            )
        ),
    )
    kept = {**asking.place_of(ask), "alliance": str(by.alliance.id)}
    return Reply(form=Form("Who follows", "page", blocks, args=kept))


@act("sponsor.tell")
def tell(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    handing_over.tell(ask.session, by, held, now=ask.now)
    return answer("Told: they read it with their next daily message.")


@act("sponsor.no_change")
def no_change(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    handing_over.forget_successor(ask.session, by, held, now=ask.now)
    return answer(f"All right. {access.holder(ask, held).name} goes on.")
