"""`reminders`: the daily message's hour and weekdays, off, days away, and who stands in."""

import re
from datetime import timedelta

from governance import visibility
from governance.errors import BotError
from governance.people import members, reminders
from governance.people.members import Seat
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.items.action_item_page import keep_account
from handlers.items.action_item_views import may_read, row, side_of
from handlers.understanding import day_chosen, day_typed
from handlers.views import (
    Block,
    Choice,
    ChoiceField,
    DayField,
    Form,
    ManyField,
    Message,
    Note,
    PersonField,
    Reply,
    Text,
    Words,
    WordsField,
    answer,
    bold,
    words,
)
from storage.tables import Person

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CLOCK = re.compile(r"(?:at\s+)?(\d{1,2})[:.h]?(\d{2})?\s*(am|pm)?", re.I)


@act("reminders.show", opens_form=True)
def show(ask: Ask) -> Reply:
    """Without words a form; otherwise `off`, `on`, a time, `away until date` or `back`."""
    typed = ask.arg("words").strip()
    head, _, rest = typed.casefold().partition(" ")
    if not typed:
        return Reply(form=_form(ask))
    if head in ("off", "on"):
        return _rhythm(ask, on=head == "on", minute=ask.caller.digest_minute)
    if head == "away":
        return _away(ask, rest)
    if head in ("back", "here"):
        reminders.set_away(ask.caller, first=None, last=None, now=ask.now)
        return answer(f"Welcome back. {_when(ask.caller)}")
    minute = parse_clock(typed)
    if minute is None:
        raise BotError(
            f"I did not understand “{typed[:40]}”. For example: `reminders 08:30`, `reminders "
            "off`, `reminders away until 5 Jan`."
        )
    return _rhythm(ask, on=True, minute=minute)


def parse_clock(typed: str) -> int | None:
    """Minutes after midnight for 8:30, 08.30, 9, 2pm; None for what is no time of day."""
    found = CLOCK.fullmatch(typed.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] and not 1 <= hour <= 12:
        return None
    if found[3]:
        hour = hour % 12 + (12 if found[3].casefold() == "pm" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _rhythm(ask: Ask, *, on: bool, minute: int) -> Reply:
    reminders.set_rhythm(
        ask.caller, minute=minute, weekdays=ask.caller.digest_weekdays, on=on, now=ask.now
    )
    return answer(_when(ask.caller))


def _when(person: Person) -> str:
    if not person.reminders_on:
        return (
            "Your daily message is off. When somebody asks you for something you still hear of "
            "it once. `reminders on` brings it back."
        )
    at = members.digest_time(person).strftime("%H:%M")
    days = [DAYS[int(day)][:3] for day in person.digest_weekdays]
    return (
        f"One message a day at {at} ({person.zone}), {', '.join(days)}, only when there is "
        "something to say and never on your holidays."
    )


def _away(ask: Ask, rest: str) -> Reply:
    if not rest:
        return Reply(form=_form(ask))
    last = day_typed(ask, rest)
    reminders.set_away(ask.caller, first=None, last=last, now=ask.now)
    return Reply(message=_away_message(ask))


def _away_message(ask: Ask) -> Message:
    """What falls due meanwhile, each with its page for a new date or somebody else."""
    person = ask.caller
    assert person.away_from is not None
    assert person.away_until is not None
    first_day = members.calendar_of(person).on_or_after(person.away_until + timedelta(days=1))
    back = say_day(first_day, today=ask.today)
    blocks: list[Block] = [
        Text(
            words(
                bold("Enjoy your time away."),
                f" I write nothing before {back}, and no day until then counts as late.",
            )
        )
    ]
    if person.stand_in_id is not None:
        name = ask.session.get_one(Person, person.stand_in_id).name
        blocks.append(Text((Words(f"{name} stands in for you and may act on your items."),)))
    due = [
        item
        for item in reminders.due_while_away(ask.session, person)
        if may_read(ask.session, item, person, now=ask.now)
    ]
    if due:
        or_else = "" if person.stand_in_id else ", or name a stand-in with `reminders`"
        offer = f"These fall due meanwhile. Give them a new date or to a colleague{or_else}:"
        blocks.append(Text(words(offer)))
    keep_account(ask, due[:15])
    for item in due[:15]:
        side = side_of(ask.session, item, person, now=ask.now)
        if side is not None:
            blocks.append(row(ask.session, item, today=ask.today, reader=side))
    if not due:
        blocks.append(Note(words("Nothing of yours falls due meanwhile.")))
    return Message(tuple(blocks))


def _form(ask: Ask) -> Form:
    person = ask.caller
    over = person.away_until is None or person.away_until < ask.today
    first, last = (None, None) if over else (person.away_from, person.away_until)
    chosen = None if over else person.stand_in_id
    stand_in = ask.session.get(Person, chosen) if chosen else None
    fields = (
        ChoiceField(
            "on",
            "Daily message",
            (
                Choice("on", "On: one message a day, if there is something to say"),
                Choice("off", "Off"),
            ),
            "on" if person.reminders_on else "off",
        ),
        WordsField(
            "time",
            "At",
            members.digest_time(person).strftime("%H:%M"),
            "Your local time, for example 08:30.",
            limit=8,
        ),
        ManyField(
            "weekdays",
            "Working days",
            tuple(Choice(str(at), name) for at, name in enumerate(DAYS)),
            tuple(person.digest_weekdays),
            "I write on these, and only these count when something is late.",
            optional=False,
        ),
        WordsField("zone", "Time zone", person.zone, "For example Europe/Berlin.", limit=40),
        WordsField(
            "country",
            "Holidays of",
            person.country or "",
            "Two letters, such as DE or US; empty for none.",
            optional=True,
            limit=6,
        ),
        DayField("away_from", "Away from", first, optional=True),
        DayField("until", "Away until", last, "Your last day away.", optional=True),
        PersonField(
            "stand_in",
            "Stand-in while away",
            "people.own_side",
            Choice(stand_in.user_id, stand_in.name) if stand_in else None,
            "Somebody of your firm, who may act on your items meanwhile.",
            optional=True,
        ),
    )
    return Form("Reminders", "reminders.save", (Text(words(_when(person))),), fields, {}, "Save")


@act("reminders.save")
def save(ask: Ask) -> Reply:
    person = ask.caller
    minute = parse_clock(ask.arg("time"))
    if minute is None:
        raise BotError("Write a time such as 08:30.", field="time")
    weekdays = "".join(sorted(day for day in ask.arg("weekdays") if day.isdecimal()))
    reminders.set_place(
        person,
        zone=ask.arg("zone").strip(),
        country=ask.arg("country").strip().upper() or None,
        now=ask.now,
    )
    reminders.set_rhythm(
        person, minute=minute, weekdays=weekdays, on=ask.arg("on") == "on", now=ask.now
    )
    reminders.set_away(
        person,
        first=day_chosen(ask, "away_from"),
        last=day_chosen(ask, "until"),
        now=ask.now,
    )
    stand_in = ask.person(ask.arg("stand_in")) if ask.arg("stand_in") else None
    reminders.name_stand_in(ask.session, person, stand_in, _seats(ask), now=ask.now)
    ask.session.add(person)
    return Reply(message=_away_message(ask)) if ask.arg("until") else answer(_when(person))


def _seats(ask: Ask) -> list[Seat]:
    mine = visibility.alliances_of(ask.session, ask.caller.id, now=ask.now)
    return [ask.seat_in(alliance) for alliance in mine]
