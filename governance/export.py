"""What an alliance manager takes along: everything the gate lets them read, as CSV and JSON.

The joint records and, for those whom their firm has confirmed, its own. What another firm keeps
for itself (its own items, what it snoozed, when somebody of it will leave) is in neither file.
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from governance import action_item_history, action_item_records, agreements, visibility
from governance.agreement_terms import JOINT_CHANNEL
from governance.members import ROLES, Seat
from storage.tables import (
    ActionItem,
    Agreement,
    HistoryEntry,
    Member,
    Person,
    Side,
)

FORMAT = "alliance-export/1"
"""Raised when a name or meaning changes; see docs/export.md."""

COLUMNS = (
    "reference", "text", "status", "owner", "owner_firm", "proposer", "proposer_firm", "due",
    "created", "closed", "closed_reason", "helpers", "waiting_for", "suggested_due", "seen_by",
    "source", "quote", "history",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins so for something to calculate."""

PEOPLE = ("owner", "helper", "person")
"""What in a history entry is the number of a person."""

Json = dict[str, Any]


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


@dataclass(frozen=True)
class Export:
    """Both files, and the items in them, for the account of who got them."""

    files: tuple[File, ...]
    items: tuple[int, ...]


@dataclass
class _Names:
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


def make(session: Session, seat: Seat, *, now: datetime) -> Export:
    """Everything this person may read, as it is now."""
    names = _Names(session)
    found = items(session, seat)
    rows = [_item(session, seat, item, names) for item in found]
    content = {
        "format": FORMAT,
        "exported_at": _instant(now),
        "exported_for": seat.side.firm,
        "alliance": _settings(session, seat),
        "people": list(_people(session, seat, now=now)),
        "action_items": rows,
        "agreements": list(_agreements(session, seat, names)),
    }
    stem = f"{seat.alliance.code}-{now.date().isoformat()}"
    both = (File(f"{stem}.csv", _csv(rows)), File(f"{stem}.json", _json(content)))
    return Export(both, tuple(item.id for item in found))


def items(session: Session, seat: Seat) -> list[ActionItem]:
    """Every action item this person may read: joint ones first, each series by its numbers."""
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == seat.alliance.id,
        col(ActionItem.audience_id).in_(visibility.audiences_of(seat.member)),
    )
    return list(
        session.exec(chosen.order_by(col(ActionItem.series_side_id), col(ActionItem.number)))
    )


def _item(session: Session, seat: Seat, item: ActionItem, names: _Names) -> Json:
    entries = action_item_history.read_by_member(session, item, seat.member)
    helping = action_item_records.helpers(session, item)
    return {
        "reference": action_item_records.reference(item, seat.alliance),
        "text": item.text,
        "status": item.status,
        "owner": names.person(item.owner_id),
        "owner_firm": names.firm(item.owner_side_id),
        "proposer": names.person(item.proposer_id),
        "proposer_firm": names.firm(item.proposer_side_id),
        "due": _day(item.due),
        "created": _instant(entries[0].at if entries else item.created_at),
        "closed": _instant(item.closed_at),
        "closed_reason": item.closed_reason,
        "helpers": [names.person(person_id) for person_id in helping],
        "waiting_for": names.person(item.waiting_on_id),
        "suggested_due": _day(item.suggested_due),
        "seen_by": names.firm(item.series_side_id) if item.series_side_id else "all firms",
        "source": item.source_link,
        "quote": item.quote,
        "history": [_entry(entry, names) for entry in entries],
    }


def _entry(entry: HistoryEntry, names: _Names) -> Json:
    return {
        "at": _instant(entry.at),
        "who": names.person(entry.person_id),
        "what": entry.what,
        "before": _named(entry.before, names),
        "after": _named(entry.after, names),
    }


def _named(changed: Json, names: _Names) -> Json:
    return {key: names.person(v) if key in PEOPLE else v for key, v in changed.items()}


def _settings(session: Session, seat: Seat) -> Json:
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
        "set_up_at": _instant(alliance.set_up_at),
        "closed_at": _instant(alliance.closed_at),
        "firms": [
            {"name": side.firm, "host": side.is_host}
            for side in session.exec(
                select(Side).where(Side.alliance_id == alliance.id).order_by(col(Side.position))
            )
        ],
    }


def _people(session: Session, seat: Seat, *, now: datetime) -> Iterable[Json]:
    """Everybody who has or had a place. When somebody of another firm will leave is theirs."""
    rows = session.exec(
        select(Member, Person, Side)
        .join(Person, col(Person.id) == Member.person_id)
        .join(Side, col(Side.id) == Member.side_id)
        .where(Member.alliance_id == seat.alliance.id)
        .order_by(col(Side.position), Person.name, col(Member.id))
    )
    for member, person, side in rows:
        own = side.id == seat.side.id and not seat.member.stated
        told = own or (member.until is not None and member.until <= now.date())
        yield {
            "name": person.name,
            "firm": side.firm,
            "role": ROLES[member.role],
            "title": person.title,
            "since": _day(member.since),
            "until": _day(member.until) if told else None,
            "confirmed": not member.stated,
        }


def _agreements(session: Session, seat: Seat, names: _Names) -> Iterable[Json]:
    chosen = select(Agreement).where(Agreement.alliance_id == seat.alliance.id)
    for agreement in session.exec(chosen.order_by(col(Agreement.id))):
        yield {
            "kind": agreement.kind,
            "terms": _terms(agreement),
            "proposed_by": names.person(agreement.proposed_by),
            "proposed_at": _instant(agreement.proposed_at),
            "state": agreement.state,
            "ended_at": _instant(agreement.ended_at),
            "reason": agreement.reason,
            "presses": [
                {
                    "firm": names.firm(press.side_id),
                    "who": names.person(press.person_id),
                    "at": _instant(press.at),
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


def _csv(rows: list[Json]) -> bytes:
    """One item a line, for a spreadsheet: with the mark by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([safe_cell(_cell(row[name])) for name in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_line(one) if isinstance(one, dict) else str(one) for one in value)
    return "" if value is None else str(value)


def _line(entry: Json) -> str:
    after = ", ".join(f"{key}: {value}" for key, value in entry["after"].items() if value)
    said = f"{entry['at']} {entry['who'] or 'Alliance'} {entry['what']}"
    return f"{said} ({after})" if after else said


def safe_cell(text: str) -> str:
    """What a spreadsheet would calculate is kept as the words it is."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _json(content: Json) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
