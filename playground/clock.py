"""Time as the playground knows it, and the program whose timers follow it."""

from datetime import UTC, datetime
from typing import Protocol

from playground.refusal import Refusal


class Clock(Protocol):
    """One object that says what time it is; it moves forward only."""

    def now(self) -> datetime: ...

    def set(self, instant: datetime) -> None: ...


class Follower(Protocol):
    """The program under trial, as far as its timers are concerned."""

    async def next_due(self) -> datetime | None:
        """The next instant at which anything is due (UTC); it may lie in the past."""

    async def run_due(self) -> None:
        """Run what is due at the clock's now; return when nothing is left to send."""

    async def reset(self) -> None:
        """Forget everything: the world has gone back to its seed."""


class StandingClock:
    """A clock that stands still until it is set."""

    def __init__(self, instant: datetime | None = None) -> None:
        self._now = instant or datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        if instant < self._now:
            raise Refusal("clock_runs_forward_only")
        self._now = instant.astimezone(UTC)
