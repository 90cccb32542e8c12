"""The Web API: tokens, scopes, membership, messages."""

from typing import Any

import aiohttp
import pytest

from tests.playground.conftest import Stage

SHARED = "C0SHARED"


async def call(stage: Stage, method: str, bearer: str | None, **data: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{stage.url}/api/{method}", data=data, headers=headers) as answer,
    ):
        found: dict[str, Any] = await answer.json()
        return found


async def test_a_token_is_needed_and_checked(stage: Stage) -> None:
    assert (await call(stage, "auth.test", None))["error"] == "not_authed"
    assert (await call(stage, "auth.test", "xoxb-other"))["error"] == "invalid_auth"
    in_form = await call(stage, "auth.test", None, token=stage.slack.bot_token)
    assert (in_form["ok"], in_form["user_id"]) == (True, "U0BOT")
    assert (await call(stage, "chat.shout", stage.slack.bot_token))["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("method", "needed", "arguments"),
    [
        ("reactions.add", "reactions:write", {}),
        ("users.lookupByEmail", "users:read.email", {}),
        ("conversations.history", "channels:history", {"channel": SHARED}),
        ("conversations.history", "groups:history", {"channel": "C0INTERNAL"}),
        ("conversations.info", "im:read", {"channel": "D0PRIYA"}),
        ("conversations.list", "im:read", {"types": "im"}),
        ("conversations.join", "channels:join", {"channel": "C0RANDOM"}),
        ("pins.list", "pins:read", {"channel": SHARED}),
    ],
)
async def test_a_scope_that_was_not_granted_is_missing(
    stage: Stage, method: str, needed: str, arguments: dict[str, str]
) -> None:
    answer = await stage.refused(method, **arguments)
    assert answer["error"] == "missing_scope"
    assert answer["needed"].split(",")[0] == needed
    assert "chat:write" in answer["provided"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0RANDOM", "text": "x"}, "not_in_channel"),
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": SHARED}, "no_text"),
        ({"channel": SHARED, "text": "  "}, "no_text"),
        ({"channel": SHARED, "text": "😀" * 20_001}, "msg_too_long"),
        ({"channel": SHARED, "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": SHARED, "text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        (
            {"channel": SHARED, "text": "x", "metadata": {"event_type": 1}},
            "invalid_metadata_format",
        ),
        ({"channel": "U0BOT", "text": "x"}, "cannot_dm_bot"),
    ],
)
async def test_a_message_that_slack_refuses_is_refused(
    stage: Stage, arguments: dict[str, Any], error: str
) -> None:
    assert (await stage.refused("chat.postMessage", **arguments))["error"] == error


async def test_an_ephemeral_is_seen_by_one_person(stage: Stage) -> None:
    answer = await stage.client.chat_postEphemeral(channel=SHARED, user="U0HANA", text="psst")
    assert [m["text"] for m in stage.slack.messages(SHARED, "hana")] == ["psst"]
    for other in ("priya", "olivia", None):
        assert stage.slack.messages(SHARED, other) == []
    ts = answer["message_ts"]
    for method in ("chat.update", "chat.delete"):
        refused = await stage.refused(method, channel=SHARED, ts=ts, text="x")
        assert refused["error"] == "message_not_found"
    refused = await stage.refused(
        "chat.postEphemeral", channel="C0INTERNAL", user="U0OLIVIA", text="x"
    )
    assert refused["error"] == "user_not_in_channel"


async def test_only_its_own_messages_can_be_changed(stage: Stage) -> None:
    said = await stage.slack.message("priya", SHARED, "mine")
    answer = await stage.refused("chat.update", channel=SHARED, ts=said["ts"], text="x")
    assert answer["error"] == "cant_update_message"
    answer = await stage.refused("chat.delete", channel=SHARED, ts=said["ts"])
    assert answer["error"] == "cant_delete_message"
    own = await stage.client.chat_postMessage(
        channel=SHARED, text="one", blocks=[{"type": "divider"}]
    )
    await stage.client.chat_update(channel=SHARED, ts=own["ts"], text="two", parse="none")
    shown = stage.slack.messages(SHARED, "olivia")[-1]
    assert (shown["text"], shown["blocks"], bool(shown["edited"])) == ("two", [], True)
    await stage.client.chat_delete(channel=SHARED, ts=own["ts"])
    assert len(stage.slack.messages(SHARED, "olivia")) == 1


async def test_metadata_is_kept_and_given_back_on_request(stage: Stage) -> None:
    metadata = {"event_type": "sent", "event_payload": {"token": "k1"}}
    await stage.client.chat_postMessage(channel="U0PRIYA", text="hi", metadata=metadata)
    dm = (await stage.client.conversations_open(users="U0PRIYA"))["channel"]["id"]
    bare = await stage.client.conversations_history(channel=dm)
    full = await stage.client.conversations_history(channel=dm, include_all_metadata=True)
    assert "metadata" not in bare["messages"][0]
    assert full["messages"][0]["metadata"] == metadata
    assert stage.slack.messages(dm, "priya")[0]["metadata"] == metadata


async def test_history_is_newest_first_and_paged(stage: Stage) -> None:
    for number in range(5):
        await stage.client.chat_postMessage(channel="D0PRIYA", text=str(number))
    first = await stage.client.conversations_history(channel="D0PRIYA", limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await stage.client.conversations_history(channel="D0PRIYA", limit=3, cursor=cursor)
    assert [m["text"] for m in first["messages"]] == ["4", "3", "2"]
    assert [m["text"] for m in second["messages"]] == ["1", "0"]
    oldest = first["messages"][1]["ts"]
    late = await stage.client.conversations_history(channel="D0PRIYA", oldest=oldest)
    assert [m["text"] for m in late["messages"]] == ["4"]


async def test_replies_stay_in_their_thread(stage: Stage) -> None:
    parent = await stage.client.chat_postMessage(channel="D0PRIYA", text="top")
    reply = await stage.client.chat_postMessage(
        channel="D0PRIYA", text="below", thread_ts=parent["ts"]
    )
    again = await stage.client.chat_postMessage(
        channel="D0PRIYA", text="also", thread_ts=reply["ts"]
    )
    assert again["message"]["thread_ts"] == parent["ts"]
    history = await stage.client.conversations_history(channel="D0PRIYA")
    assert [(m["text"], m["reply_count"]) for m in history["messages"]] == [("top", 2)]
    replies = await stage.client.conversations_replies(channel="D0PRIYA", ts=parent["ts"])
    assert [m["text"] for m in replies["messages"]] == ["top", "below", "also"]
    shown = stage.slack.messages("D0PRIYA", "priya")
    assert [m.get("thread_ts") for m in shown] == [None, parent["ts"], parent["ts"]]


async def test_reactions_are_read_in_full_on_request_only(stage: Stage) -> None:
    said = await stage.slack.message("priya", SHARED, "good news")
    for user in ("hana", "mateo", "olivia", "ines"):
        await stage.slack.reaction(user, SHARED, said["ts"], ":tada:")
    where = {"channel": SHARED, "timestamp": said["ts"]}
    short = (await stage.client.reactions_get(**where))["message"]
    full = (await stage.client.reactions_get(**where, full=True))["message"]
    assert len(short["reactions"][0]["users"]) < short["reactions"][0]["count"] == 4
    assert len(full["reactions"][0]["users"]) == 4
    assert full["text"] == "good news"
    again = await stage.slack.reaction("hana", SHARED, said["ts"], "tada")
    assert again["error"] == "already_reacted"
    await stage.slack.reaction("hana", SHARED, said["ts"], "tada", present=False)
    shown = stage.slack.messages(SHARED, "priya")[0]["reactions"]
    assert shown == [{"name": "tada", "users": ["U0MATEO", "U0OLIVIA", "U0INES"]}]


async def test_a_pin_is_seen_in_the_state(stage: Stage) -> None:
    own = await stage.client.chat_postMessage(channel=SHARED, text="card")
    await stage.client.pins_add(channel=SHARED, timestamp=own["ts"])
    answer = await stage.refused("pins.add", channel=SHARED, timestamp=own["ts"])
    assert answer["error"] == "already_pinned"
    rooms = {c["id"]: c for c in stage.slack.state()["channels"]}
    assert rooms[SHARED]["pins"] == [own["ts"]]
    assert stage.slack.messages(SHARED, "priya")[0]["pinned"]


async def test_channels_are_described_by_who_shares_them(stage: Stage) -> None:
    shared = (await stage.client.conversations_info(channel=SHARED))["channel"]
    own = (await stage.client.conversations_info(channel="C0INTERNAL"))["channel"]
    assert (shared["is_ext_shared"], shared["connected_team_ids"]) == (True, ["T0HELIX"])
    assert (own["is_ext_shared"], own["is_private"]) == (False, True)
    members = (await stage.client.conversations_members(channel=SHARED))["members"]
    assert {"U0BOT", "U0OLIVIA", "U0LENA"} <= set(members)
    listed = (await stage.client.conversations_list(types="public_channel,private_channel"))[
        "channels"
    ]
    assert [c["id"] for c in listed] == [SHARED, "C0INTERNAL", "C0RANDOM"]


async def test_a_fault_hits_the_next_calls_only(stage: Stage) -> None:
    await stage.slack.fault("chat.postMessage", status=429, retry_after=7, times=1)
    await stage.slack.fault("chat.postMessage", error="fatal_error")
    headers = {"authorization": f"Bearer {stage.slack.bot_token}"}
    body = {"channel": SHARED, "text": "x"}
    url = f"{stage.url}/api/chat.postMessage"
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(url, json=body) as answer:
            assert (answer.status, answer.headers["retry-after"]) == (429, "7")
            assert (await answer.json())["error"] == "ratelimited"
        async with session.post(url, json=body) as answer:
            assert (answer.status, (await answer.json())["error"]) == (200, "fatal_error")
        async with session.post(url, json=body) as answer:
            assert (await answer.json())["ok"]
    assert len(stage.slack.messages(SHARED, "priya")) == 1


async def test_a_fault_may_come_after_the_effect(stage: Stage) -> None:
    await stage.slack.fault("chat.postMessage", status=500, after=True, delay=0.01)
    answer = await call(
        stage, "chat.postMessage", stage.slack.bot_token, channel=SHARED, text="there all the same"
    )
    assert answer == {"ok": False, "error": "internal_error"}
    assert len(stage.slack.messages(SHARED, "priya")) == 1
    assert (await stage.slack.fault("chat.postMessage"))["error"] == "invalid_fault"
