"""Puts the parts together: the one place where everything meets."""

import asyncio
import warnings
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select
from starlette.applications import Starlette

from bot import slack, web
from bot.clock import Clock
from bot.delivery import Delivery
from bot.pulses import Pulses
from bot.scheduler import Ticks
from bot.settings import (
    Settings,
    SlackCredentials,
    TeamsCredentials,
    WrongSettings,
    keep_dotenv_closed,
)
from bot.slack import Slack
from governance.messages import chasing, posting
from governance.people import departures as leaving
from governance.sponsors import asks as asking_sponsors
from governance.sponsors import handing_over as succession
from governance.sponsors import week
from governance.trust import pulse_closing
from handlers import (  # noqa: F401 - registers the acts
    dates,
    help,
)
from handlers.carrying import Carrier
from handlers.firms import (  # noqa: F401 - registers the acts
    agreements,
    alliance_settings,
    alliances,
    arrival,
    closing,
    firm_settings,
    first_steps,
    linking,
    setting_up,
    unlinking,
)
from handlers.items import (  # noqa: F401 - registers the acts
    action_item_people,
    action_items,
    capture,
    lists,
)
from handlers.people import (  # noqa: F401 - registers the acts
    accounts,
    choosing,
    counterparts,
    departures,
    people,
    reminders,
)
from handlers.platform import Connection
from handlers.seeing import (  # noqa: F401 - registers the acts
    audit,
    export,
    seen,
    sharing,
)
from handlers.sponsors import (  # noqa: F401 - registers the acts
    asks,
    handing_over,
    nudges,
    seats,
    spoke,
    talks,
    welcome,
)
from handlers.trust import check_ins, pulses  # noqa: F401 - registers the acts
from storage.engine import Database
from storage.migrate import migrate
from storage.tables import SLACK, TEAMS

if TYPE_CHECKING:
    from bot.teams import Teams

PULSES_EVERY = 20
"""Seconds between looking whether a pulse is to be closed."""

WATCH_EVERY = 60
"""Seconds between looking whether a firm's own channel is to be looked at."""

log = structlog.get_logger()


class Bot:
    """A running bot: its database, the platforms it is connected to, ticks and sender."""

    def __init__(self, clock: Clock, database: Database) -> None:
        self.clock = clock
        self.database = database
        self.slack: Slack | None = None
        self.teams: Teams | None = None
        self.platforms: dict[str, Connection] = {}
        self.delivery = Delivery(database, clock, self.platforms)
        self.ticks = Ticks(database, clock, self._wake)
        self.ticks.every(self.watch, WATCH_EVERY)
        self.pulses = Pulses(database, clock, self.platforms, self._wake)
        self.ticks.every(self.pulses.tick, PULSES_EVERY)
        self._sender: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, settings: Settings, clock: Clock) -> "Bot":
        """Migrate the database, connect to the platforms, and begin to tick and send.

        Raises WrongSettings when a platform does not take the credentials, or the database can't
        be opened.
        """
        bot = cls(clock, open_database(settings.database_url))
        if settings.slack is not None:
            await bot._connect_slack(settings.slack, settings.capture_reaction)
        if settings.teams is not None:
            await bot._connect_teams(settings.teams)
        dates.warm()
        bot.ticks.start()
        bot._sender = asyncio.get_running_loop().create_task(bot.delivery.run())
        return bot

    async def _connect_slack(self, credentials: SlackCredentials, reaction: str) -> None:
        home = await slack.find_home(credentials, self.database, self.clock.now())
        self.slack = Slack(
            credentials,
            self.database,
            self.clock,
            home,
            capture_reaction=reaction,
            wake=self._wake,
        )
        self.platforms[SLACK] = self.slack.connection

    async def _connect_teams(self, credentials: TeamsCredentials) -> None:
        keep_dotenv_closed()
        # Only where Teams is configured: it costs most of a second and 80 MB. The SDK warns of
        # previews that it has in itself.
        with warnings.catch_warnings(action="ignore"):
            from bot import teams

        home = await teams.find_home(credentials, self.database, self.clock.now())
        self.teams = teams.Teams(credentials, self.database, self.clock, home, wake=self._wake)
        await self.teams.open()
        self.platforms[TEAMS] = self.teams.connection

    @property
    def web(self) -> Starlette:
        """What is served: the platforms' requests, health, metrics."""
        return web.build(
            self.slack.by_http if self.slack is not None else None,
            teams=self.teams.take if self.teams is not None else None,
            healthy=self.healthy,
            oldest_waiting=self.oldest_waiting,
        )

    def _carriers(self) -> list[Carrier]:
        return [one.carrier for one in (self.slack, self.teams) if one is not None]

    async def stop(self) -> None:
        """In order: no more intake, ticks done, requests done, what is being sent recorded, then
        the database."""
        if self.slack is not None:
            await self.slack.hang_up()
        await self.ticks.stop()
        await self._quiet()
        if self._sender is not None:
            async with self.delivery.between_rounds():
                self._sender.cancel()
            with suppress(asyncio.CancelledError):
                await self._sender
        if self.teams is not None:
            await self.teams.close()
        self.database.close()

    async def _quiet(self) -> None:
        """Wait for requests in flight."""
        for carrier in self._carriers():
            await carrier.quiet()

    async def healthy(self) -> bool:
        """Whether the database answers and the sender runs."""
        try:
            await self.database.read(lambda session: session.exec(select(1)).one())
        except Exception as error:
            log.error("unhealthy", error=repr(error)[:300])
            return False
        return self._sender is None or not self._sender.done()

    async def oldest_waiting(self) -> float:
        """Seconds for which the oldest message that is due has waited; 0 for none."""
        now = self.clock.now()
        due = await self.database.read(posting.next_due)
        return max(0.0, (now - due).total_seconds()) if due is not None else 0.0

    def _wake(self) -> None:
        self.delivery.wake()

    async def next_due(self) -> datetime | None:
        """The next instant at which something is due by itself."""

        def first(session: Session) -> datetime | None:
            due = (
                chasing.next_due(session),
                posting.next_due(session),
                leaving.next_due(session),
                week.next_due(session),
                asking_sponsors.next_due(session),
                succession.next_due(session),
                pulse_closing.next_due(session),
            )
            return min((at for at in due if at is not None), default=None)

        return await self.database.read(first)

    async def watch(self) -> None:
        """Look at who can read the firms' own channels; see `exposure`."""
        for connection in self.platforms.values():
            await connection.look_ups.watch()
        self._wake()

    async def run_due(self) -> None:
        """Run the ticks for the clock's now, and send until nothing is left that is due."""
        await self._quiet()
        await self.ticks.depart()
        await self.ticks.chase()
        await self.ticks.sponsor()
        await self.pulses.tick()
        await self.delivery.deliver_all()


def open_database(url: str) -> Database:
    """The database with the newest tables. Raises WrongSettings where it can't be opened."""
    try:
        database = Database(url)
        migrate(database)
    except (SQLAlchemyError, ImportError) as error:
        raise WrongSettings(
            f"The database that DATABASE_URL names could not be opened ({type(error).__name__}). "
            "Is it running, and are its name, user and password right?"
        ) from error
    return database
