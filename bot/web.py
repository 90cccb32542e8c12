"""The one ASGI app: the requests of Slack and Teams, health, metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import parse_qsl

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.request.async_internals import build_async_context
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics

BODY_LIMIT = 1_000_000
"""Bytes; Slack's own requests stay far below."""

log = structlog.get_logger()

FORM = "application/x-www-form-urlencoded"

Take = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, dict[str, Any] | None]]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build(
    app: AsyncApp | None,
    *,
    teams: Take | None = None,
    healthy: Callable[[], Awaitable[bool]],
    oldest_waiting: Callable[[], Awaitable[float]],
    lifespan: Lifespan | None = None,
) -> Starlette:
    """`app` is None where Slack's requests come by Socket Mode: what arrives here could then not
    be told from a forgery. `teams` takes a request of Teams'; None where that is not connected.
    `oldest_waiting` is in seconds."""

    async def slack(request: Request) -> Response:
        body = await _limited(request)
        if body is None:
            return Response(status_code=413)
        assert app is not None
        try:
            answer = await app.async_dispatch(read(request, body))
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            log.warning("misshapen_request", error=repr(error)[:200])
            return Response("not a request of Slack's", status_code=400)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())

    async def from_teams(request: Request) -> Response:
        body = await _limited(request)
        if body is None:
            return Response(status_code=413)
        assert teams is not None
        status, said = await teams(request.headers, body)
        return JSONResponse(said, status) if said is not None else Response(status_code=status)

    async def health(_: Request) -> Response:
        well = await healthy()
        return JSONResponse({"ok": well}, status_code=200 if well else 503)

    async def counted(_: Request) -> Response:
        shown = metrics.expose(await oldest_waiting())
        return Response(shown, media_type=metrics.CONTENT_TYPE_LATEST)

    routes = [Route("/health", health), Route("/metrics", counted)]
    if app is not None:
        routes.append(Route("/slack/events", slack, methods=["POST"]))
    if teams is not None:
        routes.append(Route("/api/messages", from_teams, methods=["POST"]))
    return Starlette(routes=routes, lifespan=lifespan)


async def _limited(request: Request) -> bytes | None:
    body = b""
    stream: AsyncIterator[bytes] = request.stream()
    async for chunk in stream:
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return body


def read(request: Request, body: bytes) -> AsyncBoltRequest:
    """Bolt's request. Its form parser takes any body with the word "payload" in it for an
    interaction and drops a command in which somebody wrote that word, so an empty result is
    parsed again here."""
    raw = body.decode("utf-8", "replace")
    bolt = AsyncBoltRequest(body=raw, query=str(request.url.query), headers=dict(request.headers))
    if not bolt.body and raw and request.headers.get("content-type", "").startswith(FORM):
        bolt.body = dict(parse_qsl(raw, keep_blank_values=True))
        bolt.context = build_async_context(bolt.context, bolt.body)
    return bolt
