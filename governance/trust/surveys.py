"""Private pulses: people answer alone, and what is shown gives nobody's answer away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, delete, select

from governance import cadence, history, visibility
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.firms import sides
from governance.messages import outbox
from governance.people import consent, members
from governance.people.members import Seat
from governance.trust import privacy, questions
from governance.trust.principles import SCALE
from governance.trust.questions import How
from governance.words import length
from storage.queries import insert_new
from storage.survey_tables import (
    Survey,
    SurveyAnswer,
    SurveyComment,
    SurveyFigure,
    SurveyReader,
)
from storage.tables import Alliance, Person, Side

RECORD = "survey"
COMMENT_LIMIT = 300
CLOSES = time(18)
"""By the alliance's own clock, on the last day."""

REMINDS = time(9)
"""On the last day."""

LONGEST = timedelta(days=60)
BATCH = 20
Mode = Literal["private", "named"]
THRESHOLDS = (3, 4, 5)


@dataclass(frozen=True)
class Plan:
    """What an alliance manager wants to ask. `own`: of their firm alone, unseen by the partner."""

    own: bool
    how: How
    last_day: date
    threshold: int = privacy.THRESHOLD
    mode: Mode = "private"


def check(by: Seat, plan: Plan, *, now: datetime) -> None:
    """Raises BotError naming the field, and NotAllowed for who is no confirmed alliance manager."""
    history.check_open(by.alliance)
    if not by.is_manager or by.member.stated:
        raise NotAllowed("The alliance managers ask that. `checkin` says how it is for you.")
    if plan.threshold not in THRESHOLDS:
        raise BotError("Three, four or five.", field="threshold")
    if plan.how not in ("four", "ten"):
        raise BotError("Choose the questions.", field="how")
    if plan.mode not in ("private", "named"):
        raise BotError("Choose who sees what.", field="mode")
    today = cadence.WorkCalendar(by.alliance.zone).today(now)
    if plan.last_day <= today:
        raise BotError("Choose a day from tomorrow on.", field="last_day")
    if plan.last_day - today > LONGEST:
        raise BotError("Within two months, please.", field="last_day")


def asked(session: Session, by: Seat, plan: Plan, *, now: datetime) -> list[tuple[Person, Side]]:
    """Whom it would ask: everybody with a place whom the bot may write to, and who is not being
    asked something else; of their own firm alone only who is confirmed."""
    busy = _in_flight(session, by.alliance.id)
    return [
        (person, side)
        for member, person, side in members.members(session, by.alliance.id, now=now)
        if consent.has_agreed(member, side)
        and person.id not in busy
        and not (plan.own and (side.id != by.side.id or member.stated))
    ]


def _in_flight(session: Session, alliance_id: int) -> set[int]:
    chosen = (
        select(SurveyReader.person_id)
        .join(Survey, col(Survey.id) == SurveyReader.survey_id)
        .where(Survey.state == "open")
    )
    return set(session.exec(chosen))


def to_ask(session: Session, by: Seat, plan: Plan) -> list[questions.Question]:
    """The questions, in turn after those that were asked before of the same people."""
    chosen = select(Survey).where(
        Survey.alliance_id == by.alliance.id, Survey.state != "cancelled", _of(by, plan)
    )
    earlier = session.exec(chosen.order_by(col(Survey.id).desc()).limit(5))
    return questions.of_pulse(plan.how, [[key for key, _ in one.questions] for one in earlier])


def _of(by: Seat, plan: Plan) -> ColumnElement[bool]:
    return col(Survey.side_id) == by.side.id if plan.own else col(Survey.side_id).is_(None)


def open_survey(session: Session, by: Seat, plan: Plan, *, now: datetime) -> Survey:
    """Ask everybody, each alone. Raises as `check`, and BotError where nobody can be asked."""
    check(by, plan, now=now)
    people = asked(session, by, plan, now=now)
    if not people:
        raise BotError("There is nobody to ask just now; somebody may be answering another one.")
    zone = by.alliance.zone
    survey = Survey(
        alliance_id=by.alliance.id,
        side_id=by.side.id if plan.own else None,
        mode=plan.mode,
        threshold=plan.threshold,
        questions=[list(one) for one in to_ask(session, by, plan)],
        opened_by=by.person.id,
        opened_at=now,
        closes_on=plan.last_day,
        closes_at=cadence.at_local(plan.last_day, CLOSES, zone),
        next_at=cadence.at_local(plan.last_day, REMINDS, zone),
    )
    session.add(survey)
    session.flush()
    readers = [
        {
            "survey_id": survey.id,
            "person_id": p.id,
            "side_id": side.id,
            "position": 0,
            "comment": "",
        }
        for p, side in people
    ]
    insert_new(session, SurveyReader, readers, unique=["survey_id", "person_id"])
    _put(session, by.alliance, survey, [p.id for p, _ in people], "ask", now=now)
    return survey


def _put(
    session: Session,
    alliance: Alliance,
    survey: Survey,
    people: Iterable[int],
    what: str,
    *,
    now: datetime,
) -> None:
    kind = outbox.SURVEY_NEWS if what == "closed" else outbox.SURVEY_ASK
    outbox.put_many(
        session,
        [
            outbox.row(
                kind,
                {"survey": survey.id, "what": what},
                key=f"survey:{survey.id}:{what}:{person_id}",
                installation_id=alliance.installation_id,
                alliance_id=alliance.id,
                person_id=person_id,
                now=now,
                held=what == "closed",
            )
            for person_id in people
        ],
    )


def by_token(session: Session, token: str) -> Survey:
    found = session.exec(select(Survey).where(Survey.token == token)).one_or_none()
    if found is None:
        raise NotFound("I can't find that any more.")
    return found


def reader(session: Session, survey: Survey, by: Seat) -> SurveyReader:
    """What somebody is asked; it is theirs alone. Raises NotFound for who is not asked."""
    found = session.get(SurveyReader, (survey.id, by.person.id))
    if found is None or found.side_id != by.side.id:
        raise NotFound("I can't find that any more.")
    return found


def may_read(survey: Survey, by: Seat) -> bool:
    """Whether somebody may know of it: of one firm's, its confirmed people."""
    if survey.alliance_id != by.alliance.id:
        return False
    return survey.side_id is None or (survey.side_id == by.side.id and not by.member.stated)


def answer(
    session: Session, survey: Survey, by: Seat, question: str, value: int | None, *, now: datetime
) -> None:
    """Somebody's answer to a question, or that they skip it; the last one counts. Raises Stale once
    it is closed."""
    mine = _open_reader(session, survey, by, now=now)
    keys = [key for key, _ in survey.questions]
    if question not in keys or (value is not None and value not in SCALE):
        raise BotError("Choose one of the buttons.")
    key = (survey.id, by.person.id, question)
    given = session.get(SurveyAnswer, key)
    if value is None:
        if given is not None:
            session.delete(given)
    else:
        given = given or SurveyAnswer(
            survey_id=survey.id, person_id=by.person.id, question=question, value=value
        )
        given.value = value
        session.add(given)
    mine.position = keys.index(question) + 1
    session.add(mine)
    session.flush()


def begin_again(session: Session, survey: Survey, by: Seat, *, now: datetime) -> None:
    """From the first question; what was answered stays until it is changed."""
    mine = _open_reader(session, survey, by, now=now)
    mine.position = 0
    session.add(mine)
    session.flush()


def comment(session: Session, survey: Survey, by: Seat, words: str, *, now: datetime) -> None:
    """A line for the alliance managers of one's own firm, without a name."""
    mine = _open_reader(session, survey, by, now=now)
    said = " ".join(words.split())
    if length(said) > COMMENT_LIMIT:
        raise BotError(f"Keep it under {COMMENT_LIMIT} letters.", field="comment")
    mine.comment = said
    session.add(mine)
    session.flush()


def _open_reader(session: Session, survey: Survey, by: Seat, *, now: datetime) -> SurveyReader:
    mine = reader(session, survey, by)
    if survey.state != "open" or now >= survey.closes_at:
        raise Stale("It is closed. What you answered before counts.")
    return mine


def cancel(session: Session, survey: Survey, by: Seat, *, now: datetime) -> None:
    """Whoever asked, or an alliance manager of the firm it is for, ends it; nothing is shown and
    what was answered is deleted."""
    if by.person.id != survey.opened_by and not (by.is_manager and may_read(survey, by)):
        raise NotAllowed("Whoever asked can end it.")
    if survey.state != "open":
        raise Stale("It is over already.")
    survey.state, survey.next_at = "cancelled", None
    session.add(survey)
    session.exec(delete(SurveyAnswer).where(col(SurveyAnswer.survey_id) == survey.id))
    session.flush()


def next_due(session: Session) -> datetime | None:
    chosen = select(Survey.next_at).where(col(Survey.next_at).is_not(None))
    return session.exec(chosen.order_by(col(Survey.next_at)).limit(1)).first()


def run_due(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Remind on the last day whoever has not answered, close what is over; how many were due."""
    chosen = (
        select(Survey)
        .where(col(Survey.next_at) <= now)
        .order_by(col(Survey.next_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = list(session.exec(chosen))
    for survey in due:
        if _claimed(session, survey):
            _go_on(session, survey, now=now)
    return len(due)


def _claimed(session: Session, survey: Survey) -> bool:
    mine = (col(Survey.id) == survey.id, col(Survey.next_at) == survey.next_at)
    taken = session.connection().execute(update(Survey).where(*mine).values(next_at=None))
    session.refresh(survey)
    return taken.rowcount == 1


def _go_on(session: Session, survey: Survey, *, now: datetime) -> None:
    alliance = session.get_one(Alliance, survey.alliance_id)
    if now >= survey.closes_at:
        close(session, survey, alliance, now=now)
        return
    survey.reminded, survey.next_at = True, survey.closes_at
    session.add(survey)
    waiting = [
        one.person_id
        for one in readers(session, survey)
        if one.position < len(survey.questions) and alliance.closed_at is None
    ]
    _put(session, alliance, survey, waiting, "remind", now=now)


def readers(session: Session, survey: Survey) -> list[SurveyReader]:
    chosen = select(SurveyReader).where(SurveyReader.survey_id == survey.id)
    return list(session.exec(chosen.order_by(col(SurveyReader.person_id))))


def close(session: Session, survey: Survey, alliance: Alliance, *, now: datetime) -> None:
    """Show what may be shown, once and for all, and tell who was asked."""
    survey.state, survey.next_at = "closed", None
    session.add(survey)
    counted = _still_here(session, survey, now=now)
    enough = _answering(session, survey, counted)
    for key, _ in survey.questions:
        _publish(session, survey, key, counted)
    _part_from_names(session, survey, enough)
    session.flush()
    _put(session, alliance, survey, sorted(counted), "closed", now=now)


def _answering(session: Session, survey: Survey, counted: dict[int, int]) -> set[int]:
    """The firms of which enough people answered anything."""
    chosen = select(SurveyAnswer.person_id).where(SurveyAnswer.survey_id == survey.id).distinct()
    firms = [counted[person] for person in session.exec(chosen) if person in counted]
    return {firm for firm in firms if firms.count(firm) >= survey.threshold}


def _part_from_names(session: Session, survey: Survey, enough: set[int]) -> None:
    """Comments stay without who wrote them, where enough of their firm answered; single answers
    are deleted, but where everybody knew that they would be shown by name."""
    said = [one for one in readers(session, survey) if one.comment]
    for one in sorted(said, key=lambda one: one.comment):
        if one.side_id in enough:
            session.add(SurveyComment(survey_id=survey.id, side_id=one.side_id, words=one.comment))
        one.comment = ""
        session.add(one)
    if survey.mode == "private":
        session.exec(delete(SurveyAnswer).where(col(SurveyAnswer.survey_id) == survey.id))


def _still_here(session: Session, survey: Survey, *, now: datetime) -> dict[int, int]:
    """Everybody asked who is on that side still, by person."""
    found = {}
    for one in readers(session, survey):
        seat = visibility.current_member(session, survey.alliance_id, one.person_id, now=now)
        if seat is not None and seat.side_id == one.side_id:
            found[one.person_id] = one.side_id
    return found


def answers_to(
    session: Session, survey: Survey, question: str, counted: Iterable[int]
) -> dict[int, int]:
    chosen = select(SurveyAnswer).where(
        SurveyAnswer.survey_id == survey.id,
        SurveyAnswer.question == question,
        col(SurveyAnswer.person_id).in_(list(counted)),
    )
    return {one.person_id: one.value for one in session.exec(chosen)}


def _publish(session: Session, survey: Survey, question: str, counted: dict[int, int]) -> None:
    if survey.mode != "private":
        return
    given = answers_to(session, survey, question, counted)
    shown = _shown_before(session, survey, question)
    for group in privacy.groups(given, counted, threshold=survey.threshold):
        figure = privacy.figure(group)
        if not privacy.may_stand_beside(figure, shown):
            continue
        shown.append(figure)
        firms = {counted[person] for person in group}
        session.add(
            SurveyFigure(
                survey_id=survey.id,
                alliance_id=survey.alliance_id,
                question=question,
                side_id=firms.pop() if len(firms) == 1 else None,
                low=figure.low,
                high=figure.high,
                people=sorted(group),
            )
        )


def _shown_before(session: Session, survey: Survey, question: str) -> list[privacy.Figure]:
    """All that was shown of a question, to whomever: people talk."""
    chosen = select(SurveyFigure).where(
        SurveyFigure.alliance_id == survey.alliance_id, SurveyFigure.question == question
    )
    return [
        privacy.Figure(frozenset(one.people), one.low, one.high) for one in session.exec(chosen)
    ]


def listed(session: Session, by: Seat, *, limit: int) -> list[Survey]:
    """Those that somebody may know of, the newest first."""
    chosen = select(Survey).where(Survey.alliance_id == by.alliance.id)
    found = session.exec(chosen.order_by(col(Survey.id).desc()).limit(limit))
    return [one for one in found if may_read(one, by)]


def figures(session: Session, survey: Survey) -> dict[str, list[SurveyFigure]]:
    """What was shown, by question, firms in their order."""
    chosen = select(SurveyFigure).where(SurveyFigure.survey_id == survey.id)
    order = {side.id: side.position for side in sides.of(session, survey.alliance_id)}
    found: dict[str, list[SurveyFigure]] = {}
    for one in session.exec(chosen):
        found.setdefault(one.question, []).append(one)
    for several in found.values():
        several.sort(key=lambda one: order.get(one.side_id or 0, len(order)))
    return found


def before(session: Session, figure: SurveyFigure) -> SurveyFigure | None:
    """The last figure that the same firm had to the same question."""
    chosen = select(SurveyFigure).where(
        SurveyFigure.alliance_id == figure.alliance_id,
        SurveyFigure.question == figure.question,
        SurveyFigure.side_id == figure.side_id,
        SurveyFigure.id < figure.id,
    )
    return session.exec(chosen.order_by(col(SurveyFigure.id).desc())).first()


def comments_for(session: Session, survey: Survey, by: Seat) -> list[str]:
    """What people of one's own firm added, for its alliance managers, without names and in an order
    that tells nothing; none where too few of them answered."""
    if not by.is_manager or by.member.stated:
        return []
    chosen = select(SurveyComment.words).where(
        SurveyComment.survey_id == survey.id, SurveyComment.side_id == by.side.id
    )
    return list(session.exec(chosen.order_by(col(SurveyComment.id))))


def named_answers(session: Session, survey: Survey, question: str) -> Sequence[tuple[Person, int]]:
    """Of one that was openly named: who answered what."""
    if survey.mode != "named" or survey.state != "closed":
        return []
    people = [one.person_id for one in readers(session, survey)]
    given = answers_to(session, survey, question, people)
    return [(session.get_one(Person, person), value) for person, value in sorted(given.items())]
