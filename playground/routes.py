"""The HTTP side: the Web API, response URLs, the control interface and the page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.api import answer_call
from playground.api_files import take_upload
from playground.refusal import Json, Refusal
from playground.responses import http_status, use_response_url
from playground.wire import PlainJSON

if TYPE_CHECKING:
    from playground.app import Playground

STATIC = Path(__file__).parent / "static"
_LOCAL = ("127.0.0.1", "localhost", "::1")
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_COMING = 40
_KEPT = {"content-disposition": "attachment", "x-content-type-options": "nosniff"}
Handler = Callable[[Request], Awaitable[Response]]
_Verb = Callable[..., Awaitable[Json]]


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
        *_queries(playground),
        *_verbs(playground),
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
            args = await _json_body(request)
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
        return Response(found.data, media_type="application/octet-stream", headers=_KEPT)

    return handle


async def _json_body(request: Request) -> Json:
    body = await request.body()
    try:
        value = json.loads(body) if body.strip() else {}
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(value, dict):
        raise Refusal("invalid_json")
    return value


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


def _queries(playground: Playground) -> list[Route]:
    async def state(request: Request) -> Any:
        return playground.state()

    async def messages(request: Request) -> Any:
        return playground.messages(request.path_params["id"], request.query_params.get("as"))

    async def views(request: Request) -> Any:
        return playground.views(request.path_params["id"])

    async def home(request: Request) -> Any:
        return playground.home_view(request.path_params["id"])

    async def log(request: Request) -> Any:
        return playground.log()

    async def changes(request: Request) -> Any:
        since, wait = (request.query_params.get(key, "0") for key in ("since", "wait"))
        try:
            return {"revision": await playground.changes(int(since), float(wait))}
        except ValueError:
            raise Refusal("invalid_arguments") from None

    async def coming(request: Request) -> Any:
        try:
            limit = int(request.query_params.get("limit", "12"))
        except ValueError:
            raise Refusal("invalid_arguments") from None
        return {"coming": await playground.coming(max(1, min(limit, _COMING)))}

    async def tour(request: Request) -> Any:
        return {"tour": playground.tour()}

    found = {
        "coming": coming,
        "tour": tour,
        "state": state,
        "messages/{id}": messages,
        "views/{id}": views,
        "home/{id}": home,
        "log": log,
        "changes": changes,
    }
    return [Route(f"/_control/{path}", _shown(query)) for path, query in found.items()]


def _shown(query: Callable[[Request], Awaitable[Any]]) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            return PlainJSON(await query(request))
        except Refusal as refusal:
            return PlainJSON(refusal.answer(), 404)

    return handle


# verb -> (required arguments, optional ones)
_ARGUMENTS: dict[str, tuple[set[str], set[str]]] = {
    "command": ({"user", "channel", "text"}, {"thread_ts"}),
    "message": ({"user", "channel", "text"}, {"thread_ts"}),
    "shortcut": ({"user", "callback_id"}, {"channel", "message_ts"}),
    "click": (
        {"user", "action_id"},
        {"channel", "message_ts", "view_id", "block_id", "value", "values"},
    ),
    "options": (
        {"user", "action_id"},
        {"channel", "message_ts", "view_id", "block_id", "value"},
    ),
    "submit": ({"user", "view_id"}, {"values"}),
    "close": ({"user", "view_id"}, {"everything"}),
    "reaction": ({"user", "channel", "ts", "name"}, {"present"}),
    "home": ({"user"}, {"tab"}),
    "clock": (set(), {"advance", "set", "next", "user"}),
    "fault": ({"method"}, {"status", "error", "retry_after", "times", "after", "delay"}),
    "reset": (set(), {"seed"}),
    "person": ({"user"}, {"real_name", "title", "tz", "guest", "deleted"}),
    "channel": ({"channel"}, {"name", "shared", "new_id"}),
}


def _verbs(playground: Playground) -> list[Route]:
    async def clock(
        advance: object = None,
        set: object = None,
        next: bool = False,
        user: str | None = None,
    ) -> Json:
        if (advance is not None) + (set is not None) + next != 1:
            raise Refusal("advance_set_or_next")
        if next:
            return await playground.next_moment(user)
        if advance is not None:
            return await playground.advance_clock(advance, user)
        return await playground.set_clock(set, user)

    special: dict[str, _Verb] = {"clock": clock, "close": playground.close_view}
    return [
        Route(
            f"/_control/{name}",
            _done(name, special.get(name) or getattr(playground, name)),
            methods=["POST"],
        )
        for name in _ARGUMENTS
    ]


def _done(name: str, verb: _Verb) -> Handler:
    required, optional = _ARGUMENTS[name]

    async def handle(request: Request) -> Response:
        try:
            args = await _json_body(request)
            _check_arguments(args, required, optional)
            given = {key: value for key, value in args.items() if value is not None}
            return PlainJSON(await verb(**given))
        except Refusal as refusal:
            return PlainJSON({**refusal.answer(), "messages": []}, 400)
        except (TypeError, ValueError) as error:
            wrong = {"ok": False, "error": "invalid_arguments", "messages": [], "why": str(error)}
            return PlainJSON(wrong, 400)

    return handle


def _check_arguments(args: Json, required: set[str], optional: set[str]) -> None:
    missing = sorted(required - set(args))
    unknown = sorted(set(args) - required - optional)
    if missing or unknown:
        raise Refusal("invalid_arguments", missing=missing, unknown=unknown)
    wrong = [key for key, value in args.items() if not _fits(key, value)]
    if wrong:
        raise Refusal("invalid_arguments", wrong=sorted(wrong))


_ANYTHING = {"value", "values", "advance", "set"}
_KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("present", "guest", "deleted", "shared", "everything", "after", "next"), bool),
    **dict.fromkeys(("status", "retry_after", "times"), int),
    "delay": (int, float),
}


def _fits(key: str, value: object) -> bool:
    """Text unless said otherwise; null stands for an argument that is not given."""
    return value is None or key in _ANYTHING or isinstance(value, _KINDS.get(key, str))
