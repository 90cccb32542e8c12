"""When sponsors are written to: as their alliance agreed or they chose, past days off, outages."""

import pytest

from tests.anywhere import GRANT, JONAS, OLIVIA, PRIYA, AnyWorld, direct, unmarked
from tests.sponsors_world import (
    down_until,
    kept_nudges,
    newest,
    nudged,
    nudges,
    spoke,
    two_sponsors,
    with_person,
)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def propose(world: AnyWorld, **values: object) -> str:
    """Priya proposes something else about the sponsors of the alliance."""
    await world.command(PRIYA, "settings")
    await world.press(PRIYA, "Sponsors…")
    seen = await world.fill(PRIYA, **values)
    await world.close(PRIYA)
    return unmarked(seen.text)


async def test_the_firms_agree_on_another_weekday_and_hour_by_a_press_of_each(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    said = await propose(world, weekday="3", time="10:15")
    assert "Helix Devices is asked; until Olivia Bennett agrees, nothing changes." in said
    asked = newest(world, OLIVIA)
    assert "I write to sponsors on: Tuesday → Thursday" in asked
    assert "At, in their own time: 08:30 → 10:15" in asked
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.until("2026-12-05T18:00:00+00:00")
    assert nudged(world, JONAS) == nudged(world, GRANT) == ["Thu 3 Dec 10:15"]


async def test_a_change_holds_in_this_week_still_and_never_makes_two_of_one(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await world.until("2026-11-30T12:00:00+00:00")
    await propose(world, weekday="4")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.until("2026-12-04T14:00:00+00:00")
    assert nudged(world, JONAS) == ["Fri 4 Dec 08:30"]
    await propose(world, weekday="0")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.until("2026-12-07T14:00:00+00:00")
    assert nudged(world, JONAS)[1:] == ["Mon 7 Dec 08:30"]
    await propose(world, weekday="2")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.until("2026-12-13T08:00:00+00:00")
    assert len(nudges(world, JONAS)) == 2, "it was looked at on Monday"
    await world.until("2026-12-16T18:00:00+00:00")
    assert nudged(world, JONAS)[2:] == ["Wed 16 Dec 08:30"]


async def test_how_often_two_speak_and_what_happens_meanwhile_is_agreed_too(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await propose(world, months="6", mode="until_they_connect")
    asked = newest(world, OLIVIA)
    assert "Two sponsors speak: as the tier has it → every half-year" in asked
    assert "→ I ask every week until they connect" in asked
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.until("2026-12-01T14:00:00+00:00")
    await spoke(world, JONAS, "2026-12-01")
    await world.write(JONAS, "sponsors")
    assert "next due Tue 1 Jun 2027" in newest(world, JONAS)
    await propose(world, months="tier")
    assert "Two sponsors speak: every half-year → as the tier has it" in newest(world, OLIVIA)


async def test_what_can_not_be_is_refused_beside_its_field(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.command(PRIYA, "settings")
    await world.press(PRIYA, "Sponsors…")
    await world.fill(PRIYA, time="25:00")
    assert world.errors(PRIYA) == {"time": "Write a time such as 08:30."}


async def test_only_alliance_managers_change_it(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.command(JONAS, "settings")
    assert "Sponsors…" not in world.text(JONAS, direct(JONAS))


async def test_a_sponsor_chooses_another_hour_for_themselves(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.press(JONAS, "Choose when", channel=direct(JONAS))
    seen = await world.fill(JONAS, weekday="4", time="16:00")
    assert "All right: Fridays at 16:00." in seen.text
    await world.close(JONAS)
    await propose(world, weekday="3")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.until("2026-12-06T18:00:00+00:00")
    assert nudged(world, JONAS) == ["Fri 4 Dec 16:00"], "their own choice stays"
    assert nudged(world, GRANT) == ["Thu 3 Dec 08:30"]


async def test_on_a_holiday_it_comes_on_the_next_working_day(world: AnyWorld) -> None:
    with_person(world, GRANT, lambda person: setattr(person, "country", "ES"))
    await two_sponsors(world)
    await propose(world, mode="until_they_connect")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.until("2026-12-03T18:00:00+00:00")
    await world.write(JONAS, "away until 8 Dec")
    await world.until("2026-12-12T18:00:00+00:00")
    assert nudged(world, JONAS)[1:] == ["Wed 9 Dec 08:30"], "back on Wednesday"
    assert nudged(world, GRANT)[1:] == ["Wed 9 Dec 08:30"], "Immaculate Conception, in Spain"


async def test_who_is_away_for_weeks_hears_nothing_and_once_when_they_are_back(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await world.write(JONAS, "away until 18 Dec")
    await world.until("2026-12-21T18:00:00+00:00")
    assert nudges(world, JONAS) == []
    await world.until("2026-12-23T18:00:00+00:00")
    assert nudged(world, JONAS) == ["Tue 22 Dec 08:30"]
    assert "has not answered" not in unmarked(" ".join(world.inbox(PRIYA)))


async def test_a_bot_that_was_down_on_tuesday_says_it_once_when_it_is_back(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await world.until("2026-11-29T12:00:00+00:00")
    down_until(world, "2026-12-03T08:00:00+00:00")
    await world.later("PT1S")
    assert nudged(world, JONAS) == ["Thu 3 Dec 09:00"], "within two working days"
    await world.until("2026-12-04T18:00:00+00:00")
    assert nudged(world, GRANT) == ["Thu 3 Dec 08:30"]
    await world.until("2026-12-08T18:00:00+00:00")
    assert [when[:-6] for when in nudged(world, JONAS)] == ["Thu 3 Dec", "Tue 8 Dec"]


async def test_a_bot_that_was_down_for_longer_says_it_next_week(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.until("2026-11-29T12:00:00+00:00")
    down_until(world, "2026-12-04T08:00:00+00:00")
    await world.until("2026-12-07T18:00:00+00:00")
    assert nudges(world, JONAS) == []
    await world.until("2026-12-08T18:00:00+00:00")
    assert nudged(world, JONAS) == nudged(world, GRANT) == ["Tue 8 Dec 08:30"]


async def test_a_bot_that_slept_for_weeks_has_no_backlog(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.until("2026-11-29T12:00:00+00:00")
    down_until(world, "2027-01-12T14:30:00+00:00")
    await world.until("2027-01-18T18:00:00+00:00")
    assert nudges(world, JONAS) == nudges(world, GRANT) == []
    await world.until("2027-01-19T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == len(nudges(world, GRANT)) == 1
    assert len(kept_nudges(world)) == 2, "nothing counts as unanswered that was never said"
