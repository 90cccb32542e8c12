"""Action items: one accountable owner, a due day, and where it was said.

Across firms an item is *proposed* until its owner accepts it. Every function takes the seat of
whoever acts, checks that they may, changes the row, writes its history, and puts down who should
hear. Days are local to whoever names them; `now` is an aware instant.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from governance import history, visibility
from governance.errors import BotError, NotAllowed, Stale
from governance.items.action_item_news import (
    refresh_cards,
    refresh_homes,
    tell_decision,
    tell_news,
)
from governance.items.action_item_records import drop_helper, helpers, iso, next_number, note, save
from governance.items.action_item_rules import (
    OPEN_STATES,
    RECORD,
    check_day,
    check_may_take_part,
    is_owner,
    is_proposer,
    may_hand_on,
    moves_at_once,
    need,
    need_status,
    needs_help,
    seat_of,
    today_of,
)
from governance.messages import cards
from governance.people import consent, members
from governance.people.members import Seat
from governance.words import clip, length
from storage.tables import ActionItem, ActionItemHelper, Conversation, Person, Side

TEXT_LIMIT = 500
QUOTE_LIMIT = 1500
REASON_LIMIT = 300


@dataclass(frozen=True)
class Source:
    """The message an item was captured from."""

    channel: str
    ts: str
    link: str | None = None
    quote: str = ""
    author: str = ""


@dataclass(frozen=True)
class Capture:
    """What is to be recorded. `private` keeps it within the writer's own firm; a card in `place`
    shows it where its people may see it."""

    text: str
    owner: Person
    helpers: tuple[Person, ...] = ()
    due: date | None = None
    private: bool = False
    source: Source | None = None
    place: Conversation | None = None
    thread: str | None = None


def capture(session: Session, what: Capture, by: Seat, *, now: datetime) -> ActionItem:
    """Record an action item. Raises BotError when the words are missing or too long, SideUnknown
    when an owner's firm is not known, NotAllowed when a private item names another firm's people.
    """
    text = clean_text(what.text)
    if what.private and by.member.stated:
        raise NotAllowed(
            f"{by.side.firm}'s own items are for its confirmed people. Its alliance manager can "
            "confirm you with `people`. Nothing was recorded."
        )
    if what.private:
        consent.check_private(session, by, now=now)
    owner = seat_of(session, by, what.owner, now=now)
    check_day(what.due, by.person, now)
    audience = (
        visibility.side_audience(session, by.side)
        if what.private
        else visibility.joint_audience(session, by.alliance.id)
    )
    check_may_take_part(session, by, audience.id, (what.owner, *what.helpers), now=now)
    series = by.side.id if what.private else 0
    source = what.source
    item = ActionItem(
        alliance_id=by.alliance.id,
        audience_id=audience.id,
        series_side_id=series,
        number=next_number(session, by.alliance, series),
        text=text,
        status="open" if owner.side.id == by.side.id else "proposed",
        owner_id=owner.person.id,
        owner_side_id=owner.side.id,
        proposer_id=by.person.id,
        proposer_side_id=by.side.id,
        due=what.due,
        created_at=now,
        since=today_of(by.person, now),
        source_channel=source.channel if source else None,
        source_ts=source.ts if source else None,
        source_link=source.link if source else None,
        quote=clip(source.quote, QUOTE_LIMIT) if source else "",
        quote_author=source.author if source else "",
    )
    shown_on = cards.place_item(session, item, what.place, what.thread, by.person, now=now)
    session.add(item)
    session.flush()
    for helper in dict.fromkeys(person.id for person in what.helpers):
        if helper != item.owner_id:
            session.add(ActionItemHelper(item_id=item.id, person_id=helper))
    after = {"text": text, "owner": owner.person.id, "due": iso(what.due)}
    note(session, item, "captured", by, now, after=after)
    if owner.person.id != by.person.id:
        tell_decision(session, item, owner.person, now=now)
    refresh_cards(session, shown_on, now=now)
    refresh_homes(session, item, now=now)
    return item


def clean_text(words: str) -> str:
    """One line of what was typed. Raises BotError when there is none of it, or too much."""
    text = " ".join(words.split())
    if not text:
        raise BotError(
            "What is to be done? For example: `action @owner send the redlines by Fri`",
            field="text",
        )
    if length(text) > TEXT_LIMIT:
        raise BotError(
            f"That is {length(text)} letters; an action item has room for {TEXT_LIMIT}. Say what "
            "is to be done in a line and keep the detail in the thread.",
            field="text",
        )
    return text


def accept(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    """The owner takes on what was proposed to them."""
    need(session, item, by, "owner", "accepts or declines it", now=now)
    need_status(item, "proposed")
    _open(session, item, by, "accepted", now)
    tell_news(session, item, "accepted", [item.proposer_id], by, now=now)


def decline(session: Session, item: ActionItem, by: Seat, reason: str, *, now: datetime) -> None:
    """The owner says no, and why; it is for the proposer to decide what next."""
    need(session, item, by, "owner", "accepts or declines it", now=now)
    need_status(item, "proposed")
    reason = _reason(reason)
    item.status, item.closed_at, item.closed_reason = "declined", now, reason
    item.suggested_due = item.suggested_by = None
    save(session, item, "declined", by, now, after={"reason": reason})
    tell_decision(session, item, session.get_one(Person, item.proposer_id), now=now)


def complete(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    need(session, item, by, "owner", "marks it done", now=now)
    need_status(item, "open")
    item.status, item.closed_at, item.closed_reason = "done", now, ""
    item.snoozed_until = item.suggested_due = item.suggested_by = item.waiting_on_id = None
    save(session, item, "done", by, now)
    tell_news(session, item, "done", [item.proposer_id, *helpers(session, item)], by, now=now)


def reopen(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    """The proposer takes a closed item up again; the owner may take back their own Done."""
    if not (item.status == "done" and is_owner(session, item, by, now=now)):
        need(session, item, by, "proposer", "reopens it", now=now)
    need_status(item, "done", "declined", "cancelled")
    again = "proposed" if item.status == "declined" or _across(item, by) else "open"
    item.status, item.closed_at, item.closed_reason = again, None, ""
    item.told_rung, item.since = -2, today_of(by.person, now)
    save(session, item, "reopened", by, now)
    if again == "proposed":
        tell_decision(session, item, session.get_one(Person, item.owner_id), now=now)
    else:
        tell_news(session, item, "reopened", [item.owner_id, item.proposer_id], by, now=now)


def _across(item: ActionItem, by: Seat) -> bool:
    """Whether the other firm's proposer reopens what its owner had closed."""
    return item.proposer_side_id != item.owner_side_id and by.person.id != item.owner_id


def cancel(session: Session, item: ActionItem, by: Seat, reason: str, *, now: datetime) -> None:
    need(session, item, by, "proposer", "cancels it", now=now)
    need_status(item, *OPEN_STATES, "declined")
    reason = clip(" ".join(reason.split()), REASON_LIMIT)
    item.status, item.closed_at, item.closed_reason = "cancelled", now, reason
    item.suggested_due = item.suggested_by = item.waiting_on_id = None
    save(session, item, "cancelled", by, now, after={"reason": item.closed_reason})
    tell_news(session, item, "cancelled", [item.owner_id, *helpers(session, item)], by, now=now)


def take_back(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    """Undo a capture, as long as nothing but its writer's own date has changed. Raises Stale."""
    entries = history.of(session, RECORD, item.id)
    if any(entry.what not in ("captured", "moved") for entry in entries):
        raise Stale("It has moved on.")
    cancel(session, item, by, "", now=now)


def move_due(session: Session, item: ActionItem, by: Seat, due: date, *, now: datetime) -> bool:
    """Give it another day. The owner moves it once by themselves; a second move, and any move of
    an item somebody else owns, is a suggestion that the other of the two answers. A slip of the
    proposer's in a fresh item of a colleague's is put right at once.

    Returns whether the day moved now. Raises BotError for a day that is past or the same.
    """
    check_day(due, by.person, now)
    if due == item.due:
        raise BotError("It is due that day already.", field="due")
    owns = is_owner(session, item, by, now=now)
    if not owns and not is_proposer(session, item, by, now=now):
        raise NotAllowed("Its owner moves the date, and who proposed it may suggest another.")
    need_status(item, *OPEN_STATES)
    if moves_at_once(session, item, by, now=now):
        if owns and item.status == "open" and item.due is not None:
            item.due_moves += 1
        _move(session, item, by, due, now)
        if item.status == "open":
            tell_news(session, item, "moved", [item.proposer_id, item.owner_id], by, now=now)
        return True
    if not owns:
        item.proposer_id = by.person.id  # who speaks for one that has left is answered themselves
    item.suggested_due, item.suggested_by = due, by.person.id
    save(session, item, "suggested", by, now, after={"due": due.isoformat()})
    other = item.proposer_id if owns else item.owner_id
    tell_decision(session, item, session.get_one(Person, other), now=now)
    return False


def answer_suggestion(
    session: Session, item: ActionItem, by: Seat, *, agree: bool, now: datetime
) -> None:
    """The other of owner and proposer says yes or no to a suggested day. A yes to the owner's
    suggestion on a proposed item accepts it as well: they promised that day."""
    if item.suggested_due is None:
        raise Stale("That suggestion has been answered already.")
    suggested_by_owner = item.suggested_by != item.proposer_id
    answers = is_proposer if suggested_by_owner else is_owner
    if not answers(session, item, by, now=now) or by.person.id == item.suggested_by:
        raise NotAllowed("The other of owner and proposer answers that.")
    need_status(item, *OPEN_STATES)
    due, who = item.suggested_due, item.suggested_by
    if agree and due < today_of(by.person, now):
        raise BotError(
            "That day has passed meanwhile, so nothing has changed. “New date” in its details "
            "suggests another."
        )
    item.suggested_due = item.suggested_by = None
    if not agree:
        save(session, item, "kept", by, now, after={"due": iso(item.due)})
        tell_news(session, item, "kept", [who], by, now=now)
        return
    _move(session, item, by, due, now)
    if item.status == "proposed":
        _open(session, item, by, "accepted", now)
    tell_news(session, item, "agreed", [who], by, now=now)


def snooze(session: Session, item: ActionItem, by: Seat, until: date, *, now: datetime) -> None:
    """Say nothing about it until a day. The due day stays. A third snooze is refused: it is time
    for a new date or for help (see `needs_help`)."""
    need(session, item, by, "owner", "snoozes it", now=now)
    need_status(item, "open")
    check_day(until, by.person, now, field="until")
    if needs_help(item):
        raise BotError("You have snoozed this twice. Would a new date, or help, serve better?")
    item.snoozed_until = until
    item.snoozes += 1
    save(session, item, "snoozed", by, now, after={"until": until.isoformat()})


def ask_help(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> list[Person]:
    """Tell the owner's own alliance managers that they would like a hand."""
    need(session, item, by, "owner", "asks for help with it", now=now)
    need_status(item, "open")
    asked = [
        person
        for person in members.managers(session, item.alliance_id, by.side.id, now=now)
        if person.id != by.person.id
    ]
    if not asked:
        raise BotError(f"{by.side.firm} has no other alliance manager yet. `people` adds one.")
    save(session, item, "asked_help", by, now)
    tell_news(session, item, "asked_help", [p.id for p in asked], by, now=now, own_message=True)
    return asked


def reassign(session: Session, item: ActionItem, by: Seat, to: Person, *, now: datetime) -> None:
    """Give it to somebody else. An alliance manager or the owner may, within the owner's side;
    the proposer may while nobody has accepted it. Across firms the new owner accepts first."""
    need_status(item, *OPEN_STATES, "declined")
    owner = members.seat(session, by.alliance, to, now=now)
    if not may_hand_on(session, item, by, now=now, to=owner.side.id):
        raise NotAllowed(_who_reassigns(session, item, now=now))
    if to.id == item.owner_id:
        raise BotError(f"{to.name} owns it already.", field="owner")
    check_may_take_part(session, by, item.audience_id, (to,), now=now)
    before = item.owner_id
    item.owner_id, item.owner_side_id = to.id, owner.side.id
    promised = owner.side.id == item.proposer_side_id or to.id == by.person.id
    item.status = "open" if promised else "proposed"
    item.closed_at, item.closed_reason = None, ""
    item.told_rung, item.snoozed_until, item.snoozes = -2, None, 0
    item.suggested_due = item.suggested_by = item.waiting_on_id = None
    item.due_moves = 0
    item.since = today_of(by.person, now)
    drop_helper(session, item, to.id)
    save(session, item, "reassigned", by, now, {"owner": before}, {"owner": to.id})
    if to.id != by.person.id:
        tell_decision(session, item, to, now=now)
    tell_news(session, item, "reassigned", [before, item.proposer_id], by, now=now)


def _who_reassigns(session: Session, item: ActionItem, *, now: datetime) -> str:
    firm = session.get_one(Side, item.owner_side_id).firm
    named = members.managers(session, item.alliance_id, item.owner_side_id, now=now)
    who = " or ".join(person.name for person in named) or f"an alliance manager of {firm}"
    return f"It is {firm}'s to hand on: its owner or {who} can, to somebody of {firm}."


def edit(session: Session, item: ActionItem, by: Seat, words: str, *, now: datetime) -> None:
    """The proposer puts it in other words. What another firm had accepted is proposed anew,
    since those are not the words they agreed to."""
    need(session, item, by, "proposer", "rewords it", now=now)
    need_status(item, *OPEN_STATES)
    text, before = clean_text(words), item.text
    if text == before:
        raise BotError("Those are the same words.", field="text")
    item.text = text
    anew = item.status == "open" and item.owner_side_id != by.side.id
    if anew:
        item.status, item.since, item.told_rung = "proposed", today_of(by.person, now), -2
    save(session, item, "edited", by, now, {"text": before}, {"text": text})
    if anew:
        tell_decision(session, item, session.get_one(Person, item.owner_id), now=now)
    else:
        tell_news(session, item, "edited", [item.owner_id], by, now=now)


def add_helper(session: Session, item: ActionItem, by: Seat, who: Person, *, now: datetime) -> None:
    if not is_owner(session, item, by, now=now):
        need(session, item, by, "proposer", "adds helpers, as does its owner", now=now)
    need_status(item, *OPEN_STATES)
    if who.id == item.owner_id or who.id in helpers(session, item):
        raise BotError(f"{who.name} is on it already.", field="person")
    check_may_take_part(session, by, item.audience_id, (who,), now=now)
    session.add(ActionItemHelper(item_id=item.id, person_id=who.id))
    save(session, item, "helper_added", by, now, after={"helper": who.id})
    tell_news(session, item, "helper_added", [who.id], by, now=now)


def wait_on(
    session: Session, item: ActionItem, by: Seat, who: Person | None, *, now: datetime
) -> None:
    """The owner says whom they wait for (None: nobody any more); that person hears once."""
    need(session, item, by, "owner", "says whom it waits for", now=now)
    need_status(item, "open")
    if who is not None:
        if who.id == by.person.id:
            raise BotError("Choose whom you wait for, other than yourself.", field="person")
        check_may_take_part(session, by, item.audience_id, (who,), now=now)
    item.waiting_on_id = who.id if who else None
    save(
        session,
        item,
        "waiting" if who else "not_waiting",
        by,
        now,
        after={"person": who.id if who else None},
    )
    if who is not None:
        tell_news(session, item, "waiting", [who.id], by, now=now)


def _move(session: Session, item: ActionItem, by: Seat, due: date, now: datetime) -> None:
    before = item.due
    item.due, item.told_rung, item.agenda_on = due, -2, None
    item.suggested_due = item.suggested_by = item.snoozed_until = None
    item.snoozes = 0
    save(session, item, "moved", by, now, {"due": iso(before)}, {"due": due.isoformat()})


def _open(session: Session, item: ActionItem, by: Seat, what: str, now: datetime) -> None:
    item.status, item.told_rung, item.since = "open", -2, today_of(by.person, now)
    item.suggested_due = item.suggested_by = None
    save(session, item, what, by, now, after={"due": iso(item.due)})


def _reason(words: str) -> str:
    reason = " ".join(words.split())
    if not reason:
        raise BotError("Add a few words why, so that they know what next.", field="reason")
    if length(reason) > REASON_LIMIT:
        raise BotError(f"Keep it under {REASON_LIMIT} letters.", field="reason")
    return reason
