"""Slack, connected: its requests taken, and what the sender needs of it."""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.clock import Clock
from bot.settings import SlackCredentials, WrongSettings
from governance.people import directory
from handlers.carrying import Carrier
from handlers.platform import Connection, Entrance, PlatformError
from handlers.slack.errors import told
from handlers.slack.listeners import Listeners
from handlers.slack.messenger import SlackMessenger
from handlers.slack.places import Home, Places
from storage.engine import Database
from storage.tables import SLACK


class Slack:
    """`wake` is called when there is something new to send."""

    def __init__(
        self,
        credentials: SlackCredentials,
        database: Database,
        clock: Clock,
        home: Home,
        *,
        capture_reaction: str,
        wake: Callable[[], None],
    ) -> None:
        self._credentials = credentials
        self._client = _client(credentials)
        self.app = AsyncApp(
            client=self._client,
            signing_secret=credentials.signing_secret,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=credentials.signing_secret is not None,
        )
        places = Places(database, clock, home, self._client)
        entrance = Entrance(home.installation_id, SLACK)
        self.carrier = Carrier(
            database, clock, entrance, places, wake=wake, counted=metrics.count_act
        )
        Listeners(
            database,
            clock,
            home,
            places,
            self.carrier,
            capture_reaction=capture_reaction,
            wake=wake,
        ).register(self.app)
        self.connection = Connection(SlackMessenger(self._client), places)
        self._socket: AsyncSocketModeHandler | None = None

    @property
    def by_socket(self) -> bool:
        """Whether requests come by Socket Mode."""
        return self._credentials.socket_mode

    @property
    def by_http(self) -> AsyncApp | None:
        """What takes requests by HTTP; None where they come by Socket Mode."""
        return self.app if self._credentials.signing_secret is not None else None

    async def listen(self) -> None:
        """Connect by Socket Mode. Raises WrongSettings when Slack refuses the app token."""
        token = self._credentials.app_token
        assert token is not None
        try:
            # Asked beforehand: the Socket Mode client would try a wrong token again for ever.
            await told(self._client.apps_connections_open(app_token=token))
        except PlatformError as error:
            raise WrongSettings(_refused("SLACK_APP_TOKEN", error)) from error
        self._socket = AsyncSocketModeHandler(self.app, token)
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def hang_up(self) -> None:
        """Take no more requests by Socket Mode."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]


async def find_home(credentials: SlackCredentials, database: Database, now: datetime) -> Home:
    """Ask Slack whose token it is, and remember the workspace. Raises WrongSettings."""
    try:
        who = await told(_client(credentials).auth_test())
    except PlatformError as error:
        raise WrongSettings(_refused("SLACK_BOT_TOKEN", error)) from error
    team_id, name = str(who["team_id"]), str(who["team"])
    bot_user_id = str(who["user_id"])
    installation_id = await database.run(
        lambda session: (
            directory.attach(
                session,
                platform=SLACK,
                team_id=team_id,
                name=name,
                bot_user_id=bot_user_id,
                now=now,
            ).id
        )
    )
    return Home(installation_id, team_id, bot_user_id, str(who["url"]))


def _client(credentials: SlackCredentials) -> AsyncWebClient:
    return AsyncWebClient(
        token=credentials.bot_token, base_url=credentials.api_url, timeout=10, retry_handlers=[]
    )


def _refused(name: str, error: PlatformError) -> str:
    if error.fault in ("permanent", "throttled"):
        return f"{name} was refused by Slack ({error.code}). Copy it again from the app's page."
    return f"Slack could not be reached ({error.code}). Is the network up?"
