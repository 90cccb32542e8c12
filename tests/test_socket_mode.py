"""Socket Mode: what Slack sends over the socket is taken, answered and acknowledged."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.app import Bot
from bot.clock import Clock
from bot.settings import Settings, SlackCredentials, WrongSettings
from playground.app import Playground
from playground.serve import Served
from tests.processes import ROOT, Process, environment, free_port, until
from tests.world import MATEO, MONDAY, PRIYA, SHARED, words_of

Json = dict[str, Any]


@dataclass
class SocketSlack:
    """The local Slack with a socket in front of it, as apps.connections.open hands one out."""

    slack: Playground
    upstream: str
    url: str = ""
    acknowledged: dict[str, Json] = field(default_factory=dict)
    socket: web.WebSocketResponse | None = None
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    async def opens(self, request: web.Request) -> web.Response:
        if request.headers.get("authorization") != "Bearer xapp-ours":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return web.json_response({"ok": True, "url": self.url.replace("http", "ws") + "/link"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        self.socket = web.WebSocketResponse()
        await self.socket.prepare(request)
        await self.socket.send_json({"type": "hello", "num_connections": 1})
        self.connected.set()
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                said = json.loads(message.data)
                self.acknowledged[said["envelope_id"]] = said
        return self.socket

    async def api(self, request: web.Request) -> web.Response:
        """Everything else is the local Slack's to answer."""
        body, headers = await request.read(), dict(request.headers)
        headers.pop("Host")
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method, f"{self.upstream}{request.path_qs}", data=body, headers=headers
            ) as got,
        ):
            return web.json_response(await got.json(), status=got.status)

    async def send(self, kind: str, payload: Json, envelope: str) -> Json:
        """Send an envelope; returns the payload of its acknowledgement, {} for an empty one."""
        assert self.socket is not None
        accepts = kind == "slash_commands"
        await self.socket.send_json(
            {
                "type": kind,
                "envelope_id": envelope,
                "accepts_response_payload": accepts,
                "payload": payload,
            }
        )
        await until(lambda: envelope in self.acknowledged, 3)
        return self.acknowledged[envelope].get("payload") or {}


@pytest.fixture
async def socket_slack() -> AsyncIterator[SocketSlack]:
    slack = Playground(clock=Clock(MONDAY), seed="empty", manifest=ROOT / "manifest.yml")
    served = Served(slack.asgi)
    upstream = await served.start()
    made = SocketSlack(slack, upstream)
    app = web.Application()
    app.router.add_post("/api/apps.connections.open", made.opens)
    app.router.add_get("/link", made.link)
    app.router.add_route("*", "/api/{method}", made.api)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    made.url = f"http://127.0.0.1:{port}"
    yield made
    await runner.cleanup()
    await served.stop()
    await slack.close()


def command(text: str, trigger: str) -> Json:
    return {
        "command": "/alliance",
        "text": text,
        "user_id": PRIYA,
        "channel_id": SHARED,
        "team_id": "T0NORTH",
        "trigger_id": trigger,
        "api_app_id": "A0APP",
        "response_url": "http://127.0.0.1:9/none",
    }


async def test_a_command_over_the_socket_is_acknowledged_with_the_answer(
    socket_slack: SocketSlack, tmp_path: Path
) -> None:
    credentials = SlackCredentials(
        bot_token=socket_slack.slack.bot_token,
        app_token="xapp-ours",
        api_url=f"{socket_slack.url}/api/",
    )
    settings = Settings(slack=credentials, database_url=f"sqlite:///{tmp_path}/test.db")
    bot = await Bot.start(settings, Clock(MONDAY))
    try:
        assert bot.slack is not None
        await bot.slack.listen()
        await asyncio.wait_for(socket_slack.connected.wait(), 5)
        answer = await socket_slack.send("slash_commands", command("help", "1.1"), "E1")
        assert answer["response_type"] == "ephemeral"
        assert "What people do most" in words_of(answer)
        again = await socket_slack.send("slash_commands", command("payload=1", "1.2"), "E2")
        assert "payload=1" in words_of(again)
        mention = {
            "type": "event_callback",
            "team_id": "T0NORTH",
            "event": {
                "type": "message",
                "channel_type": "im",
                "user": MATEO,
                "channel": "D0MATEO",
                "text": "help",
                "ts": "1795444200.000100",
            },
        }
        assert await socket_slack.send("events_api", mention, "E3") == {}
        await until(lambda: socket_slack.slack.messages("D0MATEO"), 5)
        assert "What people do most" in words_of(socket_slack.slack.messages("D0MATEO")[-1])
    finally:
        await bot.stop()
    assert socket_slack.socket is not None
    assert socket_slack.socket.closed


async def test_a_refused_app_token_is_named_and_nothing_keeps_running(
    socket_slack: SocketSlack, tmp_path: Path
) -> None:
    credentials = SlackCredentials(
        bot_token=socket_slack.slack.bot_token,
        app_token="xapp-wrong",
        api_url=f"{socket_slack.url}/api/",
    )
    settings = Settings(slack=credentials, database_url=f"sqlite:///{tmp_path}/test.db")
    bot = await Bot.start(settings, Clock(MONDAY))
    try:
        assert bot.slack is not None
        with pytest.raises(WrongSettings, match=r"SLACK_APP_TOKEN was refused .*invalid_auth"):
            await bot.slack.listen()
    finally:
        await bot.stop()


async def test_with_the_socket_nothing_that_comes_by_http_is_believed(
    socket_slack: SocketSlack, tmp_path: Path
) -> None:
    port = free_port()
    env = environment(
        SLACK_BOT_TOKEN=socket_slack.slack.bot_token,
        SLACK_APP_TOKEN="xapp-ours",
        SLACK_API_URL=f"{socket_slack.url}/api/",
        PORT=str(port),
    )
    async with Process(tmp_path, "run", env=env) as bot:
        await bot.says("connected to Slack (Socket Mode)")
        await bot.serves(f"http://127.0.0.1:{port}/health")
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"http://127.0.0.1:{port}/slack/events", data=command("help", "9.9")
            ) as answer,
        ):
            assert answer.status == 404
        answered = await socket_slack.send("slash_commands", command("help", "1.1"), "E1")
        assert "What people do most" in words_of(answered)
        bot.ask_to_stop()
        assert await bot.ended() == 0, bot.output
    assert "Traceback" not in bot.output
