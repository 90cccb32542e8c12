"""What alliance managers read about their sponsors in the daily message: what their own firm has to
do, and once a week how it stands. Nothing of what was said in a talk."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from governance import history, visibility
from governance.messages.daily_lines import Day, Told
from governance.sponsors import reasons, rhythm, seats, standings
from storage.sponsor_tables import SponsorSeat
from storage.tables import Alliance, Member, Person, Side, ToldOnce

EMPTY_AFTER = timedelta(days=7)
EMPTY_EVERY = timedelta(days=30)
TERM_MONTHS = (1, 3)
"""Months before a term ends in which a successor is asked for, the nearest first."""

RECENT = timedelta(days=14)
UNANSWERED_WELCOME = 5
"""Working days after which a welcome that was sent, or a name that nobody introduced, is raised."""

WAITS_SINCE = {"named": "taken", "by_hand": "by_hand", "welcomed": "welcomed"}
"""States of a seat in which it waits for somebody, with the entry of its history that began it."""


Managed = tuple[Day, Side, Alliance]
"""Somebody's day, and the firm that they look after."""


@dataclass(frozen=True)
class InTheWeek:
    """One sponsor with one counterpart, or with none. No `standing`: not both have said yes."""

    seat: SponsorSeat
    person: Person
    counterpart: Person | None = None
    standing: reasons.Standing | None = None


def sponsors(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """Add what there is to say today to these people's lines."""
    rows = session.exec(
        select(Member, Side, Alliance)
        .join(Side, col(Side.id) == Member.side_id)
        .join(Alliance, col(Alliance.id) == Member.alliance_id)
        .where(
            col(Member.person_id).in_(days),
            Member.role == "manager",
            col(Member.stated).is_(False),
            visibility.has_a_place(now.date()),
        )
    )
    managed = [
        (days[member.person_id], side, alliance)
        for member, side, alliance in rows
        if alliance.id not in days[member.person_id].quiet
    ]
    if managed:
        known = _known(session, managed, now=now)
        for day, side, alliance in managed:
            _Lines(session, day, told, side, alliance, known, now).add_all()


@dataclass(frozen=True)
class _Known:
    """What was read for everybody at once: the seats that are held, by alliance; those that were
    left lately and not taken since, by side; how pairs stand; and what was told already."""

    held: dict[int, list[SponsorSeat]]
    left: dict[int, list[SponsorSeat]]
    facts: standings.Facts
    told: set[tuple[int, str, int, str]]


def _known(session: Session, managed: list[Managed], *, now: datetime) -> _Known:
    alliances = {alliance.id for _, _, alliance in managed}
    firms = {side.id for _, side, _ in managed}
    held = _by(
        "alliance_id",
        session.exec(
            select(SponsorSeat)
            .where(col(SponsorSeat.alliance_id).in_(alliances), col(SponsorSeat.ended_on).is_(None))
            .order_by(col(SponsorSeat.since), col(SponsorSeat.id))
        ),
    )
    taken = select(SponsorSeat.follows_id).where(
        col(SponsorSeat.side_id).in_(firms), col(SponsorSeat.follows_id).is_not(None)
    )
    lately = (now - RECENT).date()
    left = session.exec(
        select(SponsorSeat).where(
            col(SponsorSeat.side_id).in_(firms),
            col(SponsorSeat.ended_on) >= lately,
            col(SponsorSeat.id).not_in(taken),
        )
    )
    own = [seat for seats_ in held.values() for seat in seats_ if seat.side_id in firms]
    facts = standings.of(session, [s for s in own if s.state == "accepted"], now=now)
    return _Known(held, _by("side_id", left), facts, _told(session, managed))


def _by(column: str, seats_: Iterable[SponsorSeat]) -> dict[int, list[SponsorSeat]]:
    found: dict[int, list[SponsorSeat]] = defaultdict(list)
    for seat in seats_:
        found[getattr(seat, column)].append(seat)
    return found


def _told(session: Session, managed: list[Managed]) -> set[tuple[int, str, int, str]]:
    chosen = select(ToldOnce).where(
        col(ToldOnce.person_id).in_({day.person.id for day, _, _ in managed}),
        col(ToldOnce.record).in_((seats.RECORD, "side")),
    )
    return {(one.person_id, one.record, one.record_id, one.reason) for one in session.exec(chosen)}


class _Lines:
    """The lines for one alliance manager about the sponsors of their firm."""

    def __init__(
        self,
        session: Session,
        day: Day,
        told: Told,
        side: Side,
        alliance: Alliance,
        known: _Known,
        now: datetime,
    ) -> None:
        self._session = session
        self._day = day
        self._told = told
        self._side = side
        self._alliance = alliance
        self._known = known
        self._now = now
        self._held = known.held.get(alliance.id, [])

    def add_all(self) -> None:
        self._add_empty()
        own = [seat for seat in self._held if seat.side_id == self._side.id]
        for seat in own:
            self._add_waiting(seat)
            self._add_term(seat)
        self._add_calls([seat for seat in own if seat.state == "accepted"])
        self._add_left()
        self._add_new_across()
        if own:
            self._add_week()

    def _add_empty(self) -> None:
        since = self._side.seat_empty_since
        if since is None or self._day.today - since < EMPTY_AFTER:
            return
        month = (self._day.today - since) // EMPTY_EVERY
        self._say("empty", "side", self._side.id, f"sponsor_empty:{since}:{month}")

    def _add_waiting(self, seat: SponsorSeat) -> None:
        if seat.state not in WAITS_SINCE:
            return
        waited = self._day.calendar.working_days_after(self._waits_since(seat), self._day.today)
        is_handed_over = seat.state == "named" and seat.follows_id is not None
        if is_handed_over or waited >= UNANSWERED_WELCOME:
            self._say("waits", seats.RECORD, seat.id, f"waits:{seat.state}", seat=seat.id)

    def _waits_since(self, seat: SponsorSeat) -> date:
        what = WAITS_SINCE[seat.state]
        entries = history.of(self._session, seats.RECORD, seat.id)
        since = [entry.at for entry in entries if entry.what == what]
        return self._day.calendar.today(since[-1]) if since else seat.since

    def _add_term(self, seat: SponsorSeat) -> None:
        ends = seats.ends_on(seat)
        if ends is None or (seat.successor_id is not None and seat.told_at is not None):
            return
        if ends < self._day.today:
            self._say("term_over", seats.RECORD, seat.id, f"term:{ends}:0", seat=seat.id)
            return
        near = [m for m in TERM_MONTHS if self._day.today >= ends - relativedelta(months=m)]
        if near:
            self._say("term", seats.RECORD, seat.id, f"term:{ends}:{near[0]}", seat=seat.id)

    def _add_calls(self, accepted: list[SponsorSeat]) -> None:
        """Three nudges without an answer: a word from their alliance manager would help."""
        for seat in accepted:
            standing_of = self._known.facts.pairs_of(seat, self._alliance, self._day.today)
            for pair_id, standing in standing_of.items():
                run = reasons.unanswered(standing)
                week_over = run and self._day.today >= run[0].on + rhythm.WEEK
                if len(run) >= reasons.UNANSWERED and week_over:
                    mark = f"call:{pair_id}:{standing.last or standing.since}"
                    self._say("call", seats.RECORD, seat.id, mark, seat=seat.id, pair=pair_id)

    def _add_left(self) -> None:
        """Who sponsors it no more because they left, or left the seat empty."""
        for seat in self._known.left.get(self._side.id, []):
            here = visibility.current_member(
                self._session, self._alliance.id, seat.person_id, now=self._now
            )
            if here is None or self._side.seat_empty_since is not None:
                self._say("left", seats.RECORD, seat.id, "left", seat=seat.id)

    def _add_new_across(self) -> None:
        """Who has followed somebody at another firm."""
        for seat in self._held:
            if seat.side_id == self._side.id or seat.follows_id is None:
                continue
            if seat.state != "accepted" or seat.accepted_at is None:
                continue
            lately = self._day.calendar.today(seat.accepted_at) > self._day.today - RECENT
            if lately and seats.pairs_of(self._session, seat):
                self._say("new_across", seats.RECORD, seat.id, "new_across", seat=seat.id)

    def _add_week(self) -> None:
        """Once a week, on the day on which sponsors are written to or their next working day."""
        this = rhythm.monday(self._day.today)
        for monday in (this, this - rhythm.WEEK):
            planned = monday + timedelta(days=self._alliance.sponsor_weekday)
            if planned <= self._day.today < planned + rhythm.WEEK:
                if self._day.calendar.on_or_after(planned) <= self._day.today:
                    self._say("week", "side", self._side.id, f"sponsors:{monday}")

    def _say(self, what: str, record: str, record_id: int, reason: str, **facts: Any) -> None:
        if (self._day.person.id, record, record_id, reason) in self._known.told:
            return
        self._told.say_once(self._day, record, record_id, reason)
        self._day.news.append({"sponsors": what, "of_side": self._side.id, **facts})


def week_of(
    session: Session, alliance: Alliance, side: Side, *, now: datetime, today: date
) -> list[InTheWeek]:
    """How each sponsor of a firm stands with each counterpart."""
    own = seats.held(session, alliance.id, side.id)
    facts = standings.of(session, own, now=now)
    found = []
    for seat in own:
        person = session.get_one(Person, seat.person_id)
        looked_at = {pair.id for pair in facts.pairs[seat.id]}
        pairs = seats.pairs_of(session, seat)
        for pair in pairs:
            other = session.get_one(Person, seats.other_seat(session, pair, seat).person_id)
            stands = facts.standing(seat, pair, alliance, today) if pair.id in looked_at else None
            found.append(InTheWeek(seat, person, other, stands))
        if not pairs:
            found.append(InTheWeek(seat, person))
    return found
