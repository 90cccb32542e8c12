"""Whom the bot may write to by itself, and whether a firm keeps records of its own here.

Nobody of a firm is enrolled behind its back: until its alliance manager has looked at who is on its
side and pressed *Looks right*, the bot writes only to those of its people who acted themselves;
everybody else hears in the shared channel. And nothing of one firm alone is recorded before its
alliance manager has read who stores it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from governance import visibility
from storage.tables import Member, Side


def note_acted(session: Session, member: Member, *, now: datetime) -> None:
    """Somebody did something here themselves: from now on they may be written to."""
    if member.acted_at is None:
        member.acted_at = now
        session.add(member)


def may_be_written_to(session: Session, alliance_id: int, person_id: int, *, now: datetime) -> bool:
    """Whether the bot may write to a person directly about an alliance, unasked."""
    seat = visibility.current_seat(session, alliance_id, person_id, now=now)
    return seat is not None and (seat[0].acted_at is not None or seat[1].checked_at is not None)


def quiet_alliances(
    session: Session, person_ids: Iterable[int], *, now: datetime
) -> dict[int, frozenset[int]]:
    """For each of these people the alliances of which nothing is said to them unasked; people
    without any are left out."""
    rows = session.exec(
        select(Member.person_id, Member.alliance_id)
        .join(Side, col(Side.id) == Member.side_id)
        .where(
            col(Member.person_id).in_(list(person_ids)),
            visibility.has_a_place(now.date()),
            col(Member.acted_at).is_(None),
            col(Side.checked_at).is_(None),
        )
    )
    found: dict[int, set[int]] = {}
    for person_id, alliance_id in rows:
        found.setdefault(person_id, set()).add(alliance_id)
    return {person_id: frozenset(alliances) for person_id, alliances in found.items()}
