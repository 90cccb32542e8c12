"""What the page of the local Slack says the bot will do next by itself."""

from datetime import UTC, datetime

from playground.coming import Coming
from tests.world import MATEO, MONDAY, OLIVIA, PRIYA, World, direct


async def _coming(world: World, limit: int = 20) -> list[Coming]:
    return await world.local.coming(limit)


async def test_daily_messages_are_coming_in_order_for_those_who_want_them(world: World) -> None:
    await world.command(MATEO, "action send the protocol by Fri")
    await world.command(PRIYA, "reminders off")
    await world.write(OLIVIA, "reminders 07:15")
    found = await _coming(world)
    assert found == sorted(found, key=lambda row: row.at)
    daily = {row.who: row.at for row in found if row.what.startswith("daily message")}
    assert PRIYA not in daily
    assert daily[OLIVIA] == datetime(2026, 11, 24, 7, 15, tzinfo=UTC)
    assert daily[MATEO] == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert await _coming(world, 1) == found[:1]


async def test_going_to_the_next_moment_brings_what_was_coming(world: World) -> None:
    await world.command(MATEO, "action send the protocol by Tue 24 Nov")
    [first] = await _coming(world, 1)
    answer = await world.slack.next_moment()
    assert answer["ok"]
    assert 0 <= (world.now - first.at).total_seconds() < 60
    while world.now < datetime(2026, 11, 24, 13, 30, tzinfo=UTC):
        await world.slack.next_moment()
    assert "send the protocol" in world.text(MATEO, direct(MATEO))


async def test_a_message_that_waits_is_coming_too(world: World) -> None:
    await world.slack.fault("chat.postMessage", status=429, retry_after=3600, times=50)
    await world.command(MATEO, "action @priya answer the agency by Fri")
    await world.slack.fault("chat.postMessage", times=0)
    waiting = [row for row in await _coming(world) if row.what.startswith("a message that waits")]
    assert [row.who for row in waiting] == [PRIYA]
    assert waiting[0].at > MONDAY
