"""Where Teams knocks: the SDK verifies who sends, mounted in our own web app.

Measured on `microsoft-teams-apps` 2.1.1: it fetches signing keys synchronously, also on behalf of
tokens that name an issuer of their own; accepts tokens that never expire; and does not look at the
tenant. Its activity models answer 500 to activities that Teams really sends, so the app's activity
handling is replaced by ours and only the verification is kept.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import structlog
from jwt.types import Options
from microsoft_teams.api import InvokeResponse
from microsoft_teams.apps import App
from microsoft_teams.apps.events import ActivityEvent
from microsoft_teams.apps.http.adapter import HttpMethod, HttpRequest, HttpRouteHandler

Json = dict[str, Any]

CHANNEL = "msteams"
BEARER = "Bearer "
RAW = "raw"
"""Where the activity as it came lies in what the SDK verifies, whose own fields must be of the
SDK's types; Teams does send others."""

UNVERIFIED: Options = {"require": ["exp", "iss", "aud"], "verify_signature": False}

KEYS_LAST = 15 * 60.0
"""Seconds after which the signing keys are fetched anew."""

KEYS_REST = 30.0
"""Seconds between two fetches for the sake of keys that nobody knows."""

KEYS_PATIENCE = 5
KEPT_BY_THE_SDK = 24 * 3600.0
"""Seconds for which the SDK keeps them; it would fetch them anew while everybody waits."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Answer:
    """What is answered to a request of Teams'. `body` is JSON, or None for nothing."""

    status: int = 200
    body: Json | None = None


Hear = Callable[[Json], Awaitable[Answer]]


class Mount:
    """The SDK's HTTP adapter: it keeps the one route for whoever serves it."""

    def __init__(self) -> None:
        self.handler: HttpRouteHandler | None = None

    def register_route(self, method: HttpMethod, path: str, handler: HttpRouteHandler) -> None:
        self.handler = handler

    def serve_static(self, path: str, directory: str) -> None:
        raise NotImplementedError("pages are not served for the SDK")

    async def start(self, port: int) -> None:
        raise NotImplementedError("the web app is served elsewhere")

    async def stop(self) -> None:
        return None


class Door:
    """`tenants` are those whose people are let in, in lower case; `hear` gets every activity whose
    sender was verified."""

    def __init__(
        self, app: App, mount: Mount, *, issuer: str, tenants: frozenset[str], hear: Hear
    ) -> None:
        self._app = app
        self._mount = mount
        self._issuer = issuer
        self._tenants = tenants
        self._hear = hear
        self._kids: frozenset[str] = frozenset()
        self._fetched_at = self._sought_at = float("-inf")
        self._out_of_reach = False
        self._fetching = asyncio.Lock()

    async def open(self) -> None:
        """Register with the SDK and fetch the signing keys."""
        await self._app.initialize()
        self._app.server.on_request = self._heard
        keys = self._keys()
        keys.timeout = KEYS_PATIENCE
        if keys.jwk_set_cache is not None:
            keys.jwk_set_cache.lifespan = KEPT_BY_THE_SDK
        await self._fetch_keys("")

    async def take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request. Forged ones get 401, those of other tenants 403."""
        try:
            activity = json.loads(body)
        except (ValueError, RecursionError):
            return Answer(400)
        if not isinstance(activity, dict) or not isinstance(activity.get("type"), str):
            return Answer(400)
        early = await self._refuse_early(headers, activity)
        if early is not None:
            return early
        assert self._mount.handler is not None
        envelope = {"serviceUrl": activity["serviceUrl"], RAW: activity}
        answer = await self._mount.handler(HttpRequest(body=envelope, headers=dict(headers)))
        if answer["status"] == 401:
            return _refused("token", "not valid for this bot and service")
        said = answer["body"]
        return Answer(answer["status"], said if isinstance(said, dict) else None)

    async def _refuse_early(self, headers: Mapping[str, str], activity: Json) -> Answer | None:
        """What the SDK would accept or look up, and should not; keys are fetched in a thread, so
        that nobody waits for them but this request."""
        token = headers.get("authorization", "").removeprefix(BEARER)
        try:
            claims = jwt.decode(token, options=UNVERIFIED)
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError as error:
            return _refused("token", str(error))
        if claims["iss"] != self._issuer or not kid:
            return _refused("token", "not of the Bot Connector")
        if not isinstance(activity.get("serviceUrl"), str):
            return _refused("token", "no service URL to compare")
        if kid not in await self._signing_keys(kid):
            if self._out_of_reach:
                return Answer(503)
            return _refused("token", "signed with an unknown key")
        return None

    async def _signing_keys(self, wanted: str) -> frozenset[str]:
        """The ids of the keys that the SDK has by now: fetched anew from time to time, and for an
        unknown one, which anybody may ask for, now and then."""
        if self._needs_keys(wanted):
            async with self._fetching:
                if self._needs_keys(wanted):
                    await self._fetch_keys(wanted)
        return self._kids

    def _needs_keys(self, wanted: str) -> bool:
        now = time.monotonic()
        if now - self._fetched_at > KEYS_LAST:
            return True
        return wanted not in self._kids and now - self._sought_at > KEYS_REST

    async def _fetch_keys(self, wanted: str) -> None:
        """In a thread, so that nobody waits for them but who needs them."""
        now = time.monotonic()
        try:
            found = await asyncio.to_thread(self._keys().get_jwk_set, refresh=True)
        except jwt.PyJWTError as error:
            log.warning("signing_keys_not_fetched", error=str(error)[:200])
            self._out_of_reach, self._fetched_at = True, now - KEYS_LAST + KEYS_REST
            return
        self._out_of_reach, self._fetched_at = False, now
        if wanted and wanted not in self._kids:
            self._sought_at = now
        self._kids = frozenset(key.key_id for key in found.keys if key.key_id)

    def _keys(self) -> jwt.PyJWKClient:
        """The SDK's own store of signing keys, which it offers no way to fill beforehand."""
        validator = self._app.server._token_validator
        assert validator is not None
        return validator._service_validator._jwks_client

    async def _heard(self, event: ActivityEvent) -> InvokeResponse[Any]:
        """The sender is verified."""
        activity: Json = event.body.model_dump()[RAW]
        tenant = tenant_of(activity)
        if activity.get("channelId") != CHANNEL or tenant not in self._tenants:
            log.warning("teams_request_refused", why="tenant", tenant=tenant[:40])
            return InvokeResponse(status=403)
        answer = await self._hear(activity)
        return InvokeResponse(status=answer.status, body=answer.body)


def tenant_of(activity: Json) -> str:
    """The tenant of the conversation an activity is about; empty where it names none."""
    named = _at(activity, "conversation", "tenantId")
    return str(named or _at(activity, "channelData", "tenant", "id") or "").casefold()


def _at(part: Any, *names: str) -> Any:
    for name in names:
        part = part.get(name) if isinstance(part, dict) else None
    return part


def _refused(what: str, why: str) -> Answer:
    log.warning("teams_request_refused", why=what, error=why[:200])
    return Answer(401)
