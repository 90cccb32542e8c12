"""The account of what was put before somebody at their own asking, so that "who saw this?" has an
answer. What the sender delivers it keeps itself; neither keeps what was said."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from storage.tables import Conversation, Delivery, Person

_ADD = insert(Delivery)


def note_shown(
    session: Session,
    record: str,
    record_ids: Iterable[int],
    *,
    to: Person,
    where: Conversation | None,
    installation_id: int,
    now: datetime,
) -> None:
    """Keep that these records were shown to somebody, privately."""
    rows = [
        {
            "installation_id": installation_id,
            "kind": "shown",
            "record": record,
            "record_id": record_id,
            "person_id": to.id,
            "conversation_id": where.id if where is not None else None,
            "unprompted": False,
            "at": now,
        }
        for record_id in record_ids
    ]
    if rows:
        session.connection().execute(_ADD, rows)
