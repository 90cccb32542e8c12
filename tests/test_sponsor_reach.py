"""What stands between a nudge and its sponsor: several alliances, the budget of a day, a platform
that refuses, a talk that was told of meanwhile."""

from collections import Counter

import pytest

from tests.anywhere import GRANT, JONAS, OWN, PRIYA, AnyWorld, direct
from tests.daily import BERLIN, times, unprompted
from tests.sponsors_world import (
    kept_nudges,
    nudge,
    nudged,
    nudges,
    two_sponsors,
    with_alliance,
)
from tests.world import World


async def test_once_a_week_also_with_two_alliances_on_different_weekdays(
    any_empty_world: AnyWorld,
) -> None:
    world = any_empty_world
    await world.set_up()
    await two_sponsors(world)
    await world.set_up(channel=OWN, name="Orion alliance", code="ORI", firms="Northwind Bio")
    await world.command(PRIYA, f"sponsor <@{JONAS}>", OWN)
    await world.fill(PRIYA)
    await world.press(PRIYA, "Send it")
    await world.close(PRIYA)
    await world.until("2026-11-24T14:00:00+00:00")
    await world.press(JONAS, "Accept", channel=direct(JONAS))
    with_alliance(world, lambda alliance: setattr(alliance, "sponsor_mode", "always"), "ORI")
    with_alliance(world, lambda alliance: setattr(alliance, "sponsor_weekday", 3), "ORI")
    await world.until("2026-12-14T18:00:00+00:00")
    assert nudged(world, JONAS) == ["Tue 1 Dec 08:30", "Tue 8 Dec 08:30"]
    text = nudge(world, JONAS)
    assert "Grant Whitaker (Helix Devices)" in text
    assert "Orion alliance" in text, "all of it is in the one"


@pytest.fixture
def world(slack_world: World) -> World:
    """The faults of a platform are spelled as Slack's."""
    return slack_world


async def test_it_counts_among_the_two_messages_of_a_day(world: World) -> None:
    await two_sponsors(world)
    await world.until("2026-11-30T12:00:00+00:00")
    await world.command(JONAS, "action send the note by 1 Dec")
    await world.until("2026-12-01T09:00:00+00:00")
    assert times(unprompted(world, JONAS)[-2:], BERLIN) == ["Tue 1 Dec 08:30"] * 2
    await world.command(PRIYA, f"ask <@{JONAS}> open a door at procurement")
    await world.until("2026-12-01T22:00:00+00:00")
    a_day = Counter(when[:-6] for when in times(unprompted(world, JONAS), BERLIN))
    assert a_day["Tue 1 Dec"] == 2
    await world.until("2026-12-02T12:00:00+00:00")
    came = [m for m in unprompted(world, JONAS) if "procurement" in world.words(m)]
    assert times(came, BERLIN) == ["Wed 2 Dec 08:30"], "it waited for the next morning"


async def test_a_platform_that_is_back_in_time_gets_it_once(world: World) -> None:
    await two_sponsors(world)
    await world.until("2026-12-01T07:00:00+00:00")
    await world.slack.fault("chat.postMessage", status=503, times=100000)
    await world.until("2026-12-02T12:00:00+00:00")
    assert nudges(world, JONAS) == []
    world.slack.house.faults.clear()
    await world.until("2026-12-04T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == len(nudges(world, GRANT)) == 1


async def test_a_platform_that_refuses_for_days_means_next_week(world: World) -> None:
    await two_sponsors(world)
    await world.until("2026-12-01T07:00:00+00:00")
    await world.slack.fault("chat.postMessage", status=503, times=100000)
    await world.until("2026-12-04T07:00:00+00:00")
    world.slack.house.faults.clear()
    await world.until("2026-12-07T18:00:00+00:00")
    assert nudges(world, JONAS) == []
    assert kept_nudges(world) == [], "what never reached anybody counts as not said"
    await world.until("2026-12-08T18:00:00+00:00")
    assert nudged(world, JONAS) == ["Tue 8 Dec 08:30"]


async def test_a_talk_that_was_told_of_between_the_tick_and_the_sending_silences_both(
    world: World,
) -> None:
    await two_sponsors(world)
    await world.until("2026-12-01T07:00:00+00:00")
    await world.slack.fault("chat.postMessage", status=503, times=100000)
    await world.until("2026-12-01T14:00:00+00:00")
    assert len(kept_nudges(world)) == 2
    world.slack.house.faults.clear()
    await world.command(JONAS, "spoke")
    seen = await world.fill(JONAS, on="2026-12-01", how="phone")
    assert seen.ok, seen.error
    await world.close(JONAS)
    world.slack.house.faults.clear()
    await world.until("2026-12-07T18:00:00+00:00")
    assert nudges(world, JONAS) == nudges(world, GRANT) == []
