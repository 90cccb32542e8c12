"""The doors to an action item that Teams alone has: the menu of a message where the bot is not, a
reply's menu, and a group chat."""

from tests.anywhere import HANA, PRIYA, SHARED, TOMASZ
from tests.teams.world import TeamsWorld, handle

SAID = "We will send the drop test results on Thursday"


async def begin_chat(world: TeamsWorld, *people: str) -> str:
    """A group chat without the bot; its id."""
    await world.done(world.teams.add_chat("Launch crew", [handle(one) for one in people]))
    return world.teams.house.world.room("Launch crew").id


async def test_the_menu_of_a_message_where_the_bot_is_not_records_for_ones_own_firm(
    world: TeamsWorld,
) -> None:
    await world.done(world.teams.open_personal(handle(PRIYA)))
    chat = await begin_chat(world, PRIYA, HANA)
    said = await world.chat(HANA, SAID, chat)
    opened = await world.keep_message(PRIYA, said)
    assert SAID in opened.text
    sent = await world.fill(PRIYA, text="Send the drop test results")
    assert "OUR-1 is Hana Kobayashi's" in sent.text
    assert "OUR-1" not in world.text(PRIYA, chat) + world.text(PRIYA, SHARED)


async def test_the_menu_of_a_reply_puts_the_card_into_its_thread(world: TeamsWorld) -> None:
    first = await world.chat(TOMASZ, "Shall we talk about the drop tests?")
    await world.done(world.teams.message(handle(TOMASZ), world.place(SHARED), SAID, first))
    reply = world.read(PRIYA, SHARED)[-1]
    await world.keep_message(PRIYA, reply["ts"])
    sent = await world.fill(PRIYA)
    assert "HEL-1 is proposed to Tomasz" in sent.text
    card = world.read(HANA, SHARED)[-1]
    assert "HEL-1" in world.words(card)
    assert card["thread_ts"] == first
    assert world.in_link(SHARED, reply["ts"]) in str(sent.view)


async def test_a_group_chat_that_belongs_to_no_alliance_is_answered_there_in_private(
    world: TeamsWorld,
) -> None:
    chat = await begin_chat(world, PRIYA, HANA)
    await world.done(world.teams.install(chat, handle(PRIYA)))
    seen = await world.mention(PRIYA, "action @hana print the badges by Fri", chat)
    assert "OUR-1 is Hana Kobayashi's, due Fri 27 Nov" in seen.private
    assert "OUR-1" not in world.text(HANA, chat)
