"""When each tick runs. What a tick does is the business of governance and delivery."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from governance.firms import agreements
from governance.messages import chasing, posting
from governance.people import departures
from governance.sponsors import asks, handing_over, week
from handlers import asking
from storage.engine import Database

DEPART_EVERY = 20
CHASE_EVERY = 20
SPONSOR_EVERY = 20
PURGE_EVERY = 6 * 60 * 60
"""Seconds between ticks."""

log = structlog.get_logger()


class Ticks:
    """The recurring work, by hand or by the clock. `wake` tells the sender of new messages."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake
        self._running: set[asyncio.Task[object]] = set()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self.every(self.depart, DEPART_EVERY)
        self.every(self.chase, CHASE_EVERY)
        self.every(self.sponsor, SPONSOR_EVERY)
        self.every(self.purge, PURGE_EVERY)

    def every(self, tick: Callable[[], Awaitable[None]], seconds: int) -> None:
        """Run something again and again, at once for the first time."""

        async def run() -> None:
            task = asyncio.current_task()
            assert task is not None
            self._running.add(task)
            try:
                await tick()
            except SQLAlchemyError as error:
                log.error("tick_failed", tick=tick.__name__, error=repr(error)[:300])
            finally:
                self._running.discard(task)

        self._scheduler.add_job(
            run,
            "interval",
            seconds=seconds,
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        """No new ticks; those that run are waited for, since shutting down would cancel them."""
        if self._scheduler.running:
            self._scheduler.pause()
            while self._running:
                await asyncio.wait(set(self._running))
            self._scheduler.shutdown(wait=False)

    async def sponsor(self) -> None:
        """Look at the week of every sponsor for whom it is time, remind of asks, and hand seats on
        whose last day is over."""
        for queue in (handing_over.end_due, asks.queue_due, week.queue_due):
            while await self._database.run(partial(queue, now=self._clock.now())):
                self._wake()

    async def depart(self) -> None:
        """See to those whose last day is over, a small batch a transaction."""
        while await self._database.run(
            lambda session: departures.end_due(session, now=self._clock.now())
        ):
            self._wake()

    async def chase(self) -> None:
        """Put down every daily message that is due, a small batch a transaction; and end what has
        waited too long for an answer."""
        await self._database.run(
            lambda session: agreements.lapse_old(session, now=self._clock.now())
        )
        while await self._database.run(
            lambda session: chasing.queue_due_digests(session, now=self._clock.now())
        ):
            self._wake()

    async def purge(self) -> None:
        now = self._clock.now()
        while await self._database.run(lambda session: posting.purge(session, now=now)):
            pass
        await self._database.run(lambda session: asking.purge_drafts(session, now=now))
