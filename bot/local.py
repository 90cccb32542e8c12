"""The built-in local Slack, and a local Teams beside it where that is wanted, with the unmodified
bot, each served on loopback."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from bot import coming, demo, tour, two_platforms
from bot.app import Bot
from bot.clock import Clock
from bot.settings import Settings, SlackCredentials, TeamsCredentials, WrongSettings
from handlers.teams import app_package
from playground.app import Playground
from playground.coming import Coming
from playground.seed import Seed
from playground.serve import Served
from playground.teams import Teams
from playground.teams.seed import Seed as TeamsSeed
from playground.tour import Tour
from storage.engine import Database
from storage.migrate import empty, migrate
from storage.tables import Installation

MANIFESTS = (Path(__file__).parent.parent / "manifest.yml", Path("manifest.yml"))
"""Beside the source, or where an installed bot is started."""

TEAMS_MANIFEST = app_package.FOLDER / "manifest.json"

log = structlog.get_logger()

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
        with_teams: bool = False,
    ) -> None:
        """`two-platforms` has a local Teams by itself."""
        self._folder = tempfile.TemporaryDirectory(prefix="alliance-playground-")
        self.database_url = database_url or f"sqlite:///{self._folder.name}/playground.db"
        self.seed = seed
        self._opens = demo.opening(now or datetime.now(UTC))
        self.clock = Clock(self._begins(seed) or now)
        self.teams = self._local_teams() if with_teams or seed == "two-platforms" else None
        self.playground = Playground(
            clock=self.clock, seed=seed, manifest=_manifest(), beside=self.teams
        )
        self._page = Served(self.playground.asgi, port)
        self._connector = Served(self.teams.asgi) if self.teams is not None else None
        self._door: Served | None = None
        self.bot: Bot | None = None

    async def start(self, say: Callable[[str], None] = lambda _: None) -> str:
        """Serve the page; returns its address."""
        _make_room(self.database_url)
        url = await self._page.start()
        await self._start_bot(url)
        self.playground.follower = self
        if self.teams is not None:
            self.teams.follower = self
        if self.seed != "empty":
            say("Telling the story so far…")
            await self._tell()
        return url

    def _begins(self, seed: Seed) -> datetime | None:
        """When the story begins that is told first; None where there is none."""
        match seed:
            case "demo":
                return demo.beginning(self._opens)
            case "two-platforms":
                return two_platforms.beginning(self._opens)
        return None

    async def _tell(self) -> None:
        seed = self.playground.house.seed
        if seed == "demo":
            await demo.tell(self.playground, self._opens)
        elif seed == "two-platforms" and self.teams is not None:
            await two_platforms.tell(self.playground, self.teams, self._opens)

    def _local_teams(self) -> Teams:
        seed: TeamsSeed = "two-platforms" if self.seed == "two-platforms" else "empty"
        return Teams(clock=self.clock, seed=seed, manifest=TEAMS_MANIFEST)

    async def _start_bot(self, url: str) -> None:
        settings = Settings(
            slack=SlackCredentials(
                bot_token=self.playground.bot_token,
                signing_secret=self.playground.signing_secret,
                api_url=f"{url}/api/",
            ),
            teams=await self._teams_credentials(),
            database_url=self.database_url,
        )
        self.bot = await Bot.start(settings, self.clock)
        self._door = Served(self.bot.web)
        door = await self._door.start()
        self.playground.bot_url = f"{door}/slack/events"
        if self.teams is not None:
            self.teams.bot_url = f"{door}/api/messages"

    async def _teams_credentials(self) -> TeamsCredentials | None:
        if self.teams is None or self._connector is None:
            return None
        self.teams.url = self._connector.url or await self._connector.start()
        return local_teams(self.teams)

    async def stop(self) -> None:
        await self.playground.let_go()
        if self.teams is not None:
            await self.teams.let_go()
        await self._stop_bot()
        await self._page.stop()
        if self.teams is not None and self._connector is not None:
            await self._connector.stop()
            await self.teams.close()
        await self.playground.close()
        self._folder.cleanup()

    async def _stop_bot(self) -> None:
        if self._door is not None:
            await self._door.stop()
        if self.bot is not None:
            await self.bot.stop()
        self._door = self.bot = None

    async def let_go(self) -> None:
        """The world is about to go back to its seed; where a story is told, the clock as well."""
        await self._stop_bot()
        begins = self._begins(self.playground.house.seed)
        if begins is not None:
            self.clock.restart(begins)

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
        seed = self.playground.house.seed
        if seed == "two-platforms" and self.teams is not None:
            return two_platforms.tour(self.teams)
        return tour.TOUR if seed == "demo" else None

    async def reset(self) -> None:
        """The world has gone back to its seed: begin with an empty database as well."""
        _make_room(self.database_url)
        await self._start_bot(self._page.url)
        await self._tell()


def local_teams(teams: Teams, *, firm: str = "Helix Devices") -> TeamsCredentials:
    """What connects the bot to a local Teams that is served; `firm` names the home's tenant."""
    tenants = {tenant["name"]: tenant["id"] for tenant in teams.state()["tenants"]}
    return TeamsCredentials(
        client_id=teams.app_id,
        client_secret=teams.app_secret,
        tenant_id=tenants.pop(firm),
        other_tenants=tuple(tenants.values()),
        firm=firm,
        login_url=teams.url,
        openid_url=f"{teams.url}/v1/.well-known/openidconfiguration",
        service_url=f"{teams.url}/teams",
        unlimited=True,
        upload_url=teams.url,
    )


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
