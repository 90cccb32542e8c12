"""The doors at which an action item can be captured on every platform, by people of either firm.
Those that one platform alone has: test_capture_on_slack and teams/test_capture."""

import pytest
from sqlmodel import Session, col, select

from storage.tables import Alliance, Member, Person
from tests.anywhere import (
    HANA,
    INES,
    MATEO,
    OLIVIA,
    PRIYA,
    RANDOM,
    SAMIR,
    SHARED,
    THE_BOT,
    TOMASZ,
    AnyWorld,
    direct,
)

SAID = "We will send the drop test results on Thursday"


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_a_mention_in_the_channel_is_answered_in_its_thread(world: AnyWorld) -> None:
    await world.mention(TOMASZ, "action @mateo confirm the criteria by Fri")
    card, mention = world.read(HANA, SHARED)[-1], world.read(HANA, SHARED)[-2]
    assert card["thread_ts"] == mention["ts"]
    assert "HEL-1" in world.words(card)
    assert "waiting for Mateo Fuentes to accept" in world.words(card)
    await world.command(MATEO, "show HEL-1")
    page = str(world.form(MATEO))
    assert "Where it was said" in page
    assert world.in_link(SHARED, mention["ts"]) in page


async def test_a_mention_in_a_thread_stays_in_that_thread(world: AnyWorld) -> None:
    first = await world.chat(OLIVIA, "Shall we talk about the forecast?")
    await world.mention(OLIVIA, "action share the forecast by Fri", thread=first)
    assert world.read(HANA, SHARED)[-1]["thread_ts"] == first


async def test_a_direct_message_captures_for_ones_own_firm(world: AnyWorld) -> None:
    await world.write(TOMASZ, "action @olivia look at the tooling quote by Fri")
    assert "OUR-1 is Olivia Bennett's, due Fri 27 Nov" in world.inbox(TOMASZ)[-1]
    assert "Your firm only" in world.inbox(TOMASZ)[-1]
    assert "Tomasz Zieliński recorded this as yours: OUR-1" in world.inbox(OLIVIA)[-1]


async def test_the_command_without_words_opens_a_form(world: AnyWorld) -> None:
    opened = await world.command(HANA, "action")
    assert opened.view is not None
    assert "New action item" in opened.text
    sent = await world.fill(HANA, text="Print the dossier", due="2026-11-27")
    assert "HEL-1 is yours, due Fri 27 Nov" in sent.text
    assert "HEL-1" in world.text(TOMASZ, SHARED)


async def test_a_form_says_beside_the_field_what_it_needs(world: AnyWorld) -> None:
    await world.command(HANA, "action")
    past = await world.fill(HANA, text="Print the dossier", due="2026-11-20")
    assert world.errors(HANA) == {"due": "That day is past. Choose today or later."}
    assert "Print the dossier" in str(past.view)
    theirs = await world.fill(HANA, due="2026-11-27", owner=OLIVIA, sees="private")
    assert "This item is for Northwind Bio only" in str(world.errors(HANA)["owner"])
    assert theirs.view is not None
    joint = await world.fill(HANA, sees="joint")
    assert "HEL-1 is proposed to Olivia Bennett" in joint.text


async def test_the_card_s_button_opens_the_form_for_the_partner(world: AnyWorld) -> None:
    opened = await world.press(INES, "New action", channel=SHARED)
    assert opened.view is not None
    sent = await world.fill(INES, text="Name the decider", owner=MATEO, due="2026-11-30")
    assert "HEL-1 is proposed to Mateo Fuentes, due Mon 30 Nov" in sent.text
    assert "Inês Carvalho (Helix Devices) asks you to take on HEL-1" in world.inbox(MATEO)[-1]


async def test_a_message_becomes_an_item_with_its_author_link_and_words(world: AnyWorld) -> None:
    said = await world.chat(TOMASZ, f"{SAID}, @priya")
    opened = await world.keep_message(PRIYA, said)
    assert opened.view is not None
    assert f"{SAID}, Priya Raman" in opened.text
    assert "Tomasz Zieliński" in str(opened.view)
    sent = await world.fill(PRIYA, text="Send the drop test results", due="2026-11-26")
    assert "HEL-1 is proposed to Tomasz Zieliński, due Thu 26 Nov" in sent.text
    assert SAID in sent.text
    assert world.in_link(SHARED, said) in str(sent.view)
    card = world.read(OLIVIA, SHARED)[-1]
    assert card["thread_ts"] == said
    assert SAID in world.words(card)


async def test_the_same_message_twice_answers_with_the_first_item_one_may_see(
    world: AnyWorld,
) -> None:
    said = await world.chat(HANA, SAID)
    await world.keep_message(HANA, said)
    await world.fill(HANA, sees="private")
    await world.close(HANA)
    again = await world.keep_message(SAMIR, said)
    assert "This message is an action item already." in again.text
    assert "OUR-1" in again.text
    await world.close(SAMIR)
    theirs = await world.keep_message(OLIVIA, said)
    assert "already" not in theirs.text
    assert "OUR-1" not in theirs.text
    assert "HEL-1 is proposed to Hana Kobayashi" in (await world.fill(OLIVIA)).text
    await world.close(OLIVIA)
    await world.write(OLIVIA, "cancel HEL-1")
    once_more = await world.keep_message(PRIYA, said)
    assert "OUR-1" in once_more.text


async def test_a_message_of_a_bot_proposes_nobody_and_leaves_the_choice(world: AnyWorld) -> None:
    card = next(m for m in world.read(PRIYA, SHARED) if not m["ephemeral"])
    assert card["user"] == THE_BOT
    await world.keep_message(PRIYA, card["ts"])
    sent = await world.fill(PRIYA, text="Read the card", owner=PRIYA)
    assert "HEL-1 is yours" in sent.text


async def test_undo_takes_a_fresh_item_back(world: AnyWorld) -> None:
    await world.command(MATEO, "action book the rom by Fri")
    undone = await world.press(MATEO, "Undo", channel=SHARED)
    assert undone.ok
    await world.later("PT10S")
    assert "cancelled" in world.text(OLIVIA, SHARED)
    assert "HEL-1" not in (await world.command(MATEO, "mine")).text


async def test_a_form_that_waits_behind_a_button_lapses_with_ones_place(world: AnyWorld) -> None:
    """They are in another alliance still, so their messages keep their buttons."""
    await world.let_bot_in(PRIYA, RANDOM)
    await world.set_up(channel=RANDOM, name="Borealis", code="BOR", firms="Northwind Bio")
    await world.command(SAMIR, "mine", RANDOM)
    await world.command(SAMIR, "action check the seals by Fri")
    await world.write(SAMIR, "move HEL-1")
    message = world.read(SAMIR, direct(SAMIR))[-1]
    [label] = world.buttons(message)
    opened = await world.press(SAMIR, label, channel=direct(SAMIR), ts=message["ts"])
    assert "check the seals" in opened.text
    await world.close(SAMIR)

    samir = world.id_of(SAMIR)

    def leave(session: Session) -> None:
        [member] = session.exec(
            select(Member)
            .join(Person)
            .join(Alliance, col(Alliance.id) == Member.alliance_id)
            .where(Person.user_id == samir, Alliance.code == "HEL")
        )
        member.until = world.now.date()
        session.add(member)

    world.change(leave)
    pressed = await world.press(SAMIR, label, channel=direct(SAMIR), ts=message["ts"])
    assert "That question has lapsed. Please start again." in pressed.text
    assert "check the seals" not in pressed.text
