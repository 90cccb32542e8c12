"""What an alliance manager takes along: everything the gate lets them read, as CSV and JSON.

What every firm may read and what is one firm's own are never in the same file, and each file's
name says which it holds, so that nobody passes on by mistake what only their firm may read. What
another firm keeps for itself (its own items, what it snoozed, when somebody of it will leave) is
in none of them.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from governance import visibility
from governance.items import action_item_history
from governance.items.action_item_history import NO_FIRM
from governance.people.members import Seat
from governance.seeing import export_rows, export_sponsors
from governance.seeing.export_rows import ALL_FIRMS, Json, Kept, Names
from storage.tables import ActionItem, HistoryEntry

FORMAT = "alliance-export/1"
"""Raised when a name or meaning changes; see docs/export.md."""

COLUMNS = (
    "reference", "text", "status", "owner", "owner_firm", "proposer", "proposer_firm", "due",
    "created", "closed", "closed_reason", "helpers", "waiting_for", "suggested_due", "seen_by",
    "source", "quote", "history",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins so for something to calculate."""

Sentence = Callable[[HistoryEntry], str]
"""Says a history entry in words, for people who read a spreadsheet."""


@dataclass(frozen=True)
class File:
    """`part`: which of its message's files it is, whatever it is called when it is made anew; its
    name where that stays. `records`: what is in it, noun and id, for the account of who saw it."""

    name: str
    data: bytes
    part: str = ""
    records: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> str:
        return self.part or self.name


@dataclass(frozen=True)
class Export:
    """Files for everybody, files for one firm (none where it keeps nothing of its own), and the
    items that were found for them."""

    shared: tuple[File, ...]
    own: tuple[File, ...]
    items: tuple[int, ...]


def make(session: Session, seat: Seat, *, sentence: Sentence, now: datetime) -> Export:
    """Everything this person may read, as it is now."""
    found = items(session, seat)
    joint = visibility.joint_audience(session, seat.alliance.id).id
    shared = [item for item in found if item.audience_id == joint]
    own = [item for item in found if item.audience_id != joint]
    return Export(
        _shared_files(session, seat, shared, sentence, now=now),
        () if seat.member.stated else _own_files(session, seat, own, shared, sentence, now=now),
        tuple(item.id for item in found),
    )


def _shared_files(
    session: Session, seat: Seat, found: list[ActionItem], sentence: Sentence, *, now: datetime
) -> tuple[File, ...]:
    names = Names(session)
    kept = [Kept(one, action_item_history.read_by(session, one, NO_FIRM)) for one in found]
    rows = [export_rows.item_row(session, seat, one, names) for one in kept]
    content = {
        **_head(ALL_FIRMS, now),
        "alliance": export_rows.settings(session, seat),
        "people": list(export_rows.people(session, seat, now=now)),
        "action_items": rows,
        "agreements": list(export_rows.agreement_rows(session, seat, names)),
        "sponsors": list(export_sponsors.seats(session, seat, names)),
        "sponsor_talks": list(export_sponsors.talks(session, seat, names)),
    }
    table, whole = _csv(rows, kept, sentence), _json(content)
    stem, records = f"{_stem(seat, now)}-all-firms", _records(seat, found)
    return (
        File(f"{stem}.csv", table, "all-firms.csv", records),
        File(f"{stem}.json", whole, "all-firms.json", records),
    )


def _own_files(
    session: Session,
    seat: Seat,
    found: list[ActionItem],
    shared: list[ActionItem],
    sentence: Sentence,
    *,
    now: datetime,
) -> tuple[File, ...]:
    names = Names(session)
    kept = [
        Kept(one, action_item_history.read_by_member(session, one, seat.member)) for one in found
    ]
    rows = [export_rows.item_row(session, seat, one, names) for one in kept]
    earlier = list(export_rows.earlier_history(session, seat, shared, names))
    holds = {
        "action_items": rows,
        "earlier_history": [row for _, row in earlier],
        "leaving": list(export_rows.leaving(session, seat, now=now)),
        "sponsor_terms": list(export_sponsors.terms(session, seat, names)),
        "sponsor_outcomes": list(export_sponsors.outcomes(session, seat, names)),
        "sponsor_asks": list(export_sponsors.asks(session, seat, names)),
    }
    if not any(holds.values()):
        return ()
    alliance = {"name": seat.alliance.name, "code": seat.alliance.code}
    content = {**_head(seat.side.firm, now), "alliance": alliance, **holds}
    table, whole = _csv(rows, kept, sentence), _json(content)
    stem, told = f"{_stem(seat, now)}-{_slug(seat.side.firm)}-only", [item for item, _ in earlier]
    return (
        File(f"{stem}.csv", table, "only.csv", _records(seat, found)),
        File(f"{stem}.json", whole, "only.json", _records(seat, found + told)),
    )


def _records(seat: Seat, found: list[ActionItem]) -> tuple[tuple[str, int], ...]:
    return (("alliance", seat.alliance.id), *(("action_item", item.id) for item in found))


def _head(firms: str, now: datetime) -> Json:
    return {"format": FORMAT, "exported_at": export_rows.instant(now), "exported_for": firms}


def _stem(seat: Seat, now: datetime) -> str:
    return f"{seat.alliance.code}-{now.date().isoformat()}"


def _slug(firm: str) -> str:
    """A firm's name as part of a file's: letters, digits and dashes, whatever it is written in."""
    plain = unicodedata.normalize("NFKD", firm).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "own"


def items(session: Session, seat: Seat) -> list[ActionItem]:
    """Every action item this person may read: joint ones first, each series by its numbers."""
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == seat.alliance.id,
        col(ActionItem.audience_id).in_(visibility.audiences_of(seat.member)),
    )
    return list(
        session.exec(chosen.order_by(col(ActionItem.series_side_id), col(ActionItem.number)))
    )


def _csv(rows: list[Json], kept: list[Kept], sentence: Sentence) -> bytes:
    """One item a line, for a spreadsheet: with the mark by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row, one in zip(rows, kept, strict=True):
        told = row | {"history": [sentence(entry) for entry in one.entries]}
        writer.writerow([safe_cell(_cell(told[name])) for name in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def safe_cell(text: str) -> str:
    """What a spreadsheet would calculate is kept as the words it is."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _json(content: Json) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()
