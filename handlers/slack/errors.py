"""Slack's error codes, classified: the one place that says what each means for a message."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers.platform import Fault, PlatformError

T = TypeVar("T")

PERMANENT = frozenset(
    {
        "access_denied",
        "account_inactive",
        "bot_not_found",
        "cannot_dm_bot",
        "cant_update_message",
        "channel_is_limited_access",
        "channel_not_found",
        "ekm_access_denied",
        "file_upload_size_restricted",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "invalid_arguments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "is_archived",
        "message_not_found",
        "messages_tab_disabled",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_permission",
        "no_text",
        "posting_to_channel_denied",
        "slack_connect_blocked_file_type",
        "slack_connect_file_link_sharing_blocked",
        "slack_connect_file_upload_sharing_blocked",
        "storage_limit_reached",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "restricted_action",
        "team_access_not_granted",
        "token_revoked",
        "too_many_attachments",
        "user_disabled",
        "user_is_bot",
        "user_is_restricted",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
    }
)
UNCERTAIN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
NETWORK = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


async def told(call: Awaitable[T]) -> T:
    """What Slack answers. Raises PlatformError in place of what its client raises."""
    try:
        return await call
    except (SlackApiError, *NETWORK) as error:
        raise PlatformError(code(error), fault(error), retry_after(error)) from error


def code(error: BaseException) -> str:
    """Slack's word for what went wrong, or the kind of network fault."""
    if isinstance(error, SlackApiError):
        return str(_told(error).get("error") or f"http_{_status(error)}")
    return type(error).__name__


def _told(error: SlackApiError) -> dict[str, object]:
    """Slack's answer; empty where something between us and Slack answered in its stead."""
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}


def _status(error: SlackApiError) -> int:
    answer = error.response
    return int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 200)


def fault(error: BaseException) -> Fault:
    """What an error means for the message that was being sent."""
    if not isinstance(error, SlackApiError):
        return "unsent" if isinstance(error, aiohttp.ClientConnectorError) else "uncertain"
    status, said = _status(error), code(error)
    if status == 429 or said in ("ratelimited", "rate_limited"):
        return "throttled"
    if status >= 500 or said in UNCERTAIN or said == "http_200":
        return "uncertain"
    return "permanent" if said in PERMANENT else "unsent"


def retry_after(error: BaseException) -> float | None:
    """Seconds that Slack asks to wait, if it does."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    text = said[0] if isinstance(said, list) else said
    try:
        return max(0.0, float(text)) if text is not None else None
    except ValueError:
        return None
