"""Reactions: a message is captured by the agreed emoji, and the message of a pulse is answered by
the emoji of its scale. Any other is dropped."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from governance.people import directory
from governance.trust import reactions
from governance.trust.reactions import Kept, Reacted
from governance.trust.tally import read_stamp
from handlers.carrying import Clock
from handlers.doors import Asked
from handlers.slack import payloads, scale
from handlers.slack.errors import fault
from handlers.slack.events import AGAIN, DONE
from handlers.slack.places import Home
from storage.engine import Database

Json = dict[str, Any]

Hear = Callable[[Asked, AsyncBoltRequest], Awaitable[BoltResponse]]
Notice = Callable[[Asked], Awaitable[BoltResponse]]

log = structlog.get_logger()


class Reactions:
    """`hear` carries out what an event asks for, `notice` what is done without asking anything.
    `wake` is called when there is something new to send."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        wake: Callable[[], None],
        hear: Hear,
        notice: Notice,
        *,
        capture_reaction: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._wake = wake
        self._hear = hear
        self._notice = notice
        self._capture = capture_reaction

    def register(self, app: AsyncApp) -> None:
        app.event("reaction_added")(self._added)
        app.event("reaction_removed")(self._removed)

    async def _added(
        self, client: AsyncWebClient, event: Json, req: AsyncBoltRequest
    ) -> BoltResponse:
        if event["item"]["type"] != "message" or event["user"] == self._home.bot_user_id:
            return DONE
        value = scale.value_of(event["reaction"])
        if value is not None and (answered := await self._answer(event, value)):
            return answered
        if event["reaction"].partition("::")[0] == self._capture:
            return await self._captured(client, event, req)
        return DONE

    async def _removed(self, event: Json) -> BoltResponse:
        value = scale.value_of(event["reaction"])
        if value is None or event["item"]["type"] != "message":
            return DONE
        return await self._answer(event, value) or DONE

    async def _answer(self, event: Json, value: int) -> BoltResponse | None:
        """What somebody answers a pulse with; None on any other message. It is kept in one short
        transaction, and needs no receipt: the same event changes nothing a second time. An act is
        carried out only for who has no place yet."""
        what = Reacted(
            channel=event["item"]["channel"],
            ts=event["item"]["ts"],
            user_id=event["user"],
            value=value,
            present=event["type"] == "reaction_added",
            at=read_stamp(event["event_ts"]),
        )
        if not what.at:
            return DONE
        kept = await self._database.run(lambda session: self._note(session, what))
        if kept == "stranger":
            return await self._notice(payloads.reacted(event, what.value, what.at))
        if kept == "changed":
            self._wake()
        return None if kept == "elsewhere" else DONE

    def _note(self, session: Session, what: Reacted) -> Kept:
        return reactions.note(session, self._home.installation_id, what, now=self._clock.now())

    async def _captured(
        self, client: AsyncWebClient, event: Json, req: AsyncBoltRequest
    ) -> BoltResponse:
        """The first to react with the agreed emoji is asked; the message comes with its
        reactions, so no history is read."""
        item = event["item"]
        if not await self._is_ours(item["channel"]):
            return DONE
        try:
            found = await client.reactions_get(
                channel=item["channel"], timestamp=item["ts"], full=True
            )
        except SlackApiError as error:
            log.warning("reaction_not_read", error=str(error)[:200])
            return DONE if fault(error) == "permanent" else AGAIN
        message = {**found["message"], "ts": item["ts"]}
        about = {"bot": self._home.bot_user_id, "domain_url": self._home.url}
        return await self._hear(payloads.captured(event, message, **about), req)

    async def _is_ours(self, channel: str) -> bool:
        def linked(session: Session) -> bool:
            found = directory.conversation(session, self._home.installation_id, channel)
            return found is not None and found.alliance_id is not None

        return await self._database.read(linked)
