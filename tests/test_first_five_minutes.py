"""The first five minutes of the host's alliance manager, up to the first action item."""

from sqlmodel import select

from storage.tables import Alliance
from tests.transcript import Transcript
from tests.world import OLIVIA, PRIYA, SHARED, World


async def test_the_first_five_minutes_of_the_hosts_alliance_manager(empty_world: World) -> None:
    world = empty_world
    await world.slack.command(PRIYA, SHARED, "/remove @alliance")
    told = Transcript(world, PRIYA, OLIVIA)

    seen = await told.step("Priya opens the app", world.open_app(PRIYA))
    assert "Which channel do you share with your partner?" in seen
    assert "write /invite @Alliance there" in seen
    assert "[Choose the channel]" in seen

    seen = await told.step("Priya invites it into #alliance-helix", world.invite(PRIYA, SHARED))
    assert "Priya · Alliance, directly" in seen
    assert "6 of Northwind Bio, 6 of Helix Devices and 1 guest, whom I take for nobody's" in seen
    assert "I posted nothing there." in seen
    assert "[Set it up] [Not now]" in seen

    seen = await told.step("Priya presses Set it up", world.press(PRIYA, "Set it up"))
    assert "Alliance: Helix Devices\n    Code: HEL\n" in seen
    assert "Firms: Northwind Bio / Helix Devices" in seen

    seen = await told.step("Priya names it", world.fill(PRIYA, name="Helix alliance"))
    assert "Everybody in #alliance-helix will see this, pinned:" in seen
    assert "[New action] [My actions] [All open] [What is this?]" in seen
    assert "Set up by Priya Raman of Northwind Bio, which hosts this bot" in seen
    assert "[Post and pin] [Not yet]" in seen

    seen = await told.step("Priya presses Not yet", world.close(PRIYA))
    assert "Nothing is posted in #alliance-helix, and nothing is set up." in seen
    assert world.stored(lambda session: session.exec(select(Alliance)).all()) == []

    seen = await told.step("Priya writes /alliance setup", world.form_of(PRIYA, "setup"))
    assert "Alliance: Helix alliance\n" in seen
    await told.step("Priya presses Preview", world.fill(PRIYA))
    assert "· #alliance-helix" not in str(told), "so far nobody saw anything in the channel"

    seen = await told.step("Priya presses Post and pin", world.fill(PRIYA))
    assert "Priya · #alliance-helix\n    Helix alliance\n" in seen
    assert "Olivia · #alliance-helix\n    Helix alliance\n" in seen
    assert "Helix alliance is set up. You are its alliance manager at Northwind Bio." in seen
    assert "Send Helix Devices the kick-off notes, yours, due Fri 27 Nov" in seen

    example = world.press(PRIYA, "Record the first one")
    seen = await told.step("Priya presses Record the first one", example)
    assert "What is to be done?: Send Helix Devices the kick-off notes" in seen
    assert "Who owns it?: Priya Raman\n    By when?: 2026-11-27" in seen
    assert "Who sees it?: Both firms" in seen

    seen = await told.step("Priya presses Record", world.fill(PRIYA))
    assert "HEL-1 is yours, due Fri 27 Nov, in 4 days. Next: a daily message reminds you" in seen
    assert "Olivia · #alliance-helix\n    HEL-1 Send Helix Devices the kick-off notes" in seen
    assert world.inbox(OLIVIA) == []
