"""The one daily message: its sections and lines, each with its buttons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from governance import visibility
from governance.items import action_item_rules
from governance.people import members
from governance.people.counterparts import RECORD
from governance.trust.check_ins import RECORD as RECORD_OF_CHECK_INS
from governance.trust.pulses import RECORD as RECORD_OF_PULSES
from governance.words import clip
from handlers.dates import say_day
from handlers.items.action_item_views import Shown, card_buttons, due_words, icon, may_read, shown
from handlers.items.decisions import asked_of, news_line, still_holds
from handlers.people.roster_views import news_spans
from handlers.sponsors import news_views
from handlers.text import spans_text
from handlers.trust import check_ins, pulses
from handlers.views import Block, Button, Message, Note, Row, Text, Words, bold, words
from storage.tables import ActionItem, Alliance, Conversation, Outbox, Person, Side

LINES_SHOWN = 15
COUNTED = 3
"""How many of its sections the first line counts."""

TITLES = {
    "accept": "For you to accept",
    "decide": "For you to decide",
    "new": "New on your list",
    "today": "Due today",
    "overdue": "Still open",
    "soon": "Coming up",
    "stand_in": "You stand in for a colleague",
    "undated": "Without a date",
    "unanswered": "No answer yet: a word with them may help",
    "team_late": "Still open at your firm (only its alliance managers are told)",
    "team_unanswered": "Proposals without an answer for five working days",
    "news": "News",
}
COUNTS = {
    "accept": "to accept",
    "decide": "to decide",
    "new": "new on your list",
    "today": "due today",
    "overdue": "still open",
    "soon": "coming up",
    "stand_in": "for a colleague",
    "undated": "without a date",
    "unanswered": "without an answer",
    "team_late": "still open at your firm",
    "team_unanswered": "long without an answer",
    "news": "in the news",
}
"""What the first line says after a section's number."""

ACTING = ("accept", "new", "today", "overdue", "soon", "undated", "stand_in")


@dataclass(frozen=True)
class Line:
    item_id: int
    row: Row
    name: str
    """The item in a few words, for the first line."""
    live: bool
    """Still to be said; otherwise it stays only to show what became of it."""
    record: str = "action_item"
    """The noun that the id is of, where it is not an item's."""


def message(
    session: Session,
    facts: dict[str, Any],
    person: Person,
    *,
    day: date,
    now: datetime,
    again: bool,
) -> tuple[Message, tuple[tuple[str, int], ...]] | None:
    """The message for a day and the records in it, or None when nothing is left to say.

    Shown `again` after a press, its lines stay with how they stand now.
    """
    sections = list(_sections(session, facts, person, day=day, now=now, again=again))
    unreached = _unreached(session, facts["unreached"], person, now=now)
    if not sections and not unreached:
        return None
    body: list[Block] = []
    records: list[tuple[str, int]] = []
    left = LINES_SHOWN
    for name, lines in sections:
        shown_here = lines[: max(left, 0)]
        if shown_here:
            body += [Text(words(bold(TITLES[name]))), *(line.row for line in shown_here)]
        records += [(line.record, line.item_id) for line in shown_here]
        left -= len(lines)
    if left < 0:
        body.append(Text(words(f"and {-left} more: write me `mine`.")))
    lead = _lead(facts, person, sections, bool(unreached), day)
    note = Note(words("One message a day. `reminders` changes when, or switches it off."))
    taken = _taken_for_granted(person) if facts.get("assumed") else []
    made = Message((Text(words(Words(lead))), *body, *unreached, *taken, note), lead=lead)
    return made, tuple(dict.fromkeys(records))


def _taken_for_granted(person: Person) -> list[Block]:
    """Where they are taken to be, unless they have said so themselves meanwhile."""
    if not person.zone_assumed:
        return []
    city = person.zone.rpartition("/")[2].replace("_", " ")
    days_off = f"the holidays of {person.country}" if person.country else "no public holidays"
    said = f"I take you to be in {city} ({person.zone}), with {days_off}."
    return [Row((Words(said),), button=Button("Change", "reminders.show"))]


def _lead(
    facts: dict[str, Any],
    person: Person,
    sections: list[tuple[str, list[Line]]],
    unreached: bool,
    day: date,
) -> str:
    """What a phone shows: how many of what, and the thing itself where it is one."""
    live = [(name, [line for line in lines if line.live]) for name, lines in sections]
    counts = [f"{len(lines)} {COUNTS[name]}" for name, lines in live if lines]
    counts += ["a message not delivered"] if unreached else []
    said = ", ".join(counts[:COUNTED]) or "All dealt with"
    if len(counts) > COUNTED:
        said += " and more"
    names = [line.name for _, lines in live for line in lines]
    if len(names) == len(counts) == 1:
        said += f": {names[0]}"
    hello = f"Welcome back, {person.name.split()[0]}. " if facts["returning"] else ""
    return f"{hello}{said} · {say_day(day, today=day)}"


def _sections(
    session: Session,
    facts: dict[str, Any],
    person: Person,
    *,
    day: date,
    now: datetime,
    again: bool,
) -> Iterator[tuple[str, list[Line]]]:
    for name, item_ids in facts["sections"]:
        lines = []
        for item_id in item_ids:
            item = session.get(ActionItem, item_id)
            if item is None or not may_read(session, item, person, now=now):
                continue
            what = shown(session, item)
            live = _is_live(session, what, person, name, day=day, now=now)
            if live or again:
                row = _row(session, what, person, name, live=live, day=day, now=now)
                lines.append(Line(item_id, row, _name(what), live))
        if lines:
            yield name, lines
    told = list(_news(session, facts["news"], person, now=now, again=again))
    if told:
        yield "news", told


def _news(
    session: Session,
    entries: list[dict[str, Any]],
    person: Person,
    *,
    now: datetime,
    again: bool,
) -> Iterator[Line]:
    for entry in entries:
        other = next((tell for name, tell in OTHER_NEWS.items() if name in entry), None)
        if other is not None:
            yield from other(session, entry, person, now=now)
            continue
        item = session.get(ActionItem, entry["item"])
        readable = item is not None and may_read(session, item, person, now=now)
        if item is not None and readable and (again or still_holds(item, entry["what"])):
            spans = news_line(session, item, person, entry["what"], entry["by"], now=now)
            details = Button("Details", "action_item.details", item.token)
            yield Line(item.id, Row(spans, button=details), _name(shown(session, item)), True)


def _sponsor_news(
    session: Session, entry: dict[str, Any], person: Person, *, now: datetime
) -> Iterator[Line]:
    made = news_views.line(session, entry, person, now=now)
    if made is not None:
        spans, _, (record, record_id) = made
        yield Line(record_id, news_views.row(made), spans_text(spans[:1]), True, record)


def _check_in(
    session: Session, entry: dict[str, Any], person: Person, *, now: datetime
) -> Iterator[Line]:
    spans = check_ins.news(session, entry, person, now=now)
    if spans is not None:
        row = Row(spans, button=Button("Check-ins", "check_in.list"))
        yield Line(entry["check_in"], row, "a trust check-in", True, RECORD_OF_CHECK_INS)


def _pulse(
    session: Session, entry: dict[str, Any], person: Person, *, now: datetime
) -> Iterator[Line]:
    spans = pulses.news(session, entry, person, now=now)
    if spans is not None:
        row = Row(spans, button=Button("Pulses", "pulse.list"))
        yield Line(entry["pulse"], row, "a question is closed", True, RECORD_OF_PULSES)


def _side_news(
    session: Session, entry: dict[str, Any], person: Person, *, now: datetime
) -> Iterator[Line]:
    """What became of a question about another firm's people, for who is still in the alliance."""
    side = session.get_one(Side, entry["side"])
    if visibility.current_member(session, side.alliance_id, person.id, now=now) is not None:
        spans = news_spans(side, entry["what"], entry["by"], entry["to"])
        yield Line(side.id, Row(spans), spans_text(spans[:1]), True, RECORD)


OTHER_NEWS = {
    "sponsors": _sponsor_news,
    "check_in": _check_in,
    "pulse": _pulse,
    "side": _side_news,
}
"""News that is of no item, by the fact that tells it from others."""


def _name(what: Shown) -> str:
    return f"{what.reference} {clip(what.item.text, 60)}"


def _is_live(
    session: Session, what: Shown, person: Person, section: str, *, day: date, now: datetime
) -> bool:
    """Whether a line is still true when the message is sent: much can happen after the tick."""
    item = what.item
    if section == "decide":
        return asked_of(session, what, person, now=now) is not None
    if section == "accept":
        asked = item.suggested_due is None or item.suggested_by == item.proposer_id
        return item.status == "proposed" and item.owner_id == person.id and asked
    if section in ("unanswered", "team_unanswered"):
        return item.status == "proposed" and item.suggested_due is None
    if section == "stand_in":
        stands_in = what.owner.stand_in_id == person.id and members.is_away(what.owner, now=now)
        return stands_in and item.status in action_item_rules.OPEN_STATES
    if item.status != "open":
        return False
    if section == "team_late":
        return item.due is not None and item.due < day
    return item.owner_id == person.id and item.snoozed_until is None and _is_due(item, section, day)


def _is_due(item: ActionItem, section: str, day: date) -> bool:
    if section == "new":
        return True
    if item.due is None:
        return section == "undated"
    return section == ("soon" if item.due > day else "today" if item.due == day else "overdue")


def _row(
    session: Session,
    what: Shown,
    person: Person,
    section: str,
    *,
    live: bool,
    day: date,
    now: datetime,
) -> Row:
    item = what.item
    details = Button("Details", "action_item.details", item.token)
    question = asked_of(session, what, person, now=now) if live and section == "decide" else None
    if question is not None:
        spans, (first, *others) = question
        return Row(spans, button=first, menu=tuple(others))
    spans = words(
        bold(f"{what.reference} "),
        Words(item.text, strike=item.status not in action_item_rules.OPEN_STATES),
        Words(f"\n{icon(item)} {_how_it_stands(what, person, section, live=live, day=day)}"),
    )
    if not live or section not in ACTING:
        return Row(spans, button=details)
    first, *others = card_buttons(item)
    return Row(spans, button=first, menu=tuple(others))


def _how_it_stands(what: Shown, person: Person, section: str, *, live: bool, day: date) -> str:
    item = what.item
    parts = [] if item.owner_id == person.id else [what.owner.name]
    parts.append(due_words(item, day))
    if what.across and item.owner_id == person.id:
        parts.append(f"asked by {what.proposer.name} ({what.proposer_side.firm})")
    if item.series_side_id:
        parts.append(f"{what.alliance.name}, your firm only")
    if not live:
        parts.append(_what_became(item, section, day))
    return " · ".join(parts)


def _what_became(item: ActionItem, section: str, day: date) -> str:
    if item.suggested_due is not None and item.status in action_item_rules.OPEN_STATES:
        return f"{say_day(item.suggested_due, today=day)} suggested"
    if item.status == "open" and item.snoozed_until is not None:
        return f"snoozed until {say_day(item.snoozed_until, today=day)}"
    return "accepted" if item.status == "open" and section == "accept" else item.status


def _unreached(
    session: Session, outbox_ids: list[int], reader: Person, *, now: datetime
) -> list[Block]:
    """Whom a message did not reach, so that somebody can tell them another way."""
    lines = []
    for outbox_id in outbox_ids:
        row = session.get(Outbox, outbox_id)
        if row is None:
            continue
        alliance = session.get(Alliance, row.alliance_id) if row.alliance_id else None
        where = f" ({alliance.name})" if alliance else ""
        what = f"A message to {_whom(session, row, reader, now=now)}{where} did not arrive: "
        lines.append((what, f"{_why(row.error)}\n"))
    if not lines:
        return []
    said = [part for what, why in dict.fromkeys(lines) for part in (Words(what), why)]
    return [Text(words(bold("Not delivered"))), Text(words(*said))]


def _whom(session: Session, row: Outbox, reader: Person, *, now: datetime) -> str:
    person = session.get(Person, row.person_id) if row.person_id else None
    place = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    if person is not None:
        return person.name
    if place is None or not place.name or row.alliance_id is None:
        return "the channel"
    member = visibility.current_member(session, row.alliance_id, reader.id, now=now)
    named = member is not None and visibility.may_name(session, place, member)
    return f"#{place.name}" if named else "the channel"


def _why(error: str) -> str:
    reasons = {
        "not_in_channel": "I am not in that channel on Slack. `/invite @Alliance` there.",
        "channel_not_found": "I can't see that channel on Slack. `/invite @Alliance` there.",
        "BotNotInConversationRoster": "I am not in that conversation. Add the app Alliance there.",
        "ConversationNotFound": "I can't see that conversation any more.",
        "ConversationBlockedByUser": "they have blocked me.",
        "MessageWritesBlocked": "they have blocked me, or it takes no messages.",
        "no_conversation_reference": "the app Alliance is not installed for them.",
        "ForbiddenOperationException": "the app Alliance is not installed for them.",
        "is_archived": "the channel is archived.",
        "cannot_dm_bot": "they can't get direct messages from me.",
        "user_not_found": "I can't find them any more.",
        "user_disabled": "their account is closed.",
        "not_for_here": "somebody is in the channel now who may not see it.",
    }
    return reasons.get(error, "the chat service refused it. A word from you would help.")
