"""`checkin`: how the relationship is, on 1-5, with one line, for whom the writer chooses."""

from datetime import date, datetime
from typing import cast

from sqlmodel import Session

from governance import visibility
from governance.errors import BotError
from governance.people.members import Seat
from governance.trust import check_ins
from governance.trust.check_ins import Readers, Said
from governance.trust.principles import PRINCIPLES, SCALE, SCALE_WORDS
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.items.action_item_views import today_for
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
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
from storage.tables import Alliance, Outbox, Person, Side
from storage.trust_tables import CheckIn

Made = tuple[Message, tuple[tuple[str, int], ...]]


@act("check_in.new", opens_form=True)
def new(ask: Ask) -> Reply:
    """By command, perhaps with the number and the line already: `checkin 2 they went silent`."""
    head, _, rest = ask.arg("words").strip().partition(" ")
    value = head if head in map(str, SCALE) else ""
    line = rest if value else ask.arg("words")
    return Reply(form=_form(ask, ask.seat(), value=value, line=line))


def _form(ask: Ask, seat: Seat, *, value: str = "", line: str = "") -> Form:
    firm = seat.side.firm
    fields = (
        ChoiceField(
            "score",
            "How is it between you?",
            tuple(Choice(str(n), f"{n} · {SCALE_WORDS[n]} as it should be") for n in SCALE[::-1]),
            value,
        ),
        ChoiceField(
            "principle",
            "What is it about?",
            tuple(Choice(one.key, f"{one.name}: {one.question}") for one in PRINCIPLES.values()),
            "trust",
        ),
        WordsField("line", "One line", line, optional=True, limit=check_ins.WORDS_LIMIT),
        ChoiceField(
            "readers",
            "Who may read it, with your name?",
            (
                Choice("self", "Only you"),
                Choice("managers", f"You and the alliance managers of {firm}"),
                Choice("joint", "Everybody in the alliance, both firms"),
            ),
            "self",
        ),
    )
    kept = {**asking.place_of(ask), "alliance": str(seat.alliance.id)}
    return Form("Trust check-in", "check_in.save", (), fields, kept, "Keep it")


@act("check_in.save")
def save(ask: Ask) -> Reply:
    seat = ask.seat()
    if not ask.arg("score").isdecimal():
        raise BotError("Choose from 1 to 5.", field="score")
    said = Said(
        value=int(ask.arg("score")),
        principle=ask.arg("principle"),
        words=ask.arg("line"),
        readers=cast(Readers, ask.arg("readers")),
    )
    kept = check_ins.record(ask.session, seat, said, now=ask.now)
    return Reply(form=_kept(ask, seat, kept))


def _kept(ask: Ask, seat: Seat, check_in: CheckIn) -> Form:
    """What was kept and who reads it; after a low one, an offer of help."""
    blocks: list[Block] = [Text((bold("Kept. "), *line(check_in, ask.today)))]
    buttons = [Button("Take it back", "check_in.withdraw", check_in.token)]
    if check_ins.is_low(check_in):
        blocks.append(Text(words("Thank you for saying so. Would a talk help?")))
        talk = Button(
            "Talk to my alliance manager",
            "check_in.talk",
            check_in.token,
            "primary",
            f"The alliance managers of {seat.side.firm} then read what you wrote.",
        )
        buttons = [talk, Button("Just note it", "check_in.noted", check_in.token), *buttons]
    blocks += [Buttons(tuple(buttons)), Note(words(who_reads(check_in, seat.side)))]
    return Form("Trust check-in", "page", tuple(blocks), args=asking.place_of(ask))


def line(check_in: CheckIn, today: date) -> Spans:
    """Communication 2 of 5: they went silent · Fri 27 Nov."""
    name = PRINCIPLES[check_in.principle].name
    said = f": {check_in.words}" if check_in.words else ""
    return words(
        bold(f"{name} {check_in.value} of 5"),
        Words(f"{said} · {say_day(check_in.at.date(), today=today)}"),
    )


def who_reads(check_in: CheckIn, side: Side) -> str:
    return {
        "self": "Only you read this.",
        "managers": f"You and the alliance managers of {side.firm} read this.",
        "joint": "Everybody in the alliance reads this, with your name.",
    }[check_in.readers]


def _mine(ask: Ask) -> tuple[CheckIn, Seat]:
    found = check_ins.by_token(ask.session, ask.arg("value"))
    return found, ask.seat_in(ask.session.get_one(Alliance, found.alliance_id))


@act("check_in.talk")
def talk(ask: Ask) -> Reply:
    check_in, seat = _mine(ask)
    check_ins.ask_to_talk(ask.session, check_in, seat, now=ask.now)
    return answer(
        f"The alliance managers of {seat.side.firm} know that you would like to talk, and read "
        "what you wrote."
    )


@act("check_in.noted")
def noted(ask: Ask) -> Reply:
    _mine(ask)
    return answer("Noted. `checkins` shows you how it went over time.")


@act("check_in.withdraw")
def withdraw(ask: Ask) -> Reply:
    check_in, seat = _mine(ask)
    check_ins.withdraw(ask.session, check_in, seat, now=ask.now)
    return answer("Taken back. Nobody else reads it from now on.")


@act("check_in.list")
def listed(ask: Ask) -> Reply:
    """One's own over time, and what others let one read."""
    seat = ask.seat()
    blocks: list[Block] = [Heading(f"Trust check-ins · {seat.alliance.name}")]
    mine = check_ins.of_person(ask.session, seat)
    blocks.append(Text((bold("Yours"), Words("" if mine else ": none yet"))))
    blocks += [_own_row(one, seat.side, ask.today) for one in mine]
    others = check_ins.of_others(ask.session, seat)
    if others:
        blocks.append(Text((bold("What others let you read"),)))
        blocks += [Text(_said_by(ask.session, one, ask.today)) for one in others]
    blocks.append(Buttons((Button("New check-in", "check_in.new"),)))
    return Reply(message=Message(tuple(blocks)))


def _own_row(check_in: CheckIn, side: Side, today: date) -> Row:
    readers = {"self": "only you", "managers": f"{side.firm}'s managers", "joint": "everybody"}
    spans = (*line(check_in, today), Words(f" · {readers[check_in.readers]}"))
    return Row(spans, button=Button("Take it back", "check_in.withdraw", check_in.token))


def _said_by(session: Session, check_in: CheckIn, today: date) -> Spans:
    name = session.get_one(Person, check_in.person_id).name
    firm = session.get_one(Side, check_in.side_id).firm
    return (Words(f"{name} ({firm}): "), *line(check_in, today))


def news(
    session: Session, facts: dict[str, int | str], reader: Person, *, now: datetime
) -> Spans | None:
    """One sentence for an alliance manager, or None for what is not theirs to read any more."""
    check_in = session.get_one(CheckIn, facts["check_in"])
    taken = visibility.current_seat(session, check_in.alliance_id, reader.id, now=now)
    if taken is None:
        return None
    seat = Seat(reader, *taken, session.get_one(Alliance, check_in.alliance_id))
    if not check_ins.may_read(check_in, seat):
        return None
    said = _said_by(session, check_in, today_for(reader, now))
    if facts["what"] == "talk":
        name = session.get_one(Person, check_in.person_id).name
        return (bold(f"{name} would like to talk with you. "), *said)
    return said


def message(session: Session, row: Outbox, reader: Person, *, now: datetime) -> Made | None:
    """By itself: somebody would like to talk."""
    spans = news(session, row.facts, reader, now=now)
    if spans is None:
        return None
    alliance = session.get_one(Alliance, row.alliance_id)
    note = Note(words(f"{alliance.name}. Speak with them in person rather than here."))
    return Message((Text(spans), note)), ((check_ins.RECORD, row.facts["check_in"]),)
