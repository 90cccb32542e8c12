"""What others read of the sponsor programme: one sentence, and what can be done about it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from governance import visibility
from governance.people.members import Seat
from governance.sponsors import ask_lists, asks, lines, reasons, seats
from handlers.dates import say_day
from handlers.items.action_item_views import today_for
from handlers.views import (
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Row,
    Spans,
    Text,
    Words,
    bold,
    words,
)
from storage.sponsor_tables import SponsorAsk, SponsorSeat
from storage.tables import Alliance, Outbox, Person, Side

Line = tuple[Spans, Button | None, tuple[str, int]]
Made = tuple[Message, tuple[tuple[str, int], ...]]


def message(session: Session, row: Outbox, reader: Person, *, now: datetime) -> Made | None:
    """By itself, what asks for somebody today."""
    made = line(session, row.facts, reader, now=now)
    if made is None:
        return None
    spans, button, record = made
    alliance = session.get_one(Alliance, row.alliance_id)
    body: list[Block] = [Text(spans)]
    if button is not None:
        body.append(Buttons((button,)))
    body.append(Note((Words(alliance.name),)))
    return Message(tuple(body)), (record,)


def line(session: Session, facts: dict[str, Any], reader: Person, *, now: datetime) -> Line | None:
    """A line of the daily message, or None when it is true no more or not for this reader."""
    return _Writer(session, facts, reader, now).line()


def row(made: Line) -> Row:
    spans, button, _ = made
    return Row(spans, button=button)


def follows_words(session: Session, seat: SponsorSeat, *, today: date) -> Spans:
    """What those who are told of a coming change read."""
    who = session.get_one(Person, seat.person_id).name
    firm = session.get_one(Side, seat.side_id).firm
    follows = session.get_one(Person, seat.successor_id)
    assert seat.last_day is not None
    day = say_day(seat.last_day + timedelta(days=1), today=today)
    return words(
        bold(f"{follows.name} follows {who} as sponsor at {firm}"),
        Words(f" on {day}. A word from {who.split()[0]} to introduce them would help."),
    )


class _Writer:
    def __init__(
        self, session: Session, facts: dict[str, Any], reader: Person, now: datetime
    ) -> None:
        self._session = session
        self._facts = facts
        self._now = now
        self._today = today_for(reader, now)
        self._reader = reader
        self._what: str = facts["sponsors"]
        self._seat = session.get(SponsorSeat, facts["seat"]) if facts.get("seat") else None
        side_id = self._seat.side_id if self._seat else facts["of_side"]
        self._side = session.get_one(Side, side_id)
        self._alliance = session.get_one(Alliance, self._side.alliance_id)

    def line(self) -> Line | None:
        taken = visibility.current_seat(
            self._session, self._alliance.id, self._reader.id, now=self._now
        )
        if taken is None:
            return None
        by = Seat(self._reader, *taken, self._alliance)
        if self._what == "file_refused":
            return self._file_refused()
        if self._what in FOR_ALL:
            return self._told_to_all()
        if not by.is_manager or by.member.stated or by.side.id != self._side.id:
            return None
        if self._what.startswith("ask_"):
            return self._of_an_ask(by)
        return self._for_managers()

    def _name(self) -> str:
        assert self._seat is not None
        return self._session.get_one(Person, self._seat.person_id).name

    def _record(self) -> tuple[str, int]:
        return (seats.RECORD, self._seat.id) if self._seat else ("side", self._side.id)

    def _told_to_all(self) -> Line | None:
        assert self._seat is not None
        if self._what == "new_across":
            said = words(
                bold(f"{self._name()} sponsors it at {self._side.firm} now"),
                Words(". An introduction of the two sponsors would help."),
            )
            return said, self._show(), self._record()
        if self._seat.successor_id is None or self._seat.told_at is None:
            return None
        return (
            follows_words(self._session, self._seat, today=self._today),
            self._show(),
            self._record(),
        )

    def _file_refused(self) -> Line:
        at = datetime.fromisoformat(self._facts["at"]).astimezone(ZoneInfo(self._reader.zone))
        day = say_day(at.date(), today=self._today)
        said = words(
            bold("The calendar file did not arrive"),
            Words(f": the chat service refused it. The half-hour was {day}, {at:%H:%M}."),
        )
        return said, None, self._record()

    def _show(self) -> Button:
        return Button("Sponsors", "list.sponsors", str(self._alliance.id))

    def _for_managers(self) -> Line | None:
        writers = {
            "accepted": self._accepted,
            "talk": self._talk,
            "not_me": self._not_me,
            "put_off": self._put_off,
            "empty": self._empty,
            "waits": self._waits,
            "term": self._term,
            "term_over": self._term,
            "call": self._call,
            "left": self._left,
            "week": self._week,
        }
        found = writers[self._what]()
        return (*found, self._record()) if found else None

    def _accepted(self) -> tuple[Spans, Button | None]:
        said = words(
            bold(f"{self._name()} has said yes"), Words(f" to sponsoring it at {self._side.firm}.")
        )
        return said, None

    def _talk(self) -> tuple[Spans, Button | None] | None:
        if self._seat is None or self._seat.state != "talk":
            return None
        said = words(
            bold(f"{self._name()} would like to talk first"),
            Words(" about sponsoring it. A call from you would help."),
        )
        return said, Button("They have said yes", "sponsor.said_yes", self._seat.token)

    def _not_me(self) -> tuple[Spans, Button | None] | None:
        if self._seat is None or self._seat.state != "not_me":
            return None
        to = f" and names {self._facts['to']}" if self._facts.get("to") else ""
        said = words(
            bold(f"{self._name()} says it is not for them{to}"), Words(f"{self._because()}.")
        )
        return said, Button("Name a sponsor", "sponsor.new", str(self._alliance.id))

    def _put_off(self) -> tuple[Spans, Button | None]:
        said = words(
            bold(f"{self._name()} said “not this week” three times in a row"),
            Words(f"{self._because()}. A word from you may help more than mine."),
        )
        return said, self._show()

    def _because(self) -> str:
        return f": “{self._facts['words']}”" if self._facts.get("words") else ""

    def _empty(self) -> tuple[Spans, Button | None] | None:
        since = self._side.seat_empty_since
        if since is None:
            return None
        said = words(
            bold(f"{self._alliance.name} has no sponsor at {self._side.firm}"),
            Words(f" since {say_day(since, today=self._today)}."),
        )
        return said, Button("Name a sponsor", "sponsor.new", str(self._alliance.id))

    def _waits(self) -> tuple[Spans, Button | None] | None:
        if self._seat is None or self._seat.ended_on or self._seat.state == "accepted":
            return None
        if self._seat.state == "welcomed":
            said = words(bold(f"{self._name()} has not answered the welcome yet"), Words("."))
            return said, Button("They have said yes", "sponsor.said_yes", self._seat.token)
        if self._seat.state == "by_hand":
            said = words(
                bold(f"Has {self._name()} said yes?"),
                Words(" You wanted to introduce it yourself."),
            )
            return said, Button("They have said yes", "sponsor.said_yes", self._seat.token)
        said = words(
            bold(f"{self._name()} has the sponsor's seat and knows nothing of it yet"), Words(".")
        )
        return said, Button("Read the welcome", "sponsor.preview", self._seat.token)

    def _term(self) -> tuple[Spans, Button | None] | None:
        seat = self._seat
        until = seats.ends_on(seat) if seat is not None else None
        if seat is None or seat.ended_on or until is None:
            return None
        day = say_day(until, today=self._today)
        ends = "ended" if until < self._today else "ends"
        said = words(bold(f"{self._name()}'s term {ends} on {day}"), Words(self._who_follows(seat)))
        label = "Tell" if seat.successor_id else "Who follows?"
        return said, Button(label, "sponsor.successor", seat.token)

    def _who_follows(self, seat: SponsorSeat) -> str:
        if seat.successor_id is None:
            return ". Who follows? Only you are asked; your partner hears when you say so."
        name = self._session.get_one(Person, seat.successor_id).name
        return f". {name} follows; your partner hears when you press Tell."

    def _call(self) -> tuple[Spans, Button | None] | None:
        if self._seat is None or self._seat.ended_on:
            return None
        said = words(
            bold(f"{self._name()} has not answered my last three messages"),
            Words(": a talk with their counterpart is due. Would you call them?"),
        )
        return said, Button("They spoke", "sponsor.spoke_of", self._seat.token)

    def _left(self) -> tuple[Spans, Button | None]:
        said = words(
            bold(f"{self._name()} sponsors it at {self._side.firm} no more"),
            Words(". Who follows? Only you are asked."),
        )
        return said, Button("Name a sponsor", "sponsor.new", str(self._alliance.id))

    def _week(self) -> tuple[Spans, Button | None] | None:
        """Who connected, who is due, which asks wait; nothing of what was said."""
        found = lines.week_of(
            self._session, self._alliance, self._side, now=self._now, today=self._today
        )
        if not found:
            return None
        first, *others = [self._in_the_week(one) for one in found]
        more = f" {'. '.join(others)}." if others else ""
        unreached = [one.person for one in found if one.person.reach == "unreachable"]
        button = (
            Button("Text to forward", "people.forward", unreached[0].user_id)
            if unreached
            else self._show()
        )
        return words(bold(first), Words(f".{more} ({self._alliance.name})")), button

    def _in_the_week(self, one: lines.InTheWeek) -> str:
        waiting = sum(asks.waits(ask) for ask in ask_lists.open_for(self._session, one.seat))
        tail = f", {waiting} ask{'s' if waiting > 1 else ''} waiting" if waiting else ""
        tail += ", not reached" if one.person.reach == "unreachable" else ""
        if one.seat.state != "accepted":
            return f"{one.person.name} has not said yes yet{tail}"
        if one.counterpart is None:
            return f"{one.person.name} has no counterpart{tail}"
        if one.standing is None:
            return f"{one.person.name} has said yes; {one.counterpart.name} comes next{tail}"
        return f"{one.person.name} and {one.counterpart.name} {self._stands(one.standing)}{tail}"

    def _stands(self, standing: reasons.Standing) -> str:
        if reasons.is_due(standing, self._today):
            return "are due to speak" if standing.last else "have not spoken yet"
        if standing.last is None:
            return "have not spoken yet"
        return f"last spoke {say_day(standing.last, today=self._today)}"

    def _of_an_ask(self, by: Seat) -> Line | None:
        ask = self._session.get_one(SponsorAsk, self._facts["ask"])
        if not visibility.may_see(self._session, by.member, ask.audience_id):
            return None
        said = ASKED[self._what].format(name=self._name())
        about = f": {ask.text}"
        if self._what == "ask_asked_back":
            about = f" about “{ask.text}”: {ask.question}"
        if self._what in ("ask_done", "ask_passed"):
            about = f": {ask.effect} ({ask.text})"
        button = None
        if self._what == "ask_asked_back" and ask.state == "asked" and not ask.reply:
            button = Button("Answer", "sponsor_ask.reply", ask.token)
        if self._what == "ask_no_answer" and ask.state == "asked":
            button = Button("Withdraw it", "sponsor_ask.withdraw", ask.token)
        return words(bold(said), Words(about)), button, (asks.RECORD, ask.id)


FOR_ALL = ("follows", "new_across")
ASKED = {
    "ask_taken": "{name} will do it",
    "ask_done": "{name} did what you asked",
    "ask_passed": "{name} says somebody else should be asked",
    "ask_asked_back": "{name} needs to know more",
    "ask_no_answer": "{name} has not answered, after two reminders; a call may help",
}
