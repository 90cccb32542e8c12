"""Time as the playground knows it."""

from datetime import UTC, datetime
from typing import Protocol

from playground.refusal import Refusal


class Clock(Protocol):
    """One object that says what time it is; it moves forward only."""

    def now(self) -> datetime: ...

    def set(self, instant: datetime) -> None: ...


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
