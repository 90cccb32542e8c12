"""The Bot Connector's refusals, classified: the one place that says what each means.

Codes and what to do about them: Microsoft's "Status codes from bot conversational APIs".
"""

import json
from collections.abc import Awaitable
from typing import Any, TypeVar

import httpx

from handlers.platform import Fault, PlatformError

T = TypeVar("T")

THROTTLED = frozenset({412, 429})
"""Sent too often, or at the same time as another change: not posted."""

UNCERTAIN = frozenset({500, 502, 503, 504})

NO_ROOM = 507
"""Of the storage that a file is put into."""


async def told(call: Awaitable[T]) -> T:
    """What the Connector answers. Raises PlatformError in place of what its client raises."""
    try:
        return await call
    except httpx.HTTPStatusError as error:
        answer = error.response
        raise PlatformError(code(answer), fault(answer.status_code), _wait(answer)) from error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise PlatformError(type(error).__name__, "unsent") from error
    except (httpx.TransportError, ValueError) as error:
        raise PlatformError(type(error).__name__, "uncertain") from error


def fault(status: int) -> Fault:
    """What an answer means for the message that was being sent."""
    if status in THROTTLED:
        return "throttled"
    if status in UNCERTAIN:
        return "uncertain"
    if status < 400 or status == NO_ROOM:
        return "permanent"
    return "permanent" if 400 <= status < 500 and status not in (401, 408) else "unsent"


def code(answer: httpx.Response) -> str:
    """The Connector's word for what went wrong; it is sent in two shapes, one a JSON text inside
    the other."""
    try:
        said = answer.json()
    except ValueError:
        return f"http_{answer.status_code}"
    return _code_in(said) or f"http_{answer.status_code}"


def _code_in(said: Any) -> str:
    if not isinstance(said, dict):
        return ""
    error = said.get("error")
    if isinstance(error, dict) and error.get("code"):
        return str(error["code"])
    try:
        inner = json.loads(said.get("message") or "{}")
    except (TypeError, ValueError):
        return ""
    return str(inner.get("subCode") or "") if isinstance(inner, dict) else ""


def _wait(answer: httpx.Response) -> float | None:
    """Seconds that the Connector asks to wait, if it does."""
    try:
        return max(0.0, float(answer.headers["retry-after"]))
    except (KeyError, ValueError):
        return None
