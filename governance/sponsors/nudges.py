"""What a sponsor, or their assistant, answers to a nudge."""

from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from governance import history
from governance.errors import BotError, NotAllowed, NotFound
from governance.messages import attention, outbox
from governance.people import consent, members
from governance.people.members import Seat
from governance.sponsors import contacts, naming, news, reasons, seats, standings
from governance.words import length
from storage.sponsor_tables import SponsorNudge, SponsorPair, SponsorSeat
from storage.tables import Alliance, Person

PUT_OFF = 3
"""So many *Not this week* in a row, and the alliance manager hears."""


def of_week(session: Session, person: Person, week: date) -> list[tuple[SponsorNudge, SponsorSeat]]:
    """What a sponsor is written to about in a week (its Monday), by seat; ended seats are out."""
    rows = session.exec(
        select(SponsorNudge, SponsorSeat)
        .join(SponsorSeat, col(SponsorSeat.id) == SponsorNudge.seat_id)
        .where(
            SponsorSeat.person_id == person.id,
            SponsorNudge.week == week,
            col(SponsorSeat.ended_on).is_(None),
        )
        .order_by(col(SponsorNudge.seat_id), col(SponsorNudge.pair_id))
    )
    return [(nudge, seat) for nudge, seat in rows]


def pair_of(session: Session, nudge: SponsorNudge) -> SponsorPair | None:
    return session.get(SponsorPair, nudge.pair_id) if nudge.pair_id else None


def by_token(session: Session, token: str) -> tuple[SponsorNudge, SponsorSeat]:
    """Raises NotFound for a nudge that is none, or about a seat that is held no more."""
    nudge = session.exec(select(SponsorNudge).where(SponsorNudge.token == token)).one_or_none()
    seat = session.get(SponsorSeat, nudge.seat_id) if nudge is not None else None
    if nudge is None or seat is None or seat.ended_on is not None:
        raise NotFound("That is over. `sponsors` shows how things stand.")
    return nudge, seat


def check_acts_for(by: Seat, seat: SponsorSeat) -> None:
    """Raises NotAllowed for who is neither the sponsor nor their assistant."""
    if by.person.id not in (seat.person_id, seat.assistant_id) or by.side.id != seat.side_id:
        raise NotAllowed("Only the sponsor, or their assistant, answers that.")


def put_in_calendar(
    session: Session, nudge: SponsorNudge, seat: SponsorSeat, by: Seat, day: date, *, now: datetime
) -> None:
    """They have a talk in the calendar: until that day is over it is not asked for. Raises BotError
    naming the field."""
    check_acts_for(by, seat)
    if day < members.calendar_of(by.person).today(now):
        raise BotError("That day is past. If you spoke, “We spoke” keeps it.", field="day")
    pair = pair_of(session, nudge)
    if pair is None:
        raise BotError("You have no counterpart there yet.")
    pair.planned_on = day
    session.add(pair)
    _note(session, seat, "planned", by, {"on": day.isoformat(), "pair": pair.id}, now=now)
    _answer(session, nudge, seat, "calendar", by, now=now)


def not_this_week(
    session: Session, nudge: SponsorNudge, seat: SponsorSeat, by: Seat, why: str, *, now: datetime
) -> None:
    """Not now, and why. The third in a row is told to their alliance managers."""
    check_acts_for(by, seat)
    if length(why) > news.WORDS_LIMIT:
        raise BotError(f"Keep it under {news.WORDS_LIMIT} letters.", field="why")
    if why.strip():
        consent.check_private(session, by, now=now)
    _answer(session, nudge, seat, "not_now", by, why=" ".join(why.split()), now=now)
    alliance = session.get_one(Alliance, seat.alliance_id)
    today = members.calendar_of(by.person).today(now)
    standing = standings.of(session, [seat], now=now).pairs_of(seat, alliance, today)
    if nudge.pair_id in standing and len(reasons.put_off(standing[nudge.pair_id])) == PUT_OFF:
        facts = {"what": "put_off", "by": by.person.name, "words": nudge.why}
        news.tell_managers(session, alliance, seat, facts, now=now)


def pass_on(
    session: Session,
    nudge: SponsorNudge,
    seat: SponsorSeat,
    by: Seat,
    assistant: Person | None,
    *,
    now: datetime,
) -> Person:
    """Give it to one's assistant, whom the sponsor may name here; returns whom it went to."""
    if by.person.id != seat.person_id:
        raise NotAllowed("Only the sponsor passes that on.")
    alliance = session.get_one(Alliance, seat.alliance_id)
    if assistant is not None:
        if assistant.id == by.person.id:
            raise BotError("That is you. Choose somebody else.", field="assistant")
        naming.set_assistant(session, seat, assistant, alliance, by=by.person, now=now)
    if seat.assistant_id is None:
        raise BotError("Who is your assistant?", field="assistant")
    named = session.get_one(Person, seat.assistant_id)
    if not consent.may_be_written_to(session, alliance.id, named.id, now=now):
        raise BotError(
            f"{named.name} has not used me yet, so I don't write to them. Ask them to write me "
            "`help` once; then pass it on.",
            field="assistant",
        )
    _answer(session, nudge, seat, "passed", by, now=now)
    outbox.put(
        session,
        outbox.SPONSOR_PASSED,
        {"nudge": nudge.id},
        key=f"sponsor_passed:{nudge.id}",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=seat.assistant_id,
        now=now,
    )
    return named


def _answer(
    session: Session,
    nudge: SponsorNudge,
    seat: SponsorSeat,
    answer: str,
    by: Seat,
    *,
    now: datetime,
    why: str = "",
) -> None:
    """The last answer counts: who put it in the calendar may still say that they spoke."""
    nudge.answer, nudge.why, nudge.by_id, nudge.answered_at = answer, why, by.person.id, now
    session.add(nudge)
    session.flush()
    _note(session, seat, f"answered_{answer}", by, {"why": why}, now=now)
    news.refresh(session, seats.RECORD, seat.id, now=now)


def _note(
    session: Session,
    seat: SponsorSeat,
    what: str,
    by: Seat,
    after: dict[str, str | int | None],
    *,
    now: datetime,
) -> None:
    naming.note(session, seat, what, by.person, now=now, after={**after, "for": seat.person_id})


def take_back_unsent(session: Session, person_id: int, week: date) -> None:
    """A nudge never reached anybody: it counts neither as told nor as unanswered."""
    mine = select(SponsorSeat.id).where(SponsorSeat.person_id == person_id)
    chosen = select(SponsorNudge).where(
        col(SponsorNudge.seat_id).in_(mine), SponsorNudge.week == week, SponsorNudge.answer == ""
    )
    for nudge in list(session.exec(chosen)):
        session.delete(nudge)
    session.flush()


def check_chooses_hour(by: Seat, seat: SponsorSeat) -> None:
    """Raises NotAllowed for who does not act for the sponsor."""
    if not contacts.acts_for(by, seat):
        raise NotAllowed("The sponsor chooses that, or their alliance manager.")


def set_hour(
    session: Session, seat: SponsorSeat, by: Seat, weekday: int, minute: int, *, now: datetime
) -> None:
    """When a sponsor wants to be written to, local, in working hours: about all alliances that they
    sponsor, since they are written to once. They, their assistant or their alliance manager choose.
    Raises BotError naming the field."""
    history.check_open(by.alliance)
    check_chooses_hour(by, seat)
    attention.check_hour(minute)
    person = session.get_one(Person, seat.person_id)
    for one in held_or_assisted(session, person):
        if one.person_id == person.id:
            one.weekday, one.minute = weekday, minute
            session.add(one)
            naming.reschedule(session, one, now=now)
    naming.note(session, seat, "hour", by.person, now=now, after={"weekday": weekday})


def held_or_assisted(session: Session, person: Person) -> list[SponsorSeat]:
    """The seats that somebody holds or is the assistant of."""
    chosen = select(SponsorSeat).where(
        or_(SponsorSeat.person_id == person.id, SponsorSeat.assistant_id == person.id),
        col(SponsorSeat.ended_on).is_(None),
    )
    return list(session.exec(chosen.order_by(col(SponsorSeat.id))))
