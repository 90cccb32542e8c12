"""Sends to Slack what the outbox holds; see `handlers.platform.Messenger`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from governance.seeing.export import File
from handlers.platform import PlatformError, Sent
from handlers.slack import render, scale
from handlers.slack.errors import told
from handlers.views import Message, Scale

Json = dict[str, Any]

log = structlog.get_logger()

EVENT = "alliance_bot"
"""The type of our metadata; its payload is one random token and nothing else."""

SEARCHED = 100
"""How many of a direct message's latest messages are looked through for a token."""


class SlackMessenger:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def open_direct(self, user_id: str) -> str:
        """The channel of one's direct messages with somebody."""
        answer = await told(self._client.conversations_open(users=[user_id]))
        return str(answer["channel"]["id"])

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        token: str,
        thread: str | None = None,
        begun: str = "",
    ) -> Sent:
        """Whole or not at all: nothing is ever `begun`."""
        answer = await told(
            self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                metadata={"event_type": EVENT, "event_payload": {"token": token}},
                **_body(message),
            )
        )
        sent = Sent(str(answer["channel"]), str(answer["ts"]))
        if any(isinstance(block, Scale) for block in message.blocks):
            await self._seed(sent)
        return sent

    async def _seed(self, sent: Sent) -> None:
        """Put the numbers below a question, to be pressed. They can be chosen from the menu, too,
        so it is no failure of the message where that fails."""
        for name in scale.EMOJI:
            try:
                await told(
                    self._client.reactions_add(
                        channel=sent.channel, timestamp=sent.ts or "", name=name
                    )
                )
            except PlatformError as error:
                log.warning("not_seeded", error=error.code)
                return

    async def update(self, channel: str, ts: str, message: Message) -> Sent:
        await told(self._client.chat_update(channel=channel, ts=ts, **_body(message, update=True)))
        return Sent(channel, ts)

    async def whisper(
        self,
        channel: str,
        user_id: str,
        message: Message,
        *,
        thread: str | None = None,
        begun: str = "",
    ) -> Sent:
        """Seen by one person, and not guaranteed to be: it can't be found again."""
        await told(
            self._client.chat_postEphemeral(
                channel=channel, user=user_id, thread_ts=thread, **_body(message)
            )
        )
        return Sent(channel, None)

    async def show_home(self, user_id: str, message: Message) -> Sent:
        await told(self._client.views_publish(user_id=user_id, view=render.home(message)))
        return Sent("", None)

    async def send_files(
        self, channel: str, message: Message, files: Sequence[File], *, token: str
    ) -> Sent:
        """All of them in one message or none; Slack answers without saying which message."""
        await told(
            self._client.files_upload_v2(
                channel=channel,
                initial_comment=str(_body(message)["text"]),
                file_uploads=[
                    {"filename": one.name, "title": one.name, "content": one.data} for one in files
                ],
            )
        )
        return Sent(channel, None)

    async def pin(self, channel: str, ts: str) -> None:
        await told(self._client.pins_add(channel=channel, timestamp=ts))

    async def reactions(self, channel: str, ts: str) -> frozenset[tuple[str, int]] | None:
        answer = await told(self._client.reactions_get(channel=channel, timestamp=ts, full=True))
        return frozenset(
            (str(user), value)
            for one in answer["message"].get("reactions") or ()
            if (value := scale.value_of(one["name"])) is not None
            for user in one["users"]
        )

    async def find(self, channel: str, token: str, *, since: datetime) -> Sent | None:
        """A message posted before, by its token; only where history may be read."""
        answer = await told(
            self._client.conversations_history(
                channel=channel,
                oldest=str(since.timestamp() - 60),
                include_all_metadata=True,
                limit=SEARCHED,
            )
        )
        for message in answer["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("token") == token:
                return Sent(channel, str(message["ts"]))
        return None


def _body(message: Message, *, update: bool = False) -> Json:
    body = render.message(message) | {"parse": "none", "link_names": False}
    return body if update else body | {"unfurl_links": False, "unfurl_media": False}
