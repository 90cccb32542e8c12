"""Moving the clock from one due instant to the next, and letting the bot come to rest."""

import asyncio
import logging
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from playground.follower import Follower
from playground.premises import Premises
from playground.refusal import Refusal

MOST_STEPS = 10_000
PATIENCE = 2.0  # real seconds a verb waits for the bot to come to rest
log = logging.getLogger(__name__)


class Travel(ABC):
    """Runs what is due: the bot's own timers, and what the platform does by itself."""

    def __init__(self, house: Premises, follower: Follower | None) -> None:
        self._premises = house
        self.follower = follower
        self._turn = asyncio.Lock()
        self._queued: asyncio.Task[None] | None = None

    @abstractmethod
    async def _run_own(self) -> None:
        """Do what the platform has to do by itself at the clock's now."""

    @abstractmethod
    def _own_due(self) -> list[datetime]:
        """When it has something to do."""

    async def pause(self) -> None:
        """Wait for a run that is under way."""
        async with self._turn:
            return

    async def run_due(self) -> None:
        await self._run_own()
        async with self._turn:
            await self._follow()

    async def settle(self) -> None:
        """Wait, for a short while, until calls are answered and the outbox is quiet."""
        await self._premises.wait_idle(PATIENCE)
        await self._run_own()
        if self.follower is not None:
            done, _ = await asyncio.wait([self._join_run()], timeout=PATIENCE)
            for task in done:
                task.result()

    def _join_run(self) -> asyncio.Task[None]:
        """One run that has not started yet serves everyone who waits for it."""
        if self._queued is None:
            self._queued = self._premises.spawn(self._queued_run())
            self._queued.add_done_callback(_log_failure)
        return self._queued

    async def _queued_run(self) -> None:
        async with self._turn:
            self._queued = None
            await self._follow()

    async def _follow(self) -> None:
        if self.follower is not None:
            await self.follower.run_due()

    async def next_due(self) -> datetime | None:
        followed = await self.follower.next_due() if self.follower is not None else None
        due = [*self._own_due(), *([followed] if followed is not None else [])]
        return min(due, default=None)

    async def travel(self, target: datetime) -> int:
        """Go to `target`, stopping wherever anything is due; answers the number of stops."""
        clock = self._premises.clock
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
        self._premises.world.revision.bump()  # what comes next has changed
        return steps

    def _set(self, instant: datetime) -> None:
        self._premises.clock.set(instant)
        self._premises.world.revision.bump()


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
