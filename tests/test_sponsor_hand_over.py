"""A seat goes over to who follows, with what they have to know, or is left within a minute."""

import pytest

from tests.anywhere import ADAEZE, GRANT, JONAS, OLIVIA, PRIYA, AnyWorld, direct, unmarked
from tests.daily import said
from tests.sponsors_world import (
    change_role,
    first_nudge,
    leave,
    newest,
    nudge,
    plan,
    press_menu,
    read_by,
    spoke,
    sponsors_of,
    two_sponsors,
    waiting_for,
    with_member,
)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_the_seat_goes_over_when_the_last_day_is_over(world: AnyWorld) -> None:
    await first_nudge(world)
    await plan(world, "2026-12-04")
    await world.press(PRIYA, "Tell")
    await world.close(PRIYA)
    await world.until("2026-12-04T22:00:00+00:00")
    assert "Jonas Lindqvist since" in await sponsors_of(world, OLIVIA)
    await world.until("2026-12-07T20:00:00+00:00")
    text = await sponsors_of(world, OLIVIA)
    assert "Adaeze Okafor since Sat 5 Dec" in text
    assert "with Grant Whitaker (Helix Devices)" in text
    assert "Jonas Lindqvist" not in text.partition("Who it was before")[0]
    assert "Adaeze Okafor has the sponsor's seat and knows nothing of it yet" in said(world, PRIYA)
    assert "Who follows?" not in read_by(world, PRIYA), "somebody has"
    assert not {"We spoke", "It's in the calendar"} & {
        label for m in world.read(JONAS, direct(JONAS)) for label in world.buttons(m)
    }


async def test_an_introduction_is_proposed_to_the_partner_once_who_follows_has_said_yes(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await change_role(world, JONAS, "other")
    await change_role(world, ADAEZE, "sponsor")
    await world.until("2026-12-10T12:00:00+00:00")
    introduced = "Adaeze Okafor sponsors it at Northwind Bio now"
    assert introduced not in read_by(world, OLIVIA)
    await world.press(PRIYA, "Read the welcome", channel=direct(PRIYA))
    await world.press(PRIYA, "Send it")
    await world.close(PRIYA)
    await world.later("PT10H")  # into her working hours
    await world.press(ADAEZE, "Accept", channel=direct(ADAEZE))
    await world.until("2026-12-14T20:00:00+00:00")
    [line] = [text for text in world.inbox(OLIVIA) if introduced in unmarked(text)]
    assert "An introduction of the two sponsors would help." in line
    assert introduced not in read_by(world, PRIYA)


async def talk_with_all(world: AnyWorld) -> None:
    """An open ask, an outcome and a promise that one firm keeps, and a promise that both see."""
    await first_nudge(world)
    await world.command(PRIYA, "ask @jonas settle the budget")
    kept = {"outcome": "Grant doubts the launch", "promise": "hire a lawyer", "whose": "own"}
    await spoke(world, JONAS, "2026-11-30", how="in_person", **kept)
    await world.command(PRIYA, "sponsors")
    await press_menu(world, PRIYA, "They spoke…")
    theirs = {"promise": "open the lab", "whose": "theirs"}
    assert (await world.fill(PRIYA, on="2026-11-30", how="phone", **theirs)).ok
    await world.close(PRIYA)


async def test_who_follows_finds_talks_promises_and_asks_and_no_private_outcome(
    world: AnyWorld,
) -> None:
    await talk_with_all(world)
    await change_role(world, JONAS, "other")
    await change_role(world, ADAEZE, "sponsor")
    await world.command(PRIYA, "sponsors")
    await press_menu(world, PRIYA, "Send the welcome…")
    shown = unmarked(world.words(world.form(PRIYA)))
    await world.press(PRIYA, "Send it")
    await world.close(PRIYA)
    await world.later("PT1M")
    brief = newest(world, ADAEZE)
    for text in (shown, brief):
        assert "From Jonas Lindqvist, who had the seat before you" in text
        assert "Mon 30 Nov, in person" in text
        assert "settle the budget" in text
        assert "hire a lawyer (Jonas Lindqvist)" in text
        assert "open the lab (Grant Whitaker)" in text
        assert "Your counterpart: Grant Whitaker (Helix Devices)." in text
        assert "doubts" not in text


async def test_who_follows_and_is_not_confirmed_finds_what_is_joint_alone(world: AnyWorld) -> None:
    await talk_with_all(world)
    await change_role(world, JONAS, "other")
    await change_role(world, ADAEZE, "sponsor")
    with_member(world, ADAEZE, lambda one: setattr(one, "stated", True))
    await world.command(PRIYA, "sponsors")
    await press_menu(world, PRIYA, "Send the welcome…")
    await world.press(PRIYA, "Send it")
    await world.close(PRIYA)
    await world.later("PT1M")
    brief = newest(world, ADAEZE)
    assert "Mon 30 Nov, in person" in brief
    assert "open the lab" in brief
    for kept in ("budget", "lawyer", "doubts"):
        assert kept not in brief, kept


@pytest.mark.parametrize("how", ["ended", "closed"])
async def test_who_leaves_has_their_buttons_and_queue_closed_in_the_same_minute(
    world: AnyWorld, how: str
) -> None:
    await first_nudge(world)
    await world.command(PRIYA, "ask @jonas settle the budget")
    before = read_by(world, OLIVIA)
    await leave(world, JONAS, how)
    await world.later("PT1M")
    assert waiting_for(world, JONAS) == []
    if how == "ended":
        pressable = {b for m in world.read(JONAS, direct(JONAS)) for b in world.buttons(m)}
        assert not {"We spoke", "It's in the calendar", "Not this week"} & pressable
    assert "No sponsor, since Tue 1 Dec." in await sponsors_of(world, OLIVIA)
    await world.until("2026-12-02T20:00:00+00:00")
    assert "Jonas Lindqvist sponsors it at Northwind Bio no more" in said(world, PRIYA)
    assert "no more" not in read_by(world, OLIVIA).removeprefix(before)
    await world.until("2026-12-09T20:00:00+00:00")
    assert nudge(world, GRANT).count("due") <= 1
