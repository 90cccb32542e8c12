"""Answering in time and truthfully: a transaction that is given up is never called recorded, and
one that commits after the platform's patience has ended is told of afterwards."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlmodel import Session

from governance.errors import BotError
from storage.engine import Database, Permit

T = TypeVar("T")

BUDGET = 2.3
"""Seconds an act has, its wait in the queue included; the platform's limit is three."""

GRACE = 0.3
"""Seconds more for a commit that is under way when the budget ends."""


class NotInTime(BotError):
    """Time ran out, and nothing of it is or will be stored."""

    def __init__(self) -> None:
        super().__init__(
            "That took too long, so I stopped: it was not recorded. Please try again in a moment."
        )


class StillCommitting(Exception):
    """The commit is under way and can't be taken back; `outcome` tells how it ends."""

    def __init__(self, outcome: "asyncio.Future[Any]") -> None:
        super().__init__("the commit is under way")
        self.outcome = outcome


async def run_in_time(
    database: Database, work: Callable[[Session], T], *, seconds: float = BUDGET
) -> T:
    """Do `work` in one transaction. Raises NotInTime when nothing is stored, and StillCommitting
    when it will be stored but is not yet."""
    permit = Permit()
    running = asyncio.ensure_future(database.run(work, permit=permit))
    done, _ = await asyncio.wait({running}, timeout=max(0.0, seconds))
    if not done and permit.abandon():
        running.add_done_callback(_take_note)
        raise NotInTime
    if not done:
        done, _ = await asyncio.wait({running}, timeout=GRACE)
    if not done:
        raise StillCommitting(running)
    return running.result()


def _take_note(given_up: "asyncio.Future[Any]") -> None:
    """Look at the outcome of what was given up, so that it doesn't count as forgotten."""
    if not given_up.cancelled():
        given_up.exception()
