"""What the bot will do next by itself, for the page of the local Slack."""

from sqlmodel import Session, col, select

from playground.coming import Coming
from storage.sponsor_tables import SponsorSeat
from storage.tables import Outbox, Person

DAILY = "daily message, if there is something to say"
SPONSORS = "a sponsor's week is looked at"
WAITING = "a message that waits for their working hours"


def coming(session: Session, limit: int) -> list[Coming]:
    """Daily messages and what waits for somebody, the nearest first."""
    rows = [*_daily(session, limit), *_sponsors(session, limit), *_waiting(session, limit)]
    return sorted(rows, key=lambda row: row.at)[:limit]


def _daily(session: Session, limit: int) -> list[Coming]:
    chosen = (
        select(Person.next_digest_at, Person.user_id)
        .where(col(Person.next_digest_at).is_not(None), col(Person.reminders_on))
        .where(col(Person.gone_at).is_(None))
        .order_by(col(Person.next_digest_at), col(Person.id))
        .limit(limit)
    )
    return [Coming(at, DAILY, user) for at, user in session.exec(chosen) if at is not None]


def _sponsors(session: Session, limit: int) -> list[Coming]:
    chosen = (
        select(SponsorSeat.next_at, Person.user_id)
        .join(Person, col(Person.id) == SponsorSeat.person_id)
        .where(col(SponsorSeat.next_at).is_not(None))
        .order_by(col(SponsorSeat.next_at), col(SponsorSeat.id))
        .limit(limit)
    )
    return [Coming(at, SPONSORS, user) for at, user in session.exec(chosen) if at is not None]


def _waiting(session: Session, limit: int) -> list[Coming]:
    chosen = (
        select(Outbox.not_before, Person.user_id)
        .join(Person, col(Person.id) == Outbox.person_id)
        .where(Outbox.state == "pending")
        .order_by(col(Outbox.not_before), col(Outbox.id))
        .limit(limit)
    )
    return [Coming(at, WAITING, user) for at, user in session.exec(chosen)]
