"""What a test sees and does: people in the local Slack with the real bot beside it, over HTTP."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlmodel import Session, select

from bot.local import LocalSlack
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


def direct(user: str) -> str:
    """The channel of somebody's direct messages with the bot."""
    return f"D{user[1:]}"


@dataclass
class Seen:
    """What somebody has before them after they did something."""

    ok: bool
    error: str
    messages: list[Json]
    view: Json | None
    raw: Json = field(repr=False)

    @property
    def text(self) -> str:
        """Every new message that they see, and the form on top, as plain words."""
        shown = [words_of(message) for message in self.messages]
        return "\n".join([*shown, words_of(self.view) if self.view else ""])

    @property
    def private(self) -> str:
        """What only they see."""
        return "\n".join(words_of(m) for m in self.messages if m["ephemeral"])


def words_of(shown: Any) -> str:
    """All the words in a message or form, buttons and labels included."""
    found: list[str] = []
    _gather(shown, found)
    return " ".join(" ".join(found).split())


def _gather(part: Any, found: list[str]) -> None:
    if isinstance(part, list):
        for one in part:
            _gather(one, found)
    elif isinstance(part, dict):
        kind = part.get("type")
        if kind == "user" and "user_id" in part:
            found.append(f"<@{part['user_id']}>")
        if isinstance(part.get("text"), str) and (kind or not part.get("blocks")):
            found.append(part["text"])
        for name, value in part.items():
            if name not in ("metadata", "state", "reactions", "errors") and not isinstance(
                value, str
            ):
                _gather(value, found)


def buttons_of(shown: Json) -> dict[str, Json]:
    """Pressable things by label: buttons, and the entries of menus."""
    found: dict[str, Json] = {}
    for block in shown.get("blocks") or []:
        elements = [
            *block.get("elements", []),
            *([block["accessory"]] if "accessory" in block else []),
        ]
        for element in elements:
            if element.get("type") == "button":
                found.setdefault(
                    element["text"]["text"], {**element, "block_id": block.get("block_id")}
                )
            for option in element.get("options") or []:
                if element.get("type") == "overflow":
                    found.setdefault(
                        option["text"]["text"],
                        {**element, "value": option["value"], "block_id": block.get("block_id")},
                    )
    return found


class World:
    def __init__(self, local: LocalSlack) -> None:
        self.local = local
        self.slack = local.playground

    @property
    def now(self) -> datetime:
        return self.local.clock.now()

    async def command(self, who: str, words: str, channel: str = SHARED) -> Seen:
        """`/alliance` and some words."""
        return _seen(await self.slack.command(who, channel, f"/alliance {words}"))

    async def mention(
        self, who: str, words: str, channel: str = SHARED, thread: str | None = None
    ) -> Seen:
        return _seen(await self.slack.message(who, channel, f"<@U0BOT> {words}", thread))

    async def write(self, who: str, words: str) -> Seen:
        """A direct message to the bot."""
        return _seen(await self.slack.message(who, direct(who), words))

    async def chat(self, who: str, words: str, channel: str = SHARED) -> str:
        """An ordinary message of a person; returns its ts."""
        await self.slack.message(who, channel, words)
        return str(self.slack.messages(channel)[-1]["ts"])

    async def react(self, who: str, ts: str, name: str = "ballot_box_with_check") -> Seen:
        return _seen(await self.slack.reaction(who, SHARED, ts, name, True))

    async def open_app(self, who: str, tab: str = "messages") -> Seen:
        """Come to the bot's Messages tab, or its Home."""
        return _seen(await self.slack.home(who, tab))

    async def invite(self, who: str, channel: str, guest: str = "alliance") -> Seen:
        return _seen(await self.slack.command(who, channel, f"/invite @{guest}"))

    async def shortcut(
        self, who: str, callback_id: str, ts: str | None = None, channel: str | None = SHARED
    ) -> Seen:
        return _seen(await self.slack.shortcut(who, callback_id, channel, ts))

    async def press(
        self, who: str, label: str, *, channel: str | None = None, ts: str | None = None
    ) -> Seen:
        """Press a button on the form on top, or else on the newest message that has it, in the
        channel named or wherever the person has it."""
        views = self.slack.views(who)
        if views and channel is None and label in buttons_of(views[-1]):
            element = buttons_of(views[-1])[label]
            return await self._click(who, element, view_id=views[-1]["id"])
        for place in [channel] if channel else [direct(who), SHARED, OWN]:
            for message in reversed(self.read(who, place)):
                if label in buttons_of(message) and ts in (None, message["ts"]):
                    element = buttons_of(message)[label]
                    return await self._click(who, element, channel=place, message_ts=message["ts"])
        raise AssertionError(f"{who} has no button {label!r}")

    async def _click(self, who: str, element: Json, **where: Any) -> Seen:
        answer = await self.slack.click(
            who,
            action_id=element["action_id"],
            block_id=element.get("block_id"),
            value=element.get("value"),
            **where,
        )
        return _seen(answer)

    async def fill(self, who: str, **values: Any) -> Seen:
        """Send the form on top with these values, the others as they stand."""
        return _seen(await self.slack.submit(who, self.slack.views(who)[-1]["id"], values))

    async def close(self, who: str) -> None:
        for view in reversed(self.slack.views(who)):
            await self.slack.close_view(who, view["id"])

    async def later(self, duration: str) -> None:
        """Move the clock on, by an ISO 8601 duration such as P1D."""
        answer = await self.slack.advance_clock(duration)
        assert answer["ok"], answer

    def read(self, who: str, channel: str) -> list[Json]:
        """The messages of a channel as this person has them; none where they are not."""
        try:
            return self.slack.messages(channel, who)
        except Exception:
            return []

    def text(self, who: str, channel: str) -> str:
        return "\n".join(words_of(message) for message in self.read(who, channel))

    def references(self, who: str, channel: str) -> list[str]:
        """The references of the items on cards in a channel, in order, each once."""
        shown = [words_of(m) for m in self.read(who, channel) if not m["ephemeral"]]
        text = "\n".join(shown).replace("such as HEL-12", "")
        return list(dict.fromkeys(re.findall(r"\b[A-Z]{2,5}-\d+\b", text)))

    def inbox(self, who: str) -> list[str]:
        """What the bot has written to somebody directly, oldest first."""
        return [words_of(m) for m in self.read(who, direct(who)) if m["user"] == "U0BOT"]

    def form(self, who: str) -> Json:
        return self.slack.views(who)[-1]

    def stored(self, work: Callable[[Session], T]) -> T:
        assert self.local.bot is not None
        return self.local.bot.database.read_now(work)

    def change(self, work: Callable[[Session], T]) -> T:
        """Alter the records behind the bot's back."""
        assert self.local.bot is not None
        return self.local.bot.database.run_now(work)

    async def filled(self, who: str) -> None:
        """Wait for a loading form to be filled, which a busy machine may take its time for."""
        for _ in range(100):
            if self.form(who)["submit"]:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the form stayed empty")

    async def form_of(self, who: str, words: str, channel: str = SHARED) -> Seen:
        """A command whose form needs look-ups first."""
        await self.command(who, words, channel)
        await self.filled(who)
        return Seen(True, "", [], self.form(who), {})

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
        firm's alliance manager has looked at its people and turned private records on; the doors
        to that have tests of their own."""
        await self.form_of(PRIYA, "setup", channel)
        if not self.slack.house.world.channels[channel].shared:
            await self.fill(PRIYA)  # a channel of one's own firm, all the same
        values = {"name": name, "code": code} | ({"firms": firms} if firms else {})
        await self.fill(PRIYA, **values)
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
        session.add(side)


def _seen(answer: Json) -> Seen:
    return Seen(
        bool(answer["ok"]),
        str(answer.get("error", "")),
        answer["messages"],
        answer.get("view"),
        answer,
    )
