"""What a sponsor, or their assistant, presses on a nudge."""

from datetime import datetime
from zoneinfo import ZoneInfo

from governance.errors import BotError
from governance.items import action_item_records
from governance.messages import outbox
from governance.people import members
from governance.people.members import Seat
from governance.sponsors import briefing, contacts, nudges, seats, slots
from governance.words import clip
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.sponsors import access
from handlers.understanding import day_chosen
from handlers.views import (
    Choice,
    ChoiceField,
    DayField,
    Form,
    Note,
    PersonField,
    Quote,
    Reply,
    Text,
    Words,
    WordsField,
    answer,
    words,
)
from storage.sponsor_tables import SponsorNudge, SponsorPair, SponsorSeat
from storage.tables import Person


def _kept(ask: Ask, by: Seat) -> dict[str, str]:
    return {**asking.place_of(ask), "value": ask.arg("value"), "alliance": str(by.alliance.id)}


@act("sponsor.calendar", opens_form=True)
def calendar(ask: Ask) -> Reply:
    _, _, by = access.nudge(ask)
    said = "Until that day is over I don't ask for a talk."
    field = DayField("day", "For which day?")
    return Reply(
        form=Form(
            "In the calendar",
            "sponsor.planned",
            (Text(words(said)),),
            (field,),
            _kept(ask, by),
            "Save",
        )
    )


@act("sponsor.planned")
def planned(ask: Ask) -> Reply:
    nudge, held, by = access.nudge(ask)
    day = day_chosen(ask, "day")
    if day is None:
        raise BotError("Which day is it?", field="day")
    nudges.put_in_calendar(ask.session, nudge, held, by, day, now=ask.now)
    return answer(f"Kept: {say_day(day, today=ask.today)}. Until then I ask for no talk.")


@act("sponsor.not_now", opens_form=True)
def not_now(ask: Ask) -> Reply:
    _, _, by = access.nudge(ask)
    field = WordsField(
        "why",
        "A word why",
        hint="Only your firm's alliance managers may read it.",
        optional=True,
        limit=300,
    )
    return Reply(
        form=Form(
            "Not this week",
            "sponsor.not_now_because",
            (),
            (field,),
            _kept(ask, by),
            "Not this week",
        )
    )


@act("sponsor.not_now_because")
def not_now_because(ask: Ask) -> Reply:
    nudge, held, by = access.nudge(ask)
    nudges.not_this_week(ask.session, nudge, held, by, ask.arg("why"), now=ask.now)
    return answer("All right, not this week.")


@act("sponsor.pass", opens_form=True)
def pass_on(ask: Ask) -> Reply:
    """To the assistant who is known, or to be named."""
    nudge, held, by = access.nudge(ask)
    if held.assistant_id is not None:
        went_to = nudges.pass_on(ask.session, nudge, held, by, None, now=ask.now)
        return _passed(went_to)
    said = "They get what is behind this nudge, but no asks and nothing of what was said."
    field = PersonField("assistant", "Who is your assistant?", "sponsor.people")
    return Reply(
        form=Form(
            "My assistant",
            "sponsor.passed",
            (Text(words(said)),),
            (field,),
            _kept(ask, by),
            "Pass it on",
        )
    )


@act("sponsor.passed")
def passed(ask: Ask) -> Reply:
    nudge, held, by = access.nudge(ask)
    if not ask.arg("assistant"):
        raise BotError("Choose a person.", field="assistant")
    assistant = ask.person(ask.arg("assistant"))
    return _passed(nudges.pass_on(ask.session, nudge, held, by, assistant, now=ask.now))


def _passed(went_to: Person) -> Reply:
    return answer(f"{went_to.name} sees to it, and acts for you; it is marked so.")


@act("sponsor.draft", opens_form=True)
def draft(ask: Ask) -> Reply:
    """A short text to copy."""
    nudge, held, _ = access.nudge(ask)
    _, other = _across(ask, nudge, held)
    sponsor = access.holder(ask, held)
    blocks = (
        Text(words(f"To {other.name}. Copy it, and make it yours:")),
        Quote((Words(_draft_words(ask, nudge, held, sponsor, other)),)),
        Note(words("I send nothing for you.")),
    )
    return Reply(form=Form("A message", "page", blocks, args=asking.place_of(ask)))


def _draft_words(
    ask: Ask, nudge: SponsorNudge, held: SponsorSeat, sponsor: Person, other: Person
) -> str:
    pair, _ = _across(ask, nudge, held)
    brief = briefing.of(ask.session, pair, held, ask.caller, now=ask.now)
    about = ""
    if brief is not None and brief.topic is not None:
        reference = action_item_records.reference(brief.topic, brief.alliance)
        about = f" One thing I'd like your view on: {reference}, {clip(brief.topic.text, 80)}."
    last = contacts.last_of(ask.session, pair)
    since = (
        f"we last spoke on {say_day(last.on, today=ask.today)}"
        if last
        else "we have not spoken yet"
    )
    name = f"{brief.alliance.name}: " if brief else ""
    return (
        f"{other.name.split()[0]}, {name}{since}. Would you have half an hour in the next two "
        f"weeks?{about} {sponsor.name.split()[0]}"
    )


def _across(ask: Ask, nudge: SponsorNudge, held: SponsorSeat) -> tuple[SponsorPair, Person]:
    pair = nudges.pair_of(ask.session, nudge)
    if pair is None or pair.ended_on is not None:
        raise BotError("There is no counterpart any more. `sponsors` shows who it is now.")
    other = seats.other_seat(ask.session, pair, held)
    return pair, ask.session.get_one(Person, other.person_id)


@act("sponsor.slots", opens_form=True)
def offer_slots(ask: Ask) -> Reply:
    """Half-hours that lie in both people's working hours, to choose one for a calendar file."""
    nudge, held, by = access.nudge(ask)
    _, other = _across(ask, nudge, held)
    sponsor = access.holder(ask, held)
    calendars = members.calendar_of(sponsor), members.calendar_of(other)
    found = slots.offered(*calendars, now=ask.now)
    if not found:
        raise BotError(
            f"I find no half-hour in the next two weeks in which {other.name} and you are both at "
            "work. “It's in the calendar” keeps a day that you two agree on."
        )
    outside = " All are early or late for one of you." if found[0].outside else ""
    said = f"I know nobody's calendar: these are in your working hours and {other.name}'s.{outside}"
    field = ChoiceField(
        "at",
        f"Half an hour, in your time ({sponsor.zone})",
        tuple(Choice(slot.at.isoformat(), _at(slot.at, sponsor, other)) for slot in found),
    )
    return Reply(
        form=Form(
            "Calendar file",
            "sponsor.file",
            (Text(words(said)),),
            (field,),
            _kept(ask, by),
            "Send me the file",
        )
    )


def _at(at: datetime, sponsor: Person, other: Person) -> str:
    """Thu 26 Nov, 15:00 (09:00 for them)."""
    mine = at.astimezone(ZoneInfo(sponsor.zone))
    theirs = at.astimezone(ZoneInfo(other.zone))
    day = say_day(mine.date(), today=mine.date())
    other_day = "" if mine.date() == theirs.date() else f"{theirs:%a} "
    same = mine.utcoffset() == theirs.utcoffset()
    there = "" if same else f" ({other_day}{theirs:%H:%M} for them)"
    return f"{day}, {mine:%H:%M}{there}"


@act("sponsor.file")
def send_file(ask: Ask) -> Reply:
    nudge, held, by = access.nudge(ask)
    _across(ask, nudge, held)
    try:
        at = datetime.fromisoformat(ask.arg("at"))
    except ValueError as error:
        raise BotError("Choose one of the half-hours.", field="at") from error
    if at.tzinfo is None or at <= ask.now:
        raise BotError("That half-hour is past. Open the form again.", field="at")
    outbox.put(
        ask.session,
        outbox.SPONSOR_CALENDAR,
        {"nudge": nudge.id, "at": at.isoformat(), "account": ask.account.id},
        key=f"sponsor_calendar:{nudge.id}:{ask.caller.id}:{at.isoformat()}",
        installation_id=ask.installation.id,
        alliance_id=by.alliance.id,
        person_id=ask.caller.id,
        now=ask.now,
    )
    return answer("The file is on its way to your direct messages. Nobody else gets it from me.")
