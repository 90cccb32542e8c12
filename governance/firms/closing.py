"""An alliance that its firms have closed, or taken up again.

Closing is one transaction: from then on nothing is recorded (`history.check_open`), what waited to
be said is not said, and everything stays readable. A firm's press is `agreements`' business.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from governance import history
from governance.errors import Stale
from governance.items import action_item_news
from governance.messages import outbox
from governance.people import members
from storage.tables import Alliance, Card, Outbox, Person

CLOSED = "the alliance is closed"
GOES_ON = tuple(
    kind.name
    for kind in (outbox.CARD, outbox.EDIT, outbox.FILE, outbox.FILE_AGAIN, outbox.FILE_REFUSED)
)
"""What brings messages up to date goes on, and what somebody asked to take along."""


def close(session: Session, alliance: Alliance, *, by: Person, now: datetime) -> None:
    """Raises Stale when it is closed already."""
    if alliance.closed_at is not None:
        raise Stale(f"{alliance.name} is closed already.")
    _note(session, alliance, "closed", by, now)
    alliance.closed_at = now
    session.add(alliance)
    about_it = (col(Outbox.alliance_id) == alliance.id, ~col(Outbox.kind).in_(GOES_ON))
    outbox.cancel(session, *about_it, why=CLOSED, now=now)
    _redraw(session, alliance, now=now)


def reopen(session: Session, alliance: Alliance, *, by: Person, now: datetime) -> None:
    """Reminders go on from today. Raises Stale when it is not closed."""
    if alliance.closed_at is None:
        raise Stale(f"{alliance.name} is open already.")
    alliance.closed_at = None
    session.add(alliance)
    _note(session, alliance, "reopened", by, now)
    _redraw(session, alliance, now=now)


def _note(session: Session, alliance: Alliance, what: str, by: Person, now: datetime) -> None:
    history.note(
        session,
        alliance_id=alliance.id,
        record="alliance",
        record_id=alliance.id,
        what=what,
        by=by.id,
        now=now,
    )


def _redraw(session: Session, alliance: Alliance, *, now: datetime) -> None:
    """The pinned card, and everybody's Home."""
    session.flush()
    pinned = select(Card).where(Card.alliance_id == alliance.id, Card.kind == "alliance")
    action_item_news.refresh_cards(session, session.exec(pinned).all(), now=now)
    for _, person, _ in members.members(session, alliance.id, now=now):
        action_item_news.refresh_home(session, person, now=now)
