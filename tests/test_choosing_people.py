"""Whom the person fields offer, for somebody who is in more than one alliance."""

from tests.world import (
    HANA,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    World,
    direct,
    words_of,
)


async def two_alliances(world: World) -> None:
    await world.set_up()
    await world.set_up(channel=OWN, name="Orion alliance", code="ORI", firms="Northwind Bio")
    for place in (SHARED, OWN):
        await world.command(HANA, "mine", place)
    await world.command(MATEO, "mine", OWN)
    await world.mention(OLIVIA, "open")


async def offered(world: World, who: str, block: str, typed: str = "") -> list[str]:
    """What a person field of the form on top lists for some letters."""
    view = world.form(who)
    [element] = [b["element"] for b in view["blocks"] if b.get("block_id") == block]
    answer = await world.slack.options(
        who, view_id=view["id"], action_id=element["action_id"], block_id=block, value=typed
    )
    return [option["text"]["text"] for option in answer["options"]]


async def test_a_form_about_an_item_offers_the_people_of_its_alliance(empty_world: World) -> None:
    world = empty_world
    await two_alliances(world)
    await world.command(PRIYA, f"action <@{HANA}> file the report by Fri")
    for label, block in (("Give to somebody else", "person"), ("Waiting for…", "person")):
        await world.press(HANA, "Details", channel=direct(HANA))
        await world.press(HANA, label)
        names = await offered(world, HANA, block)
        assert "Olivia Bennett · Helix Devices" in names, label
        assert await offered(world, HANA, block, "priya") == ["Priya Raman · Northwind Bio"]
        await world.close(HANA)
    await world.press(HANA, "Details", channel=direct(HANA))
    await world.press(HANA, "Give to somebody else")
    given = await world.fill(HANA, person=PRIYA)
    assert "HEL-1 is Priya Raman's." in given.text


async def test_a_stand_in_is_one_of_their_own_firm_in_any_alliance(empty_world: World) -> None:
    world = empty_world
    await two_alliances(world)
    await world.command(HANA, "reminders")
    assert await offered(world, HANA, "stand_in") == ["Mateo Fuentes", "Priya Raman"]
    seen = await world.fill(HANA, until="2026-12-04", stand_in=PRIYA)
    assert "Priya Raman stands in for you" in words_of(seen.view)


async def test_a_guest_is_not_offered_whoever_else_the_bot_has_met(world: World) -> None:
    """Among them could be the people of another partner of the host's."""
    await world.slack.person(MATEO, guest=True)
    await world.command(MATEO, "mine")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody")
    assert "Mateo Fuentes" in await offered(world, PRIYA, "person")
    await world.fill(PRIYA, person=LENA, side="Northwind Bio", role="manager")
    await world.close(PRIYA)
    await world.command(LENA, "people")
    await world.press(LENA, "Add somebody", channel=SHARED)
    names = await offered(world, LENA, "person")
    assert "Hana Kobayashi" in names
    assert "Mateo Fuentes" not in names


async def test_a_name_is_found_without_its_accents(empty_world: World) -> None:
    world = empty_world
    await world.set_up()
    await world.mention(OLIVIA, "action for ines: send the redlines by Fri")
    assert "Inês Carvalho" in world.text(OLIVIA, SHARED)
    await world.press(OLIVIA, "New action", channel=SHARED)
    assert any("Inês" in name for name in await offered(world, OLIVIA, "owner", "ines carv"))
    assert any("Zieliński" in name for name in await offered(world, OLIVIA, "owner", "zielinski"))
