"""What an alliance says of itself to whoever asks, and the short and the long help."""

from sqlmodel import select

from playground.kit import check_blocks
from storage.tables import Member, Person
from tests.world import GRANT, HANA, LENA, OLIVIA, PRIYA, RANDOM, SHARED, World


def members(world: World) -> set[str]:
    return set(
        world.stored(lambda session: session.exec(select(Person.user_id).join(Member)).all())
    )


async def test_anybody_may_ask_what_it_is_and_nobody_becomes_a_member(world: World) -> None:
    before = members(world)
    for who in (OLIVIA, GRANT, LENA, HANA):
        page = await world.press(who, "What is this?", channel=SHARED)
        assert "Northwind Bio hosts me and stores the records" in page.text
        assert "What Northwind Bio and Helix Devices promise each other" in page.text
        await world.close(who)
    assert members(world) == before


async def test_it_says_what_counts_for_the_reader(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    partner = await world.press(OLIVIA, "What is this?", channel=SHARED)
    assert "To nobody of Helix Devices directly until its alliance manager agrees" in partner.text
    assert "/alliance" not in partner.text
    guest = await world.press(LENA, "What is this?", channel=SHARED)
    assert "To nobody of your firm directly" in guest.text
    host = await world.press(HANA, "What is this?", channel=SHARED)
    assert "At most one daily message" in host.text
    assert "/alliance does the same" in host.text


async def test_it_is_told_by_mention_and_direct_message_as_well(world: World) -> None:
    await world.mention(OLIVIA, "about")
    assert "Northwind Bio hosts me" in world.inbox(OLIVIA)[-1]
    assert "Northwind Bio hosts me" in (await world.write(PRIYA, "about")).text
    stranger = await world.command(HANA, "about", RANDOM)
    assert "I don't know of an alliance you are part of." in stranger.text


async def test_its_buttons_lead_on(world: World) -> None:
    await world.press(OLIVIA, "What is this?", channel=SHARED)
    assert "What people do most" in (await world.press(OLIVIA, "Help")).text
    await world.close(OLIVIA)
    for label, shown in (("Who is who", "Olivia Bennett"), ("My reminders", "Reminders")):
        await world.press(OLIVIA, "What is this?", channel=SHARED)
        assert shown in (await world.press(OLIVIA, label)).text
        await world.close(OLIVIA)


async def test_a_partner_who_writes_first_is_not_told_that_nothing_is_set_up(world: World) -> None:
    helped = await world.write(OLIVIA, "help")
    assert "Nothing is set up" not in helped.text
    assert "@Alliance mine see what is yours" in helped.text
    assert "/alliance" not in helped.text


async def test_help_is_short_and_all_of_it_fits(world: World) -> None:
    short = await world.command(HANA, "help")
    assert len(short.private) < 600
    full = await world.command(HANA, "help all")
    check_blocks(full.messages[-1]["blocks"])
    assert "link a further channel" in full.private
