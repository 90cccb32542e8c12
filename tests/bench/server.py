"""The bot and an empty Bolt listener in one server process, and what that process has used."""

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bot import web
from bot.app import Bot
from bot.clock import Clock
from bot.settings import Settings, SlackCredentials
from playground.serve import Served
from storage.tables import Outbox
from tests.bench.slack import NotAnswered

ANSWER = {"response_type": "ephemeral", "text": "HEL-1 is yours, due Fri 27 Nov, in 4 days."}

WAITING = select(func.count()).where(col(Outbox.state).in_(("pending", "sending")))


@dataclass(frozen=True)
class Told:
    """What the server process is started with."""

    token: str
    secret: str
    api_url: str
    database_url: str


def empty_listener(told: Told) -> AsyncApp:
    """Set up as the bot's own, with a command and an event that do nothing but answer."""
    client = AsyncWebClient(token=told.token, base_url=told.api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=told.secret, process_before_response=True)

    async def answer() -> BoltResponse:
        return BoltResponse(status=200, body=ANSWER)

    async def hear() -> BoltResponse:
        return BoltResponse(status=200, body="")

    app.command("/alliance")(answer)
    for name in ("reaction_added", "reaction_removed"):
        app.event(name)(hear)
    return app


async def serve(told: Told) -> None:
    """Serve until nobody holds the other end of standard input."""
    settings = Settings(
        slack=SlackCredentials(told.token, signing_secret=told.secret, api_url=told.api_url),
        database_url=told.database_url,
    )
    bot = await Bot.start(settings, Clock())
    gc.freeze()  # as the program does
    sender = bot.delivery.between_rounds()
    held = False

    listener = empty_listener(told)

    async def empty(request: Request) -> Response:
        answer = await listener.async_dispatch(web.read(request, await request.body()))
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())

    async def used(_: Request) -> JSONResponse:
        return JSONResponse(time.process_time())

    async def waiting(_: Request) -> JSONResponse:
        return JSONResponse(await bot.database.read(lambda session: session.exec(WAITING).one()))

    async def sending(request: Request) -> JSONResponse:
        nonlocal held
        if request.path_params["wish"] == "off":
            held = await sender.acquire()
        elif held:
            sender.release()
            held = False
        return JSONResponse(None)

    app = Starlette(
        routes=[
            Route("/used", used),
            Route("/waiting", waiting),
            Route("/sending/{wish}", sending),
            Route("/empty", empty, methods=["POST"]),
            Mount("/", bot.web),
        ]
    )
    served = Served(app)
    print(await served.start(), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    if held:
        sender.release()
    await served.stop()
    await bot.stop()


class Server:
    """The server process, from outside."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.bot = f"{url}/slack/events"
        self.empty = f"{url}/empty"
        self._url = url
        self._session = session

    async def used(self) -> float:
        """Seconds of CPU that the process has used so far, in all its threads."""
        return float(await self._get("/used"))

    async def sending(self, *, on: bool) -> None:
        """Hold the outbox's sender, or let it go on."""
        await self._get(f"/sending/{'on' if on else 'off'}")

    async def drained(self) -> None:
        """Wait until all that was put down has been sent."""
        while await self._get("/waiting"):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.2)

    async def _get(self, path: str) -> float:
        async with self._session.get(self._url + path) as answer:
            return await answer.json() or 0.0


@asynccontextmanager
async def started(told: Told) -> AsyncIterator[Server]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.server",
        json.dumps(asdict(told)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        if not url:
            raise NotAnswered("the server did not start; its own words are above")
        async with aiohttp.ClientSession() as session:
            yield Server(url, session)
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()


if __name__ == "__main__":
    asyncio.run(serve(Told(**json.loads(sys.argv[1]))))
