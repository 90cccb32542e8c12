"""What a pulse came to: who answered what, per side, once it has closed, and what is published.

Whose answer counts, and for which side, is decided at the closing. What is told late of the time
before, and what somebody says they meant, still changes the figures until they are final.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce

from sqlmodel import Session, col, delete, func, select

from governance import visibility
from governance.items import action_item_news
from governance.messages import outbox
from governance.people import members
from governance.trust import tally
from governance.trust.principles import SCALE
from governance.trust.tally import Figures, Mark, Press, Vote
from storage.tables import Alliance, Audience, Card, Person, Side
from storage.trust_tables import Pulse, PulseAnswer, PulseFigure, PulsePress, PulseReaction

COUNTED = ("open", "closed")
"""While a pulse is open, and after that until its figures are final: what happened in time may be
told late."""


def votes(session: Session, pulse: Pulse) -> dict[int, Vote]:
    """What everybody answered, by the person behind their accounts, whoever they are."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    presses: dict[int, list[Press]] = defaultdict(list)
    for row in session.exec(select(PulseReaction).where(PulseReaction.pulse_id == pulse.id)):
        marks[row.account_id].append(Mark(row.value, row.present, row.at, row.read, row.late))
    for press in session.exec(select(PulsePress).where(PulsePress.pulse_id == pulse.id)):
        presses[press.account_id].append(Press(press.value, press.at, press.settles))
    again = tally.reading(pulse.read_at, pulse.closes_at)
    return {
        person_id: tally.vote(
            [mark for one in accounts for mark in marks[one]],
            [press for one in accounts for press in presses[one]],
            again,
        )
        for person_id, accounts in _people(session, {*marks, *presses}).items()
    }


def _people(session: Session, account_ids: Iterable[int]) -> dict[int, list[int]]:
    """The people that these accounts are kept as."""
    found: dict[int, list[int]] = defaultdict(list)
    chosen = select(Person.id, Person.joined_to_id).where(col(Person.id).in_(list(account_ids)))
    for account_id, joined_to_id in session.exec(chosen.where(Person.standing != "bot")):
        found[joined_to_id or account_id].append(account_id)
    return found


def sides(session: Session, pulse: Pulse) -> list[Side]:
    """The firms that it asks, in their order."""
    asked = visibility.sides_of(session, pulse.audience_id)
    chosen = select(Side).where(col(Side.id).in_(asked)).order_by(col(Side.position))
    return list(session.exec(chosen))


def side_by_person(session: Session, pulse: Pulse, *, now: datetime) -> dict[int, int]:
    """Whose answer counts, and for which side. In a firm's own pulse nobody who is not confirmed
    there."""
    asked = visibility.sides_of(session, pulse.audience_id)
    joint = session.get_one(Audience, pulse.audience_id).name == visibility.JOINT
    return {
        person.id: side.id
        for member, person, side in members.members(session, pulse.alliance_id, now=now)
        if side.id in asked and (joint or not member.stated)
    }


def settle(session: Session, pulse: Pulse, *, now: datetime) -> None:
    """Count what people answered, publish the figures, and ask of whom it is unclear. Who has been
    counted before stays on the side where they were."""
    before = {one.person_id: one for one in answers(session, pulse)}
    counts = side_by_person(session, pulse, now=now)
    said = votes(session, pulse)
    for person_id, vote in said.items():
        side_id = before[person_id].side_id if person_id in before else counts.get(person_id)
        if side_id is not None:
            _keep(session, pulse, before.get(person_id), person_id, side_id, vote, now=now)
    for person_id in before.keys() - said.keys():
        session.delete(before[person_id])
    session.flush()
    if _publish(session, pulse):
        redraw(session, pulse, now=now)


def correct(session: Session, pulse: Pulse, *, now: datetime) -> None:
    """Count once more what is told after a pulse has closed, as long as it may change."""
    if pulse.state == "closed":
        settle(session, pulse, now=now)


def _keep(
    session: Session,
    pulse: Pulse,
    was: PulseAnswer | None,
    person_id: int,
    side_id: int,
    vote: Vote,
    *,
    now: datetime,
) -> None:
    if vote is None:
        if was is not None:
            session.delete(was)
        return
    answer = was or PulseAnswer(pulse_id=pulse.id, person_id=person_id, side_id=side_id)
    answer.value = None if vote == "unclear" else vote
    if vote == "unclear" and answer.asked_at is None:
        answer.asked_at = now
        _ask(session, pulse, person_id, now=now)
    session.add(answer)


def answers(session: Session, pulse: Pulse) -> list[PulseAnswer]:
    return list(session.exec(select(PulseAnswer).where(PulseAnswer.pulse_id == pulse.id)))


def _ask(session: Session, pulse: Pulse, person_id: int, *, now: datetime) -> None:
    alliance = session.get_one(Alliance, pulse.alliance_id)
    outbox.put(
        session,
        outbox.PULSE_UNCLEAR,
        {"pulse": pulse.id},
        key=f"pulse:{pulse.id}:unclear:{person_id}",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=person_id,
        now=now,
    )


def _publish(session: Session, pulse: Pulse) -> bool:
    """Put down what is shown from now on; whether that is news."""
    found: dict[int, list[int]] = {side.id: [] for side in sides(session, pulse)}
    for answer in answers(session, pulse):
        if answer.value is not None:
            found.setdefault(answer.side_id, []).append(answer.value)
    made = {side_id: tally.figures(values) for side_id, values in found.items()}
    if made == figures(session, pulse):
        return False
    gone = delete(PulseFigure).where(col(PulseFigure.pulse_id) == pulse.id)
    session.connection().execute(gone)
    for side_id, one in made.items():
        for value, people in zip(SCALE, one.counts, strict=True):
            row = PulseFigure(pulse_id=pulse.id, side_id=side_id, value=value, people=people)
            session.add(row)
    session.flush()
    return True


def figures(session: Session, pulse: Pulse) -> dict[int, Figures]:
    """What was published, by side; nothing before it closed."""
    chosen = select(PulseFigure).where(PulseFigure.pulse_id == pulse.id)
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * len(SCALE))
    for row in session.exec(chosen):
        counts[row.side_id][row.value - 1] = row.people
    return {side_id: Figures((a, b, c, d, e)) for side_id, (a, b, c, d, e) in counts.items()}


def in_all(by_side: Mapping[int, Figures]) -> Figures:
    return reduce(Figures.plus, by_side.values(), Figures())


def last_time(session: Session, pulse: Pulse) -> Pulse | None:
    """The pulse before this one that asked the same of the same firms."""
    chosen = select(Pulse).where(
        Pulse.audience_id == pulse.audience_id,
        Pulse.id < pulse.id,
        col(Pulse.state).in_(("closed", "final")),
        func.lower(Pulse.question) == pulse.question.lower(),
    )
    return session.exec(chosen.order_by(col(Pulse.id).desc()).limit(1)).first()


def redraw(session: Session, pulse: Pulse, *, now: datetime) -> None:
    """Wherever it is shown."""
    card = session.get_one(Card, pulse.card_id)
    action_item_news.redraw_card(session, card, now=now)
