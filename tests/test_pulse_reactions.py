"""Reactions as Slack tells of them, over HTTP: late, twice, out of order, of others, or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from playground.api_people import reaction_event
from playground.events import envelope_of
from storage.tables import HistoryEntry
from storage.trust_tables import PulseReaction
from tests.anywhere import THE_BOT
from tests.daily import said
from tests.permissions_doors import SlackDoors
from tests.test_open_pulse import NAMES, QUESTION, ask, card, close, ends, react, shown
from tests.world import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    LENA,
    MATEO,
    OWN,
    PRIYA,
    SAMIR,
    SHARED,
    TOMASZ,
    World,
)

Json = dict[str, Any]


@pytest.fixture
async def asked(world: World) -> World:
    await ask(world)
    return world


@contextmanager
def unheard(world: World) -> Iterator[None]:
    """While it lasts no event reaches the bot."""
    house = world.slack.house
    manifest = house.manifest
    house.manifest = replace(manifest, events=frozenset())
    yield
    house.manifest = manifest


async def deliver(
    world: World, who: str, name: str, ts: str, *, there: bool = True, **of: str
) -> None:
    """An event as Slack would send it, of whatever time."""
    house = world.slack.house
    message = house.world.message(house.world.channels[SHARED], card(world)["ts"])
    event = reaction_event(message, who, name, there) | {"event_ts": ts} | of
    await house.events.deliver([envelope_of(house.world, event, house.world.channels[SHARED])])


def stamp(world: World, seconds: float = 0) -> str:
    return f"{(world.now + timedelta(seconds=seconds)).timestamp():.6f}"


def kept(world: World) -> list[tuple[int, bool | None]]:
    """The emoji that are kept, by value and whether they are there."""
    chosen = select(PulseReaction.value, PulseReaction.present)
    return world.stored(lambda session: sorted((v, p) for v, p in session.exec(chosen)))


async def test_the_numbers_are_put_below_it_and_count_for_nobody(asked: World) -> None:
    below = card(asked)["reactions"]
    assert [one["name"] for one in below] == list(NAMES)
    assert all(one["users"] == [THE_BOT] for one in below)
    assert kept(asked) == []
    await close(asked)
    assert "All together: no answers" in shown(asked)
    assert asked.gone_wrong() == []


async def test_a_number_that_could_not_be_put_there_is_no_failure_of_the_message(
    world: World,
) -> None:
    await world.slack.fault("reactions.add", error="ratelimited", retry_after=30)
    await ask(world)
    assert "reactions" not in card(world) or card(world)["reactions"] == []
    await react(world, HANA, 4)
    await close(world)
    assert "All together: 4.0 of 5, 1 answer" in shown(world)


async def test_other_emoji_and_other_messages_count_for_nothing(asked: World) -> None:
    ts, other = card(asked)["ts"], await asked.chat(MATEO, "rate this from 1 to 5")
    for name in ("thumbsup", "six", "one-two", "party_parrot", "onehundred"):
        await asked.slack.reaction(HANA, SHARED, ts, name, True)
    await asked.slack.reaction(HANA, SHARED, other, "four", True)
    assert kept(asked) == []
    assert asked.gone_wrong() == []


async def test_a_skin_tone_changes_nothing(asked: World) -> None:
    await asked.slack.reaction(HANA, SHARED, card(asked)["ts"], "four::skin-tone-3", True)
    await close(asked)
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)


async def test_taken_away_the_one_before_counts_again(asked: World) -> None:
    await react(asked, HANA, 2)
    await react(asked, HANA, 5)
    await react(asked, HANA, 5, there=False)
    await react(asked, PRIYA, 4)
    await react(asked, PRIYA, 4, there=False)
    await close(asked)
    assert "All together: 2.0 of 5, 1 answer" in shown(asked)


async def test_told_twice_and_out_of_order_nothing_is_miscounted(asked: World) -> None:
    await react(asked, HANA, 3)
    await react(asked, HANA, 3, there=False)
    first, last = stamp(asked, 20), stamp(asked, 40)
    for _ in range(2):
        await deliver(asked, HANA, "five", last)
        await deliver(asked, HANA, "one", first)
        await deliver(asked, HANA, "three", stamp(asked, -600))
    assert kept(asked) == [(1, True), (3, False), (5, True)]
    with unheard(asked):
        for value in (5, 1):
            await react(asked, HANA, value)
    await close(asked)
    assert "All together: 5.0 of 5, 1 answer" in shown(asked)


async def test_what_was_taken_away_and_never_seen_there_is_nothing(asked: World) -> None:
    await deliver(asked, HANA, "three", stamp(asked, 20), there=False)
    assert kept(asked) == [(3, False)]
    await close(asked)
    assert "All together: no answers" in shown(asked)


async def test_an_event_without_a_time_is_passed_over(asked: World) -> None:
    await deliver(asked, HANA, "four", "-1")
    assert kept(asked) == []
    assert asked.gone_wrong() == []


async def test_what_comes_after_its_end_is_not_counted(asked: World) -> None:
    await react(asked, HANA, 4)
    end = ends(asked)
    await asked.until((end - timedelta(seconds=1)).isoformat())
    await deliver(asked, HANA, "one", f"{(end + timedelta(seconds=1)).timestamp():.6f}")
    await deliver(asked, PRIYA, "one", f"{(end + timedelta(seconds=1)).timestamp():.6f}")
    await close(asked)
    await react(asked, MATEO, 1)
    await react(asked, HANA, 4, there=False)
    await asked.later("PT1M")
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)


async def test_what_is_told_late_of_before_its_end_is_added_until_the_figures_are_final(
    asked: World,
) -> None:
    in_time = f"{(ends(asked) - timedelta(seconds=2)).timestamp():.6f}"
    await close(asked)
    await deliver(asked, HANA, "four", in_time)
    await asked.later("PT10S")
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)
    await asked.later("P2D")
    await deliver(asked, PRIYA, "one", in_time)
    await asked.later("PT10S")
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)


async def test_what_was_missed_is_read_again_before_it_closes(asked: World) -> None:
    await react(asked, MATEO, 5)
    with unheard(asked):
        await react(asked, HANA, 2)
        await react(asked, GRANT, 4)
        await react(asked, MATEO, 5, there=False)
    await close(asked)
    told = shown(asked)
    assert "All together: 3.0 of 5, 2 answers" in told
    assert "Helix Devices: 4.0 of 5, 1 answer" in told


async def test_whose_order_is_not_known_is_asked_and_not_counted_unanswered(asked: World) -> None:
    with unheard(asked):
        for who in (HANA, TOMASZ):
            await react(asked, who, 2)
            await react(asked, who, 5)
    await react(asked, PRIYA, 3)
    await close(asked)
    told = shown(asked)
    assert "All together: 3.0 of 5, 1 answer" in told
    assert "2 people's answers are not counted yet" in told
    await asked.later("PT16H")
    for who in (HANA, TOMASZ):
        told = " ".join(asked.inbox(who)).replace("*", "")
        assert f"Which number do you mean? {QUESTION}" in told
    seen = await asked.press(HANA, "5", channel="D0HANA")
    assert seen.ok
    await asked.later("PT10S")
    assert "your 5 counts" in " ".join(asked.inbox(HANA))
    assert "All together: 4.0 of 5, 2 answers" in shown(asked)
    await asked.later("P3D")
    assert "1 person's answer is not counted:" in shown(asked)
    seen = await asked.press(TOMASZ, "2", channel="D0TOMASZ")
    assert "The figures are final by now" in seen.text
    assert "All together: 4.0 of 5, 2 answers" in shown(asked)


async def test_nobody_else_can_say_what_somebody_meant(asked: World) -> None:
    with unheard(asked):
        await react(asked, HANA, 2)
        await react(asked, HANA, 5)
    await close(asked)
    await asked.later("PT16H")
    [question] = [m for m in asked.read(HANA, "D0HANA") if "Which number" in asked.words(m)]
    pressed = {"action_id": "pulse.meant", "value": asked.buttons(question)["5"]["value"]}
    await SlackDoors(asked).press(PRIYA, pressed["action_id"], pressed["value"])
    await asked.later("PT10S")
    assert "All together: no answers" in shown(asked)


async def test_down_at_its_end_it_closes_when_the_platform_is_back(asked: World) -> None:
    """What is there by then and was not heard of may have come too late."""
    await react(asked, HANA, 4)
    await asked.slack.fault("reactions.get", status=503, times=40)
    end = ends(asked)
    await asked.until((end + timedelta(minutes=5)).isoformat())
    assert "asks until" in shown(asked)
    with unheard(asked):
        await react(asked, PRIYA, 1)
    await react(asked, MATEO, 1)
    await react(asked, HANA, 4, there=False)
    asked.slack.house.faults.clear()
    await asked.later("PT2M")
    told = shown(asked)
    assert "All together: 4.0 of 5, 1 answer" in told
    assert "1 person's answer is not counted yet" in told


async def test_a_platform_that_stays_away_is_not_waited_for_longer_than_a_day(
    asked: World,
) -> None:
    await react(asked, HANA, 4)
    await asked.slack.fault("reactions.get", status=503, times=100_000)
    await asked.until((ends(asked) + timedelta(hours=26)).isoformat())
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)


async def test_a_message_that_was_taken_away_closes_with_what_is_known(asked: World) -> None:
    await react(asked, MATEO, 4)
    house = asked.slack.house.world
    del house.channels[SHARED].messages[card(asked)["ts"]]
    await asked.until(ends(asked).isoformat())
    await asked.later("P1D")
    told = said(asked, HANA)
    assert "Its message had been taken away, so it is shown here only." in told
    assert "4.0 of 5, 1 answer" in told
    seen = await asked.command(PRIYA, "pulses")
    assert "4.0 of 5, 1 answer" in seen.private


async def test_somebody_of_whom_no_firm_is_known_is_asked_once_and_counted(asked: World) -> None:
    """A guest: whose they are is never guessed."""
    await react(asked, LENA, 2)
    await react(asked, LENA, 5)
    asks = " ".join([*asked.inbox(LENA), asked.text(LENA, SHARED)])
    assert asks.count("which firm are you with?") == 1
    seen = await asked.press(LENA, "Northwind Bio")
    assert "Thank you. I keep your 5" in seen.text
    await close(asked)
    assert "Northwind Bio: 5.0 of 5, 1 answer" in shown(asked)


async def test_who_does_not_say_their_firm_is_not_counted(asked: World) -> None:
    await react(asked, LENA, 2)
    await react(asked, HANA, 4)
    await close(asked)
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)


async def test_apps_and_strangers_are_not_counted(asked: World) -> None:
    other = [p.id for p in asked.slack.house.world.people.values() if p.is_bot and p.id != THE_BOT]
    for bot in other:
        await deliver(asked, bot, "five", stamp(asked, 5))
    await deliver(asked, "U0NOBODY", "five", stamp(asked, 6))
    await react(asked, HANA, 3)
    await close(asked)
    assert "All together: 3.0 of 5, 1 answer" in shown(asked)


async def test_while_others_read_along_a_firms_own_question_is_hidden(world: World) -> None:
    await ask(world, channel=OWN)
    await react(world, PRIYA, 4, channel=OWN)
    assert (await world.slack.person(SAMIR, guest=True))["ok"]
    await world.later("PT10S")
    assert QUESTION not in world.text(HANA, OWN)
    assert (await world.slack.person(SAMIR, guest=False))["ok"]
    await world.later("PT10S")
    await close(world)
    assert "Northwind Bio: 4.0 of 5, 1 answer" in shown(world, OWN)


async def test_somebody_who_has_left_is_not_counted(asked: World) -> None:
    await react(asked, ADAEZE, 1)
    await react(asked, INES, 4)
    assert (await asked.slack.person(ADAEZE, deleted=True))["ok"]
    await close(asked)
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)


async def test_the_records_away_an_event_is_sent_again(
    asked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = asked.bot.database.run
    fails = iter([True])

    async def away(work: Any) -> Any:
        if next(fails, False):
            raise OSError("the database is away")
        return await whole(work)

    monkeypatch.setattr(asked.bot.database, "run", away)
    await react(asked, HANA, 4)
    await close(asked)
    assert "All together: 4.0 of 5, 1 answer" in shown(asked)


async def test_what_was_opened_and_closed_is_in_the_account(asked: World) -> None:
    await close(asked)
    chosen = select(HistoryEntry.what).where(HistoryEntry.record == "pulse")
    lines = asked.stored(lambda s: list(s.exec(chosen.order_by(col(HistoryEntry.id)))))
    assert lines == ["opened", "closed"]
