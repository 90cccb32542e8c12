"""An alliance manager says who sponsors the alliance at their firm, and whose counterpart it is."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from governance import history, visibility
from governance.errors import BotError, NotAllowed, NotFound
from governance.items.action_item_news import refresh_home
from governance.people import consent, members, roster
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


def check_may_name(session: Session, by: Seat, side: Side, *, now: datetime) -> None:
    """Raises NotAllowed for who is no alliance manager of that firm; the host's may name somebody
    for one that has none who acted here."""
    if side.id == by.side.id or not roster.may_change(session, by, side.id, now=now):
        check_manages(by, side.id, side.firm)
    check_manages(by, by.side.id, by.side.firm)


def name(
    session: Session,
    by: Seat,
    person: Person,
    terms: Terms,
    *,
    now: datetime,
    side: Side | None = None,
) -> SponsorSeat:
    """Somebody is their firm's sponsor from now on, or what is known of that has changed. `side`:
    the firm, unless it is one's own. Raises BotError naming the field, NotAllowed for another
    firm's people."""
    side = side or by.side
    check_may_name(session, by, side, now=now)
    history.check_open(by.alliance)
    _check_terms(by, person, terms)
    _check_is_of(session, by, person, side, now=now)
    roster.change_member(
        session,
        by,
        person,
        side_name=side.firm,
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


def _check_is_of(session: Session, by: Seat, person: Person, side: Side, *, now: datetime) -> None:
    """A firm is sponsored by one of its own people."""
    taken = visibility.current_seat(session, by.alliance.id, person.id, now=now)
    home = taken[1] if taken else members.side_of_workspace(session, by.alliance, person)
    if home is not None and home.id != side.id:
        raise BotError(
            f"{person.name} is with {home.firm}. {home.firm} names its own sponsors.",
            field="person",
        )


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
    seat.since = terms.since or seat.since
    if seat.side_id == by.side.id:
        _keep_own_terms(session, by, seat, terms, now=now)
    session.add(seat)
    session.flush()
    note(session, seat, "terms", by.person, now=now, after={"until": members.iso(terms.until)})


def _keep_own_terms(
    session: Session, by: Seat, seat: SponsorSeat, terms: Terms, *, now: datetime
) -> None:
    """What only their own firm knows of a sponsor."""
    if terms.until != seat.until and seat.successor_id is not None:
        raise BotError(
            "Somebody is named to follow. “Who follows…” changes the last day.", field="until"
        )
    if terms.until is not None or terms.in_role_until:
        consent.check_private(session, by, now=now)
    if terms.assistant is not None:
        set_assistant(session, seat, terms.assistant, by.alliance, by=by.person, now=now)
    else:
        seat.assistant_id = None
    seat.until, seat.in_role_until = terms.until, terms.in_role_until


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


def people_to_name(
    session: Session, by: Seat, *, now: datetime, side: Side | None = None
) -> list[Person]:
    """Whom an alliance manager may name, by name: the people of their firm, or of `side`, who are
    known."""
    of = side or by.side
    known = {p.id: p for p in members.reachable_people(session, by.alliance, now=now)}
    home = {p.id: s.id for _, p, s in members.members(session, by.alliance.id, now=now)}
    return [
        person
        for person in known.values()
        if home.get(person.id) == of.id
        or (person.id not in home and _lives_in(session, by.alliance, person, of))
    ]


def _lives_in(session: Session, alliance: Alliance, person: Person, side: Side) -> bool:
    home = members.side_of_workspace(session, alliance, person)
    return home is not None and home.id == side.id
