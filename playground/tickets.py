"""What an interaction hands to the bot: trigger ids and response URLs."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from playground.refusal import Refusal

TRIGGER_SECONDS = 3.0
RESPONSE_POSTS = 5
RESPONSE_LIFE = timedelta(minutes=30)


@dataclass
class Trigger:
    user: str
    born: float  # monotonic seconds: triggers die by real time
    view: str | None  # the modal it came from, needed to push another onto it
    used: bool = False


@dataclass
class ResponseUrl:
    """`ts` is the message with the button; None for a command."""

    user: str
    channel: str
    ts: str | None
    until: datetime
    posts: int = 0


class Tickets:
    def __init__(self) -> None:
        self._triggers: dict[str, Trigger] = {}
        self._responses: dict[str, ResponseUrl] = {}

    def trigger(self, user: str, view: str | None = None) -> str:
        self._forget_old()
        key = f"{time.time_ns() // 1000}.{secrets.randbelow(10**9)}.{secrets.token_hex(8)}"
        self._triggers[key] = Trigger(user, time.monotonic(), view)
        return key

    def _forget_old(self) -> None:
        edge = time.monotonic() - 600
        for key, trigger in list(self._triggers.items()):
            if trigger.born > edge:
                break
            del self._triggers[key]

    def exchange(self, key: object) -> Trigger:
        """Use a trigger id: within 3 real seconds, and once."""
        trigger = self._triggers.get(key) if isinstance(key, str) else None
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if time.monotonic() - trigger.born > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def response(self, user: str, channel: str, ts: str | None, now: datetime) -> str:
        key = secrets.token_urlsafe(18)
        self._responses[key] = ResponseUrl(user, channel, ts, now + RESPONSE_LIFE)
        while len(self._responses) > 5000:
            del self._responses[next(iter(self._responses))]
        return key

    def use_response(self, key: str, now: datetime) -> ResponseUrl:
        """One post to a response URL: five of them, within half an hour of the clock."""
        ticket = self._responses.get(key)
        if ticket is None or now > ticket.until:
            raise Refusal("expired_url")
        if ticket.posts >= RESPONSE_POSTS:
            raise Refusal("used_url")
        ticket.posts += 1
        return ticket
