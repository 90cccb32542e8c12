"""Open pulses: a question to everybody in a conversation, answered on 1-5 for all to see.

Closing is the business of `pulse_closing`, counting that of `results`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from governance import cadence, history, visibility
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.items.action_item_news import refresh_cards
from governance.messages import mirrors
from governance.people import consent
from governance.people.members import Seat
from governance.trust import results, tally
from governance.trust.principles import PRINCIPLES, SCALE
from governance.words import length
from storage.tables import Alliance, Audience, Card, Conversation, Person
from storage.trust_tables import Pulse, PulseAnswer, PulsePress

RECORD = "pulse"
CARD_KIND = "pulse"
QUESTION_LIMIT = 200
WORKING_DAYS = 2
"""How long a pulse is open unless somebody says otherwise."""

CLOSES = time(17)
LEAST_OPEN = timedelta(hours=1)
LONGEST_OPEN = timedelta(days=31)
READ_BEFORE = timedelta(seconds=45)
"""Before it closes the reactions are read again."""

SHOWN = 20


@dataclass(frozen=True)
class Question:
    """What is asked, in whole words; `principle` by its key where it is a principle's."""

    words: str
    principle: str = ""


def question(words: str, principle: str) -> Question:
    """Words of one's own, or those of a principle. Raises BotError naming the field."""
    own = " ".join(words.split())
    if length(own) > QUESTION_LIMIT:
        raise BotError(f"Up to {QUESTION_LIMIT} letters.", field="question")
    known = PRINCIPLES.get(principle)
    if not own and known is None:
        raise BotError("Write a question, or choose one of the ten.", field="question")
    same = next((one for one in PRINCIPLES.values() if one.question == own), None)
    if own and same is None:
        return Question(own)
    chosen = same or known
    assert chosen is not None
    return Question(chosen.question, chosen.key)


def day_offered(by: Seat, *, now: datetime) -> date:
    """The day on which a pulse closes unless somebody says otherwise, where the alliance is."""
    return working_day(by.alliance, WORKING_DAYS, now=now)


def working_day(alliance: Alliance, days: int, *, now: datetime) -> date:
    """So many working days from today, where the alliance is."""
    country = cadence.country_of_zone(alliance.zone)
    calendar = cadence.WorkCalendar(zone=alliance.zone, country=country)
    return calendar.add_working_days(calendar.today(now), days)


def closing_on(by: Seat, day: date, *, now: datetime) -> datetime:
    """The end of the working day, where the alliance is. Raises BotError naming the field."""
    at = cadence.at_local(day, CLOSES, by.alliance.zone)
    if at < now + LEAST_OPEN:
        raise BotError("People need a little time: choose a later day.", field="until")
    if at > now + LONGEST_OPEN:
        raise BotError("At most a month from now.", field="until")
    return at


def place_for(session: Session, by: Seat, here: Conversation | None) -> Conversation:
    """Where somebody asks: here, if it belongs to the alliance and they may read it, else in the
    first channel that all firms share. Raises BotError where there is none."""
    if here is not None and _belongs(session, by, here):
        return here
    joint = visibility.joint_audience(session, by.alliance.id).id
    chosen = select(Conversation).where(
        Conversation.alliance_id == by.alliance.id,
        Conversation.audience_id == joint,
        Conversation.kind == "channel",
    )
    first = session.exec(chosen.order_by(col(Conversation.id))).first()
    if first is None:
        raise BotError(f"{by.alliance.name} has no channel where I could ask. `link` one first.")
    return first


def _belongs(session: Session, by: Seat, here: Conversation) -> bool:
    if here.alliance_id != by.alliance.id or here.audience_id is None:
        return False
    return visibility.may_see(session, by.member, here.audience_id)


def open_pulse(
    session: Session,
    by: Seat,
    asked: Question,
    place: Conversation,
    *,
    closes_at: datetime,
    now: datetime,
) -> Pulse:
    """Ask in a conversation, and wherever firms read that can't read there. Raises NotAllowed, and
    PrivateOff for a firm's own before its alliance manager has read who stores it."""
    history.check_open(by.alliance)
    if not _belongs(session, by, place):
        raise NotAllowed("That channel is not yours to ask in. Nothing was posted.")
    assert place.audience_id is not None
    card = Card(
        kind=CARD_KIND,
        alliance_id=by.alliance.id,
        conversation_id=place.id,
        audience_id=place.audience_id,
        opened_by=by.person.id,
        opened_at=now,
    )
    if session.get_one(Audience, place.audience_id).name != visibility.JOINT:
        consent.check_private(session, by, now=now)
    session.add(card)
    session.flush()
    pulse = Pulse(
        alliance_id=by.alliance.id,
        audience_id=card.audience_id,
        card_id=card.id,
        question=asked.words,
        principle=asked.principle,
        opened_by=by.person.id,
        opened_at=now,
        closes_at=closes_at,
        next_at=closes_at - READ_BEFORE,
    )
    session.add(pulse)
    session.flush()
    note(session, pulse, "opened", by.person, now=now)
    is_joint = card.audience_id == visibility.joint_audience(session, by.alliance.id).id
    copies = mirrors.add(session, card, place) if is_joint else []
    refresh_cards(session, [card, *copies], now=now)
    return pulse


def note(session: Session, pulse: Pulse, what: str, by: Person | None, *, now: datetime) -> None:
    history.note(
        session,
        alliance_id=pulse.alliance_id,
        record=RECORD,
        record_id=pulse.id,
        what=what,
        by=by.id if by is not None else None,
        now=now,
    )


def by_token(session: Session, token: str) -> Pulse:
    found = session.exec(select(Pulse).where(Pulse.token == token)).one_or_none()
    if found is None:
        raise NotFound("I can't find that pulse any more.")
    return found


def of_card(session: Session, card: Card) -> Pulse:
    """The pulse that a card, or a mirror of it, shows."""
    return session.exec(select(Pulse).where(Pulse.card_id == mirrors.original(card))).one()


def check_may_read(session: Session, pulse: Pulse, by: Seat) -> None:
    """To whom it is not shown, it is not there. Raises NotFound."""
    if not visibility.may_see(session, by.member, pulse.audience_id):
        raise NotFound("I can't find that pulse any more.")


def record_vote(
    session: Session, pulse: Pulse, by: Seat, account: Person, value: int, *, now: datetime
) -> None:
    """A button that was pressed. Raises Stale once the pulse is over."""
    history.check_open(by.alliance)
    check_may_read(session, pulse, by)
    check_value(value)
    if pulse.state == "cancelled":
        raise Stale("This question was taken back. Nothing was counted.")
    if pulse.state != "open" or now > pulse.closes_at:
        raise Stale("This question is closed, so nothing was changed.")
    _press(session, pulse, account, value, settles=False, now=now)


def settle_vote(
    session: Session, pulse: Pulse, by: Seat, account: Person, value: int, *, now: datetime
) -> None:
    """Somebody says which number they meant. Raises Stale once the figures are final."""
    check_value(value)
    answer = session.get(PulseAnswer, (pulse.id, by.person.id))
    if answer is None or answer.asked_at is None:
        raise NotFound("I can't find that pulse any more.")
    if pulse.state != "closed" or by.alliance.closed_at is not None:
        raise Stale("The figures are final by now, so nothing was changed.")
    _press(session, pulse, account, value, settles=True, now=now)
    results.correct(session, pulse, now=now)


def check_value(value: int) -> None:
    if value not in SCALE:
        raise BotError("Choose from 1 to 5.")


def _press(
    session: Session, pulse: Pulse, account: Person, value: int, *, settles: bool, now: datetime
) -> None:
    press = session.get(PulsePress, (pulse.id, account.id))
    press = press or PulsePress(pulse_id=pulse.id, account_id=account.id, value=value, at="")
    press.value, press.at, press.settles = value, tally.stamp(now), settles
    session.add(press)
    session.flush()


def may_cancel(pulse: Pulse, by: Seat) -> bool:
    """Who asked, and the alliance managers of the firms that are asked."""
    return pulse.opened_by == by.person.id or by.is_manager


def cancel(session: Session, pulse: Pulse, by: Seat, *, now: datetime) -> None:
    """Take the question back; nothing is counted. Raises NotAllowed, Stale and NotFound."""
    check_may_read(session, pulse, by)
    if not may_cancel(pulse, by):
        name = session.get_one(Person, pulse.opened_by).name
        raise NotAllowed(f"{name}, who asked, can take it back, or an alliance manager.")
    if pulse.state != "open":
        raise Stale("That question is over already. Nothing was changed.")
    note(session, pulse, "cancelled", by.person, now=now)
    pulse.cancelled_by = by.person.id
    end(session, pulse, now=now)


def end(session: Session, pulse: Pulse, *, now: datetime) -> None:
    """Without a count: it was taken back, or its alliance was closed."""
    pulse.state, pulse.cancelled_at, pulse.next_at = "cancelled", now, None
    session.add(pulse)
    session.flush()
    results.redraw(session, pulse, now=now)


def shown_to(session: Session, by: Seat, *, limit: int = SHOWN) -> list[Pulse]:
    """The pulses that somebody may read, the newest first."""
    chosen = select(Pulse).where(
        Pulse.alliance_id == by.alliance.id,
        col(Pulse.audience_id).in_(visibility.audiences_of(by.member)),
    )
    return list(session.exec(chosen.order_by(col(Pulse.id).desc()).limit(limit)))
