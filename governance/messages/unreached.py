"""Messages that could not be delivered, told to the alliance managers who can do something."""

from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from governance import visibility
from governance.messages import outbox
from governance.messages.daily_lines import Day, Told
from governance.people import members
from storage.tables import (
    ActionItem,
    Audience,
    Card,
    Conversation,
    Member,
    Outbox,
    Person,
    Side,
    ToldOnce,
)

UNREACHED_TOLD_FOR = timedelta(days=7)
UNREACHED_LOOKED_AT = 200
Rosters = dict[int, list[tuple[Member, Person, Side]]]
"""Everybody in an alliance, by its id: looked up once however many messages failed there."""


def unreached(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """Messages that could not be delivered, for the alliance managers who can do something."""
    once: set[tuple[int, str, int, str]] = set()
    rosters: Rosters = {}
    for row in _dead(session, days, now=now):
        mark = _unreached_mark(row)
        for manager_id in _who_can_help(session, row, rosters, now=now):
            day, key = days.get(manager_id), (manager_id, *mark)
            if day is None or day.person.id == row.person_id or key in once:
                continue
            if row.alliance_id in day.quiet:
                continue
            if session.get(ToldOnce, key) is None:
                once.add(key)
                day.unreached.append(row.id)
                told.say_once(day, *mark)


def _dead(session: Session, days: dict[int, Day], *, now: datetime) -> list[Outbox]:
    """The latest that failed in the alliances these people manage, oldest first."""
    managed = list(
        session.exec(
            select(Member.alliance_id)
            .where(col(Member.person_id).in_(days), Member.role == "manager")
            .distinct()
        )
    )
    if not managed:
        return []
    chosen = select(Outbox).where(
        Outbox.state == "dead",
        col(Outbox.kind).not_in(outbox.WITH_FILES),
        col(Outbox.finished_at) > now - UNREACHED_TOLD_FOR,
        or_(col(Outbox.alliance_id).is_(None), col(Outbox.alliance_id).in_(managed)),
    )
    latest = chosen.order_by(col(Outbox.finished_at).desc()).limit(UNREACHED_LOOKED_AT)
    return list(session.exec(latest))[::-1]


def _unreached_mark(row: Outbox) -> tuple[str, int, str]:
    """Each message once; somebody's daily messages, which fail every day alike, once a week."""
    if row.kind == outbox.DIGEST.name and row.person_id and row.finished_at:
        year, week, _ = row.finished_at.isocalendar()
        return "person", row.person_id, f"unreached:{year}-{week}"
    return "outbox", row.id, "unreached"


def _who_can_help(session: Session, row: Outbox, rosters: Rosters, *, now: datetime) -> list[int]:
    """The recipient's own alliance managers, or the host's where there are none."""
    if row.alliance_id is not None:
        return _managers_for(session, row, row.alliance_id, rosters, now=now)
    if row.person_id is None:
        return []
    theirs = visibility.alliances_of(session, row.person_id, now=now)
    found = [_managers_for(session, row, alliance.id, rosters, now=now) for alliance in theirs]
    return list(dict.fromkeys(person_id for managers in found for person_id in managers))


def _managers_for(
    session: Session, row: Outbox, alliance_id: int, rosters: Rosters, *, now: datetime
) -> list[int]:
    if alliance_id not in rosters:
        rosters[alliance_id] = members.members(session, alliance_id, now=now)
    everyone = rosters[alliance_id]
    home = {member.side_id for member, person, _ in everyone if person.id == row.person_id}
    place = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    if not home and place is not None and place.audience_id is not None:
        meant = visibility.sides_of(session, place.audience_id)
        home = set(meant) if len(meant) == 1 else set()
    managers = [(m, p, side) for m, p, side in everyone if m.role == "manager"]
    own = [(m, p) for m, p, _ in managers if m.side_id in home]
    if _is_own_side(session, row):
        return [p.id for m, p in own if not m.stated]
    return [p.id for _, p in own] or [p.id for _, p, side in managers if side.is_host]


def _is_own_side(session: Session, row: Outbox) -> bool:
    """Whether it was about one firm's own item, or for its own channel, which is nobody else's to
    hear of."""
    item = session.get(ActionItem, row.facts.get("item", 0))
    card = session.get(Card, row.facts.get("card", 0))
    if card is not None:
        return session.get_one(Audience, card.audience_id).name != visibility.JOINT
    return item is not None and item.series_side_id != 0
