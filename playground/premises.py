"""What a local Slack and a local Teams are made of alike."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from playground.clock import Clock
from playground.faults import Faults
from playground.journal import Journal
from playground.world import Revision


class Reached(Protocol):
    """Where the bot listens."""

    url: str | None

    async def close(self) -> None: ...


class Changing(Protocol):
    revision: Revision


@dataclass(kw_only=True)
class Premises:
    clock: Clock
    world: Changing
    door: Reached
    journal: Journal
    public_url: str = ""  # where the bot reaches us; empty until the first request tells
    faults: Faults = field(default_factory=Faults)
    calls: int = 0  # the bot's calls being answered right now
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Around every call of the bot."""
        self.calls += 1
        self.idle.clear()
        try:
            yield
        finally:
            self.calls -= 1
            if self.calls == 0:
                self.idle.set()

    async def wait_idle(self, seconds: float) -> None:
        """Until no call is being answered, or the seconds have passed."""
        if self.calls:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.idle.wait(), seconds)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run in the background; close() cancels what is left."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def close(self) -> None:
        """Let go of whoever waits for a change, and close the connection to the bot."""
        self.world.revision.end()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.door.close()
