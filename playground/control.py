"""The control interface of the page and of scripts: /_control, JSON in and JSON out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.refusal import Json, Refusal
from playground.wire import PlainJSON

if TYPE_CHECKING:
    from playground.app import Playground

_COMING = 40
Handler = Callable[[Request], Awaitable[Response]]
Query = Callable[[Request], Awaitable[Any]]
Verb = Callable[..., Awaitable[Json]]
Arguments = tuple[set[str], set[str]]
"""The required ones and the optional ones."""


def routes(playground: Playground) -> list[Route]:
    return [*_queries(playground), *_verbs(playground)]


def get(path: str, query: Query) -> Route:
    """Something to look at below /_control/."""
    return Route(f"/_control/{path}", _shown(query))


def post(path: str, verb: Verb, arguments: Arguments) -> Route:
    """Something to do below /_control/."""
    return Route(f"/_control/{path}", _done(verb, *arguments), methods=["POST"])


async def json_body(request: Request) -> Json:
    body = await request.body()
    try:
        value = json.loads(body) if body.strip() else {}
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(value, dict):
        raise Refusal("invalid_json")
    return value


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
        "changes": changes(playground.changes),
    }
    return [get(path, query) for path, query in found.items()]


def changes(next_revision: Callable[[int, float], Awaitable[int]]) -> Query:
    """Answers when the revision is beyond `since`, or `wait` seconds have passed."""

    async def query(request: Request) -> Any:
        since, wait = (request.query_params.get(key, "0") for key in ("since", "wait"))
        try:
            return {"revision": await next_revision(int(since), float(wait))}
        except ValueError:
            raise Refusal("invalid_arguments") from None

    return query


def _shown(query: Query) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            return PlainJSON(await query(request))
        except Refusal as refusal:
            return PlainJSON(refusal.answer(), 404)

    return handle


_ARGUMENTS: dict[str, Arguments] = {
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

    special: dict[str, Verb] = {"clock": clock, "close": playground.close_view}
    return [
        post(name, special.get(name) or getattr(playground, name), arguments)
        for name, arguments in _ARGUMENTS.items()
    ]


def _done(verb: Verb, required: set[str], optional: set[str]) -> Handler:
    async def handle(request: Request) -> Response:
        try:
            args = await json_body(request)
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
_SWITCHES = (
    *("present", "guest", "deleted", "shared", "everything", "after", "next"),
    *("targeted", "added", "blocked"),
)
_KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(_SWITCHES, bool),
    **dict.fromkeys(("status", "retry_after", "times"), int),
    **dict.fromkeys(("action", "button"), (str, dict)),
    **dict.fromkeys(("inputs", "typed"), dict),
    "delay": (int, float),
}


def _fits(key: str, value: object) -> bool:
    """Text unless said otherwise; null stands for an argument that is not given."""
    return value is None or key in _ANYTHING or isinstance(value, _KINDS.get(key, str))
