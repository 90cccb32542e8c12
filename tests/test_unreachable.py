"""Somebody whom no direct message reaches: shown as such, with a text to forward."""

from sqlmodel import Session, col, select

from storage.tables import Delivery, Person
from tests.daily import name_helix_manager, until
from tests.seen_by import everything
from tests.world import (
    HANA,
    JONAS,
    MATEO,
    OLIVIA,
    PRIYA,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)

MARK = "not reached by direct message"


def lose_touch(world: World, *who: str) -> None:
    """As after a message to them that could not be delivered."""

    def mark(session: Session) -> None:
        for person in session.exec(select(Person).where(col(Person.user_id).in_(who))):
            person.reach = "unreachable"
            session.add(person)

    world.change(mark)


async def forward(world: World, who: str) -> str:
    if who in (OLIVIA, TOMASZ):
        await world.write(who, "people")
        seen = await world.press(who, "Text to forward", channel=direct(who))
    else:
        await world.command(who, "people")
        seen = await world.press(who, "Text to forward", channel=SHARED)
    text = words_of(seen.view)
    await world.close(who)
    return text


async def test_who_cannot_be_reached_is_shown_to_their_own_alliance_manager(world: World) -> None:
    await name_helix_manager(world)
    await world.slack.fault("conversations.open", error="cannot_dm_bot", times=9)
    await world.command(PRIYA, "action @tomasz send the drawings by Fri")
    await world.later("PT1M")
    theirs = await world.write(OLIVIA, "people")
    assert f"Tomasz Zieliński · Team member · Hardware team member · {MARK}" in theirs.text
    ours = await world.command(PRIYA, "people")
    assert MARK not in ours.private
    assert "Text to forward" not in buttons_of(ours.messages[-1])
    assert MARK not in (await world.command(HANA, "people")).private


async def test_the_text_says_what_waits_and_how_to_answer(world: World) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "action @tomasz send the drawings by Fri")
    await world.mention(TOMASZ, "action order the screws by 30 Nov")
    await world.write(TOMASZ, "internal check our margin by 1 Dec")
    lose_touch(world, TOMASZ)
    text = await forward(world, OLIVIA)
    assert "Direct messages do not reach Tomasz Zieliński." in text
    assert "Hello Tomasz," in text
    asks = "Priya Raman (Northwind Bio) asks you to take it on"
    assert f"HEL-1 send the drawings, due Fri 27 Nov: {asks}" in text
    assert "HEL-2 order the screws, due Mon 30 Nov" in text
    assert "OUR-1 check our margin, due Tue 1 Dec" in text, "it is their own firm's"
    assert "names records of Helix Devices only: for them alone" in text
    assert "To answer, write in #alliance-helix: @Alliance accept HEL-1" in text
    assert "http" not in text
    shown = select(Delivery.record_id).where(Delivery.kind == "shown")
    assert len(world.stored(lambda session: set(session.exec(shown)))) >= 3
    await world.mention(TOMASZ, "accept HEL-1")
    assert "waits for Tomasz" not in await forward(world, OLIVIA)


async def test_the_host_helps_while_the_partner_has_nobody_and_sees_what_is_joint(
    world: World,
) -> None:
    await world.write(TOMASZ, "internal check our margin by 1 Dec")
    await world.command(PRIYA, "action @tomasz send the drawings by Fri")
    lose_touch(world, TOMASZ)
    text = await forward(world, PRIYA)
    assert "HEL-1 send the drawings" in text
    assert "margin" not in text
    assert "OUR-" not in text
    assert "margin" not in everything(world, PRIYA)
    await name_helix_manager(world)
    assert MARK not in (await world.command(PRIYA, "people")).private


async def test_nobody_else_gets_the_text(world: World) -> None:
    await name_helix_manager(world)
    await world.write(TOMASZ, "internal check our margin by 1 Dec")
    lose_touch(world, TOMASZ)
    await world.write(OLIVIA, "people")
    listed = next(m for m in reversed(world.read(OLIVIA, direct(OLIVIA))) if MARK in words_of(m))
    element = buttons_of(listed)["Text to forward"]
    for who in (PRIYA, HANA):
        await world.command(who, "people")
        await world.slack.click(
            who,
            action_id=element["action_id"],
            block_id=element["block_id"],
            value=element["value"],
            channel=SHARED,
            message_ts=world.read(who, SHARED)[-1]["ts"],
        )
        assert "margin" not in everything(world, who)


async def test_what_was_suggested_is_in_it_and_nothing_at_all_is_said_so(world: World) -> None:
    await world.command(JONAS, "mine")
    lose_touch(world, JONAS)
    assert "Nothing waits for you there now." in await forward(world, PRIYA)
    await name_helix_manager(world)
    await world.command(JONAS, "action @olivia sign the letter by Fri")
    await world.write(OLIVIA, "move HEL-1 to 2 Dec")
    await world.later("PT1M")
    lose_touch(world, JONAS)
    text = await forward(world, PRIYA)
    assert "HEL-1 sign the letter, due Fri 27 Nov: Olivia Bennett suggests Wed 2 Dec" in text


async def test_it_vanishes_when_they_are_reached_again(world: World) -> None:
    await world.command(MATEO, "mine")
    lose_touch(world, MATEO)
    assert MARK in (await world.command(PRIYA, "people")).private
    await world.command(PRIYA, "action @mateo send the list by 24 Nov")
    await until(world, "2026-11-25T15:00+00:00")
    assert MARK not in (await world.command(PRIYA, "people")).private
