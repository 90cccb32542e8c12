"""What Teams takes of a bot: 7 messages a second, 60 in 30 seconds and 1,800 an hour a
conversation, 50 a second a tenant (Microsoft: "Rate limiting for bots"). More is answered by 429,
which costs a wait as well; a leaky bucket of half of each never gives more in any such span.
"""

from collections import defaultdict

from aiolimiter import AsyncLimiter

A_MOMENT = (4, 2.2)
AN_HOUR = (900, 3600.0)
A_TENANT = (25, 1.0)
"""How many at once, and the seconds in which as many come free again."""


class Limits:
    def __init__(self) -> None:
        self._conversations: dict[str, tuple[AsyncLimiter, AsyncLimiter]] = defaultdict(
            lambda: (AsyncLimiter(*A_MOMENT), AsyncLimiter(*AN_HOUR))
        )
        self._tenants: dict[str, AsyncLimiter] = defaultdict(lambda: AsyncLimiter(*A_TENANT))

    async def turn(self, conversation: str, tenant: str) -> None:
        """Wait until one more may be sent there."""
        for limiter in (*self._conversations[conversation], self._tenants[tenant]):
            await limiter.acquire()
