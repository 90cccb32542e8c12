"""How a local Slack and a local Teams are driven alike: by verbs, a clock and orders to fail."""

from collections.abc import Awaitable, Callable
from typing import Any

from playground.faults import Fault
from playground.follower import Follower
from playground.premises import Premises
from playground.refusal import Json, Refusal
from playground.travel import Travel


class Driven:
    house: Premises
    timers: Travel
    asgi: Any

    @property
    def url(self) -> str:
        """Where the bot reaches it; response URLs and service URLs begin with it."""
        return self.house.public_url or str(getattr(self.asgi.state, "served_at", ""))

    @url.setter
    def url(self, url: str) -> None:
        self.house.public_url = url.rstrip("/")

    @property
    def bot_url(self) -> str | None:
        return self.house.door.url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self.house.door.url = url

    @property
    def follower(self) -> Follower | None:
        return self.timers.follower

    @follower.setter
    def follower(self, follower: Follower | None) -> None:
        self.timers.follower = follower

    async def let_go(self) -> None:
        """Before its server and its follower stop: nobody waits for a change any more, and a run
        that is under way is finished."""
        self.house.world.revision.end()
        self.follower = None
        await self.timers.pause()

    async def close(self) -> None:
        """Cancel what runs in the background and close the connection to the bot."""
        await self.house.close()

    async def _plain(self, work: Callable[[], Awaitable[Json]]) -> Json:
        """A verb that nobody in particular does."""
        self.house.public_url = self.url
        try:
            answer = {"ok": True, **await work()}
            await self.timers.settle()
        except Refusal as refusal:
            answer = refusal.answer()
        return answer | {"messages": []}

    async def fault(
        self,
        method: str,
        status: int | None = None,
        error: str | None = None,
        retry_after: int | None = None,
        times: int = 1,
        after: bool = False,
        delay: float = 0.0,
    ) -> Json:
        """Make the next `times` calls of a method of the bot's (or of any, "*") fail; with `after`
        their effect happens all the same; `delay` is in real seconds."""

        async def order() -> Json:
            self.house.faults.add(Fault(method, status, error, retry_after, times, after, delay))
            return {}

        return await self._plain(order)

    def log(self) -> list[Json]:
        """Every request both ways, oldest first: the last 5,000."""
        return self.house.journal.as_json()

    async def changes(self, since: int, wait: float = 0.0) -> int:
        """The revision, as soon as it is beyond `since` or the seconds have passed."""
        return await self.house.world.revision.wait(since, min(max(wait, 0.0), 25.0))
