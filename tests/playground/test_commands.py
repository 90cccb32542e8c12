"""Slash commands: what reaches the bot, and what the person sees when it does not answer."""

import asyncio
from typing import Any

import pytest

from tests.playground.conftest import Stage


async def test_a_command_is_answered_to_its_person_only(stage: Stage) -> None:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await ack("noted")

    answer = await stage.slack.command("priya", "#alliance-helix", "/act now")
    assert answer["ok"]
    assert [(m["text"], m["ephemeral"]) for m in answer["messages"]] == [("noted", True)]
    assert stage.slack.messages("C0SHARED", "olivia") == []


async def test_an_answer_in_channel_is_seen_by_all(stage: Stage) -> None:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await ack(text="noted", response_type="in_channel")

    await stage.slack.command("priya", "C0SHARED", "/act now")
    assert [m["text"] for m in stage.slack.messages("C0SHARED", "olivia")] == ["noted"]


async def test_names_are_escaped_when_the_manifest_asks_for_it(stage: Stage) -> None:
    heard: list[str] = []

    @stage.app.command("/act")
    async def act(ack: Any, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        await ack()

    @stage.app.command("/raw")
    async def raw(ack: Any, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        await ack()

    typed = "ask @mateo in #random if a < b & <!channel> <@U0HANA> @nobody"
    await stage.slack.command("priya", "C0SHARED", f"/act {typed}")
    await stage.slack.command("priya", "C0SHARED", f"/raw {typed}")
    assert heard == [
        "ask <@U0MATEO|mateo> in <#C0RANDOM|random> if a &lt; b &amp; &lt;!channel&gt; "
        "<@U0HANA|hana> @nobody",
        typed,
    ]


async def test_a_late_acknowledgement_is_an_error_the_person_sees(stage: Stage) -> None:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await asyncio.sleep(3.4)
        await ack("too late")

    answer = await stage.slack.command("priya", "C0SHARED", "/act")
    assert answer["error"] == "operation_timeout"
    assert [m["text"] for m in answer["messages"]] == [
        '/act failed with the error "operation_timeout"'
    ]
    assert answer["messages"][0]["user"] == "USLACKBOT"
    await asyncio.sleep(0.5)


async def test_a_refused_command_is_an_error_the_person_sees(stage: Stage) -> None:
    answer = await stage.slack.command("priya", "C0SHARED", "/act")
    assert answer["error"] == "dispatch_failed"
    assert answer["messages"][0]["ephemeral"]


async def test_an_answer_with_bad_blocks_is_refused(stage: Stage) -> None:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}])

    answer = await stage.slack.command("priya", "C0SHARED", "/act")
    assert answer["error"] == "invalid_blocks"


@pytest.mark.parametrize(
    ("channel", "text", "error"),
    [
        ("C0SHARED", "/nothing here", "unknown_command"),
        ("C0SHARED", "words", "not_a_command"),
        ("C0NOWHERE", "/act", "channel_not_found"),
        ("D0MATEO", "/act", "not_in_channel"),
    ],
)
async def test_what_cannot_be_typed_is_not_sent(
    stage: Stage, channel: str, text: str, error: str
) -> None:
    answer = await stage.slack.command("priya", channel, text)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert stage.slack.log() == []


async def test_commands_do_not_work_in_threads(stage: Stage) -> None:
    said = await stage.slack.message("priya", "C0SHARED", "hello")
    answer = await stage.slack.command("priya", "C0SHARED", "/act", thread_ts=said["ts"])
    assert answer["error"] == "command_not_supported_in_threads"


async def test_the_bot_is_invited_by_a_command(stage: Stage) -> None:
    assert (await stage.refused("chat.postMessage", channel="C0RANDOM", text="x"))[
        "error"
    ] == "not_in_channel"

    @stage.app.event("member_joined_channel")
    async def joined(event: dict[str, Any], say: Any) -> None:
        await say("thanks")

    answer = await stage.slack.command("priya", "#random", "/invite @Helper")
    assert [m["text"] for m in answer["messages"]] == ["thanks"]
    assert stage.sent("member_joined_channel")[0]["event"]["inviter"] == "U0PRIYA"


async def test_a_command_reaches_the_bot_from_a_channel_it_is_not_in(stage: Stage) -> None:
    @stage.app.command("/act")
    async def act(ack: Any, respond: Any) -> None:
        await ack()
        await respond("seen")

    answer = await stage.slack.command("priya", "#random", "/act")
    assert [m["text"] for m in answer["messages"]] == ["seen"]
