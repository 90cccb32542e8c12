"""How things stand between sponsors, read for many seats at once."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy import BindParameter, ColumnElement, bindparam, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from governance.cadence import WorkCalendar
from governance.sponsors import rhythm
from governance.sponsors.reasons import Mode, Standing, Told
from storage.sponsor_tables import (
    SponsorAsk,
    SponsorContact,
    SponsorNudge,
    SponsorPair,
    SponsorSeat,
)
from storage.tables import ActionItem, Alliance

NUDGES_READ = timedelta(weeks=26)
"""How far back nudges are read; three in a row and a month's silence need far less."""


def waits() -> ColumnElement[bool]:
    """Whether an open ask waits for the sponsor: not while they wait to know more themselves."""
    return or_(col(SponsorAsk.question) == "", col(SponsorAsk.reply) != "")


# Asked for every hundred seats of a tick; put together once, since that costs as much as asking.
_SEATS: BindParameter[int] = bindparam("seats", expanding=True)
_ABOUT = col(SponsorContact.pair_id).in_(bindparam("pairs", expanding=True))
_FIRST, _SECOND = aliased(SponsorSeat), aliased(SponsorSeat)
_PAIRS = (
    select(SponsorPair)
    .join(_FIRST, col(_FIRST.id) == SponsorPair.first_id)
    .join(_SECOND, col(_SECOND.id) == SponsorPair.second_id)
    .where(
        or_(col(SponsorPair.first_id).in_(_SEATS), col(SponsorPair.second_id).in_(_SEATS)),
        col(SponsorPair.ended_on).is_(None),
        col(_FIRST.state) == "accepted",
        col(_SECOND.state) == "accepted",
    )
    .order_by(col(SponsorPair.id))
)
_LAST_TALKS = (
    select(SponsorContact.pair_id, func.max(SponsorContact.on))
    .where(_ABOUT, col(SponsorContact.confirmed).is_not(False))
    .group_by(col(SponsorContact.pair_id))
)
_PROMISES = (
    sa.select(col(SponsorContact.pair_id), col(ActionItem.owner_id), col(ActionItem.due))
    .join(ActionItem, col(ActionItem.id) == SponsorContact.promise_id)
    .where(_ABOUT, col(ActionItem.status) == "open", col(ActionItem.due).is_not(None))
)
_ASKS = (
    select(SponsorAsk.seat_id, func.count())
    .where(col(SponsorAsk.seat_id).in_(_SEATS), SponsorAsk.state == "asked", waits())
    .group_by(col(SponsorAsk.seat_id))
)
_NUDGES = (
    sa.select(
        col(SponsorNudge.seat_id),
        col(SponsorNudge.pair_id),
        col(SponsorNudge.on),
        col(SponsorNudge.reason),
        col(SponsorNudge.answer),
    )
    .where(col(SponsorNudge.seat_id).in_(_SEATS), col(SponsorNudge.on) >= bindparam("since"))
    .order_by(col(SponsorNudge.on).desc(), col(SponsorNudge.id).desc())
)


@dataclass
class Facts:
    """What was read. `pairs` are those of whom both have said yes; `asks` those that wait for an
    answer, by seat; `nudges` the newest first, by seat and pair; `late` the days of promises that
    are open, by pair and owner."""

    pairs: dict[int, list[SponsorPair]] = field(default_factory=lambda: defaultdict(list))
    last: dict[int, date] = field(default_factory=dict)
    asks: Counter[int] = field(default_factory=Counter)
    nudges: dict[tuple[int, int], list[Told]] = field(default_factory=lambda: defaultdict(list))
    newest: dict[int, date] = field(default_factory=dict)
    late: dict[tuple[int, int], list[date]] = field(default_factory=lambda: defaultdict(list))

    def pairs_of(self, seat: SponsorSeat, alliance: Alliance, today: date) -> dict[int, Standing]:
        return {pair.id: self.standing(seat, pair, alliance, today) for pair in self.pairs[seat.id]}

    def standing(
        self, seat: SponsorSeat, pair: SponsorPair, alliance: Alliance, today: date
    ) -> Standing:
        other = pair.second_id if pair.first_id == seat.id else pair.first_id
        return Standing(
            since=pair.since,
            last=self.last.get(pair.id),
            months=rhythm.months_between(alliance.tier, alliance.sponsor_months),
            mode=cast(Mode, alliance.sponsor_mode),
            late_promises=sum(due < today for due in self.late[pair.id, seat.person_id]),
            is_new=pair.follows_id is not None and other > seat.id,
            planned_on=pair.planned_on,
            nudges=tuple(self.nudges[seat.id, pair.id]),
        )

    def quiet_since(self, seat: SponsorSeat, calendar: WorkCalendar) -> date:
        """The day of the last nudge, or else that on which the sponsor said yes."""
        said_yes = calendar.today(seat.accepted_at) if seat.accepted_at else seat.since
        return self.newest.get(seat.id, said_yes)


def of(session: Session, seats: list[SponsorSeat], *, now: datetime) -> Facts:
    """Everything about these seats that decides whether there is a reason to speak."""
    facts = Facts()
    ids = [seat.id for seat in seats]
    _read_pairs(session, facts, ids)
    pair_ids = list({pair.id for pairs in facts.pairs.values() for pair in pairs})
    _read_contacts(session, facts, pair_ids)
    _read_promises(session, facts, pair_ids)
    _read_asks(session, facts, ids)
    _read_nudges(session, facts, ids, now=now)
    return facts


def _read_pairs(session: Session, facts: Facts, ids: list[int]) -> None:
    wanted = set(ids)
    for pair in session.exec(_PAIRS, params={"seats": ids}):
        for seat_id in {pair.first_id, pair.second_id} & wanted:
            facts.pairs[seat_id].append(pair)


def _read_contacts(session: Session, facts: Facts, pair_ids: list[int]) -> None:
    """The last talk of each pair; one that the counterpart does not know of does not count."""
    rows = session.exec(_LAST_TALKS, params={"pairs": pair_ids})
    facts.last.update((pair_id, last) for pair_id, last in rows)


def _read_promises(session: Session, facts: Facts, pair_ids: list[int]) -> None:
    rows = session.connection().execute(_PROMISES, {"pairs": pair_ids})
    for pair_id, owner_id, due in rows:
        if due is not None:
            facts.late[pair_id, owner_id].append(due)


def _read_asks(session: Session, facts: Facts, ids: list[int]) -> None:
    facts.asks.update(dict(session.exec(_ASKS, params={"seats": ids}).all()))


def _read_nudges(session: Session, facts: Facts, ids: list[int], *, now: datetime) -> None:
    asked = {"seats": ids, "since": now.date() - NUDGES_READ}
    for seat_id, pair_id, on, reason, answer in session.connection().execute(_NUDGES, asked):
        facts.nudges[seat_id, pair_id].append(Told(on, reason, answer))
        facts.newest.setdefault(seat_id, on)
