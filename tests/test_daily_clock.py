"""The daily message and the clock: summer time, people who move, a bot that slept, two tickers."""

import asyncio

from bot.scheduler import Ticks
from tests.daily import BERLIN, NEW_YORK, days, digests, said, sleep_until, times, until, wake
from tests.world import HANA, MATEO, SAMIR, World


async def test_half_past_eight_stays_half_past_eight_when_the_clocks_change(world: World) -> None:
    await until(world, "2027-03-24T12:00+00:00")
    await world.command(HANA, "action close the quarter by 26 Mar")
    await world.command(HANA, "action open the quarter by 29 Mar")
    await until(world, "2027-03-31T12:00+00:00")
    came = digests(world, HANA)
    assert times(came, BERLIN)[0] == "Thu 25 Mar 08:30"
    assert times(came, BERLIN)[-1] == "Tue 30 Mar 08:30", "Easter Monday is a holiday"
    assert times(came, "UTC")[0] == "Thu 25 Mar 07:30"
    assert times(came, "UTC")[-1] == "Tue 30 Mar 06:30"
    await world.command(HANA, "done HEL-1")
    await world.command(HANA, "done HEL-2")
    await until(world, "2027-10-28T12:00+00:00")
    await world.command(HANA, "action close the season by 29 Oct")
    await world.command(HANA, "action open the season by 1 Nov")
    await until(world, "2027-11-02T12:00+00:00")
    assert times(digests(world, HANA), BERLIN)[-1] == "Tue 2 Nov 08:30"
    assert times(digests(world, HANA), "UTC")[-1] == "Tue 2 Nov 07:30"


async def test_whoever_moves_hears_at_the_new_half_past_eight_and_once_that_day(
    world: World,
) -> None:
    for words in ("one by 24 Nov", "two by 25 Nov", "three by 26 Nov", "four by 27 Nov"):
        await world.command(HANA, f"action {words}")
    await until(world, "2026-11-24T09:00+00:00")
    assert times(digests(world, HANA), BERLIN) == ["Tue 24 Nov 08:30"]
    answer = await world.slack.person(HANA, tz=NEW_YORK)
    assert answer["ok"], answer
    await until(world, "2026-11-27T23:00+00:00")
    moved = ["Tue 24 Nov 02:30", "Wed 25 Nov 08:30", "Fri 27 Nov 08:30"]
    assert times(digests(world, HANA), NEW_YORK) == moved, "with the holidays of where she is"


async def test_a_bot_that_slept_three_days_has_no_backlog(world: World) -> None:
    await world.command(HANA, "action book the room by Tue")
    await world.command(HANA, "action send the agenda by Wed")
    await world.command(SAMIR, "action test the seal by Tue")
    sleep_until(world, "2026-11-26T22:00+00:00")
    await wake(world)
    assert digests(world, HANA) == digests(world, SAMIR) == [], "not in the evening"
    await until(world, "2026-11-27T12:00+00:00")
    assert days(world, HANA, BERLIN) == ["Fri 27 Nov"]
    assert said(world, HANA).startswith("2 still open · Fri 27 Nov")
    await until(world, "2026-11-30T06:00+00:00")
    sleep_until(world, "2026-12-03T13:00+00:00")
    await wake(world)
    await wake(world)
    late = times(digests(world, HANA), BERLIN)[1:]
    assert late == ["Thu 3 Dec 14:00"], "late, but within working hours and only once"
    await until(world, "2026-12-03T23:00+00:00")
    assert len(digests(world, HANA)) == 2


async def test_a_due_message_is_claimed_by_one_of_several_tickers(world: World) -> None:
    for who in (HANA, SAMIR, MATEO):
        await world.command(who, "action book the room by Tue")
    bot = world.local.bot
    assert bot is not None
    sleep_until(world, "2026-11-24T14:30:00+00:00")
    others = [Ticks(bot.database, bot.clock, lambda: None) for _ in range(3)]
    await asyncio.gather(bot.ticks.chase(), *(ticks.chase() for ticks in others))
    await wake(world)
    for who in (HANA, SAMIR, MATEO):
        assert len(digests(world, who)) == 1
