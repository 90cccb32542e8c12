"""The HTTP side: the Web API, response URLs, the control interface and the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from playground import control
from playground.api import answer_call
from playground.api_files import take_upload
from playground.control import json_body
from playground.refusal import Refusal
from playground.responses import http_status, use_response_url
from playground.wire import KEPT, PlainJSON

if TYPE_CHECKING:
    from playground.app import Playground

STATIC = Path(__file__).parent / "static"
_LOCAL = ("127.0.0.1", "localhost", "::1")
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
Handler = Callable[[Request], Awaitable[Response]]


class LocalOnly:
    """Refuses requests that other web pages could have made a browser send here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_local(Request(scope)):
            await PlainTextResponse("only from this machine", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_local(request: Request) -> bool:
    if request.url.hostname not in _LOCAL:
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def build(playground: Playground) -> Starlette:
    """The one app that serves it all."""
    routes: list[Route | Mount] = [
        Route("/api/{method}", _api(playground), methods=["GET", "POST"]),
        Route("/response/{key}", _response(playground), methods=["POST"]),
        Route("/upload/{key}", _upload(playground), methods=["POST"]),
        Route("/files/{id}", _file(playground)),
        *control.routes(playground),
        *(playground.beside.control() if playground.beside is not None else ()),
        Route("/", _page),
    ]
    if STATIC.is_dir():
        routes.append(Mount("/static", StaticFiles(directory=STATIC)))
    return Starlette(routes=routes, middleware=[Middleware(LocalOnly)])


def _api(playground: Playground) -> Handler:
    async def handle(request: Request) -> Response:
        return await answer_call(playground.house, request.path_params["method"], request)

    return handle


def _response(playground: Playground) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            args = await json_body(request)
        except Refusal:
            return PlainJSON({"ok": False, "error": "invalid_payload"}, 400)
        fault = playground.house.faults.take("response_url")
        if fault is not None and not fault.only_slow and not fault.after:
            return PlainJSON(fault.answer(), fault.http_status(), fault.headers())
        answer = use_response_url(playground.house, request.path_params["key"], args)
        if fault is not None:
            await asyncio.sleep(fault.delay)
        if fault is not None and not fault.only_slow:
            return PlainJSON(fault.answer(), fault.http_status(), fault.headers())
        return PlainJSON(answer, http_status(answer))

    return handle


def _upload(playground: Playground) -> Handler:
    async def handle(request: Request) -> Response:
        house = playground.house
        fault = house.faults.take("upload")
        if fault is not None:
            return PlainTextResponse("no", fault.http_status(), fault.headers())
        taken = take_upload(house.world, request.path_params["key"], await request.body())
        return PlainTextResponse("OK" if taken else "no such upload", 200 if taken else 400)

    return handle


def _file(playground: Playground) -> Handler:
    """To be kept, never to be shown: what is in it may be anything."""

    async def handle(request: Request) -> Response:
        found = playground.house.world.files.get(request.path_params["id"])
        if found is None or found.data is None:
            return PlainTextResponse("no such file", 404)
        return Response(found.data, media_type="application/octet-stream", headers=KEPT)

    return handle


async def _page(request: Request) -> Response:
    index = STATIC / "index.html"
    headers = {
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    if index.exists():
        return FileResponse(index, headers=headers)
    return PlainTextResponse("The playground runs; its page is not installed.", headers=headers)
