"""Who is pinged: real mention syntax only."""

from typing import Any

import pytest

from tests.playground.conftest import Stage, plain

SHARED = "C0SHARED"


def rich(*spans: dict[str, Any]) -> list[dict[str, Any]]:
    part = {"type": "rich_text_section", "elements": list(spans)}
    return [{"type": "rich_text", "elements": [part]}]


@pytest.mark.parametrize(
    ("arguments", "pings"),
    [
        ({"text": "<!channel> and <@U0HANA> and <!here|here>"}, ["channel", "U0HANA", "here"]),
        ({"text": "&lt;!channel&gt; @channel @hana <@U0NOBODY>"}, []),
        ({"text": "@hana and @here", "link_names": True}, ["U0HANA", "here"]),
        ({"text": "x", "blocks": [{"type": "header", "text": plain("<!channel>")}]}, []),
        (
            {
                "text": "x",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<!everyone>"}}],
            },
            ["everyone"],
        ),
        ({"text": "x", "blocks": rich({"type": "text", "text": "<!channel> <@U0HANA>"})}, []),
        ({"text": "x", "blocks": rich({"type": "user", "user_id": "U0HANA"})}, ["U0HANA"]),
        ({"text": "x", "blocks": rich({"type": "broadcast", "range": "here"})}, ["here"]),
    ],
)
async def test_a_message_of_the_bot_pings(
    stage: Stage, arguments: dict[str, Any], pings: list[str]
) -> None:
    await stage.client.api_call("chat.postMessage", json={"channel": SHARED, **arguments})
    assert stage.slack.messages(SHARED, "priya")[0]["pings"] == pings


async def test_an_update_links_names_unless_told_not_to(stage: Stage) -> None:
    own = await stage.client.chat_postMessage(channel=SHARED, text="hello @hana")
    assert stage.slack.messages(SHARED, "priya")[0]["pings"] == []
    where = {"channel": SHARED, "ts": own["ts"], "text": "hello @hana"}
    await stage.client.chat_update(**where)
    assert stage.slack.messages(SHARED, "priya")[0]["pings"] == ["U0HANA"]
    await stage.client.chat_update(**where, parse="none")
    assert stage.slack.messages(SHARED, "priya")[0]["pings"] == []


@pytest.mark.parametrize(
    ("typed", "stored", "pings"),
    [
        ("hi @hana!", "hi <@U0HANA>!", ["U0HANA"]),
        ("@Hana's list.", "<@U0HANA>'s list.", ["U0HANA"]),
        ("ask <@U0HANA|x>.", "ask <@U0HANA>.", ["U0HANA"]),
        ("<@U0NOBODY>", "&lt;@U0NOBODY&gt;", []),
        ("<!channel>", "&lt;!channel&gt;", []),
        ("@channel", "<!channel>", ["channel"]),
        ("a@hana.example", "<mailto:a@hana.example|a@hana.example>", []),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2", []),
        ("see #random", "see <#C0RANDOM|random>", []),
        ("https://a.example/?x=1&y=2.", "<https://a.example/?x=1&amp;y=2>.", []),
        ("\u202eabc\u0000 😀 @", "\u202eabc\u0000 😀 @", []),
    ],
)
async def test_what_people_type_is_stored_as_slack_stores_it(
    stage: Stage, typed: str, stored: str, pings: list[str]
) -> None:
    answer = await stage.slack.message("priya", SHARED, typed)
    shown = answer["messages"][0]
    assert (shown["text"], shown["pings"]) == (stored, pings)
