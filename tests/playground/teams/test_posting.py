"""What the bot may say, where, and what it is told when it may not."""

from datetime import timedelta
from typing import Any

import pytest

from tests.playground.teams.conftest import Json, Stage, card, carrying


def mention(name: str, account: str) -> Json:
    who = {"id": account, "name": name}
    return {"type": "mention", "mentioned": who, "text": f"<at>{name}</at>"}


async def begin(stage: Stage, handle: str, **more: Any) -> tuple[int, Any]:
    tenant = stage.teams.house.world.person(handle).tenant
    body = {"isGroup": False, "members": [{"id": stage.who(handle)}], "tenantId": tenant, **more}
    base = stage.teams.house.service_url(tenant)
    status, said, _ = await stage.call("POST", "conversations", body, base=base)
    return status, said


async def test_a_post_is_seen_by_everybody_there(settled: Stage) -> None:
    sent = await settled.say("Alliance", text="Good *morning*", textFormat="plain")
    shown = settled.teams.messages("Alliance", "kwame")[-1]
    assert (shown["id"], shown["text"], shown["format"]) == (sent, "Good *morning*", "plain")
    assert shown["from"] == settled.teams.house.world.bot


async def test_a_verb_answers_with_what_the_bot_said_meanwhile(settled: Stage) -> None:
    settled.bot.reply = lambda activity: (200, None)
    before = await settled.say("olivia", text="earlier")
    answer = await settled.teams.message("olivia", "personal", "hello")
    assert before not in [m["id"] for m in answer["messages"]]
    assert [m["text"] for m in answer["messages"]] == ["hello"]


async def test_typing_leaves_no_trace(settled: Stage) -> None:
    room = settled.room("Alliance")
    status, said, _ = await settled.call(
        "POST", f"conversations/{room}/activities", {"type": "typing"}
    )
    assert (status, said) == (202, None)
    assert settled.teams.messages("Alliance") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"type": "endOfConversation"}, "Unknown activity type"),
        ({"type": "message"}, "text or an attachment"),
        ({"type": "message", "text": 5}, "must be strings"),
        ({"type": "message", "text": "x", "textFormat": "html"}, "textFormat"),
        ({"type": "message", "text": "x", "importance": "extreme"}, "importance"),
        ({"type": "message", "text": "x", "attachments": [{"contentType": "x"}]}, "attachment"),
        ({"type": "message", "text": "x", "entities": [{"type": "unheard"}]}, "entity"),
        (["type", "message"], "JSON object"),
    ],
)
async def test_what_is_no_message_is_refused(settled: Stage, body: Any, words: str) -> None:
    path = f"conversations/{settled.room('Alliance')}/activities"
    status, said, _ = await settled.call("POST", path, body)
    assert status == 400
    assert words in said["error"]["message"]


async def test_a_card_needs_a_summary(settled: Stage) -> None:
    message = carrying(card())
    assert await settled.say("Alliance", **message)
    refused = await settled.refused("Alliance", **message | {"summary": " "})
    assert "needs a summary" in refused


async def test_mentions_and_text_must_agree(settled: Stage) -> None:
    who = mention("Olivia Bennett", settled.who("olivia"))
    await settled.say("Alliance", text="<at>Olivia Bennett</at> please", entities=[who])
    assert settled.teams.messages("Alliance")[-1]["pings"] == [settled.who("olivia")]
    assert "no mention entity" in await settled.refused("Alliance", text="<at>Olivia</at> x")
    assert "not in the text" in await settled.refused("Alliance", text="x", entities=[who])
    stranger = mention("Priya Raman", settled.who("priya"))
    refused = await settled.refused(
        "Alliance", text="<at>Priya Raman</at> please", entities=[stranger]
    )
    assert "not in the conversation" in refused
    half: Json = {"type": "mention", "text": "<at>X</at>", "mentioned": {"id": "29:x"}}
    assert "incomplete" in await settled.refused("Alliance", text="<at>X</at>", entities=[half])


async def test_a_card_may_mention_by_object_id(settled: Stage) -> None:
    named = mention("Olivia Bennett", settled.object_id("olivia"))
    text = {"type": "TextBlock", "text": "For <at>Olivia Bennett</at>"}
    await settled.say("Alliance", **carrying(card(text, msteams={"entities": [named]})))
    assert settled.teams.messages("Alliance")[-1]["pings"] == [settled.who("olivia")]
    refused = await settled.refused("Alliance", **carrying(card(text)))
    assert "no mention entity" in refused


async def test_marked_words_may_stand_in_text_runs_only(settled: Stage) -> None:
    settled.teams.mark("*evil*")
    run = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "so *evil*"}]}
    await settled.say("Alliance", **carrying(card(run)))
    await settled.say("Alliance", text="so *evil*", textFormat="plain")
    fact = {"type": "FactSet", "facts": [{"title": "a", "value": "*evil*"}]}
    block = {"type": "TextBlock", "text": "*evil*"}
    for one in (carrying(card(fact)), carrying(card(block)), {"text": "*evil*"}):
        assert "markdown" in await settled.refused("Alliance", **one)


async def test_too_large_is_too_large(settled: Stage) -> None:
    run = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "ü" * 14_000}]}
    assert "413 MessageSizeTooBig" in await settled.refused("Alliance", **carrying(card(run)))
    assert "413 MessageSizeTooBig" in await settled.refused("Alliance", text="x" * 41_000)


async def test_threads_hold_their_replies(settled: Stage) -> None:
    root = await settled.say("Alliance", text="root")
    reply = await settled.say(f"Alliance;messageid={root}", text="reply")
    other = await settled.say("Alliance", text="by id", replyToId=reply)
    shown = {m["id"]: m["thread"] for m in settled.teams.messages("Alliance")}
    assert shown == {root: None, reply: root, other: root}
    for nowhere in (f"Alliance;messageid={reply}", "Alliance;messageid=1"):
        assert "404 ConversationNotFound" in await settled.refused(nowhere, text="x")


async def test_a_new_thread_is_made_with_its_first_message(settled: Stage) -> None:
    channel = {"channel": {"id": settled.room("Alliance")}}
    message = {"type": "message", "text": "a root"}
    body: Json = {"isGroup": True, "channelData": channel, "activity": message}
    status, said, _ = await settled.call("POST", "conversations", body)
    assert (status, said["id"].partition(";messageid=")[2]) == (201, said["activityId"])
    assert settled.teams.messages("Alliance")[-1]["text"] == "a root"
    del body["activity"]
    assert (await settled.call("POST", "conversations", body))[0] == 400


async def test_a_chat_is_begun_once_with_somebody_where_the_app_is(settled: Stage) -> None:
    status, said = await begin(settled, "tomasz")
    assert (status, set(said)) == (201, {"id"})
    assert (await begin(settled, "tomasz"))[1]["id"] == said["id"]
    _, with_words = await begin(settled, "tomasz", activity={"type": "message", "text": "hi"})
    assert settled.teams.messages("personal", "tomasz")[-1]["id"] == with_words["activityId"]


async def test_nobody_is_written_to_where_the_app_is_not(settled: Stage) -> None:
    """Priya sits in the shared channel, but in her own firm the app is nowhere."""
    status, said = await begin(settled, "priya")
    assert (status, said["error"]["code"]) == (403, "ForbiddenOperationException")
    await settled.teams.install("priya")
    assert (await begin(settled, "priya"))[0] == 201


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"isGroup": True}, 400),
        ({"is_group": False}, 400),
        ({"tenantId": None}, 400),
        ({"bot": {"id": "28:another"}}, 400),
        ({"members": [{"id": "olivia"}]}, 400),
        ({"members": []}, 400),
        ({"members": [{"id": "29:1"}, {"id": "29:2"}]}, 400),
        ({"members": [{"id": "29:unknown"}]}, 403),
        ({"tenantId": "another"}, 403),
    ],
)
async def test_a_chat_badly_asked_for_is_refused(
    settled: Stage, changes: Json, status: int
) -> None:
    assert (await begin(settled, "olivia", **changes))[0] == status


async def test_what_does_not_exist_is_not_found(settled: Stage) -> None:
    path = "conversations/19:nowhere@thread.v2/activities"
    status, said, _ = await settled.call("POST", path, {"type": "message", "text": "x"})
    assert (status, said["error"]["code"]) == (404, "ConversationNotFound")
    base = settled.teams.house.service_url(settled.tenant("Northwind Bio"))
    path = f"conversations/{settled.room('Alliance')}/activities"
    status, _, _ = await settled.call("POST", path, {"type": "message", "text": "x"}, base=base)
    assert status == 404


async def change(stage: Stage, verb: str, room: str, message: str, **body: Any) -> tuple[int, str]:
    path = f"conversations/{stage.room(room)}/activities/{message}"
    given = {"type": "message", **body} if verb == "PUT" else None
    status, said, _ = await stage.call(verb, path, given)
    return status, "" if said is None or "error" not in said else said["error"]["code"]


async def test_own_messages_are_changed_and_removed(settled: Stage) -> None:
    sent = await settled.say("Alliance", text="one")
    assert await change(settled, "PUT", "Alliance", sent, text="two") == (200, "")
    shown = settled.teams.messages("Alliance")[-1]
    assert (shown["text"], shown["edited"]) == ("two", True)
    assert await change(settled, "DELETE", "Alliance", sent) == (200, "")
    assert settled.teams.messages("Alliance") == []
    gone = (404, "ActivityNotFoundInConversation")
    assert await change(settled, "PUT", "Alliance", sent, text="three") == gone
    assert await change(settled, "DELETE", "Alliance", sent) == gone


async def test_nobody_elses_message_is_changed(settled: Stage) -> None:
    theirs = (await settled.teams.message("olivia", "Alliance", "mine"))["id"]
    refused = (403, "NotEnoughPermissions")
    assert await change(settled, "PUT", "Alliance", theirs, text="x") == refused
    assert await change(settled, "DELETE", "Alliance", theirs) == refused


async def test_the_bot_reacts(settled: Stage) -> None:
    theirs = (await settled.teams.message("olivia", "Alliance", "hello"))["id"]
    path = f"{theirs}/reactions/like"
    assert (await change(settled, "PUT", "Alliance", path))[0] == 200
    shown = settled.teams.messages("Alliance")[-1]["reactions"]
    assert shown == [{"type": "like", "people": [settled.teams.house.world.bot]}]
    assert (await change(settled, "DELETE", "Alliance", path))[0] == 200
    assert settled.teams.messages("Alliance")[-1]["reactions"] == []


async def test_a_blocked_chat_says_so_in_either_shape(settled: Stage) -> None:
    await settled.teams.block("olivia")
    status, said, _ = await settled.post("olivia", text="hello")
    assert (status, said["errorCode"]) == (403, 209)
    assert '"subCode": "MessageWritesBlocked"' in said["message"]
    await settled.teams.block("olivia", plain=True)
    assert "403 MessageWritesBlocked" in await settled.refused("olivia", text="hello")
    await settled.teams.block("olivia", False)
    assert await settled.say("olivia", text="hello")


async def test_ordered_failures_come_in_their_turn(settled: Stage) -> None:
    await settled.teams.fault("activities.post", retry_after=7)
    await settled.teams.fault("activities.post", 502)
    await settled.teams.fault("activities.post", error="BotDisabledByAdmin")
    status, said, headers = await settled.post("Alliance", text="one")
    assert (status, said["error"]["code"], headers["retry-after"]) == (429, "Throttled", "7")
    assert "502 ServiceError" in await settled.refused("Alliance", text="one")
    assert "403 BotDisabledByAdmin" in await settled.refused("Alliance", text="one")
    assert settled.teams.messages("Alliance") == []
    await settled.teams.fault("*", 504, after=True)
    assert "504" in await settled.refused("Alliance", text="it happened")
    assert settled.teams.messages("Alliance")[-1]["text"] == "it happened"
    assert (await settled.teams.fault("", 500))["error"] == "invalid_fault"


async def test_tokens_and_keys_fail_on_order_too(settled: Stage) -> None:
    await settled.teams.fault("token", 503)
    assert (await settled.ask_token())[0] == 503
    await settled.teams.fault("keys", 500)
    assert "error" in await settled.keys()


async def test_limits_are_kept_by_the_clock_once_they_are_enforced(settled: Stage) -> None:
    for _ in range(9):
        await settled.say("Alliance", text="free")
    settled.teams.throttle()
    for _ in range(7):
        await settled.say("Alliance", text="counted")
    status, _, headers = await settled.post("Alliance", text="too many")
    assert (status, headers["retry-after"]) == (429, "1")
    assert await settled.say("Launch", text="elsewhere")
    settled.clock.set(settled.clock.now() + timedelta(seconds=1))
    assert await settled.say("Alliance", text="the eighth in two seconds")
    status, _, headers = await settled.post("Alliance", text="the ninth")
    assert status == 429
    settled.teams.throttle(False)
    assert await settled.say("Alliance", text="free again")


async def test_the_log_has_every_request_both_ways(settled: Stage) -> None:
    await settled.say("Alliance", text="hello")
    await settled.teams.message("olivia", "personal", "hello")
    rows = [(e["direction"], e["kind"], e["method"]) for e in settled.teams.log()[-2:]]
    assert rows == [("from_bot", "api", "activities.post"), ("to_bot", "message", "message")]
