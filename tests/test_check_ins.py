"""Trust check-ins: what somebody says by themselves, and who reads it."""

import pytest

from tests.anywhere import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    MATEO,
    OLIVIA,
    PRIYA,
    SHARED,
    TOMASZ,
    AnyWorld,
)
from tests.daily import name_helix_manager, said

WORDS = "They tell us late"


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def check_in(world: AnyWorld, who: str, readers: str, value: str = "2") -> str:
    """Somebody's check-in about communication, and what they read afterwards."""
    if who in (PRIYA, HANA, MATEO, ADAEZE):
        await world.command(who, f"checkin {value} {WORDS}")
    else:
        await world.mention(who, "checkin")
        await world.press(who, "Trust check-in")
    await world.fill(who, score=value, line=WORDS, principle="communication", readers=readers)
    kept = world.words(world.form(who))
    await world.close(who)
    return kept


async def reads(world: AnyWorld, who: str) -> bool:
    """Whether somebody finds the words in their list of check-ins."""
    await world.mention(who, "open")
    seen = await world.write(who, "checkins")
    return WORDS in " ".join(world.inbox(who)[-1:]) or WORDS in seen.text


async def test_a_check_in_is_kept_and_says_who_reads_it(world: AnyWorld) -> None:
    kept = await check_in(world, HANA, "self", value="4")
    assert "Kept." in kept
    assert "Communication 4 of 5" in kept
    assert "Only you read this." in kept
    assert "Talk to my alliance manager" not in kept


async def test_what_is_for_oneself_nobody_else_reads(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await check_in(world, HANA, "self")
    assert await reads(world, HANA)
    for who in (PRIYA, MATEO, OLIVIA, TOMASZ):
        assert not await reads(world, who), who
    await world.later("P1D")
    assert WORDS not in said(world, PRIYA)


async def test_what_is_for_ones_managers_the_partner_and_colleagues_never_read(
    world: AnyWorld,
) -> None:
    await name_helix_manager(world)
    await check_in(world, HANA, "managers")
    await world.later("P1D")
    assert "Hana Kobayashi (Northwind Bio): Communication 2 of 5" in said(world, PRIYA)
    assert await reads(world, PRIYA)
    for who in (MATEO, OLIVIA, TOMASZ, GRANT):
        assert not await reads(world, who), who
        assert WORDS not in said(world, who)


async def test_a_joint_one_is_read_on_both_sides(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await check_in(world, TOMASZ, "joint")
    for who in (HANA, OLIVIA, INES):
        assert await reads(world, who), who
    await world.later("P1D")
    assert WORDS in said(world, PRIYA)


async def test_a_low_one_offers_a_talk_with_ones_own_manager(world: AnyWorld) -> None:
    kept = await check_in(world, HANA, "self")
    assert "Would a talk help?" in kept
    await world.command(HANA, "checkin 1 " + WORDS)
    await world.fill(HANA, score="1", readers="self")
    seen = await world.press(HANA, "Talk to my alliance manager")
    assert "Northwind Bio know that you would like to talk" in seen.text
    await world.later("PT1M")
    assert "Hana Kobayashi would like to talk with you." in world.inbox(PRIYA)[-1]
    again = await world.command(HANA, "checkins")
    assert "Northwind Bio's managers" in again.private


async def test_taken_back_nobody_else_reads_it(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await check_in(world, HANA, "joint")
    assert await reads(world, TOMASZ)
    await world.command(HANA, "checkins")
    await world.press(HANA, "Take it back")
    assert not await reads(world, TOMASZ)
    await world.later("P1D")
    assert WORDS not in said(world, OLIVIA)
    assert WORDS not in said(world, PRIYA)


async def test_a_number_that_is_missing_is_asked_for(world: AnyWorld) -> None:
    await world.command(HANA, "checkin")
    await world.fill(HANA, readers="self", principle="trust")
    assert world.errors(HANA)


async def test_the_shared_channel_reads_nothing_of_it(world: AnyWorld) -> None:
    await check_in(world, HANA, "joint")
    assert WORDS not in world.text(TOMASZ, SHARED)
