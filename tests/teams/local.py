"""The local Teams with the real bot beside it, each served on loopback."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.app import Bot
from bot.clock import Clock
from bot.local import local_teams
from bot.settings import Settings
from playground.coming import Coming
from playground.serve import Served
from playground.teams import Teams
from playground.teams.seed import guid
from playground.tour import Tour
from tests.front import Front

NORTHWIND, HELIX = guid("northwind-bio.example"), guid("helix-devices.example")


class LocalTeams:
    """Northwind's tenant is the home; the bot is registered for Helix's as well."""

    def __init__(self, database_url: str, now: datetime) -> None:
        self.clock = Clock(now)
        self.teams = Teams(clock=self.clock)
        self.database_url = database_url
        self._service = Served(self.teams.asgi)
        self._door: Served | None = None
        self._bot: Bot | None = None

    async def start(self) -> None:
        self.teams.url = await self._service.start()
        await self.begin_bot()
        self._door = Served(Front(lambda: self._bot))
        self.teams.bot_url = f"{await self._door.start()}/api/messages"
        self.teams.follower = self

    async def begin_bot(self) -> None:
        credentials = replace(local_teams(self.teams, firm="Northwind Bio"), several=True)
        settings = Settings(teams=credentials, database_url=self.database_url)
        self._bot = await Bot.start(settings, self.clock)

    async def end_bot(self) -> None:
        if self._bot is not None:
            await self._bot.stop()
        self._bot = None

    async def stop(self) -> None:
        self.teams.follower = None
        if self._door is not None:
            await self._door.stop()
        await self.end_bot()
        await self._service.stop()
        await self.teams.close()

    async def next_due(self) -> datetime | None:
        return await self.bot.next_due()

    async def run_due(self) -> None:
        """What is due while the database is out of reach goes out when it is back."""
        with suppress(SQLAlchemyError):
            await self.bot.run_due()

    async def arrived(self) -> None:
        with suppress(SQLAlchemyError):
            await self.bot.watch()
            await self.bot.delivery.deliver_all()

    async def let_go(self) -> None: ...

    async def reset(self) -> None: ...

    async def coming(self, limit: int) -> list[Coming]:
        return []

    def tour(self) -> Tour | None:
        return None

    @property
    def bot(self) -> Bot:
        assert self._bot is not None
        return self._bot
