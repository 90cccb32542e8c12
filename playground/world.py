"""What exists: workspaces, people, channels, messages, open views. Plain state, no rules."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from playground.clock import Clock
from playground.refusal import Json, Refusal

SLACKBOT = "USLACKBOT"
Guest = Literal["", "restricted", "ultra"]
_A_MOMENT = timedelta(seconds=1)  # timestamps may run ahead of a clock that stands still


@dataclass
class Team:
    id: str
    name: str
    domain: str


@dataclass
class Person:
    id: str
    team: str
    name: str
    real_name: str
    title: str
    tz: str | None
    guest: Guest = ""
    is_bot: bool = False
    deleted: bool = False


@dataclass
class Reaction:
    name: str
    users: list[str]


@dataclass
class File:
    """`data` arrives by the upload address, whose end is `key`."""

    id: str
    name: str
    length: int
    key: str
    data: bytes | None = None
    title: str = ""


@dataclass
class Message:
    """`ephemeral_to` is the one person who sees it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    reactions: list[Reaction] = field(default_factory=list)
    metadata: Json | None = None
    edited: Json | None = None
    pings: list[str] = field(default_factory=list)
    subtype: str | None = None
    files: list[Json] = field(default_factory=list)


@dataclass
class Channel:
    """`teams` are the workspaces that share it; more than one means Slack Connect."""

    id: str
    name: str
    kind: Literal["channel", "dm"]
    private: bool
    teams: list[str]
    members: list[str]
    created: int
    messages: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    pending_share: bool = False
    former_ids: list[str] = field(default_factory=list)

    @property
    def shared(self) -> bool:
        return len(self.teams) > 1


@dataclass
class View:
    """An open modal or a person's Home. `body` is what the app sent, ids filled in."""

    id: str
    user: str
    body: Json
    state: dict[str, Json]
    root_id: str
    previous_id: str | None
    hash: str
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Scheduled:
    id: str
    channel: str
    post_at: int
    arguments: Json


class Revision:
    """A counter that everyone who waits for a change can sleep on."""

    def __init__(self) -> None:
        self.value = 1
        self._changed = asyncio.Event()
        self._ended = False

    def bump(self) -> int:
        self.value += 1
        self._changed.set()
        self._changed = asyncio.Event()
        return self.value

    async def wait(self, since: int, seconds: float) -> int:
        if self.value <= since and not self._ended:
            try:
                await asyncio.wait_for(self._changed.wait(), seconds)
            except TimeoutError:
                pass
        return self.value

    def end(self) -> None:
        """Let go of everybody who waits, now and from now on."""
        self._ended = True
        self.bump()


@dataclass
class World:
    clock: Clock
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    scheduled: dict[str, Scheduled] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    timeline: list[Message] = field(default_factory=list)  # posted and edited, in order
    host: str = ""
    bot: str = ""
    bot_id: str = "B0BOT"
    app_id: str = "A0APP"
    revision: Revision = field(default_factory=Revision)
    _last_ts: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        return self.clock.now()

    def next_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):08d}"

    def next_ts(self, at: datetime | None = None) -> str:
        """A message timestamp: the clock's now in microseconds, unique and increasing."""
        instant = at or self.now()
        micros = round(instant.timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def succeed(self, former: "World") -> None:
        """Take over the counters, so that ids and revisions stay unique, and timestamps too, unless
        the clock has gone back meanwhile."""
        self.revision, self._numbers = former.revision, former._numbers
        if former._last_ts < (self.now() + _A_MOMENT).timestamp() * 1_000_000:
            self._last_ts = max(self._last_ts, former._last_ts)

    def person(self, reference: object) -> Person:
        """By id or by handle (`priya`, `@priya`)."""
        found = self.people.get(reference) if isinstance(reference, str) else None
        if found is None and isinstance(reference, str) and reference:
            found = self.by_handle(reference.removeprefix("@"))
        if found is None:
            raise Refusal("user_not_found")
        return found

    def by_handle(self, handle: str) -> Person | None:
        low = handle.lower()
        return next((p for p in self.people.values() if p.name == low), None)

    def channel(self, reference: object) -> Channel:
        """By id only, as the Web API wants it."""
        found = self.channels.get(reference) if isinstance(reference, str) else None
        if found is None:
            raise Refusal("channel_not_found")
        return found

    def channel_by_name(self, name: str) -> Channel | None:
        low = name.lower()
        rooms = (c for c in self.channels.values() if c.kind == "channel")
        return next((c for c in rooms if c.name == low), None)

    def room(self, reference: object) -> Channel:
        """By id or by name (`#random`), as people say it."""
        named = isinstance(reference, str) and self.channel_by_name(reference.removeprefix("#"))
        return named or self.channel(reference)

    def dm(self, user: str) -> Channel:
        """The direct message between a person and the bot."""
        rooms = (c for c in self.channels.values() if c.kind == "dm")
        found = next((c for c in rooms if user in c.members), None)
        if found is None:
            raise Refusal("channel_not_found")
        return found

    def message(self, channel: Channel, ts: object) -> Message:
        found = channel.messages.get(ts) if isinstance(ts, str) else None
        if found is None:
            raise Refusal("message_not_found")
        return found

    def external(self, user: str) -> bool:
        return self.people[user].team != self.host

    def shares_channel(self, user: str) -> bool:
        """Whether the bot and this person are together in any channel (not counting DMs)."""
        return any(
            user in c.members and self.bot in c.members
            for c in self.channels.values()
            if c.kind == "channel"
        )

    def view(self, view_id: object) -> View:
        for stack in (*self.stacks.values(), list(self.homes.values())):
            for view in stack:
                if view.id == view_id:
                    return view
        raise Refusal("not_found")
