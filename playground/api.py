"""The Web API's front: tokens, scopes, faults and the registry of methods."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from playground.events import envelope_of
from playground.house import House
from playground.journal import Entry
from playground.refusal import Json, Refusal
from playground.wire import PlainJSON
from playground.world import Channel


@dataclass
class Call:
    """One call being answered; `later` are events that follow from it."""

    house: House
    args: Json
    later: list[Json] = field(default_factory=list)

    def text(self, key: str, default: str = "") -> str:
        value = self.args.get(key)
        return default if value is None else str(value)

    def flag(self, key: str) -> bool:
        return self.args.get(key) in (True, "true", "True", "1", 1)

    def number(self, key: str, default: int) -> int:
        try:
            return int(self.args.get(key) or default)
        except (TypeError, ValueError):
            raise Refusal("invalid_arguments") from None

    def need_scope(self, *wanted: str) -> None:
        """Any one of the scopes will do."""
        have = self.house.manifest.scopes
        if wanted and not have.intersection(wanted):
            provided = ",".join(sorted(have))
            raise Refusal("missing_scope", needed=",".join(wanted), provided=provided)

    def emit(self, event: Json, channel: Channel | None) -> None:
        if event["type"] in self.house.manifest.events:
            self.later.append(envelope_of(self.house.world, event, channel))


Method = Callable[[Call], Json]
METHODS: dict[str, tuple[Method, tuple[str, ...]]] = {}

# Methods that exist, that this playground does not play, and the scope each of them wants.
_ELSEWHERE = {
    "bookmarks.add": "bookmarks:write",
    "conversations.archive": "channels:manage",
    "conversations.create": "channels:manage",
    "conversations.invite": "channels:manage",
    "conversations.setTopic": "channels:manage",
    "dnd.info": "dnd:read",
    "emoji.list": "emoji:read",
    "files.list": "files:read",
    "reactions.list": "reactions:read",
    "usergroups.list": "usergroups:read",
    "users.lookupByEmail": "users:read.email",
    "users.profile.get": "users.profile:read",
}


def method(name: str, *scopes: str) -> Callable[[Method], Method]:
    """Register a method of the Web API and the scopes of which it needs one."""

    def register(function: Method) -> Method:
        METHODS[name] = (function, scopes)
        return function

    return register


async def answer_call(house: House, name: str, request: Request) -> Response:
    """Answer `/api/<name>`; the journal gets it without the token."""
    args = await _read_arguments(request)
    house.public_url = house.public_url or str(request.base_url).rstrip("/")
    token = _token(request, args)
    entry = Entry(house.world.now(), "from_bot", "api", name, args, None, None)
    house.journal.add(entry)
    with house.answering():
        status, headers, answer = await _answer(house, name, token, args)
    entry.status, entry.answer = status, answer
    headers = headers | {"x-oauth-scopes": ",".join(sorted(house.manifest.scopes))}
    return PlainJSON(answer, status, headers)


async def _answer(
    house: House, name: str, token: str | None, args: Json
) -> tuple[int, dict[str, str], Json]:
    fault = house.faults.take(name)
    if fault is None:
        return 200, {}, _run(house, name, token, args)
    played = _run(house, name, token, args) if fault.after else None
    await asyncio.sleep(fault.delay)
    if fault.only_slow:
        return 200, {}, _run(house, name, token, args) if played is None else played
    return fault.http_status(), fault.headers(), fault.answer()


def _run(house: House, name: str, token: str | None, args: Json) -> Json:
    call = Call(house, args)
    try:
        answer = _call(call, name, token)
    except Refusal as refusal:
        return refusal.answer()
    if call.later:
        house.spawn(house.events.deliver(call.later))
    return {"ok": True, **answer}


def _call(call: Call, name: str, token: str | None) -> Json:
    if name == "api.test":
        return {"args": call.args}
    if not token:
        raise Refusal("not_authed")
    if token != call.house.bot_token:
        raise Refusal("invalid_auth")
    if name not in METHODS:
        if name in _ELSEWHERE:
            call.need_scope(_ELSEWHERE[name])
        raise Refusal("unknown_method", req_method=name)
    function, scopes = METHODS[name]
    call.need_scope(*scopes)
    return function(call)


def _token(request: Request, args: Json) -> str | None:
    given = args.pop("token", None)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return given if isinstance(given, str) else None


async def _read_arguments(request: Request) -> Json:
    """Query, form and JSON arguments alike; structures may come as JSON text."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        args |= _parsed_object(await request.body())
    elif request.method == "POST":
        body = (await request.body()).decode("utf-8", "replace")
        args |= dict(parse_qsl(body, keep_blank_values=True))
    for key in ("blocks", "attachments", "view", "metadata"):
        if isinstance(args.get(key), str):
            args[key] = _parsed(args[key])
    return args


def _parsed_object(body: bytes) -> Json:
    try:
        value = json.loads(body) if body.strip() else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
