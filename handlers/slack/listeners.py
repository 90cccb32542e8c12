"""The six catch-alls and the events: payload to act, reply to answer. No feature is known here."""

import re
import secrets
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from governance.errors import BotError
from handlers import acts
from handlers.carrying import MAY_PASS, Carrier, Clock, unforeseen
from handlers.doors import Asked
from handlers.platform import PlatformError
from handlers.slack import answers, payloads, render
from handlers.slack.errors import NETWORK, told
from handlers.slack.events import AGAIN, Events
from handlers.slack.places import Home, Places
from handlers.slack.reactions import Reactions
from handlers.views import Form, Message, Reply, Text, words
from storage.engine import Database

Json = dict[str, Any]

ANY = re.compile(".*", re.S)

LAST_TRY = "3"
"""How Slack numbers the third repeat of an event, in `x-slack-retry-num`."""

OUT_OF_REACH = (SQLAlchemyError, PlatformError, SlackApiError, *NETWORK)

log = structlog.get_logger()

LOADING = Form("One moment", "page", (Text(words("Looking at who is in this channel…")),))


class Listeners:
    """`wake` is called when there is something new to send."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        places: Places,
        carrier: Carrier,
        *,
        capture_reaction: str,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._home = home
        self._carrier = carrier
        self._reactions = Reactions(
            database,
            clock,
            home,
            wake,
            self._heard,
            self._noticed,
            capture_reaction=capture_reaction,
        )
        self._events = Events(database, clock, home, places, wake, self._noticed)

    def register(self, app: AsyncApp) -> None:
        app.command(ANY)(self._command)
        app.action(ANY)(self._pressed)
        app.view(ANY)(self._submitted)
        app.view_closed(ANY)(self._closed)
        app.shortcut(ANY)(self._shortcut)
        app.options(ANY)(self._options)
        app.event("app_mention")(self._mention)
        app.event("message")(self._direct)
        self._events.register(app)
        self._reactions.register(app)
        app.error(self._error)

    async def _command(self, client: AsyncWebClient, body: Json) -> BoltResponse:
        asked = payloads.command(body, bot=self._home.bot_user_id)
        view_id = await self._open_loading(client, asked, body)
        if view_id is not None:
            self._carrier.in_background(self._fill_loading(client, asked, view_id))
            return answers.EMPTY
        try:
            reply = await self._carrier.carry_out(asked)
        except BotError as error:
            return answers.in_response(answers.apology(error))
        if reply.form is not None:
            return await self._open(client, asked, reply, body)
        return answers.in_response(reply.message) if reply.message else answers.EMPTY

    async def _open_loading(self, client: AsyncWebClient, asked: Asked, body: Json) -> str | None:
        """A form that needs look-ups opens at once and is filled when they are done."""
        if asked.act not in acts.NEEDS_PLACE or asked.channel_kind == "dm":
            return None
        opened = await client.views_open(trigger_id=body["trigger_id"], view=render.modal(LOADING))
        return str(opened["view"]["id"])

    async def _fill_loading(self, client: AsyncWebClient, asked: Asked, view_id: str) -> None:
        """The command is acknowledged by now: the look-ups may take their time."""
        try:
            reply = await self._carrier.carry_out(asked, hurried=False)
        except BotError as error:
            reply = Reply(message=answers.apology(error))
        empty = Message((Text(words("There is nothing to do here.")),))
        shown = render.modal(reply.form) if reply.form else render.page(reply.message or empty)
        await self._carrier.try_to(told(client.views_update(view_id=view_id, view=shown)), asked)

    async def _open(
        self, client: AsyncWebClient, asked: Asked, reply: Reply, body: Json
    ) -> BoltResponse:
        assert reply.form is not None
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=render.modal(reply.form))
        except (SlackApiError, *NETWORK) as error:
            log.warning("form_not_opened", act=asked.act, error=str(error)[:200])
            sorry = "The form did not open and nothing was recorded. Please try once more."
            return answers.in_response(answers.apology(BotError(sorry)))
        return answers.EMPTY

    async def _pressed(self, client: AsyncWebClient, body: Json) -> BoltResponse:
        asked = payloads.pressed(body)
        if not asked.act or (
            body["actions"][0].get("type") == "button" and body["actions"][0].get("url")
        ):
            return answers.EMPTY
        try:
            reply = await self._carrier.carry_out(asked)
        except BotError as error:
            await self._apologise(client, asked, error, body)
            return answers.EMPTY
        await self._show(client, asked, reply, body)
        return answers.EMPTY

    async def _shortcut(self, client: AsyncWebClient, body: Json) -> BoltResponse:
        asked = payloads.shortcut(body, bot=self._home.bot_user_id, domain_url=self._home.url)
        try:
            reply = await self._carrier.carry_out(asked)
        except BotError as error:
            reply = Reply(form=Form("Alliance", "page", answers.apology(error).blocks))
        await self._show(client, asked, reply, body)
        return answers.EMPTY

    async def _show(self, client: AsyncWebClient, asked: Asked, reply: Reply, body: Json) -> None:
        """Show a reply; what can't be shown where they are is said in a direct message."""
        try:
            await answers.show(client, asked, reply, body, home_team=self._home.team_id)
        except (SlackApiError, *NETWORK) as error:
            log.warning("answer_not_shown", act=asked.act, error=str(error)[:200])
            message = reply.message or Message(
                (Text(words("The form did not open. Please press once more.")),)
            )
            await self._carrier.try_to(self._carrier.say(asked, message), asked)

    async def _apologise(
        self, client: AsyncWebClient, asked: Asked, error: BotError, body: Json
    ) -> None:
        home = self._home.team_id
        try:
            await answers.apologise(client, asked, error, body, home_team=home)
        except (SlackApiError, *NETWORK) as unseen:
            log.warning("apology_not_shown", act=asked.act, error=str(unseen)[:200])
            await self._carrier.try_to(self._carrier.say(asked, answers.apology(error)), asked)

    async def _submitted(self, body: Json) -> BoltResponse:
        asked = payloads.submitted(body)
        if asked.act == "page":
            return answers.in_form(Reply())
        try:
            return answers.in_form(await self._carrier.carry_out(asked))
        except BotError as error:
            return answers.form_error(error, body)

    async def _closed(self, body: Json) -> BoltResponse:
        asked = payloads.closed(body)
        return await self._noticed(asked) if asked.act else answers.EMPTY

    async def _options(self, body: Json) -> BoltResponse:
        source, typed, asked = payloads.searched(body)
        found = await self._carrier.choices(source, typed, asked)
        return BoltResponse(
            status=200, body={"options": [render.option(choice) for choice in found]}
        )

    async def _mention(self, body: Json, req: AsyncBoltRequest) -> BoltResponse:
        if not payloads.is_from_a_person(body["event"]) or body["event"].get("edited"):
            return answers.EMPTY
        asked = payloads.mention(body, bot=self._home.bot_user_id, domain_url=self._home.url)
        return await self._heard(asked, req)

    async def _direct(self, body: Json, req: AsyncBoltRequest) -> BoltResponse:
        event = body["event"]
        if event.get("channel_type") != "im" or not payloads.is_from_a_person(event):
            return answers.EMPTY
        asked = payloads.direct(body, bot=self._home.bot_user_id)
        return await self._heard(asked, req)

    async def _heard(self, asked: Asked, req: AsyncBoltRequest) -> BoltResponse:
        """An event, whose answer goes through the outbox. What may pass is sent again by Slack, so
        it is called not recorded only when no repeat will follow."""
        try:
            await self._carrier.carry_out(asked)
        except BotError as error:
            if isinstance(error, MAY_PASS) and not _is_last_try(req):
                return AGAIN
            await self._carrier.try_to(
                self._carrier.say(asked, answers.apology(error), once=True), asked
            )
        return answers.EMPTY

    async def _noticed(self, asked: Asked) -> BoltResponse:
        """Something done without asking anything: nobody is told where nothing came of it."""
        try:
            await self._carrier.carry_out(asked)
        except MAY_PASS:
            return AGAIN
        except BotError as error:
            log.warning("not_taken_up", act=asked.act, why=error.user_message)
        return answers.EMPTY

    async def _error(self, error: Exception, body: Json) -> BoltResponse:
        """What no listener foresaw: a reference for the log, and a sentence for the person."""
        if isinstance(error, BoltUnhandledRequestError):
            return answers.EMPTY
        if "event" in body and isinstance(
            error, (SQLAlchemyError, PlatformError, SlackApiError, *NETWORK)
        ):
            log.warning("event_put_off", error=repr(error)[:300])
            return AGAIN
        sorry = unforeseen(error)
        if body.get("command"):
            return answers.in_response(answers.apology(sorry))
        if body.get("type") == "view_submission":
            return answers.form_error(sorry, body)
        asked = payloads.waiting(body, receipt=f"unforeseen:{secrets.token_hex(6)}")
        if asked is not None:
            await self._carrier.try_to(self._tell(asked, answers.apology(sorry), body), asked)
        return answers.EMPTY

    async def _tell(self, asked: Asked, message: Message, body: Json) -> None:
        """Beside the message that was pressed, or else in a message to them."""
        if answers.can_whisper(asked, body, home_team=self._home.team_id):
            try:
                return await answers.whisper(body, message)
            except (SlackApiError, *NETWORK) as error:
                log.warning("answer_not_shown", act=asked.act, error=str(error)[:200])
        await self._carrier.say(asked, message)


def _is_last_try(req: AsyncBoltRequest) -> bool:
    return (req.headers.get("x-slack-retry-num") or [""])[0] == LAST_TRY
