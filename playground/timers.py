"""What the local Slack does by itself when the clock moves on."""

from datetime import UTC, datetime

from playground.api_chat import post_scheduled
from playground.beside import Beside
from playground.coming import Coming
from playground.follower import Follower
from playground.house import House
from playground.travel import Travel


class Timers(Travel):
    """Sends events again, posts scheduled messages, and does what is due `beside` it."""

    def __init__(
        self, house: House, follower: Follower | None, beside: Beside | None = None
    ) -> None:
        super().__init__(house, follower)
        self._house = house
        self._beside = beside

    async def pause(self) -> None:
        if self._beside is not None:
            await self._beside.pause()
        await super().pause()

    async def _run_own(self) -> None:
        post_scheduled(self._house.world)
        await self._house.events.run_due()
        if self._beside is not None:
            await self._beside.run_due()

    def _scheduled(self) -> list[datetime]:
        rows = self._house.world.scheduled.values()
        return [datetime.fromtimestamp(row.post_at, UTC) for row in rows]

    def _own_due(self) -> list[datetime]:
        again = [at for at, _ in self._sent_again()]
        return [*self._scheduled(), *again]

    def _sent_again(self) -> list[tuple[datetime, str]]:
        beside = self._beside.next_due() if self._beside is not None else None
        told = (
            (self._house.events.next_due(), "an event is sent again"),
            (beside, "something is sent again"),
        )
        return [(at, what) for at, what in told if at is not None]

    async def coming(self, limit: int) -> list[Coming]:
        """What will happen by itself; the playground's own part of it first."""
        rows = [Coming(at, "a scheduled message") for at in self._scheduled()]
        rows += [Coming(at, what) for at, what in self._sent_again()]
        if self.follower is not None:
            rows.extend(await self.follower.coming(limit))
        return rows
