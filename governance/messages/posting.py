"""The outbox from the sender's side: rows are claimed under a lease, and how each ended is kept."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, String, bindparam, cast, exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from governance.messages import outbox, untold
from governance.seeing import receipts, withdrawing
from storage.tables import Card, Conversation, Delivery, InboundReceipt, Outbox, Person

LEASE = timedelta(seconds=60)
TRIES = 100
"""About a day; an outage of the platform is no reason to lose what was acknowledged."""

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
DOUBLINGS = 10
CONTENT_KEPT = timedelta(days=30)
RECEIPTS_KEPT = timedelta(days=400)
REQUESTS_KEPT = timedelta(days=7)
PURGED_AT_ONCE = 2000
NO_RECORD = (("", 0),)
"""A message that shows none is accounted for all the same."""

Ending = Literal["sent", "cancelled", "held", "dead", "later", "uncertain"]

_TWIN = aliased(Outbox)
_TWIN_IS_BEING_SENT = exists().where(
    col(_TWIN.dedup_key) == col(Outbox.dedup_key), col(_TWIN.state) == "sending"
)
"""The same message is on its way from another process: this one, put down meanwhile, follows."""

# Asked after every act, mostly for nothing.
_LAPSED = (
    select(Outbox)
    .where(Outbox.state == "sending", col(Outbox.lease_until) <= bindparam("now"))
    .with_for_update(skip_locked=True)
)
_DUE = (
    select(Outbox)
    .where(Outbox.state == "pending", col(Outbox.not_before) <= bindparam("now"))
    .where(~_TWIN_IS_BEING_SENT)
    .order_by(col(Outbox.not_before), col(Outbox.id))
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True)
class Outcome:
    """How sending a row ended. `later` and `uncertain` come up again, at `again_at` or after a
    growing wait; `uncertain` means that the message may exist, `tried` that it counts towards
    giving up. `ts` without `sent` tells what of it is there."""

    row_id: int
    ending: Ending
    channel: str | None = None
    ts: str | None = None
    error: str = ""
    again_at: datetime | None = None
    tried: bool = False
    records: tuple[tuple[str, int], ...] = ()
    unprompted: bool = False
    direct: bool = False


def claim(session: Session, *, now: datetime, limit: int) -> list[Outbox]:
    """Take up to `limit` rows that are due, oldest first; nobody else has them meanwhile."""
    _revive(session, now=now)
    rows = list(session.exec(_DUE, params={"now": now, "most": limit}))
    for row in rows:
        row.state, row.lease_until, row.attempts = "sending", now + LEASE, row.attempts + 1
        session.add(row)
    return rows


def _revive(session: Session, *, now: datetime) -> None:
    """Rows whose sender died: it is uncertain whether their message exists."""
    for row in session.exec(_LAPSED, params={"now": now}):
        row.uncertain = True
        _put_back(session, row, now=now, at=now)


def _put_back(session: Session, row: Outbox, *, now: datetime, at: datetime) -> None:
    """Wait again, unless the same message was put down anew meanwhile: that one carries it."""
    twin = select(Outbox.id).where(Outbox.dedup_key == row.dedup_key, Outbox.state == "pending")
    if session.exec(twin).first() is not None:
        _end(row, "cancelled", outbox.PUT_DOWN_ANEW, now=now)
    else:
        row.state, row.not_before, row.lease_until = "pending", at, None
    session.add(row)
    session.flush()


def finish(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Keep how each row ended, and who got what, where and when."""
    for outcome in outcomes:
        row = session.get_one(Outbox, outcome.row_id)
        if row.state != "sending":
            continue
        if outcome.ts is not None:
            row.channel, row.ts = outcome.channel, outcome.ts
            if outcome.ending != "sent":
                _account(session, row, outcome, now=now)
        if outcome.ending == "sent":
            _sent(session, row, outcome, now=now)
        elif outcome.ending in ("later", "uncertain"):
            _again(session, row, outcome, now=now)
        elif outcome.ending == "held":
            row.state, row.lease_until = "held", None
        else:
            _end(row, outcome.ending, outcome.error, now=now)
            _unreached(session, row, outcome)
        session.add(row)
        if row.state in ("cancelled", "dead"):
            untold.ended_unsent(session, row, now=now)
            if row.ts is not None:
                withdrawing.withdraw(session, row, now=now)


def _again(session: Session, row: Outbox, outcome: Outcome, *, now: datetime) -> None:
    row.error = outcome.error
    row.uncertain = row.uncertain or outcome.ending == "uncertain"
    if outcome.again_at is not None and not outcome.tried:
        row.attempts -= 1
    elif row.attempts >= TRIES:
        _end(row, "dead", outcome.error, now=now)
        return
    _put_back(session, row, now=now, at=outcome.again_at or now + backoff(row.attempts))


def backoff(attempts: int) -> timedelta:
    """Twice as long each time, up to a quarter of an hour, and a little apart from others."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(0, attempts - 1), DOUBLINGS)
    return min(doubled, LONGEST_WAIT) * random.uniform(0.8, 1.2)


def _end(row: Outbox, state: str, error: str, *, now: datetime) -> None:
    row.state, row.error, row.finished_at, row.lease_until = state, error, now, None


def _sent(session: Session, row: Outbox, outcome: Outcome, *, now: datetime) -> None:
    _end(row, "sent", "", now=now)
    row.channel, row.ts = outcome.channel, outcome.ts
    if row.kind == outbox.CARD.name:
        _keep_card(session, row, outcome, now=now)
    person = session.get(Person, row.person_id) if row.person_id else None
    if person is not None and outcome.direct:
        _reached(session, session.get_one(Person, outbox.account_of(row)), outcome)
    _account(session, row, outcome, now=now)


def _account(session: Session, row: Outbox, outcome: Outcome, *, now: datetime) -> None:
    """What is there of a message has been shown, be it all or its beginning."""
    person = session.get(Person, row.person_id) if row.person_id else None
    place = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    receipts.note(
        session,
        outcome.records or NO_RECORD,
        kind=row.kind,
        to=person,
        where=place,
        installation_id=row.installation_id,
        outbox_id=row.facts["outbox"] if row.kind == outbox.EDIT.name else row.id,
        unprompted=outcome.unprompted,
        now=now,
    )


def _reached(session: Session, person: Person, outcome: Outcome) -> None:
    """Written only where it is news: two senders would wait for each other in these rows."""
    if (person.reach, person.dm_channel) != ("reached", outcome.channel):
        person.reach, person.dm_channel = "reached", outcome.channel
        session.add(person)


def _keep_card(session: Session, row: Outbox, outcome: Outcome, *, now: datetime) -> None:
    card = session.get_one(Card, row.facts["card"])
    card.channel, card.ts, card.edited_at = outcome.channel, outcome.ts, now
    session.add(card)


def _unreached(session: Session, row: Outbox, outcome: Outcome) -> None:
    if outcome.ending == "dead" and outcome.direct and row.person_id is not None:
        person = session.get_one(Person, outbox.account_of(row))
        person.reach = "unreachable"
        session.add(person)


def next_due(session: Session) -> datetime | None:
    """When the next waiting row may go out, or a lease lapses (UTC)."""
    waiting = select(Outbox.not_before).where(Outbox.state == "pending", ~_TWIN_IS_BEING_SENT)
    leased = select(Outbox.lease_until).where(Outbox.state == "sending")
    first = session.exec(waiting.order_by(col(Outbox.not_before)).limit(1)).first()
    lapse = session.exec(leased.order_by(col(Outbox.lease_until)).limit(1)).first()
    return min((at for at in (first, lapse) if at is not None), default=None)


def purge(session: Session, *, now: datetime) -> bool:
    """Empty what was sent of its content after 30 days; drop receipts of requests after a week
    and of deliveries after 400 days. A bounded number of each, since others wait meanwhile;
    returns whether there may be more."""
    ended = col(Outbox.state).in_(("sent", "cancelled", "dead"))
    at, full = col(Outbox.finished_at), cast(col(Outbox.facts), String) != "{}"
    content = _some(col(Outbox.id), ended, at < now - CONTENT_KEPT, full)
    requests = _some(col(InboundReceipt.key), col(InboundReceipt.at) < now - REQUESTS_KEPT)
    receipts = _some(col(Delivery.id), col(Delivery.at) < now - RECEIPTS_KEPT)
    rows = _some(col(Outbox.id), ended, at < now - RECEIPTS_KEPT)
    run = session.connection().execute
    done = (
        run(update(Outbox).where(col(Outbox.id).in_(content)).values(facts={})),
        run(delete(InboundReceipt).where(col(InboundReceipt.key).in_(requests))),
        run(delete(Delivery).where(col(Delivery.id).in_(receipts))),
        run(delete(Outbox).where(col(Outbox.id).in_(rows))),
    )
    return any(one.rowcount >= PURGED_AT_ONCE for one in done)


def _some(key: Any, *where: ColumnElement[bool]) -> Any:
    return select(key).where(*where).limit(PURGED_AT_ONCE)
