"""The six catch-alls and the events: payload to act, reply to answer. No feature is known here."""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from governance.errors import BotError
from governance.messages import outbox
from governance.people import directory
from handlers import acts, doors, late
from handlers.doors import Asked
from handlers.late import StillCommitting
from handlers.slack import answers, payloads, render
from handlers.slack.errors import NETWORK, fault
from handlers.slack.events import Events
from handlers.slack.places import Clock, Home, Places
from handlers.views import MESSAGE, Form, Message, Reply, Text, words
from storage.engine import Database
from storage.tables import Conversation

Json = dict[str, Any]

ANY = re.compile(".*", re.S)

LOOKUPS = 3
"""How often an act may find that it needs people nobody has met."""

AGAIN = BoltResponse(status=503, body="")
"""An event that could not be taken now: Slack sends it again, three times."""

LAST_TRY = "3"
"""How Slack numbers the third repeat of an event, in `x-slack-retry-num`."""

log = structlog.get_logger()

LOADING = Form("One moment", "page", (Text(words("Looking at who is in this channel…")),))


class Listeners:
    """`wake` is called when there is something new to send, `counted` with each act's name and how
    it ended: done, refused, late or unrecorded."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        *,
        capture_reaction: str,
        wake: Callable[[], None],
        counted: Callable[[str, str], None] = lambda act, outcome: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._wake = wake
        self._counted = counted
        self._reaction = capture_reaction
        self.places = Places(database, clock, home)
        self._background: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def register(self, app: AsyncApp) -> None:
        app.command(ANY)(self._command)
        app.action(ANY)(self._pressed)
        app.view(ANY)(self._submitted)
        app.view_closed(ANY)(self._closed)
        app.shortcut(ANY)(self._shortcut)
        app.options(ANY)(self._options)
        app.event("app_mention")(self._mention)
        app.event("message")(self._direct)
        app.event("reaction_added")(self._reacted)
        Events(
            self._database, self._clock, self._home, self.places, self._wake, self._noticed
        ).register(app)
        app.error(self._error)

    async def quiet(self) -> None:
        """Wait for requests and follow-ups in flight."""
        await self._idle.wait()
        if self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def _command(self, client: AsyncWebClient, body: Json) -> BoltResponse:
        asked = payloads.command(body, bot=self._home.bot_user_id)
        view_id = await self._open_loading(client, asked, body)
        if view_id is not None:
            self._in_background(self._fill_loading(client, asked, body, view_id))
            return answers.EMPTY
        try:
            reply = await self._carry_out(client, asked, body)
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

    async def _fill_loading(
        self, client: AsyncWebClient, asked: Asked, body: Json, view_id: str
    ) -> None:
        """The command is acknowledged by now: the look-ups may take their time."""
        try:
            reply = await self._carry_out(client, asked, body, hurried=False)
        except BotError as error:
            reply = Reply(message=answers.apology(error))
        empty = Message((Text(words("There is nothing to do here.")),))
        shown = render.modal(reply.form) if reply.form else render.page(reply.message or empty)
        await self._try_to(client.views_update(view_id=view_id, view=shown), asked)

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
            reply = await self._carry_out(client, asked, body)
        except BotError as error:
            await self._apologise(client, asked, error, body)
            return answers.EMPTY
        await self._show(client, asked, reply, body)
        return answers.EMPTY

    async def _shortcut(self, client: AsyncWebClient, body: Json) -> BoltResponse:
        asked = payloads.shortcut(body, bot=self._home.bot_user_id, domain_url=self._home.url)
        try:
            reply = await self._carry_out(client, asked, body)
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
            await self._try_to(self._say(asked, message), asked)

    async def _apologise(
        self, client: AsyncWebClient, asked: Asked, error: BotError, body: Json
    ) -> None:
        home = self._home.team_id
        try:
            await answers.apologise(client, asked, error, body, home_team=home)
        except (SlackApiError, *NETWORK) as unseen:
            log.warning("apology_not_shown", act=asked.act, error=str(unseen)[:200])
            await self._try_to(self._say(asked, answers.apology(error)), asked)

    async def _submitted(self, client: AsyncWebClient, body: Json) -> BoltResponse:
        asked = payloads.submitted(body)
        if asked.act == "page":
            return answers.in_form(Reply())
        try:
            return answers.in_form(await self._carry_out(client, asked, body))
        except BotError as error:
            return answers.form_error(error, body)

    async def _closed(self, client: AsyncWebClient, body: Json) -> BoltResponse:
        asked = payloads.closed(body)
        return await self._noticed(client, asked, body) if asked.act else answers.EMPTY

    async def _options(self, body: Json) -> BoltResponse:
        source, typed, asked = payloads.searched(body)
        found = await self._database.read(
            lambda session: doors.list_choices(
                session, source, typed, asked, self._home.installation_id, now=self._clock.now()
            )
        )
        return BoltResponse(
            status=200, body={"options": [render.option(choice) for choice in found]}
        )

    async def _mention(
        self, client: AsyncWebClient, body: Json, req: AsyncBoltRequest
    ) -> BoltResponse:
        if not payloads.is_from_a_person(body["event"]) or body["event"].get("edited"):
            return answers.EMPTY
        asked = payloads.mention(body, bot=self._home.bot_user_id, domain_url=self._home.url)
        return await self._heard(client, asked, body, req)

    async def _direct(
        self, client: AsyncWebClient, body: Json, req: AsyncBoltRequest
    ) -> BoltResponse:
        event = body["event"]
        if event.get("channel_type") != "im" or not payloads.is_from_a_person(event):
            return answers.EMPTY
        asked = payloads.direct(body, bot=self._home.bot_user_id)
        return await self._heard(client, asked, body, req)

    async def _reacted(
        self, client: AsyncWebClient, body: Json, req: AsyncBoltRequest
    ) -> BoltResponse:
        """The first to react with the agreed emoji is asked; the message comes with its
        reactions, so no history is read."""
        event = body["event"]
        item = event["item"]
        wanted = event["reaction"].partition("::")[0] == self._reaction
        if not wanted or item["type"] != "message" or not await self._is_ours(item["channel"]):
            return answers.EMPTY
        try:
            found = await client.reactions_get(
                channel=item["channel"], timestamp=item["ts"], full=True
            )
        except SlackApiError as error:
            log.warning("reaction_not_read", error=str(error)[:200])
            return answers.EMPTY if fault(error) == "permanent" else AGAIN
        args, people = payloads.source_of(
            {**found["message"], "ts": item["ts"]},
            item["channel"],
            bot=self._home.bot_user_id,
            domain_url=self._home.url,
        )
        asked = Asked(
            act="action_item.from_message",
            args=args,
            user_id=event["user"],
            door="reaction",
            receipt=f"reaction:{item['channel']}:{item['ts']}",
            channel=item["channel"],
            thread=args["source_thread"] or item["ts"],
            people=people,
        )
        return await self._heard(client, asked, body, req)

    async def _is_ours(self, channel: str) -> bool:
        def linked(session: Session) -> bool:
            found = directory.conversation(session, self._home.installation_id, channel)
            return found is not None and found.alliance_id is not None

        return await self._database.read(linked)

    async def _heard(
        self, client: AsyncWebClient, asked: Asked, body: Json, req: AsyncBoltRequest
    ) -> BoltResponse:
        """An event, whose answer goes through the outbox. What may pass is sent again by Slack, so
        it is called not recorded only when no repeat will follow."""
        try:
            await self._carry_out(client, asked, body)
        except BotError as error:
            if isinstance(error, MAY_PASS) and not _is_last_try(req):
                return AGAIN
            await self._try_to(self._say(asked, answers.apology(error), once=True), asked)
        return answers.EMPTY

    async def _noticed(self, client: AsyncWebClient, asked: Asked, body: Json) -> BoltResponse:
        """Something done without asking anything: nobody is told where nothing came of it."""
        try:
            await self._carry_out(client, asked, body)
        except MAY_PASS:
            return AGAIN
        except BotError as error:
            log.warning("not_taken_up", act=asked.act, why=error.user_message)
        return answers.EMPTY

    async def _say(self, asked: Asked, message: Message, *, once: bool = False) -> None:
        """Put a private answer down for somebody, where their request left nothing behind; `once`
        however often the request is repeated."""

        def put(session: Session) -> None:
            if once and not doors.is_first(session, asked, now=self._clock.now()):
                return
            [person] = acts.find_people(session, self._home.installation_id, [asked.user_id])
            place = directory.conversation(session, self._home.installation_id, asked.channel)
            outbox.put(
                session,
                outbox.ANSWER,
                {"message": MESSAGE.dump_json(message).decode()},
                key=f"answer:{asked.receipt}",
                installation_id=self._home.installation_id,
                person_id=person.id,
                conversation_id=place.id if place else None,
                thread=asked.thread,
                now=self._clock.now(),
            )

        await self._database.run(put)
        self._wake()

    async def _carry_out(
        self, client: AsyncWebClient, asked: Asked, body: Json, *, hurried: bool = True
    ) -> Reply:
        """One transaction, within the time that Slack leaves; look-ups count where somebody waits
        for them (`hurried`). Raises BotError."""
        started, outcome = time.monotonic(), "refused"
        self._busy += 1
        self._idle.clear()
        try:
            if asked.act in acts.NEEDS_PLACE:
                await self._look_at_place(client, asked)
            started = started if hurried else time.monotonic()
            reply = await self._until_known(client, asked, started)
            outcome = "done"
            return reply
        except StillCommitting as running:
            outcome = "late"
            self._follow_up(asked, running)
            raise BotError(
                "This takes longer than usual. It is being recorded; I write you when it is done."
            ) from running
        except SQLAlchemyError as error:
            outcome = "unrecorded"
            raise Unrecorded(RECORDS_AWAY, _reference(error, asked)) from error
        except (SlackApiError, *NETWORK) as error:
            outcome = "unrecorded"
            raise Unrecorded(SLACK_AWAY, _reference(error, asked)) from error
        finally:
            self._counted(asked.act if asked.act in acts.ACTS else "unknown", outcome)
            self._busy -= 1
            if not self._busy:
                self._idle.set()
            self._wake()

    async def _look_at_place(self, client: AsyncWebClient, asked: Asked) -> None:
        channel = asked.channel
        if not channel and asked.place:
            channel = await self._database.read(
                lambda session: session.get_one(Conversation, int(asked.place)).external_id
            )
        if channel and not channel.startswith("D"):
            await self.places.look_at(client, channel)

    async def _until_known(self, client: AsyncWebClient, asked: Asked, started: float) -> Reply:
        for _ in range(LOOKUPS):
            left = late.BUDGET - (time.monotonic() - started)
            try:
                return await late.run_in_time(self._database, self._work(asked), seconds=left)
            except acts.PeopleNeeded as needed:
                await self.places.meet(client, needed.user_ids)
        raise BotError("I could not find everybody you mentioned. Nothing was recorded.")

    def _work(self, asked: Asked) -> Callable[[Session], Reply]:
        def work(session: Session) -> Reply:
            return doors.carry_out(
                session, asked, self._home.installation_id, now=self._clock.now()
            )

        return work

    def _follow_up(self, asked: Asked, running: StillCommitting) -> None:
        async def tell() -> None:
            try:
                reply: Reply = await running.outcome
            except Exception as error:
                log.error("late_commit_failed", act=asked.act, error=repr(error)[:300])
                sorry = "The last thing you asked for was not recorded after all. Please try again."
                await self._try_to(self._say(asked, answers.apology(BotError(sorry))), asked)
                return
            message = reply.message or Message((Text(words("Done: it is recorded.")),))
            await self._try_to(self._say(asked, message), asked)

        self._in_background(tell())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """What goes on after the answer; waited for when the bot stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _try_to(self, saying: Awaitable[object], asked: Asked) -> None:
        try:
            await saying
        except (SlackApiError, SQLAlchemyError, acts.PeopleNeeded, *NETWORK) as error:
            log.error("not_said", act=asked.act, error=repr(error)[:300])

    async def _error(self, error: Exception, body: Json) -> BoltResponse:
        """What no listener foresaw: a reference for the log, and a sentence for the person."""
        if isinstance(error, BoltUnhandledRequestError):
            return answers.EMPTY
        if "event" in body and isinstance(error, (SQLAlchemyError, SlackApiError, *NETWORK)):
            log.warning("event_put_off", error=repr(error)[:300])
            return AGAIN
        reference = secrets.token_hex(3)
        log.error("unforeseen", reference=reference, error=repr(error)[:500], exc_info=error)
        sorry = BotError(
            f"Something went wrong on my side (reference {reference}). Please look whether it was "
            "recorded before you try again."
        )
        if body.get("command"):
            return answers.in_response(answers.apology(sorry))
        if body.get("type") == "view_submission":
            return answers.form_error(sorry, body)
        asked = payloads.waiting(body, receipt=f"unforeseen:{reference}")
        if asked is not None:
            await self._try_to(self._tell(asked, answers.apology(sorry), body), asked)
        return answers.EMPTY

    async def _tell(self, asked: Asked, message: Message, body: Json) -> None:
        """Beside the message that was pressed, or else in a message to them."""
        if answers.can_whisper(asked, body, home_team=self._home.team_id):
            try:
                return await answers.whisper(body, message)
            except (SlackApiError, *NETWORK) as error:
                log.warning("answer_not_shown", act=asked.act, error=str(error)[:200])
        await self._say(asked, message)


RECORDS_AWAY = "I could not reach my records, so this was not recorded."
SLACK_AWAY = (
    "Slack did not tell me what I need to know about who is meant, so this was not recorded."
)


class Unrecorded(BotError):
    """The database, or Slack's account of who somebody is, was out of reach: nothing was stored,
    and the same may work in a moment."""

    def __init__(self, why: str, reference: str) -> None:
        super().__init__(f"{why} Please try again in a minute (reference {reference}).")


MAY_PASS = (Unrecorded, late.NotInTime)


def _is_last_try(req: AsyncBoltRequest) -> bool:
    return (req.headers.get("x-slack-retry-num") or [""])[0] == LAST_TRY


def _reference(error: Exception, asked: Asked) -> str:
    reference = secrets.token_hex(3)
    log.error("unrecorded", reference=reference, act=asked.act, error=repr(error)[:500])
    return reference
