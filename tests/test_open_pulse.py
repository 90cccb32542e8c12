"""An open pulse: asked in a channel, answered by both firms, closed by itself."""

from datetime import datetime

import pytest
from sqlmodel import Session, col, func, select

from governance.errors import Stale
from governance.people import members
from governance.trust import pulses
from storage.tables import Alliance, Member, Person, Side
from storage.trust_tables import Pulse
from tests.anywhere import (
    ADAEZE,
    HANA,
    INES,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    TOMASZ,
    AnyWorld,
    Json,
    unmarked,
)
from tests.daily import said
from tests.world import World

QUESTION = "Was this week a good one?"
NAMES = ("one", "two", "three", "four", "five")


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def ask(world: AnyWorld, who: str = HANA, channel: str = SHARED, **values: str) -> str:
    """Somebody asks, and what they read before it is posted."""
    await world.command(who, f"pulse {QUESTION}", channel)
    await world.fill(who, **values)
    before = world.words(world.form(who))
    await world.fill(who)
    await world.close(who)
    await world.later("PT3S")
    return before


def card(world: AnyWorld, channel: str = SHARED, words: str = QUESTION) -> Json:
    """The pulse's message, as everybody there has it."""
    reader = HANA
    found = [m for m in world.read(reader, channel) if words in world.words(m)]
    return [m for m in found if not m["ephemeral"]][-1]


def shown(world: AnyWorld, channel: str = SHARED, words: str = QUESTION) -> str:
    return unmarked(world.words(card(world, channel, words)))


async def react(
    world: World, who: str, value: int, *, there: bool = True, channel: str = SHARED
) -> None:
    ts = card(world, channel)["ts"]
    seen = await world.slack.reaction(who, channel, ts, NAMES[value - 1], there)
    assert seen["ok"], seen


async def answer(world: AnyWorld, who: str, value: int, channel: str = SHARED) -> None:
    """As people do there: by a reaction, or by a button."""
    if isinstance(world, World):
        await react(world, who, value, channel=channel)
    else:
        await world.press(who, str(value), channel=channel, ts=card(world, channel)["ts"])


def ends(world: AnyWorld) -> datetime:
    """When the newest pulse closes."""
    return world.stored(lambda session: session.exec(select(func.max(Pulse.closes_at))).one())


async def close(world: AnyWorld) -> None:
    """Let time pass until it is closed and the tally is shown."""
    await world.until(ends(world).isoformat())
    await world.later("PT10S")


async def test_both_firms_answer_and_the_tally_takes_its_place(world: AnyWorld) -> None:
    before = await ask(world)
    assert QUESTION in before
    assert "Hana Kobayashi asks until" in before
    assert "how many chose what, by firm" in before
    assert QUESTION in shown(world)
    for who, value in ((PRIYA, 4), (HANA, 2), (TOMASZ, 5), (OLIVIA, 4)):
        await answer(world, who, value)
    assert "All together" not in shown(world)
    await close(world)
    told = shown(world)
    assert "All together: 3.8 of 5, 4 answers" in told
    assert "Northwind Bio: 3.0 of 5, 2 answers" in told
    assert "Helix Devices: 4.5 of 5, 2 answers" in told
    assert "asks until" not in told


async def test_the_one_who_asked_hears_of_it_with_the_daily_message(world: AnyWorld) -> None:
    await ask(world)
    await answer(world, MATEO, 4)
    await close(world)
    await world.later("P1D")
    assert f"Your question is closed. {QUESTION} · 4.0 of 5, 1 answer" in said(world, HANA)
    assert QUESTION not in said(world, PRIYA)


async def test_of_several_numbers_the_last_one_counts(world: AnyWorld) -> None:
    await ask(world)
    await answer(world, HANA, 2)
    await answer(world, HANA, 5)
    await close(world)
    assert "All together: 5.0 of 5, 1 answer" in shown(world)


async def test_the_same_asked_again_is_compared_with_the_last_time(world: AnyWorld) -> None:
    await ask(world)
    await answer(world, HANA, 2)
    await close(world)
    assert "last time" not in shown(world)
    await ask(world)
    await answer(world, HANA, 4)
    await close(world)
    assert "Up 2.0; last time, Wed 25 Nov: 2.0 of 5, 1 answer." in shown(world)
    await ask(world)
    await answer(world, HANA, 4)
    await answer(world, TOMASZ, 5)
    await close(world)
    assert "About the same; last time, Fri 27 Nov: 4.0 of 5, 1 answer." in shown(world)


async def test_one_of_the_ten_principles_is_asked_in_its_own_words(world: AnyWorld) -> None:
    await world.command(HANA, "pulse")
    await world.fill(HANA, principle="trust")
    assert "I can bring bad news safely." in world.words(world.form(HANA))
    await world.fill(HANA)
    await world.close(HANA)
    await world.later("PT3S")
    assert "1 (not at all) to 5 (fully)" in shown(world, words="I can bring bad news safely.")


async def test_nothing_is_posted_without_a_question_or_after_the_past(world: AnyWorld) -> None:
    await world.command(HANA, "pulse")
    await world.fill(HANA)
    assert "Write a question" in str(world.errors(HANA))
    await world.fill(HANA, question=QUESTION, until="2026-11-20")
    assert "choose a later day" in str(world.errors(HANA))
    await world.fill(HANA, question=QUESTION, until="2027-02-01")
    assert "At most a month" in str(world.errors(HANA))
    await world.close(HANA)
    assert QUESTION not in world.text(TOMASZ, SHARED)


async def test_in_a_firms_own_channel_only_that_firm_is_asked(world: AnyWorld) -> None:
    before = await ask(world, channel=OWN)
    assert "Only Northwind Bio reads this and its result." in before
    await answer(world, PRIYA, 3, channel=OWN)
    await close(world)
    assert "Northwind Bio: 3.0 of 5, 1 answer" in shown(world, OWN)
    assert "Helix" not in shown(world, OWN)
    assert QUESTION not in world.text(TOMASZ, SHARED)
    seen = await world.write(TOMASZ, "pulses")
    assert QUESTION not in seen.text + " ".join(world.inbox(TOMASZ)[-1:])
    seen = await world.command(HANA, "pulses", OWN)
    assert "3.0 of 5, 1 answer" in seen.private


async def test_it_is_asked_of_a_partner_by_a_partner(world: AnyWorld) -> None:
    await world.mention(TOMASZ, f"pulse {QUESTION}")
    await world.press(TOMASZ, "Ask openly")
    await world.fill(TOMASZ)
    await world.fill(TOMASZ)
    await world.close(TOMASZ)
    await world.later("PT3S")
    assert "Tomasz Zieliński asks until" in shown(world)


async def test_who_asked_and_an_alliance_manager_may_take_it_back_and_nobody_else(
    world: AnyWorld,
) -> None:
    await ask(world)
    await world.command(MATEO, "pulses")
    with pytest.raises(AssertionError):
        await world.press(MATEO, "Take it back")
    await world.command(PRIYA, "pulses")
    await world.press(PRIYA, "Take it back")
    await world.later("PT5S")
    assert "Priya Raman took this question back. Nothing was counted." in shown(world)
    ends_at = ends(world)
    await world.until(ends_at.isoformat())
    await world.later("P1D")
    assert "Your question is closed" not in said(world, HANA)
    seen = await world.command(HANA, "pulses")
    assert "taken back" in seen.private


async def test_who_changes_firm_or_leaves_is_counted_as_they_are_at_the_end(
    world: AnyWorld,
) -> None:
    await ask(world)
    await answer(world, MATEO, 1)
    await answer(world, INES, 4)
    await answer(world, ADAEZE, 5)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody")
    last = world.now.date().isoformat()
    await world.fill(PRIYA, person=MATEO, side="Northwind Bio", role="team", until=last)
    await world.close(PRIYA)
    world.change(lambda session: _change_firm(session, "Adaeze Okafor"))
    await close(world)
    told = shown(world)
    assert "All together: 4.5 of 5, 2 answers" in told
    assert "Northwind Bio: no answers" in told
    assert "Helix Devices: 4.5 of 5, 2 answers" in told


def _change_firm(session: Session, name: str) -> None:
    """As for a guest, whose workspace says nothing."""
    person = session.exec(select(Person).where(Person.name == name)).one()
    place = session.exec(select(Member).where(Member.person_id == person.id)).one()
    other = session.exec(select(Side).where(Side.id != place.side_id)).one()
    place.side_id = other.id
    session.add(place)


async def test_two_questions_at_once_are_counted_apart(world: AnyWorld) -> None:
    await ask(world)
    await world.command(PRIYA, "pulse Are we in time?")
    await world.fill(PRIYA)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    await world.later("PT3S")
    await answer(world, HANA, 2)
    ts = card(world, words="Are we in time?")["ts"]
    if isinstance(world, World):
        await world.slack.reaction(HANA, SHARED, ts, "five", True)
    else:
        await world.press(HANA, "5", channel=SHARED, ts=ts)
    await close(world)
    assert "All together: 2.0 of 5, 1 answer" in shown(world)
    assert "All together: 5.0 of 5, 1 answer" in shown(world, words="Are we in time?")


async def test_nobody_answered_is_said_so(world: AnyWorld) -> None:
    await ask(world)
    await close(world)
    assert "All together: no answers" in shown(world)


async def test_a_closed_alliance_counts_nothing_more(world: AnyWorld) -> None:
    await ask(world)
    await answer(world, HANA, 4)
    await world.command(PRIYA, "close")
    await world.fill(PRIYA)
    await world.close(PRIYA)
    await close(world)
    assert "ended with the alliance" in shown(world)


async def test_the_page_that_explains_the_bot_leads_to_it(world: AnyWorld) -> None:
    await world.press(HANA, "What is this?", channel=SHARED)
    await world.press(HANA, "Ask openly")
    await world.fill(HANA, question=QUESTION)
    await world.fill(HANA)
    await world.close(HANA)
    await world.later("PT3S")
    assert QUESTION in shown(world)


async def test_a_button_of_a_closed_pulse_changes_nothing(world: AnyWorld) -> None:
    await ask(world)
    await answer(world, HANA, 4)
    await close(world)
    for state, why in (("closed", "is closed"), ("cancelled", "was taken back")):
        world.change(lambda session, state=state: _set_state(session, state))  # type: ignore[misc]
        with pytest.raises(Stale, match=why):
            world.change(lambda session: _press(session, now=world.now))
    assert "All together: 4.0 of 5, 1 answer" in shown(world)


def _set_state(session: Session, state: str) -> None:
    pulse = session.exec(select(Pulse)).one()
    pulse.state = state
    session.add(pulse)


def _press(session: Session, *, now: datetime) -> None:
    pulse = session.exec(select(Pulse)).one()
    person = session.exec(select(Person).order_by(col(Person.id))).first()
    assert person is not None
    alliance = session.get_one(Alliance, pulse.alliance_id)
    seat = members.seat(session, alliance, person, now=now)
    pulses.record_vote(session, pulse, seat, person, 1, now=now)
