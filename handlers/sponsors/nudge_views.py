"""What a sponsor reads in their week: for each counterpart five lines, and what they can do."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from governance import visibility
from governance.items import action_item_records
from governance.people import members
from governance.sponsors import ask_lists, asks, briefing, contacts, nudges, rhythm, seats
from governance.sponsors.briefing import Brief
from governance.words import clip
from handlers.dates import say_day
from handlers.items.action_item_views import due_words, today_for
from handlers.sponsors import access, ask_views
from handlers.views import (
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Rule,
    Spans,
    Text,
    Words,
    bold,
    words,
)
from storage.sponsor_tables import SponsorNudge, SponsorSeat
from storage.tables import ActionItem, Alliance, Outbox, Person

Made = tuple[Message, tuple[tuple[str, int], ...]]
TEXT_SHOWN = 90


def message(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """The week's message, or None when nothing of it is still true or it is too late to say. Shown
    `again` after a press, every part stays with what was answered."""
    calendar = members.calendar_of(reader)
    if not again and not rhythm.is_worth_saying(
        calendar, date.fromisoformat(row.facts["on"]), now=now
    ):
        return None
    parts: list[Part] = []
    for nudge, held in nudges.of_week(session, reader, date.fromisoformat(row.facts["week"])):
        part = _part(session, nudge, held, reader, now=now, again=again)
        if part is not None:
            parts.append(part)
    if not parts:
        return None
    first = parts[0].lead
    lead = first if len(parts) == 1 else f"{len(parts)} things from your alliances: {first}"
    body = [
        block for at, part in enumerate(parts) for block in ([Rule()] if at else []) + part.blocks
    ]
    records = dict.fromkeys(record for part in parts for record in part.records)
    return Message((*body, Note(words(SMALL_PRINT))), lead=lead), tuple(records)


@dataclass(frozen=True)
class Part:
    """What the week's message says of one counterpart, or of the asks for one seat."""

    lead: str
    blocks: list[Block]
    records: tuple[tuple[str, int], ...]


SMALL_PRINT = "Once a week at most. `sponsors` shows all of it and changes when I write."


def _part(
    session: Session,
    nudge: SponsorNudge,
    held: SponsorSeat,
    reader: Person,
    *,
    now: datetime,
    again: bool,
) -> Part | None:
    alliance = session.get_one(Alliance, held.alliance_id)
    member = visibility.current_member(session, alliance.id, reader.id, now=now)
    if member is None or alliance.closed_at is not None:
        return None
    if not nudge.pair_id:
        return _alone(session, nudge, held, alliance, reader, now=now, again=again)
    pair = nudges.pair_of(session, nudge)
    if pair is None or pair.ended_on is not None:
        return None
    brief = briefing.of(session, pair, held, reader, now=now)
    if brief is None or not (again or _holds(nudge, brief, today_for(reader, now))):
        return None
    said = lines(session, nudge, brief, today_for(reader, now))
    if nudge.reason != "word":
        said += _buttons(session, nudge, held)
    return Part(why(nudge, brief), said, ((seats.RECORD, held.id),))


def _holds(nudge: SponsorNudge, brief: Brief, today: date) -> bool:
    """Whether the reason is still one when the message is made."""
    if nudge.answer:
        return False
    if nudge.reason == "due":
        spoken = brief.last is not None and brief.last.on >= nudge.on
        planned = brief.pair.planned_on is not None and brief.pair.planned_on >= today
        return not spoken and not planned and brief.due is not None and brief.due <= today
    if nudge.reason == "promise":
        return any(item.due is not None and item.due < today for item in brief.promises)
    return True


def _alone(
    session: Session,
    nudge: SponsorNudge,
    held: SponsorSeat,
    alliance: Alliance,
    reader: Person,
    *,
    now: datetime,
    again: bool,
) -> Part | None:
    """About the seat, and no counterpart: asks that wait, or a word a month."""
    if nudge.reason != "ask":
        said = f"All quiet in {alliance.name}: nothing is asked of you."
        return Part(said, [Text((bold(said),))], ((seats.RECORD, held.id),))
    put = ask_lists.put_before(session, held, members.calendar_of(reader), nudge.on)
    waiting = [one for one in put if asks.waits(one) or again]
    if not waiting:
        return None
    lead = f"{alliance.name}: {len(waiting)} ask{'s' if len(waiting) > 1 else ''} for you"
    body: list[Block] = [Text((bold(lead),))]
    for one in waiting:
        body += ask_views.blocks(session, one, reader, now=now)
    records = [(seats.RECORD, held.id), *((asks.RECORD, one.id) for one in waiting)]
    return Part(lead, body, tuple(records))


def why(nudge: SponsorNudge, brief: Brief) -> str:
    """Why now: the line that a phone shows."""
    who = f"{brief.counterpart.name} ({brief.counterpart_firm})"
    if nudge.answer == "spoke":
        return f"You and {who} have spoken"
    if nudge.reason == "due":
        planned = brief.pair.planned_on
        if planned is not None and planned < nudge.on:
            day = say_day(planned, today=nudge.on)
            return f"You had a talk with {who} in the calendar for {day}: did you speak?"
        if brief.pair.follows_id is not None and brief.last is None:
            return f"{who} is new as your counterpart: a first talk?"
        if brief.last is None:
            return f"You and {who} have not spoken here yet"
        return f"Time to speak with {who}"
    return {
        "promise": f"What you promised {who} is still open",
        "changed": f"{who} is your counterpart now",
        "always": f"You and {who}: how it stands",
        "word": f"All quiet between you and {who}",
    }[nudge.reason]


def lines(session: Session, nudge: SponsorNudge, brief: Brief, today: date) -> list[Block]:
    """Five lines: why now, the last talk, a topic, the promises, what they may ask."""
    said = [
        ("Last talk", _last(brief, today)),
        ("Worth a call", _topic(brief, today)),
        ("You promised", _promised(brief, today)),
        ("They may ask", _asked_by_them(brief)),
    ]
    if brief.meet:
        said.append(("In person", "not for a year; around the next meeting, perhaps."))
    return [
        Text(words(bold(f"{why(nudge, brief)} · {brief.alliance.name}"))),
        Text(_labelled(said)),
    ]


def _labelled(said: list[tuple[str, str]]) -> Spans:
    lines = [(bold(f"{label}: "), Words(text)) for label, text in said]
    return tuple(
        span for at, line in enumerate(lines) for span in ((Words("\n"),) if at else ()) + line
    )


def _last(brief: Brief, today: date) -> str:
    if brief.last is None:
        spoke = "none that I know of."
    else:
        on = say_day(brief.last.on, today=today)
        spoke = f"{on}, {contacts.WAYS[brief.last.how]}."
    if brief.pair.planned_on is not None and brief.pair.planned_on >= today:
        planned = say_day(brief.pair.planned_on, today=today)
        return f"{spoke} The next is in the calendar for {planned}."
    if brief.due is None or brief.due <= today:
        return spoke
    return f"{spoke} The next by {say_day(brief.due, today=today)}."


def _topic(brief: Brief, today: date) -> str:
    if brief.topic is None:
        return "nothing shared is late. What would help most now?"
    more = f" ({brief.open_late - 1} more like it)" if brief.open_late > 1 else ""
    return f"{_item(brief, brief.topic)}, still open, {due_words(brief.topic, today)}{more}."


def _promised(brief: Brief, today: date) -> str:
    if not brief.promises:
        return "nothing that is open."
    first = brief.promises[0]
    more = f" and {len(brief.promises) - 1} more" if len(brief.promises) > 1 else ""
    return f"{_item(brief, first)}, {due_words(first, today)}{more}."


def _asked_by_them(brief: Brief) -> str:
    if not brief.they_wait_for:
        return f"{brief.counterpart_firm} waits for nothing from your firm."
    first = brief.they_wait_for[0]
    more = f" and {len(brief.they_wait_for) - 1} more" if len(brief.they_wait_for) > 1 else ""
    return f"about {_item(brief, first)}{more}."


def _item(brief: Brief, item: ActionItem) -> str:
    reference = action_item_records.reference(item, brief.alliance)
    return f"{reference} “{clip(item.text, TEXT_SHOWN)}”"


ANSWERED = {
    "spoke": "You spoke. Thank you.",
    "calendar": "It is in the calendar.",
    "not_now": "Not this week.",
    "passed": "Your assistant sees to it.",
}


def _answered(session: Session, nudge: SponsorNudge, held: SponsorSeat) -> Text:
    why = f" {nudge.why}" if nudge.why else ""
    if nudge.by_id is not None and nudge.by_id != held.person_id:
        why += f" ({access.marked(session, nudge.by_id, held)})"
    return Text((bold(ANSWERED[nudge.answer]), Words(why)))


def _buttons(session: Session, nudge: SponsorNudge, held: SponsorSeat) -> list[Block]:
    value = nudge.token
    if nudge.answer in ("spoke", "not_now", "passed"):
        return [_answered(session, nudge, held)]
    helps = Buttons(
        (
            Button("Draft a message", "sponsor.draft", value),
            Button("Calendar file", "sponsor.slots", value),
        )
    )
    spoke = Button("We spoke", "sponsor.spoke_now", value, "primary")
    if nudge.answer == "calendar":
        return [_answered(session, nudge, held), Buttons((spoke,))]
    answers = Buttons(
        (
            spoke,
            Button("It's in the calendar", "sponsor.calendar", value),
            Button("Not this week", "sponsor.not_now", value),
            Button("Pass to my assistant", "sponsor.pass", value),
        )
    )
    return [answers, helps]


def passed(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """What a sponsor passed on to their assistant: no ask, and no outcome of a talk."""
    nudge = session.get(SponsorNudge, row.facts["nudge"])
    held = session.get(SponsorSeat, nudge.seat_id) if nudge else None
    if nudge is None or held is None or held.ended_on or held.assistant_id != reader.id:
        return None
    pair = nudges.pair_of(session, nudge)
    brief = (
        briefing.of(session, pair, held, reader, now=now) if pair and not pair.ended_on else None
    )
    if brief is None or not (again or nudge.answer == "passed"):
        return None
    sponsor = session.get_one(Person, held.person_id)
    today = today_for(reader, now)
    lead = f"{sponsor.name} asks you to see to this: a talk with {brief.counterpart.name}"
    body: list[Block] = [
        Text((bold(lead), Words(f" ({brief.counterpart_firm}, {brief.alliance.name})."))),
        Text(
            _labelled([("Last talk", _last(brief, today)), ("Worth a call", _topic(brief, today))])
        ),
    ]
    if nudge.answer == "passed":
        body += _assistants_buttons(nudge)
    else:
        body.append(Text((bold(ANSWERED.get(nudge.answer, "")),)))
    body.append(Note(words(f"You act for {sponsor.name}; it is marked so.")))
    return Message(tuple(body), lead=lead), ((seats.RECORD, held.id),)


def _assistants_buttons(nudge: SponsorNudge) -> list[Block]:
    return [
        Buttons(
            (
                Button("It's in the calendar", "sponsor.calendar", nudge.token, "primary"),
                Button("They spoke", "sponsor.spoke_now", nudge.token),
                Button("Draft a message", "sponsor.draft", nudge.token),
                Button("Calendar file", "sponsor.slots", nudge.token),
            )
        )
    ]
