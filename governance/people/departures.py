"""Somebody leaves an alliance: what waits for them is cancelled, the buttons they hold are taken
away, and their open items are offered to those who look after the people of their firm.

It happens in the minute in which an alliance manager ends their place, the platform says that their
account is closed, or their last day is over. Of another firm only the proposers of items are told
that nobody looks after any more.
"""

import re
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import Session, col, delete, select

from governance import history, visibility
from governance.items import action_item_news
from governance.items.action_item_rules import OPEN_STATES, RECORD
from governance.messages import outbox
from governance.people import members
from governance.sponsors import seats
from storage.tables import ActionItem, ActionItemHelper, Alliance, Member, Outbox, Person

LEFT = "left"
BATCH = 50
BUTTONS_LAST = timedelta(days=30)
"""How old a direct message may be whose buttons are taken away; older ones only refuse."""

MESSAGES_CLOSED = 200
ITEM_TOKEN = re.compile(r"(?<![\w-])[\w-]{16}(?![\w-])")
GOES_ON = (outbox.EDIT.name, outbox.HOME.name)
WITHOUT_BUTTONS = (*GOES_ON, outbox.FILE.name, outbox.FILE_AGAIN.name)
"""What brings messages up to date is not cancelled: it takes the buttons away."""


def end_due(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """See to everybody whose last day (UTC) is over, up to `limit`; returns how many."""
    over = (
        select(Member)
        .where(col(Member.until) <= now.date(), col(Member.cleared_at).is_(None))
        .order_by(col(Member.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ended = list(session.exec(over))
    for member in ended:
        see_to(session, member, now=now)
    return len(ended)


def next_due(session: Session) -> datetime | None:
    """The next instant (UTC) at which somebody's last day is over."""
    first = session.exec(
        select(func.min(Member.until)).where(
            col(Member.until).is_not(None), col(Member.cleared_at).is_(None)
        )
    ).one()
    return datetime.combine(first, time(0), UTC) if first is not None else None


def has_left(session: Session, person: Person, alliance_id: int | None, *, now: datetime) -> bool:
    """Their account is closed, or they have no place any more in this alliance."""
    if person.gone_at is not None or alliance_id is None:
        return person.gone_at is not None
    return visibility.current_member(session, alliance_id, person.id, now=now) is None


def close_account(session: Session, person: Person, *, now: datetime) -> None:
    """The platform says that somebody's account is closed: all their places end."""
    person.gone_at, person.next_digest_at = now, None
    session.add(person)
    session.flush()
    _cancel(session, person, now=now)
    still = or_(col(Member.until).is_(None), col(Member.until) > now.date())
    for member in session.exec(select(Member).where(Member.person_id == person.id, still)):
        before = {"until": members.iso(member.until)}
        member.until = now.date()
        session.add(member)
        session.flush()
        after = {"until": members.iso(member.until), "why": "account_closed"}
        members.note_member(session, member, "ended", None, now, after, before)
        see_to(session, member, now=now)


def see_to(session: Session, member: Member, *, now: datetime) -> None:
    """Put in order what somebody leaves behind whose place has just ended."""
    person = session.get_one(Person, member.person_id)
    alliance = session.get_one(Alliance, member.alliance_id)
    member.cleared_at = now
    session.add(member)
    seats.follow(session, member, now=now)
    if visibility.current_member(session, alliance.id, person.id, now=now) is None:
        _cancel(session, person, col(Outbox.alliance_id) == alliance.id, now=now)
        _drop_helping(session, member, alliance, now=now)
        _drop_standing_in(session, member, now=now)
    _close_buttons(session, person, alliance, now=now)
    action_item_news.refresh_home(session, person, now=now)
    if alliance.closed_at is None and not is_back(session, member, now=now):
        _offer(session, member, alliance, now=now)
        _ask_again(session, member, person, now=now)


def is_back(session: Session, member: Member, *, now: datetime) -> bool:
    """Whether somebody whose place ended has one again on the same side: nothing is left behind."""
    again = visibility.current_member(session, member.alliance_id, member.person_id, now=now)
    return again is not None and again.side_id == member.side_id


def _cancel(session: Session, person: Person, *where: ColumnElement[bool], now: datetime) -> None:
    theirs = (col(Outbox.person_id) == person.id, ~col(Outbox.kind).in_(GOES_ON))
    outbox.cancel(session, *theirs, *where, why=LEFT, now=now)


def _close_buttons(session: Session, person: Person, alliance: Alliance, *, now: datetime) -> None:
    """Show anew every message of theirs that is about the alliance, or of several: what they may
    no longer read becomes one line (see the sender)."""
    if person.gone_at is not None:
        return
    theirs = (
        select(Outbox)
        .where(
            Outbox.person_id == person.id,
            col(Outbox.state).in_(("sent", "cancelled")),
            col(Outbox.ts).is_not(None),
            ~col(Outbox.kind).in_(WITHOUT_BUTTONS),
            col(Outbox.finished_at) > now - BUTTONS_LAST,
            or_(col(Outbox.alliance_id).is_(None), col(Outbox.alliance_id) == alliance.id),
        )
        .order_by(col(Outbox.id).desc())
        .limit(MESSAGES_CLOSED)
    )
    elsewhere = bool(visibility.alliances_of(session, person.id, now=now))
    for row in session.exec(theirs):
        stays = row.kind == outbox.ANSWER.name and elsewhere
        if not stays or _shows_items_of(session, alliance, row):
            outbox.show_anew(session, row, now=now, about=alliance.id)


def _shows_items_of(session: Session, alliance: Alliance, answer: Outbox) -> bool:
    """Whether an answer, which is kept as it was made, has buttons about the alliance's items."""
    named = ITEM_TOKEN.findall(answer.facts.get("message", ""))
    chosen = select(ActionItem.id).where(
        ActionItem.alliance_id == alliance.id, col(ActionItem.token).in_(named)
    )
    return bool(named) and session.exec(chosen.limit(1)).first() is not None


def _drop_helping(session: Session, member: Member, alliance: Alliance, *, now: datetime) -> None:
    """They no longer help with what is still open; what is done keeps who helped."""
    helping = session.exec(
        select(ActionItem.id)
        .join(ActionItemHelper, col(ActionItemHelper.item_id) == ActionItem.id)
        .where(
            ActionItem.alliance_id == alliance.id,
            col(ActionItem.status).in_(OPEN_STATES),
            ActionItemHelper.person_id == member.person_id,
        )
    )
    for item_id in list(helping):
        session.exec(
            delete(ActionItemHelper).where(
                col(ActionItemHelper.item_id) == item_id,
                col(ActionItemHelper.person_id) == member.person_id,
            )
        )
        history.note(
            session,
            alliance_id=alliance.id,
            record=RECORD,
            record_id=item_id,
            what="helper_left",
            by=None,
            now=now,
            after={"helper": member.person_id},
        )


def _drop_standing_in(session: Session, member: Member, *, now: datetime) -> None:
    """Nobody of this alliance counts on them any more while away."""
    here = select(Member.person_id).where(
        Member.alliance_id == member.alliance_id, visibility.has_a_place(now.date())
    )
    stood_for = update(Person).where(
        col(Person.stand_in_id) == member.person_id, col(Person.id).in_(here)
    )
    session.connection().execute(stood_for.values(stand_in_id=None))


def left_items(session: Session, member: Member) -> list[ActionItem]:
    """What is still open of what somebody owned on their side, soonest first."""
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == member.alliance_id,
        ActionItem.owner_id == member.person_id,
        ActionItem.owner_side_id == member.side_id,
        col(ActionItem.status).in_(OPEN_STATES),
    )
    soonest = (col(ActionItem.due).is_(None), col(ActionItem.due), col(ActionItem.id))
    return list(session.exec(chosen.order_by(*soonest)))


def _offer(session: Session, member: Member, alliance: Alliance, *, now: datetime) -> None:
    for reader_id, item_ids in _offered_to(session, member, now=now).items():
        outbox.put(
            session,
            outbox.DEPARTURE,
            {"member": member.id, "items": item_ids},
            key=f"departure:{member.id}:{reader_id}",
            installation_id=alliance.installation_id,
            alliance_id=alliance.id,
            person_id=reader_id,
            now=now,
        )


def _offered_to(session: Session, member: Member, *, now: datetime) -> dict[int, list[int]]:
    """The alliance managers of their firm; where it has none, each item's proposer. What each may
    read is asked when the message is made."""
    items = left_items(session, member)
    managers = members.managers(session, member.alliance_id, member.side_id, now=now)
    found: dict[int, list[int]] = defaultdict(list)
    for item in items:
        for reader_id in [person.id for person in managers] or [item.proposer_id]:
            if reader_id != member.person_id:
                found[reader_id].append(item.id)
    return found


def _ask_again(session: Session, member: Member, person: Person, *, now: datetime) -> None:
    """What waited for their answer as its proposer is asked of their alliance managers."""
    waiting = select(ActionItem).where(
        ActionItem.alliance_id == member.alliance_id,
        ActionItem.proposer_id == person.id,
        ActionItem.owner_id != person.id,
        or_(
            col(ActionItem.status) == "declined",
            col(ActionItem.status).in_(OPEN_STATES)
            & col(ActionItem.suggested_due).is_not(None)
            & (col(ActionItem.suggested_by) != person.id),
        ),
    )
    for item in session.exec(waiting):
        action_item_news.tell_decision(session, item, person, now=now)
