"""That two sponsors spoke: when, how, what came of it, and what was promised."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from governance import history, visibility
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.items import action_items
from governance.items.action_item_news import refresh_home
from governance.items.action_items import Capture
from governance.messages import outbox
from governance.people import consent, members
from governance.people.members import Seat
from governance.sponsors import news, seats
from governance.words import length
from storage.sponsor_tables import SponsorContact, SponsorNudge, SponsorPair, SponsorSeat
from storage.tables import ActionItem, Alliance, Audience, Person

RECORD = "sponsor_contact"
WAYS = {"in_person": "in person", "video": "by video", "phone": "by phone", "message": "by message"}
OUTCOME_LIMIT = 300
SAME_TALK = timedelta(days=3)
"""Two accounts of a pair's talk no further apart are of the same one."""

UNSETTLED = ("", "calendar", "passed")
"""Answers to a nudge after which the two may still say that they spoke."""

IN_PERSON_EVERY = timedelta(days=365)
"""After so long without meeting in person a pair is reminded that it might."""


@dataclass(frozen=True)
class Promise:
    """What one of the two will do. `private`: only their firm sees it."""

    text: str
    owner: Person
    due: date | None
    private: bool


@dataclass(frozen=True)
class Talk:
    on: date
    how: str
    outcome: str = ""
    share: bool = False
    """The counterpart, and their alliance managers, read the outcome too."""
    promise: Promise | None = None


def pair_by_token(session: Session, token: str) -> SponsorPair:
    pair = session.exec(select(SponsorPair).where(SponsorPair.token == token)).one_or_none()
    if pair is None or pair.ended_on is not None:
        raise NotFound("These two are not counterparts any more. `sponsors` shows who is.")
    return pair


def seat_for(session: Session, pair: SponsorPair, by: Seat) -> SponsorSeat:
    """For whom of a pair somebody speaks: the sponsor, their assistant, or an alliance manager of
    their firm. Raises NotAllowed."""
    for seat_id in (pair.first_id, pair.second_id):
        seat = session.get_one(SponsorSeat, seat_id)
        if acts_for(by, seat):
            return seat
    raise NotAllowed("The two sponsors say that, or their assistants and alliance managers.")


def acts_for(by: Seat, seat: SponsorSeat) -> bool:
    if by.member.stated or by.side.id != seat.side_id:
        return by.person.id == seat.person_id
    return by.person.id in (seat.person_id, seat.assistant_id) or by.is_manager


def record(
    session: Session, pair: SponsorPair, by: Seat, talk: Talk, *, now: datetime
) -> SponsorContact:
    """Keep that the two spoke. The counterpart is asked with one tap whether that is right, unless
    they said so themselves. Raises BotError naming the field."""
    history.check_open(by.alliance)
    seat = seat_for(session, pair, by)
    _check(by, talk, now=now)
    if talk.outcome.strip() and not talk.share:
        consent.check_private(session, by, now=now)
    other = seats.other_seat(session, pair, seat)
    contact = SponsorContact(
        alliance_id=pair.alliance_id,
        pair_id=pair.id,
        on=talk.on,
        how=talk.how,
        outcome=" ".join(talk.outcome.split()),
        audience_id=_readers(session, seat, other, share=talk.share).id,
        seat_id=seat.id,
        by_id=by.person.id,
        at=now,
        promise_id=_promise(session, by, talk.promise, now=now),
        confirmed=True if _told_by(session, pair, other, talk.on) else None,
    )
    session.add(contact)
    pair.planned_on = None
    session.add(pair)
    session.flush()
    after: dict[str, str | int] = {
        "on": talk.on.isoformat(),
        "how": talk.how,
        "for": seat.person_id,
    }
    _note(session, contact, "spoke", by, after, now=now)
    for one in (seat, other):
        answer_nudges(session, pair, one, by.person, now=now)
        refresh_home(session, session.get_one(Person, one.person_id), now=now)
    if contact.confirmed is None:
        _ask_other(session, by.alliance, contact, other, now=now)
    return contact


def _check(by: Seat, talk: Talk, *, now: datetime) -> None:
    if talk.how not in WAYS:
        raise BotError("Choose how you spoke.", field="how")
    if talk.on > members.calendar_of(by.person).today(now):
        raise BotError("That day is still to come. “It's in the calendar” keeps it.", field="on")
    if length(talk.outcome) > OUTCOME_LIMIT:
        raise BotError(f"One line, up to {OUTCOME_LIMIT} letters.", field="outcome")


def _readers(session: Session, seat: SponsorSeat, other: SponsorSeat, *, share: bool) -> Audience:
    sides = [seat.side_id, other.side_id] if share else [seat.side_id]
    return visibility.inner_audience(session, seat.alliance_id, sides)


def _promise(session: Session, by: Seat, promise: Promise | None, *, now: datetime) -> int | None:
    if promise is None:
        return None
    what = Capture(text=promise.text, owner=promise.owner, due=promise.due, private=promise.private)
    return action_items.capture(session, what, by, now=now).id


def _told_by(session: Session, pair: SponsorPair, other: SponsorSeat, on: date) -> bool:
    """Whether the counterpart has told of this talk already. Theirs is then confirmed as well."""
    chosen = select(SponsorContact).where(
        SponsorContact.pair_id == pair.id,
        SponsorContact.seat_id == other.id,
        col(SponsorContact.on) >= on - SAME_TALK,
        col(SponsorContact.on) <= on + SAME_TALK,
    )
    theirs = list(session.exec(chosen))
    for one in theirs:
        one.confirmed = True
        session.add(one)
    return bool(theirs)


def _ask_other(
    session: Session,
    alliance: Alliance,
    contact: SponsorContact,
    other: SponsorSeat,
    *,
    now: datetime,
) -> None:
    """Only a sponsor who has said yes is asked."""
    if other.state != "accepted":
        return
    outbox.put(
        session,
        outbox.SPONSOR_CONFIRM,
        {"contact": contact.id},
        key=f"sponsor_confirm:{contact.id}",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=other.person_id,
        now=now,
    )


def by_token(session: Session, token: str) -> SponsorContact:
    chosen = select(SponsorContact).where(SponsorContact.token == token)
    contact = session.exec(chosen).one_or_none()
    if contact is None:
        raise NotFound("I can't find that talk any more.")
    return contact


def confirm(
    session: Session, contact: SponsorContact, by: Seat, *, right: bool, now: datetime
) -> None:
    """The counterpart says whether they spoke. One they do not know of does not count."""
    pair = session.get_one(SponsorPair, contact.pair_id)
    other = seats.other_seat(session, pair, session.get_one(SponsorSeat, contact.seat_id))
    if not acts_for(by, other) or (by.is_manager and by.person.id != other.person_id):
        raise NotAllowed("Their counterpart answers that.")
    if contact.confirmed is not None:
        raise Stale("That has been answered already.")
    contact.confirmed = right
    session.add(contact)
    session.flush()
    _note(session, contact, "confirmed" if right else "not_confirmed", by, {}, now=now)
    if right:
        answer_nudges(session, pair, other, by.person, now=now)


def answer_nudges(
    session: Session, pair: SponsorPair, seat: SponsorSeat, by: Person, *, now: datetime
) -> None:
    """What was put before a sponsor about a pair, and was not settled, is: they spoke."""
    chosen = select(SponsorNudge).where(
        SponsorNudge.seat_id == seat.id,
        SponsorNudge.pair_id == pair.id,
        col(SponsorNudge.answer).in_(UNSETTLED),
    )
    newest = session.exec(chosen.order_by(col(SponsorNudge.on).desc())).first()
    if newest is not None:
        newest.answer, newest.by_id, newest.answered_at = "spoke", by.id, now
        session.add(newest)
        session.flush()
    news.refresh(session, seats.RECORD, seat.id, now=now)


def last_of(
    session: Session, pair: SponsorPair, *, in_person: bool = False
) -> SponsorContact | None:
    """The last talk of a pair that counts, or the last in person."""
    chosen = select(SponsorContact).where(
        SponsorContact.pair_id == pair.id, col(SponsorContact.confirmed).is_not(False)
    )
    if in_person:
        chosen = chosen.where(SponsorContact.how == "in_person")
    newest = (col(SponsorContact.on).desc(), col(SponsorContact.id).desc())
    return session.exec(chosen.order_by(*newest)).first()


def all_of(session: Session, pair: SponsorPair) -> list[SponsorContact]:
    """Every talk that counts of a pair and of those it follows, newest first."""
    ids: list[int] = []
    at: SponsorPair | None = pair
    while at is not None and at.id not in ids:
        ids.append(at.id)
        at = session.get(SponsorPair, at.follows_id) if at.follows_id else None
    chosen = select(SponsorContact).where(
        col(SponsorContact.pair_id).in_(ids), col(SponsorContact.confirmed).is_not(False)
    )
    return list(session.exec(chosen.order_by(col(SponsorContact.on).desc())))


def of_alliance(session: Session, alliance_id: int, *, limit: int) -> list[SponsorContact]:
    """The latest talks of an alliance's sponsors, newest first."""
    chosen = select(SponsorContact).where(SponsorContact.alliance_id == alliance_id)
    newest = (col(SponsorContact.on).desc(), col(SponsorContact.id).desc())
    return list(session.exec(chosen.order_by(*newest).limit(limit)))


def outcome_for(session: Session, contact: SponsorContact, reader: Seat) -> str:
    """What came of a talk, as far as somebody may read it. What was not shared does not go on to
    who holds the seat later."""
    if not visibility.may_see(session, reader.member, contact.audience_id):
        return ""
    shared = len(visibility.sides_of(session, contact.audience_id)) > 1
    seat = session.get_one(SponsorSeat, contact.seat_id)
    handed_on = seat.ended_on is not None and seat.person_id != reader.person.id
    if handed_on and not shared and not reader.is_manager:
        return ""
    return contact.outcome


def promises_of(session: Session, pair: SponsorPair, person: Person) -> list[ActionItem]:
    """What somebody promised in the talks of a pair and has not done yet, soonest first."""
    chosen = (
        select(ActionItem)
        .join(SponsorContact, col(SponsorContact.promise_id) == ActionItem.id)
        .where(
            SponsorContact.pair_id == pair.id,
            ActionItem.owner_id == person.id,
            col(ActionItem.status).in_(("open", "proposed")),
        )
    )
    return list(session.exec(chosen.order_by(col(ActionItem.due), col(ActionItem.id))))


def _note(
    session: Session,
    contact: SponsorContact,
    what: str,
    by: Seat,
    after: dict[str, str | int],
    *,
    now: datetime,
) -> None:
    history.note(
        session,
        alliance_id=contact.alliance_id,
        record=RECORD,
        record_id=contact.id,
        what=what,
        by=by.person.id,
        now=now,
        after=after,
    )
