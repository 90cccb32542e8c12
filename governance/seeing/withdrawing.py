"""Emptying what the bot wrote to people who may not read it any more: a record was taken back, or
they left.

A message that is edited is made anew from the state of that moment; what has nothing left to show
becomes a short neutral line without buttons. Whispers and open forms are out of reach.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast
from sqlmodel import Session, col, or_, select

from governance.messages import outbox
from governance.seeing.receipts import SHOWN
from storage.tables import Delivery, Draft, Outbox

TURNING = (r"\"act\":\"list.", r"\"act\":\"home.", r"\"act\":\"ask.")
"""Buttons of answers whose press puts something else in the answer's place."""


def withdraw(session: Session, row: Outbox, *, now: datetime) -> None:
    """Let a direct message show only what its reader may still read."""
    outbox.put(
        session,
        outbox.EDIT,
        {"outbox": row.id, "withdrawn": True},
        key=_key(row),
        installation_id=row.installation_id,
        alliance_id=row.alliance_id,
        person_id=row.person_id,
        now=now,
    )


def _key(row: Outbox) -> str:
    return f"withdraw:{row.id}"


def is_withdrawn(session: Session, row: Outbox) -> bool:
    """Whether a message is to be emptied that is not even sent."""
    chosen = select(Outbox.id).where(
        col(Outbox.state).in_(("pending", "sending")), Outbox.dedup_key == _key(row)
    )
    return session.exec(chosen).first() is not None


def from_people(
    session: Session,
    record: tuple[str, int],
    names: Sequence[str],
    person_ids: Sequence[int],
    *,
    now: datetime,
) -> int:
    """Take a record out of every direct message to these people; returns how many there are.
    `names`: what else answers may call it."""
    shown = _answers_to(session, _shown(session, record, person_ids))
    rows = [*_sent(session, record, person_ids), *shown, *_naming(session, names, person_ids)]
    there = {row.id: row for row in rows if row.state != "sent" or row.ts is not None}
    for row in there.values():
        withdraw(session, row, now=now)
    _drop_drafts(session, names, person_ids)
    return len(there)


def _sent(session: Session, record: tuple[str, int], person_ids: Sequence[int]) -> list[Outbox]:
    """What was sent to them with this record in it, and whatever is on its way: it may have it."""
    shows_it = select(Delivery.outbox_id).where(
        Delivery.record == record[0],
        Delivery.record_id == record[1],
        col(Delivery.person_id).in_(person_ids),
    )
    chosen = select(Outbox).where(
        col(Outbox.person_id).in_(person_ids),
        Outbox.kind != outbox.EDIT.name,
        or_(
            (col(Outbox.state) == "sent") & col(Outbox.id).in_(shows_it),
            col(Outbox.state) == "sending",
        ),
    )
    return list(session.exec(chosen))


def _shown(session: Session, record: tuple[str, int], person_ids: Sequence[int]) -> list[Delivery]:
    """When it was put before them at their own asking."""
    chosen = select(Delivery).where(
        Delivery.kind == SHOWN,
        Delivery.record == record[0],
        Delivery.record_id == record[1],
        col(Delivery.person_id).in_(person_ids),
    )
    return list(session.exec(chosen))


def _answers_to(session: Session, shown: list[Delivery]) -> list[Outbox]:
    """The answers in which it was put before them: put down at the same instant; or turned to it
    later by one of their buttons."""
    found: list[Outbox] = []
    for person_id in {one.person_id for one in shown}:
        moments = {one.at for one in shown if one.person_id == person_id}
        answers = select(Outbox).where(
            Outbox.kind == outbox.ANSWER.name,
            Outbox.person_id == person_id,
            or_(col(Outbox.created_at).in_(moments), _has(Outbox.facts, TURNING)),
            col(Outbox.created_at) <= max(moments),
        )
        found += session.exec(answers)
    return found


def _naming(session: Session, names: Sequence[str], person_ids: Sequence[int]) -> list[Outbox]:
    """Answers that call it by name: a refusal keeps no account of what it spoke of."""
    chosen = select(Outbox).where(
        Outbox.kind == outbox.ANSWER.name,
        col(Outbox.person_id).in_(person_ids),
        _has(Outbox.facts, names),
    )
    return [row for row in session.exec(chosen) if _names(row.facts, names)]


def _drop_drafts(session: Session, names: Sequence[str], person_ids: Sequence[int]) -> None:
    """Forms about it that wait behind a button."""
    chosen = select(Draft).where(col(Draft.person_id).in_(person_ids), _has(Draft.args, names))
    for draft in session.exec(chosen):
        if _names(draft.args, names):
            session.delete(draft)


def _has(column: Any, parts: Sequence[str]) -> ColumnElement[bool]:
    kept = cast(col(column), String)
    return or_(*(kept.contains(part, autoescape=True) for part in parts))


def _names(kept: Any, names: Sequence[str]) -> bool:
    """HEL-1 is not HEL-12."""
    return any(re.search(rf"{re.escape(name)}(?![\w-])", str(kept)) for name in names)
