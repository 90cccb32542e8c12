"""An alliance manager says who sponsors the alliance at their firm, and whose counterpart it is."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.errors import BotError, NotAllowed, NotFound
from governance.items.action_item_news import refresh_home
from governance.people import members, roster
from governance.people.members import Seat
from governance.sponsors import rhythm, seats, week
from governance.words import length
from storage.sponsor_tables import SponsorSeat
from storage.tables import Alliance, Person, Side

IN_ROLE_LIMIT = 60


@dataclass(frozen=True)
class Terms:
    """What is known of a sponsor's term. `since` and `until` are its first and last day;
    `counterparts` the seats of other firms with whom they keep in touch."""

    since: date | None = None
    until: date | None = None
    in_role_until: str = ""
    assistant: Person | None = None
    counterparts: tuple[int, ...] | None = None


def by_token(session: Session, token: str) -> SponsorSeat:
    """The seat that a button means. Raises NotFound for what is none, or is held no more."""
    seat = session.exec(select(SponsorSeat).where(SponsorSeat.token == token)).one_or_none()
    if seat is None or seat.ended_on is not None:
        raise NotFound("That seat has changed hands. `sponsors` shows who holds it now.")
    return seat


def check_manages(by: Seat, side_id: int, firm: str) -> None:
    """Raises NotAllowed for who is no alliance manager of that firm, confirmed there."""
    if not by.is_manager or by.side.id != side_id or by.member.stated:
        raise NotAllowed(f"The alliance managers of {firm} look after its sponsors.")


def name(session: Session, by: Seat, person: Person, terms: Terms, *, now: datetime) -> SponsorSeat:
    """Somebody is their firm's sponsor from now on, or what is known of that has changed. Raises
    BotError naming the field, NotAllowed for another firm's people."""
    check_manages(by, by.side.id, by.side.firm)
    history.check_open(by.alliance)
    _check_terms(by, person, terms)
    roster.change_member(
        session,
        by,
        person,
        side_name=by.side.firm,
        role=seats.ROLE,
        last_day=_last_day(session, by, person, now=now),
        now=now,
    )
    seat = seats.seat_of(session, by.alliance.id, person.id)
    assert seat is not None
    _keep_terms(session, by, seat, person, terms, now=now)
    if terms.counterparts is not None:
        _pair_with(session, seat, terms.counterparts, now=now)
    return seat


def _last_day(session: Session, by: Seat, person: Person, *, now: datetime) -> date | None:
    """A last day that is known stays: a term may end before somebody leaves."""
    member = visibility.current_member(session, by.alliance.id, person.id, now=now)
    return member.until - roster.DAY if member is not None and member.until else None


def _check_terms(by: Seat, person: Person, terms: Terms) -> None:
    if terms.since and terms.until and terms.until <= terms.since:
        raise BotError("A term ends after it begins.", field="until")
    if length(terms.in_role_until) > IN_ROLE_LIMIT:
        raise BotError(f"Keep it under {IN_ROLE_LIMIT} letters.", field="in_role_until")
    if terms.assistant is not None and terms.assistant.id == person.id:
        raise BotError("Choose somebody other than the sponsor.", field="assistant")


def _keep_terms(
    session: Session, by: Seat, seat: SponsorSeat, person: Person, terms: Terms, *, now: datetime
) -> None:
    if terms.assistant is not None:
        set_assistant(session, seat, terms.assistant, by.alliance, by=by.person, now=now)
    else:
        seat.assistant_id = None
    seat.since = terms.since or seat.since
    seat.until, seat.in_role_until = terms.until, terms.in_role_until
    session.add(seat)
    session.flush()
    note(session, seat, "terms", by.person, now=now, after={"until": members.iso(terms.until)})


def set_assistant(
    session: Session,
    seat: SponsorSeat,
    assistant: Person,
    alliance: Alliance,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Who acts for a sponsor: a confirmed colleague, who takes a place where they have none. Raises
    BotError naming the field."""
    side = session.get_one(Side, seat.side_id)
    known = {person.id for person in members.reachable_people(session, alliance, now=now)}
    if assistant.id not in known:
        raise BotError(f"Choose somebody of {side.firm}.", field="assistant")
    place = members.seat(session, alliance, assistant, now=now)
    if place.side.id != seat.side_id or place.member.stated:
        raise BotError(f"Choose a confirmed colleague of {side.firm}.", field="assistant")
    seat.assistant_id = assistant.id
    session.add(seat)
    session.flush()
    note(session, seat, "assistant", by, now=now, after={"assistant": assistant.id})


def _pair_with(
    session: Session, seat: SponsorSeat, wanted: tuple[int, ...], *, now: datetime
) -> None:
    """Keep in touch with exactly these. Raises BotError for who is no sponsor of another firm."""
    across = {
        one.id: one
        for one in seats.held(session, seat.alliance_id)
        if one.side_id != seat.side_id and one.person_id != seat.person_id
    }
    if not set(wanted) <= set(across):
        raise BotError("Choose sponsors of your partner.", field="counterparts")
    now_with = {
        seats.other_seat(session, pair, seat).id: pair for pair in seats.pairs_of(session, seat)
    }
    for other_id, pair in now_with.items():
        if other_id not in wanted:
            pair.ended_on = now.date()
            session.add(pair)
    session.flush()
    for other_id in wanted:
        if other_id not in now_with:
            seats.pair_up(session, seat, across[other_id], now=now)


def say_yes(session: Session, seat: SponsorSeat, *, by: Person, now: datetime) -> None:
    """The sponsor takes the seat on; nudges begin the week after."""
    seat.state, seat.accepted_at = "accepted", now
    schedule(session, seat, now=now)
    refresh_home(session, session.get_one(Person, seat.person_id), now=now)
    note(session, seat, "accepted", by, now=now)


def schedule(session: Session, seat: SponsorSeat, *, now: datetime) -> None:
    """When their week is looked at next: in a later one than this."""
    alliance = session.get_one(Alliance, seat.alliance_id)
    person = session.get_one(Person, seat.person_id)
    weekday, hour = week.hour_of(seat, alliance)
    calendar = members.calendar_of(person)
    seat.next_at = rhythm.next_week(calendar, weekday, hour, after=now)
    session.add(seat)
    session.flush()


def reschedule(session: Session, seat: SponsorSeat, *, now: datetime) -> None:
    """Their hour has changed: in this week still, where it was not looked at yet."""
    if seat.next_at is None:
        return
    alliance = session.get_one(Alliance, seat.alliance_id)
    calendar = members.calendar_of(session.get_one(Person, seat.person_id))
    this_week = rhythm.monday(calendar.today(now))
    waits = rhythm.monday(calendar.today(seat.next_at)) == this_week
    moves = rhythm.next_look if waits else rhythm.next_week
    weekday, hour = week.hour_of(seat, alliance)
    seat.next_at = moves(calendar, weekday, hour, after=now)
    session.add(seat)
    session.flush()


def reschedule_all(session: Session, alliance: Alliance, *, now: datetime) -> None:
    """The alliance's weekday or hour has changed, for those who have chosen none themselves."""
    for seat in seats.held(session, alliance.id):
        reschedule(session, seat, now=now)


def note(
    session: Session,
    seat: SponsorSeat,
    what: str,
    by: Person | None,
    *,
    now: datetime,
    after: dict[str, str | int | None] | None = None,
) -> None:
    history.note(
        session,
        alliance_id=seat.alliance_id,
        record=seats.RECORD,
        record_id=seat.id,
        what=what,
        by=by.id if by is not None else None,
        now=now,
        after=after,
    )


def people_to_name(session: Session, by: Seat, *, now: datetime) -> list[Person]:
    """Whom a firm's alliance manager may name, by name: the people of the firm who are known."""
    known = {p.id: p for p in members.reachable_people(session, by.alliance, now=now)}
    home = {
        person.id: side.id for _, person, side in members.members(session, by.alliance.id, now=now)
    }
    return [
        person
        for person in known.values()
        if home.get(person.id) == by.side.id
        or (person.id not in home and _is_of(session, by, person))
    ]


def _is_of(session: Session, by: Seat, person: Person) -> bool:
    side = members.side_of_workspace(session, by.alliance, person)
    return side is not None and side.id == by.side.id


def seats_that_wait(session: Session, side_id: int) -> list[SponsorSeat]:
    """Seats of a firm whose sponsor has not been introduced, or has not said yes."""
    chosen = select(SponsorSeat).where(
        SponsorSeat.side_id == side_id,
        col(SponsorSeat.ended_on).is_(None),
        SponsorSeat.state != "accepted",
    )
    return list(session.exec(chosen.order_by(col(SponsorSeat.id))))
