"""One message becomes one action item, however many people send the form made from it."""

import pytest

from playground.world import Person as Someone
from tests.anywhere import HANA, OLIVIA, PRIYA, SHARED, TOMASZ, AnyWorld
from tests.world import World

ALREADY = "This message is an action item already."


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_the_second_form_made_from_a_message_answers_with_the_first_item(
    world: AnyWorld,
) -> None:
    said = await world.chat(TOMASZ, "We will send the results on Thursday")
    for who in (PRIYA, HANA):
        await world.keep_message(who, said)
    first = await world.fill(PRIYA, text="Send the results")
    assert "HEL-1 is proposed to Tomasz Zieliński" in first.text
    second = await world.fill(HANA, text="Results to be sent")
    assert ALREADY in second.text
    assert "Send the results" in second.text
    assert world.references(OLIVIA, SHARED) == ["HEL-1"]
    await world.close(PRIYA)
    await world.command(PRIYA, "cancel HEL-1")
    await world.close(HANA)
    await world.keep_message(HANA, said)
    assert "HEL-2 is proposed" in (await world.fill(HANA)).text


async def test_two_items_are_right_where_the_first_may_not_be_seen(world: AnyWorld) -> None:
    said = await world.chat(HANA, "I can send the labels on Friday")
    await world.keep_message(HANA, said)
    await world.keep_message(OLIVIA, said)
    assert "OUR-1 is yours" in (await world.fill(HANA, sees="private")).text
    theirs = await world.fill(OLIVIA)
    assert "HEL-1 is proposed to Hana Kobayashi" in theirs.text
    assert ALREADY not in theirs.text


async def test_whom_a_quoted_message_mentions_is_not_looked_up(slack_world: World) -> None:
    world = slack_world
    there = world.slack.house.world.people
    there["U0ELSE"] = Someone("U0ELSE", "T0NORTH", "else", "Erin Else", "", None)
    said = await world.chat(PRIYA, f"<@U0ELSE> and <@{PRIYA}> will see to it")
    before = len(world.slack.log())
    seen = await world.keep_message(PRIYA, said)
    assert "@somebody and Priya Raman will see to it" in seen.text
    assert "users.info" not in [entry["method"] for entry in world.slack.log()[before:]]
