"""Another chat platform in the same world: shown on the same page, moved by the same clock."""

from datetime import datetime
from typing import Protocol

from starlette.routing import Route

from playground.refusal import Json


class Beside(Protocol):
    def next_due(self) -> datetime | None:
        """The next instant at which it does something by itself, without its follower."""

    async def run_due(self) -> None:
        """Do what is due at the clock's now, without its follower."""

    async def pause(self) -> None:
        """Wait for a run of its follower that is under way."""

    async def reset(self) -> Json:
        """Back to its seed."""

    def control(self) -> list[Route]:
        """Its part of the control interface."""
