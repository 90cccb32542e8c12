"""The program under trial, as far as the playground knows it."""

from datetime import datetime
from typing import Protocol

from playground.coming import Coming
from playground.tour import Tour


class Follower(Protocol):
    """The program under trial: its timers, and what is to be said about it."""

    async def next_due(self) -> datetime | None:
        """The next instant at which anything is due (UTC); it may lie in the past."""

    async def run_due(self) -> None:
        """Run what is due at the clock's now; return when nothing is left to send."""

    async def arrived(self) -> None:
        """The clock has come to where it was sent: look around, since people did things before."""

    async def let_go(self) -> None:
        """Stop: the world is about to go back to its seed."""

    async def reset(self) -> None:
        """Forget everything: the world has gone back to its seed."""

    async def coming(self, limit: int) -> list[Coming]:
        """What it will do next by itself, the nearest first."""

    def tour(self) -> Tour | None:
        """A guided tour of it, if there is one."""
