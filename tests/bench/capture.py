"""A durable `/alliance action` over HTTP against an empty Bolt listener in the same process."""

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass

from tests.bench.server import Server, Told, started
from tests.bench.slack import CHANNELS, Caller, local_slack, set_up

CLIENTS = 8


@dataclass(frozen=True)
class Load:
    """How requests were answered; `cpu` and the times in milliseconds, CPU of the server alone."""

    cpu: float
    median: float
    p99: float
    per_second: float


@dataclass(frozen=True)
class Captures:
    """By one client after the other, and by a crowd of them at once; the outbox's sender is held
    meanwhile. `sent`: by a crowd while it sends, its CPU until everything is sent."""

    empty_alone: Load
    alone: Load
    empty_crowd: Load
    crowd: Load
    sent: Load


async def measure(*, times: int = 400, rounds: int = 4, channels: int = CHANNELS) -> Captures:
    """`times` requests a round; empty listener and capture take turns, so that what else the
    machine does meanwhile weighs on both."""
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
        async with local_slack() as (playground, api_url):
            told = Told(
                playground.bot_token,
                playground.signing_secret,
                api_url,
                f"sqlite:///{folder}/bench.db",
            )
            async with started(told) as server:
                playground.bot_url = server.bot
                await set_up(playground, channels)
                caller = Caller(told.secret, channels)
                try:
                    return await _measure(server, caller, times, rounds)
                finally:
                    await caller.close()


async def _measure(server: Server, caller: Caller, times: int, rounds: int) -> Captures:
    for url in (server.empty, server.bot):
        await caller.many(url, max(20, times // 4), clients=CLIENTS)
    await server.sending(on=False)
    found: dict[str, list[_Round]] = defaultdict(list)
    for _ in range(rounds):
        for name, url in (("empty_", server.empty), ("", server.bot)):
            found[f"{name}alone"].append(await _round(server, caller, url, times // 2, 1))
            found[f"{name}crowd"].append(await _round(server, caller, url, times, CLIENTS))
    await server.sending(on=True)
    await server.drained()
    sent = await _round(server, caller, server.bot, times * rounds, CLIENTS, drain=True)
    return Captures(
        empty_alone=_together(found["empty_alone"]),
        alone=_together(found["alone"]),
        empty_crowd=_together(found["empty_crowd"]),
        crowd=_together(found["crowd"]),
        sent=_together([sent]),
    )


@dataclass(frozen=True)
class _Round:
    took: list[float]
    cpu: float
    elapsed: float


async def _round(
    server: Server, caller: Caller, url: str, times: int, clients: int, *, drain: bool = False
) -> _Round:
    await asyncio.sleep(0.05)
    cpu, began = await server.used(), time.perf_counter()
    took = await caller.many(url, times, clients=clients)
    elapsed = time.perf_counter() - began
    if drain:
        await server.drained()
    return _Round(took, await server.used() - cpu, elapsed)


def _together(rounds: list[_Round]) -> Load:
    took = sorted(one for r in rounds for one in r.took)
    return Load(
        cpu=1000 * sum(r.cpu for r in rounds) / len(took),
        median=1000 * statistics.median(took),
        p99=1000 * took[min(len(took) - 1, len(took) * 99 // 100)],
        per_second=len(took) / sum(r.elapsed for r in rounds),
    )
