"""What the local Teams does by itself when the clock moves on."""

from datetime import datetime

from playground.follower import Follower
from playground.teams.house import House
from playground.travel import Travel


class Timers(Travel):
    """Sends to the bot again what it did not take."""

    def __init__(self, house: House, follower: Follower | None) -> None:
        super().__init__(house, follower)
        self._house = house

    async def _run_own(self) -> None:
        await self._house.deliveries.run_due()

    def _own_due(self) -> list[datetime]:
        again = self._house.deliveries.next_due()
        return [again] if again is not None else []
