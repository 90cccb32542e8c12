"""What the firms of an alliance are asked to agree on, line by line, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from governance.firms import agreements
from governance.firms.agreement_terms import CLOSE, JOINT_CHANNEL, REOPEN, SETTINGS
from governance.people import members
from governance.people.members import Seat
from handlers.dates import say_day
from handlers.people.reminders import DAYS
from handlers.views import (
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Reply,
    Spans,
    Text,
    When,
    Words,
    answer,
    bold,
    words,
)
from storage.tables import Agreement, AgreementPress, Alliance, Person, Side

LABELS = {
    "name": "Alliance",
    "purpose": "Purpose",
    "tier": "Tier",
    "zone": "Time zone",
    "owner_rungs": "Owners hear on working day",
    "manager_rung": "Their alliance manager hears on working day",
    "agenda_rung": "Marked for the joint agenda on working day",
    "sponsor_weekday": "I write to sponsors on",
    "sponsor_minute": "At, in their own time",
    "sponsor_months": "Two sponsors speak",
    "sponsor_mode": "When a talk is due",
}
"""The settings by their column, as the form and the proposal call them."""

PROPOSES: dict[str, str] = {
    SETTINGS: "proposes new settings for {alliance}:",
    JOINT_CHANNEL: "proposes #{channel} as a joint channel of {alliance}: every firm may read "
    "what is recorded there.",
    CLOSE: "proposes to close {alliance}: reminders stop, nothing new is recorded, everything "
    "stays readable.",
    REOPEN: "proposes to reopen {alliance}: it goes on where it stopped.",
}
HOLDS: dict[str, str] = {
    SETTINGS: "The new settings of {alliance} hold for every firm now.",
    JOINT_CHANNEL: "#{channel} is a joint channel of {alliance} now.",
    CLOSE: "{alliance} is closed. Reminders stop; everything stays readable.",
    REOPEN: "{alliance} is open again.",
}


def asked(
    session: Session, agreement: Agreement, reader: Seat, *, now: datetime, again: bool
) -> Message | None:
    """The question to an alliance manager; shown `again` after it was answered, the answer."""
    blocks = proposal(session, agreement, reader, now=now)
    if not again and not _may_press(session, agreement, reader, now=now):
        return None
    lapses = _day(reader.person, agreement.proposed_at + agreements.LASTS, now=now)
    if agreement.state == "waiting":
        blocks.append(
            Note(words(f"Nothing changes until every firm agrees. It lapses on {lapses}."))
        )
    return Message(tuple(blocks))


def proposal(session: Session, agreement: Agreement, reader: Seat, *, now: datetime) -> list[Block]:
    """Who proposes what, what was said to it so far, and the presses that are this reader's."""
    proposer = session.get_one(Person, agreement.proposed_by)
    who = f"{proposer.name} ({agreements.side_of(session, agreement).firm}) "
    blocks: list[Block] = [Text((bold(who), Words(_told(session, agreement, PROPOSES))))]
    if agreement.kind == SETTINGS:
        blocks.append(Text(_lines(agreement)))
    blocks += [Note(spans) for spans in _said(session, agreement)]
    if agreement.state == "waiting":
        blocks += _standing(session, agreement, reader, now=now)
    return blocks


def _lines(agreement: Agreement) -> Spans:
    """Before and after, a line each."""
    spans: list[Words] = []
    for key, terms in agreement.terms.items():
        spans.append(bold(f"{LABELS[key]}: "))
        spans.append(Words(f"{_value(key, terms['before'])} → {_value(key, terms['after'])}\n"))
    return (*spans[:-1], Words(spans[-1].text.rstrip()))


MONTHS = {
    0: "when something happens",
    1: "every month",
    2: "every two months",
    3: "every three months",
    4: "every four months",
    6: "every half-year",
    12: "once a year",
}
MODES = {
    "calm": "I ask every week, after three without an answer every month",
    "until_they_connect": "I ask every week until they connect",
    "always": "I write every week, whatever happens",
}


def say_months(months: int | None) -> str:
    if months is None:
        return "as the tier has it"
    return MONTHS.get(months, f"every {months} months")


def _value(key: str, value: Any) -> str:
    if key == "sponsor_weekday":
        return DAYS[value]
    if key == "sponsor_minute":
        return f"{value // 60:02}:{value % 60:02}"
    if key == "sponsor_months":
        return say_months(value)
    if key == "sponsor_mode":
        return MODES[value]
    if key == "tier":
        return str(value).capitalize()
    if key == "owner_rungs":
        return str(value).replace(",", ", ")
    return str(value) or "(none)"


def _said(session: Session, agreement: Agreement) -> list[Spans]:
    """Who answered what, and how it ended."""
    said = [
        words(Words(f"{_answer(session, agreement, press)} · "), When(press.at))
        for press in agreements.presses(session, agreement)
    ]
    if agreement.ended_at is not None and agreement.state in ("withdrawn", "lapsed"):
        said.append(words(Words(f"{_ended(agreement)} · "), When(agreement.ended_at)))
    return said


def _answer(session: Session, agreement: Agreement, press: AgreementPress) -> str:
    """Olivia Bennett (Helix Devices) agreed"""
    person = session.get_one(Person, press.person_id).name
    firm = session.get_one(Side, press.side_id).firm
    return f"{person} ({firm}) {'agreed' if press.agrees else f'said no: “{agreement.reason}”'}"


def _ended(agreement: Agreement) -> str:
    if agreement.state == "withdrawn":
        return "Taken back by the firm that proposed it"
    return agreement.reason or "Lapsed: it waited two weeks for an answer. Nothing changed"


def _standing(
    session: Session, agreement: Agreement, reader: Seat, *, now: datetime
) -> list[Block]:
    if _may_press(session, agreement, reader, now=now):
        agree = Button("Agree", "agreement.agree", agreement.token, "primary")
        refuse = Button("No, and why", "agreement.refuse", agreement.token)
        return [Buttons((agree, refuse))]
    blocks: list[Block] = [Note(words(Words(_waits_for(session, agreement, now=now))))]
    if agreements.side_of(session, agreement).id == reader.side.id:
        blocks.append(Buttons((Button("Withdraw", "agreement.withdraw", agreement.token),)))
    return blocks


def _may_press(session: Session, agreement: Agreement, reader: Seat, *, now: datetime) -> bool:
    missing = agreements.still_asked(session, agreement, now=now)
    return agreement.state == "waiting" and any(side.id == reader.side.id for side, _ in missing)


def _waits_for(session: Session, agreement: Agreement, *, now: datetime) -> str:
    missing = agreements.still_asked(session, agreement, now=now)
    firms = [f"{_either(people)} ({side.firm})" for side, people in missing]
    return f"Waits for {_all(firms)}." if firms else "Waits for the other firms."


def outcome(session: Session, agreement: Agreement) -> Message:
    """What the proposer hears when it is decided."""
    lead = _decided(session, agreement)
    blocks: list[Block] = [Text((bold(lead),))]
    if agreement.kind == SETTINGS:
        blocks.append(Text(_lines(agreement)))
    elif agreement.state != "agreed":
        blocks.append(Text((Words(f"It was about {_subject(session, agreement)}."),)))
    if agreement.state != "declined":
        blocks += [Note(spans) for spans in _said(session, agreement)]
    return Message(tuple(blocks), lead=lead)


def _decided(session: Session, agreement: Agreement) -> str:
    if agreement.state == "agreed":
        return _told(session, agreement, HOLDS)
    if agreement.state == "declined":
        last = agreements.presses(session, agreement)[-1]
        return f"{_answer(session, agreement, last)}. Nothing changes."
    return "Your proposal has lapsed, so nothing changes."


def _subject(session: Session, agreement: Agreement) -> str:
    alliance = session.get_one(Alliance, agreement.alliance_id).name
    subjects: dict[str, str] = {
        JOINT_CHANNEL: f"#{agreement.terms.get('name', '')} as a joint channel of {alliance}",
        CLOSE: f"closing {alliance}",
        REOPEN: f"reopening {alliance}",
    }
    return subjects[agreement.kind]


def proposed(session: Session, agreement: Agreement, by: Seat, *, now: datetime) -> Reply:
    """The answer to whoever proposed: who is asked now, or that it holds already."""
    missing = agreements.still_asked(session, agreement, now=now)
    if agreement.state == "waiting":
        firms = _all([side.firm for side, _ in missing])
        who = _all([_either(people) for _, people in missing])
        verbs = ("is", "agrees") if len(missing) == 1 else ("are", "agree")
        line = f"{firms} {verbs[0]} asked; until {who} {verbs[1]}, nothing changes."
        return answer(
            Words(line), buttons=(Button("Withdraw", "agreement.withdraw", agreement.token),)
        )
    absent = agreements.not_asked(session, by, now=now)
    note = ""
    if absent:
        verb = "has" if len(absent) == 1 else "have"
        note = f"{_all(absent)} {verb} no alliance manager here yet, so it counts at once."
    return answer(Words(_told(session, agreement, HOLDS)), note=note)


def answered(session: Session, agreement: Agreement) -> Reply:
    """The answer to whoever pressed."""
    if agreement.state == "agreed":
        return answer(Words(f"Agreed. {_told(session, agreement, HOLDS)}"))
    if agreement.state == "declined":
        proposer = session.get_one(Person, agreement.proposed_by).name
        return answer(Words(f"Nothing changes. {proposer} reads your reason."))
    if agreement.state == "lapsed":
        return answer(Words(f"{agreement.reason} So nothing changes."))
    return answer("You agreed. It waits for the other firms.")


def _told(session: Session, agreement: Agreement, texts: dict[str, str]) -> str:
    alliance = session.get_one(Alliance, agreement.alliance_id).name
    named = {"{alliance}": alliance, "{channel}": str(agreement.terms.get("name", ""))}
    said = texts[agreement.kind]
    for mark, value in named.items():
        said = said.replace(mark, value)
    return said


def _day(person: Person, at: datetime, *, now: datetime) -> str:
    calendar = members.calendar_of(person)
    return say_day(calendar.today(at), today=calendar.today(now))


def _either(people: Sequence[Person]) -> str:
    return " or ".join(person.name for person in people)


def _all(names: Sequence[str]) -> str:
    return " and ".join(names)
