"""Moving the clock from one due instant to the next, and letting the bot come to rest."""

import asyncio
import logging
from datetime import datetime

from playground.follower import Follower
from playground.refusal import Refusal
from playground.teams.house import House

MOST_STEPS = 10_000
PATIENCE = 2.0  # real seconds a verb waits for the bot to come to rest
log = logging.getLogger(__name__)


class Timers:
    def __init__(self, house: House, follower: Follower | None) -> None:
        self.house = house
        self.follower = follower
        self._turn = asyncio.Lock()
        self._runs: set[asyncio.Task[None]] = set()

    async def settle(self) -> None:
        """Wait, for a short while, until calls are answered and the bot is quiet."""
        await self.house.wait_idle(PATIENCE)
        await self.house.deliveries.run_due()
        if self.follower is None:
            return
        run = asyncio.get_running_loop().create_task(self._follow())
        self._runs.add(run)
        run.add_done_callback(self._ended)
        done, _ = await asyncio.wait([run], timeout=PATIENCE)
        for task in done:
            task.result()

    async def run_due(self) -> None:
        await self.house.deliveries.run_due()
        await self._follow()

    async def _follow(self) -> None:
        async with self._turn:
            if self.follower is not None:
                await self.follower.run_due()

    async def pause(self) -> None:
        """Wait for a run that is under way."""
        async with self._turn:
            return

    def _ended(self, run: asyncio.Task[None]) -> None:
        self._runs.discard(run)
        if not run.cancelled() and run.exception() is not None:
            log.error("the bot's timers failed", exc_info=run.exception())

    async def close(self) -> None:
        for run in list(self._runs):
            run.cancel()
        await asyncio.gather(*self._runs, return_exceptions=True)

    async def next_due(self) -> datetime | None:
        followed = await self.follower.next_due() if self.follower is not None else None
        due = [d for d in (self.house.deliveries.next_due(), followed) if d is not None]
        return min(due, default=None)

    async def travel(self, target: datetime) -> int:
        """Go to `target`, stopping wherever anything is due; answers the number of stops."""
        clock = self.house.clock
        if target < clock.now():
            raise Refusal("clock_runs_forward_only")
        steps = 0
        while (due := await self.next_due()) is not None and due <= target:
            steps += 1
            if steps > MOST_STEPS:
                raise Refusal("clock_stuck", due=due.isoformat())
            clock.set(max(due, clock.now()))
            await self.run_due()
        clock.set(max(target, clock.now()))
        await self.run_due()
        if self.follower is not None:
            await self.follower.arrived()
        self.house.world.revision.bump()
        return steps
