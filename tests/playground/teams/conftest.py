"""A small bot of our own and the local Teams, each served over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import jwt
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.clock import StandingClock
from playground.serve import Served
from playground.teams import APP_ID, APP_SECRET, Teams

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CARD = "application/vnd.microsoft.card.adaptive"
Json = dict[str, Any]
Reply = tuple[int, Any]


@dataclass
class Bot:
    """Takes activities, remembers them, and answers whatever a test wants."""

    got: list[Json] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    reply: Callable[[Json], Reply] = lambda activity: (200, None)
    slow: list[float] = field(default_factory=list)  # seconds before each next answer

    async def messages(self, request: Request) -> Response:
        activity = await request.json()
        self.got.append(activity)
        self.headers.append(dict(request.headers))
        self.tokens.append(request.headers["authorization"].removeprefix("Bearer "))
        if self.slow:
            await asyncio.sleep(self.slow.pop(0))
        status, body = self.reply(activity)
        return Response(status_code=status) if body is None else JSONResponse(body, status)

    def of(self, kind: str) -> list[Json]:
        return [a for a in self.got if kind in (a["type"], a.get("name"))]


@dataclass
class Stage:
    teams: Teams
    bot: Bot
    clock: StandingClock
    url: str
    http: aiohttp.ClientSession
    token: str = ""

    async def ask_token(self, tenant: str = "botframework.com", **changes: str) -> Reply:
        form = {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": APP_SECRET,
            "scope": "https://api.botframework.com/.default",
            **changes,
        }
        async with self.http.post(f"{self.url}/{tenant}/oauth2/v2.0/token", data=form) as got:
            return got.status, await got.json()

    async def call(
        self, verb: str, path: str, body: Any = None, *, token: str | None = None, base: str = ""
    ) -> tuple[int, Any, dict[str, str]]:
        """A call of the bot below `v3/`, at Helix's service URL."""
        if token is None and not self.token:
            self.token = (await self.ask_token())[1]["access_token"]
        headers = {"authorization": f"Bearer {self.token if token is None else token}"}
        where = base or self.teams.house.service_url(self.tenant("Helix Devices"))
        url = f"{where}v3/{path}"
        async with self.http.request(verb, url, json=body, headers=headers) as got:
            said = await got.json() if (await got.read()) else None
            return got.status, said, {k.lower(): v for k, v in got.headers.items()}

    async def say(self, room: str, **more: Any) -> str:
        """A message of the bot that must go through; its id."""
        status, said, _ = await self.post(room, **more)
        assert status == 201, said
        return str(said["id"])

    async def post(self, room: str, **more: Any) -> tuple[int, Any, dict[str, str]]:
        query = more.pop("query", "")
        path = f"conversations/{quote(self.room(room), safe='')}/activities{query}"
        return await self.call("POST", path, {"type": "message", **more})

    async def refused(self, room: str, **more: Any) -> str:
        """What is said to a message that must not go through."""
        status, said, _ = await self.post(room, **more)
        assert status >= 400, said
        return f"{status} {said['error']['code']}: {said['error']['message']}"

    def room(self, name: str) -> str:
        """The id of a conversation; of somebody's own by their handle."""
        world = self.teams.house.world
        if name in ("olivia", "tomasz", "priya"):
            return world.personal(world.person(name)).id
        base, end, root = name.partition(";messageid=")
        return world.room(base).id + end + root

    def who(self, handle: str) -> str:
        return self.teams.house.world.person(handle).id

    def object_id(self, handle: str) -> str:
        return self.teams.house.world.person(handle).object_id

    def tenant(self, name: str) -> str:
        return self.teams.house.world.tenant(name).id

    def decode(self, token: str, keys: Json) -> Json:
        found = next(k for k in keys["keys"] if k["kid"] == jwt.get_unverified_header(token)["kid"])
        decoded: Json = jwt.decode(
            token,
            jwt.PyJWK(found, algorithm="RS256").key,
            algorithms=["RS256"],
            audience=APP_ID,
            issuer="https://api.botframework.com",
            options={"require": ["exp", "nbf", "iss", "aud"]},
        )
        return decoded

    async def keys(self) -> Json:
        async with self.http.get(f"{self.url}/v1/.well-known/keys") as got:
            keys: Json = await got.json()
            return keys


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    clock, bot = StandingClock(START), Bot()
    teams = Teams(clock=clock)
    served = Served(teams.asgi)
    url = await served.start()
    app = Starlette(routes=[Route("/api/messages", bot.messages, methods=["POST"])])
    door = Served(app, log_level="critical")
    teams.bot_url = f"{await door.start()}/api/messages"
    async with aiohttp.ClientSession() as http:
        yield Stage(teams, bot, clock, url, http)
    await teams.close()
    await door.stop()
    await served.stop()


@pytest.fixture
async def settled(stage: Stage) -> Stage:
    """The app is in the team, the shared channel, the group chat and Olivia's own chat."""
    for where in ("Alliances", "Joint", "Launch", "olivia"):
        assert (await stage.teams.install(where))["ok"]
    stage.bot.got.clear()
    stage.bot.tokens.clear()
    return stage


def card(*body: Json, actions: list[Json] | None = None, **more: Any) -> Json:
    rows = list(body) or [{"type": "TextBlock", "text": "Hello", "wrap": True}]
    content = {"type": "AdaptiveCard", "version": "1.5", "body": rows, **more}
    return content | ({"actions": actions} if actions else {})


def carrying(content: Any) -> Json:
    """What a message with this card consists of."""
    return {"summary": "A card", "attachments": [{"contentType": CARD, "content": content}]}


def execute(title: str = "Done", verb: str = "item.done", **more: Any) -> Json:
    return {"type": "Action.Execute", "title": title, "verb": verb, **more}


def opens(title: str = "Edit", **data: Any) -> Json:
    inside = {"msteams": {"type": "task/fetch"}, **data}
    return {"type": "Action.Submit", "title": title, "data": inside}


def send(title: str = "Save", **data: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": data}


def text_input(name: str = "what", **more: Any) -> Json:
    return {"type": "Input.Text", "id": name, "label": name, **more}


def form(*body: Json, title: str = "Edit", actions: list[Json] | None = None) -> Json:
    """The answer that shows a dialog."""
    content = card(*(body or (text_input(),)), actions=actions or [send()])
    value = {"title": title, "card": {"contentType": CARD, "content": content}}
    return {"task": {"type": "continue", "value": value}}


def answering(**by_name: Any) -> Callable[[Json], Reply]:
    """200 and a body to each kind of invoke; 200 and nothing to everything else."""

    def reply(activity: Json) -> Reply:
        name = str(activity.get("name", "")).replace("/", "_")
        return 200, by_name.get(name)

    return reply
