"""What is made of the words of an action item: its owner, its helpers, its day."""

import pytest

from tests.anywhere import (
    ADAEZE,
    HANA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SAMIR,
    SHARED,
    TOMASZ,
    AnyWorld,
    unmarked,
)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_a_date_is_read_from_the_end_and_shown_with_a_button_to_change_it(
    world: AnyWorld,
) -> None:
    seen = await world.command(MATEO, "action send the minutes by next Tuesday")
    assert "HEL-1 is yours, due Tue 1 Dec, in 8 days." in seen.private
    assert "Change the date" in seen.private
    changing = await world.press(MATEO, "Change the date", channel=SHARED)
    assert "Which day?" in changing.text
    moved = await world.fill(MATEO, due="2026-12-03")
    assert "HEL-1 is due Thu 3 Dec" in moved.text
    await world.close(MATEO)
    undated = await world.command(MATEO, "action tidy the shared folder")
    assert "HEL-2 is yours, no date yet." in undated.private
    assert "Set a date" in undated.private


async def test_a_date_is_read_in_the_zone_of_who_writes(world: AnyWorld) -> None:
    """At 03:30 UTC on the 24th it is still the 23rd in New York."""
    await world.until("2026-11-24T03:30:00Z")
    new_york = await world.command(MATEO, "action call the lab by tomorrow")
    berlin = await world.command(HANA, "action call the lab by tomorrow")
    assert "due Tue 24 Nov" in new_york.private
    assert "due Wed 25 Nov" in berlin.private


async def test_a_numeric_date_follows_the_order_of_the_writers_country(world: AnyWorld) -> None:
    new_york = await world.command(ADAEZE, "action renew the licence by 1/12/2027")
    berlin = await world.command(HANA, "action renew the licence by 1/12/2027")
    assert "12 Jan" in new_york.private
    assert "1 Dec" in berlin.private


async def test_a_day_that_is_past_or_senseless_is_refused_with_a_hint(world: AnyWorld) -> None:
    for words in ("by yesterday", "by 1 Nov 2026", "by 31 Feb"):
        seen = await world.command(MATEO, f"action send the minutes {words}")
        assert "Nothing was recorded." in seen.private
        assert "Try “by Fri” or “by 27 Nov”." in seen.private
    assert "HEL-1" in (await world.command(MATEO, "action send the minutes by Fri")).private


async def test_what_was_not_understood_as_a_date_is_quoted_back(world: AnyWorld) -> None:
    seen = await world.command(MATEO, "action send the minutes by Firday")
    assert "HEL-1 is yours, no date yet." in seen.private
    assert "I did not understand “Firday” as a date. For example:" in seen.private
    assert "send the minutes by Firday" in world.text(HANA, SHARED)


async def test_of_several_mentions_the_first_owns_and_the_others_help(world: AnyWorld) -> None:
    seen = await world.command(PRIYA, "action @hana @samir draft the annex with @olivia by Fri")
    assert "HEL-1 is Hana Kobayashi's" in seen.private
    page = await world.command(HANA, "show HEL-1")
    assert "draft the annex with Olivia Bennett" in page.text
    assert "Helpers Samir Haddad, Olivia Bennett" in unmarked(page.text)
    assert "<@" not in page.text
    assert "HEL-1" in (await world.write(OLIVIA, "mine")).text


@pytest.mark.parametrize(
    "words", ["for Hana: file the report", "@kobayashi file the report", "file the report for Hana"]
)
async def test_an_owner_in_words_who_fits_one_member_is_taken_and_shown(
    world: AnyWorld, words: str
) -> None:
    seen = await world.command(PRIYA, f"action {words} by Fri")
    assert "HEL-1 is Hana Kobayashi's, due Fri 27 Nov" in seen.private


async def test_an_owner_in_words_who_fits_several_is_chosen_from_them(world: AnyWorld) -> None:
    await world.rename(SAMIR, "Hana Haddad")
    seen = await world.command(PRIYA, "action file the report for Hana by Fri")
    assert "2 people fit “Hana”. Which one?" in seen.text
    done = await world.fill(PRIYA, owner=HANA)
    assert "HEL-1 is Hana Kobayashi's, due Fri 27 Nov" in done.text


async def test_an_owner_in_words_whom_nobody_knows_is_never_silently_the_writer(
    world: AnyWorld,
) -> None:
    seen = await world.command(PRIYA, "action for Zebulon: file the report by Fri")
    assert "I know nobody called “Zebulon” here." in seen.text
    assert "Nothing is recorded yet" in seen.text
    assert world.references(HANA, SHARED) == []
    await world.close(PRIYA)
    told = await world.write(TOMASZ, "action file the report for Zebulon by Fri")
    assert "I know nobody called “Zebulon” here." in told.text
    await world.press(TOMASZ, "New action item")
    sent = await world.fill(TOMASZ, owner=TOMASZ)
    assert "is yours, due Fri 27 Nov" in sent.text


async def test_words_that_only_look_like_for_somebody_stay_words(world: AnyWorld) -> None:
    seen = await world.command(PRIYA, "action book the room for QA by Fri")
    assert "HEL-1 is yours" in seen.private
    assert "book the room for QA" in world.text(HANA, SHARED)


async def test_nothing_to_do_and_far_too_much_are_answered_kindly(world: AnyWorld) -> None:
    long = await world.command(PRIYA, f"action {'word ' * 200}")
    assert "an action item has room for 500" in long.private
    only_owner = await world.command(PRIYA, "action @hana by Fri")
    assert "What is to be done? For example:" in only_owner.private
    assert world.references(HANA, SHARED) == []


async def test_several_captures_within_ten_minutes_share_one_card(world: AnyWorld) -> None:
    before = len(world.read(TOMASZ, SHARED))
    for words in ("book the room", "send the agenda", "print the badges"):
        await world.command(MATEO, f"action {words} by Fri")
    await world.later("PT30S")
    [card] = world.read(TOMASZ, SHARED)[before:]
    for words in ("book the room", "send the agenda", "print the badges"):
        assert words in str(card)
    await world.command(HANA, "action order the food by Fri")
    assert len(world.read(TOMASZ, SHARED)) == before + 2
    await world.later("PT11M")
    await world.command(MATEO, "action bring the keys by Fri")
    assert len(world.read(TOMASZ, SHARED)) == before + 3


async def test_a_channel_that_belongs_to_no_alliance_means_the_one_the_person_is_in(
    world: AnyWorld,
) -> None:
    seen = await world.command(PRIYA, "action think about the budget by Fri", channel=RANDOM)
    assert "OUR-1 is yours" in seen.private
    assert "Your firm only" in seen.private
    assert "OUR-1" not in world.text(PRIYA, OWN) + world.text(PRIYA, SHARED)
