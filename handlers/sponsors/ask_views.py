"""How an ask to a sponsor is shown, to the sponsor and to who asked."""

from datetime import date, datetime

from sqlmodel import Session

from governance import visibility
from governance.people import members
from governance.sponsors import asks
from handlers.dates import say_day, say_due
from handlers.items.action_item_views import today_for
from handlers.views import Block, Button, Buttons, Message, Note, Quote, Text, Words, bold, words
from storage.sponsor_tables import SponsorAsk, SponsorSeat
from storage.tables import Alliance, Outbox, Person

Made = tuple[Message, tuple[tuple[str, int], ...]]


def message(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """One ask, in a direct message of its own; shown `again`, with what became of it."""
    ask = session.get_one(SponsorAsk, row.facts["ask"])
    held = session.get_one(SponsorSeat, ask.seat_id)
    member = visibility.current_member(session, ask.alliance_id, reader.id, now=now)
    if held.ended_on is not None or held.person_id != reader.id or member is None:
        return None
    if not visibility.may_see(session, member, ask.audience_id):
        return None
    asked_after = ask.state == "taken" and ask.reminded > 0
    if not (again or asks.waits(ask) or asked_after):
        return None
    alliance = session.get_one(Alliance, ask.alliance_id)
    by = session.get_one(Person, ask.asked_by)
    lead = f"{by.name} asks for your help: {ask.text}"
    note = Note(words(f"{alliance.name} · your firm's sponsors and alliance managers see this."))
    body = blocks(session, ask, reader, now=now, reminded=ask.reminded > 0)
    return Message((*body, note), lead=lead), ((asks.RECORD, ask.id),)


def blocks(
    session: Session, ask: SponsorAsk, reader: Person, *, now: datetime, reminded: bool = False
) -> list[Block]:
    """The ask with its answers as buttons, or what was answered."""
    today = today_for(reader, now)
    by = session.get_one(Person, ask.asked_by)
    due = f" · by {say_due(ask.due, today=today)}" if ask.due else ""
    again = _again(ask) if reminded else ""
    shown: list[Block] = [Text((bold(f"{again}{by.name} asks: "), Words(f"{ask.text}{due}")))]
    if ask.question:
        shown.append(Quote((Words(f"You asked: {ask.question}"),)))
    if ask.reply:
        shown.append(Quote((Words(f"{by.name}: {ask.reply}"),)))
    shown.append(_answers(ask, reader, today))
    return shown


def _again(ask: SponsorAsk) -> str:
    if ask.state == "taken":
        return "Is it done? "
    return "Still waiting for your word. " if asks.waits(ask) else ""


def _answers(ask: SponsorAsk, reader: Person, today: date) -> Block:
    if ask.state == "asked" and asks.waits(ask):
        return Buttons(
            (
                Button("I'll do it", "sponsor_ask.take", ask.token, "primary"),
                Button("Done", "sponsor_ask.done", ask.token),
                Button("Need to know more", "sponsor_ask.ask_back", ask.token),
                Button("Ask someone else", "sponsor_ask.pass", ask.token),
            )
        )
    if ask.state == "taken":
        return Buttons(
            (
                Button("Done", "sponsor_ask.done", ask.token, "primary"),
                Button("Ask someone else", "sponsor_ask.pass", ask.token),
            )
        )
    return Text((bold(became(ask, reader, today)),))


def became(ask: SponsorAsk, reader: Person, today: date) -> str:
    """What became of it, in a few words; days are the reader's."""
    if ask.state == "asked":
        return (
            "Waiting for an answer."
            if asks.waits(ask)
            else "More was asked; no answer to that yet."
        )
    closed = members.calendar_of(reader).today(ask.closed_at) if ask.closed_at else None
    on = f", {say_day(closed, today=today)}" if closed else ""
    return {
        "taken": "Taken on.",
        "done": f"Done{on}: {ask.effect}",
        "passed": f"Somebody else should be asked: {ask.effect}",
        "withdrawn": f"Withdrawn{on}.",
    }[ask.state]
