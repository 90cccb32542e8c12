"""Events sent to the bot, and sent again when they were not accepted."""

import heapq
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from playground.door import Answer, Door
from playground.refusal import Json
from playground.world import Channel, World

# How long after a failure the next attempt follows; the first one follows at once.
_PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


@dataclass(frozen=True)
class _Retry:
    envelope: Json
    attempt: int
    reason: str


def envelope_of(world: World, event: Json, channel: Channel | None) -> Json:
    """The wrapper every event travels in."""
    stamp = event["event_ts"]
    bot = {
        "enterprise_id": None,
        "team_id": world.host,
        "user_id": world.bot,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "playground",
        "team_id": world.host,
        "context_team_id": world.host,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "type": "event_callback",
        "event": event,
        "event_id": f"Ev{secrets.token_hex(6).upper()}",
        "event_time": int(float(stamp)),
        "authorizations": [bot],
        "is_ext_shared_channel": bool(channel and channel.shared),
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }


class Events:
    def __init__(self, door: Door, now: Callable[[], datetime]) -> None:
        self._door = door
        self._now = now
        self._waiting: list[tuple[datetime, int, _Retry]] = []
        self._order = count()

    async def deliver(self, envelopes: Iterable[Json]) -> None:
        """Send each, and once more at once when it was refused; then retries wait for the clock."""
        for envelope in envelopes:
            answer = await self._door.event(envelope, {})
            await self._follow_up(envelope, 0, answer)

    async def _follow_up(self, envelope: Json, attempt: int, answer: Answer) -> None:
        stop = (answer.headers or {}).get("x-slack-no-retry") == "1"
        if answer.failure is None or stop or attempt >= len(_PAUSES):
            return
        retry = _Retry(envelope, attempt + 1, _reason(answer))
        pause = _PAUSES[attempt]
        if pause:
            heapq.heappush(self._waiting, (self._now() + pause, next(self._order), retry))
        else:
            await self._send_again(retry)

    async def _send_again(self, retry: _Retry) -> None:
        headers = {
            "x-slack-retry-num": str(retry.attempt),
            "x-slack-retry-reason": retry.reason,
        }
        answer = await self._door.event(retry.envelope, headers)
        await self._follow_up(retry.envelope, retry.attempt, answer)

    def next_due(self) -> datetime | None:
        return self._waiting[0][0] if self._waiting else None

    async def run_due(self) -> None:
        now = self._now()
        while self._waiting and self._waiting[0][0] <= now:
            _, _, retry = heapq.heappop(self._waiting)
            await self._send_again(retry)

    def clear(self) -> None:
        self._waiting.clear()


def _reason(answer: Answer) -> str:
    if answer.timed_out:
        return "http_timeout"
    return "connection_failed" if answer.status is None else "http_error"
