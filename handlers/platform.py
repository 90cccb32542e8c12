"""What the bot asks of a chat platform, whichever it is, and how that can fail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from governance.seeing.export import File
from handlers.views import Message

Fault = Literal["permanent", "throttled", "unsent", "uncertain"]
"""permanent: never again. throttled and unsent: it was not posted, try later. uncertain: it may
have been."""


class PlatformError(Exception):
    """A platform refused or was out of reach. `code` is its own word for why; `retry_after` the
    seconds it asks to wait, if it does; `begun` what of the message is there, where it came in
    several parts."""

    def __init__(self, code: str, fault: Fault, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.fault = fault
        self.retry_after = retry_after
        self.begun: Sent | None = None


@dataclass(frozen=True)
class Entrance:
    """Through which platform something comes in, and the installation that it belongs to."""

    installation_id: int
    platform: str


@dataclass(frozen=True)
class Sent:
    """Where a message is; without `ts` it can't be found again. `offered`: its files are handed
    over when they are allowed, and nothing of them has been shown yet."""

    channel: str
    ts: str | None
    offered: bool = False


class Messenger(Protocol):
    """Sends. One call a method; every one raises PlatformError."""

    async def open_direct(self, user_id: str) -> str:
        """The conversation of one's direct messages with somebody."""

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        token: str,
        thread: str | None = None,
        begun: str = "",
    ) -> Sent:
        """`token` tells the message, where it may be looked for again. `begun`: what of it an
        earlier try left there (`PlatformError.begun`); it goes on from that."""

    async def update(self, channel: str, ts: str, message: Message) -> Sent: ...

    async def whisper(
        self,
        channel: str,
        user_id: str,
        message: Message,
        *,
        thread: str | None = None,
        begun: str = "",
    ) -> Sent:
        """Seen by one person, and not guaranteed to be. `begun` as for `post`."""

    async def show_home(self, user_id: str, message: Message) -> Sent: ...

    async def send_files(
        self, channel: str, message: Message, files: Sequence[File], *, token: str
    ) -> Sent:
        """All of them or none. `token` tells the message, from which a file may be made anew."""

    async def pin(self, channel: str, ts: str) -> None: ...

    async def reactions(self, channel: str, ts: str) -> frozenset[tuple[str, int]] | None:
        """The numbers with which people answer a message now, as user ids and values; None where
        people's reactions are not read."""

    async def find(self, channel: str, token: str, *, since: datetime) -> Sent | None:
        """A message posted before, by its token; None where none can be looked for."""


class LookUps(Protocol):
    """Asks who people are and who is in a conversation, and keeps what it hears."""

    title: str
    """The platform as people call it."""

    async def look_at(self, channel: str) -> object:
        """Learn all about a conversation. Raises PlatformError, and BotError as `meet`."""

    async def meet(self, user_ids: Iterable[str]) -> object:
        """Learn who people are. Raises BotError for somebody the platform does not tell of."""

    async def watch(self) -> None:
        """Look again at the firms' own channels of which nothing recent is known."""


@dataclass(frozen=True)
class Connection:
    """A platform as the sender needs it. `keeps_pace`: it sends no faster than the platform takes
    by itself; on others the sender sees to that."""

    messenger: Messenger
    look_ups: LookUps
    keeps_pace: bool = False
