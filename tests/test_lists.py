"""Lists of action items, and Home."""

from tests.world import (
    ADAEZE,
    HANA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)


async def test_four_lists_show_what_they_say_grouped_by_firm(world: World) -> None:
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


async def test_a_list_is_turned_page_by_page(world: World) -> None:
    for number in range(1, 13):
        await world.write(TOMASZ, f"action step {number} of the plan by 2027-01-{number:02}")
    await world.write(TOMASZ, "mine")
    first = world.read(TOMASZ, direct(TOMASZ))[-1]
    assert "(12)" in words_of(first)
    assert "step 10 of" in words_of(first)
    assert "step 11 of" not in words_of(first)
    assert "Page 1 of 2" in words_of(first)
    assert "Previous" not in buttons_of(first)
    await world.press(TOMASZ, "Next")
    second = world.read(TOMASZ, direct(TOMASZ))[-1]
    assert second["ts"] == first["ts"]
    assert "step 11 of" in words_of(second)
    assert "Page 2 of 2" in words_of(second)
    assert "Next" not in buttons_of(second)
    await world.press(TOMASZ, "Previous")
    assert "Page 1 of 2" in words_of(world.read(TOMASZ, direct(TOMASZ))[-1])


async def test_details_open_from_a_line_and_change_the_item(world: World) -> None:
    await world.command(MATEO, "action book the room by Fri")
    await world.command(MATEO, "mine")
    page = await world.press(MATEO, "Details", channel=SHARED)
    assert "History" in page.text
    done = await world.press(MATEO, "Done")
    assert "HEL-1 is done. Thank you." in done.text
    assert "Mateo Fuentes marked it done" in done.text
    await world.close(MATEO)
    assert "Nothing is yours to do here." in (await world.command(MATEO, "mine")).private


async def test_home_shows_one_person_s_items_and_follows_them(world: World) -> None:
    empty = await world.slack.home(MATEO)
    await world.command(MATEO, "action book the room by Fri")
    await world.command(MATEO, "action check the margins by Thu", channel=OWN)
    opened = await world.slack.home(MATEO)
    assert "Nothing is yours to do" in words_of(empty["view"])
    shown = words_of(opened["view"])
    assert shown.index("OUR-1") < shown.index("HEL-1")
    assert "your firm only" in shown
    await world.command(MATEO, "done HEL-1")
    await world.later("PT10S")
    assert "HEL-1" not in words_of(world.slack.home_view(MATEO))
    assert "OUR-1" in words_of(world.slack.home_view(MATEO))


async def test_home_s_buttons_open_forms_and_details(world: World) -> None:
    await world.command(ADAEZE, "action name the reviewers by Fri")
    home = (await world.slack.home(ADAEZE))["view"]
    details = buttons_of(home)["Details"]
    seen = await world.slack.click(
        ADAEZE, view_id=home["id"], action_id=details["action_id"], block_id=details["block_id"]
    )
    assert "name the reviewers" in words_of(seen["view"])
    await world.close(ADAEZE)
    new = buttons_of(home)["New action item"]
    await world.slack.click(
        ADAEZE, view_id=home["id"], action_id=new["action_id"], block_id=new["block_id"]
    )
    sent = await world.fill(ADAEZE, text="Ask the board", due="2026-11-30")
    assert "is yours, due Mon 30 Nov" in sent.text


async def test_partners_whom_home_does_not_reach_get_the_same_by_direct_message(
    world: World,
) -> None:
    nothing = await world.slack.home(OLIVIA)
    assert nothing["view"] is None
    await world.mention(OLIVIA, "action send the redlines by Fri")
    await world.write(OLIVIA, "mine")
    assert "*HEL-1* send the redlines" in world.inbox(OLIVIA)[-1]
    pressed = await world.press(OLIVIA, "My actions", channel=SHARED)
    assert "*HEL-1* send the redlines" in pressed.text
