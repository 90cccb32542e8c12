"""The one daily message: when it comes, to whom, and what is in it."""

import pytest

from tests.anywhere import (
    ADAEZE,
    HANA,
    MATEO,
    OLIVIA,
    OWN,
    SAMIR,
    SHARED,
    TOMASZ,
    AnyWorld,
    direct,
    unmarked,
)
from tests.daily import BERLIN, LONDON, NEW_YORK, days, digests, said, times, until


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_everybody_hears_once_a_day_at_half_past_eight_of_their_own_clock(
    world: AnyWorld,
) -> None:
    await world.command(HANA, "action send the minutes by Wed")
    await world.command(MATEO, "action send the minutes by Wed")
    await world.mention(TOMASZ, "action send the minutes by Wed")
    await world.later("P1D")
    assert times(digests(world, HANA), BERLIN) == ["Tue 24 Nov 08:30"]
    assert times(digests(world, TOMASZ), LONDON) == ["Tue 24 Nov 08:30"]
    assert times(digests(world, MATEO), NEW_YORK) == ["Tue 24 Nov 08:30"]
    assert said(world, HANA).startswith("1 coming up: HEL-1 send the minutes · Tue 24 Nov")
    assert "due Wed 25 Nov, tomorrow" in said(world, HANA)
    assert said(world, TOMASZ) == said(world, HANA).replace("HEL-1", "HEL-3")
    assert digests(world, SAMIR) == []


async def test_no_message_comes_when_there_is_nothing_to_say(world: AnyWorld) -> None:
    await world.command(HANA, "action send the minutes by Wed")
    await world.command(HANA, "done HEL-1")
    await world.command(HANA, "action plan the next quarter by 20 Dec")
    await world.later("P7D")
    assert world.inbox(HANA) == []


async def test_it_rests_on_weekends_and_on_the_holidays_of_each_persons_country(
    world: AnyWorld,
) -> None:
    await world.command(MATEO, "action order the samples by 26 Nov")
    await world.command(HANA, "action order the samples by 26 Nov")
    await until(world, "2026-12-01T23:00+00:00")
    thanksgiving_is_free = ["Tue 24 Nov", "Fri 27 Nov", "Tue 1 Dec"]
    assert days(world, MATEO, NEW_YORK) == thanksgiving_is_free
    assert days(world, HANA, BERLIN) == ["Tue 24 Nov", "Thu 26 Nov", "Fri 27 Nov", "Tue 1 Dec"]
    await world.command(HANA, "done HEL-2")
    await world.command(HANA, "action close the year by 24 Dec")
    await until(world, "2026-12-31T23:00+00:00")
    christmas = ["Tue 22 Dec", "Thu 24 Dec", "Mon 28 Dec", "Wed 30 Dec"]
    assert days(world, HANA, BERLIN)[4:] == christmas


async def test_its_lines_are_grouped_by_what_they_ask_for(world: AnyWorld) -> None:
    for words in (
        "book the room by 25 Nov",
        "send the agenda by 27 Nov",
        "clear the desk by 30 Nov",
    ):
        await world.command(HANA, f"action {words}")
    await until(world, "2026-11-26T19:00+00:00")
    await world.mention(OLIVIA, "action <@U0HANA> review the label by 4 Dec")
    await world.later("P1D")
    text = said(world, HANA)
    order = [text.index(title) for title in ("For you to accept", "Due today", "Coming up")]
    assert order == sorted(order)
    assert text.startswith("1 to accept, 1 due today, 1 coming up · Fri 27 Nov")
    assert "HEL-4 review the label" in text
    assert "asked by Olivia Bennett (Helix Devices)" in text
    assert "HEL-2 send the agenda ○ due Fri 27 Nov, today" in text
    assert "HEL-3 clear the desk ○ due Mon 30 Nov, in 3 days" in text, "Monday is next"
    assert "HEL-1" not in text, "the second working day past its day is no rung"
    await until(world, "2026-11-30T23:00+00:00")
    assert "Still open HEL-1 book the room ○ due Wed 25 Nov, 5 days ago" in said(world, HANA)


async def test_several_alliances_share_one_daily_message(
    any_empty_world: AnyWorld,
) -> None:
    world = any_empty_world
    await world.set_up()
    await world.set_up(channel=OWN, name="Orion alliance", code="ORI", firms="Northwind Bio")
    await world.command(ADAEZE, "action sign the annex by Wed", SHARED)
    await world.command(ADAEZE, "action draft the charter by Wed", OWN)
    await world.later("P1D")
    [only] = digests(world, ADAEZE)
    assert world.words(only).startswith("2 coming up · Tue 24 Nov")
    assert "HEL-1 sign the annex" in world.words(only)
    assert "ORI-1 draft the charter" in world.words(only)


async def test_a_line_is_acted_on_where_it_stands_and_shows_what_became_of_it(
    world: AnyWorld,
) -> None:
    await world.command(HANA, "action book the room by Tue")
    await world.command(HANA, "action send the agenda by Tue")
    await world.command(HANA, "action invite the guests by Tue")
    await world.mention(OLIVIA, "action <@U0HANA> review the label by 4 Dec")
    await world.later("P1D")
    await world.press(HANA, "Done", channel=direct(HANA))
    [only] = digests(world, HANA)
    assert world.words(only).startswith("1 to accept, 2 due today · Tue 24 Nov")
    assert "book the room ✓ due Tue 24 Nov · done" in unmarked(world.words(only))
    await world.press(HANA, "Accept", channel=direct(HANA), ts=only["ts"])
    assert "asked by Olivia Bennett (Helix Devices) · accepted" in said(world, HANA)
    await world.press(HANA, "Snooze", channel=direct(HANA))
    await world.fill(HANA, until="2026-11-27")
    assert "snoozed until Fri 27 Nov" in said(world, HANA), "a form's answer shows as well"
    await world.command(HANA, "done HEL-3")
    assert said(world, HANA).startswith("All dealt with · Tue 24 Nov")
    assert {"Details"} == set(world.buttons(digests(world, HANA)[0]))


async def test_a_press_on_a_very_old_message_still_works(world: AnyWorld) -> None:
    await world.command(HANA, "action book the room by Tue")
    await world.later("P1D")
    [old] = digests(world, HANA)
    await until(world, "2027-01-20T12:00+00:00")
    await world.bot.ticks.purge()
    await world.press(HANA, "Done", channel=direct(HANA), ts=old["ts"])
    assert "· done" in world.text(HANA, SHARED)


async def test_a_long_day_is_cut_short_and_says_so(world: AnyWorld) -> None:
    for number in range(17):
        await world.command(HANA, f"action step {number} by Tue")
    await world.command(HANA, "action look further by Wed")
    await world.later("P1D")
    text = unmarked(" ".join(world.inbox(HANA)))
    assert text.startswith("17 due today, 1 coming up")
    assert text.count("step") == 15
    assert "Coming up" not in text, "no title without a line"
    assert "and 3 more: write me mine ." in text
