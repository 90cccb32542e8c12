"""What others should hear, put down in the same transaction as the change that caused it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from storage.queries import insert_new
from storage.tables import Outbox, new_token

Repeat = Literal["repeatable", "findable", "again"]


@dataclass(frozen=True)
class Kind:
    """How one kind of message is treated by the sender.

    `unprompted` messages count against the person's two a day. `repeat` says what to do when it is
    uncertain whether a message was posted: an edit is repeatable, a direct message is findable by
    its token, and anything else (an answer that was whispered in a channel, too) is sent again
    because a second copy harms less than none. `in_digest`: what can't go out by itself is read in
    the daily message; other kinds wait for the next working moment. `urgent` ones go out at once.
    `files`: it carries files, and where they are refused its reader is reached all the same.
    `introduces`: it is the first that somebody hears, and their own alliance manager sends it.
    """

    name: str
    repeat: Repeat
    unprompted: bool = False
    in_digest: bool = False
    urgent: bool = False
    files: bool = False
    introduces: bool = False


CARD = Kind("card", "again")
ANSWER = Kind("answer", "findable")
EDIT = Kind("edit", "repeatable")
HOME = Kind("home", "repeatable")
DECIDE = Kind("action_item.decide", "findable", unprompted=True, in_digest=True)
NEWS = Kind("action_item.news", "findable", unprompted=True, in_digest=True)
AGREEMENT_ASKED = Kind("agreement.asked", "findable", unprompted=True)
AGREEMENT_OUTCOME = Kind("agreement.outcome", "findable", unprompted=True)
DEPARTURE = Kind("departure.offered", "findable", unprompted=True)
FILE = Kind("file", "again", files=True)
FILE_AGAIN = Kind("file.again", "again", files=True)
FILE_REFUSED = Kind("file.refused", "findable")
PLACE_OPENED = Kind("place.opened", "findable", unprompted=True, urgent=True)
PLACE_OWN_AGAIN = Kind("place.own_again", "findable", unprompted=True)
DIGEST = Kind("digest", "findable", unprompted=True)
OWN_FIRM_ASKED = Kind("own_firm.asked", "findable", unprompted=True, urgent=True)
SIDE_NEWS = Kind("side.news", "findable", unprompted=True, in_digest=True)
SPONSOR_WELCOME = Kind("sponsor.welcome", "findable", unprompted=True, introduces=True)
SPONSOR_NUDGE = Kind("sponsor.nudge", "findable", unprompted=True)
SPONSOR_PASSED = Kind("sponsor.passed", "findable", unprompted=True)
SPONSOR_ASK = Kind("sponsor.ask", "findable", unprompted=True)
SPONSOR_CONFIRM = Kind("sponsor.confirm", "findable", unprompted=True)
SPONSOR_NEWS = Kind("sponsor.news", "findable", unprompted=True, in_digest=True)
CHECK_IN_NEWS = Kind("check_in.news", "findable", unprompted=True, in_digest=True)
PULSE_UNCLEAR = Kind("pulse.unclear", "findable", unprompted=True)
PULSE_NEWS = Kind("pulse.news", "findable", unprompted=True, in_digest=True)
SPONSOR_CALENDAR = Kind("sponsor.calendar", "again", files=True)

TO_SPONSORS = tuple(
    kind.name
    for kind in (SPONSOR_WELCOME, SPONSOR_NUDGE, SPONSOR_PASSED, SPONSOR_ASK, SPONSOR_CONFIRM)
)
"""What a sponsor, or their assistant, gets as such, with buttons."""

PUT_DOWN_ANEW = "put down anew"
"""Why a message is not sent that another one carries."""

KINDS = {
    kind.name: kind
    for kind in (
        CARD,
        ANSWER,
        EDIT,
        HOME,
        DECIDE,
        NEWS,
        DEPARTURE,
        FILE,
        FILE_AGAIN,
        FILE_REFUSED,
        DIGEST,
        SIDE_NEWS,
        OWN_FIRM_ASKED,
        SPONSOR_WELCOME,
        SPONSOR_NUDGE,
        SPONSOR_PASSED,
        SPONSOR_ASK,
        SPONSOR_CONFIRM,
        SPONSOR_NEWS,
        SPONSOR_CALENDAR,
        CHECK_IN_NEWS,
        PULSE_UNCLEAR,
        PULSE_NEWS,
        AGREEMENT_ASKED,
        AGREEMENT_OUTCOME,
        PLACE_OPENED,
        PLACE_OWN_AGAIN,
    )
}

WITH_FILES = tuple(kind.name for kind in KINDS.values() if kind.files)


def new_key() -> str:
    """A key for what is never the same twice."""
    return new_token()


def put(session: Session, kind: Kind, facts: dict[str, Any], **where: Any) -> None:
    """Add one message, unless the same one (by `key`) is waiting already. See `row`."""
    put_many(session, [row(kind, facts, **where)])


def row(
    kind: Kind,
    facts: dict[str, Any],
    *,
    key: str,
    installation_id: int,
    now: datetime,
    alliance_id: int | None = None,
    person_id: int | None = None,
    conversation_id: int | None = None,
    thread: str | None = None,
    not_before: datetime | None = None,
    held: bool = False,
) -> dict[str, Any]:
    """One message as a row. `held` keeps it for the person's next daily message instead of
    sending it by itself."""
    return {
        "token": new_token(),
        "installation_id": installation_id,
        "alliance_id": alliance_id,
        "kind": kind.name,
        "facts": facts,
        "person_id": person_id,
        "conversation_id": conversation_id,
        "thread": thread,
        "dedup_key": key,
        "state": "held" if held else "pending",
        "not_before": not_before or now,
        "created_at": now,
        "attempts": 0,
        "uncertain": False,
        "error": "",
    }


def put_many(session: Session, rows: list[dict[str, Any]]) -> None:
    insert_new(session, Outbox, rows, unique=["dedup_key"], where="state = 'pending'")


def show_anew(session: Session, row: Outbox, *, now: datetime, about: int | None = None) -> None:
    """Show a message that was sent as it should read now. `about`: the alliance it is because of,
    where the message spans several."""
    put(
        session,
        EDIT,
        {"outbox": row.id},
        key=f"edit:{row.id}",
        installation_id=row.installation_id,
        alliance_id=about or row.alliance_id,
        person_id=row.person_id,
        now=now,
    )


def account_of(row: Outbox) -> int | None:
    """The account that a message goes to: that of its reader, unless they asked for it with
    another one."""
    return row.facts.get("account") or row.person_id


def release(session: Session, held: Outbox, *, now: datetime) -> None:
    """Let what was held go out by itself, unless the same was put down anew meanwhile."""
    twin = select(Outbox.id).where(Outbox.dedup_key == held.dedup_key, Outbox.state == "pending")
    again = session.exec(twin).first() is not None
    held.state, held.not_before = ("cancelled" if again else "pending"), now
    held.finished_at = now if again else None
    session.add(held)
    session.flush()


def cancel(session: Session, *where: ColumnElement[bool], why: str, now: datetime) -> None:
    """What waits, or is held, and is among these will not be said."""
    waiting = update(Outbox).where(col(Outbox.state).in_(("pending", "held")), *where)
    ended = waiting.values(state="cancelled", error=why, finished_at=now, lease_until=None)
    session.connection().execute(ended)


def held_for(session: Session, person_ids: list[int]) -> list[Outbox]:
    """What waits for these people's next daily message, oldest first."""
    chosen = select(Outbox).where(col(Outbox.person_id).in_(person_ids), Outbox.state == "held")
    return list(session.exec(chosen.order_by(col(Outbox.id))))
