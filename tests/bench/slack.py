"""A local Slack for a bot in a process of its own, and people who type faster than people can."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.clock import Clock
from playground.app import Playground
from playground.door import sign
from playground.serve import Served

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
SHARED, PRIYA = "C0SHARED", "U0PRIYA"
CALLERS = ("U0PRIYA", "U0JONAS", "U0ADAEZE", "U0MATEO", "U0HANA", "U0SAMIR")
CHANNELS = 40
"""As many as it takes for the cards not to wait for the platform's one message a second."""

CAPTURE = "action send the redlines of the supply agreement by Fri"

_numbers = itertools.count(1)


class NotAnswered(Exception):
    """The bot answered something else than it should; a figure would mean nothing."""


@asynccontextmanager
async def local_slack() -> AsyncIterator[tuple[Playground, str]]:
    """The playground with people and channels only, and the address of its Web API."""
    playground = Playground(clock=Clock(), seed="empty", manifest=MANIFEST)
    page = Served(playground.asgi)
    url = await page.start()
    try:
        yield playground, f"{url}/api/"
    finally:
        await page.stop()
        await playground.close()


def channels(count: int) -> list[str]:
    return [SHARED, *(f"C0TEAM{n}" for n in range(1, count))]


async def set_up(playground: Playground, count: int) -> None:
    """The Helix alliance in the shared channel, and the other channels linked to it."""
    await _done(playground.command(PRIYA, SHARED, "/alliance setup"))
    for values in ({"name": "Helix alliance", "code": "HEL"}, {}):
        await _done(playground.submit(PRIYA, await _form(playground), values))
    world = playground.house.world
    for channel in channels(count)[1:]:
        like = world.channels[SHARED]
        world.channels[channel] = replace(like, id=channel, name=channel.lower(), messages={})
        await _done(playground.command(PRIYA, channel, "/alliance link"))
        await _done(playground.submit(PRIYA, await _form(playground), {"sees": "joint"}))


async def _form(playground: Playground) -> str:
    """The form on top, once its look-ups are done."""
    async with asyncio.timeout(10):
        while not playground.views(PRIYA)[-1]["submit"]:  # noqa: ASYNC110 - another process fills it
            await asyncio.sleep(0.01)
    return str(playground.views(PRIYA)[-1]["id"])


async def _done(step: Awaitable[dict[str, Any]]) -> None:
    answer = await step
    if not answer["ok"]:
        raise NotAnswered(str(answer))


class Caller:
    """Sends correctly signed slash commands over connections that stay open."""

    def __init__(self, secret: str, count: int) -> None:
        self._secret = secret
        self._channels = channels(count)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=20)
        )

    async def close(self) -> None:
        await self._session.close()

    async def command(
        self, url: str, words: str, *, user: str = PRIYA, channel: str = SHARED
    ) -> str:
        """One command, answered; what came back. Raises NotAnswered, or aiohttp's ClientError."""
        body = urlencode(
            {
                "command": "/alliance",
                "text": words,
                "user_id": user,
                "channel_id": channel,
                "team_id": "T0NORTH",
                "trigger_id": f"{next(_numbers)}.{time.time_ns()}",
                "response_url": "http://127.0.0.1:9/unused",
            }
        )
        stamp = str(int(time.time()))
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": sign(self._secret, body, stamp),
        }
        async with self._session.post(url, data=body.encode(), headers=headers) as answer:
            said = await answer.text()
        if answer.status != 200:
            raise NotAnswered(f"{answer.status}: {said[:200]}")
        return said

    async def capture(self, url: str, *, user: str, channel: str) -> None:
        said = await self.command(url, CAPTURE, user=user, channel=channel)
        if " is yours, due " not in said:
            raise NotAnswered(said[:200])

    async def many(self, url: str, times: int, *, clients: int) -> list[float]:
        """That many captures by so many clients at once; how long each took, in seconds."""
        took: list[float] = []
        left = iter(itertools.islice(itertools.cycle(self._channels), times))

        async def one(user: str) -> None:
            for channel in left:
                began = time.perf_counter()
                await self.capture(url, user=user, channel=channel)
                took.append(time.perf_counter() - began)

        users = itertools.islice(itertools.cycle(CALLERS), clients)
        await asyncio.gather(*(one(user) for user in users))
        return took
