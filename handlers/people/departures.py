"""What somebody has left behind, offered to those who look after it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from governance.items import action_items
from governance.people import departures, members
from governance.words import clip
from handlers.acts import Ask, act
from handlers.items.action_item_views import (
    due_words,
    icon,
    may_read,
    shown,
    status_words,
    today_for,
)
from handlers.items.action_items import change, fitting, reference_of
from handlers.views import (
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Reply,
    Text,
    Words,
    answer,
    bold,
    say,
    words,
)
from storage.queries import insert_new
from storage.tables import ActionItem, Alliance, Member, Person, Side, ToldOnce

SHOWN = 12
LEFT_FOR_NOW = "left_for_now"

Made = tuple[Message, tuple[tuple[str, int], ...]]


def closed(alliance: Alliance) -> Message:
    """What becomes of the messages that somebody who has left still holds."""
    return say(Words(f"Your part in {alliance.name} has ended, so this is closed."))


def offered(
    session: Session, facts: dict[str, Any], reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """The items somebody has left, for this reader, or None when nothing is to be done. Shown
    `again` after a press, each stays with what became of it."""
    member = session.get_one(Member, facts["member"])
    found = [session.get_one(ActionItem, item_id) for item_id in facts["items"]]
    items = [item for item in found if may_read(session, item, reader, now=now)]
    back = departures.is_back(session, member, now=now)
    waiting = [item for item in items if _is_left(item, member) and not back]
    if not items or not (waiting or again):
        return None
    lead = _lead(session, member, len(waiting))
    blocks: list[Block] = [Text(words(bold(lead)))]
    for item in items[:SHOWN]:
        blocks += _line(session, item, member, reader, now=now)
    if len(items) > SHOWN:
        blocks.append(Text(words(f"and {len(items) - SHOWN} more: `open` shows them.")))
    blocks.append(Note((Words(_who_is_asked(session, member, reader, now=now)),)))
    return Message(tuple(blocks), lead=lead), tuple(
        ("action_item", item.id) for item in items[:SHOWN]
    )


def _is_left(item: ActionItem, member: Member) -> bool:
    return item.owner_id == member.person_id and item.status in ("proposed", "open")


def _lead(session: Session, member: Member, count: int) -> str:
    name = session.get_one(Person, member.person_id).name
    alliance = session.get_one(Alliance, member.alliance_id).name
    left = {0: "Everything of theirs is seen to.", 1: "One open item needs a new owner."}
    return f"{name} has left {alliance}. " + left.get(count, f"{count} open items need new owners.")


def _line(
    session: Session, item: ActionItem, member: Member, reader: Person, *, now: datetime
) -> list[Block]:
    what = shown(session, item)
    about = words(bold(f"{what.reference} "), Words(clip(item.text, 160)))
    stands = f"\n{icon(item)} {due_words(item, today_for(reader, now))}"
    if not _is_left(item, member):
        now_with = f" · {what.owner.name} has it now" if item.owner_id != member.person_id else ""
        return [Text((*about, Words(f"{stands} · {status_words(what)}{now_with}")))]
    if session.get(ToldOnce, (reader.id, "action_item", item.id, LEFT_FOR_NOW)) is not None:
        return [Text((*about, Words(f"{stands} · left for now")))]
    buttons = (
        Button("Give to…", "action_item.reassign", item.token, "primary"),
        Button("Take it", "action_item.take", item.token),
        Button("Leave it for now", "departure.leave", item.token),
    )
    return [Text((*about, Words(stands))), Buttons(buttons)]


def _who_is_asked(session: Session, member: Member, reader: Person, *, now: datetime) -> str:
    firm = session.get_one(Side, member.side_id).firm
    asked = members.managers(session, member.alliance_id, member.side_id, now=now)
    if any(person.id == reader.id for person in asked):
        return f"Only {firm}'s alliance managers get this."
    return f"{firm} has no alliance manager now, and you proposed it."


@act("action_item.take")
def take(ask: Ask) -> Reply:
    """Own what somebody who has left owned."""
    fitting(ask, "take")

    def do_it(item: ActionItem, seat: members.Seat) -> str:
        action_items.reassign(ask.session, item, seat, ask.caller, now=ask.now)
        return f"{reference_of(ask, item)} is yours, {due_words(item, ask.today)}."

    return change(ask, do_it)


@act("departure.leave")
def leave(ask: Ask) -> Reply:
    """It stays as it is; lists go on saying that its owner has left."""
    item, _ = fitting(ask, "take")
    told = {
        "person_id": ask.caller.id,
        "record": "action_item",
        "record_id": item.id,
        "reason": LEFT_FOR_NOW,
        "on": ask.today,
    }
    insert_new(ask.session, ToldOnce, [told], unique=["person_id", "record", "record_id", "reason"])
    return answer(
        f"Left for now. `open` shows {reference_of(ask, item)}, marked that its owner has left."
    )
