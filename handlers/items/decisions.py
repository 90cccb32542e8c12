"""The direct messages about one action item: what became somebody's to decide, and its news."""

from datetime import datetime

from sqlmodel import Session

from governance import visibility
from governance.items import action_item_rules
from governance.people.members import Seat
from governance.words import clip
from handlers.dates import say_due
from handlers.items import sources
from handlers.items.action_item_views import (
    Shown,
    card_buttons,
    due_words,
    shown,
    today_for,
    what_happened,
)
from handlers.views import (
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Quote,
    Spans,
    Text,
    Words,
    bold,
    words,
)
from storage.tables import ActionItem, Alliance, Person


def decision(
    session: Session, item: ActionItem, person: Person, *, now: datetime, again: bool
) -> Message | None:
    """What this person is asked about the item as it stands, or None when there is nothing to ask.
    A message that is shown `again` says what was answered, by whom and when."""
    what = shown(session, item)
    asked = asked_of(session, what, person, now=now)
    if asked is None:
        if not again:
            return None
        happened = what_happened(session, item, person, now=now)
        return Message((Text((Words(happened),)), Note((Words(item.text),))))
    spans, buttons = asked
    blocks: list[Block] = [Text(spans)]
    if item.quote:
        blocks.append(Quote((Words(clip(item.quote, 300)),)))
    blocks.append(Buttons(buttons))
    blocks.append(Note(_where(session, what, person)))
    return Message(tuple(blocks))


def _where(session: Session, what: Shown, reader: Person) -> Spans:
    said = sources.for_reader(session, what.item, reader, text="where it was said")
    return words(Words(what.alliance.name), *((" · ", said) if said else ()))


def asked_of(
    session: Session, what: Shown, person: Person, *, now: datetime
) -> tuple[Spans, tuple[Button, ...]] | None:
    """The question that the item puts to this person as it stands, with its answers."""
    item, today = what.item, today_for(person, now)
    owns = item.owner_id == person.id
    buttons = card_buttons(item)
    named = (bold(what.reference), Words(f" {item.text}"))
    if item.status in action_item_rules.OPEN_STATES and item.suggested_due is not None:
        by_owner = item.suggested_by != item.proposer_id
        if not (_answers_as_proposer(session, item, person, now=now) if by_owner else owns):
            return None
        who = session.get_one(Person, item.suggested_by).name
        day = say_due(item.suggested_due, today=today)
        asks = Words(f"{who} suggests {day} for ")
        return words(asks, *named, f" ({due_words(item, today)})."), buttons
    if item.status == "proposed" and owns:
        who = f"{what.proposer.name} ({what.proposer_side.firm})"
        asks = Words(f"{who} asks you to take on ")
        return words(asks, *named, f", {due_words(item, today)}."), buttons
    if item.status == "open" and owns and item.proposer_id != person.id and not what.across:
        asks = Words(f"{what.proposer.name} recorded this as yours: ")
        return words(asks, *named, f", {due_words(item, today)}."), buttons
    if item.status == "declined" and _answers_as_proposer(session, item, person, now=now):
        asks = Words(f"{what.owner.name} can't take on ")
        choices = (
            Button("Give to somebody else", "action_item.reassign", item.token, "primary"),
            Button("Cancel item", "action_item.cancel", item.token),
            Button("Details", "action_item.details", item.token),
        )
        return words(asks, *named, Words(f": {item.closed_reason}")), choices
    return None


def _answers_as_proposer(
    session: Session, item: ActionItem, person: Person, *, now: datetime
) -> bool:
    if item.proposer_id == person.id:
        return True
    taken = visibility.current_seat(session, item.alliance_id, person.id, now=now)
    if taken is None:
        return False
    seat = Seat(person, *taken, session.get_one(Alliance, item.alliance_id))
    return action_item_rules.is_proposer(session, item, seat, now=now)


NEWS_WORDS = {
    "accepted": "{by} accepted {ref}",
    "done": "{by} finished {ref}",
    "reopened": "{by} reopened {ref}",
    "cancelled": "{by} cancelled {ref}",
    "moved": "{by} moved {ref} to another date",
    "agreed": "{by} agreed to your date for {ref}",
    "kept": "{by} would rather keep the date of {ref}",
    "reassigned": "{by} handed {ref} on",
    "edited": "{by} reworded {ref}",
    "helper_added": "{by} added you as a helper on {ref}",
    "waiting": "{by} waits for you on {ref}",
    "asked_help": "{by} would like a hand with {ref}",
    "shared": "{by} shared {ref} with every firm",
    "taken_back": "{by} took {ref} back, so only your firm sees it",
    "not_shown": "{ref} is recorded, but I could not show it in the channel",
}


NEWS_HOLDS = {
    "accepted": ("open", "done"),
    "done": ("done",),
    "cancelled": ("cancelled",),
    "reopened": ("open", "proposed"),
    "helper_added": ("open", "proposed"),
    "waiting": ("open",),
    "asked_help": ("open", "proposed"),
}
"""In which states news is still true; any other news always is."""


def still_holds(item: ActionItem, what: str) -> bool:
    return item.status in NEWS_HOLDS.get(what, (item.status,))


def news_line(
    session: Session, item: ActionItem, person: Person, what: str, by: str, *, now: datetime
) -> Spans:
    """One sentence: who did what, and how the item stands."""
    about = shown(session, item)
    said = NEWS_WORDS[what].format(by=by, ref=about.reference)
    return (bold(said), Words(f": {item.text} ({due_words(item, today_for(person, now))})"))


def news(
    session: Session, item: ActionItem, person: Person, what: str, by: str, *, now: datetime
) -> Message:
    line = news_line(session, item, person, what, by, now=now)
    details = Button("Details", "action_item.details", item.token)
    return Message(
        (Text(line), Buttons((details,)), Note(_where(session, shown(session, item), person)))
    )
