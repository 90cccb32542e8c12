"""Home, Slack's page of what is one's own."""

from tests.world import ADAEZE, MATEO, OLIVIA, OWN, World, buttons_of, words_of


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
    await world.write(OLIVIA, "home")
    assert "*HEL-1* send the redlines" in world.inbox(OLIVIA)[-1]
