"""The append-only account of every record: who, when, what, before and after.

Whatever changes an alliance has its line here, so this is also the gate that keeps a closed one as
it was left.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlmodel import Session, col, select

from governance.errors import NotAllowed
from storage.tables import Alliance, HistoryEntry

GOES_ON = ("member", "side", "agreement")
"""What still changes in a closed alliance: who belongs to it, and what its firms agree on."""

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
    what changed, days as ISO text. Raises NotAllowed where somebody would change a record of an
    alliance that is closed."""
    if by is not None and record not in GOES_ON:
        check_open(session.get_one(Alliance, alliance_id))
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


def check_open(alliance: Alliance) -> None:
    """Raises NotAllowed for an alliance that its firms have closed."""
    if alliance.closed_at is not None:
        raise NotAllowed(
            f"{alliance.name} was closed on {closing_day(alliance)}. Everything stays readable; "
            "nothing new is recorded. Its alliance managers can `reopen` it."
        )


def closing_day(alliance: Alliance) -> str:
    """The day it was closed, by the alliance's own clock: Fri 27 Nov 2026."""
    assert alliance.closed_at is not None
    at = alliance.closed_at.astimezone(ZoneInfo(alliance.zone))
    return f"{at:%a} {at.day} {at:%b} {at.year}"


def of(session: Session, record: str, record_id: int) -> list[HistoryEntry]:
    """Everything that happened to a record, oldest first."""
    chosen = select(HistoryEntry).where(
        HistoryEntry.record == record, HistoryEntry.record_id == record_id
    )
    return list(session.exec(chosen.order_by(col(HistoryEntry.id))))
