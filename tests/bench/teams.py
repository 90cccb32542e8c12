"""A durable `@Alliance action` through `/api/messages`, its token verified, against an empty
handler of the same SDK; both in this process, by the same client, by turns."""

import asyncio
import itertools
import statistics
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import Bot
from bot.clock import Clock
from bot.local import local_teams
from bot.settings import Settings, TeamsCredentials
from playground.serve import Served
from playground.teams import Teams
from tests.bench.slack import CAPTURE, NotAnswered

with warnings.catch_warnings(action="ignore"):
    from microsoft_teams.apps import App

    from handlers.teams.door import Mount

Json = dict[str, Any]
CHANNEL, WHO = "Alliance", "olivia"

_numbers = itertools.count(1_800_000_000_000)


@dataclass(frozen=True)
class TeamsCaptures:
    """Milliseconds of CPU a message, of all threads, the client's part taken off; and the median
    time to the answer."""

    empty_cpu: float
    capture_cpu: float
    empty_median: float
    capture_median: float


Ask = Callable[[Json], Awaitable[int]]


async def measure(*, times: int = 200, rounds: int = 4) -> TeamsCaptures:
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
        async with _beside(f"sqlite:///{folder}/bench.db") as (teams, bot, credentials):
            await _set_up(teams)
            empty = await _empty(credentials)
            async with bot.delivery.between_rounds():
                return await _measure(teams, {"empty": empty, "capture": bot.web}, times, rounds)


@asynccontextmanager
async def _beside(database_url: str) -> AsyncIterator[tuple[Teams, Bot, TeamsCredentials]]:
    """A local Teams, and the bot connected to it."""
    teams = Teams(clock=Clock())
    service = Served(teams.asgi)
    teams.url = await service.start()
    credentials = local_teams(teams)
    bot = await Bot.start(Settings(teams=credentials, database_url=database_url), Clock())
    door = Served(bot.web)
    teams.bot_url = f"{await door.start()}/api/messages"
    try:
        yield teams, bot, credentials
    finally:
        await door.stop()
        await bot.stop()
        await service.stop()
        await teams.close()


async def _set_up(teams: Teams) -> None:
    """The alliance of one firm in the channel, by whom the captures come."""
    await _done(teams.install("Alliances"))
    await _done(teams.message(WHO, CHANNEL, "@Alliance setup"))
    while not (card := teams.messages(CHANNEL, WHO)[-1])["card"]:  # noqa: ASYNC110 - it can't tell
        await asyncio.sleep(0.05)
    await _done(teams.click(WHO, card["id"], "Set up an alliance"))
    for values in ({}, {"name": "Helix alliance", "code": "HEL"}, {}):
        await _done(teams.submit(WHO, values))


async def _done(acting: Awaitable[Json]) -> None:
    answer = await acting
    if not answer["ok"]:
        raise NotAnswered(str(answer))


async def _empty(credentials: TeamsCredentials) -> Starlette:
    """The SDK's app behind the same adapter, with a handler that does nothing."""
    mount = Mount()

    async def token(_scope: object, _tenant: object) -> str:
        return ""

    app = App(
        client_id=credentials.client_id,
        tenant_id=credentials.tenant_id,
        token=token,
        http_server_adapter=mount,
        cloud=with_overrides(PUBLIC, openid_metadata_url=credentials.openid_url),
        service_url=credentials.service_url,
        dangerously_allow_unauthenticated_requests=False,
    )

    @app.on_message
    async def nothing(_: object) -> None:
        return None

    await app.initialize()
    validator = app.server._token_validator
    assert validator is not None
    keys = validator._service_validator._jwks_client
    await asyncio.to_thread(keys.get_jwk_set)  # the SDK would wait for this very process

    async def take(request: Request) -> Response:
        assert mount.handler is not None
        answer = await mount.handler(
            {"headers": dict(request.headers), "body": await request.json()}
        )
        return JSONResponse(answer["body"], answer["status"])

    return Starlette(routes=[Route("/api/messages", take, methods=["POST"])])


async def _measure(
    teams: Teams, apps: dict[str, Starlette], times: int, rounds: int
) -> TeamsCaptures:
    like = next(row for row in reversed(teams.log()) if row["kind"] == "message")["arguments"]
    service = str(like["serviceUrl"])
    token = teams.house.keys.sign(teams.app_id, service)
    took: dict[str, list[float]] = {name: [] for name in apps}
    cpu = dict.fromkeys(apps, 0.0)
    for _ in range(rounds):
        for name, app in apps.items():
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://bench"
            ) as client:
                began = time.process_time()
                took[name] += [await _one(client, like, token) for _ in range(times)]
                cpu[name] += time.process_time() - began
                await asyncio.sleep(0.05)
    each = {name: 1000 * cpu[name] / len(took[name]) for name in apps}
    middle = {name: 1000 * statistics.median(took[name]) for name in apps}
    return TeamsCaptures(each["empty"], each["capture"], middle["empty"], middle["capture"])


async def _one(client: httpx.AsyncClient, like: Json, token: str) -> float:
    """One message to the bot, as Teams sent one before, and the seconds until it was answered."""
    number = str(next(_numbers))
    conversation = like["conversation"]["id"].partition(";")[0]
    body = like | {
        "id": number,
        "text": f"<at>Alliance</at> {CAPTURE}",
        "conversation": like["conversation"] | {"id": f"{conversation};messageid={number}"},
    }
    began = time.perf_counter()
    answer = await client.post(
        "/api/messages", json=body, headers={"authorization": f"Bearer {token}"}
    )
    if answer.status_code != 200:
        raise NotAnswered(f"{answer.status_code}: {answer.text[:200]}")
    return time.perf_counter() - began


if __name__ == "__main__":
    print(asyncio.run(measure(times=100, rounds=2)))
