"""`seen HEL-12` where Slack's own shapes are looked at: Home, guests, channels that change."""

import re

from tests.daily import until
from tests.test_seen import account, seen_by
from tests.world import (
    HANA,
    INES,
    KWAME,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
    World,
    words_of,
)


async def test_seen_says_when_in_each_readers_own_zone(world: World) -> None:
    began = int(world.now.timestamp())
    await world.command(HANA, "action @tomasz send the quote by Fri")
    await world.command(PRIYA, "seen HEL-1")
    shown = re.findall(r"'timestamp': (\d+)", str(world.form(PRIYA)["blocks"]))
    assert shown
    assert all(began <= int(at) <= world.now.timestamp() for at in shown)


async def test_home_and_the_daily_message_are_in_the_account(world: World) -> None:
    await world.command(HANA, "action send the quote by Tue")
    assert (await world.slack.home(HANA))["ok"]
    assert account(world)[-1] == ("home", HANA, "T0NORTH")
    await until(world, "2026-11-24T23:00:00+00:00")
    assert ("digest", HANA, "T0NORTH") in account(world)


async def says_they_are_of_northwind(world: World, who: str) -> None:
    await world.mention(who, "mine")
    await world.press(who, "Northwind Bio", channel=SHARED)


async def test_who_only_says_they_are_of_a_firm_reads_no_account_of_its_own(world: World) -> None:
    await world.command(HANA, "internal @mateo check the forecast by Fri", channel=OWN)
    await world.later("PT1H")
    await world.command(MATEO, "share OUR-1", OWN)
    await world.fill(MATEO, text="Agree the forecast")
    await world.close(MATEO)
    await says_they_are_of_northwind(world, LENA)
    theirs = await seen_by(world, LENA, "HEL-1")
    assert "#alliance-helix" in theirs
    for before in ("recorded it", "Northwind Bio's own", "internal", "Hana"):
        assert before not in theirs


async def test_who_only_says_they_are_of_a_firm_reads_no_name_of_its_channels(
    world: World,
) -> None:
    await world.command(PRIYA, "action @tomasz send the quote by Fri", channel=OWN)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    await says_they_are_of_northwind(world, LENA)
    theirs = await seen_by(world, LENA, "HEL-1")
    assert "a channel of Northwind Bio's own" in theirs
    assert "northwind-internal" not in theirs


async def test_a_channel_that_was_joint_and_is_a_firms_own_now_has_no_name_for_others(
    world: World,
) -> None:
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.slack.channel(RANDOM, shared=True)
    await link(world, RANDOM, "joint")
    await world.command(HANA, "action send the quote by Fri", channel=RANDOM)
    assert "#random" in await seen_by(world, OLIVIA, "HEL-1")
    await world.command(PRIYA, "unlink", RANDOM)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert "#random" in await seen_by(world, OLIVIA, "HEL-1")
    await world.slack.channel(RANDOM, shared=False)
    await link(world, RANDOM, "own")
    await world.slack.channel(RANDOM, name="exit-plans")
    theirs = await seen_by(world, OLIVIA, "HEL-1")
    assert "in a channel" in theirs
    assert "exit-plans" not in theirs
    assert "#exit-plans" in (await world.command(PRIYA, "seen HEL-1")).text


async def link(world: World, channel: str, sees: str) -> None:
    """Helix has nobody yet who could be asked, so that joint holds at once."""
    await world.form_of(PRIYA, "link", channel)
    assert (await world.fill(PRIYA, sees=sees)).ok
    await world.close(PRIYA)


def names_it(shown: object) -> bool:
    return "HEL-1" in words_of(shown)


async def test_whatever_names_an_item_is_in_the_account_of_who_was_shown_it(
    world: World,
) -> None:
    """A long life of one item; then every message, form and Home in which anybody has it before
    them is compared with the account."""
    await world.slack.home(HANA)
    await world.command(HANA, "action @tomasz send the quote by Fri")
    for who, words in (
        (TOMASZ, "accept HEL-1"),
        (TOMASZ, "accept HEL-1"),
        (TOMASZ, "move HEL-1 to 30 Nov"),
        (TOMASZ, "move HEL-1 to 4 Dec"),
        (INES, "show HEL-1"),
        (OLIVIA, "open"),
        (PRIYA, "seen HEL-1"),
        (TOMASZ, "helper HEL-1 @ines"),
        (TOMASZ, "home"),
        (TOMASZ, "snooze HEL-1"),
        (TOMASZ, "reminders away until 7 Dec"),
    ):
        await world.write(who, words)
        await world.later("PT5M")
    await world.command(MATEO, "waiting")
    await world.press(HANA, "Agree to the date", channel=SHARED)
    await world.press(KWAME, "Details", channel=SHARED)
    await world.later("P3D")
    told = {(who if who != "everybody there" else kind) for kind, who, _ in account(world)}
    house = world.slack.house
    for channel, room in house.world.channels.items():
        for message in world.slack.messages(channel):
            if message["user"] == "U0BOT" and names_it(message) and not message["ephemeral"]:
                reader = f"U{channel[1:]}" if room.kind == "dm" else "card"
                assert reader in told, (channel, words_of(message))
    for who in house.world.people:
        shown = [*world.slack.views(who), getattr(house.world.homes.get(who), "body", None)]
        whispered = [m for m in world.read(who, SHARED) if m["ephemeral"]]
        if any(names_it(one) for one in (*shown, *whispered)):
            assert who in told, who
    assert {HANA, TOMASZ, INES, OLIVIA, MATEO, PRIYA, KWAME} <= told
