"""`sponsors` and `sponsor @x`: who holds a seat, naming somebody, and when they are written to."""

from governance.errors import BotError
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
        return Reply(message=seat_views.history(ask.session, seat, now=ask.now, today=ask.today))
    return Reply(message=seat_views.overview(ask, seat))


@act("sponsor.history")
def history(ask: Ask) -> Reply:
    by = _place(ask)
    return Reply(message=seat_views.history(ask.session, by, now=ask.now, today=ask.today))


def _place(ask: Ask) -> Seat:
    value = ask.arg("value")
    return access.place(ask, int(value)) if value.isdecimal() and len(value) < 10 else ask.seat()


@act("sponsor.name", opens_form=True)
def name(ask: Ask) -> Reply:
    """By command: `sponsor @somebody`; without a name the form asks."""
    by = ask.seat()
    person = ask.person(ask.people[0]) if ask.people else None
    held = seats.seat_of(ask.session, by.alliance.id, person.id) if person else None
    return Reply(form=_form(ask, by, person, held))


@act("sponsor.new", opens_form=True)
def new(ask: Ask) -> Reply:
    return Reply(form=_form(ask, _place(ask), None, None))


@act("sponsor.change", opens_form=True)
def change(ask: Ask) -> Reply:
    held, by = access.seat(ask)
    return Reply(form=_form(ask, by, access.holder(ask, held), held))


def _form(ask: Ask, by: Seat, person: Person | None, held: SponsorSeat | None) -> Form:
    naming.check_manages(by, by.side.id, by.side.firm)
    across = [one for one in seats.held(ask.session, by.alliance.id) if one.side_id != by.side.id]
    said = f"Whoever you name hears nothing yet: you read the welcome first. For {by.side.firm}."
    fields = (
        PersonField(
            "person",
            "Who sponsors it?",
            "sponsor.people",
            Choice(person.user_id, person.name) if person else None,
        ),
        *((_counterparts(ask, across, held),) if across else ()),
        DayField("since", "Since", held.since if held else ask.today),
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
    kept = {**asking.place_of(ask), "alliance": str(by.alliance.id)}
    return Form("Sponsor", "sponsor.save", (Text(words(said)),), fields, kept, "Save")


def _counterparts(ask: Ask, across: list[SponsorSeat], held: SponsorSeat | None) -> ManyField:
    """With whom they keep in touch; the only one there is, unless it is said otherwise."""
    now_with = (
        tuple(
            str(seats.other_seat(ask.session, pair, held).id)
            for pair in seats.pairs_of(ask.session, held)
        )
        if held
        else ()
    )
    only = (str(across[0].id),) if len(across) == 1 and held is None else ()
    return ManyField(
        "counterparts",
        "Counterpart",
        tuple(Choice(str(one.id), _named(ask, one)) for one in across),
        now_with or only,
        "With whom they keep in touch.",
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
    known = naming.people_to_name(ask.session, by, now=ask.now)
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
    held = naming.name(ask.session, by, person, terms, now=ask.now)
    if held.state == "accepted":
        return answer(f"Saved. {person.name} sponsors {by.alliance.name} at {by.side.firm}.")
    return welcome.preview_of(
        ask, held, by, note=f"{person.name} has the seat. They hear nothing yet."
    )


def _chosen(ask: Ask) -> tuple[int, ...] | None:
    """The counterparts chosen; None where the form had nobody to choose from."""
    if "counterparts" not in ask.args:
        return None
    return tuple(int(one) for one in ask.arg("counterparts").split(",") if one.isdecimal())


@act("sponsor.hour", opens_form=True)
def hour(ask: Ask) -> Reply:
    held, by = access.seat(ask)
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


@act("sponsor.list_of")
def list_of(ask: Ask) -> Reply:
    return Reply(message=seat_views.overview(ask, _place(ask)))
