"""Reactions to a hundred open pulses over HTTP, each kept durably, against an empty Bolt listener
in the same process."""

import asyncio
import itertools
import json
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from playground.app import Playground
from playground.door import sign
from tests.bench.server import Server, Told, started
from tests.bench.slack import CALLERS, PRIYA, SHARED, NotAnswered, local_slack, set_up

EVENTS = 10_000
PULSES = 100
CLIENTS = 8
NAMES = ("one", "two", "three", "four", "five")

Json = dict[str, Any]


@dataclass(frozen=True)
class Reactions:
    """CPU of the server alone, in milliseconds an event; `per_second` answered events."""

    events: int
    pulses: int
    empty_cpu: float
    cpu: float
    per_second: float
    empty_per_second: float

    @property
    def ratio(self) -> float:
        return self.cpu / self.empty_cpu


async def measure(
    *, events: int = EVENTS, pulses: int = PULSES, rounds: int = 4, clients: int = CLIENTS
) -> Reactions:
    """Empty listener and pulses take turns, so that what else the machine does weighs on both."""
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
        async with local_slack() as (playground, api_url):
            url = f"sqlite:///{folder}/bench.db"
            told = Told(playground.bot_token, playground.signing_secret, api_url, url)
            async with started(told) as server:
                playground.bot_url = server.bot
                await set_up(playground, 1)
                messages = await _ask(playground, server, pulses)
                return await _measure(
                    server, Sender(told.secret), messages, events, rounds, clients
                )


async def _ask(playground: Playground, server: Server, count: int) -> list[str]:
    """The messages of so many open pulses, by ts; everybody who reacts has a place."""
    for user in CALLERS:
        await playground.command(user, SHARED, "/alliance pulses")
    for number in range(count):
        await playground.command(PRIYA, SHARED, f"/alliance pulse How was day {number}?")
        for _ in range(2):
            view = playground.views(PRIYA)[-1]["id"]
            answer = await playground.submit(PRIYA, view, {})
            if not answer["ok"]:
                raise NotAnswered(str(answer))
        await playground.close_view(PRIYA, playground.views(PRIYA)[-1]["id"])
    await server.drained()
    return [m["ts"] for m in playground.messages(SHARED) if "How was day" in m["text"]]


async def _measure(
    server: Server,
    sender: "Sender",
    messages: list[str],
    events: int,
    rounds: int,
    clients: int,
) -> Reactions:
    try:
        stream = reactions(messages)
        each = max(1, events // rounds)
        for url in (server.empty, server.bot):
            await sender.many(url, itertools.islice(stream, max(8, each // 10)), clients)
        spent = {server.empty: [0.0, 0.0], server.bot: [0.0, 0.0]}
        for _ in range(rounds):
            for url, sums in spent.items():
                cpu, began = await server.used(), time.perf_counter()
                await sender.many(url, itertools.islice(stream, each), clients)
                sums[1] += time.perf_counter() - began
                sums[0] += await server.used() - cpu
        total = each * rounds
        (empty_cpu, empty_time), (cpu, took) = spent.values()
        return Reactions(
            total,
            len(messages),
            1000 * empty_cpu / total,
            1000 * cpu / total,
            total / took,
            total / empty_time,
        )
    finally:
        await sender.close()


def reactions(messages: list[str]) -> Iterator[Json]:
    """People who put numbers below the questions and take them away again, without end."""
    chance = random.Random(7)
    there: set[tuple[str, str, str]] = set()
    for number in itertools.count():
        one = (chance.choice(messages), chance.choice(CALLERS), chance.choice(NAMES))
        kind = "reaction_removed" if one in there else "reaction_added"
        there ^= {one}
        ts, user, name = one
        yield {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": SHARED, "ts": ts},
            "event_ts": f"{time.time():.6f}",
            "number": number,
        }


class Sender:
    """Sends correctly signed events over connections that stay open."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=20)
        )

    async def close(self) -> None:
        await self._session.close()

    async def many(self, url: str, events: Iterator[Json], clients: int) -> None:
        async def one() -> None:
            for event in events:
                await self._send(url, event)

        await asyncio.gather(*(one() for _ in range(clients)))

    async def _send(self, url: str, event: Json) -> None:
        envelope = {
            "type": "event_callback",
            "team_id": "T0NORTH",
            "api_app_id": "A0BENCH",
            "event": event,
            "event_id": f"Ev{event['number']:010d}",
            "event_time": int(float(event["event_ts"])),
            "authorizations": [{"team_id": "T0NORTH", "user_id": "U0BOT", "is_bot": True}],
        }
        body, stamp = json.dumps(envelope), str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": sign(self._secret, body, stamp),
        }
        async with self._session.post(url, data=body.encode(), headers=headers) as answer:
            said = await answer.text()
        if answer.status != 200:
            raise NotAnswered(f"{answer.status}: {said[:200]}")
