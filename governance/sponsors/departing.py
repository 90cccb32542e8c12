"""Somebody sponsors no more: what waits for them as one is not said, and the buttons they hold as
one are taken away."""

from datetime import datetime, timedelta

from sqlalchemy import and_
from sqlmodel import Session, col, or_, select

from governance.messages import outbox
from storage.sponsor_tables import SponsorNudge, SponsorSeat
from storage.tables import Outbox

BUTTONS_LAST = timedelta(days=60)
"""How old a message may be whose buttons are taken away; older ones only refuse."""

MESSAGES_CLOSED = 50
LEFT = "the seat was left"


def close(session: Session, seat: SponsorSeat, *, now: datetime) -> None:
    """For the sponsor and their assistant. A message about several alliances is made when it is
    sent, and says nothing of this one then."""
    about = select(SponsorNudge.id).where(SponsorNudge.seat_id == seat.id)
    passed = col(Outbox.dedup_key).in_([f"sponsor_passed:{one}" for one in session.exec(about)])
    theirs = or_(
        and_(col(Outbox.person_id) == seat.person_id, col(Outbox.kind).in_(outbox.TO_SPONSORS)),
        and_(col(Outbox.person_id) == seat.assistant_id, passed),
    )
    outbox.cancel(session, theirs, col(Outbox.alliance_id) == seat.alliance_id, why=LEFT, now=now)
    sent = select(Outbox).where(
        theirs,
        Outbox.state == "sent",
        col(Outbox.ts).is_not(None),
        col(Outbox.finished_at) > now - BUTTONS_LAST,
        or_(col(Outbox.alliance_id).is_(None), Outbox.alliance_id == seat.alliance_id),
    )
    for row in session.exec(sent.order_by(col(Outbox.id).desc()).limit(MESSAGES_CLOSED)):
        outbox.show_anew(session, row, now=now, about=seat.alliance_id)
