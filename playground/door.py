"""Signed requests to the bot, and what came back within three seconds."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

from playground.journal import Entry, Journal
from playground.refusal import Json

ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Answer:
    """`status` is None when nothing came in time or nobody was there."""

    status: int | None
    body: str = ""
    timed_out: bool = False
    headers: dict[str, str] | None = None

    @property
    def failure(self) -> str | None:
        """None when acknowledged, else the error as Slack names it."""
        if self.timed_out:
            return "operation_timeout"
        if self.status is None or not 200 <= self.status < 300:
            return "dispatch_failed"
        return None

    def json(self) -> Any:
        """The body as JSON; None when it is empty or something else."""
        try:
            return json.loads(self.body) if self.body.strip() else None
        except ValueError:
            return None


def sign(secret: str, body: str, timestamp: str) -> str:
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Door:
    """Where the bot listens. Everything that goes through is journalled."""

    def __init__(self, journal: Journal, secret: str, now: Callable[[], datetime]) -> None:
        self.url: str | None = None
        self._journal = journal
        self._secret = secret
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def form(self, kind: str, method: str, fields: dict[str, str], shown: Any) -> Answer:
        body = urlencode(fields, errors="surrogatepass")
        return await self._send(kind, method, body, "application/x-www-form-urlencoded", shown)

    async def interaction(self, payload: Json) -> Answer:
        fields = {"payload": json.dumps(payload)}
        shown = {key: value for key, value in payload.items() if key != "token"}
        return await self.form("interaction", payload["type"], fields, shown)

    async def event(self, envelope: Json, headers: dict[str, str]) -> Answer:
        shown = {key: value for key, value in envelope.items() if key != "token"} | headers
        body = json.dumps(envelope)
        kind = envelope["event"]["type"]
        return await self._send("event", kind, body, "application/json", shown, headers)

    async def _send(
        self,
        kind: str,
        method: str,
        body: str,
        content_type: str,
        shown: Any,
        extra: dict[str, str] | None = None,
    ) -> Answer:
        timestamp = str(int(time.time()))
        headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": sign(self._secret, body, timestamp),
            **(extra or {}),
        }
        entry = Entry(self._now(), "to_bot", kind, method, shown, None, None)
        self._journal.add(entry)
        answer = await self._post(body.encode(), headers)
        parsed = answer.json()
        said = answer.body if parsed is None else parsed
        entry.status = answer.status
        entry.answer = answer.failure if answer.status is None else said
        return answer

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        if self.url is None:
            return Answer(None)
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        try:
            async with asyncio.timeout(ACK_SECONDS):
                async with self._session.post(self.url, data=body, headers=headers) as got:
                    text = await got.text()
                    return Answer(
                        got.status, text, headers={k.lower(): v for k, v in got.headers.items()}
                    )
        except TimeoutError:
            return Answer(None, timed_out=True)
        except aiohttp.ClientError:
            return Answer(None)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
