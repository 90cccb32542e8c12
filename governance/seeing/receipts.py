"""The account of what was put before whom, so that "who saw this?" has an answer: never what it
said, but who, where, when, and the workspaces whose people could read along."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from governance.people import directory
from storage.tables import Conversation, Delivery, Person

SHOWN = "shown"
"""Put before somebody at their own asking; what the sender sends has its outbox row's kind."""

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
    note(
        session,
        [(record, record_id) for record_id in record_ids],
        kind=SHOWN,
        to=to,
        where=where,
        installation_id=installation_id,
        now=now,
    )


def note(
    session: Session,
    records: Iterable[tuple[str, int]],
    *,
    kind: str,
    to: Person | None,
    where: Conversation | None,
    installation_id: int,
    now: datetime,
    outbox_id: int | None = None,
    unprompted: bool = False,
) -> None:
    """Keep that records were shown to one person (`to`), or to everybody in a conversation. One
    message counts once against the person's two a day, however many records it shows."""
    could_read = _team_ids(session, to, where)
    rows = [
        {
            "installation_id": installation_id,
            "outbox_id": outbox_id,
            "kind": kind,
            "record": record,
            "record_id": record_id or None,
            "person_id": to.id if to is not None else None,
            "conversation_id": where.id if where is not None else None,
            "unprompted": unprompted and at == 0,
            "team_ids": could_read,
            "at": now,
        }
        for at, (record, record_id) in enumerate(records)
    ]
    if rows:
        session.connection().execute(_ADD, rows)


def _team_ids(session: Session, to: Person | None, where: Conversation | None) -> str:
    if to is not None:
        return directory.team_of(session, to)
    return where.team_ids if where is not None else ""
