"""Who was shown an action item: who, where and when, as far as the one who asks may know.

What reached one's own firm is always told. What reached another firm before the item was shared
with one's own stays that firm's; so do the names of its own channels (`handlers/seeing/seen.py`).
Who only says that they are of a firm is told what every firm is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.items.action_item_rules import RECORD
from governance.messages import outbox
from governance.people.members import Seat
from governance.seeing import receipts
from storage.tables import (
    ActionItem,
    Conversation,
    Delivery,
    FormerTeam,
    HistoryEntry,
    Member,
    Person,
    SideTeam,
)

Way = Literal["channel", "directly", "home", "asked", "recorded"]
UNKNOWN_FIRM = 0
"""The side of a workspace, or a person, that belongs to no firm of the alliance."""


@dataclass(frozen=True)
class Sighting:
    """That an item was before a person, or before everybody in a channel. `sides`: the firms whose
    people could read it there. What is kept up to date (a card, a message, Home) is one sighting
    with its first and last moment."""

    way: Way
    sides: frozenset[int]
    first: datetime
    last: datetime
    person_id: int | None = None
    place_id: int | None = None
    message_id: int | None = None


def of(session: Session, item: ActionItem, by: Seat) -> list[Sighting]:
    """Every sighting that `by`, who may see the item, may know of; newest first."""
    since = visible_from(session, item, by.member)
    told = [sighting for sighting in _all(session, item) if is_told(sighting, since, by.member)]
    return sorted(_joined(told), key=lambda sighting: sighting.first, reverse=True)


def visible_from(session: Session, item: ActionItem, member: Member) -> datetime | None:
    """Since when an item is for a member: None where it was from its beginning."""
    own = member.side_id == item.proposer_side_id and not member.stated
    if not item.history_from or own:
        return None
    return session.get_one(HistoryEntry, item.history_from).at


def is_told(sighting: Sighting, since: datetime | None, member: Member) -> bool:
    """What was before the item was for a member is not told, except that it reached their firm."""
    reached_own = member.side_id in sighting.sides and not member.stated
    return since is None or sighting.first > since or reached_own


def people_in(session: Session, sightings: Iterable[Sighting]) -> dict[int, Person]:
    """The people of these sightings by id, whoever has left included."""
    ids = {sighting.person_id for sighting in sightings}
    return {one.id: one for one in session.exec(select(Person).where(col(Person.id).in_(ids)))}


def places_in(
    session: Session, sightings: Iterable[Sighting], member: Member
) -> dict[int, Conversation]:
    """The channels of these sightings by id, as far as their names are for this member."""
    ids = {sighting.place_id for sighting in sightings}
    found = session.exec(select(Conversation).where(col(Conversation.id).in_(ids)))
    return {one.id: one for one in found if visibility.may_name(session, one, member)}


def _all(session: Session, item: ActionItem) -> Iterator[Sighting]:
    """Whoever recorded it had it before them; then every delivery, oldest first."""
    readers = Readers(session, item.alliance_id)
    for entry in history.of(session, RECORD, item.id)[:1]:
        if entry.person_id is not None:
            writer = readers.of_person(entry.person_id, entry.at)
            yield Sighting("recorded", writer, entry.at, entry.at, entry.person_id)
    chosen = select(Delivery).where(Delivery.record == RECORD, Delivery.record_id == item.id)
    for delivery in session.exec(chosen.order_by(col(Delivery.id))):
        yield readers.sighting(delivery)


def _joined(sightings: Iterable[Sighting]) -> list[Sighting]:
    """One for each message, Home and answer, however often it was brought up to date."""
    joined: dict[object, Sighting] = {}
    for one in sightings:
        key = (one.way, one.person_id, one.place_id, one.message_id, one.sides)
        moment = one.first if one.way in ("asked", "recorded") else None
        known = joined.setdefault((key, moment), one)
        joined[key, moment] = replace(known, last=one.last)
    return list(joined.values())


class Readers:
    """Which firms' people could read what was delivered in an alliance."""

    def __init__(self, session: Session, alliance_id: int) -> None:
        self._session = session
        teams = select(SideTeam).where(SideTeam.alliance_id == alliance_id)
        self._teams = {one.team_id: one for one in session.exec(teams)}
        former = select(FormerTeam).where(FormerTeam.alliance_id == alliance_id)
        self._former = list(session.exec(former.order_by(col(FormerTeam.id))))
        self._held: dict[int, list[Member]] = {}
        chosen = select(Member).where(Member.alliance_id == alliance_id)
        for member in session.exec(chosen.order_by(col(Member.id))):
            self._held.setdefault(member.person_id, []).append(member)

    def sighting(self, delivery: Delivery) -> Sighting:
        at, person_id = delivery.at, delivery.person_id
        if person_id is None:
            sides = self.of_place(delivery)
            return Sighting("channel", sides, at, at, place_id=delivery.conversation_id)
        sides = self.of_person(person_id, at)
        if delivery.kind == receipts.SHOWN:
            return Sighting("asked", sides, at, at, person_id)
        if delivery.kind == outbox.HOME.name:
            return Sighting("home", sides, at, at, person_id)
        return Sighting("directly", sides, at, at, person_id, message_id=delivery.outbox_id)

    def of_person(self, person_id: int, at: datetime) -> frozenset[int]:
        """The side they were on then, or the last one they were on."""
        held = self._held.get(person_id, [])
        then = [member for member in held if _holds(member, at.date())] or held
        return frozenset({then[-1].side_id if then else UNKNOWN_FIRM})

    def of_place(self, delivery: Delivery) -> frozenset[int]:
        """The firms whose workspaces were in the channel; where that is not known, those it is
        for now."""
        if delivery.team_ids:
            teams = delivery.team_ids.split(",")
            return frozenset().union(*(self._of_team(team, delivery.at) for team in teams))
        place = self._session.get(Conversation, delivery.conversation_id)
        if place is None or place.audience_id is None:
            return frozenset({UNKNOWN_FIRM})
        return visibility.sides_of(self._session, place.audience_id)

    def _of_team(self, team_id: str, at: datetime) -> frozenset[int]:
        """The firm it came in as; as long as that firm has not confirmed it, or where it took it
        out again, it may be another one's as well."""
        for former in self._former:
            if former.team_id == team_id and at <= former.until:
                return frozenset({former.side_id, UNKNOWN_FIRM})
        team = self._teams.get(team_id)
        if team is None:
            return frozenset({UNKNOWN_FIRM})
        return frozenset({team.side_id, UNKNOWN_FIRM} if team.stated else {team.side_id})


def _holds(member: Member, day: date) -> bool:
    return member.since <= day and (member.until is None or day < member.until)
