"""How action items are shown: their card, their page, and the forms about them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from governance import visibility
from governance.firms import sides
from governance.items import action_item_history, action_item_records, action_item_rules
from governance.people import members
from governance.words import clip
from handlers.dates import say_day, say_due
from handlers.items import sources
from handlers.views import (
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Quote,
    Row,
    Span,
    Spans,
    Text,
    Who,
    Words,
    bold,
    words,
)
from storage.tables import ActionItem, Alliance, Conversation, HistoryEntry, Person, Side


@dataclass(frozen=True)
class Shown:
    """An item with the rows that say who is meant."""

    item: ActionItem
    alliance: Alliance
    owner: Person
    owner_side: Side
    proposer: Person
    proposer_side: Side

    @property
    def reference(self) -> str:
        return action_item_records.reference(self.item, self.alliance)

    @property
    def across(self) -> bool:
        return self.owner_side.id != self.proposer_side.id


def shown(session: Session, item: ActionItem) -> Shown:
    return Shown(
        item,
        session.get_one(Alliance, item.alliance_id),
        session.get_one(Person, item.owner_id),
        session.get_one(Side, item.owner_side_id),
        session.get_one(Person, item.proposer_id),
        session.get_one(Side, item.proposer_side_id),
    )


def who_sees(session: Session, item: ActionItem, reader: Side | None = None) -> str:
    """The line of small print: honest about who can read it."""
    if item.series_side_id:
        firm = session.get_one(Side, item.series_side_id).firm
        return "Your firm only" if reader and reader.id == item.series_side_id else f"{firm} only"
    count = len(sides.of(session, item.alliance_id))
    return {1: "Everyone in this alliance sees this", 2: "Both firms see this"}.get(
        count, "All firms see this"
    )


def due_words(item: ActionItem, today: date | None = None) -> str:
    """`today` is the reader's; without one (a card read by many) only the day is named."""
    if item.due is None:
        return "no date yet"
    if today is None or item.status not in action_item_rules.OPEN_STATES:
        return f"due {say_day(item.due, today=today or item.due)}"
    return f"due {say_due(item.due, today=today)}"


def status_words(what: Shown) -> str:
    item = what.item
    if item.suggested_due is not None and item.status in action_item_rules.OPEN_STATES:
        by_owner = item.suggested_by != item.proposer_id
        answers = what.proposer if by_owner else what.owner
        return f"another date suggested, waiting for {answers.name}"
    if item.status == "proposed":
        return f"waiting for {what.owner.name} to accept"
    if item.status in ("declined", "cancelled") and item.closed_reason:
        return f"{item.status}: {item.closed_reason}"
    return item.status


def card(
    session: Session, items: list[ActionItem], *, mirrored_in: Conversation | None = None
) -> Message:
    """What a conversation sees of one or several items captured together."""
    if len(items) == 1:
        return _card_of_one(session, shown(session, items[0]), mirrored_in)
    lines = [shown(session, item) for item in items]
    blocks: list[Block] = [Row(_line(line), _menu(line.item)) for line in lines]
    blocks.append(Note((Words(who_sees(session, items[0])),)))
    lead = "; ".join(_plain(line) for line in lines)
    return Message(tuple(blocks), lead=lead)


def _card_of_one(session: Session, what: Shown, mirrored_in: Conversation | None) -> Message:
    item = what.item
    blocks: list[Block] = [Text(_line(what))]
    if item.suggested_due is not None and item.status in action_item_rules.OPEN_STATES:
        blocks.append(Text(_suggestion(session, item)))
    if item.quote:
        blocks.append(Quote((Words(clip(item.quote, 300)),)))
    said = sources.in_mirror(session, item, mirrored_in) if mirrored_in else None
    if said is not None:
        blocks.append(Note((said,)))
    blocks.append(Buttons(card_buttons(item)))
    note = f"Proposed by {what.proposer.name} · " if what.across else ""
    blocks.append(Note((Words(f"{note}{who_sees(session, item)}"),)))
    return Message(tuple(blocks), lead=_plain(what))


def _suggestion(session: Session, item: ActionItem) -> Spans:
    who = session.get_one(Person, item.suggested_by)
    day = item.suggested_due or item.created_at.date()
    return (Words(f"{who.name} suggests {say_day(day, today=day)} instead."),)


def _line(what: Shown) -> Spans:
    """HEL-12 Send the redlines / Priya · due Fri 27 Nov · open"""
    item = what.item
    closed = item.status in ("done", "cancelled")
    owner: Span = Who(what.owner.name, what.owner.user_id if what.across else None)
    firm = f" ({what.owner_side.firm})" if what.across else ""
    return words(
        bold(f"{what.reference} "),
        Words(item.text, strike=closed),
        "\n",
        f"{icon(item)} ",
        owner,
        Words(f"{firm} · {due_words(item)} · {status_words(what)}"),
    )


def icon(item: ActionItem) -> str:
    return {
        "proposed": "◌",
        "open": "○",
        "done": "✓",
        "declined": "✕",
        "cancelled": "✕",
    }[item.status]


def _plain(what: Shown) -> str:
    return (
        f"{what.reference}: {clip(what.item.text, 140)} ({what.owner.name}, "
        f"{due_words(what.item)}, {status_words(what)})"
    )


def card_buttons(item: ActionItem) -> tuple[Button, ...]:
    """The presses that fit the item's state; who may press is decided when pressed."""
    token = item.token
    details = Button("Details", "action_item.details", token)
    if item.suggested_due is not None and item.status in action_item_rules.OPEN_STATES:
        return (
            Button("Agree to the date", "action_item.agree", token, "primary"),
            Button("Keep the date", "action_item.keep", token),
            details,
        )
    if item.status == "proposed":
        return (
            Button("Accept", "action_item.accept", token, "primary"),
            Button("Suggest another date", "action_item.move", token),
            Button("Decline", "action_item.decline", token),
            details,
        )
    if item.status == "open":
        return (
            Button("Done", "action_item.done", token, "primary"),
            Button("New date", "action_item.move", token),
            Button("Snooze", "action_item.snooze", token),
            details,
        )
    return (Button("Reopen", "action_item.reopen", token), details)


def _menu(item: ActionItem) -> tuple[Button, ...]:
    return tuple(Button(button.label, button.act, button.value) for button in card_buttons(item))


def row(
    session: Session, item: ActionItem, *, today: date, reader: Side, left: bool = False
) -> Row:
    """A line of somebody's list. `left`: its owner has left, which only their own firm is told."""
    what = shown(session, item)
    mark = "" if reader.id == what.owner_side.id else f" ({what.owner_side.firm})"
    private = " · your firm only" if item.series_side_id else ""
    gone = " · owner has left" if left and reader.id == what.owner_side.id else ""
    spans = words(
        bold(f"{what.reference} "),
        Words(clip(item.text, 160)),
        Words(f"\n{icon(item)} {what.owner.name}{mark} · {due_words(item, today)}"),
        Words(f" · {status_words(what)}{private}{gone}"),
    )
    return Row(spans, button=Button("Details", "action_item.details", item.token))


def history_words(session: Session, entry: HistoryEntry, today: date) -> str:
    """One line of an item's history as a sentence."""
    who = session.get_one(Person, entry.person_id).name if entry.person_id else "Alliance"
    after = entry.after

    def day(key: str = "due") -> str:
        value = after.get(key)
        return say_day(date.fromisoformat(value), today=today) if value else "no date"

    def person(key: str) -> str:
        return session.get_one(Person, after[key]).name if after.get(key) else "nobody"

    def due() -> str:
        return f"due {day()}" if after.get("due") else "without a date"

    def for_owner() -> str:
        return "" if after.get("owner") == entry.person_id else f" for {person('owner')}"

    sentences = {
        "captured": lambda: f"{who} recorded it{for_owner()}, {due()}",
        "accepted": lambda: f"{who} accepted it, {due()}",
        "declined": lambda: f"{who} declined it: {after.get('reason', '')}",
        "done": lambda: f"{who} marked it done",
        "reopened": lambda: f"{who} reopened it",
        "cancelled": lambda: f"{who} cancelled it" + _because(after.get("reason")),
        "moved": lambda: f"{who} moved it to {day()}",
        "suggested": lambda: f"{who} suggested {day()}",
        "kept": lambda: f"{who} kept {day()}",
        "snoozed": lambda: f"{who} snoozed it until {day('until')}",
        "asked_help": lambda: f"{who} asked for help",
        "reassigned": lambda: f"{who} gave it to {person('owner')}",
        "edited": lambda: f"{who} reworded it",
        "helper_left": lambda: f"{person('helper')} no longer helps",
        "helper_added": lambda: f"{who} added {person('helper')} as a helper",
        "waiting": lambda: f"{who} waits for {person('person')}",
        "not_waiting": lambda: f"{who} no longer waits for anybody",
        "shared": lambda: f"{who} shared it",
        "taken_back": lambda: f"{who} took it back: their firm only",
    }
    return sentences[entry.what]()


def _because(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def what_happened(session: Session, item: ActionItem, reader: Person, *, now: datetime) -> str:
    """For a button that no longer fits: the last thing that happened, and on which day of the
    reader's."""
    what, calendar = shown(session, item), members.calendar_of(reader)
    today = calendar.today(now)
    changes = [
        entry
        for entry in _readable_history(session, item, reader, now=now)
        if entry.what not in ("snoozed", "helper_added", "asked_help")
    ]
    last = changes[-1]
    day = say_day(calendar.today(last.at), today=today)
    return f"{what.reference} has moved on: {history_words(session, last, today)} ({day})."


def _readable_history(
    session: Session, item: ActionItem, reader: Person, *, now: datetime
) -> list[HistoryEntry]:
    side = side_of(session, item, reader, now=now)
    return action_item_history.read_by(session, item, side.id) if side is not None else []


def may_read(session: Session, item: ActionItem, person: Person, *, now: datetime) -> bool:
    """Whether this person may be told about the item today: the gate, asked again at sending."""
    member = visibility.current_member(session, item.alliance_id, person.id, now=now)
    return member is not None and visibility.may_see(session, member, item.audience_id)


def side_of(session: Session, item: ActionItem, person: Person, *, now: datetime) -> Side | None:
    member = visibility.current_member(session, item.alliance_id, person.id, now=now)
    return session.get_one(Side, member.side_id) if member else None


def today_for(person: Person, now: datetime) -> date:
    return members.calendar_of(person).today(now)
