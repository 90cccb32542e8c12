"""What people say, and what of it the bot is sent."""

from datetime import timedelta

from tests.playground.teams.conftest import Stage


async def test_in_a_personal_chat_every_message_reaches_the_bot(settled: Stage) -> None:
    answer = await settled.teams.message("olivia", "personal", "action Bob <MSA> & more")
    assert answer["ok"]
    assert answer["messages"][0]["text"] == "action Bob <MSA> & more"
    activity = settled.bot.got[-1]
    assert activity["id"] == answer["id"]
    assert activity["text"] == "action Bob <MSA> & more"
    assert activity["attachments"][0]["content"] == "<div>action Bob &lt;MSA&gt; &amp; more</div>"
    assert activity["conversation"]["conversationType"] == "personal"
    assert activity["from"]["aadObjectId"] == settled.object_id("olivia")
    assert (activity["localTimezone"], activity["channelId"]) == ("Europe/London", "msteams")


async def test_in_a_channel_the_bot_hears_only_its_mentions(settled: Stage) -> None:
    await settled.teams.message("olivia", "Alliance", "just between us")
    assert settled.bot.got == []
    said = "@Alliance action @Tomasz Zieliński MSA by Fri"
    answer = await settled.teams.message("olivia", "Alliance", said)
    activity = settled.bot.got[-1]
    words = "<at>Alliance</at> action <at>Tomasz Zieliński</at> MSA by Fri"
    assert activity["text"] == f"{words}\n"
    mentions = [e for e in activity["entities"] if e["type"] == "mention"]
    assert [m["mentioned"]["id"] for m in mentions] == [
        settled.teams.house.world.bot,
        settled.who("tomasz"),
    ]
    assert activity["conversation"]["id"].endswith(f";messageid={answer['id']}")
    assert activity["channelData"]["team"]["id"] == settled.room("Alliances/General")
    assert answer["messages"][0]["pings"][1] == settled.who("tomasz")


async def test_a_reply_names_its_thread(settled: Stage) -> None:
    root = (await settled.teams.message("olivia", "Alliance", "a thread"))["id"]
    reply = await settled.teams.message("tomasz", "Alliance", "@alliance status", root)
    again = await settled.teams.message("grant", "Alliance", "@Alliance status", reply["id"])
    assert [a["replyToId"] for a in settled.bot.got] == [root, root]
    assert again["messages"][0]["thread"] == root
    nowhere = await settled.teams.message("tomasz", "Alliance", "@Alliance hi", "12345")
    assert nowhere["error"] == "thread_not_found"


async def test_a_person_without_a_zone_sends_none(settled: Stage) -> None:
    await settled.teams.message("kwame", "Alliance", "@Alliance status")
    activity = settled.bot.got[-1]
    assert "localTimezone" not in activity
    client = next(e for e in activity["entities"] if e["type"] == "clientInfo")
    assert (client["country"], "timezone" in client) == ("GB", False)


async def test_where_the_app_is_not_nothing_reaches_it(stage: Stage) -> None:
    assert (await stage.teams.message("olivia", "Alliance", "@Alliance hello"))["ok"]
    assert stage.bot.got == []
    answer = await stage.teams.message("olivia", "personal", "hello")
    assert answer["error"] == "app_not_installed"


async def test_nobody_writes_where_they_are_not(settled: Stage) -> None:
    answer = await settled.teams.message("priya", "Launch", "hello")
    assert answer["error"] == "not_in_conversation"
    assert (await settled.teams.message("nobody", "Launch", "x"))["error"] == "person_not_found"


async def test_somebody_of_another_firm_speaks_in_the_shared_channel(settled: Stage) -> None:
    await settled.teams.message("priya", "Joint", "@Alliance status")
    activity = settled.bot.got[-1]
    assert activity["from"]["aadObjectId"] == settled.object_id("priya")
    assert activity["conversation"]["tenantId"] == settled.tenant("Helix Devices")
    assert activity["channelData"]["channel"]["type"] == "shared"


async def test_a_command_of_the_slash_menu_is_between_person_and_bot(settled: Stage) -> None:
    answer = await settled.teams.message("olivia", "Launch", "action @grant MSA", targeted=True)
    activity = settled.bot.got[-1]
    assert activity["recipient"]["isTargeted"] is True
    assert activity["text"].startswith("action <at>Grant Whitaker</at>")
    assert answer["messages"][0]["targeted"]
    assert settled.teams.messages("Launch", "grant") == []
    personal = await settled.teams.message("olivia", "personal", "help", targeted=True)
    assert personal["error"] == "no_slash_in_personal_chats"


async def test_message_ids_increase_while_the_clock_stands(settled: Stage) -> None:
    first = await settled.teams.message("olivia", "Alliance", "one")
    second = await settled.teams.message("olivia", "Alliance", "two")
    assert int(second["id"]) == int(first["id"]) + 1
    assert int(first["id"]) >= settled.clock.now().timestamp() * 1000


async def test_editing_and_deleting_reach_the_bot_where_it_was_mentioned(settled: Stage) -> None:
    plain = (await settled.teams.message("olivia", "Alliance", "no mention"))["id"]
    await settled.teams.edit("olivia", plain, "still none")
    await settled.teams.delete("olivia", plain)
    assert settled.bot.got == []
    said = (await settled.teams.message("olivia", "Alliance", "@Alliance one"))["id"]
    await settled.teams.edit("olivia", said, "@Alliance two")
    await settled.teams.delete("olivia", said)
    await settled.teams.undelete("olivia", said)
    changes = [(a["type"], a["channelData"].get("eventType")) for a in settled.bot.got]
    assert changes == [
        ("message", None),
        ("messageUpdate", "editMessage"),
        ("messageDelete", "softDeleteMessage"),
        ("messageUpdate", "undeleteMessage"),
    ]
    assert (await settled.teams.edit("tomasz", said, "mine"))["error"] == "not_your_message"


async def test_reactions_are_told_on_the_bots_own_messages_only(settled: Stage) -> None:
    theirs = (await settled.teams.message("olivia", "Alliance", "hello"))["id"]
    await settled.teams.reaction("tomasz", theirs, "like")
    assert settled.bot.got == []
    own = await settled.say("Alliance", text="a card one day")
    await settled.teams.reaction("tomasz", own, "like")
    twice = await settled.teams.reaction("tomasz", own, "like")
    assert twice["error"] == "already_reacted"
    await settled.teams.reaction("tomasz", own, "like", added=False)
    added, removed = settled.bot.got
    assert (added["reactionsAdded"], added["replyToId"]) == ([{"type": "like"}], own)
    assert removed["reactionsRemoved"] == [{"type": "like"}]


async def test_a_refused_message_is_sent_again_with_the_same_id(settled: Stage) -> None:
    settled.bot.reply = lambda activity: (503 if len(settled.bot.got) < 2 else 200, None)
    await settled.teams.message("olivia", "personal", "hello")
    assert len({a["id"] for a in settled.bot.got}) == 1
    assert len(settled.bot.got) == 2


async def test_repeats_follow_the_clock_and_end(settled: Stage) -> None:
    settled.bot.reply = lambda activity: (500, None)
    await settled.teams.message("olivia", "personal", "hello")
    assert len(settled.bot.got) == 2
    await settled.teams.advance_clock(timedelta(seconds=59))
    assert len(settled.bot.got) == 2
    await settled.teams.advance_clock("PT1S")
    assert len(settled.bot.got) == 3
    assert (await settled.teams.advance_clock("P1D"))["steps"] == 1
    assert len(settled.bot.got) == 4


async def test_a_message_that_is_refused_for_good_is_not_repeated(settled: Stage) -> None:
    settled.bot.reply = lambda activity: (401, None)
    await settled.teams.message("olivia", "personal", "hello")
    await settled.teams.advance_clock("P1D")
    assert len(settled.bot.got) == 1


async def test_a_message_answered_late_is_sent_again(settled: Stage) -> None:
    settled.teams.house.door.message_seconds = 0.1
    settled.bot.slow = [0.3]
    await settled.teams.message("olivia", "personal", "hello")
    assert len(settled.bot.got) == 2
    assert settled.teams.log()[-2]["answer"] == "timed out"


async def test_what_nobody_was_there_to_take_comes_later(settled: Stage) -> None:
    url, settled.teams.bot_url = settled.teams.bot_url, None
    await settled.teams.message("olivia", "personal", "hello")
    settled.teams.bot_url = url
    await settled.teams.advance_clock("PT1M")
    assert settled.bot.got[-1]["text"] == "hello"
