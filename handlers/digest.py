"""The one daily message: its sections and lines, each with its buttons."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from handlers.action_item_views import (
    card_buttons,
    due_words,
    icon,
    may_read,
    shown,
)
from handlers.dates import say_day
from handlers.decisions import news_line
from handlers.views import (
    Block,
    Button,
    Message,
    Note,
    Row,
    Text,
    Words,
    bold,
    words,
)
from storage.tables import ActionItem, Alliance, Outbox, Person

LINES_SHOWN = 15

TITLES = {
    "accept": "For you to accept",
    "decide": "For you to decide",
    "today": "Due today",
    "overdue": "Still open",
    "soon": "Coming up",
    "stand_in": "You stand in for a colleague",
    "undated": "Without a date",
    "unanswered": "No answer yet: a word with them may help",
    "team_late": "At your firm, still open for a while (only you are told)",
    "team_unanswered": "Proposals without an answer for five working days",
}
STILL = {
    "accept": ("proposed",),
    "decide": ("proposed", "open", "declined"),
    "today": ("open",),
    "overdue": ("open",),
    "soon": ("open",),
    "stand_in": ("open",),
    "undated": ("open",),
    "unanswered": ("proposed",),
    "team_late": ("open",),
    "team_unanswered": ("proposed",),
}
"""In which states a line is still worth saying when the message is sent."""

ACTING = ("accept", "decide", "today", "overdue", "soon", "undated", "stand_in")


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
    body: list[Block] = []
    records: list[tuple[str, int]] = []
    for title, lines in _sections(session, facts, person, day=day, now=now, again=again):
        body.append(Text(words(bold(title))))
        for item_id, line in lines:
            if len(records) < LINES_SHOWN:
                body.append(line)
            records.append(("action_item", item_id))
    body += _unreached(session, facts["unreached"])
    if not body:
        return None
    if len(records) > LINES_SHOWN:
        body.append(Text(words(f"and {len(records) - LINES_SHOWN} more: write me `mine`.")))
    note = Note(words("One message a day. `reminders` changes when, or switches it off."))
    lead = _lead(facts, person, len(records), day)
    return Message((Text(words(lead)), *body, note), lead=lead), tuple(records[:LINES_SHOWN])


def _lead(facts: dict[str, Any], person: Person, count: int, day: date) -> str:
    first = person.name.split()[0]
    hello = "Welcome back" if facts["returning"] else "Good morning"
    things = f"{count} thing{'' if count == 1 else 's'}" if count else "a delivery to look at"
    return f"{hello}, {first}: {things} for {say_day(day, today=day)}."


def _sections(
    session: Session,
    facts: dict[str, Any],
    person: Person,
    *,
    day: date,
    now: datetime,
    again: bool,
) -> Iterator[tuple[str, list[tuple[int, Row]]]]:
    for name, item_ids in facts["sections"]:
        lines = []
        for item_id in item_ids:
            item = session.get(ActionItem, item_id)
            if item is None or not may_read(session, item, person, now=now):
                continue
            if item.status in STILL[name] or again:
                lines.append((item_id, _line(session, item, person, name, day)))
        if lines:
            yield TITLES[name], lines
    told = []
    for entry in facts["news"]:
        item = session.get(ActionItem, entry["item"])
        if item is not None and may_read(session, item, person, now=now):
            spans = news_line(session, item, person, entry["what"], entry["by"], now=now)
            details = Button("Details", "action_item.details", item.token)
            told.append((item.id, Row(spans, button=details)))
    if told:
        yield "News", told


def _line(session: Session, item: ActionItem, person: Person, section: str, day: date) -> Row:
    what = shown(session, item)
    whose = "" if item.owner_id == person.id else f"{what.owner.name} · "
    across = what.across and item.owner_id == person.id
    asked = f" · asked by {what.proposer.name} ({what.proposer_side.firm})" if across else ""
    moved_on = item.status not in STILL[section]
    status = f" · {item.status}" if moved_on else ""
    spans = words(
        bold(f"{what.reference} "),
        Words(item.text, strike=moved_on),
        f"\n{icon(item)} {whose}{due_words(item, day)}{asked}{status}",
    )
    details = Button("Details", "action_item.details", item.token)
    if moved_on or section not in ACTING:
        return Row(spans, button=details)
    first, *others = card_buttons(item)
    return Row(spans, button=first, menu=tuple(others))


def _unreached(session: Session, outbox_ids: list[int]) -> list[Block]:
    """Whom a message did not reach, so that somebody can tell them another way."""
    lines = []
    for outbox_id in outbox_ids:
        row = session.get(Outbox, outbox_id)
        if row is None:
            continue
        person = session.get(Person, row.person_id) if row.person_id else None
        alliance = session.get(Alliance, row.alliance_id) if row.alliance_id else None
        whom = person.name if person else "the channel"
        where = f" ({alliance.name})" if alliance else ""
        lines.append(f"A message to {whom}{where} did not arrive: {_why(row.error)}")
    if not lines:
        return []
    return [Text(words(bold("Not delivered"))), Text(words("\n".join(lines)))]


def _why(error: str) -> str:
    reasons = {
        "not_in_channel": "I am not in that channel. `/invite @Alliance` there.",
        "channel_not_found": "I can't see that channel. `/invite @Alliance` there.",
        "is_archived": "the channel is archived.",
        "cannot_dm_bot": "they can't get direct messages from me.",
        "user_not_found": "I can't find them any more.",
        "user_disabled": "their account is closed.",
        "not_for_here": "somebody is in the channel now who may not see it.",
    }
    return reasons.get(error, "the chat service refused it. A word from you would help.")
