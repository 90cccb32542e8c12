"""What the sponsor programme keeps from whom, and when it may keep anything."""

import pytest
from sqlmodel import Session, select

from storage.tables import Side
from tests.anywhere import GRANT, HANA, INES, JONAS, OLIVIA, PRIYA, AnyWorld, direct
from tests.sponsors_world import (
    first_nudge,
    kept_asks,
    name_sponsor,
    nudge,
    press_menu,
    sponsors_of,
    talks,
    two_sponsors,
)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


def keep_nothing(world: AnyWorld) -> None:
    """Both firms have private records switched off."""

    def off(session: Session) -> None:
        for side in session.exec(select(Side)):
            side.private_since = None
            session.add(side)

    world.change(off)


async def test_an_ask_and_an_outcome_wait_until_the_firm_keeps_records(world: AnyWorld) -> None:
    await first_nudge(world)
    keep_nothing(world)
    seen = await world.command(PRIYA, "ask @jonas join the review")
    assert "Turn on private records" in seen.private + seen.text
    assert kept_asks(world) == []
    await world.press(JONAS, "We spoke", channel=direct(JONAS))
    await world.fill(JONAS, on="2026-12-01", outcome="They doubt the launch")
    assert talks(world) == []


async def test_that_they_spoke_is_kept_all_the_same(world: AnyWorld) -> None:
    await first_nudge(world)
    keep_nothing(world)
    await world.press(JONAS, "We spoke", channel=direct(JONAS))
    await world.fill(JONAS, on="2026-12-01")
    assert len(talks(world)) == 1


async def test_colleagues_read_neither_terms_nor_asks_nor_how_far_the_welcome_is(
    world: AnyWorld,
) -> None:
    await world.command(HANA, "mine")
    await name_sponsor(world, PRIYA, JONAS, until="2027-06-30", in_role_until="until 2030")
    own = await sponsors_of(world, PRIYA)
    for fact in ("until Wed 30 Jun 2027", "until 2030", "welcome sent", "no open asks"):
        assert fact in own
        assert fact not in await sponsors_of(world, HANA)


async def test_an_hour_at_which_nothing_is_sent_is_refused(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.command(PRIYA, "sponsors")
    await press_menu(world, PRIYA, "When I write…")
    await world.fill(PRIYA, weekday="3", time="19:00")
    assert "between 08:00 and 18:00" in str(world.errors(PRIYA))


async def test_the_daily_message_leads_to_the_sponsors(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.until("2026-12-01T14:00:00+00:00")
    seen = await world.press(PRIYA, "Sponsors", channel=direct(PRIYA))
    assert "Sponsors · Helix alliance" in seen.text + seen.private


async def test_a_word_a_month_is_one_line_without_questions(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.press(JONAS, "We spoke", channel=direct(JONAS))
    await world.fill(JONAS, on="2026-12-01")
    await world.close(JONAS)
    await world.until("2026-12-30T18:00:00+00:00")
    word = nudge(world, GRANT)
    assert "All quiet between you and Jonas Lindqvist" in word
    assert "We spoke" not in word


async def test_who_said_no_is_nobodys_counterpart(world: AnyWorld) -> None:
    await two_sponsors(world)
    await name_sponsor(world, OLIVIA, INES)
    await world.press(INES, "Not me", channel=direct(INES))
    await world.fill(INES)
    await world.close(INES)
    await world.until("2026-12-02T14:00:00+00:00")
    assert "Inês" not in nudge(world, JONAS)
    assert "says it is not for them" not in await sponsors_of(world, GRANT)
