"""Everything about one action item on a page, and what this reader may do with it."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from governance.items import action_item_history, action_item_records, action_item_rules
from governance.people.members import Seat
from governance.seeing import receipts
from handlers.acts import Ask
from handlers.dates import say_day, say_due
from handlers.items import sources
from handlers.items.action_item_views import (
    Shown,
    due_words,
    history_words,
    shown,
    status_words,
    who_sees,
)
from handlers.views import (
    Block,
    Button,
    Buttons,
    Facts,
    Form,
    Heading,
    Link,
    Note,
    Quote,
    Rule,
    Text,
    When,
    Words,
    bold,
    words,
)
from storage.tables import ActionItem, Person

HISTORY_SHOWN = 60


def keep_account(ask: Ask, items: Iterable[ActionItem]) -> None:
    """Whoever asks is shown these items now."""
    receipts.note_shown(
        ask.session,
        action_item_rules.RECORD,
        [item.id for item in items],
        to=ask.caller,
        where=ask.conversation,
        installation_id=ask.installation.id,
        now=ask.now,
    )


def page(ask: Ask, item: ActionItem, by: Seat, *, note: str = "") -> Form:
    """Everything about one item, and what this person may do with it."""
    session, now = ask.session, ask.now
    keep_account(ask, [item])
    what = shown(session, item)
    today = action_item_rules.today_of(by.person, now)
    blocks: list[Block] = []
    if note:
        blocks.append(Text(words(Words(note, bold=True))))
    blocks.append(Text(words(bold(item.text))))
    blocks.append(facts(session, what, today, reader=by.person))
    if _waits_in_vain(session, item, by, now=now):
        blocks.append(Note(words("It waits for somebody who has left. “Waiting for…” changes it.")))
    if item.quote:
        blocks.append(Quote((Words(item.quote),)))
    said = sources.for_reader(session, item, ask.account, text="Where it was said")
    if said is not None:
        blocks.append(Text((said,)) if isinstance(said, Link) else Note((said,)))
    seen = Button("Who saw this?", "action_item.seen", item.token)
    buttons = (*page_buttons(session, item, by, now=now), seen)
    blocks += [Buttons(buttons[at : at + 5]) for at in range(0, len(buttons), 5)]
    blocks += [Rule(), *_history(session, item, by, today)]
    blocks.append(Note((Words(who_sees(session, item, by.side)),)))
    return Form(what.reference, "action_item.details", tuple(blocks), args={"value": item.token})


def _waits_in_vain(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """Whether whom it waits for has left, for those who can change that."""
    if item.waiting_on_id is None or by.side.id != item.owner_side_id:
        return False
    return action_item_rules.has_left(session, item, item.waiting_on_id, now=now)


def facts(session: Session, what: Shown, today: date, *, reader: Person | None = None) -> Facts:
    """Owner, due day and all the rest. Without a `reader`: as people of another firm see it."""
    item = what.item
    pairs: list[tuple[str, str]] = [
        ("Owner", f"{what.owner.name} ({what.owner_side.firm})"),
        ("Due", due_words(item, today).removeprefix("due ")),
        ("Status", status_words(what)),
        ("Proposed by", f"{what.proposer.name} ({what.proposer_side.firm})"),
    ]
    helping = [session.get_one(Person, i).name for i in action_item_records.helpers(session, item)]
    if helping:
        pairs.append(("Helpers", ", ".join(helping)))
    if item.waiting_on_id is not None:
        pairs.append(("Waiting for", session.get_one(Person, item.waiting_on_id).name))
    if item.suggested_due is not None:
        pairs.append(("Suggested date", say_due(item.suggested_due, today=today)))
    if item.snoozed_until is not None and reader is not None and reader.id == item.owner_id:
        pairs.append(("Snoozed until", say_day(item.snoozed_until, today=today)))
    if item.agenda_on is not None:
        pairs.append(("Agenda", "for the next joint meeting"))
    return Facts(tuple((label, (Words(text),)) for label, text in pairs))


PAGE_BUTTONS = (
    ("accept", "Accept"),
    ("decline", "Decline"),
    ("agree", "Agree to the date"),
    ("keep", "Keep the date"),
    ("done", "Done"),
    ("move", "New date"),
    ("snooze", "Snooze"),
    ("help", "Ask for help"),
    ("wait", "Waiting for…"),
    ("helper", "Add a helper"),
    ("edit", "Reword"),
    ("reassign", "Give to somebody else"),
    ("take", "Take it"),
    ("reopen", "Reopen"),
    ("cancel", "Cancel item"),
    ("share", "Share with partner"),
    ("take_back", "Take back"),
)


def page_buttons(
    session: Session, item: ActionItem, by: Seat, *, now: datetime
) -> tuple[Button, ...]:
    possible = action_item_rules.possible(session, item, by, now=now)
    return tuple(
        Button(
            label,
            f"action_item.{name}",
            item.token,
            "primary" if name in ("accept", "done", "agree") else "",
        )
        for name, label in PAGE_BUTTONS
        if name in possible
    )


def _history(session: Session, item: ActionItem, by: Seat, today: date) -> list[Block]:
    """What happened, oldest first, as far as it is this reader's to know."""
    entries = action_item_history.read_by_member(session, item, by.member)
    blocks: list[Block] = [Heading("History")]
    if len(entries) > HISTORY_SHOWN:
        blocks.append(Note(words(f"The latest {HISTORY_SHOWN} of {len(entries)}")))
    for entry in entries[-HISTORY_SHOWN:]:
        said = history_words(session, entry, today)
        blocks.append(Note((Words(f"{said} · "), When(entry.at))))
    return blocks
