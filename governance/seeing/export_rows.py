"""The records of an alliance as an export writes them: plain values under names that stay."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from governance.firms import agreements
from governance.firms.agreement_terms import JOINT_CHANNEL
from governance.items import action_item_history, action_item_records
from governance.items.action_item_history import NO_FIRM
from governance.people.members import ROLES, Seat
from storage.tables import ActionItem, Agreement, HistoryEntry, Member, Person, Side

ALL_FIRMS = "all firms"

PEOPLE = ("owner", "helper", "person")
"""What in a history entry is the number of a person."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """An action item with as much of its history as the readers of a file may know."""

    item: ActionItem
    entries: list[HistoryEntry]


@dataclass
class Names:
    """People and firms by number, each looked up once."""

    session: Session
    people: dict[int, str] = field(default_factory=dict)

    def person(self, person_id: int | None) -> str | None:
        if person_id is None:
            return None
        if person_id not in self.people:
            self.people[person_id] = self.session.get_one(Person, person_id).name
        return self.people[person_id]

    def firm(self, side_id: int) -> str:
        return self.session.get_one(Side, side_id).firm


def item_row(session: Session, seat: Seat, kept: Kept, names: Names) -> Json:
    item, entries = kept.item, kept.entries
    helping = action_item_records.helpers(session, item)
    return {
        "reference": action_item_records.reference(item, seat.alliance),
        "text": item.text,
        "status": item.status,
        "owner": names.person(item.owner_id),
        "owner_firm": names.firm(item.owner_side_id),
        "proposer": names.person(item.proposer_id),
        "proposer_firm": names.firm(item.proposer_side_id),
        "due": day(item.due),
        "created": instant(entries[0].at if entries else item.created_at),
        "closed": instant(item.closed_at),
        "closed_reason": item.closed_reason,
        "helpers": [names.person(person_id) for person_id in helping],
        "waiting_for": names.person(item.waiting_on_id),
        "suggested_due": day(item.suggested_due),
        "seen_by": names.firm(item.series_side_id) if item.series_side_id else ALL_FIRMS,
        "source": item.source_link,
        "quote": item.quote,
        "history": [_entry(entry, names) for entry in entries],
    }


def earlier_history(
    session: Session, seat: Seat, shared: list[ActionItem], names: Names
) -> Iterable[tuple[ActionItem, Json]]:
    """Of joint items, what only this firm may read: what was before it shared them, and when its
    people wanted quiet or a hand."""
    for item in shared:
        told = {e.id: e.before for e in action_item_history.read_by(session, item, NO_FIRM)}
        entries = action_item_history.read_by_member(session, item, seat.member)
        kept = [entry for entry in entries if told.get(entry.id) != entry.before]
        if kept:
            yield (
                item,
                {
                    "reference": action_item_records.reference(item, seat.alliance),
                    "history": [_entry(entry, names) for entry in kept],
                },
            )


def _entry(entry: HistoryEntry, names: Names) -> Json:
    return {
        "at": instant(entry.at),
        "who": names.person(entry.person_id),
        "what": entry.what,
        "before": _named(entry.before, names),
        "after": _named(entry.after, names),
    }


def _named(changed: Json, names: Names) -> Json:
    return {key: names.person(v) if key in PEOPLE else v for key, v in changed.items()}


def settings(session: Session, seat: Seat) -> Json:
    alliance = seat.alliance
    return {
        "name": alliance.name,
        "code": alliance.code,
        "purpose": alliance.purpose,
        "tier": alliance.tier,
        "zone": alliance.zone,
        "owner_rungs": [int(rung) for rung in alliance.owner_rungs.split(",")],
        "manager_rung": alliance.manager_rung,
        "agenda_rung": alliance.agenda_rung,
        "set_up_at": instant(alliance.set_up_at),
        "closed_at": instant(alliance.closed_at),
        "firms": [
            {"name": side.firm, "host": side.is_host}
            for side in session.exec(
                select(Side).where(Side.alliance_id == alliance.id).order_by(col(Side.position))
            )
        ],
    }


def people(session: Session, seat: Seat, *, now: datetime) -> Iterable[Json]:
    """Everybody who has or had a place. A last day to come is their own firm's to know."""
    for member, person, side in _members(session, seat):
        yield {
            "name": person.name,
            "firm": side.firm,
            "role": ROLES[member.role],
            "title": person.title,
            "since": day(member.since),
            "until": None if _will_leave(member, now) else day(member.until),
            "confirmed": not member.stated,
        }


def leaving(session: Session, seat: Seat, *, now: datetime) -> Iterable[Json]:
    for member, person, side in _members(session, seat):
        if side.id == seat.side.id and _will_leave(member, now):
            yield {"name": person.name, "until": day(member.until)}


def _members(session: Session, seat: Seat) -> Iterable[tuple[Member, Person, Side]]:
    return session.exec(
        select(Member, Person, Side)
        .join(Person, col(Person.id) == Member.person_id)
        .join(Side, col(Side.id) == Member.side_id)
        .where(Member.alliance_id == seat.alliance.id)
        .order_by(col(Side.position), Person.name, col(Member.id))
    )


def _will_leave(member: Member, now: datetime) -> bool:
    return member.until is not None and member.until > now.date()


def agreement_rows(session: Session, seat: Seat, names: Names) -> Iterable[Json]:
    chosen = select(Agreement).where(Agreement.alliance_id == seat.alliance.id)
    for agreement in session.exec(chosen.order_by(col(Agreement.id))):
        yield {
            "kind": agreement.kind,
            "terms": _terms(agreement),
            "proposed_by": names.person(agreement.proposed_by),
            "proposed_at": instant(agreement.proposed_at),
            "state": agreement.state,
            "ended_at": instant(agreement.ended_at),
            "reason": agreement.reason,
            "presses": [
                {
                    "firm": names.firm(press.side_id),
                    "who": names.person(press.person_id),
                    "at": instant(press.at),
                    "agrees": press.agrees,
                }
                for press in agreements.presses(session, agreement)
            ],
        }


def _terms(agreement: Agreement) -> Json:
    """A channel by its name when it was proposed: it may be one firm's own by now."""
    if agreement.kind == JOINT_CHANNEL:
        return {"channel": agreement.terms["name"]}
    return agreement.terms


def instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None


def day(when: date | None) -> str | None:
    return when.isoformat() if when is not None else None
