"""Lists of action items: mine, all open, overdue, waiting on the partner; and everybody's Home."""

from datetime import datetime

from sqlmodel import Session

from governance import visibility
from governance.items import action_item_lists, action_item_rules
from governance.items.action_item_lists import Page, Which
from governance.people import members
from governance.people.members import Seat
from handlers.acts import Ask, act
from handlers.items.action_item_page import keep_account
from handlers.items.action_item_views import may_read, row, side_of, today_for
from handlers.sponsors.at_home import sponsored
from handlers.views import (
    Block,
    Button,
    Buttons,
    Heading,
    Message,
    Note,
    Reply,
    Rule,
    Text,
    bold,
    words,
)
from storage.tables import ActionItem, Alliance, Person, Side

HOME_SHOWN = 20

TITLES: dict[Which, str] = {
    "mine": "Your action items",
    "open": "Open action items",
    "overdue": "Still open past their day",
    "waiting": "What you wait for",
}
EMPTY: dict[Which, str] = {
    "mine": "Nothing is yours to do here. Record something with `action send the notes by Fri`.",
    "open": "Nothing is open here. Record something with `action @owner text by Fri`.",
    "overdue": "Nothing is past its day.",
    "waiting": "You wait for nothing from your partner.",
}


@act("list.mine")
def mine(ask: Ask) -> Reply:
    """In a direct message everything one owns, over all alliances: what Home shows others."""
    directly = ask.conversation is None or ask.conversation.kind == "dm"
    if directly and len(visibility.alliances_of(ask.session, ask.caller.id, now=ask.now)) > 1:
        return show_home(ask)
    return _list(ask, "mine")


@act("list.open")
def open_items(ask: Ask) -> Reply:
    return _list(ask, "open")


@act("list.overdue")
def overdue(ask: Ask) -> Reply:
    return _list(ask, "overdue")


@act("list.waiting")
def waiting(ask: Ask) -> Reply:
    return _list(ask, "waiting")


def _list(ask: Ask, which: Which) -> Reply:
    seat = ask.seat()
    page = action_item_lists.listed(
        ask.session,
        which,
        seat,
        today=ask.today,
        page=_page_number(ask),
    )
    keep_account(ask, page.items)
    return Reply(message=_message(ask, seat, which, page), closes=_is_turning(ask))


def _page_number(ask: Ask) -> int:
    number = ask.arg("value") or ask.arg("words")
    return int(number) if number.isdecimal() and len(number) < 6 else 1


def _is_turning(ask: Ask) -> bool:
    return ask.door == "button" and bool(ask.arg("value"))


def _message(ask: Ask, seat: Seat, which: Which, page: Page) -> Message:
    title = f"{TITLES[which]} · {seat.alliance.name}"
    if not page.items:
        return Message((Text(words(EMPTY[which])), *_beginning(which, seat)))
    blocks: list[Block] = [Heading(f"{title} ({page.total})")]
    side: int | None = None
    for item in page.items:
        if item.owner_side_id != side and which != "mine":
            side = item.owner_side_id
            blocks.append(Text(words(bold(ask.session.get_one(Side, side).firm))))
        gone = action_item_rules.has_left(ask.session, item, item.owner_id, now=ask.now)
        blocks.append(row(ask.session, item, today=ask.today, reader=seat.side, left=gone))
    blocks += _turning(which, page)
    blocks.append(Note(words("Only you see this list.")))
    return Message(tuple(blocks))


def _beginning(which: Which, seat: Seat) -> list[Block]:
    """For whoever came by a button and types nothing."""
    if which not in ("mine", "open") or seat.alliance.closed_at is not None:
        return []
    return [Buttons((Button("New action", "action_item.new"),))]


def _turning(which: Which, page: Page) -> list[Block]:
    buttons = []
    if page.number > 1:
        buttons.append(Button("Previous", f"list.{which}", str(page.number - 1)))
    if page.number < page.pages:
        buttons.append(Button("Next", f"list.{which}", str(page.number + 1)))
    if not buttons:
        return []
    return [Buttons(tuple(buttons)), Note(words(f"Page {page.number} of {page.pages}"))]


def home(session: Session, person: Person, *, now: datetime, page: int = 1) -> Message:
    """One person's open items across their alliances, soonest first; pages count from 1."""
    items, total = _at_home(session, person, now=now, page=page)
    today = today_for(person, now)
    blocks: list[Block] = [Heading("Your action items")]
    alliance: int | None = None
    for item, side in items:
        if item.alliance_id != alliance:
            alliance = item.alliance_id
            blocks.append(Text(words(bold(session.get_one(Alliance, alliance).name))))
        blocks.append(row(session, item, today=today, reader=side))
    if len(blocks) == 1:
        blocks.append(Text(words("Nothing is yours to do. What you take on shows up here.")))
    if total > page * HOME_SHOWN:
        more = Button(f"{total - page * HOME_SHOWN} more", "home.show", str(page + 1))
        blocks.append(Buttons((more,)))
    blocks += [*sponsored(session, person, now=now), Rule(), *_home_foot(session, person, now=now)]
    return Message(tuple(blocks))


def at_home(session: Session, person: Person, *, now: datetime) -> list[ActionItem]:
    """The items on the first page, which their Home shows."""
    return [item for item, _ in _at_home(session, person, now=now, page=1)[0]]


def _at_home(
    session: Session, person: Person, *, now: datetime, page: int
) -> tuple[list[tuple[ActionItem, Side]], int]:
    """A page of what somebody owns, each with their side there, by alliance; and how many."""
    items, total = action_item_lists.owned_across(
        session, person.id, now=now, limit=HOME_SHOWN, offset=(page - 1) * HOME_SHOWN
    )
    sides = [(item, side_of(session, item, person, now=now)) for item in items]
    shown = [
        (item, side)
        for item, side in sides
        if side is not None and may_read(session, item, person, now=now)
    ]
    return sorted(shown, key=lambda pair: pair[0].alliance_id), total


def _home_foot(session: Session, person: Person, *, now: datetime) -> list[Block]:
    at = members.digest_time(person).strftime("%H:%M")
    when = f"One daily message at {at} your time, when there is something to say."
    said = when if person.reminders_on else "Your daily message is off."
    first = Button("New action item", "action_item.new")
    if not visibility.alliances_of(session, person.id, now=now):
        first = Button("Set up an alliance", "alliance.setup")
    buttons = (
        first,
        Button("Reminders", "reminders.show"),
        Button("Help", "help.show"),
    )
    return [Buttons(buttons), Note(words(said))]


@act("home.show")
def show_home(ask: Ask) -> Reply:
    """Home for those whom its tab does not reach."""
    page = _page_number(ask)
    items, _ = _at_home(ask.session, ask.caller, now=ask.now, page=page)
    keep_account(ask, [item for item, _ in items])
    shown = home(ask.session, ask.caller, now=ask.now, page=page)
    return Reply(message=shown, closes=_is_turning(ask))
