"""What an alliance manager asks a sponsor of their own firm for, and what came of it."""

from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from governance import cadence, history, visibility
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.items.action_item_rules import check_day
from governance.messages import outbox
from governance.people import consent, members
from governance.people.members import Seat
from governance.sponsors import naming, news
from governance.words import length
from storage.sponsor_tables import SponsorAsk, SponsorNudge, SponsorSeat
from storage.tables import Alliance, Outbox, Person

RECORD = "sponsor_ask"
TEXT_LIMIT = 500
REMIND_AFTER = 3
"""Working days of the sponsor without an answer, each time."""

REMINDED_AT_MOST = 2
ASKED_AFTER = 10
"""Working days after which it is asked once whether what was taken on is done."""

OPEN = ("asked", "taken")
BATCH = 100


def put(
    session: Session, by: Seat, seat: SponsorSeat, text: str, due: date | None, *, now: datetime
) -> SponsorAsk:
    """Ask a sponsor of one's own firm for help. Raises BotError naming the field, NotAllowed for
    another firm's sponsor, and for one who has not said yes yet."""
    history.check_open(by.alliance)
    _check_may_ask(session, by, seat)
    text = " ".join(text.split())
    if not text:
        raise BotError("What do you ask them for?", field="text")
    if length(text) > TEXT_LIMIT:
        raise BotError(f"Keep it under {TEXT_LIMIT} letters: one thing they can do.", field="text")
    if due is not None:
        check_day(due, by.person, now)
    consent.check_private(session, by, now=now)
    ask = SponsorAsk(
        alliance_id=by.alliance.id,
        seat_id=seat.id,
        audience_id=visibility.inner_audience(session, by.alliance.id, [seat.side_id]).id,
        asked_by=by.person.id,
        text=text,
        due=due,
        created_at=now,
    )
    session.add(ask)
    session.flush()
    _note(session, ask, "asked", by, now=now)
    _remind(session, ask, now=now)
    return ask


def _check_may_ask(session: Session, by: Seat, seat: SponsorSeat) -> None:
    if seat.side_id != by.side.id:
        raise NotAllowed(
            "A sponsor is asked by the alliance manager of their own firm. Ask your counterpart: "
            "`action @them …` in the shared channel."
        )
    naming.check_manages(by, seat.side_id, by.side.firm)
    if seat.state != "accepted":
        name = session.get_one(Person, seat.person_id).name
        raise NotAllowed(
            f"{name} has not said yes to being your sponsor yet, so I don't write to them. "
            "`sponsors` sends the welcome."
        )


def _remind(session: Session, ask: SponsorAsk, *, now: datetime) -> None:
    """Put the ask before the sponsor, and look again after three of their working days."""
    seat = session.get_one(SponsorSeat, ask.seat_id)
    _put_before(session, ask, seat, now=now)
    _look_again(session, ask, seat, now=now)


def _put_before(session: Session, ask: SponsorAsk, seat: SponsorSeat, *, now: datetime) -> None:
    alliance = session.get_one(Alliance, ask.alliance_id)
    outbox.put(
        session,
        outbox.SPONSOR_ASK,
        {"ask": ask.id},
        key=f"sponsor_ask:{ask.id}",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=seat.person_id,
        now=now,
    )
    session.add(ask)
    session.flush()


def _look_again(session: Session, ask: SponsorAsk, seat: SponsorSeat, *, now: datetime) -> None:
    ask.next_at = _next(session.get_one(Person, seat.person_id), ask, now)
    session.add(ask)
    session.flush()


def _is_in_the_week(session: Session, seat: SponsorSeat, *, now: datetime) -> bool:
    """Whether the week's message, which begins with what waits, comes or came to them today."""
    calendar = members.calendar_of(session.get_one(Person, seat.person_id))
    today = calendar.today(now)
    if seat.next_at is not None and calendar.today(seat.next_at) == today:
        return True
    came = select(SponsorNudge.id).where(
        SponsorNudge.seat_id == seat.id, SponsorNudge.on == today, SponsorNudge.reason == "ask"
    )
    return session.exec(came).first() is not None


def _next(person: Person, ask: SponsorAsk, now: datetime) -> datetime:
    """After three of their working days, or on the day by which it is wanted where that is
    sooner; of what was taken on, the working day after that day, or after two weeks."""
    calendar = members.calendar_of(person)
    today = calendar.today(now)
    if ask.state == "taken":
        wanted = ask.due if ask.due is not None and ask.due > today else None
        day = calendar.add_working_days(wanted or today, 1 if wanted else ASKED_AFTER)
    else:
        day = calendar.add_working_days(today, REMIND_AFTER)
        if ask.due is not None and today < ask.due < day:
            day = calendar.on_or_after(ask.due)
    return cadence.at_local(day, members.digest_time(person), calendar.zone)


def next_due(session: Session) -> datetime | None:
    chosen = (
        select(SponsorAsk.next_at)
        .join(Alliance, col(Alliance.id) == SponsorAsk.alliance_id)
        .where(col(SponsorAsk.next_at).is_not(None), col(Alliance.closed_at).is_(None))
    )
    return session.exec(chosen.order_by(col(SponsorAsk.next_at)).limit(1)).first()


def queue_due(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Remind of every ask that has waited long enough: twice, then its alliance manager hears that
    there is no answer. What was taken on is asked after once. In an alliance that is closed they
    wait. Returns how many were due."""
    chosen = (
        select(SponsorAsk)
        .join(Alliance, col(Alliance.id) == SponsorAsk.alliance_id)
        .where(col(SponsorAsk.next_at) <= now, col(Alliance.closed_at).is_(None))
        .order_by(col(SponsorAsk.next_at))
        .limit(limit)
        .with_for_update(skip_locked=True, of=SponsorAsk)
    )
    due = list(session.exec(chosen))
    for ask in due:
        if _claimed(session, ask):
            _go_on(session, ask, now=now)
    return len(due)


def _claimed(session: Session, ask: SponsorAsk) -> bool:
    """Nobody else reminds of it meanwhile."""
    mine = (col(SponsorAsk.id) == ask.id, col(SponsorAsk.next_at) == ask.next_at)
    taken = session.connection().execute(update(SponsorAsk).where(*mine).values(next_at=None))
    session.refresh(ask)
    return taken.rowcount == 1


def _go_on(session: Session, ask: SponsorAsk, *, now: datetime) -> None:
    seat = session.get_one(SponsorSeat, ask.seat_id)
    if seat.ended_on is not None:
        return
    if ask.state == "taken":
        ask.reminded += 1
        _put_before(session, ask, seat, now=now)
        return
    if not waits(ask):
        return
    if ask.reminded < REMINDED_AT_MOST:
        ask.reminded += 1
        if _is_in_the_week(session, seat, now=now):
            _look_again(session, ask, seat, now=now)
        else:
            _remind(session, ask, now=now)
        return
    _tell_asker(session, ask, "no_answer", "", now=now)


def waits(ask: SponsorAsk) -> bool:
    """Whether it is for the sponsor to answer, and not for who asked."""
    return ask.state == "asked" and (not ask.question or bool(ask.reply))


def by_token(session: Session, token: str, by: Seat | None = None) -> SponsorAsk:
    """The ask that a button means. Raises NotFound, in the same words for what is missing and for
    what they may not see."""
    ask = session.exec(select(SponsorAsk).where(SponsorAsk.token == token)).one_or_none()
    if ask is None or (
        by is not None
        and (
            ask.alliance_id != by.alliance.id
            or not visibility.may_see(session, by.member, ask.audience_id)
        )
    ):
        raise NotFound("I can't find that any more.")
    return ask


def take(session: Session, ask: SponsorAsk, by: Seat, *, now: datetime) -> None:
    """*I'll do it*."""
    _check_answers(session, ask, by, "asked")
    ask.reminded = 0
    _set(session, ask, by, "taken", now=now)
    _look_again(session, ask, session.get_one(SponsorSeat, ask.seat_id), now=now)


def complete(session: Session, ask: SponsorAsk, by: Seat, effect: str, *, now: datetime) -> None:
    """It is done, with what came of it in a line."""
    _check_answers(session, ask, by, *OPEN)
    ask.effect, ask.closed_at = _words(effect, "effect"), now
    _set(session, ask, by, "done", now=now)


def pass_to(session: Session, ask: SponsorAsk, by: Seat, whom: str, *, now: datetime) -> None:
    """Somebody else should be asked."""
    _check_answers(session, ask, by, *OPEN)
    ask.effect, ask.closed_at = _words(whom, "whom"), now
    _set(session, ask, by, "passed", now=now)


def ask_back(session: Session, ask: SponsorAsk, by: Seat, question: str, *, now: datetime) -> None:
    """The sponsor needs to know more first: it waits for who asked."""
    _check_answers(session, ask, by, *OPEN)
    ask.question, ask.reply = _words(question, "question"), ""
    _set(session, ask, by, "asked", now=now, what="asked_back", at_once=True)


def answer_back(session: Session, ask: SponsorAsk, by: Seat, reply: str, *, now: datetime) -> None:
    """Who asked says what the sponsor wanted to know; the ask is put before them again."""
    seat = session.get_one(SponsorSeat, ask.seat_id)
    naming.check_manages(by, seat.side_id, by.side.firm)
    if ask.state != "asked" or not ask.question:
        raise Stale("That has moved on meanwhile. `sponsors` shows how it stands.")
    ask.reply = _words(reply, "reply")
    session.add(ask)
    _note(session, ask, "answered_back", by, now=now)
    _remind(session, ask, now=now)


def withdraw(session: Session, ask: SponsorAsk, by: Seat, *, now: datetime) -> None:
    """It is not needed any more."""
    seat = session.get_one(SponsorSeat, ask.seat_id)
    naming.check_manages(by, seat.side_id, by.side.firm)
    if ask.state not in OPEN:
        raise Stale("That has moved on meanwhile. `sponsors` shows how it stands.")
    ask.closed_at, ask.next_at = now, None
    ask.state = "withdrawn"
    session.add(ask)
    session.flush()
    _note(session, ask, "withdrawn", by, now=now)
    outbox.cancel(
        session, col(Outbox.dedup_key) == f"sponsor_ask:{ask.id}", why="withdrawn", now=now
    )
    news.refresh(session, RECORD, ask.id, now=now)


def _check_answers(session: Session, ask: SponsorAsk, by: Seat, *states: str) -> None:
    """The sponsor answers, nobody for them: an ask is between them and who asked."""
    seat = session.get_one(SponsorSeat, ask.seat_id)
    if seat.person_id != by.person.id or seat.ended_on is not None:
        raise NotAllowed("Only the sponsor who was asked answers that.")
    if ask.state not in states:
        raise Stale("That is settled already. Thank you.")


def _words(text: str, field: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise BotError("A few words, please.", field=field)
    if length(said) > news.WORDS_LIMIT:
        raise BotError(f"Keep it under {news.WORDS_LIMIT} letters.", field=field)
    return said


def _set(
    session: Session,
    ask: SponsorAsk,
    by: Seat,
    state: str,
    *,
    now: datetime,
    what: str = "",
    at_once: bool = False,
) -> None:
    ask.state, ask.next_at = state, None
    session.add(ask)
    session.flush()
    _note(session, ask, what or state, by, now=now)
    _tell_asker(session, ask, what or state, by.person.name, now=now, at_once=at_once)
    news.refresh(session, RECORD, ask.id, now=now)


def _tell_asker(
    session: Session, ask: SponsorAsk, what: str, by: str, *, now: datetime, at_once: bool = False
) -> None:
    """Whoever asked hears; where they manage no more, their firm's alliance managers do."""
    alliance = session.get_one(Alliance, ask.alliance_id)
    seat = session.get_one(SponsorSeat, ask.seat_id)
    facts = {"what": f"ask_{what}", "ask": ask.id, "by": by}
    managers = members.managers(session, alliance.id, seat.side_id, now=now)
    asker = [person.id for person in managers if person.id == ask.asked_by]
    told = asker or [person.id for person in managers]
    news.tell(session, alliance, seat, facts, told, now=now, at_once=at_once)


def _note(session: Session, ask: SponsorAsk, what: str, by: Seat, *, now: datetime) -> None:
    history.note(
        session,
        alliance_id=ask.alliance_id,
        record=RECORD,
        record_id=ask.id,
        what=what,
        by=by.person.id,
        now=now,
    )
