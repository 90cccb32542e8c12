"""Files that a platform hands over only when the person allows it: each is answered once, by
whom it was made for, and what was answered is kept with the message that offered it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select

from storage.tables import Outbox

ANSWERED = "answered"
UNDER_WAY = timedelta(minutes=2)
"""For which a file that is being handed over is not handed over again; its process may be gone."""

Answer = Literal["begun", "taken", "failed", "declined"]
Standing = Literal["open", "under way", "answered"]


def find(session: Session, reader_ids: Collection[int], token: str) -> Outbox | None:
    """The message that made one of these people an offer; None for anybody else, and for one
    whose content is kept no more."""
    chosen = select(Outbox).where(
        col(Outbox.person_id).in_(reader_ids),
        col(Outbox.state).in_(("pending", "sending", "sent")),
        Outbox.token == token,
    )
    row = session.exec(chosen.with_for_update()).first()
    return row if row is not None and row.facts else None


def standing(row: Outbox, part: str, *, now: datetime) -> Standing:
    """Whether this file may still be answered."""
    told = row.facts.get(ANSWERED, {}).get(part)
    if told is None:
        return "open"
    if told["how"] != "begun":
        return "answered"
    since = now - datetime.fromisoformat(told["at"])
    return "open" if since > UNDER_WAY else "under way"


def note(session: Session, row: Outbox, part: str, how: Answer, *, now: datetime) -> None:
    """Keep what was answered. The row must be locked: the answers to all its files are in one
    column."""
    told = row.facts.get(ANSWERED, {}) | {part: {"how": how, "at": now.isoformat()}}
    row.facts = row.facts | {ANSWERED: told}
    session.add(row)
