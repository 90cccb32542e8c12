"""Reactions to a pulse's message, as the platform tells of them: in any order, more than once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, bindparam, case, func, null, select
from sqlmodel import Session, col

from governance import visibility
from governance.trust import results, tally
from storage.queries import merge
from storage.tables import Card, Conversation, Member, Person, Workspace
from storage.trust_tables import Pulse, PulseReaction

KEY = ("pulse_id", "card_id", "account_id", "value")

Kept = Literal["kept", "changed", "elsewhere", "stranger"]
"""Kept, or nothing to keep any more; what was published may have changed; on another message than
a pulse's; of somebody who has no place yet or has not acted here, which an act sees to."""


@dataclass(frozen=True)
class Reacted:
    """An emoji of the scale put on a message, or taken away. `at`: a stamp (see `tally`)."""

    channel: str
    ts: str
    user_id: str
    value: int
    present: bool
    at: str


# Asked for every emoji of the scale on whatever message; put together once.
_MESSAGE = (
    col(Card.ts) == bindparam("ts"),
    col(Conversation.external_id) == bindparam("channel"),
    col(Conversation.installation_id) == bindparam("installation_id"),
)
_IS_SHOWN_ON = col(Pulse.card_id) == func.coalesce(col(Card.mirror_of), col(Card.id))
_IS_WHERE = col(Conversation.id) == col(Card.conversation_id)
_WHO = and_(
    col(Person.workspace_id) == col(Workspace.id), col(Person.user_id) == bindparam("user_id")
)
_PLACE = and_(
    col(Member.alliance_id) == col(Pulse.alliance_id),
    col(Member.person_id) == func.coalesce(col(Person.joined_to_id), col(Person.id)),
    visibility.has_a_place(bindparam("today")),
)
_HERE: Any = (
    select(
        col(Pulse.id),
        col(Pulse.state),
        col(Pulse.closes_at),
        col(Card.id).label("card_id"),
        col(Person.id).label("account_id"),
        col(Member.acted_at),
    )
    .select_from(Card)
    .join(Conversation, _IS_WHERE)
    .join(Pulse, _IS_SHOWN_ON)
    .outerjoin(Workspace, col(Workspace.installation_id) == bindparam("installation_id"))
    .outerjoin(Person, _WHO)
    .outerjoin(Member, _PLACE)
    .where(*_MESSAGE)
    .order_by(col(Person.id).is_(None))
    .limit(1)
)


def note(session: Session, installation_id: int, what: Reacted, *, now: datetime) -> Kept:
    """Keep a reaction of somebody who takes part already; of a stranger nothing is kept here."""
    asked = {
        "installation_id": installation_id,
        "channel": what.channel,
        "ts": what.ts,
        "user_id": what.user_id,
        "today": now.date(),
    }
    found = session.connection().execute(_HERE, asked).first()
    if found is None:
        return "elsewhere"
    pulse_id, state, closes_at, card_id, account_id, acted_at = found
    if state not in results.COUNTED:
        return "kept"
    if account_id is None or acted_at is None:
        return "stranger"
    _keep(session, (pulse_id, card_id, account_id), what, tally.stamp(closes_at))
    if state == "closed":
        results.correct(session, session.get_one(Pulse, pulse_id), now=now)
        return "changed"
    return "kept"


def record_reaction(
    session: Session, pulse: Pulse, card: Card, account: Person, what: Reacted, *, now: datetime
) -> None:
    """Keep a reaction to a pulse, whoever's it is: whom it counts for is seen when it closes."""
    if pulse.state not in results.COUNTED:
        return
    _keep(session, (pulse.id, card.id, account.id), what, tally.stamp(pulse.closes_at))
    if pulse.state == "closed":
        results.correct(session, pulse, now=now)


def _keep(session: Session, whose: tuple[int, int, int], what: Reacted, closes: str) -> None:
    pulse_id, card_id, account_id = whose
    late = what.at > closes
    row = {
        "pulse_id": pulse_id,
        "card_id": card_id,
        "account_id": account_id,
        "value": what.value,
        "present": what.present and not late,
        "at": tally.UNSEEN if late else what.at,
        "late": late,
    }
    merge(session, PulseReaction, row, unique=KEY, changed=_was_late if late else _newest)


def _newest(event: Any) -> dict[str, Any]:
    """As `tally.Mark.after`, in the database."""
    at, present = col(PulseReaction.at), col(PulseReaction.present)
    contradicts = and_(event.at == at, event.present.is_distinct_from(present))
    return {
        "present": case((event.at > at, event.present), (contradicts, null()), else_=present),
        "at": case((event.at > at, event.at), else_=at),
    }


def _was_late(event: Any) -> dict[str, Any]:
    return {"late": event.late}


def _was_read(event: Any) -> dict[str, Any]:
    return {"read": event.read}


def note_read(session: Session, pulse: Pulse, card_id: int, there: set[tuple[int, int]]) -> None:
    """Keep which emoji were on a message when it was read again, by account and value."""
    chosen = select(col(PulseReaction.account_id), col(PulseReaction.value)).where(
        col(PulseReaction.pulse_id) == pulse.id, col(PulseReaction.card_id) == card_id
    )
    seen = {(account, value) for account, value in session.connection().execute(chosen)}
    for account_id, value in sorted(seen | there):
        row = {
            "pulse_id": pulse.id,
            "card_id": card_id,
            "account_id": account_id,
            "value": value,
            "present": False,
            "at": tally.UNSEEN,
            "read": (account_id, value) in there,
            "late": False,
        }
        merge(session, PulseReaction, row, unique=KEY, changed=_was_read)
