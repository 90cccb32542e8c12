"""What an alliance manager reads of an alliance: what crossed between the firms, who came and went,
who may do what, and what became visible to whom. Newest first, and nothing is kept twice: it is
read from the history, the account of deliveries, and what the gate refused.

Everybody who may read it is told what is joint and what is their own firm's. Of another firm they
are told only that somebody joined or left, from the day on which it is so: nothing of its roles,
last days to come, settings, channels and records of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, exists, true
from sqlmodel import Session, col, or_, select

from governance import visibility
from governance.errors import NotAllowed
from governance.firms import rights
from governance.people.members import Seat
from governance.seeing import crossings
from governance.seeing.crossings import Crossing
from storage.tables import ActionItem, Conversation, HistoryEntry, Member, Outbox

Topic = Literal["all", "sent", "people", "rights", "visibility"]
PAGE = 20
REFUSED = "not_for_here"

TOPICS: dict[str, tuple[Topic, ...]] = {
    "sent": ("sent",),
    "refused": ("sent",),
    "member.joined": ("people",),
    "member.changed": ("people", "rights"),
    "member.ended": ("people",),
    "member.left": ("people",),
    "member.accounts_joined": ("people",),
    "side.came_in": ("people", "visibility"),
    "side.asked": ("people",),
    "side.checked": ("people",),
    "side.passed_on": ("people", "rights"),
    "side.changed": ("rights",),
    "side.own_code_made": ("people", "rights"),
    "side.own_code_withdrawn": ("rights",),
    "side.own_code_used": ("people", "visibility"),
    "side.also_here": ("people", "visibility"),
    "side.also_confirmed": ("people", "visibility"),
    "side.also_removed": ("people", "visibility"),
    "side.private_on": ("rights",),
    "side.private_off": ("rights",),
    "alliance.set_up": ("rights",),
    "alliance.changed": ("rights",),
    "alliance.closed": ("rights",),
    "alliance.reopened": ("rights",),
    "agreement.proposed": ("rights",),
    "agreement.agreed": ("rights",),
    "agreement.declined": ("rights",),
    "agreement.withdrawn": ("rights",),
    "agreement.lapsed": ("rights",),
    "invitation.made": ("people", "rights"),
    "invitation.withdrawn": ("rights",),
    "invitation.used": ("people", "visibility"),
    "action_item.shared": ("visibility",),
    "action_item.taken_back": ("visibility",),
    "conversation.linked": ("visibility",),
    "conversation.unlinked": ("visibility",),
    "conversation.opened": ("visibility",),
    "conversation.own_again": ("visibility",),
}
"""Every line there is, as record and act, with the topics it is listed under."""

SAID_TO_ALL = ("came_in", "asked", "checked", "also_here", "also_removed")
"""What is about one firm and was said to all of them."""


@dataclass(frozen=True)
class Fact:
    """One line. `own`: of the reader's own firm, or of all of them."""

    what: str
    at: datetime
    serial: int
    own: bool
    by_id: int | None = None
    record_id: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    crossing: Crossing | None = None


def page(
    session: Session, by: Seat, topic: Topic, *, number: int, now: datetime
) -> tuple[list[Fact], bool]:
    """One page and whether there are older lines; pages count from 1. Raises NotAllowed."""
    if not rights.has(by, "audit"):
        raise NotAllowed(f"The alliance managers of {by.side.firm} read this.")
    wanted = {what for what, topics in TOPICS.items() if topic in ("all", *topics)}
    limit = number * PAGE + 1
    sources = (
        _changed(session, by, wanted, limit),
        _left(session, by, wanted, limit, now=now),
        _sent(session, by, wanted, limit),
        _refused(session, by, wanted, limit),
    )
    facts = sorted(
        (fact for source in sources for fact in source),
        key=lambda fact: (fact.at, fact.serial),
        reverse=True,
    )
    return facts[(number - 1) * PAGE : number * PAGE], len(facts) >= limit


def _changed(session: Session, by: Seat, wanted: set[str], limit: int) -> Iterator[Fact]:
    whats: dict[str, list[str]] = {}
    for name in wanted:
        record, _, what = name.partition(".")
        whats.setdefault(record, []).append(what)
    told = [
        and_(
            col(HistoryEntry.record) == record,
            col(HistoryEntry.what).in_(whats[record]),
            may_be_told(by),
        )
        for record, may_be_told in WHOSE.items()
        if record in whats
    ]
    if not told:
        return
    chosen = select(HistoryEntry).where(HistoryEntry.alliance_id == by.alliance.id, or_(*told))
    newest = (col(HistoryEntry.at).desc(), col(HistoryEntry.id).desc())
    own = set(session.exec(select(Member.id).where(Member.side_id == by.side.id)))
    for one in session.exec(chosen.order_by(*newest).limit(limit)):
        yield Fact(
            f"{one.record}.{one.what}",
            one.at,
            one.id,
            own=one.record != "member" or one.record_id in own,
            by_id=one.person_id,
            record_id=one.record_id,
            before=one.before,
            after=one.after,
        )


def _of_all(by: Seat) -> ColumnElement[bool]:
    return true()


def _of_a_side(by: Seat) -> ColumnElement[bool]:
    return or_(col(HistoryEntry.record_id) == by.side.id, col(HistoryEntry.what).in_(SAID_TO_ALL))


def _of_a_member(by: Seat) -> ColumnElement[bool]:
    own = select(Member.id).where(Member.side_id == by.side.id)
    return or_(col(HistoryEntry.record_id).in_(own), col(HistoryEntry.what) == "joined")


def _of_a_place(by: Seat) -> ColumnElement[bool]:
    audience: ColumnElement[str] = col(HistoryEntry.after)["audience"].as_string()
    return audience.in_((visibility.JOINT, f"side:{by.side.id}"))


def _of_an_item(by: Seat) -> ColumnElement[bool]:
    """As far as they may see the item, and from when it is theirs to see."""
    return exists().where(
        col(ActionItem.id) == col(HistoryEntry.record_id),
        col(ActionItem.audience_id).in_(visibility.audiences_of(by.member)),
        or_(
            col(ActionItem.proposer_side_id) == by.side.id,
            col(HistoryEntry.id) >= col(ActionItem.history_from),
        ),
    )


WHOSE: dict[str, Callable[[Seat], ColumnElement[bool]]] = {
    "alliance": _of_all,
    "agreement": _of_all,
    "invitation": _of_all,
    "side": _of_a_side,
    "member": _of_a_member,
    "conversation": _of_a_place,
    "action_item": _of_an_item,
}
"""For each record, which of its entries somebody may be told of."""


def _left(
    session: Session, by: Seat, wanted: set[str], limit: int, *, now: datetime
) -> Iterator[Fact]:
    """Places that are over by now. One that an alliance manager of their own firm ended has its
    own line there, with who did it."""
    if "member.left" not in wanted:
        return
    ended = exists().where(
        col(HistoryEntry.record) == "member",
        col(HistoryEntry.record_id) == col(Member.id),
        col(HistoryEntry.what) == "ended",
    )
    over = select(Member).where(
        Member.alliance_id == by.alliance.id,
        col(Member.until) <= now.date(),
        or_(col(Member.side_id) != by.side.id, ~ended),
    )
    for member in session.exec(over.order_by(col(Member.until).desc()).limit(limit)):
        assert member.until is not None
        at = datetime.combine(member.until, time(0), UTC)
        own = member.side_id == by.side.id
        yield Fact("member.left", at, member.id, own=own, record_id=member.id)


def _sent(session: Session, by: Seat, wanted: set[str], limit: int) -> Iterator[Fact]:
    if "sent" not in wanted:
        return
    for one in crossings.known_to(session, by, limit=limit):
        yield Fact("sent", one.at, one.delivery_id, own=True, crossing=one)


def _refused(session: Session, by: Seat, wanted: set[str], limit: int) -> Iterator[Fact]:
    """What the gate kept back: of joint channels, and of the reader's firm's own."""
    if "refused" not in wanted:
        return
    chosen = select(Outbox).where(
        Outbox.alliance_id == by.alliance.id,
        Outbox.state == "dead",
        Outbox.error == REFUSED,
        col(Outbox.conversation_id).in_(_places(session, by)),
    )
    newest = chosen.order_by(col(Outbox.finished_at).desc(), col(Outbox.id).desc())
    for row in session.exec(newest.limit(limit)):
        assert row.finished_at is not None
        yield Fact("refused", row.finished_at, row.id, own=True, record_id=row.conversation_id or 0)


def _places(session: Session, by: Seat) -> list[int]:
    """The channels that are joint or the firm's own, by what they are now or were last."""
    was = select(HistoryEntry.record_id).where(
        HistoryEntry.alliance_id == by.alliance.id,
        HistoryEntry.record == "conversation",
        HistoryEntry.what == "unlinked",
        _of_a_place(by),
    )
    chosen = select(Conversation.id).where(
        or_(
            and_(
                col(Conversation.alliance_id) == by.alliance.id,
                col(Conversation.audience_id).in_(visibility.audiences_of(by.member)),
            ),
            and_(col(Conversation.audience_id).is_(None), col(Conversation.id).in_(was)),
        )
    )
    return list(session.exec(chosen))
