"""What each refusal of the Bot Connector's means for a message."""

import httpx
import pytest

from handlers.platform import PlatformError
from handlers.teams import errors

NESTED = {"errorCode": 209, "message": '{"subCode": "MessageWritesBlocked", "errorCode": null}'}


@pytest.mark.parametrize(
    ("status", "body", "code", "fault"),
    [
        (403, {"error": {"code": "MessageWritesBlocked"}}, "MessageWritesBlocked", "permanent"),
        (403, NESTED, "MessageWritesBlocked", "permanent"),
        (404, {"error": {"code": "ConversationNotFound"}}, "ConversationNotFound", "permanent"),
        (413, {"error": {"code": "MessageSizeTooBig"}}, "MessageSizeTooBig", "permanent"),
        (401, {"message": "Authorization has been denied."}, "http_401", "unsent"),
        (408, "", "http_408", "unsent"),
        (412, {"error": {"code": "PreconditionFailed"}}, "PreconditionFailed", "throttled"),
        (429, {"error": {"code": "Throttled"}}, "Throttled", "throttled"),
        (500, {"error": {"code": "ServiceError"}}, "ServiceError", "uncertain"),
        (502, "<html>", "http_502", "uncertain"),
        (503, [], "http_503", "uncertain"),
        (504, {"message": 7}, "http_504", "uncertain"),
        (302, "", "http_302", "permanent"),
        (403, {"error": {"code": "accessDenied"}}, "accessDenied", "permanent"),
        (404, {"error": {"code": "itemNotFound"}}, "itemNotFound", "permanent"),
        (416, {"error": {"code": "invalidRange"}}, "invalidRange", "permanent"),
        (507, {"error": {"code": "quotaLimitReached"}}, "quotaLimitReached", "permanent"),
    ],
)
async def test_a_fault_is_permanent_throttled_unsent_or_uncertain(
    status: int, body: object, code: str, fault: str
) -> None:
    how = {"text": body} if isinstance(body, str) else {"json": body}
    answer = httpx.Response(status, request=httpx.Request("POST", "http://teams"), **how)

    async def call() -> None:
        answer.raise_for_status()

    with pytest.raises(PlatformError) as raised:
        await errors.told(call())
    assert (raised.value.code, raised.value.fault) == (code, fault)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (httpx.ConnectError("no"), "unsent"),
        (httpx.ConnectTimeout("no"), "unsent"),
        (httpx.ReadTimeout("no"), "uncertain"),
        (httpx.RemoteProtocolError("no"), "uncertain"),
        (ValueError("no JSON"), "uncertain"),
    ],
)
async def test_what_breaks_before_anything_was_sent_is_told_from_the_rest(
    error: Exception, fault: str
) -> None:
    async def call() -> None:
        raise error

    with pytest.raises(PlatformError) as raised:
        await errors.told(call())
    assert raised.value.fault == fault


@pytest.mark.parametrize(
    ("given", "seconds"), [("30", 30.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None), (None, None)]
)
async def test_the_wait_that_teams_names_is_read(given: str | None, seconds: float | None) -> None:
    headers = {"retry-after": given} if given is not None else {}
    request = httpx.Request("POST", "http://teams")
    answer = httpx.Response(429, request=request, headers=headers)

    async def call() -> None:
        answer.raise_for_status()

    with pytest.raises(PlatformError) as raised:
        await errors.told(call())
    assert raised.value.retry_after == seconds
