"""`sponsors` and `sponsor @x`: who holds a seat, naming somebody, and when they are written to."""

from governance import visibility
from governance.errors import BotError
from governance.people import members
from governance.people.members import Seat
from governance.sponsors import contacts, naming, nudges, seats, week
from governance.sponsors.naming import Terms
from handlers import asking
from handlers.acts import Ask, act, choices
from handlers.people.choosing import fit
from handlers.people.reminders import DAYS, parse_clock
from handlers.sponsors import access, seat_views, spoke, welcome
from handlers.understanding import day_chosen
from handlers.views import (
    Choice,
    ChoiceField,
    DayField,
    Field,
    Form,
    ManyField,
    PersonField,
    Reply,
    Text,
    WordsField,
    answer,
    words,
)
from storage.sponsor_tables import SponsorSeat
from storage.tables import Alliance, Person, Side


@act("sponsor.list")
def overview(ask: Ask) -> Reply:
    seat = ask.seat()
    if ask.arg("words").strip().casefold() in ("history", "before", "changes"):
        return Reply(message=seat_views.history(ask.session, seat, today=ask.today))
    return Reply(message=seat_views.overview(ask, seat))


@act("sponsor.history")
def history(ask: Ask) -> Reply:
    by = access.pressed_place(ask)
    return Reply(message=seat_views.history(ask.session, by, today=ask.today))


def _place(ask: Ask) -> Seat:
    value = ask.arg("value")
    return access.place(ask, int(value)) if value.isdecimal() and len(value) < 10 else ask.seat()


@act("sponsor.name", opens_form=True)
def name(ask: Ask) -> Reply:
    """By command: `sponsor @somebody`; without a name the form asks."""
    by = ask.seat()
    person = ask.person(ask.people[0]) if ask.people else None
    side = _side_of(ask, by, person) if person else by.side
    held = seats.seat_of(ask.session, by.alliance.id, person.id) if person else None
    return Reply(form=_form(ask, by, side, person, held))


def _side_of(ask: Ask, by: Seat, person: Person) -> Side:
    """The firm somebody is with; who is not known to be with any is taken for one's own."""
    taken = visibility.current_seat(ask.session, by.alliance.id, person.id, now=ask.now)
    if taken is not None:
        return taken[1]
    return members.side_of_workspace(ask.session, by.alliance, person) or by.side


@act("sponsor.new", opens_form=True)
def new(ask: Ask) -> Reply:
    by = access.pressed_place(ask)
    return Reply(form=_form(ask, by, by.side))


@act("sponsor.new_for", opens_form=True)
def new_for(ask: Ask) -> Reply:
    """For a firm that has no alliance manager who acted here yet."""
    value = ask.arg("value")
    side = ask.session.get(Side, int(value)) if value.isdecimal() and len(value) < 10 else None
    by = access.place(ask, side.alliance_id) if side else ask.seat()
    return Reply(form=_form(ask, by, side or by.side))


@act("sponsor.change", opens_form=True)
def change(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    return Reply(form=_form(ask, by, by.side, access.holder(ask, held), held))


def _form(
    ask: Ask, by: Seat, side: Side, person: Person | None = None, held: SponsorSeat | None = None
) -> Form:
    naming.check_may_name(ask.session, by, side, now=ask.now)
    kept = {**asking.place_of(ask), "alliance": str(by.alliance.id), "side": str(side.id)}
    if held is not None and person is not None:
        said = f"{person.name} sponsors {by.alliance.name} at {side.firm}."
        who: tuple[Field, ...] = ()
        kept["person"] = person.user_id
    else:
        said = f"For {side.firm}. Whoever you name hears nothing yet: {_introduced(by, side)}"
        chosen = Choice(person.user_id, person.name) if person else None
        who = (PersonField("person", "Who sponsors it?", "sponsor.people", chosen),)
    fields = (*who, *_counterparts(ask, by, side, held), *_terms(ask, by, side, held))
    return Form("Sponsor", "sponsor.save", (Text(words(said)),), fields, kept, "Save")


def _introduced(by: Seat, side: Side) -> str:
    if side.id == by.side.id:
        return "you read the welcome first."
    return f"an alliance manager of {side.firm} introduces it to them."


def _terms(ask: Ask, by: Seat, side: Side, held: SponsorSeat | None) -> tuple[Field, ...]:
    """How long and with whose help is for their own firm to say."""
    since = DayField("since", "Since", held.since if held else ask.today)
    if side.id != by.side.id:
        return (since,)
    return (
        since,
        DayField(
            "until",
            "Last day of the term",
            held.until if held else None,
            "Your partner does not see it.",
            optional=True,
        ),
        WordsField(
            "in_role_until",
            "How long do they expect to stay in their role?",
            held.in_role_until if held else "",
            "In your words, such as: until summer 2028. Only your firm sees it.",
            optional=True,
            limit=naming.IN_ROLE_LIMIT,
        ),
        _assistant_field(ask, held),
    )


def _counterparts(ask: Ask, by: Seat, side: Side, held: SponsorSeat | None) -> tuple[Field, ...]:
    """With whom they keep in touch: to begin with, those whom nobody has to choose."""
    everyone = seats.held(ask.session, by.alliance.id)
    across = [one for one in everyone if one.side_id != side.id]
    if not across:
        return ()
    if held is not None:
        pairs = seats.pairs_of(ask.session, held)
        now_with = [seats.other_seat(ask.session, pair, held) for pair in pairs]
    else:
        now_with = seats.by_that_alone(ask.session, by.alliance.id, side.id)
    return (
        ManyField(
            "counterparts",
            "Counterpart",
            tuple(Choice(str(one.id), _named(ask, one)) for one in across),
            tuple(str(one.id) for one in now_with),
            "With whom they keep in touch.",
        ),
    )


def _named(ask: Ask, held: SponsorSeat) -> str:
    firm = ask.session.get_one(Side, held.side_id).firm
    return f"{access.holder(ask, held).name} · {firm}"


def _assistant_field(ask: Ask, held: SponsorSeat | None) -> PersonField:
    assistant = (
        ask.session.get_one(Person, held.assistant_id) if held and held.assistant_id else None
    )
    return PersonField(
        "assistant",
        "Assistant",
        "sponsor.people",
        Choice(assistant.user_id, assistant.name) if assistant else None,
        "May act for them on what they pass on.",
        optional=True,
    )


@choices("sponsor.people")
def people(ask: Ask, typed: str) -> list[Choice]:
    """Whom an alliance manager may name, and a sponsor choose as assistant."""
    by = ask.seat()
    known = naming.people_to_name(ask.session, by, now=ask.now, side=_side_kept(ask, by))
    return [Choice(person.user_id, person.name) for person in fit(known, typed)]


@act("sponsor.save")
def save(ask: Ask) -> Reply:
    by = ask.seat()
    if not ask.arg("person"):
        raise BotError("Choose a person.", field="person")
    person = ask.person(ask.arg("person"))
    terms = Terms(
        since=day_chosen(ask, "since"),
        until=day_chosen(ask, "until"),
        in_role_until=" ".join(ask.arg("in_role_until").split()),
        assistant=ask.person(ask.arg("assistant")) if ask.arg("assistant") else None,
        counterparts=_chosen(ask),
    )
    side = _side_kept(ask, by)
    held = naming.name(ask.session, by, person, terms, side=side, now=ask.now)
    if side.id != by.side.id:
        return answer(f"{person.name} has the seat at {side.firm}. They hear nothing from me.")
    if held.state == "accepted":
        return answer(f"Saved. {person.name} sponsors {by.alliance.name} at {by.side.firm}.")
    return welcome.preview_of(
        ask, held, by, note=f"{person.name} has the seat. They hear nothing yet."
    )


def _side_kept(ask: Ask, by: Seat) -> Side:
    """The firm that the form is for."""
    value = ask.arg("side")
    side = ask.session.get(Side, int(value)) if value.isdecimal() and len(value) < 10 else None
    return side if side is not None and side.alliance_id == by.alliance.id else by.side


def _chosen(ask: Ask) -> tuple[int, ...] | None:
    """The counterparts chosen; None where the form had nobody to choose from."""
    if "counterparts" not in ask.args:
        return None
    return tuple(int(one) for one in ask.arg("counterparts").split(",") if one.isdecimal())


@act("sponsor.hour", opens_form=True)
def hour(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    nudges.check_chooses_hour(by, held)
    alliance = ask.session.get_one(Alliance, held.alliance_id)
    weekday, at = week.hour_of(held, alliance)
    fields = (
        ChoiceField(
            "weekday",
            "Weekday",
            tuple(Choice(str(n), day) for n, day in enumerate(DAYS)),
            str(weekday),
        ),
        WordsField("time", "At", at.strftime("%H:%M"), "Local time, for example 08:30.", limit=8),
    )
    said = (
        "Once a week at most, and only when there is a reason, or after a month of silence. On a "
        "day off it comes on the next working day."
    )
    kept = {**asking.place_of(ask), "seat": held.token, "alliance": str(by.alliance.id)}
    return Reply(
        form=Form("When I write", "sponsor.hour_save", (Text(words(said)),), fields, kept, "Save")
    )


@act("sponsor.hour_save")
def hour_save(ask: Ask) -> Reply:
    held, by = access.seat(ask, ask.arg("seat"))
    minute = parse_clock(ask.arg("time"))
    if minute is None:
        raise BotError("Write a time such as 08:30.", field="time")
    if ask.arg("weekday") not in map(str, range(7)):
        raise BotError("Choose a weekday.", field="weekday")
    weekday = int(ask.arg("weekday"))
    nudges.set_hour(ask.session, held, by, weekday, minute, now=ask.now)
    return answer(f"All right: {DAYS[weekday]}s at {minute // 60:02}:{minute % 60:02}.")


@act("sponsor.spoke_of", opens_form=True)
def spoke_of(ask: Ask) -> Reply:
    """From a seat: with its only counterpart, or after choosing one."""
    held, by = access.seat(ask)
    if not contacts.acts_for(by, held):
        raise BotError("The sponsor says that, or their assistant or alliance manager.")
    return spoke.begin(ask, held, by)


@act("list.sponsors")
def list_of(ask: Ask) -> Reply:
    """Beside the message that leads here, which stays."""
    return Reply(message=seat_views.overview(ask, access.pressed_place(ask)))
