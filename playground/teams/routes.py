"""The HTTP side: signing keys, the token endpoint, and the Bot Connector."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.journal import Entry
from playground.refusal import Json
from playground.routes import LocalOnly
from playground.teams import connector, files, roster
from playground.teams.connector import Answer, Call
from playground.teams.denial import Denied, denied, ordered
from playground.teams.house import House
from playground.teams.keys import ISSUER
from playground.wire import PlainJSON

_Work = Callable[[House, Call], Awaitable[Answer]]
_Handler = Callable[[Request], Awaitable[Response]]
_ROOT = "/{region}/{tenant}/v3"
_ROOM = f"{_ROOT}/conversations/{{conversation}}"
_ACTIVITY = f"{_ROOM}/activities/{{activity}}"
_REACTION = f"{_ACTIVITY}/reactions/{{reaction}}"

METHODS: list[tuple[str, str, str, _Work]] = [
    ("conversations.create", "POST", f"{_ROOT}/conversations", connector.create),
    ("activities.post", "POST", f"{_ROOM}/activities", connector.post),
    ("activities.update", "PUT", _ACTIVITY, connector.update),
    ("activities.delete", "DELETE", _ACTIVITY, connector.delete),
    ("reactions.add", "PUT", _REACTION, connector.add_reaction),
    ("reactions.remove", "DELETE", _REACTION, connector.remove_reaction),
    ("members.paged", "GET", f"{_ROOM}/pagedMembers", roster.paged),
    ("members.list", "GET", f"{_ROOM}/members", roster.everybody),
    ("members.get", "GET", f"{_ROOM}/members/{{member}}", roster.one),
    ("teams.get", "GET", f"{_ROOT}/teams/{{team}}", roster.team_details),
    ("teams.channels", "GET", f"{_ROOT}/teams/{{team}}/conversations", roster.team_channels),
]


def build(house: House) -> Starlette:
    known = "/v1/.well-known"
    routes = [
        Route(f"{known}/openidconfiguration", _configuration(house)),
        Route(f"{known}/keys", _keys(house)),
        Route("/{tenant}/oauth2/v2.0/token", _token(house), methods=["POST"]),
        Route("/upload/{key}", _upload(house), methods=["PUT"]),
        *(
            Route(path, _method(house, name, work), methods=[verb])
            for name, verb, path, work in METHODS
        ),
    ]
    return Starlette(routes=routes, middleware=[Middleware(LocalOnly)])


def _configuration(house: House) -> _Handler:
    async def handle(request: Request) -> Response:
        return PlainJSON(
            {
                "issuer": ISSUER,
                "jwks_uri": f"{str(request.base_url).rstrip('/')}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    return handle


def _keys(house: House) -> _Handler:
    async def handle(request: Request) -> Response:
        async def work() -> Answer:
            return 200, house.keys.public()

        return await _journalled(house, "keys", None, work)

    return handle


def _token(house: House) -> _Handler:
    """Neither the secret nor the token enters the journal."""

    async def handle(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        tenant = request.path_params["tenant"]

        async def work() -> Answer:
            return 200, house.tokens.issue(tenant, form, house.world.tenants)

        shown = {key: value for key, value in form.items() if key != "client_secret"}
        return await _journalled(house, "token", {"tenant": tenant, **shown}, work, secret=True)

    return handle


def _upload(house: House) -> _Handler:
    """Neither the address, which is a permission, nor the bytes enter the journal."""

    async def handle(request: Request) -> Response:
        body, said = await request.body(), dict(request.headers)

        async def work() -> Answer:
            return files.take(house.world.files, request.path_params["key"], said, body)

        shown = {"range": said.get("content-range"), "bytes": len(body)}
        with house.answering():
            return await _journalled(house, "upload", shown, work)

    return handle


def _method(house: House, name: str, work: _Work) -> _Handler:
    async def handle(request: Request) -> Response:
        shown: Json = {"path": dict(request.path_params), "query": dict(request.query_params)}
        raw = await request.body()
        body, right = _parse(raw)
        if raw:
            shown["body"] = body

        async def answer() -> Answer:
            call = _call(house, request, body)
            if not right:
                raise denied("BadSyntax", "The body is no JSON")
            return await work(house, call)

        with house.answering():
            return await _journalled(house, name, shown, answer)

    return handle


def _parse(raw: bytes) -> tuple[Any, bool]:
    try:
        return (json.loads(raw) if raw else None), True
    except ValueError:
        return None, False


def _call(house: House, request: Request, body: Any) -> Call:
    """Who calls, and whether they may at all."""
    path = {key: str(value) for key, value in request.path_params.items()}
    token_tenant = house.tokens.tenant_of(request.headers.get("authorization"))
    region, tenant = path.pop("region"), path.pop("tenant")
    if region in house.gone or tenant not in house.world.tenants:
        raise denied("InvalidBotApiHost")
    return Call(tenant, token_tenant, path, dict(request.query_params), body)


async def _journalled(
    house: House,
    name: str,
    shown: Any,
    work: Callable[[], Awaitable[Answer]],
    *,
    secret: bool = False,
) -> Response:
    entry = Entry(house.world.now(), "from_bot", "api", name, shown, None, None)
    house.journal.add(entry)
    headers: dict[str, str] = {}
    try:
        status, body = await _with_faults(house, name, work)
    except Denied as refused:
        status, body, headers = refused.status, refused.body, refused.headers
    entry.status = status
    entry.answer = "a token" if secret and status == 200 else body
    if body is None:
        return Response(status_code=status, headers=headers)
    return PlainJSON(body, status, headers=headers)


async def _with_faults(house: House, name: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
    fault = house.faults.take(name)
    if fault is None:
        return await work()
    played = await work() if fault.after else None
    await asyncio.sleep(fault.delay)
    if not fault.only_slow:
        raise ordered(fault.status, fault.error, fault.retry_after)
    return await work() if played is None else played
