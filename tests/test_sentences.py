"""What people say without a command, and what is taken back or no longer true."""

from tests.world import HANA, LENA, MATEO, OLIVIA, PRIYA, TOMASZ, World, direct, words_of


async def test_a_sentence_without_a_command_is_offered_as_an_action_item(world: World) -> None:
    await world.mention(TOMASZ, "<@U0MATEO> send the CAD files by Thu")
    asked = world.inbox(TOMASZ)[-1]
    assert "Shall I record this as an action item? Nothing is recorded yet." in asked
    opened = await world.press(TOMASZ, "New action item", channel=direct(TOMASZ))
    assert "send the CAD files" in str(opened.view)
    recorded = await world.fill(TOMASZ)
    assert "HEL-1 is proposed to Mateo Fuentes, due Thu 26 Nov" in recorded.text


async def test_undo_takes_back_only_what_has_not_moved_on(world: World) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.command(PRIYA, "action @hana check the labels by Fri")
    undone = await world.press(PRIYA, "Undo")
    assert "HEL-2 is cancelled." in undone.text
    await world.write(OLIVIA, "accept HEL-1")
    first = next(m for m in world.read(PRIYA, "C0SHARED") if "HEL-1 is proposed" in words_of(m))
    late = await world.press(PRIYA, "Undo", channel="C0SHARED", ts=first["ts"])
    assert "HEL-1 has moved on: Olivia Bennett accepted it" in late.text


async def test_news_that_no_longer_holds_is_not_told(world: World) -> None:
    await world.command(PRIYA, "action @hana check the labels by 8 Dec")
    await world.later("P1D")
    before = len(world.inbox(HANA))
    await world.command(PRIYA, "cancel HEL-1")
    await world.command(PRIYA, "reopen HEL-1")
    await world.later("P1D")
    told = " ".join(world.inbox(HANA)[before:])
    assert "reopened HEL-1" in told
    assert "cancelled HEL-1" not in told


async def test_a_guest_nobody_confirmed_records_nothing_private(world: World) -> None:
    await world.command(LENA, "action check the labels by Fri")
    await world.press(LENA, "Northwind Bio")
    seen = await world.command(LENA, "internal @hana check our margin by Fri")
    assert "Its alliance manager can confirm you" in seen.private
    assert "Nothing is open" not in (await world.command(MATEO, "open")).private
    assert "margin" not in (await world.command(PRIYA, "open")).private
