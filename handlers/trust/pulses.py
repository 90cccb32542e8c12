"""`pulse`: a question to everybody in a channel, answered on 1-5 for all to see."""

from datetime import date, datetime

from sqlmodel import Session, select

from governance import visibility
from governance.errors import BotError, NotAllowed, NotFound, SideUnknown, Stale
from governance.people import members
from governance.people.members import Seat
from governance.trust import pulses, reactions, results
from governance.trust.principles import PRINCIPLES
from governance.trust.reactions import Reacted
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.firms.places import named
from handlers.items.action_item_views import today_for
from handlers.trust import pulse_views
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    DayField,
    Form,
    Heading,
    Message,
    Note,
    Reply,
    Row,
    Spans,
    Text,
    Words,
    WordsField,
    answer,
    bold,
    words,
)
from storage.tables import Alliance, Card, Outbox, Person, ToldOnce
from storage.trust_tables import Pulse, PulseAnswer

Made = tuple[Message, tuple[tuple[str, int], ...]]


@act("pulse.new", opens_form=True)
def new(ask: Ask) -> Reply:
    """By command, perhaps with the question already, or by a button."""
    seat = ask.seat()
    place = pulses.place_for(ask.session, seat, ask.conversation)
    fields = (
        WordsField(
            "question",
            "Your question or statement",
            ask.arg("words"),
            hint="Answered from 1 to 5. Leave it empty to ask one of the ten below.",
            optional=True,
            limit=pulses.QUESTION_LIMIT,
        ),
        ChoiceField(
            "principle",
            "Or one of the ten principles",
            tuple(Choice(one.key, f"{one.name}: {one.question}") for one in PRINCIPLES.values()),
            optional=True,
        ),
        DayField(
            "until",
            "Open until the end of",
            pulses.day_offered(seat, now=ask.now),
            hint=f"17:00 in {seat.alliance.zone}",
        ),
    )
    where = Note(words(f"It is asked in {named(place)}. You see it as it will be posted first."))
    kept = {**asking.place_of(ask), "alliance": str(seat.alliance.id)}
    return Reply(form=Form("Ask openly", "pulse.check", (where,), fields, kept, "Next"))


@act("pulse.check")
def check(ask: Ask) -> Reply:
    """The question, exactly as it will be posted."""
    seat = ask.seat()
    asked, closes_at = _asked(ask, seat)
    place = pulses.place_for(ask.session, seat, ask.conversation)
    assert place.audience_id is not None
    readers = pulse_views.who_reads(ask.session, seat.alliance, place.audience_id)
    shown = pulse_views.asked(
        asked.words, asked.principle, seat.person.name, closes_at, readers, ""
    )
    lead = Text(words(f"This will be posted in {named(place)}:"))
    kept = {**asking.place_of(ask), "alliance": str(seat.alliance.id)}
    kept |= {name: ask.arg(name) for name in ("question", "principle", "until")}
    return Reply(form=Form("Ask openly", "pulse.open", (lead, *shown), (), kept, "Ask it"))


def _asked(ask: Ask, seat: Seat) -> tuple[pulses.Question, datetime]:
    question = pulses.question(ask.arg("question"), ask.arg("principle"))
    try:
        day = date.fromisoformat(ask.arg("until"))
    except ValueError:
        raise BotError("Choose a day.", field="until") from None
    return question, pulses.closing_on(seat, day, now=ask.now)


@act("pulse.open")
def open_it(ask: Ask) -> Reply:
    seat = ask.seat()
    question, closes_at = _asked(ask, seat)
    place = pulses.place_for(ask.session, seat, ask.conversation)
    pulse = pulses.open_pulse(ask.session, seat, question, place, closes_at=closes_at, now=ask.now)
    said = Text(words(f"Asked in {named(place)}. You hear with your daily message how it went."))
    row = pulse_views.row(ask.session, pulse, may_cancel=True, today=ask.today)
    return Reply(form=Form("Ask openly", "page", (said, row), args=asking.place_of(ask)))


@act("pulse.reacted")
def reacted(ask: Ask) -> Reply:
    """Somebody who has no place here yet reacted to a question: they are asked their firm, once a
    pulse. Kept by account, their answer counts as soon as they have one."""
    pulse, card = _shown_here(ask)
    alliance = ask.session.get_one(Alliance, pulse.alliance_id)
    unknown = False
    try:
        ask.seat_in(alliance)
    except SideUnknown:
        unknown = True
    except NotAllowed:
        return Reply()
    ask.session.flush()
    reactions.record_reaction(ask.session, pulse, card, ask.account, _what(ask), now=ask.now)
    if unknown:
        return _ask_side(ask, pulse)
    return Reply() if ask.door == "reaction" else _counted(pulse, ask)


def _shown_here(ask: Ask) -> tuple[Pulse, Card]:
    assert ask.conversation is not None
    chosen = select(Card).where(
        Card.conversation_id == ask.conversation.id, Card.ts == ask.message_ts
    )
    card = ask.session.exec(chosen).first()
    if card is None:
        raise NotFound("I can't find that pulse any more.")
    return pulses.of_card(ask.session, card), card


def _what(ask: Ask) -> Reacted:
    assert ask.conversation is not None
    if not ask.arg("number").isdecimal() or not ask.arg("at"):
        raise NotFound("I can't find that pulse any more.")
    return Reacted(
        channel=ask.conversation.external_id,
        ts=ask.message_ts or "",
        user_id=ask.account.user_id,
        value=int(ask.arg("number")),
        present=bool(ask.arg("present")),
        at=ask.arg("at"),
    )


def _ask_side(ask: Ask, pulse: Pulse) -> Reply:
    key = (ask.caller.id, pulses.RECORD, pulse.id, "side")
    joint = visibility.joint_audience(ask.session, pulse.alliance_id).id
    if pulse.audience_id != joint or ask.session.get(ToldOnce, key) is not None:
        return Reply()
    person_id, record, record_id, reason = key
    ask.session.add(
        ToldOnce(
            person_id=person_id, record=record, record_id=record_id, reason=reason, on=ask.today
        )
    )
    return asking.which_side(ask, pulse.alliance_id)


def _counted(pulse: Pulse, ask: Ask) -> Reply:
    """They are told the number that counts by now, which may be a newer one."""
    if pulse.state not in results.COUNTED:
        raise Stale("That question is over by now, so it was not counted.")
    value = results.votes(ask.session, pulse).get(ask.caller.id)
    kept = f"your {value}" if isinstance(value, int) else "your answer"
    return answer(f"Thank you. I keep {kept}: {pulse.question}")


@act("pulse.vote")
def vote(ask: Ask) -> Reply:
    token, value = _pressed(ask)
    pulse = pulses.by_token(ask.session, token)
    seat = _seat_for(ask, pulse)
    pulses.record_vote(ask.session, pulse, seat, ask.account, value, now=ask.now)
    day = members.calendar_of(ask.caller).today(pulse.closes_at)
    until = say_day(day, today=ask.today)
    return answer(f"Thank you. Your {value} is kept; until {until} you can press another number.")


def _pressed(ask: Ask) -> tuple[str, int]:
    token, _, number = ask.arg("value").partition(":")
    if not number.isdecimal():
        raise BotError("Choose from 1 to 5.")
    return token, int(number)


def _seat_for(ask: Ask, pulse: Pulse) -> Seat:
    """Whoever has no place yet is asked their firm, but only about what all firms see."""
    alliance = ask.session.get_one(Alliance, pulse.alliance_id)
    try:
        return ask.seat_in(alliance)
    except SideUnknown:
        if pulse.audience_id == visibility.joint_audience(ask.session, alliance.id).id:
            raise
        raise NotFound("I can't find that pulse any more.") from None


@act("pulse.meant")
def meant(ask: Ask) -> Reply:
    token, value = _pressed(ask)
    pulse = pulses.by_token(ask.session, token)
    seat = _seat_for(ask, pulse)
    pulses.settle_vote(ask.session, pulse, seat, ask.account, value, now=ask.now)
    return Reply(message=pulse_views.meant(value), closes=True)


@act("pulse.cancel")
def cancel(ask: Ask) -> Reply:
    pulse = pulses.by_token(ask.session, ask.arg("value"))
    pulses.cancel(ask.session, pulse, _seat_for(ask, pulse), now=ask.now)
    return answer(f"Taken back: {pulse.question} Nothing was counted.")


@act("pulse.list")
def listed(ask: Ask) -> Reply:
    """Open and past ones with what came of them."""
    seat = ask.seat()
    shown = pulses.shown_to(ask.session, seat)
    blocks: list[Block] = [Heading(f"Pulses · {seat.alliance.name}")]
    for title, states in (("Open", ("open",)), ("Past", ("closed", "final", "cancelled"))):
        rows = [_row(ask, seat, one) for one in shown if one.state in states]
        blocks += [Text((bold(title),)), *rows] if rows else []
    if not shown:
        blocks.append(Text(words("Nothing has been asked yet.")))
    blocks.append(Buttons((Button("Ask openly", "pulse.new"),)))
    return Reply(message=Message(tuple(blocks)))


def _row(ask: Ask, seat: Seat, pulse: Pulse) -> Row:
    may_cancel = pulses.may_cancel(pulse, seat)
    return pulse_views.row(ask.session, pulse, may_cancel=may_cancel, today=ask.today)


def shown_on(session: Session, card: Card, *, now: datetime) -> Made:
    """The message of a pulse, for the sender."""
    pulse = pulses.of_card(session, card)
    return pulse_views.card(session, pulse, now=now), ((pulses.RECORD, pulse.id),)


def unclear(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """By itself: which number somebody means. Nothing once they have said so, or it is final."""
    pulse = session.get_one(Pulse, row.facts["pulse"])
    found = session.get(PulseAnswer, (pulse.id, reader.id))
    if found is None or found.value is not None or pulse.next_at is None:
        return None
    return pulse_views.which(pulse, pulse.next_at), ((pulses.RECORD, pulse.id),)


def news(
    session: Session, facts: dict[str, int | str], reader: Person, *, now: datetime
) -> Spans | None:
    """One sentence for who asked: it is closed, and what came of it."""
    pulse = session.get_one(Pulse, facts["pulse"])
    taken = visibility.current_seat(session, pulse.alliance_id, reader.id, now=now)
    if taken is None or not visibility.may_see(session, taken[0], pulse.audience_id):
        return None
    gone = (
        "Its message had been taken away, so it is shown here only. " if pulse.message_gone else ""
    )
    told = pulse_views.line(session, pulse, today=today_for(reader, now))
    return (Words(f"Your question is closed. {gone}"), *told)


def message(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """The same by itself, for who has no daily message."""
    spans = news(session, row.facts, reader, now=now)
    if spans is None:
        return None
    return Message((Text(spans),)), ((pulses.RECORD, row.facts["pulse"]),)
