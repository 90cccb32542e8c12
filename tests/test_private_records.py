"""Records of one firm alone: nothing before its alliance manager has read who stores them."""

import pytest
from sqlmodel import Session, col, select

from governance.errors import NotAllowed, PrivateOff
from governance.items import action_items
from governance.items.action_items import Capture
from governance.people import consent, members
from governance.people.members import Seat
from storage.tables import ActionItem, Alliance, HistoryEntry, Person, Side
from tests.world import (
    HANA,
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

TURN_ON = "Turn on private records"
HELIX, NORTHWIND = "Helix Devices", "Northwind Bio"


def items(world: World) -> list[str]:
    chosen = select(ActionItem.text).order_by(col(ActionItem.id))
    return world.stored(lambda session: list(session.exec(chosen)))


def account(world: World) -> list[tuple[str, str]]:
    """Who turned private records on and off, in order."""
    chosen = (
        select(HistoryEntry.what, Person.name)
        .join(Person, col(Person.id) == HistoryEntry.person_id)
        .where(HistoryEntry.record == "side", col(HistoryEntry.what).startswith("private"))
        .order_by(col(HistoryEntry.id))
    )
    return world.stored(lambda session: [(what, name) for what, name in session.exec(chosen)])


def is_on(world: World, firm: str) -> bool:
    chosen = select(Side.private_since).where(Side.firm == firm)
    return world.stored(lambda session: session.exec(chosen).one()) is not None


def seat_of(session: Session, world: World, who: str) -> Seat:
    person = session.exec(select(Person).where(Person.user_id == who)).one()
    return members.seat(session, session.exec(select(Alliance)).one(), person, now=world.now)


async def with_olivia(world: World) -> None:
    """Olivia looks after Helix's side and has said that its people look right."""
    await world.set_up(checked=False)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=OLIVIA, side=HELIX, role="manager")
    await world.close(PRIYA)
    await world.press(OLIVIA, "Check our people", channel=SHARED)
    await world.fill(OLIVIA)
    await world.close(OLIVIA)


async def test_the_host_reads_who_stores_it_and_then_it_is_recorded(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    asked = await world.command(PRIYA, "internal check our margins by Fri")
    assert "Before Northwind Bio records something of its own: who stores it?" in asked.private
    assert "Your own firm stores it, on the server where this bot runs." in asked.private
    assert "nobody of Helix Devices is shown it." in asked.private
    assert "The chat service keeps messages and channels" in asked.private
    assert items(world) == []
    done = await world.press(PRIYA, TURN_ON, channel=SHARED)
    assert "OUR-1 is yours, due Fri 27 Nov" in done.text
    assert "who stores it?" not in world.text(PRIYA, SHARED), "the question is answered"
    assert items(world) == ["check our margins"]
    assert account(world) == [("private_on", "Priya Raman")]
    await world.command(HANA, "internal check the patents by Fri")
    assert items(world) == ["check our margins", "check the patents"]


async def test_a_partner_reads_whose_server_it_is(empty_world: World) -> None:
    world = empty_world
    await with_olivia(world)
    await world.write(OLIVIA, "internal check the tooling cost by Fri")
    asked = world.inbox(OLIVIA)[-1]
    assert "Northwind Bio stores what you record." in asked
    assert "nobody else at Northwind Bio is shown it." in asked
    await world.press(OLIVIA, TURN_ON, channel=direct(OLIVIA))
    assert "OUR-1 is yours" in world.inbox(OLIVIA)[-1]
    assert is_on(world, HELIX)
    assert not is_on(world, NORTHWIND), "each firm decides for itself"


async def test_others_hear_who_can_turn_it_on_and_what_they_can_do_instead(
    empty_world: World,
) -> None:
    world = empty_world
    await world.set_up(checked=False)
    told = await world.command(HANA, "internal check our margins by Fri")
    assert (
        "Northwind Bio keeps no records of its own here yet, so nothing was recorded. Priya Raman "
        "can turn that on. You can record it for both firms instead" in told.private
    )
    assert TURN_ON not in str(told.messages)
    await world.write(TOMASZ, "internal check the tooling cost by Fri")
    await world.mention(TOMASZ, "open")
    await world.write(TOMASZ, "internal check the tooling cost by Fri")
    none = world.inbox(TOMASZ)[-1]
    assert "Its alliance manager can turn that on; it has none yet." in none
    assert items(world) == []


async def test_the_form_keeps_what_was_typed(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await world.command(HANA, "action")
    await world.fill(HANA, text="Check our margins", sees="private")
    assert "Priya Raman can turn that on." in str(world.form(HANA)["errors"]["sees"])
    joint = await world.fill(HANA, sees="joint")
    assert "HEL-1 is yours" in joint.text
    await world.close(HANA)
    await world.command(PRIYA, "action")
    asked = await world.fill(PRIYA, text="Check our patents", sees="private", due="2026-11-27")
    assert "who stores it?" in asked.text
    done = await world.press(PRIYA, TURN_ON)
    assert "OUR-1 is yours, due Fri 27 Nov" in done.text
    assert items(world) == ["Check our margins", "Check our patents"]


async def test_a_direct_message_asks_as_well(empty_world: World) -> None:
    world = empty_world
    await with_olivia(world)
    await world.write(OLIVIA, "action look at the tooling quote by Fri")
    assert "who stores it?" in world.inbox(OLIVIA)[-1]
    assert items(world) == []


async def test_not_now_records_nothing_and_asks_again_the_next_time(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await world.command(PRIYA, "internal check our margins by Fri")
    said = await world.press(PRIYA, "Not now", channel=SHARED)
    assert "All right. Nothing was recorded." in said.text
    assert items(world) == []
    again = await world.command(PRIYA, "internal check our margins by Fri")
    assert "who stores it?" in again.private


async def test_words_that_the_partner_could_read_are_warned_about_with_the_question(
    empty_world: World,
) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await world.mention(PRIYA, "internal check our margins by Fri")
    [told] = [m for m in world.read(PRIYA, SHARED) if m["ephemeral"]]
    assert "who stores it?" in words_of(told)
    assert "everybody in #alliance-helix can read the message you wrote there" in words_of(told)
    await world.mention(HANA, "internal check our patents by Fri")
    [other] = [m for m in world.read(HANA, SHARED) if m["ephemeral"]]
    assert "nothing was recorded" in words_of(other)
    assert "everybody in #alliance-helix can read the message you wrote there" in words_of(other)


async def test_an_own_channel_turns_it_on_and_says_so(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await world.command(PRIYA, "link", OWN)
    await world.filled(PRIYA)
    shown = words_of(world.form(PRIYA))
    assert "Your own firm stores it" in shown
    assert "Linking it for Northwind Bio only turns private records on." in shown
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert account(world) == [("private_on", "Priya Raman")]
    seen = await world.command(HANA, "action agree our position by Fri", channel=OWN)
    assert "OUR-1 is yours" in seen.private


async def test_a_channel_that_is_refused_turns_nothing_on(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await world.slack.command(PRIYA, OWN, "/invite @lena")
    await world.command(PRIYA, "link", OWN)
    await world.filled(PRIYA)
    await world.fill(PRIYA)
    assert "Lena Vogt" in str(world.form(PRIYA)["errors"])
    assert not is_on(world, NORTHWIND)


async def test_only_ones_own_alliance_manager_turns_it_on(empty_world: World) -> None:
    """Hana presses Priya's button, and Priya one of Helix's: as if they had them."""
    world = empty_world
    await with_olivia(world)
    await world.command(PRIYA, "internal check our margins by Fri")
    asked = world.read(PRIYA, SHARED)[-1]
    button = buttons_of(asked)[TURN_ON]
    await world.command(HANA, "mine")
    shown = next(m for m in world.read(HANA, SHARED) if not m["ephemeral"])
    house = world.slack.house.world.channels[SHARED].messages
    kept = next(message for message in house.values() if message.ts == shown["ts"])
    kept.blocks = asked["blocks"]
    stolen = await world.press(HANA, TURN_ON, channel=SHARED)
    assert "who stores it?" not in stolen.private
    assert not is_on(world, NORTHWIND)
    assert items(world) == []
    assert button["value"]


async def test_turned_off_again_what_there_is_stays_readable(world: World) -> None:
    await world.command(HANA, "internal check our margins by Fri")

    def turn_off(session: Session) -> None:
        consent.turn_private_off(session, seat_of(session, world, PRIYA), now=world.now)

    world.change(turn_off)
    refused = await world.command(HANA, "action agree our position by Fri", channel=OWN)
    assert "nothing was recorded" in refused.private
    assert items(world) == ["check our margins"]
    shown = await world.command(HANA, "show OUR-1")
    assert "check our margins" in shown.text
    done = await world.command(HANA, "done OUR-1")
    assert "OUR-1 is done" in done.private
    assert account(world)[-1] == ("private_off", "Priya Raman")


async def test_nobody_else_turns_it_on_or_off_whatever_the_door(world: World) -> None:
    def turn_off(session: Session) -> None:
        consent.turn_private_off(session, seat_of(session, world, HANA), now=world.now)

    await world.command(HANA, "mine")
    with pytest.raises(NotAllowed, match="An alliance manager of Northwind Bio decides that"):
        world.change(turn_off)
    assert is_on(world, NORTHWIND)


async def test_no_door_passes_the_rule_itself(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)

    def record(session: Session) -> None:
        seat = seat_of(session, world, PRIYA)
        what = Capture("check our margins", seat.person, private=True)
        action_items.capture(session, what, seat, now=world.now)

    with pytest.raises(PrivateOff):
        world.change(record)
