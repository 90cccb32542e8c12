"""Everything a playground is made of, in one place that the verbs and methods share."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playground.clock import Clock
from playground.door import Door
from playground.events import Events
from playground.faults import Faults
from playground.journal import Journal
from playground.manifest import Manifest
from playground.refusal import Json
from playground.seed import Seed
from playground.tickets import Tickets
from playground.world import World

OfferKey = tuple[str, str, str, str]  # user, view id or channel+ts, block_id, action_id


@dataclass
class House:
    clock: Clock
    manifest: Manifest
    world: World
    seed: Seed
    bot_token: str
    door: Door
    events: Events
    journal: Journal
    public_url: str = ""  # where the bot reaches us; empty until the first request tells
    faults: Faults = field(default_factory=Faults)
    tickets: Tickets = field(default_factory=Tickets)
    offers: dict[OfferKey, dict[str, Json]] = field(default_factory=dict)
    typed: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)  # user, place
    calls: int = 0  # Web API calls being answered right now
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Around every Web API call."""
        self.calls += 1
        self.idle.clear()
        try:
            yield
        finally:
            self.calls -= 1
            if self.calls == 0:
                self.idle.set()

    async def wait_idle(self, seconds: float) -> None:
        """Until no Web API call is being answered, or the seconds have passed."""
        if self.calls:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.idle.wait(), seconds)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run in the background; close() cancels what is left."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def response_url(self, user: str, channel: str, ts: str | None) -> str:
        key = self.tickets.response(user, channel, ts, self.world.now())
        return f"{self.public_url}/response/{key}"

    def forget(self) -> None:
        """Everything that belongs to the world before a reset."""
        self.faults.clear()
        self.events.clear()
        self.journal.clear()
        self.offers.clear()
        self.typed.clear()
        self.tickets = Tickets()

    async def close(self) -> None:
        self.world.revision.end()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.door.close()
