"""The append-only account of every record: who, when, what, before and after."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import HistoryEntry


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
    """Add one line. `before` and `after` hold what changed, days as ISO text."""
    session.add(
        HistoryEntry(
            alliance_id=alliance_id,
            record=record,
            record_id=record_id,
            at=now,
            person_id=by,
            what=what,
            before=before or {},
            after=after or {},
        )
    )


def of(session: Session, record: str, record_id: int) -> list[HistoryEntry]:
    """Everything that happened to a record, oldest first."""
    chosen = select(HistoryEntry).where(
        HistoryEntry.record == record, HistoryEntry.record_id == record_id
    )
    return list(session.exec(chosen.order_by(col(HistoryEntry.id))))
