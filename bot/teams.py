"""Microsoft Teams, connected: its requests taken, and what the sender needs of it.

Imported only where Teams is configured: the SDK costs most of a second and 80 MB.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import aiohttp
from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
from microsoft_teams.apps import App
from microsoft_teams.common import ClientOptions
from sqlmodel import Session

from bot import metrics
from bot.clock import Clock
from bot.settings import TeamsCredentials, WrongSettings
from governance.people import directory
from handlers.carrying import Carrier
from handlers.platform import Connection, Entrance, PlatformError
from handlers.teams import sealing
from handlers.teams.connector import Connector
from handlers.teams.door import Door, Mount
from handlers.teams.limits import Limits
from handlers.teams.listeners import Listeners
from handlers.teams.messenger import TeamsMessenger
from handlers.teams.places import Home, Places
from handlers.teams.uploads import Uploads
from storage.engine import Database
from storage.tables import TEAMS

Json = dict[str, Any]

SCOPE = "https://api.botframework.com/.default"
ANY_TENANT = "botframework.com"
"""The tenant in whose name a bot of several tenants gets its tokens."""

PATIENCE = 10.0
EARLY = 300.0
"""Seconds before its end from which a token is fetched anew."""

BUDGET = 4.0
"""Seconds an act has; Teams waits five for a dialog, and longer for the rest."""


class Teams:
    """`wake` is called when there is something new to send."""

    def __init__(
        self,
        credentials: TeamsCredentials,
        database: Database,
        clock: Clock,
        installation_id: int,
        *,
        wake: Callable[[], None],
    ) -> None:
        self.tokens = Tokens(credentials)
        mount = Mount()
        app = _app(credentials, self.tokens, mount)
        home = Home(installation_id, credentials.tenant_id, f"28:{credentials.client_id}")
        connector = self._connector = Connector(
            app, home.bot_id, None if credentials.unlimited else Limits()
        )
        self._uploads = Uploads(credentials.upload_url)
        places = Places(database, clock, home, connector)
        self.carrier = Carrier(
            database,
            clock,
            Entrance(installation_id, TEAMS),
            places,
            wake=wake,
            counted=metrics.count_act,
            budget=BUDGET,
        )
        messenger = TeamsMessenger(database, clock, home, places, connector)
        listeners = Listeners(
            database, clock, home, places, connector, self.carrier, self._uploads, wake=wake
        )
        self._door = Door(
            app,
            mount,
            issuer=PUBLIC.token_issuer,
            tenants=credentials.tenants,
            hear=listeners.hear,
        )
        self.connection = Connection(messenger, places, keeps_pace=True)

    async def open(self) -> None:
        """Take requests from now on. Raises WrongSettings when the credentials are refused."""
        await check(self.tokens)
        await self._door.open()

    async def close(self) -> None:
        """Let go of the connections to Teams."""
        await self._connector.close()
        await self._uploads.close()

    async def take(self, headers: Mapping[str, str], body: bytes) -> tuple[int, Json | None]:
        """One request: the status and the JSON that answer it."""
        answer = await self._door.take(headers, body)
        return answer.status, answer.body


class Tokens:
    """The bot's own tokens for what it sends: fetched when needed, kept until near their end."""

    def __init__(self, credentials: TeamsCredentials) -> None:
        self._credentials = credentials
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    async def get(self, _scope: object = None, _tenant: object = None) -> str:
        """Raises PlatformError while there is none to be had."""
        try:
            return await self.fetched()
        except WrongSettings as error:
            raise PlatformError("sign_in_refused", "unsent") from error

    async def fetched(self) -> str:
        """Raises PlatformError, and WrongSettings where the credentials are refused."""
        async with self._lock:
            if time.monotonic() >= self._until:
                try:
                    await self._fetch()
                except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
                    raise PlatformError(f"sign_in_{type(error).__name__}", "unsent") from error
            return self._token

    async def _fetch(self) -> None:
        who = self._credentials
        tenant = ANY_TENANT if who.several else who.tenant_id
        form = {
            "grant_type": "client_credentials",
            "client_id": who.client_id,
            "client_secret": who.client_secret,
            "scope": SCOPE,
        }
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        url = f"{who.login_url}/{tenant}/oauth2/v2.0/token"
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=form) as answer,
        ):
            said = await answer.json(content_type=None)
        if answer.status in (400, 401):
            raise WrongSettings(_refused(said))
        if answer.status != 200:
            raise PlatformError(f"sign_in_{answer.status}", "unsent")
        self._token = str(said["access_token"])
        self._until = time.monotonic() + max(0.0, float(said["expires_in"]) - EARLY)


def _app(credentials: TeamsCredentials, tokens: Tokens, mount: Mount) -> App:
    """The SDK's app. Every option is given, since it looks in the environment for what is not."""
    return App(
        client_id=credentials.client_id,
        tenant_id=credentials.tenant_id,
        token=tokens.get,
        http_server_adapter=mount,
        cloud=with_overrides(PUBLIC, openid_metadata_url=credentials.openid_url),
        service_url=credentials.service_url,
        client=ClientOptions(timeout=PATIENCE),
        dangerously_allow_unauthenticated_requests=False,
    )


async def check(tokens: Tokens) -> None:
    """Ask for a token. Raises WrongSettings when Microsoft does not take the credentials."""
    try:
        await tokens.fetched()
    except PlatformError as error:
        raise WrongSettings(
            f"Microsoft's sign-in could not be reached ({error.code}). Is the network up?"
        ) from error


async def find_home(credentials: TeamsCredentials, database: Database, now: datetime) -> int:
    """The installation whose people Teams brings: the home that there is already, or, where the
    deployment begins with Teams, the tenant."""

    def attach(session: Session) -> tuple[int, str]:
        home = directory.attach(
            session,
            platform=TEAMS,
            team_id=credentials.tenant_id,
            name=credentials.firm,
            bot_user_id=f"28:{credentials.client_id}",
            now=now,
        )
        return home.id, home.seal_key

    installation_id, key = await database.run(attach)
    sealing.use(key)
    return installation_id


def _refused(said: object) -> str:
    why = said.get("error", "") if isinstance(said, dict) else ""
    return (
        f"TEAMS_CLIENT_ID and TEAMS_CLIENT_SECRET were refused by Microsoft ({why}). Copy them "
        "again from the app registration; the secret is its value, not its id."
    )
