"""A pulse as it is asked, as its tally, and in a line."""

from datetime import date, datetime

from sqlmodel import Session

from governance import cadence, visibility
from governance.firms import sides as firms
from governance.trust import results, tally
from governance.trust.principles import SCALE_WORDS
from governance.trust.tally import Figures
from handlers.dates import say_day
from handlers.views import (
    Block,
    Button,
    Buttons,
    Message,
    Note,
    Row,
    Scale,
    Spans,
    Text,
    When,
    Words,
    bold,
    say,
    words,
)
from storage.tables import Alliance, Audience, Person, Side
from storage.trust_tables import Pulse

LONGEST_BAR = 12


def asked(
    question: str, principle: str, by: str, closes_at: datetime, readers: str, token: str
) -> tuple[Block, ...]:
    """What is posted while it is open."""
    low, high = (SCALE_WORDS[1], SCALE_WORDS[5]) if principle else ("lowest", "highest")
    small = (Words(f"{by} asks until "), When(closes_at), Words(f". {readers}"))
    return (Text((bold(question),)), Scale("pulse.vote", token, low, high), Note(small))


def who_reads(session: Session, alliance: Alliance, audience_id: int) -> str:
    if session.get_one(Audience, audience_id).name == visibility.JOINT:
        everybody = firms.every_firm(session, alliance.id)
        return f"The result is shown here to {everybody}: how many chose what, by firm."
    [side_id] = visibility.sides_of(session, audience_id)
    return f"Only {session.get_one(Side, side_id).firm} reads this and its result."


def by_whom(session: Session, pulse: Pulse) -> str:
    return session.get_one(Person, pulse.opened_by).name


def card(session: Session, pulse: Pulse, *, now: datetime) -> Message:
    """The message in the conversation, as it reads now."""
    if pulse.state == "cancelled":
        return _cancelled(session, pulse)
    if pulse.state != "open":
        return _closed(session, pulse, now=now)
    alliance, by = session.get_one(Alliance, pulse.alliance_id), by_whom(session, pulse)
    readers = who_reads(session, alliance, pulse.audience_id)
    question = (pulse.question, pulse.principle)
    blocks = asked(*question, by, pulse.closes_at, readers, pulse.token)
    return Message(blocks, lead=f"{by} asks, from 1 to 5: {pulse.question}")


def _cancelled(session: Session, pulse: Pulse) -> Message:
    if pulse.cancelled_by is None:
        why = "This question ended with the alliance. Nothing was counted."
    else:
        name = session.get_one(Person, pulse.cancelled_by).name
        why = f"{name} took this question back. Nothing was counted."
    return Message((Text((Words(pulse.question, strike=True),)), Note(words(why))), lead=why)


def _closed(session: Session, pulse: Pulse, *, now: datetime) -> Message:
    by_side, today = results.figures(session, pulse), today_of(session, pulse, now=now)
    blocks: list[Block] = [Text((bold(pulse.question),))]
    if len(by_side) > 1:
        blocks.append(_bars("All together", results.in_all(by_side)))
    blocks += [
        _bars(side.firm, by_side[side.id])
        for side in results.sides(session, pulse)
        if side.id in by_side
    ]
    compared = trend(session, pulse, today=today)
    blocks += [Text(words(compared))] if compared else []
    blocks.append(Note(words(f"Asked by {by_whom(session, pulse)}.{_open_ones(session, pulse)}")))
    summary = said(results.in_all(by_side))
    return Message(tuple(blocks), lead=f"{pulse.question} {summary}")


def _bars(title: str, found: Figures) -> Text:
    most = max(*found.counts, LONGEST_BAR)
    rows = [
        f"\n{value}  {_bar(count, most)}{count}"
        for value, count in reversed(list(enumerate(found.counts, start=1)))
    ]
    return Text((bold(f"{title}: {said(found)}"), *map(Words, rows if found.people else ())))


def _bar(count: int, most: int) -> str:
    """At least one mark where there is an answer."""
    return "█" * max(round(LONGEST_BAR * count / most), min(count, 1)) + ("  " if count else "")


def said(found: Figures) -> str:
    """3.8 of 5, 5 answers."""
    if found.average is None:
        return "no answers"
    return f"{found.average:.1f} of 5, {found.people} answer{'s' * (found.people != 1)}"


def _open_ones(session: Session, pulse: Pulse) -> str:
    missing = sum(answer.value is None for answer in results.answers(session, pulse))
    if not missing:
        return ""
    one = "1 person's answer is" if missing == 1 else f"{missing} people's answers are"
    why = "I could not hear which number came last"
    return f" {one} not counted{' yet' * (pulse.state == 'closed')}: {why}."


def trend(session: Session, pulse: Pulse, *, today: date) -> str:
    """Against the last time the same was asked of the same firms; nothing the first time."""
    before = results.last_time(session, pulse)
    if before is None or before.closed_at is None:
        return ""
    then = results.in_all(results.figures(session, before))
    change = tally.moved(results.in_all(results.figures(session, pulse)), then)
    if change is None:
        return ""
    how = f"{'Up' if change > 0 else 'Down'} {abs(change):.1f}" if change else "About the same"
    day = today_of(session, before, now=before.closed_at)
    return f"{how}; last time, {say_day(day, today=today)}: {said(then)}."


def today_of(session: Session, pulse: Pulse, *, now: datetime) -> date:
    """The day where the alliance is."""
    zone = session.get_one(Alliance, pulse.alliance_id).zone
    return cadence.WorkCalendar(zone=zone).today(now)


def line(session: Session, pulse: Pulse, *, today: date) -> Spans:
    """What was asked and what came of it, in a line."""
    if pulse.state == "open":
        return (bold(pulse.question), Words(" · open until "), When(pulse.closes_at))
    if pulse.state == "cancelled":
        return (bold(pulse.question), Words(" · taken back"))
    by_side = results.figures(session, pulse)
    parts = [said(results.in_all(by_side))]
    if len(by_side) > 1:
        parts += [
            f"{side.firm} {_short(by_side.get(side.id))}" for side in results.sides(session, pulse)
        ]
    assert pulse.closed_at is not None
    parts.append(say_day(today_of(session, pulse, now=pulse.closed_at), today=today))
    compared = trend(session, pulse, today=today)
    tail = f". {compared}" if compared else ""
    return (bold(pulse.question), Words(f" · {' · '.join(parts)}{tail}"))


def _short(found: Figures | None) -> str:
    if found is None or found.average is None:
        return "no answers"
    return f"{found.average:.1f} ({found.people})"


def row(session: Session, pulse: Pulse, *, may_cancel: bool, today: date) -> Row:
    cancel = Button(
        "Take it back",
        "pulse.cancel",
        pulse.token,
        confirm="Take this question back? What was answered is not counted.",
    )
    shown = pulse.state == "open" and may_cancel
    return Row(line(session, pulse, today=today), button=cancel if shown else None)


def which(pulse: Pulse, until: datetime) -> Message:
    """Asked of who reacted with several numbers while nobody could hear in which order."""
    numbers = tuple(Button(str(n), "pulse.meant", f"{pulse.token}:{n}") for n in range(1, 6))
    return Message(
        (
            Text((Words("Which number do you mean? "), bold(pulse.question))),
            Text(words("You answered more than once, and I could not hear what came last.")),
            Buttons(numbers),
            Note(
                (Words("Until you say, your answer is not counted. It can be until "), When(until))
            ),
        ),
        lead=f"Which number do you mean: {pulse.question}",
    )


def meant(value: int) -> Message:
    return say(f"Thank you: your {value} counts.")
