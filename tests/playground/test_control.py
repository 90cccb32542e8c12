"""The control interface over HTTP, as the page uses it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.playground.conftest import Stage


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=stage.url) as session:
        yield session


async def do(browser: aiohttp.ClientSession, verb: str, **arguments: Any) -> dict[str, Any]:
    async with browser.post(f"/_control/{verb}", json=arguments) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def see(browser: aiohttp.ClientSession, path: str) -> Any:
    async with browser.get(f"/_control/{path}") as answer:
        return await answer.json()


async def test_every_verb_is_reached_over_http(
    stage: Stage, browser: aiohttp.ClientSession
) -> None:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await ack("noted")

    done = await do(browser, "command", user="priya", channel="C0SHARED", text="/act")
    assert (done["ok"], done["messages"][0]["text"]) == (True, "noted")
    said = await do(browser, "message", user="U0PRIYA", channel="C0SHARED", text="hi")
    ts = said["messages"][0]["ts"]
    liked = await do(
        browser, "reaction", user="U0HANA", channel="C0SHARED", ts=ts, name="eyes", present=True
    )
    moved = await do(browser, "clock", advance="P1D")
    broken = await do(browser, "fault", method="chat.update", status=500, times=2)
    assert all(answer["ok"] for answer in (said, liked, moved, broken))
    assert moved["now"] == "2026-11-24T09:00:00Z"
    seen = await see(browser, "messages/C0SHARED?as=U0HANA")
    assert seen[0]["reactions"] == [{"name": "eyes", "users": ["U0HANA"]}]
    assert await see(browser, "views/U0HANA") == []
    assert await see(browser, "home/U0HANA") is None
    assert (await do(browser, "reset"))["ok"]
    assert await see(browser, "messages/C0SHARED?as=U0HANA") == []


async def test_the_state_lists_people_and_channels(browser: aiohttp.ClientSession) -> None:
    state = await see(browser, "state")
    assert (state["now"], state["bot"]) == ("2026-11-23T09:00:00Z", "U0BOT")
    users = {u["name"]: u for u in state["users"]}
    assert users["olivia"] == {
        "id": "U0OLIVIA",
        "name": "olivia",
        "real_name": "Olivia Bennett",
        "title": "Senior alliance manager",
        "team": "T0HELIX",
        "external": True,
        "tz": "Europe/London",
        "guest": False,
        "is_bot": False,
        "received": 0,
        "received_last": None,
    }
    rooms = {c["id"]: c for c in state["channels"]}
    assert (rooms["C0SHARED"]["kind"], rooms["C0SHARED"]["shared"]) == ("channel", True)
    assert rooms["D0OLIVIA"]["members"] == ["U0OLIVIA", "U0BOT"]
    assert rooms["D0OLIVIA"]["kind"] == "dm"


@pytest.mark.parametrize(
    ("verb", "body", "error"),
    [
        ("command", {"user": "priya"}, "invalid_arguments"),
        ("message", {"user": "priya", "channel": "C0SHARED", "txt": ""}, "invalid_arguments"),
        ("message", {"user": "nobody", "channel": "C0SHARED", "text": "x"}, "user_not_found"),
        ("message", {"user": "priya", "channel": "C0SHARED", "text": 5}, "invalid_arguments"),
        ("message", {"user": "priya", "channel": "C0SHARED", "text": " "}, "no_text"),
        ("message", {"user": "U0BOT", "channel": "C0SHARED", "text": "x"}, "user_is_a_bot"),
        ("clock", {}, "advance_set_or_next"),
        ("fault", {"method": "x", "times": "many"}, "invalid_arguments"),
        ("reset", {"seed": "huge"}, "unknown_seed"),
    ],
)
async def test_a_wrong_request_is_answered_with_what_is_wrong(
    browser: aiohttp.ClientSession, verb: str, body: dict[str, Any], error: str
) -> None:
    answer = await do(browser, verb, **body)
    assert (answer["ok"], answer["error"]) == (False, error)


async def test_a_channel_one_is_not_in_cannot_be_read(browser: aiohttp.ClientSession) -> None:
    answer = await see(browser, "messages/C0INTERNAL?as=U0OLIVIA")
    assert answer == {"ok": False, "error": "not_in_channel"}


async def test_half_an_emoji_goes_through(stage: Stage, browser: aiohttp.ClientSession) -> None:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await ack("noted")

    said = await do(browser, "message", user="priya", channel="C0SHARED", text="half \ud83d")
    assert said["messages"][0]["text"] == "half \ud83d"
    done = await do(browser, "command", user="priya", channel="C0SHARED", text="/act \ud83d")
    assert done["messages"][0]["text"] == "noted"
    assert len(await see(browser, "messages/C0SHARED?as=priya")) == 2


async def test_a_waiting_page_hears_of_the_next_change(
    stage: Stage, browser: aiohttp.ClientSession
) -> None:
    now = (await see(browser, "changes?since=0"))["revision"]
    waiting = asyncio.create_task(see(browser, f"changes?since={now}&wait=5"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await stage.slack.message("priya", "C0SHARED", "news")
    assert (await waiting)["revision"] > now
    later = (await see(browser, "state"))["revision"]
    assert (await see(browser, f"changes?since={later}&wait=0.05"))["revision"] == later


async def test_the_log_has_both_ways_and_no_secrets(
    stage: Stage, browser: aiohttp.ClientSession
) -> None:
    @stage.app.command("/act")
    async def act(ack: Any, client: Any) -> None:
        await client.chat_postMessage(channel="C0SHARED", text="done")
        await ack()

    await stage.slack.command("priya", "C0SHARED", "/act it")
    await stage.client.api_call("auth.test", data={"token": stage.slack.bot_token})
    log = await see(browser, "log")
    told = [(e["direction"], e["kind"], e["method"], e["status"]) for e in log]
    assert ("to_bot", "command", "/act", 200) in told
    assert ("from_bot", "api", "chat.postMessage", 200) in told
    assert log[0]["arguments"]["text"] == "it"
    assert set(log[0]) == {"at", "direction", "kind", "method", "arguments", "status", "answer"}
    text = json.dumps(log)
    assert stage.slack.bot_token not in text
    assert stage.slack.signing_secret not in text


async def test_coming_and_tour_can_be_asked_for_where_there_is_nobody_to_tell(
    browser: aiohttp.ClientSession,
) -> None:
    assert await see(browser, "coming?limit=5") == {"coming": []}
    assert await see(browser, "tour") == {"tour": None}
    assert (await see(browser, "coming?limit=many"))["error"] == "invalid_arguments"
    assert (await do(browser, "clock", next=True))["ok"]


async def test_other_web_pages_cannot_act_here(
    stage: Stage, browser: aiohttp.ClientSession
) -> None:
    for headers in ({"host": "evil.example"}, {"origin": "https://evil.example"}):
        async with browser.post("/_control/reset", json={}, headers=headers) as answer:
            assert answer.status == 403
    async with browser.post("/_control/reset", json={}, headers={"origin": stage.url}) as answer:
        assert answer.status == 200


async def test_the_front_page_allows_no_foreign_content(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/") as answer:
        assert answer.status == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
