"""Every door at which an action item can be captured, on either side."""

from sqlmodel import Session, col, select

from storage.tables import Alliance, Member, Person
from tests.world import (
    GRANT,
    HANA,
    INES,
    MATEO,
    OLIVIA,
    PRIYA,
    RANDOM,
    SAMIR,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)

SAID = "We will send the drop test results on Thursday"


async def test_a_mention_in_the_channel_is_answered_in_its_thread(world: World) -> None:
    await world.mention(TOMASZ, "action @mateo confirm the criteria by Fri")
    card, mention = world.read(HANA, SHARED)[-1], world.read(HANA, SHARED)[-2]
    assert card["thread_ts"] == mention["ts"]
    assert "HEL-1" in words_of(card)
    assert "waiting for Mateo Fuentes to accept" in words_of(card)
    page = await world.command(MATEO, "show HEL-1")
    assert "Where it was said" in str(page.view)
    assert mention["ts"].replace(".", "") in str(page.view)


async def test_a_mention_in_a_thread_stays_in_that_thread(world: World) -> None:
    first = await world.chat(OLIVIA, "Shall we talk about the forecast?")
    await world.mention(OLIVIA, "action share the forecast by Fri", thread=first)
    assert world.read(HANA, SHARED)[-1]["thread_ts"] == first


async def test_a_direct_message_captures_for_ones_own_firm(world: World) -> None:
    await world.write(TOMASZ, "action @olivia look at the tooling quote by Fri")
    assert "OUR-1 is Olivia Bennett's, due Fri 27 Nov" in world.inbox(TOMASZ)[-1]
    assert "Your firm only" in world.inbox(TOMASZ)[-1]
    assert "Tomasz Zieliński recorded this as yours: OUR-1" in world.inbox(OLIVIA)[-1]


async def test_the_command_without_words_opens_a_form(world: World) -> None:
    opened = await world.command(HANA, "action")
    assert opened.view is not None
    assert "New action item" in opened.text
    sent = await world.fill(HANA, text="Print the dossier", due="2026-11-27")
    assert "HEL-1 is yours, due Fri 27 Nov" in sent.text
    assert "HEL-1" in world.text(TOMASZ, SHARED)


async def test_a_form_says_beside_the_field_what_it_needs(world: World) -> None:
    await world.command(HANA, "action")
    past = await world.fill(HANA, text="Print the dossier", due="2026-11-20")
    assert world.form(HANA)["errors"] == {"due": "That day is past. Choose today or later."}
    assert "Print the dossier" in str(past.view)
    theirs = await world.fill(HANA, due="2026-11-27", owner=OLIVIA, sees="private")
    assert "This item is for Northwind Bio only" in str(world.form(HANA)["errors"]["owner"])
    assert theirs.view is not None
    joint = await world.fill(HANA, sees="joint")
    assert "HEL-1 is proposed to Olivia Bennett" in joint.text


async def test_the_card_s_button_opens_the_form_for_the_partner(world: World) -> None:
    opened = await world.press(INES, "New action", channel=SHARED)
    assert opened.view is not None
    sent = await world.fill(INES, text="Name the decider", owner=MATEO, due="2026-11-30")
    assert "HEL-1 is proposed to Mateo Fuentes, due Mon 30 Nov" in sent.text
    assert "Inês Carvalho (Helix Devices) asks you to take on HEL-1" in world.inbox(MATEO)[-1]


async def test_the_global_shortcut_means_ones_own_firm_unless_chosen(world: World) -> None:
    await world.command(PRIYA, "mine")
    await world.shortcut(PRIYA, "action_item.new", channel=None)
    sent = await world.fill(PRIYA, text="Think about the budget")
    assert "OUR-1 is yours, no date yet." in sent.text


async def test_a_message_becomes_an_item_with_its_author_link_and_words(world: World) -> None:
    said = await world.chat(TOMASZ, f"{SAID}, @priya")
    opened = await world.shortcut(PRIYA, "action_item.from_message", said)
    assert opened.view is not None
    assert f"{SAID}, Priya Raman" in opened.text
    assert "Tomasz Zieliński" in str(opened.view)
    sent = await world.fill(PRIYA, text="Send the drop test results", due="2026-11-26")
    assert "HEL-1 is proposed to Tomasz Zieliński, due Thu 26 Nov" in sent.text
    assert SAID in sent.text
    assert f"/archives/{SHARED}/p{said.replace('.', '')}" in str(sent.view)
    card = world.read(OLIVIA, SHARED)[-1]
    assert card["thread_ts"] == said
    assert SAID in words_of(card)


async def test_the_same_message_twice_answers_with_the_first_item_one_may_see(
    world: World,
) -> None:
    said = await world.chat(HANA, SAID)
    await world.shortcut(HANA, "action_item.from_message", said)
    await world.fill(HANA, sees="private")
    await world.close(HANA)
    again = await world.shortcut(SAMIR, "action_item.from_message", said)
    assert "This message is an action item already." in again.text
    assert "OUR-1" in again.text
    await world.close(SAMIR)
    theirs = await world.react(OLIVIA, said)
    assert "already" not in theirs.text
    assert "OUR-1" not in theirs.text
    await world.press(OLIVIA, "New action item")
    assert "HEL-1 is proposed to Hana Kobayashi" in (await world.fill(OLIVIA)).text
    await world.close(OLIVIA)
    await world.write(OLIVIA, "cancel HEL-1")
    once_more = await world.shortcut(PRIYA, "action_item.from_message", said)
    assert "OUR-1" in once_more.text


async def test_a_message_of_a_bot_proposes_nobody_and_leaves_the_choice(world: World) -> None:
    card = world.read(PRIYA, SHARED)[0]
    await world.shortcut(PRIYA, "action_item.from_message", card["ts"])
    sent = await world.fill(PRIYA, text="Read the card", owner=PRIYA)
    assert "HEL-1 is yours" in sent.text


async def test_the_first_to_react_is_asked_privately_and_nobody_else(world: World) -> None:
    said = await world.chat(OLIVIA, SAID)
    await world.react(MATEO, said, "eyes")
    assert "One more step" not in world.text(MATEO, SHARED)
    first = await world.react(MATEO, said)
    [asked] = [m for m in first.messages if m["user"] == "U0BOT"]
    assert asked["ephemeral"]
    assert asked.get("thread_ts") is None, "where the one who reacted looks"
    assert "Keep this as an action item? Only you are asked." in words_of(asked)
    assert "New action item" in buttons_of(asked)
    for later in (GRANT, HANA):
        await world.react(later, said)
        assert world.inbox(later) == []
        assert "New action item" not in world.text(later, SHARED)
    await world.press(MATEO, "New action item", channel=SHARED, ts=asked["ts"])
    sent = await world.fill(MATEO, due="2026-11-26")
    assert "HEL-1 is proposed to Olivia Bennett" in sent.text


async def test_a_partner_who_reacts_is_asked_by_direct_message(world: World) -> None:
    said = await world.chat(HANA, "I can send the labels on Friday")
    await world.react(GRANT, said)
    assert "New action item" in world.inbox(GRANT)[-1]
    assert "New action item" in buttons_of(world.read(GRANT, direct(GRANT))[-1])
    await world.press(GRANT, "New action item")
    sent = await world.fill(GRANT)
    assert "HEL-1 is proposed to Hana Kobayashi" in sent.text
    assert world.references(HANA, SHARED) == ["HEL-1"]


async def test_undo_takes_a_fresh_item_back(world: World) -> None:
    await world.command(MATEO, "action book the rom by Fri")
    undone = await world.press(MATEO, "Undo", channel=SHARED)
    assert undone.ok
    await world.later("PT10S")
    assert "cancelled" in world.text(OLIVIA, SHARED)
    assert "HEL-1" not in (await world.command(MATEO, "mine")).text


async def test_a_form_that_waits_behind_a_button_lapses_with_ones_place(world: World) -> None:
    """They are in another alliance still, so their messages keep their buttons."""
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.set_up(channel=RANDOM, name="Borealis", code="BOR", firms="Northwind Bio")
    await world.command(SAMIR, "mine", RANDOM)
    await world.command(SAMIR, "action check the seals by Fri")
    await world.write(SAMIR, "move HEL-1")
    message = world.read(SAMIR, direct(SAMIR))[-1]
    [label] = buttons_of(message)
    opened = await world.press(SAMIR, label, channel=direct(SAMIR), ts=message["ts"])
    assert "check the seals" in opened.text
    await world.close(SAMIR)

    def leave(session: Session) -> None:
        [member] = session.exec(
            select(Member)
            .join(Person)
            .join(Alliance, col(Alliance.id) == Member.alliance_id)
            .where(Person.user_id == SAMIR, Alliance.code == "HEL")
        )
        member.until = world.now.date()
        session.add(member)

    world.change(leave)
    pressed = await world.press(SAMIR, label, channel=direct(SAMIR), ts=message["ts"])
    assert "That question has lapsed. Please start again." in pressed.text
    assert pressed.view is None
