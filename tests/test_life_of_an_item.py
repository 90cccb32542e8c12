"""The life of an action item, as people on both sides have it before them."""

from tests.world import HANA, MATEO, OLIVIA, PRIYA, SHARED, TOMASZ, World


async def test_an_item_for_the_partner_is_proposed_until_its_owner_accepts(world: World) -> None:
    seen = await world.command(PRIYA, "action @olivia send the redlines by Fri")
    assert "HEL-1 is proposed to Olivia Bennett, due Fri 27 Nov, in 4 days." in seen.private
    assert "waiting for Olivia Bennett to accept" in world.text(TOMASZ, SHARED)
    await world.press(OLIVIA, "Accept", channel=SHARED)
    assert "· open" in world.text(TOMASZ, SHARED)


async def test_an_item_for_oneself_is_open_at_once(world: World) -> None:
    seen = await world.command(MATEO, "action book the room by 27 Nov")
    assert "HEL-1 is yours, due Fri 27 Nov, in 4 days." in seen.private


async def test_nobody_completes_the_other_firms_item(world: World) -> None:
    await world.command(HANA, "action file the report by Fri")
    seen = await world.press(OLIVIA, "Done", channel=SHARED)
    assert "Hana Kobayashi is its owner and marks it done." in seen.text
    assert "· open" in world.text(OLIVIA, SHARED)
