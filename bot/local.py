"""The built-in local Slack with the unmodified bot beside it, each served on loopback."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from bot import coming, demo, tour
from bot.app import Bot
from bot.clock import Clock
from bot.settings import Settings, SlackCredentials, WrongSettings
from playground.app import Playground
from playground.coming import Coming
from playground.serve import Served
from playground.tour import Tour
from storage.engine import Database
from storage.migrate import empty, migrate
from storage.tables import Installation

MANIFESTS = (Path(__file__).parent.parent / "manifest.yml", Path("manifest.yml"))
"""Beside the source, or where an installed bot is started."""

log = structlog.get_logger()

Seed = Literal["demo", "empty"]
TEAM = "T0NORTH"


class LocalSlack:
    """Starts the playground, the bot that lives in it, and the demo's story."""

    def __init__(
        self,
        *,
        port: int = 0,
        database_url: str | None = None,
        seed: Seed = "demo",
        now: datetime | None = None,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="alliance-playground-")
        self.database_url = database_url or f"sqlite:///{self._folder.name}/playground.db"
        self.seed = seed
        self._opens = demo.opening(now or datetime.now(UTC))
        self.clock = Clock(demo.beginning(self._opens) if seed == "demo" else now)
        self.playground = Playground(clock=self.clock, seed=seed, manifest=_manifest())
        self._page = Served(self.playground.asgi, port)
        self._door: Served | None = None
        self.bot: Bot | None = None

    async def start(self, say: Callable[[str], None] = lambda _: None) -> str:
        """Serve the page; returns its address."""
        _make_room(self.database_url)
        url = await self._page.start()
        await self._start_bot(url)
        self.playground.follower = self
        if self.seed == "demo":
            say("Telling the demo's story so far…")
            await demo.tell(self.playground, self._opens)
        return url

    async def _start_bot(self, url: str) -> None:
        settings = Settings(
            slack=SlackCredentials(
                bot_token=self.playground.bot_token,
                signing_secret=self.playground.signing_secret,
                api_url=f"{url}/api/",
            ),
            database_url=self.database_url,
        )
        self.bot = await Bot.start(settings, self.clock)
        self._door = Served(self.bot.web)
        self.playground.bot_url = f"{await self._door.start()}/slack/events"

    async def stop(self) -> None:
        await self.playground.let_go()
        await self._stop_bot()
        await self._page.stop()
        await self.playground.close()
        self._folder.cleanup()

    async def _stop_bot(self) -> None:
        if self._door is not None:
            await self._door.stop()
        if self.bot is not None:
            await self.bot.stop()
        self._door = self.bot = None

    async def let_go(self) -> None:
        """The world is about to go back to its seed; a demo's clock goes back as well."""
        await self._stop_bot()
        if self.playground.house.seed == "demo":
            self.clock.restart(demo.beginning(self._opens))

    async def next_due(self) -> datetime | None:
        return await self.bot.next_due() if self.bot else None

    async def run_due(self) -> None:
        """What is due while the database is out of reach goes out when it is back."""
        if self.bot is not None:
            try:
                await self.bot.run_due()
            except SQLAlchemyError as error:
                log.error("due_work_put_off", error=repr(error)[:300])

    async def arrived(self) -> None:
        if self.bot is not None:
            try:
                await self.bot.watch()
                await self.bot.delivery.deliver_all()
            except SQLAlchemyError as error:
                log.error("places_not_watched", error=repr(error)[:300])

    async def coming(self, limit: int) -> list[Coming]:
        """Nothing while the bot is started anew, or its database is out of reach."""
        if self.bot is None:
            return []
        try:
            return await self.bot.database.read(lambda session: coming.coming(session, limit))
        except SQLAlchemyError as error:
            log.error("coming_not_read", error=repr(error)[:300])
            return []

    def tour(self) -> Tour | None:
        return tour.TOUR if self.playground.house.seed == "demo" else None

    async def reset(self) -> None:
        """The world has gone back to its seed: begin with an empty database as well."""
        _make_room(self.database_url)
        await self._start_bot(self._page.url)
        if self.playground.house.seed == "demo":
            await demo.tell(self.playground, self._opens)


def _make_room(database_url: str) -> None:
    """Begin with an empty database. One that serves a real workspace is not the playground's to
    empty: raises WrongSettings."""
    database = Database(database_url)
    try:
        migrate(database)
        teams = database.read_now(_teams)
        if teams - {TEAM}:
            raise WrongSettings(
                "That database holds a real workspace's records, and the playground empties its "
                "database when it starts. Name another with --database."
            )
        if teams:
            empty(database)
    finally:
        database.close()


def _teams(session: Session) -> set[str]:
    return set(session.exec(select(Installation.team_id)))


def _manifest() -> Path:
    found = [path for path in MANIFESTS if path.is_file()]
    if not found:
        raise WrongSettings("The local Slack needs manifest.yml in the folder it is started from.")
    return found[0]
