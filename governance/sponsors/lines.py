"""What alliance managers read about their sponsors in the daily message: what their own firm has to
do, and once a week how it stands. Nothing of what was said in a talk."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from governance import visibility
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


@dataclass(frozen=True)
class InTheWeek:
    """One sponsor with one counterpart, or with none."""

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
    for member, side, alliance in list(rows):
        day = days[member.person_id]
        if alliance.id not in day.quiet:
            _Lines(session, day, told, side, alliance, now).add_all()


class _Lines:
    """The lines for one alliance manager about the sponsors of their firm."""

    def __init__(
        self,
        session: Session,
        day: Day,
        told: Told,
        side: Side,
        alliance: Alliance,
        now: datetime,
    ) -> None:
        self._session = session
        self._day = day
        self._told = told
        self._side = side
        self._alliance = alliance
        self._now = now
        self._held = seats.held(session, alliance.id)

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
        waited = self._day.calendar.working_days_after(seat.since, self._day.today)
        if seat.state in ("accepted", "talk", "not_me") or waited < UNANSWERED_WELCOME:
            return
        self._say("waits", seats.RECORD, seat.id, f"waits:{seat.state}", seat=seat.id)

    def _add_term(self, seat: SponsorSeat) -> None:
        if seat.until is None:
            return
        if seat.until < self._day.today:
            self._say("term_over", seats.RECORD, seat.id, f"term:{seat.until}:0", seat=seat.id)
            return
        near = [m for m in TERM_MONTHS if self._day.today >= seat.until - relativedelta(months=m)]
        if near and (seat.successor_id is None or seat.told_at is None):
            reason = f"term:{seat.until}:{near[0]}"
            self._say("term", seats.RECORD, seat.id, reason, seat=seat.id)

    def _add_calls(self, accepted: list[SponsorSeat]) -> None:
        """Three nudges without an answer: a word from their alliance manager would help."""
        facts = standings.of(self._session, accepted, now=self._now)
        for seat in accepted:
            for pair_id, standing in facts.pairs_of(seat, self._alliance, self._day.today).items():
                run = reasons.unanswered(standing)
                week_over = run and self._day.today >= run[0].on + rhythm.WEEK
                if len(run) >= reasons.UNANSWERED and week_over:
                    mark = f"call:{pair_id}:{run[-1].on}"
                    self._say("call", seats.RECORD, seat.id, mark, seat=seat.id, pair=pair_id)

    def _add_left(self) -> None:
        """Who left a seat because they left the alliance."""
        chosen = select(SponsorSeat).where(
            SponsorSeat.side_id == self._side.id,
            col(SponsorSeat.ended_on) > self._day.today - RECENT,
        )
        for seat in self._session.exec(chosen):
            here = visibility.current_member(
                self._session, self._alliance.id, seat.person_id, now=self._now
            )
            if here is None:
                self._say("left", seats.RECORD, seat.id, "left", seat=seat.id)

    def _add_new_across(self) -> None:
        """Who has followed somebody at another firm."""
        for seat in self._held:
            is_new = seat.side_id != self._side.id and seat.since > self._day.today - RECENT
            if is_new and _follows_somebody(self._session, seat):
                self._say("new_across", seats.RECORD, seat.id, "new_across", seat=seat.id)

    def _add_week(self) -> None:
        """Once a week, on the day on which sponsors are written to or their next working day."""
        monday = rhythm.monday(self._day.today)
        if self._day.today < monday + timedelta(days=self._alliance.sponsor_weekday):
            return
        self._say("week", "side", self._side.id, f"sponsors:{monday}")

    def _say(self, what: str, record: str, record_id: int, reason: str, **facts: Any) -> None:
        key = (self._day.person.id, record, record_id, reason)
        if self._session.get(ToldOnce, key) is not None:
            return
        self._told.say_once(self._day, record, record_id, reason)
        self._day.news.append({"sponsors": what, "of_side": self._side.id, **facts})


def _follows_somebody(session: Session, seat: SponsorSeat) -> bool:
    before = select(SponsorSeat.id).where(
        SponsorSeat.side_id == seat.side_id, col(SponsorSeat.ended_on).is_not(None)
    )
    return session.exec(before).first() is not None


def week_of(
    session: Session, alliance: Alliance, side: Side, *, now: datetime, today: date
) -> list[InTheWeek]:
    """How each sponsor of a firm stands with each counterpart."""
    own = seats.held(session, alliance.id, side.id)
    facts = standings.of(session, own, now=now)
    found = []
    for seat in own:
        person = session.get_one(Person, seat.person_id)
        for pair in facts.pairs[seat.id]:
            standing = facts.standing(seat, pair, alliance, today)
            other = session.get_one(Person, seats.other_seat(session, pair, seat).person_id)
            found.append(InTheWeek(seat, person, other, standing))
        if not facts.pairs[seat.id]:
            found.append(InTheWeek(seat, person))
    return found
