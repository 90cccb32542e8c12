"""Puts the parts together: the one place where everything meets."""

import asyncio
from contextlib import suppress
from datetime import datetime

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from bot import metrics, web
from bot.clock import Clock
from bot.delivery import Delivery
from bot.scheduler import Ticks
from bot.settings import Settings, SlackCredentials, WrongSettings
from governance.messages import chasing, posting
from governance.people import departures as leaving
from governance.people import directory
from handlers import (  # noqa: F401 - registers the acts
    dates,
    help,
)
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
    choosing,
    counterparts,
    departures,
    people,
    reminders,
)
from handlers.seeing import (  # noqa: F401 - registers the acts
    audit,
    export,
    seen,
    sharing,
)
from handlers.slack.errors import NETWORK
from handlers.slack.errors import code as error_code
from handlers.slack.listeners import Listeners
from handlers.slack.places import Home
from storage.engine import Database
from storage.migrate import migrate

WATCH_EVERY = 60
"""Seconds between looking whether a firm's own channel is to be looked at."""

log = structlog.get_logger()


class Bot:
    """A running bot: its database, doors, ticks and sender."""

    def __init__(self, settings: Settings, clock: Clock, database: Database, home: Home) -> None:
        assert settings.slack is not None
        self.clock = clock
        self.database = database
        self.client = _client(settings.slack)
        self.slack = AsyncApp(
            client=self.client,
            signing_secret=settings.slack.signing_secret,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=settings.slack.signing_secret is not None,
        )
        self.listeners = Listeners(
            database,
            clock,
            home,
            capture_reaction=settings.capture_reaction,
            wake=self._wake,
            counted=metrics.count_act,
        )
        self.listeners.register(self.slack)
        self.delivery = Delivery(database, clock, self.client, self.listeners.places)
        self.ticks = Ticks(database, clock, self._wake)
        self.ticks.every(self.watch, WATCH_EVERY)
        self.web = web.build(
            self.slack if settings.slack.signing_secret is not None else None,
            healthy=self.healthy,
            oldest_waiting=self.oldest_waiting,
        )
        self._sender: asyncio.Task[None] | None = None
        self._socket: AsyncSocketModeHandler | None = None

    @classmethod
    async def start(cls, settings: Settings, clock: Clock) -> "Bot":
        """Migrate the database, find out who we are at Slack, and begin to tick and send.

        Raises WrongSettings when Slack does not take the credentials, or the database can't be
        opened.
        """
        assert settings.slack is not None
        database = open_database(settings.database_url)
        home = await _home(settings.slack, database, clock.now())
        bot = cls(settings, clock, database, home)
        dates.warm()
        bot.ticks.start()
        bot._sender = asyncio.get_running_loop().create_task(bot.delivery.run())
        return bot

    async def listen(self, credentials: SlackCredentials) -> None:
        """Connect by Socket Mode. Raises WrongSettings when Slack refuses the app token."""
        assert credentials.app_token is not None
        try:
            # Asked beforehand: the Socket Mode client would try a wrong token again for ever.
            await self.client.apps_connections_open(app_token=credentials.app_token)
        except (SlackApiError, *NETWORK) as error:
            raise WrongSettings(_refused("SLACK_APP_TOKEN", error)) from error
        self._socket = AsyncSocketModeHandler(self.slack, credentials.app_token)
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """In order: no more intake, ticks done, requests done, what is being sent recorded, then
        the database."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        await self.ticks.stop()
        await self.listeners.quiet()
        if self._sender is not None:
            async with self.delivery.between_rounds():
                self._sender.cancel()
            with suppress(asyncio.CancelledError):
                await self._sender
        self.database.close()

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
        """The next instant at which a daily message or a waiting row is due."""

        def first(session: Session) -> datetime | None:
            due = (
                chasing.next_due(session),
                posting.next_due(session),
                leaving.next_due(session),
            )
            return min((at for at in due if at is not None), default=None)

        return await self.database.read(first)

    async def watch(self) -> None:
        """Look at who can read the firms' own channels; see `exposure`."""
        await self.listeners.places.watch(self.client)
        self._wake()

    async def run_due(self) -> None:
        """Run the ticks for the clock's now, and send until nothing is left that is due."""
        await self.listeners.quiet()
        await self.ticks.depart()
        await self.ticks.chase()
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


def _client(credentials: SlackCredentials) -> AsyncWebClient:
    return AsyncWebClient(
        token=credentials.bot_token, base_url=credentials.api_url, timeout=10, retry_handlers=[]
    )


async def _home(credentials: SlackCredentials, database: Database, now: datetime) -> Home:
    """Ask Slack whose token it is, and remember the workspace."""
    try:
        who = await _client(credentials).auth_test()
    except (SlackApiError, *NETWORK) as error:
        raise WrongSettings(_refused("SLACK_BOT_TOKEN", error)) from error

    def remember(session: Session) -> int:
        return directory.remember_installation(
            session,
            platform="slack",
            team_id=str(who["team_id"]),
            name=str(who["team"]),
            bot_user_id=str(who["user_id"]),
            now=now,
        ).id

    installation_id = await database.run(remember)
    return Home(installation_id, str(who["team_id"]), str(who["user_id"]), str(who["url"]))


def _refused(name: str, error: BaseException) -> str:
    if isinstance(error, SlackApiError):
        return (
            f"{name} was refused by Slack ({error_code(error)}). Copy it again from the app's page."
        )
    return f"Slack could not be reached ({type(error).__name__}). Is the network up?"
