"""Who follows a sponsor is for their own alliance managers to know until they tell it."""

import pytest

from tests.anywhere import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    JONAS,
    MATEO,
    OLIVIA,
    PRIYA,
    AnyWorld,
    unmarked,
)
from tests.daily import said
from tests.sponsors_world import (
    change_role,
    exported,
    first_nudge,
    plan,
    press_menu,
    read_by,
    sponsors_of,
    two_sponsors,
)

ENDS = "Jonas Lindqvist's term ends on"
OTHERS = (JONAS, ADAEZE, HANA, OLIVIA, GRANT, INES)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def term_until(world: AnyWorld, day: str) -> None:
    await world.command(PRIYA, "sponsors")
    await press_menu(world, PRIYA, "Change…")
    assert (await world.fill(PRIYA, until=day)).ok
    await world.close(PRIYA)


async def test_a_successor_is_asked_for_three_months_and_one_month_before(world: AnyWorld) -> None:
    await two_sponsors(world)
    await term_until(world, "2027-03-31")
    await world.until("2026-12-30T20:00:00+00:00")
    assert ENDS not in read_by(world, PRIYA)
    await world.until("2027-01-02T20:00:00+00:00")
    [line] = [text for text in world.inbox(PRIYA) if ENDS in unmarked(text)]
    assert "Only you are asked; your partner hears when you say so." in line
    await world.until("2027-02-26T20:00:00+00:00")
    assert len([text for text in world.inbox(PRIYA) if ENDS in unmarked(text)]) == 1
    await world.until("2027-03-02T20:00:00+00:00")
    assert len([text for text in world.inbox(PRIYA) if ENDS in unmarked(text)]) == 2
    await world.until("2027-04-05T20:00:00+00:00")
    assert "Jonas Lindqvist's term ended on Wed 31 Mar" in read_by(world, PRIYA)
    for who in OTHERS:
        assert "term" not in read_by(world, who), who


async def test_nobody_but_their_own_alliance_managers_knows_before_it_is_told(
    world: AnyWorld,
) -> None:
    """Neither the partner nor the sponsor, wherever they look."""
    await first_nudge(world)
    await world.mention(INES, "open")
    shown = await plan(world, "2026-12-18")
    assert "Kept, and told to nobody yet." in shown
    await world.close(PRIYA)
    await world.until("2026-12-11T20:00:00+00:00")
    assert "Adaeze Okafor follows; your partner hears when you press Tell." in read_by(world, PRIYA)
    known = "Adaeze Okafor follows after Fri 18 Dec (only your alliance managers know)"
    assert known in await sponsors_of(world, PRIYA)
    for who in OTHERS:
        for words in ("sponsors", "sponsors history", "audit", "people"):
            await world.write(who, words)
        text = read_by(world, who).replace("Who follows…", "")
        for kept in ("follows", "18 Dec", "successor", "term"):
            assert kept not in text, (who, kept)
    for who in (OLIVIA, PRIYA):
        assert "2026-12-18" not in exported(world, who), who
    assert '"successor": "Adaeze Okafor"' not in exported(world, OLIVIA)
    assert '"successor": "Adaeze Okafor"' in exported(world, PRIYA)
    await world.until("2026-12-22T20:00:00+00:00")
    assert "Jonas Lindqvist since" in await sponsors_of(world, OLIVIA), "untold, nothing goes over"


async def test_the_words_are_read_first_and_then_told(world: AnyWorld) -> None:
    await two_sponsors(world)
    shown = await plan(world, "2026-12-18")
    told = (
        "Adaeze Okafor follows Jonas Lindqvist as sponsor at Northwind Bio on Sat 19 Dec. "
        "A word from Jonas to introduce them would help."
    )
    assert told in shown
    await world.press(PRIYA, "Tell")
    await world.close(PRIYA)
    await world.until("2026-11-24T22:00:00+00:00")
    for who in (OLIVIA, GRANT, JONAS):
        assert told in said(world, who), who
    for who in (HANA, INES, ADAEZE):
        assert "follows" not in read_by(world, who), who
    assert "until Fri 18 Dec" in await sponsors_of(world, OLIVIA)


async def test_what_was_told_and_changed_before_anybody_read_it_is_not_said(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await plan(world, "2026-12-18")
    await world.press(PRIYA, "Tell")
    await world.close(PRIYA)
    await world.command(MATEO, "mine")
    await plan(world, "2026-12-11", MATEO)
    await world.close(PRIYA)
    await world.until("2026-11-24T22:00:00+00:00")
    for who in (OLIVIA, GRANT, JONAS):
        assert "follows" not in read_by(world, who), who
    assert "until" not in await sponsors_of(world, OLIVIA)


async def test_a_plan_is_dropped_in_silence(world: AnyWorld) -> None:
    await two_sponsors(world)
    await plan(world, "2026-12-18")
    seen = await world.press(PRIYA, "No change after all")
    assert "Jonas Lindqvist goes on." in seen.text
    await world.close(PRIYA)
    await world.until("2026-12-22T20:00:00+00:00")
    assert "Jonas Lindqvist since" in await sponsors_of(world, PRIYA)
    assert "follows" not in read_by(world, OLIVIA)


async def test_a_new_title_keeps_the_seat(world: AnyWorld) -> None:
    await two_sponsors(world)
    await change_role(world, JONAS, "sponsor")
    text = await sponsors_of(world, PRIYA)
    assert text.count("Jonas Lindqvist since Mon 23 Nov") == 1
    assert "change" not in await sponsors_of(world, OLIVIA, "sponsors history")
