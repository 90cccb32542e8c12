"""What people read of a private pulse: the questions, one a screen, and what came of it."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from governance import visibility
from governance.people.members import Seat
from governance.trust import surveys
from governance.trust.principles import PRINCIPLES, SCALE, SCALE_WORDS
from handlers.dates import say_day
from handlers.items.action_item_views import today_for
from handlers.views import (
    Block,
    Button,
    Buttons,
    Heading,
    Message,
    Note,
    Quote,
    Row,
    Spans,
    Text,
    Words,
    bold,
    words,
)
from storage.survey_tables import Survey, SurveyAnswer, SurveyFigure, SurveyReader
from storage.tables import Alliance, Outbox, Person, Side

Made = tuple[Message, tuple[tuple[str, int], ...]]
SMALL = 8
"""With fewer answers a move of less than one point reads “about the same”."""


def who_sees_what(survey: Survey, firm: str) -> str:
    """The label: exactly who sees what."""
    if survey.mode == "named":
        readers = f"{firm} only" if survey.side_id else "everybody in the alliance"
        return f"With your name: {readers} reads who answered what."
    where = f"Only {firm} knows of it. " if survey.side_id else "Both firms see the same figures. "
    return (
        f"{where}Averages of a firm, if {survey.threshold} or more of it answer; never who "
        "answered what. A comment goes to your own firm's alliance managers without your name. "
        "Whoever runs the server could read the answers until it closes; then they are deleted."
    )


def message(
    session: Session, row: Outbox, reader: Person, *, now: datetime, again: bool
) -> Made | None:
    """The question before somebody, or that they are through."""
    survey = session.get_one(Survey, row.facts["survey"])
    seat = _seat(session, survey, reader, now=now)
    mine = session.get(SurveyReader, (survey.id, reader.id))
    if seat is None or mine is None or mine.side_id != seat.side.id:
        return None
    is_open = survey.state == "open" and now < survey.closes_at
    if not again and (not is_open or _has_answered_when_reminded(row, mine, survey)):
        return None
    today = today_for(reader, now)
    body = _screen(session, survey, mine, today) if is_open else _over(survey)
    note = Note(words(who_sees_what(survey, seat.side.firm)))
    asked_by = session.get_one(Person, survey.opened_by).name
    lead = f"{seat.alliance.name}: {len(survey.questions)} short questions from {asked_by}"
    return Message((*body, note), lead=lead), ((surveys.RECORD, survey.id),)


def _has_answered_when_reminded(row: Outbox, mine: SurveyReader, survey: Survey) -> bool:
    return row.facts["what"] == "remind" and mine.position >= len(survey.questions)


def _screen(session: Session, survey: Survey, mine: SurveyReader, today: date) -> list[Block]:
    until = say_day(survey.closes_on, today=today)
    if mine.position >= len(survey.questions):
        return _through(survey, mine, until)
    key, question = survey.questions[mine.position]
    given = session.get(SurveyAnswer, (survey.id, mine.person_id, key))
    chosen = f" You answered {given.value}." if given else ""
    return [
        Text((bold(question), Words(chosen))),
        Buttons(
            tuple(
                Button(f"{n} {SCALE_WORDS[n]}", "survey.answer", f"{survey.token}:{key}:{n}")
                for n in SCALE
            )
        ),
        Buttons((Button("Skip", "survey.skip", f"{survey.token}:{key}"),)),
        Note(words(f"{mine.position + 1} of {len(survey.questions)} · until {until}")),
    ]


def _through(survey: Survey, mine: SurveyReader, until: str) -> list[Block]:
    label = "Change my comment" if mine.comment else "Add a comment"
    return [
        Text((bold("Thank you."), Words(f" You can change your answers until {until}."))),
        Buttons(
            (
                Button("Change my answers", "survey.again", survey.token),
                Button(label, "survey.comment", survey.token),
            )
        ),
    ]


def _over(survey: Survey) -> list[Block]:
    if survey.state == "cancelled":
        return [Text(words("This was called off; nothing of it is shown or kept."))]
    if survey.state == "open":
        return [Text(words("This has closed. You hear what came of it."))]
    return [
        Text(words("This has closed.")),
        Buttons((Button("What came of it", "survey.show", survey.token),)),
    ]


def _seat(session: Session, survey: Survey, reader: Person, *, now: datetime) -> Seat | None:
    taken = visibility.current_seat(session, survey.alliance_id, reader.id, now=now)
    alliance = session.get_one(Alliance, survey.alliance_id)
    seat = Seat(reader, *taken, alliance) if taken else None
    return seat if seat is not None and surveys.may_read(survey, seat) else None


def news(
    session: Session, facts: dict[str, Any], reader: Person, *, now: datetime
) -> tuple[Spans, Button] | None:
    """That it has closed, for who may know of it."""
    survey = session.get_one(Survey, facts["survey"])
    if _seat(session, survey, reader, now=now) is None or survey.state != "closed":
        return None
    said = words(bold("The answers to the private pulse are in"), Words("."))
    return said, Button("What came of it", "survey.show", survey.token)


def news_message(session: Session, row: Outbox, reader: Person, *, now: datetime) -> Made | None:
    made = news(session, row.facts, reader, now=now)
    if made is None:
        return None
    body: tuple[Block, ...] = (Text(made[0]), Buttons((made[1],)))
    return Message(body), ((surveys.RECORD, row.facts["survey"]),)


def results(session: Session, survey: Survey, by: Seat, *, today: date) -> Message:
    """What came of it, the widest gap between firms first."""
    day = say_day(survey.closes_on, today=today)
    blocks: list[Block] = [Heading(f"Private pulse of {day} · {by.alliance.name}")]
    if survey.state != "closed":
        until = "It is open until" if survey.state == "open" else "It was called off before"
        blocks.append(Text(words(f"{until} {day}. Nothing is shown before it closes.")))
        return Message(tuple(blocks))
    shown = surveys.figures(session, survey)
    for key, question in sorted(survey.questions, key=lambda one: -_gap(shown.get(one[0], []))):
        blocks.append(Text(_answered(session, survey, key, question, shown.get(key, []))))
    blocks += [Quote((Words(one),)) for one in surveys.comments_for(session, survey, by)]
    blocks.append(Note(words(who_sees_what(survey, by.side.firm))))
    return Message(tuple(blocks))


def _answered(
    session: Session, survey: Survey, key: str, question: str, shown: list[SurveyFigure]
) -> Spans:
    lines = [_figure_line(session, one) for one in shown]
    if survey.mode == "named":
        given = surveys.named_answers(session, survey, key)
        lines = [f"{person.name}: {value}" for person, value in given] or ["nobody answered"]
    gap = _gap(shown)
    said = [*lines] or ["too few answers to show"]
    if gap >= 1:
        said.append(f"a gap of {_point(gap)} between the firms")
    name = PRINCIPLES[key].name if key in PRINCIPLES else question
    return words(bold(f"{name}: {question}"), Words("".join(f"\n{line}" for line in said)))


def _figure_line(session: Session, figure: SurveyFigure) -> str:
    who = session.get_one(Side, figure.side_id).firm if figure.side_id else "Several firms together"
    count = len(figure.people)
    earlier = surveys.before(session, figure)
    trend = f", {_moved(earlier, figure)}" if earlier is not None else ""
    return f"{who}: {_average(figure)} of 5 ({count} answers){trend}"


def _average(figure: SurveyFigure) -> str:
    low, high = _range(figure)
    if low == high:
        return _point(low)
    return f"{_point(high)} or less" if low == 1 else f"{_point(low)} or more"


def _range(figure: SurveyFigure) -> tuple[Fraction, Fraction]:
    count = len(figure.people)
    return Fraction(figure.low, count), Fraction(figure.high, count)


def _point(value: Fraction) -> str:
    return f"{float(value):.1f}"


def _moved(earlier: SurveyFigure, figure: SurveyFigure) -> str:
    """How it moved since the last time, in words where the group is small."""
    (old_low, old_high), (low, high) = _range(earlier), _range(figure)
    by = low - old_high if low > old_high else high - old_low if high < old_low else Fraction(0)
    few = min(len(earlier.people), len(figure.people)) < SMALL
    if by == 0 or (few and abs(by) < 1):
        return "about the same as last time"
    return f"{'up' if by > 0 else 'down'} {_point(abs(by))} since last time"


def _gap(shown: Iterable[SurveyFigure]) -> Fraction:
    """By how much two firms' figures lie apart at least."""
    ranges = [_range(one) for one in shown if one.side_id is not None]
    apart = [one[0] - other[1] for one in ranges for other in ranges]
    return max([*apart, Fraction(0)])


def row_of(session: Session, survey: Survey, today: date) -> Row:
    day = say_day(survey.closes_on, today=today)
    state = {"open": f"open until {day}", "closed": f"closed {day}", "cancelled": "called off"}
    whose = session.get_one(Side, survey.side_id).firm + " only" if survey.side_id else "every firm"
    said = f"{len(survey.questions)} questions · {whose} · {state[survey.state]}"
    return Row((Words(said),), button=Button("Show", "survey.show", survey.token))
