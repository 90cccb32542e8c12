"""What a test sees and does, whichever platform it runs on: the same people in the same places,
doing the same things. A test that takes a `world` of this kind says nothing of a platform."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlmodel import Session, select

from bot.app import Bot
from storage.tables import Side

T = TypeVar("T")
Json = dict[str, Any]

MONDAY = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
"""An ordinary working moment for everybody: 15:30 in Berlin, 09:30 in New York."""

SHARED, OWN, RANDOM = "C0SHARED", "C0INTERNAL", "C0RANDOM"
PRIYA, JONAS, ADAEZE, MATEO = "U0PRIYA", "U0JONAS", "U0ADAEZE", "U0MATEO"
HANA, SAMIR, LENA = "U0HANA", "U0SAMIR", "U0LENA"
OLIVIA, GRANT, INES, TOMASZ = "U0OLIVIA", "U0GRANT", "U0INES", "U0TOMASZ"
MEILING, KWAME = "U0MEILING", "U0KWAME"
THE_BOT = "U0BOT"


def direct(user: str) -> str:
    """The channel of somebody's direct messages with the bot."""
    return f"D{user[1:]}"


def unmarked(text: str) -> str:
    """Words without the marks that a platform may put around bold and struck ones."""
    return text.replace("*", "").replace("~", "")


@dataclass
class Seen:
    """What somebody has before them after they did something: every new message that they see and
    the form on top, as plain words, and of that what only they see."""

    ok: bool
    error: str
    text: str
    private: str
    messages: list[Json]
    view: Json | None
    raw: Json = field(repr=False)


class AnyWorld(ABC):
    """People with the real bot beside them. A message as somebody reads it has at least `ts`,
    `user`, `ephemeral` (only they see it) and `thread_ts`."""

    firms: str | None = None
    """What the set-up form is told where the platform does not know the firms' names."""
    pins = False
    """Whether the bot can pin a message."""

    @property
    @abstractmethod
    def bot(self) -> Bot: ...

    @property
    def names_of_firms(self) -> dict[str, str]:
        """The field of the set-up form in which they are named, where that is needed."""
        return {"firms": self.firms} if self.firms else {}

    @property
    def now(self) -> datetime:
        return self.bot.clock.now()

    @abstractmethod
    async def command(self, who: str, words: str, channel: str = SHARED) -> Seen:
        """Words that only the bot hears. The form that they ask for is opened."""

    @abstractmethod
    async def mention(
        self, who: str, words: str, channel: str = SHARED, thread: str | None = None
    ) -> Seen:
        """Words to the bot that everybody there reads."""

    @abstractmethod
    async def write(self, who: str, words: str) -> Seen:
        """A direct message to the bot."""

    @abstractmethod
    async def chat(self, who: str, words: str, channel: str = SHARED) -> str:
        """An ordinary message of a person; returns its ts."""

    @abstractmethod
    async def keep_message(self, who: str, ts: str, channel: str = SHARED) -> Seen:
        """Choose the bot's entry in the menu of a message."""

    @abstractmethod
    async def press(
        self, who: str, label: str, *, channel: str | None = None, ts: str | None = None
    ) -> Seen:
        """Press a button on the form on top, or else on the newest message that has it, in the
        channel named or wherever the person has it; and say yes where that is asked."""

    @abstractmethod
    async def fill(self, who: str, **values: Any) -> Seen:
        """Send the form on top with these values, the others as they stand."""

    @abstractmethod
    async def close(self, who: str) -> None:
        """Close every form."""

    @abstractmethod
    async def close_by(self, who: str, label: str) -> Seen | None:
        """Close the form on top by its button, where closing is an answer."""

    @abstractmethod
    async def open_app(self, who: str) -> Seen:
        """Come to one's own conversation with the bot, perhaps for the first time."""

    @abstractmethod
    async def let_bot_in(self, who: str, channel: str) -> Seen:
        """Bring the bot into a channel, where it is not there yet."""

    @abstractmethod
    async def take_bot_out(self, who: str, channel: str) -> None: ...

    @abstractmethod
    async def make_guest(self, who: str) -> None:
        """Somebody of Northwind's becomes a guest of it."""

    @abstractmethod
    async def let_in_lena(self) -> str:
        """A guest of Northwind's is there; a channel that she is in."""

    @abstractmethod
    async def travel(self, *, advance: str = "", moment: str = "") -> None:
        """`advance` by an ISO 8601 duration, or on to a `moment` in ISO form with its zone."""

    @abstractmethod
    async def rename(self, who: str, name: str) -> None:
        """Somebody's name on the platform changes."""

    @abstractmethod
    async def filled(self, who: str) -> None:
        """Wait for a loading form to be filled, which a busy machine may take its time for."""

    @abstractmethod
    def read(self, who: str, channel: str) -> list[Json]:
        """The messages of a channel as this person has them; none where they are not."""

    @abstractmethod
    def open_form(self, who: str) -> Json | None:
        """The form on top, where one is open."""

    @abstractmethod
    def form(self, who: str) -> Json:
        """The form on top; a page that came as a message, where that is how it comes."""

    @abstractmethod
    def errors(self, who: str) -> dict[str, str]:
        """What is said beside the fields of the form on top."""

    @abstractmethod
    def sends(self, who: str) -> str:
        """What stands on the button that sends the form on top."""

    @abstractmethod
    def words(self, shown: Any) -> str:
        """All the words in a message or form, buttons and labels included."""

    @abstractmethod
    def lines(self, shown: Json) -> list[str]:
        """A message or form line by line: texts, `[buttons]`, and fields as `Label: value`."""

    @abstractmethod
    def lead(self, message: Json) -> str:
        """What a phone shows of a message."""

    @abstractmethod
    def pinged(self, message: Json) -> list[str]:
        """Whom a message of the bot's notifies by name."""

    @abstractmethod
    def buttons(self, shown: Json) -> dict[str, Json]:
        """Pressable things by label."""

    @abstractmethod
    def names_two_firms(self, channel: str) -> bool:
        """Whether a channel is shared with people of another firm."""

    @abstractmethod
    def in_link(self, channel: str, ts: str) -> str:
        """What a link to a message has in it."""

    @abstractmethod
    def id_of(self, who: str) -> str:
        """The id by which the platform knows a person."""

    @abstractmethod
    def known_as(self, external_id: str) -> str:
        """How tests call what a platform knows by this id: a person, or a firm's people."""

    @abstractmethod
    def everything_said(self) -> list[tuple[str, list[str]]]:
        """The words of every message of the bot's, whoever sees it, and whom it pings."""

    @abstractmethod
    def gone_wrong(self) -> list[Json]:
        """Requests in either direction since last asked that were not answered as they should."""

    async def later(self, duration: str) -> None:
        """Move the clock on, by an ISO 8601 duration such as P1D."""
        await self.travel(advance=duration)

    async def until(self, moment: str) -> None:
        """Let time pass until an instant in ISO form with its zone, ticks included."""
        await self.travel(moment=moment)

    def text(self, who: str, channel: str) -> str:
        return "\n".join(self.words(message) for message in self.read(who, channel))

    def references(self, who: str, channel: str) -> list[str]:
        """The references of the items on cards in a channel, in order, each once."""
        shown = [self.words(m) for m in self.read(who, channel) if not m["ephemeral"]]
        text = "\n".join(shown).replace("such as HEL-12", "")
        return list(dict.fromkeys(re.findall(r"\b[A-Z]{2,5}-\d+\b", text)))

    def inbox(self, who: str) -> list[str]:
        """What the bot has written to somebody directly, oldest first."""
        return [self.words(m) for m in self.read(who, direct(who)) if m["user"] == THE_BOT]

    def stored(self, work: Callable[[Session], T]) -> T:
        return self.bot.database.read_now(work)

    def change(self, work: Callable[[Session], T]) -> T:
        """Alter the records behind the bot's back."""
        return self.bot.database.run_now(work)

    async def form_of(self, who: str, words: str, channel: str = SHARED) -> Seen:
        """A command whose form needs look-ups first."""
        seen = await self.command(who, words, channel)
        await self.filled(who)
        shown = self.words(self.form(who))
        return Seen(True, "", shown, seen.private, [], self.form(who), {})

    async def set_up(
        self,
        *,
        firms: str | None = None,
        own_channel: bool = False,
        checked: bool = True,
        channel: str = SHARED,
        name: str = "Helix alliance",
        code: str = "HEL",
    ) -> None:
        """The Helix alliance in the shared channel, by Priya, or another. `checked`: as after each
        firm's alliance manager has looked at its people and turned private records on, and nobody
        misses a sponsor; these have tests of their own."""
        await self.form_of(PRIYA, "setup", channel)
        if not self.names_two_firms(channel):
            await self.fill(PRIYA)  # a channel of one's own firm, all the same
        named = {"firms": firms} if firms else self.names_of_firms
        await self.fill(PRIYA, name=name, code=code, **named)
        seen = await self.fill(PRIYA)
        assert "is set up" in seen.text, seen.text
        await self.close(PRIYA)
        if checked:
            self.change(_check_sides)
        if own_channel:
            await self.command(PRIYA, "link", OWN)
            await self.filled(PRIYA)
            await self.fill(PRIYA)
            await self.close(PRIYA)


def _check_sides(session: Session) -> None:
    for side in session.exec(select(Side)):
        side.checked_at = side.checked_at or MONDAY
        side.private_since = side.private_since or MONDAY
        side.seat_empty_since = None
        session.add(side)
