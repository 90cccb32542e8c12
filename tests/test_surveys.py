"""Private pulses: asked alone, shown as figures of groups, and nobody's answer given away."""

import pytest

from tests.anywhere import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    MATEO,
    OLIVIA,
    PRIYA,
    SAMIR,
    SHARED,
    TOMASZ,
    AnyWorld,
    direct,
)
from tests.daily import name_helix_manager, said

OURS = (PRIYA, HANA, MATEO, ADAEZE)
THEIRS = (OLIVIA, TOMASZ, INES)
FIRST = "We have the right people and capacity here."
LABELS = {1: "1 not at all", 2: "2 rarely", 3: "3 in part", 4: "4 mostly", 5: "5 fully"}


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def gathered(world: AnyWorld) -> None:
    """Four of Northwind Bio and three of Helix Devices take part."""
    await name_helix_manager(world)
    for who in (*OURS, *THEIRS):
        await world.mention(who, "open")


async def sent(world: AnyWorld, **chosen: str) -> None:
    await world.command(PRIYA, "survey")
    await world.fill(PRIYA, **chosen)
    await world.press(PRIYA, "Send") if "Send" in world.buttons(world.form(PRIYA)) else (
        await world.fill(PRIYA)
    )
    await world.close(PRIYA)
    await world.later("PT1M")


async def answers(world: AnyWorld, who: str, *values: int) -> None:
    """Somebody's answers, one a screen."""
    for value in values:
        await world.press(who, LABELS[value], channel=direct(who))


async def over(world: AnyWorld) -> None:
    await world.until("2026-12-02T12:00:00+00:00")


async def test_a_question_a_screen_and_it_can_be_changed_until_it_closes(world: AnyWorld) -> None:
    await gathered(world)
    await sent(world)
    asked = world.inbox(HANA)[-1]
    assert FIRST in asked
    assert "1 of 4" in asked
    assert "Averages of a firm, if 3 or more of it answer; never who answered what." in asked
    await answers(world, HANA, 4, 3, 2, 5)
    assert "Thank you. You can change your answers until Mon 30 Nov." in world.inbox(HANA)[-1]
    await world.press(HANA, "Change my answers", channel=direct(HANA))
    assert "You answered 4." in world.inbox(HANA)[-1]


async def test_figures_come_when_it_has_closed_and_not_before(world: AnyWorld) -> None:
    await gathered(world)
    await sent(world)
    for who, value in zip(OURS, (2, 3, 3, 4), strict=True):
        await answers(world, who, value, value, value, value)
    for who in THEIRS:
        await answers(world, who, 3, 3, 3, 3)
    await world.command(HANA, "surveys")
    seen = await world.press(HANA, "Show")
    assert "Nothing is shown before it closes." in seen.text + seen.private
    await world.close(HANA)
    await over(world)
    assert "The answers to the private pulse are in" in said(world, TOMASZ)
    seen = await world.write(TOMASZ, "surveys")
    seen = await world.press(TOMASZ, "Show", channel=direct(TOMASZ))
    shown = seen.text + seen.private
    assert "Northwind Bio: 3.0 of 5 (4 answers)" in shown
    assert "Helix Devices: 3.0 of 5 (3 answers)" in shown


async def test_an_average_near_the_end_is_a_range(world: AnyWorld) -> None:
    await gathered(world)
    await sent(world)
    for who in OURS:
        await answers(world, who, 5, 5, 5, 5)
    await over(world)
    await world.command(PRIYA, "surveys")
    seen = await world.press(PRIYA, "Show")
    assert "Northwind Bio: 3.8 or more of 5 (4 answers)" in seen.text + seen.private
    assert "Helix Devices" not in (seen.text + seen.private).replace("Both firms", "")


async def test_too_few_answers_are_not_shown(world: AnyWorld) -> None:
    await gathered(world)
    await sent(world)
    for who in OURS[:2]:
        await answers(world, who, 5, 1, 5, 1)
    await over(world)
    await world.command(PRIYA, "surveys")
    seen = await world.press(PRIYA, "Show")
    assert "too few answers to show" in seen.text + seen.private


async def test_one_firm_s_own_is_unknown_to_the_partner(world: AnyWorld) -> None:
    await gathered(world)
    await sent(world, scope="own")
    assert FIRST in world.inbox(HANA)[-1]
    for who in THEIRS:
        assert FIRST not in " ".join(world.inbox(who))
        await world.write(who, "surveys")
        assert "None yet." in world.inbox(who)[-1]
    await over(world)
    assert "private pulse" not in said(world, OLIVIA)


async def test_comments_reach_ones_own_manager_without_a_name(world: AnyWorld) -> None:
    await gathered(world)
    await sent(world)
    for who in OURS:
        await answers(world, who, 2, 3, 3, 4)
    await world.press(HANA, "Add a comment", channel=direct(HANA))
    await world.fill(HANA, comment="The lab is too slow")
    await world.close(HANA)
    await over(world)
    await world.command(PRIYA, "surveys")
    seen = await world.press(PRIYA, "Show")
    shown = seen.text + seen.private
    assert "The lab is too slow" in shown
    assert "Hana" not in shown
    for who in (MATEO, OLIVIA):
        await world.write(who, "surveys")
        seen = await world.press(who, "Show", channel=direct(who))
        assert "The lab is too slow" not in seen.text + seen.private


async def test_only_alliance_managers_ask_and_a_past_day_is_refused(world: AnyWorld) -> None:
    await gathered(world)
    seen = await world.command(MATEO, "survey")
    assert "The alliance managers ask that." in seen.text + seen.private
    await world.command(PRIYA, "survey")
    await world.fill(PRIYA, last_day="2026-11-20")
    assert "Choose a day from tomorrow on." in str(world.errors(PRIYA))


async def test_called_off_nothing_is_kept(world: AnyWorld) -> None:
    await gathered(world)
    await world.command(PRIYA, "survey")
    await world.fill(PRIYA)
    await world.fill(PRIYA)
    await world.later("PT1M")
    await answers(world, HANA, 4)
    await world.press(PRIYA, "Call it off")
    await world.later("PT1M")
    await over(world)
    assert "private pulse" not in said(world, HANA)


async def test_who_has_not_answered_is_reminded_once(world: AnyWorld) -> None:
    await gathered(world)
    await sent(world)
    await answers(world, MATEO, 4, 4, 4, 4)
    await world.until("2026-11-30T16:30:00+00:00")
    assert sum(FIRST in one for one in world.inbox(HANA)) == 2
    assert sum("short questions" in one or FIRST in one for one in world.inbox(MATEO)) == 0


async def test_the_shared_channel_reads_nothing_of_it(world: AnyWorld) -> None:
    await gathered(world)
    before = world.text(GRANT, SHARED)
    await sent(world)
    await over(world)
    assert world.text(SAMIR, SHARED) == before or FIRST not in world.text(SAMIR, SHARED)
