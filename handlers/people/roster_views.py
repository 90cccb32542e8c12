"""How a firm's roster is put before who looks after it: the card that asks, and the page of its
people."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from governance.people import counterparts, members
from governance.people.counterparts import Question
from handlers.dates import say_day
from handlers.firms.places import PLATFORMS
from handlers.views import (
    Block,
    Button,
    Buttons,
    Facts,
    Form,
    Message,
    Note,
    Row,
    Spans,
    Text,
    Who,
    Words,
    bold,
    words,
)
from storage.tables import Alliance, Card, Member, Person, Side

BACK = "roster"
"""Where a form that was begun on the page of a firm's people goes back to."""

SHOWN = 40
"""People on one page; a hundred lines are possible."""


def card(session: Session, shown: Card, *, now: datetime) -> Message:
    """The question in the shared channel, or how it was answered."""
    asks = counterparts.question_on(session, shown, now=now)
    if asks.answer != "waiting":
        return Message((Text(words(Words(_answered(session, asks)))),))
    firm = asks.side.firm
    says = (
        f"{asks.by.name} says you look after this alliance at {firm}. Please have a look at who of "
        "your firm is in it. Until you do, I write directly only to those of them who act here."
    )
    note = f"Only {asks.asked.name}, or another alliance manager of {firm}, answers this."
    blocks = (
        Text(words(Who(asks.asked.name, asks.asked.user_id), Words(f", {says}"))),
        Buttons(
            (
                Button("Check our people", "roster.check", shown.token, "primary"),
                Button("Not me", "roster.not_me", shown.token),
            )
        ),
        Note((Words(note),)),
    )
    return Message(blocks, lead=f"{asks.asked.name}, {says}")


def _answered(session: Session, asks: Question) -> str:
    if asks.instead is not None:
        return (
            f"{asks.asked.name} was asked first; {asks.instead.name} looks after this alliance at "
            f"{asks.side.firm}."
        )
    if asks.answer == "checked":
        return who_looked(session, asks.side)
    return (
        f"{asks.asked.name} does not look after this alliance at {asks.side.firm}. Until somebody "
        "there does, I write directly only to those of its people who act here."
    )


def who_looked(session: Session, side: Side) -> str:
    """Olivia Bennett looked at the people of Helix Devices on Mon 23 Nov."""
    if side.checked_at is None or side.checked_by is None:
        return f"The people of {side.firm} have been looked at."
    by = session.get_one(Person, side.checked_by)
    day = members.calendar_of(by).today(side.checked_at)
    return f"{by.name} looked at the people of {side.firm} on {say_day(day, today=day)}."


def page(
    session: Session, side: Side, args: Mapping[str, str], *, note: str = "", now: datetime
) -> Form:
    """A firm's people, for its alliance manager; *Looks right* until somebody has looked."""
    alliance = session.get_one(Alliance, side.alliance_id)
    open_question = side.checked_at is None
    said = note or ("" if open_question else who_looked(session, side))
    blocks: list[Block] = [Text((bold(said),))] if said else []
    blocks.append(Text(words(bold(side.firm), Words(f" in {alliance.name}."))))
    if open_question:
        blocks.append(Text(words(*MEANS)))
    blocks += [*_people(session, side, now=now), _place(side)]
    submit = "Looks right" if open_question else ""
    return Form("Your people", "roster.confirm", tuple(blocks), (), dict(args), submit)


MEANS = (
    bold("Looks right"),
    " means three things:\n"
    "1. I may write to those in it: one message a day, in their working hours, which each can "
    "change or switch off.\n"
    "2. Others of your firm join when they act here, are named in an action item, or you add "
    "them.\n"
    "3. From now on only you and your firm's other alliance managers change your people.",
)


def _people(session: Session, side: Side, *, now: datetime) -> list[Block]:
    here = [
        (member, person)
        for member, person, its in members.members(session, side.alliance_id, now=now)
        if its.id == side.id
    ]
    theirs = {person.id for _, person in here}
    known = counterparts.known_people(session, side, now=now)
    others = [person for person in known if person.id not in theirs]
    rows: list[Block] = [Text((bold("In it: I would write to them"),))]
    rows += [_member_row(side, member, person) for member, person in here[:SHOWN]]
    room = max(0, SHOWN - len(here))
    if others and room:
        rows.append(Text((bold("In the channel, not in it yet"),)))
        rows += [_row(side, person, person.title, "Add") for person in others[:room]]
    more = len(here) + len(others) - SHOWN
    if more > 0:
        rows.append(Note(words(f"and {more} more; `people` lists who is in it.")))
    return rows


def _member_row(side: Side, member: Member, person: Person) -> Row:
    unsure = " (says so, not confirmed)" if member.stated else ""
    return _row(side, person, f"{members.ROLES[member.role]}{unsure}", "Change")


def _row(side: Side, person: Person, what: str, label: str) -> Row:
    named = f"{person.name} · {what}" if what else person.name
    return Row(
        (Words(named),), button=Button(label, "roster.change", f"{side.id}:{person.user_id}")
    )


def _place(side: Side) -> Facts:
    own = "each person's own"
    return Facts(
        (("Time zone", (Words(side.zone or own),)), ("Country", (Words(side.country or own),)))
    )


def news_spans(side: Side, what: str, by: str, to: str) -> Spans:
    """One sentence: how the question about another firm's people was answered, who looks after a
    firm from now on, or that one was invited or came in."""
    if what == "follows":
        return (bold(f"You look after {side.firm} here now"), Words(f": {by} named you."))
    if what == "followed":
        return (bold(f"{to} looks after {side.firm} now"), Words(f", after {by}."))
    if what == "checked":
        return (bold(f"{by} looked at the people of {side.firm}"), Words(": I write to them now."))
    if what == "invited":
        return words(
            bold(f"{by} of {side.firm} invited a further firm"),
            ": who joins reads what is joint. `invite` shows the code and takes it back.",
        )
    if what == "joined":
        return (
            bold(f"{side.firm} has joined"),
            Words(f": {by} looks after it, and its people read what is joint."),
        )
    if what == "also_here":
        return (
            bold(f"{side.firm} also takes part from a further place on {PLATFORMS[to]}"),
            Words(f": {by} joined there, and its people there read what is joint."),
        )
    if what == "also_removed":
        return (
            bold(f"{by} of {side.firm} took a further place on {PLATFORMS[to]} out again"),
            Words(": its people there read nothing here any more."),
        )
    if what == "also_confirmed":
        return (
            bold(f"{by} confirmed you"),
            Words(f": you see what is {side.firm}'s own as well, and so do your colleagues there."),
        )
    named = f"; {to} is asked instead." if to else " and named nobody else. `people` can."
    return words(bold(f"{by} does not look after this at {side.firm}"), named)
