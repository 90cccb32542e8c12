"""Lists of action items."""

import pytest

from tests.anywhere import HANA, MATEO, OLIVIA, PRIYA, SHARED, TOMASZ, AnyWorld, direct, unmarked


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_four_lists_show_what_they_say_grouped_by_firm(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by 24 Nov")
    await world.press(OLIVIA, "Accept", channel=SHARED)
    await world.command(HANA, "action file the report by 24 Nov")
    await world.command(MATEO, "action book the room by Fri")
    await world.command(MATEO, "action @hana thank the hosts")
    await world.command(HANA, "done HEL-4")
    mine = (await world.command(HANA, "mine")).private
    assert "Your action items · Helix alliance (1)" in mine
    assert "HEL-2" in mine
    assert "HEL-3" not in mine
    everything = (await world.command(HANA, "open")).private
    at = [everything.index(w) for w in ("Northwind Bio", "HEL-2", "HEL-3", "Helix Dev", "HEL-1")]
    assert at == sorted(at)
    assert "HEL-4" not in everything
    assert "Only you see this list." in everything
    assert "Nothing is past its day." in (await world.command(HANA, "overdue")).private
    waiting = (await world.command(HANA, "waiting")).private
    assert "HEL-1" in waiting
    assert "HEL-2" not in waiting
    await world.later("P2D")
    overdue = (await world.command(HANA, "overdue")).private
    assert "HEL-1" in overdue
    assert "HEL-2" in overdue
    assert "HEL-3" not in overdue
    theirs = (await world.write(OLIVIA, "overdue")).text
    assert theirs.index("HEL-1") < theirs.index("HEL-2")


async def test_a_list_is_turned_page_by_page(world: AnyWorld) -> None:
    for number in range(1, 13):
        await world.write(TOMASZ, f"action step {number} of the plan by 2027-01-{number:02}")
    await world.write(TOMASZ, "mine")
    first = world.read(TOMASZ, direct(TOMASZ))[-1]
    assert "(12)" in world.words(first)
    assert "step 10 of" in world.words(first)
    assert "step 11 of" not in world.words(first)
    assert "Page 1 of 2" in world.words(first)
    assert "Previous" not in world.buttons(first)
    await world.press(TOMASZ, "Next")
    second = world.read(TOMASZ, direct(TOMASZ))[-1]
    assert second["ts"] == first["ts"]
    assert "step 11 of" in world.words(second)
    assert "Page 2 of 2" in world.words(second)
    assert "Next" not in world.buttons(second)
    await world.press(TOMASZ, "Previous")
    assert "Page 1 of 2" in world.words(world.read(TOMASZ, direct(TOMASZ))[-1])


async def test_details_open_from_a_line_and_change_the_item(world: AnyWorld) -> None:
    await world.command(MATEO, "action book the room by Fri")
    await world.command(MATEO, "mine")
    page = await world.press(MATEO, "Details", channel=SHARED)
    assert "History" in page.text
    done = await world.press(MATEO, "Done")
    assert "HEL-1 is done. Thank you." in done.text
    assert "Mateo Fuentes marked it done" in done.text
    await world.close(MATEO)
    assert "Nothing is yours to do here." in (await world.command(MATEO, "mine")).private


async def test_the_button_on_the_pinned_card_lists_what_is_ones_own(world: AnyWorld) -> None:
    await world.mention(OLIVIA, "action send the redlines by Fri")
    await world.write(OLIVIA, "mine")
    assert "HEL-1 send the redlines" in unmarked(world.inbox(OLIVIA)[-1])
    pressed = await world.press(OLIVIA, "My actions", channel=SHARED)
    assert "HEL-1 send the redlines" in unmarked(pressed.text + world.inbox(OLIVIA)[-1])
