"""Moving the clock from one due instant to the next, and letting the bot come to rest."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from playground.api_chat import post_scheduled
from playground.beside import Beside
from playground.coming import Coming
from playground.follower import Follower
from playground.house import House
from playground.refusal import Refusal

MOST_STEPS = 10_000
PATIENCE = 2.0  # real seconds a verb waits for the bot to come to rest
log = logging.getLogger(__name__)


class Timers:
    """Runs what is due: the bot's own timers, event retries, scheduled messages."""

    def __init__(
        self, house: House, follower: Follower | None, beside: Beside | None = None
    ) -> None:
        self.house = house
        self.follower = follower
        self._beside = beside
        self._turn = asyncio.Lock()
        self._queued: asyncio.Task[None] | None = None

    async def pause(self) -> None:
        """Wait for a run that is under way."""
        if self._beside is not None:
            await self._beside.pause()
        async with self._turn:
            return

    async def run_due(self) -> None:
        post_scheduled(self.house.world)
        await self.house.events.run_due()
        if self._beside is not None:
            await self._beside.run_due()
        if self.follower is not None:
            async with self._turn:
                await self.follower.run_due()

    async def settle(self) -> None:
        """Wait, for a short while, until calls are answered and the outbox is quiet."""
        await self.house.wait_idle(PATIENCE)
        post_scheduled(self.house.world)
        await self.house.events.run_due()
        if self.follower is not None:
            done, _ = await asyncio.wait([self._join_run()], timeout=PATIENCE)
            for task in done:
                task.result()

    def _join_run(self) -> asyncio.Task[None]:
        """One run that has not started yet serves everyone who waits for it."""
        if self._queued is None:
            self._queued = self.house.spawn(self._run())
            self._queued.add_done_callback(_log_failure)
        return self._queued

    async def _run(self) -> None:
        async with self._turn:
            self._queued = None
            if self.follower is not None:
                await self.follower.run_due()

    async def next_due(self) -> datetime | None:
        scheduled = [
            datetime.fromtimestamp(s.post_at, UTC) for s in self.house.world.scheduled.values()
        ]
        retry = self.house.events.next_due()
        beside = self._beside.next_due() if self._beside is not None else None
        followed = await self.follower.next_due() if self.follower is not None else None
        due = [d for d in (*scheduled, retry, beside, followed) if d is not None]
        return min(due, default=None)

    async def coming(self, limit: int) -> list[Coming]:
        """What will happen by itself; the playground's own part of it first."""
        rows = [
            Coming(datetime.fromtimestamp(row.post_at, UTC), "a scheduled message")
            for row in self.house.world.scheduled.values()
        ]
        retry = self.house.events.next_due()
        if retry is not None:
            rows.append(Coming(retry, "an event is sent again"))
        beside = self._beside.next_due() if self._beside is not None else None
        if beside is not None:
            rows.append(Coming(beside, "something is sent again"))
        if self.follower is not None:
            rows.extend(await self.follower.coming(limit))
        return rows

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
            self._set(max(due, clock.now()))
            await self.run_due()
        self._set(max(target, clock.now()))
        await self.run_due()
        if self.follower is not None:
            await self.follower.arrived()
        self.house.world.revision.bump()  # what comes next has changed
        return steps

    def _set(self, instant: datetime) -> None:
        self.house.clock.set(instant)
        self.house.world.revision.bump()


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("the bot's timers failed", exc_info=task.exception())


_DURATION = TypeAdapter(timedelta)
_INSTANT = TypeAdapter(datetime)


def read_target(now: datetime, advance: object, instant: object) -> datetime:
    """Where the clock should go: by an ISO 8601 duration, or to an instant with its zone."""
    if (advance is None) == (instant is None):
        raise Refusal("advance_or_set")
    try:
        if advance is not None:
            return now + _DURATION.validate_python(advance)
        target = _INSTANT.validate_python(instant)
    except (ValidationError, OverflowError) as error:
        raise Refusal("invalid_duration" if advance is not None else "invalid_instant") from error
    if target.tzinfo is None:
        raise Refusal("instant_without_zone")
    return target.astimezone(UTC)
