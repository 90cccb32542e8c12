"""What each way of failing means for a message."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from handlers.slack import errors


def answered(data: Any, status: int = 200, **headers: str) -> SlackApiError:
    response = SimpleNamespace(data=data, status_code=status, headers=headers)
    return SlackApiError("no", response)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("error", "code", "fault"),
    [
        (answered({"ok": False, "error": "channel_not_found"}), "channel_not_found", "permanent"),
        (answered({"ok": False, "error": "ratelimited"}, 429), "ratelimited", "throttled"),
        (answered("slow down", 429), "http_429", "throttled"),
        (answered({"ok": False, "error": "internal_error"}), "internal_error", "uncertain"),
        (answered("<html>Bad gateway</html>", 502), "http_502", "uncertain"),
        (answered(None, 503), "http_503", "uncertain"),
        (answered('{"ok": tr'), "http_200", "uncertain"),
        (answered("405: Method Not Allowed", 405), "http_405", "unsent"),
        (answered({"ok": False, "error": "never_heard_of"}), "never_heard_of", "unsent"),
        (TimeoutError(), "TimeoutError", "uncertain"),
        (ConnectionResetError(), "ConnectionResetError", "uncertain"),
        (aiohttp.ServerDisconnectedError(), "ServerDisconnectedError", "uncertain"),
        (
            aiohttp.ClientConnectorError(SimpleNamespace(ssl=True), OSError()),  # type: ignore[arg-type]
            "ClientConnectorError",
            "unsent",
        ),
    ],
)
def test_a_fault_is_permanent_throttled_unsent_or_uncertain(
    error: BaseException, code: str, fault: str
) -> None:
    assert errors.code(error) == code
    assert errors.fault(error) == fault


def test_the_wait_that_slack_names_is_read_however_it_is_written() -> None:
    for headers, seconds in (
        ({"Retry-After": "30"}, 30.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ):
        assert errors.retry_after(answered({}, 429, **headers)) == seconds
    assert errors.retry_after(TimeoutError()) is None
