"""One address for one bot after the other."""

from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from bot.app import Bot


class Front:
    def __init__(self, bot: Callable[[], Bot | None]) -> None:
        self._bot = bot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bot = self._bot()
        if bot is not None:
            await bot.web(scope, receive, send)
