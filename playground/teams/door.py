"""Signed activities to the bot, repeated when they were not taken."""

import asyncio
import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import aiohttp

from playground.door import Answer
from playground.journal import Entry, Journal
from playground.refusal import Json
from playground.teams.keys import Keys

# How long after a failure the next attempt follows; the first one follows at once.
_PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
_REPEATS = 2  # of an invoke that is late
_AGENT = "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)"


class Door:
    """Where the bot listens. `message_seconds` and `invoke_seconds` are real seconds."""

    def __init__(
        self, journal: Journal, keys: Keys, app_id: str, now: Callable[[], datetime]
    ) -> None:
        self.url: str | None = None
        self.message_seconds = 15.0
        self.invoke_seconds = 5.0
        self._journal = journal
        self._keys = keys
        self._app_id = app_id
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def message(self, activity: Json) -> Answer:
        return await self._send(activity, self.message_seconds)

    async def invoke(self, activity: Json) -> Answer:
        """As long as the answer is late, the same body again; what comes late is ignored."""
        answer = await self._send(activity, self.invoke_seconds)
        for _ in range(_REPEATS):
            if not answer.timed_out:
                break
            answer = await self._send(activity, self.invoke_seconds)
        return answer

    async def _send(self, activity: Json, seconds: float) -> Answer:
        kind = activity["type"] if activity["type"] in ("message", "invoke") else "event"
        method = activity.get("name") or activity["type"]
        entry = Entry(self._now(), "to_bot", kind, method, activity, None, None)
        self._journal.add(entry)
        answer = await self._post(activity, seconds)
        said = answer.json()
        entry.status = answer.status
        entry.answer = "timed out" if answer.timed_out else answer.body if said is None else said
        return answer

    async def _post(self, activity: Json, seconds: float) -> Answer:
        if self.url is None:
            return Answer(None)
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        body = json.dumps(activity).encode()
        try:
            async with asyncio.timeout(seconds):
                async with self._session.post(
                    self.url, data=body, headers=self._headers(activity)
                ) as got:
                    return Answer(got.status, await got.text())
        except TimeoutError:
            return Answer(None, timed_out=True)
        except aiohttp.ClientError:
            return Answer(None)

    def _headers(self, activity: Json) -> dict[str, str]:
        token = self._keys.sign(self._app_id, activity["serviceUrl"])
        return {
            "authorization": f"Bearer {token}",
            "content-type": "application/json; charset=utf-8",
            "user-agent": _AGENT,
            "x-ms-conversation-id": activity["conversation"]["id"],
            "x-ms-tenant-id": activity["conversation"]["tenantId"],
        }

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


@dataclass(frozen=True)
class _Retry:
    activity: Json
    attempt: int


class Deliveries:
    """Messages and events, sent again after a 5xx, a time-out, or when nobody was there."""

    def __init__(self, door: Door, now: Callable[[], datetime]) -> None:
        self._door = door
        self._now = now
        self._waiting: list[tuple[datetime, int, _Retry]] = []
        self._order = count()

    async def deliver(self, activity: Json) -> None:
        await self._attempt(_Retry(activity, 0))

    async def _attempt(self, retry: _Retry) -> None:
        answer = await self._door.message(retry.activity)
        taken = answer.status is not None and answer.status < 500
        if taken or retry.attempt >= len(_PAUSES):
            return
        pause = _PAUSES[retry.attempt]
        again = _Retry(retry.activity, retry.attempt + 1)
        if pause:
            heapq.heappush(self._waiting, (self._now() + pause, next(self._order), again))
        else:
            await self._attempt(again)

    def next_due(self) -> datetime | None:
        return self._waiting[0][0] if self._waiting else None

    async def run_due(self) -> None:
        now = self._now()
        while self._waiting and self._waiting[0][0] <= now:
            _, _, retry = heapq.heappop(self._waiting)
            await self._attempt(retry)

    def clear(self) -> None:
        self._waiting.clear()
