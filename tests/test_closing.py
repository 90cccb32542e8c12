"""An alliance is closed by one press a firm: nothing more is recorded, all stays readable."""

from sqlmodel import select

from storage.tables import Alliance, Outbox
from tests.daily import name_helix_manager, until
from tests.world import HANA, INES, OLIVIA, OWN, PRIYA, SAMIR, SHARED, TOMASZ, World, direct

CLOSED = "Helix alliance was closed on Mon 23 Nov 2026. Everything stays readable; nothing new is"


async def both_press(world: World) -> None:
    """Northwind proposes to close it, Helix agrees."""
    await world.command(PRIYA, "close")
    proposed = await world.fill(PRIYA)
    assert "Helix Devices is asked; until Olivia Bennett agrees, nothing changes." in proposed.text
    await world.close(PRIYA)
    seen = await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert seen.ok, seen.error
    await world.later("PT5S")


def is_closed(world: World) -> bool:
    return world.stored(lambda s: s.exec(select(Alliance.closed_at)).one()) is not None


def card(world: World, who: str) -> str:
    return world.text(who, SHARED)


async def test_it_takes_one_press_a_firm_after_reading_what_stops_and_what_stays(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action send the redlines by Fri")
    form = await world.command(PRIYA, "close")
    assert "reminders, daily messages, new action items, changes" in form.text
    assert "everything Helix alliance has recorded, to read and to export" in form.text
    assert "One item is still open and stays so." in form.text
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert not is_closed(world)
    asked = world.inbox(OLIVIA)[-1]
    assert "Priya Raman (Northwind Bio) proposes to close Helix alliance" in asked
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert is_closed(world)
    await world.later("PT5S")
    for somebody in (PRIYA, HANA, OLIVIA, TOMASZ):
        assert "Closed on Mon 23 Nov 2026. Everything stays readable." in card(world, somebody)
    assert "Helix alliance is closed" in "\n".join(world.inbox(PRIYA))


async def test_every_door_refuses_to_record_or_change(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action send the redlines by Fri")
    await world.command(PRIYA, "action @tomasz send the layer files by Fri")
    ts = await world.chat(HANA, "we should also order the boards")
    await both_press(world)
    for words in (
        "action order the boards by Fri",
        "action",
        "internal check our margins by Fri",
        "done HEL-1",
        "move HEL-1 to 10 Dec",
        "snooze HEL-1",
        "edit HEL-1 other words",
        "reassign HEL-1 @samir",
        "cancel HEL-1",
    ):
        assert CLOSED in (await world.command(HANA, words)).text, words
        await world.close(HANA)
    for label in ("Done", "Accept", "Decline", "New date"):
        who = TOMASZ if label in ("Accept", "Decline") else HANA
        seen = await world.press(who, label, channel=SHARED)
        assert CLOSED in seen.text + "\n".join(world.inbox(who)), label
        await world.close(who)
    await world.mention(TOMASZ, "accept HEL-2")
    assert CLOSED in world.inbox(TOMASZ)[-1]
    seen = await world.react(HANA, ts)
    assert CLOSED in seen.private
    await world.shortcut(HANA, "action_item.from_message", ts)
    seen = await world.shortcut(HANA, "action_item.new")
    assert CLOSED in seen.text
    assert world.references(PRIYA, SHARED) == ["HEL-1", "HEL-2"]


async def test_lists_pages_people_and_the_export_stay(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action send the redlines by Fri")
    await world.command(HANA, "action agree our position by Fri", channel=OWN)
    await both_press(world)
    assert "send the redlines" in (await world.command(HANA, "open")).private
    assert "send the redlines" in (await world.command(SAMIR, "open")).private
    assert "send the redlines" in (await world.command(HANA, "show HEL-1")).text
    assert "agree our position" in (await world.command(HANA, "mine")).private
    assert "send the redlines" in (await world.write(OLIVIA, "open")).text
    assert "Olivia Bennett" in (await world.command(PRIYA, "people")).private
    await world.command(PRIYA, "export")
    assert world.read(PRIYA, direct(PRIYA))[-1]["files"]


async def test_nothing_is_said_of_it_any_more(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action send the redlines by Wed")
    await world.command(PRIYA, "action @tomasz send the layer files by Wed")
    await world.command(PRIYA, "action @tomasz order the boards by Wed")
    await both_press(world)
    before = {who: world.inbox(who) for who in (HANA, TOMASZ, SAMIR, INES)}
    waiting = select(Outbox.kind).where(Outbox.state.in_(("pending", "held")))  # type: ignore[attr-defined]
    assert "action_item.decide" not in world.stored(lambda s: list(s.exec(waiting)))
    await until(world, "2026-12-14T12:00:00+00:00")
    assert {who: world.inbox(who) for who in before} == before


async def test_reopening_takes_a_press_of_each_firm_too(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action send the redlines by Fri")
    await both_press(world)
    refused = await world.press(HANA, "Reopen", channel=SHARED)
    assert "The alliance managers decide this" in refused.private
    await until(world, "2026-11-24T09:30:00+00:00")
    await world.press(OLIVIA, "Reopen", channel=SHARED)
    assert is_closed(world)
    await world.press(PRIYA, "Agree", channel=direct(PRIYA))
    assert not is_closed(world)
    await world.later("PT5S")
    assert "New action" in card(world, TOMASZ)
    assert "Closed on" not in card(world, TOMASZ)
    assert "HEL-1 is done" in (await world.command(HANA, "done HEL-1")).private
    await world.command(HANA, "action order the boards by Thu")
    await until(world, "2026-11-26T12:00:00+00:00")
    assert "HEL-2 order the boards" in "\n".join(world.inbox(HANA)).replace("*", "")


async def test_a_firm_alone_closes_at_once(empty_world: World) -> None:
    world = empty_world
    await world.set_up()
    await world.command(PRIYA, "close")
    seen = await world.fill(PRIYA)
    assert "Helix alliance is closed." in seen.text
    assert "Helix Devices has no alliance manager here yet, so it counts at once." in seen.text
    await world.close(PRIYA)
    assert is_closed(world)
    again = await world.command(PRIYA, "close")
    assert "Closed on Mon 23 Nov 2026." in again.private
    await world.press(PRIYA, "Reopen", channel=SHARED)
    assert not is_closed(world)


async def test_the_records_are_taken_along_first(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action send the redlines by Fri")
    await world.command(PRIYA, "close")
    seen = await world.press(PRIYA, "Export first")
    assert "Your export is on its way to your direct messages" in seen.text
    assert world.read(PRIYA, direct(PRIYA))[-1]["files"]
    await world.fill(PRIYA)
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert is_closed(world)


async def test_a_partners_manager_closes_by_direct_message_and_nobody_else(world: World) -> None:
    await name_helix_manager(world)
    for who in (HANA, TOMASZ):
        await world.mention(who, "close")
        assert "The alliance managers decide this" in "\n".join(
            [*world.inbox(who), world.text(who, SHARED)]
        )
    await world.write(OLIVIA, "close")
    assert "What stops: " in world.inbox(OLIVIA)[-1].replace("*", "")
    await world.press(OLIVIA, "Close the alliance", channel=direct(OLIVIA))
    await world.fill(OLIVIA)
    assert not is_closed(world)
    await world.press(PRIYA, "Agree", channel=direct(PRIYA))
    assert is_closed(world)


async def test_an_item_is_still_closed_by_its_reference(world: World) -> None:
    await world.command(HANA, "action send the redlines by Fri")
    await world.command(HANA, "action order the boards by Fri")
    assert "HEL-1 is done." in (await world.command(HANA, "close HEL-1")).private
    assert "HEL-2 is done." in (await world.command(HANA, "HEL-2 close")).private


async def test_people_still_leave_a_closed_alliance(world: World) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await both_press(world)
    await world.slack.person(SAMIR, deleted=True)
    assert "Samir" not in (await world.command(PRIYA, "people")).private
    assert "has left Helix alliance" not in "\n".join(world.inbox(PRIYA))
