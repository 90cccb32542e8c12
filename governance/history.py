"""The append-only account of every record: who, when, what, before and after."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from storage.tables import HistoryEntry

_ADD = insert(HistoryEntry)


def note(
    session: Session,
    *,
    alliance_id: int,
    record: str,
    record_id: int,
    what: str,
    by: int | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one line; the alliance and the person are stored already. `before` and `after` hold
    what changed, days as ISO text."""
    line = {
        "alliance_id": alliance_id,
        "record": record,
        "record_id": record_id,
        "at": now,
        "person_id": by,
        "what": what,
        "before": before or {},
        "after": after or {},
    }
    session.connection().execute(_ADD, line)


def of(session: Session, record: str, record_id: int) -> list[HistoryEntry]:
    """Everything that happened to a record, oldest first."""
    chosen = select(HistoryEntry).where(
        HistoryEntry.record == record, HistoryEntry.record_id == record_id
    )
    return list(session.exec(chosen.order_by(col(HistoryEntry.id))))
