"""Action items: one accountable owner, a due day, and where it was said.

Across firms an item is *proposed* until its owner accepts it. Every function takes the seat of
whoever acts, checks that they may, changes the row, writes its history, and puts down who should
hear. Days are local to whoever names them; `now` is an aware instant.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, select

from governance import cadence, cards, history, members, visibility
from governance.action_item_news import (
    refresh_card,
    refresh_homes,
    tell_changed,
    tell_decision,
    tell_news,
)
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.members import Seat
from governance.words import clip, length
from storage.tables import ActionItem, ActionItemHelper, Alliance, Conversation, Person, Side

RECORD = "action_item"
TEXT_LIMIT = 500
QUOTE_LIMIT = 1500
REASON_LIMIT = 300
SNOOZES_BEFORE_HELP = 2
CORRECTED_WITHIN = timedelta(minutes=10)
"""How long a slip in the date of a fresh item is put right without asking anybody."""

OPEN_STATES = ("proposed", "open")


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
    owner = _seat(session, by, what.owner, now=now)
    _check_day(what.due, by.person, now)
    audience = (
        visibility.side_audience(session, by.side)
        if what.private
        else visibility.joint_audience(session, by.alliance.id)
    )
    _check_may_take_part(session, by, audience.id, (what.owner, *what.helpers), now=now)
    series = by.side.id if what.private else 0
    source = what.source
    item = ActionItem(
        alliance_id=by.alliance.id,
        audience_id=audience.id,
        series_side_id=series,
        number=_next_number(session, by.alliance, series),
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
    card = cards.place_item(session, item, what.place, what.thread, by.person, now=now)
    session.add(item)
    session.flush()
    for helper in dict.fromkeys(person.id for person in what.helpers):
        if helper != item.owner_id:
            session.add(ActionItemHelper(item_id=item.id, person_id=helper))
    after = {"text": text, "owner": owner.person.id, "due": _iso(what.due)}
    _note(session, item, "captured", by, now, after=after)
    if owner.person.id != by.person.id:
        tell_decision(session, item, owner.person, now=now)
    if card is not None:
        refresh_card(session, card, now=now)
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


def captured_from(
    session: Session, by: Seat, channel: str, ts: str, *, alone: bool = False
) -> ActionItem | None:
    """The first item made from this message that this person may see. `alone`: until this
    transaction ends, nobody else captures anything in the alliance."""
    if alone:
        session.exec(select(Alliance.id).where(Alliance.id == by.alliance.id).with_for_update())
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == by.alliance.id,
        ActionItem.source_channel == channel,
        ActionItem.source_ts == ts,
        col(ActionItem.status) != "cancelled",
        col(ActionItem.audience_id).in_(visibility.audiences_of(by.member)),
    )
    return session.exec(chosen.order_by(col(ActionItem.id))).first()


def by_token(session: Session, token: str) -> ActionItem:
    """The item behind a button, locked for a change. Raises NotFound."""
    item = session.exec(
        select(ActionItem).where(ActionItem.token == token).with_for_update()
    ).one_or_none()
    if item is None:
        raise NotFound("I can't find that action item any more.")
    return item


def by_reference(session: Session, by: Seat, reference: str) -> ActionItem:
    """The item called HEL-12, or OUR-3 for one's own firm's. Raises NotFound, which says the same
    for what isn't there and for what this person may not see."""
    code, _, number = reference.upper().partition("-")
    series = {by.alliance.code: 0, "OUR": by.side.id}.get(code)
    missing = NotFound(f"I can't find {reference.upper()}. `mine` lists your action items.")
    if series is None or not number.isdecimal() or len(number) > 9:
        raise missing
    item = session.exec(
        select(ActionItem)
        .where(
            ActionItem.alliance_id == by.alliance.id,
            ActionItem.series_side_id == series,
            ActionItem.number == int(number),
            col(ActionItem.audience_id).in_(visibility.audiences_of(by.member)),
        )
        .with_for_update()
    ).one_or_none()
    if item is None:
        raise missing
    return item


def reference(item: ActionItem, alliance: Alliance) -> str:
    """HEL-12 for a joint item; OUR-3 for one firm's own, counted apart so that no gap tells."""
    return f"{'OUR' if item.series_side_id else alliance.code}-{item.number}"


def accept(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    """The owner takes on what was proposed to them."""
    _need(session, item, by, "owner", "accepts or declines it", now=now)
    _need_status(item, "proposed")
    _open(session, item, by, "accepted", now)
    tell_news(session, item, "accepted", [item.proposer_id], by, now=now)


def decline(session: Session, item: ActionItem, by: Seat, reason: str, *, now: datetime) -> None:
    """The owner says no, and why; it is for the proposer to decide what next."""
    _need(session, item, by, "owner", "accepts or declines it", now=now)
    _need_status(item, "proposed")
    reason = _reason(reason)
    item.status, item.closed_at, item.closed_reason = "declined", now, reason
    item.suggested_due = item.suggested_by = None
    _save(session, item, "declined", by, now, after={"reason": reason})
    tell_decision(session, item, session.get_one(Person, item.proposer_id), now=now)


def complete(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    _need(session, item, by, "owner", "marks it done", now=now)
    _need_status(item, "open")
    item.status, item.closed_at, item.closed_reason = "done", now, ""
    item.snoozed_until = item.suggested_due = item.suggested_by = item.waiting_on_id = None
    _save(session, item, "done", by, now)
    tell_news(session, item, "done", [item.proposer_id, *helpers(session, item)], by, now=now)


def reopen(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> None:
    """The proposer takes a closed item up again; the owner may take back their own Done."""
    if not (item.status == "done" and is_owner(session, item, by, now=now)):
        _need(session, item, by, "proposer", "reopens it", now=now)
    _need_status(item, "done", "declined", "cancelled")
    again = "proposed" if item.status == "declined" or _across(item, by) else "open"
    item.status, item.closed_at, item.closed_reason = again, None, ""
    item.told_rung, item.since = -2, today_of(by.person, now)
    _save(session, item, "reopened", by, now)
    if again == "proposed":
        tell_decision(session, item, session.get_one(Person, item.owner_id), now=now)
    else:
        tell_news(session, item, "reopened", [item.owner_id, item.proposer_id], by, now=now)


def _across(item: ActionItem, by: Seat) -> bool:
    """Whether the other firm's proposer reopens what its owner had closed."""
    return item.proposer_side_id != item.owner_side_id and by.person.id != item.owner_id


def cancel(session: Session, item: ActionItem, by: Seat, reason: str, *, now: datetime) -> None:
    _need(session, item, by, "proposer", "cancels it", now=now)
    _need_status(item, *OPEN_STATES, "declined")
    reason = clip(" ".join(reason.split()), REASON_LIMIT)
    item.status, item.closed_at, item.closed_reason = "cancelled", now, reason
    item.suggested_due = item.suggested_by = item.waiting_on_id = None
    _save(session, item, "cancelled", by, now, after={"reason": item.closed_reason})
    tell_news(session, item, "cancelled", [item.owner_id, *helpers(session, item)], by, now=now)


def move_due(session: Session, item: ActionItem, by: Seat, due: date, *, now: datetime) -> bool:
    """Give it another day. The owner moves it once by themselves; a second move, and any move of
    an item somebody else owns, is a suggestion that the other of the two answers. A slip of the
    proposer's in a fresh item of a colleague's is put right at once.

    Returns whether the day moved now. Raises BotError for a day that is past or the same.
    """
    _check_day(due, by.person, now)
    if due == item.due:
        raise BotError("It is due that day already.", field="due")
    owns = is_owner(session, item, by, now=now)
    if not owns and by.person.id != item.proposer_id:
        raise NotAllowed("Its owner moves the date, and who proposed it may suggest another.")
    _need_status(item, *OPEN_STATES)
    if moves_at_once(session, item, by, now=now):
        if owns and item.status == "open" and item.due is not None:
            item.due_moves += 1
        _move(session, item, by, due, now)
        if item.status == "open":
            tell_news(session, item, "moved", [item.proposer_id, item.owner_id], by, now=now)
        return True
    item.suggested_due, item.suggested_by = due, by.person.id
    _save(session, item, "suggested", by, now, after={"due": due.isoformat()})
    other = item.proposer_id if owns else item.owner_id
    tell_decision(session, item, session.get_one(Person, other), now=now)
    return False


def moves_at_once(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """Whether a date that this person gives counts without anybody's yes."""
    if item.owner_id == item.proposer_id:
        return True
    if item.status == "open" and is_owner(session, item, by, now=now):
        return item.due is None or item.due_moves == 0
    if by.person.id != item.proposer_id:
        return False
    return item.status == "proposed" or _is_fresh(session, item, now=now)


def _is_fresh(session: Session, item: ActionItem, *, now: datetime) -> bool:
    """Whether the proposer recorded it for a colleague a moment ago and nobody else touched it."""
    if item.owner_side_id != item.proposer_side_id or now - item.created_at > CORRECTED_WITHIN:
        return False
    entries = history.of(session, RECORD, item.id)
    return all(entry.person_id == item.proposer_id for entry in entries)


def answer_suggestion(
    session: Session, item: ActionItem, by: Seat, *, agree: bool, now: datetime
) -> None:
    """The other of owner and proposer says yes or no to a suggested day. A yes to the owner's
    suggestion on a proposed item accepts it as well: they promised that day."""
    if item.suggested_due is None:
        raise Stale("That suggestion has been answered already.")
    suggested_by_owner = item.suggested_by != item.proposer_id
    allowed = (
        by.person.id == item.proposer_id
        if suggested_by_owner
        else is_owner(session, item, by, now=now)
    )
    if not allowed or by.person.id == item.suggested_by:
        raise NotAllowed("The other of owner and proposer answers that.")
    _need_status(item, *OPEN_STATES)
    due, who = item.suggested_due, item.suggested_by
    if agree and due < today_of(by.person, now):
        raise BotError(
            "That day has passed meanwhile, so nothing has changed. “New date” in its details "
            "suggests another."
        )
    item.suggested_due = item.suggested_by = None
    if not agree:
        _save(session, item, "kept", by, now, after={"due": _iso(item.due)})
        tell_news(session, item, "kept", [who], by, now=now)
        return
    _move(session, item, by, due, now)
    if item.status == "proposed":
        _open(session, item, by, "accepted", now)
    tell_news(session, item, "agreed", [who], by, now=now)


def snooze(session: Session, item: ActionItem, by: Seat, until: date, *, now: datetime) -> None:
    """Say nothing about it until a day. The due day stays. A third snooze is refused: it is time
    for a new date or for help (see `needs_help`)."""
    _need(session, item, by, "owner", "snoozes it", now=now)
    _need_status(item, *OPEN_STATES)
    _check_day(until, by.person, now, field="until")
    if needs_help(item):
        raise BotError("You have snoozed this twice. Would a new date, or help, serve better?")
    item.snoozed_until = until
    item.snoozes += 1
    _save(session, item, "snoozed", by, now, after={"until": until.isoformat()})


def needs_help(item: ActionItem) -> bool:
    return item.snoozes >= SNOOZES_BEFORE_HELP


def ask_help(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> list[Person]:
    """Tell the owner's own alliance managers that they would like a hand."""
    _need(session, item, by, "owner", "asks for help with it", now=now)
    _need_status(item, *OPEN_STATES)
    asked = [
        person
        for person in members.managers(session, item.alliance_id, by.side.id, now=now)
        if person.id != by.person.id
    ]
    if not asked:
        raise BotError(f"{by.side.firm} has no other alliance manager yet. `people` adds one.")
    _save(session, item, "asked_help", by, now)
    tell_news(session, item, "asked_help", [p.id for p in asked], by, now=now, own_message=True)
    return asked


def reassign(session: Session, item: ActionItem, by: Seat, to: Person, *, now: datetime) -> None:
    """Give it to somebody else. An alliance manager or the owner may, within the owner's side;
    the proposer may while nobody has accepted it. Across firms the new owner accepts first."""
    _need_status(item, *OPEN_STATES, "declined")
    owner = members.seat(session, by.alliance, to, now=now)
    within = owner.side.id == item.owner_side_id == by.side.id
    hands_on = within and (by.is_manager or is_owner(session, item, by, now=now))
    renames = by.person.id == item.proposer_id and item.status != "open"
    if not hands_on and not renames:
        raise NotAllowed(_who_reassigns(session, item, now=now))
    if to.id == item.owner_id:
        raise BotError(f"{to.name} owns it already.", field="owner")
    _check_may_take_part(session, by, item.audience_id, (to,), now=now)
    before = item.owner_id
    item.owner_id, item.owner_side_id = to.id, owner.side.id
    promised = owner.side.id == item.proposer_side_id or to.id == by.person.id
    item.status = "open" if promised else "proposed"
    item.closed_at, item.closed_reason = None, ""
    item.told_rung, item.snoozed_until, item.snoozes = -2, None, 0
    item.suggested_due = item.suggested_by = item.waiting_on_id = None
    item.due_moves = 0
    item.since = today_of(by.person, now)
    _drop_helper(session, item, to.id)
    _save(session, item, "reassigned", by, now, {"owner": before}, {"owner": to.id})
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
    _need(session, item, by, "proposer", "rewords it", now=now)
    _need_status(item, *OPEN_STATES)
    text, before = clean_text(words), item.text
    if text == before:
        raise BotError("Those are the same words.", field="text")
    item.text = text
    anew = item.status == "open" and item.owner_side_id != by.side.id
    if anew:
        item.status, item.since, item.told_rung = "proposed", today_of(by.person, now), -2
    _save(session, item, "edited", by, now, {"text": before}, {"text": text})
    if anew:
        tell_decision(session, item, session.get_one(Person, item.owner_id), now=now)
    else:
        tell_news(session, item, "edited", [item.owner_id], by, now=now)


def add_helper(session: Session, item: ActionItem, by: Seat, who: Person, *, now: datetime) -> None:
    if not is_owner(session, item, by, now=now):
        _need(session, item, by, "proposer", "adds helpers, as does its owner", now=now)
    _need_status(item, *OPEN_STATES)
    if who.id == item.owner_id or who.id in helpers(session, item):
        raise BotError(f"{who.name} is on it already.", field="person")
    _check_may_take_part(session, by, item.audience_id, (who,), now=now)
    session.add(ActionItemHelper(item_id=item.id, person_id=who.id))
    _save(session, item, "helper_added", by, now, after={"helper": who.id})
    tell_news(session, item, "helper_added", [who.id], by, now=now)


def wait_on(
    session: Session, item: ActionItem, by: Seat, who: Person | None, *, now: datetime
) -> None:
    """The owner says whom they wait for (None: nobody any more); that person hears once."""
    _need(session, item, by, "owner", "says whom it waits for", now=now)
    _need_status(item, "open")
    if who is not None:
        if who.id == by.person.id:
            raise BotError("Choose whom you wait for, other than yourself.", field="person")
        _check_may_take_part(session, by, item.audience_id, (who,), now=now)
    item.waiting_on_id = who.id if who else None
    _save(
        session,
        item,
        "waiting" if who else "not_waiting",
        by,
        now,
        after={"person": who.id if who else None},
    )
    if who is not None:
        tell_news(session, item, "waiting", [who.id], by, now=now)


def helpers(session: Session, item: ActionItem) -> list[int]:
    chosen = select(ActionItemHelper.person_id).where(ActionItemHelper.item_id == item.id)
    return list(session.exec(chosen.order_by(col(ActionItemHelper.person_id))))


def is_owner(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """The owner, or who stands in for them while they are away, from the same side."""
    if item.owner_id == by.person.id:
        return True
    owner = session.get_one(Person, item.owner_id)
    return (
        owner.stand_in_id == by.person.id
        and by.side.id == item.owner_side_id
        and members.is_away(owner, now=now)
    )


def today_of(person: Person, now: datetime) -> date:
    return members.calendar_of(person).today(now)


def check_visible(session: Session, item: ActionItem, by: Seat) -> None:
    """Raises NotFound when this person may not see the item, the words for one that isn't there."""
    if item.alliance_id != by.alliance.id or not visibility.may_see(
        session, by.member, item.audience_id
    ):
        raise NotFound("I can't find that action item any more.")


def _need(
    session: Session, item: ActionItem, by: Seat, who: str, does: str, *, now: datetime
) -> None:
    check_visible(session, item, by)
    allowed = (
        is_owner(session, item, by, now=now) if who == "owner" else item.proposer_id == by.person.id
    )
    if not allowed:
        person = session.get_one(Person, item.owner_id if who == "owner" else item.proposer_id)
        role = "owner" if who == "owner" else "proposer"
        raise NotAllowed(f"{person.name} is its {role} and {does}.")


def _need_status(item: ActionItem, *fitting: str) -> None:
    if item.status not in fitting:
        raise Stale(f"It is {item.status} now.")


def _check_may_take_part(
    session: Session, by: Seat, audience_id: int, people: tuple[Person, ...], *, now: datetime
) -> None:
    """Only who may see an item can own it, help with it, be waited for or stand in."""
    for person in people:
        seat = _seat(session, by, person, now=now)
        if not visibility.may_see(session, seat.member, audience_id):
            raise NotAllowed(
                f"This item is for {by.side.firm} only, and {person.name} is not confirmed as one "
                "of its people. Choose somebody else, or let every firm see it.",
                field="owner",
            )


def _seat(session: Session, by: Seat, person: Person, *, now: datetime) -> Seat:
    own = person.id == by.person.id
    return by if own else members.seat(session, by.alliance, person, now=now)


def _next_number(session: Session, alliance: Alliance, series: int) -> int:
    bumped = session.connection().execute(
        _bump(Side if series else Alliance), {"key": series or alliance.id}
    )
    return int(bumped.scalar_one()) - 1


@cache
def _bump(table: Any) -> ReturningUpdate[Any]:
    changed = update(table).where(table.id == bindparam("key"))
    return changed.values(next_number=table.next_number + 1).returning(table.next_number)


def _move(session: Session, item: ActionItem, by: Seat, due: date, now: datetime) -> None:
    before = item.due
    item.due, item.told_rung, item.agenda_on = due, -2, None
    item.suggested_due = item.suggested_by = item.snoozed_until = None
    item.snoozes = 0
    _save(session, item, "moved", by, now, {"due": _iso(before)}, {"due": due.isoformat()})


def _open(session: Session, item: ActionItem, by: Seat, what: str, now: datetime) -> None:
    item.status, item.told_rung, item.since = "open", -2, today_of(by.person, now)
    item.suggested_due = item.suggested_by = None
    _save(session, item, what, by, now, after={"due": _iso(item.due)})


def _save(
    session: Session,
    item: ActionItem,
    what: str,
    by: Seat,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    check_visible(session, item, by)
    session.add(item)
    _note(session, item, what, by, now, before, after)
    tell_changed(session, item, now=now)


def _note(
    session: Session,
    item: ActionItem,
    what: str,
    by: Seat,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    history.note(
        session,
        alliance_id=item.alliance_id,
        record=RECORD,
        record_id=item.id,
        what=what,
        by=by.person.id,
        now=now,
        before=before,
        after=after,
    )


def _drop_helper(session: Session, item: ActionItem, person_id: int) -> None:
    row = session.get(ActionItemHelper, (item.id, person_id))
    if row is not None:
        session.delete(row)


def _reason(words: str) -> str:
    reason = " ".join(words.split())
    if not reason:
        raise BotError("Add a few words why, so that they know what next.", field="reason")
    if length(reason) > REASON_LIMIT:
        raise BotError(f"Keep it under {REASON_LIMIT} letters.", field="reason")
    return reason


def _check_day(day: date | None, person: Person, now: datetime, *, field: str = "due") -> None:
    today = today_of(person, now)
    if day is not None and day < today:
        raise BotError("That day is past. Choose today or later.", field=field)
    if day is not None and cadence.is_too_far(day, today):
        raise BotError(cadence.TOO_FAR, field=field)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def possible(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> set[str]:
    """What this person may do with the item as it stands: names of acts."""
    owns = is_owner(session, item, by, now=now)
    proposed_it = item.proposer_id == by.person.id
    found: set[str] = set()
    if item.status == "proposed" and owns:
        found |= {"accept", "decline", "move"}
    if item.status == "open" and owns:
        found |= {"done", "move", "wait", "help"}
        found |= set() if needs_help(item) else {"snooze"}
    if item.status in OPEN_STATES and (owns or proposed_it):
        found |= {"helper"}
    if item.status in OPEN_STATES and proposed_it:
        found |= {"edit", "move", "cancel"}
    if item.status == "declined" and proposed_it:
        found |= {"reassign", "cancel", "reopen"}
    if item.status in ("done", "cancelled") and (proposed_it or (owns and item.status == "done")):
        found |= {"reopen"}
    if item.status in OPEN_STATES and item.owner_side_id == by.side.id and (by.is_manager or owns):
        found |= {"reassign"}
    if item.status == "proposed" and proposed_it:
        found |= {"reassign"}
    if item.suggested_due is not None and item.status in OPEN_STATES:
        by_owner = item.suggested_by != item.proposer_id
        if item.suggested_by != by.person.id and (proposed_it if by_owner else owns):
            found |= {"agree", "keep"}
    return found
