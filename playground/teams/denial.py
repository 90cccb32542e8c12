"""What the Bot Connector refuses, as it says so on the wire."""

from typing import Any

from playground.refusal import Json

CODES: dict[str, tuple[int, str]] = {
    "BadSyntax": (400, "Bad format of conversation ID"),
    "BadArgument": (400, "Bad argument"),
    "INVALID_TARGETED_MESSAGE_ID": (400, "The id is not that of a targeted message."),
    "BotNotRegistered": (401, "No registration found for this bot."),
    "BotDisabledByAdmin": (403, "The tenant admin disabled this bot"),
    "BotNotInConversationRoster": (403, "The bot is not part of the conversation roster."),
    "ConversationBlockedByUser": (403, "User blocked the conversation with the bot."),
    "ForbiddenOperationException": (403, "Bot isn't installed in user's personal scope"),
    "InvalidBotApiHost": (403, "Invalid bot api host."),
    "MessageWritesBlocked": (403, "Thread is blocked from message writes."),
    "NotEnoughPermissions": (403, "Bot does not have enough permissions."),
    "ConversationNotFound": (404, "Conversation not found."),
    "ActivityNotFoundInConversation": (404, "Activity not found in conversation."),
    "MemberNotFoundInConversation": (404, "Member not found in conversation."),
    "TARGETED_MESSAGE_EXPIRED_OR_DELETED": (404, "The targeted message is gone."),
    "PreconditionFailed": (412, "Precondition failed, please try again."),
    "MessageSizeTooBig": (413, "Message size too large."),
    "Throttled": (429, "Too many requests"),
    "ServiceError": (500, "Internal service error."),
}
_BY_STATUS = {
    400: "BadArgument",
    401: "BotNotRegistered",
    403: "ForbiddenOperationException",
    404: "ConversationNotFound",
    412: "PreconditionFailed",
    413: "MessageSizeTooBig",
    429: "Throttled",
}


class Denied(Exception):
    """An answer other than success, ready to be sent."""

    def __init__(
        self, status: int, body: Json, headers: dict[str, str] | None = None, text: str = ""
    ) -> None:
        super().__init__(text or str(body))
        self.status = status
        self.body = body
        self.headers = headers or {}


def denied(code: str, message: str = "", status: int | None = None) -> Denied:
    usual, words = CODES.get(code, (400, code))
    body = {"error": {"code": code, "message": message or words}}
    return Denied(status or usual, body, text=f"{code}: {message or words}")


def bad(message: str) -> Denied:
    return denied("BadArgument", message)


def unauthorized() -> Denied:
    return Denied(401, {"message": "Authorization has been denied for this request."})


def writes_blocked(*, plain: bool) -> Denied:
    """The one refusal that comes in a shape of its own: JSON in a string in JSON."""
    if plain:
        return denied("MessageWritesBlocked")
    inner = (
        '{\r\n  "subCode": "MessageWritesBlocked",\r\n'
        '  "details": "Thread is blocked from message writes.",\r\n'
        '  "errorCode": null,\r\n  "errorSubCode": null\r\n}'
    )
    return Denied(403, {"errorCode": 209, "message": inner})


def ordered(status: int | None, error: str | None, retry_after: int | None) -> Denied:
    """A failure that a test ordered: by status, by code, or by both."""
    if status is None:
        status = 429 if retry_after is not None else CODES.get(error or "", (500, ""))[0]
    code = error or _BY_STATUS.get(status, "ServiceError")
    refused = denied(code, status=status)
    if code == "MessageWritesBlocked":
        refused = writes_blocked(plain=False)
    if status == 429:
        refused.headers = {"retry-after": str(1 if retry_after is None else retry_after)}
    return refused


def one_of(value: Any, allowed: tuple[str, ...], what: str) -> None:
    if value is not None and value not in allowed:
        raise bad(f"{what} must be one of {', '.join(allowed)}")
