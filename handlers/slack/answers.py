"""A reply made into what Slack takes at each door."""

from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from governance.errors import BotError
from handlers.doors import Asked
from handlers.slack import render
from handlers.views import Message, Reply, say

Json = dict[str, Any]


class NotShown(OSError):
    """The answer reached nobody."""


EMPTY = BoltResponse(status=200, body="")
ANSWERED = say("Thank you. The form that opened goes on with what you wanted.")


def apology(error: BotError) -> Message:
    return say(error.user_message)


def in_response(message: Message) -> BoltResponse:
    """Said in the answer to a command, to the one who typed it only."""
    return BoltResponse(status=200, body={"response_type": "ephemeral", **render.message(message)})


def in_form(reply: Reply) -> BoltResponse:
    """The answer to a form that was sent: another page in its place, or none."""
    if reply.form is not None:
        return _act("update", render.modal(reply.form))
    if reply.message is not None:
        return _act("update", render.page(reply.message))
    return _clear()


def form_error(error: BotError, body: Json) -> BoltResponse:
    """Beside the field it is about, or on a page above the form; what was typed stays."""
    fields = {block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"}
    if error.field in fields:
        return BoltResponse(
            status=200,
            body={"response_action": "errors", "errors": {error.field: error.user_message}},
        )
    return _act("push", render.page(apology(error)))


def _act(action: str, view: Json) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": action, "view": view})


def _clear() -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "clear"})


async def show(
    client: AsyncWebClient, asked: Asked, reply: Reply, body: Json, *, home_team: str
) -> None:
    """The answer to a press or shortcut, which the response can't carry."""
    view = body.get("view") or {}
    private = (body.get("container") or {}).get("is_ephemeral") or asked.channel_kind == "dm"
    if asked.in_page:
        await _in_page(client, reply, body)
    elif reply.form is not None:
        await client.views_open(trigger_id=body["trigger_id"], view=render.modal(reply.form))
        if reply.closes and private and body.get("response_url"):
            await _respond(body, render.message(ANSWERED), replaces=True)
    elif reply.redraw is not None:
        await _respond(body, render.message(reply.redraw), replaces=True)
    elif reply.message is None:
        return
    elif view.get("type") == "home" or not can_whisper(asked, body, home_team=home_team):
        page = render.page(reply.message)
        await client.views_open(trigger_id=body["trigger_id"], view=page)
    else:
        replaces = bool(reply.closes and private)
        await _respond(body, render.message(reply.message), replaces=replaces)


def can_whisper(asked: Asked, body: Json, *, home_team: str) -> bool:
    """Whether a private answer beside the message that was pressed is sure to be seen: people of
    another workspace may never get it in a channel."""
    visits = (body.get("user") or {}).get("team_id") not in (None, home_team)
    return bool(body.get("response_url")) and not (visits and asked.channel_kind != "dm")


async def whisper(body: Json, message: Message) -> None:
    """Said to the one who pressed, beside the message."""
    await _respond(body, render.message(message), replaces=False)


async def _in_page(client: AsyncWebClient, reply: Reply, body: Json) -> None:
    if reply.form is None and reply.message is None:
        return
    shown = render.modal(reply.form) if reply.form else render.page(reply.message or say(""))
    await client.views_update(view_id=body["view"]["id"], view=shown)


async def _respond(body: Json, message: Json, *, replaces: bool) -> None:
    extra: Json = {"replace_original": replaces}
    if not replaces:
        extra["response_type"] = "ephemeral"
    answer = await AsyncWebhookClient(body["response_url"]).send_dict({**message, **extra})
    if answer.status_code >= 400:
        raise NotShown(f"the response_url answered {answer.status_code}: {answer.body[:100]}")


async def apologise(
    client: AsyncWebClient, asked: Asked, error: BotError, body: Json, *, home_team: str
) -> None:
    """Tell somebody who pressed a button why nothing happened."""
    if asked.in_page:
        page = render.page(apology(error))
        await client.views_push(trigger_id=body["trigger_id"], view=page)
    else:
        await show(client, asked, Reply(message=apology(error)), body, home_team=home_team)
