"""What a test sees and does: people in the local Slack with the real bot beside it, over HTTP."""

import asyncio
from typing import Any

from bot.app import Bot
from bot.local import LocalSlack
from tests.anywhere import ADAEZE as ADAEZE
from tests.anywhere import GRANT as GRANT
from tests.anywhere import HANA as HANA
from tests.anywhere import INES as INES
from tests.anywhere import JONAS as JONAS
from tests.anywhere import KWAME as KWAME
from tests.anywhere import LENA as LENA
from tests.anywhere import MATEO as MATEO
from tests.anywhere import MEILING as MEILING
from tests.anywhere import MONDAY as MONDAY
from tests.anywhere import OLIVIA as OLIVIA
from tests.anywhere import OWN as OWN
from tests.anywhere import PRIYA as PRIYA
from tests.anywhere import RANDOM as RANDOM
from tests.anywhere import SAMIR as SAMIR
from tests.anywhere import SHARED as SHARED
from tests.anywhere import THE_BOT, AnyWorld, Json
from tests.anywhere import TOMASZ as TOMASZ
from tests.anywhere import Seen as Seen
from tests.anywhere import direct as direct
from tests.shapes import buttons_of as buttons_of
from tests.shapes import lines_of
from tests.shapes import words_of as words_of


class World(AnyWorld):
    pins = True

    def __init__(self, local: LocalSlack) -> None:
        self.local = local
        self.slack = local.playground

    @property
    def bot(self) -> Bot:
        assert self.local.bot is not None
        return self.local.bot

    async def command(self, who: str, words: str, channel: str = SHARED) -> Seen:
        return _seen(await self.slack.command(who, channel, f"/alliance {words}"))

    async def mention(
        self, who: str, words: str, channel: str = SHARED, thread: str | None = None
    ) -> Seen:
        return _seen(await self.slack.message(who, channel, f"<@U0BOT> {words}", thread))

    async def write(self, who: str, words: str) -> Seen:
        return _seen(await self.slack.message(who, direct(who), words))

    async def chat(self, who: str, words: str, channel: str = SHARED) -> str:
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

    async def keep_message(self, who: str, ts: str, channel: str = SHARED) -> Seen:
        """A partner's people, whom Slack shows no such menu, react to it."""
        if self.slack.house.world.people[who].team == "T0NORTH":
            return await self.shortcut(who, "action_item.from_message", ts, channel)
        await self.react(who, ts)
        return await self.press(who, "New action item")

    async def press(
        self, who: str, label: str, *, channel: str | None = None, ts: str | None = None
    ) -> Seen:
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
        return _seen(await self.slack.submit(who, self.slack.views(who)[-1]["id"], values))

    async def close(self, who: str) -> None:
        for view in reversed(self.slack.views(who)):
            await self.slack.close_view(who, view["id"])

    async def close_by(self, who: str, label: str) -> Seen | None:
        assert self.form(who)["close"]["text"] == label
        await self.close(who)
        return None

    async def take_bot_out(self, who: str, channel: str) -> None:
        assert (await self.slack.command(who, channel, "/remove @alliance"))["ok"]

    async def let_bot_in(self, who: str, channel: str) -> Seen:
        return await self.invite(who, channel)

    async def make_guest(self, who: str) -> None:
        assert (await self.slack.person(who, guest=True))["ok"]

    async def let_in_lena(self) -> str:
        return SHARED

    async def travel(self, *, advance: str = "", moment: str = "") -> None:
        moved = self.slack.set_clock(moment) if moment else self.slack.advance_clock(advance)
        answer = await moved
        assert answer["ok"], answer

    async def rename(self, who: str, name: str) -> None:
        await self.slack.person(who, real_name=name)

    def read(self, who: str, channel: str) -> list[Json]:
        try:
            return self.slack.messages(channel, who)
        except Exception:
            return []

    def open_form(self, who: str) -> Json | None:
        views = self.slack.views(who)
        return views[-1] if views else None

    def form(self, who: str) -> Json:
        return self.slack.views(who)[-1]

    def errors(self, who: str) -> dict[str, str]:
        return dict(self.form(who)["errors"])

    def sends(self, who: str) -> str:
        return str(self.form(who)["submit"]["text"])

    def words(self, shown: Any) -> str:
        return words_of(shown)

    def lines(self, shown: Json) -> list[str]:
        return lines_of(shown)

    def lead(self, message: Json) -> str:
        return str(message["text"])

    def pinged(self, message: Json) -> list[str]:
        room = self.slack.house.world.channels[message["channel"]]
        return list(room.messages[message["ts"]].pings)

    def buttons(self, shown: Json) -> dict[str, Json]:
        return buttons_of(shown)

    def names_two_firms(self, channel: str) -> bool:
        return self.slack.house.world.channels[channel].shared

    def in_link(self, channel: str, ts: str) -> str:
        return f"/archives/{channel}/p{ts.replace('.', '')}"

    def id_of(self, who: str) -> str:
        return who

    def known_as(self, external_id: str) -> str:
        return external_id

    def everything_said(self) -> list[tuple[str, list[str]]]:
        rooms = self.slack.house.world.channels.values()
        said = [m for room in rooms for m in room.messages.values() if m.user == THE_BOT]
        return [(one.text, list(one.pings)) for one in said]

    def gone_wrong(self) -> list[Json]:
        entries = self.slack.log()
        self.slack.house.journal.clear()
        return [entry for entry in entries if _is_wrong(entry)]

    async def filled(self, who: str) -> None:
        for _ in range(100):
            if self.form(who)["submit"]:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the form stayed empty")


def _is_wrong(entry: Json) -> bool:
    if entry["direction"] == "to_bot":
        return bool(entry["status"] != 200)
    asked = entry["kind"] in ("api", "response_url")
    return asked and (entry["answer"] or {}).get("error") not in (None, "user_not_found")


def _seen(answer: Json) -> Seen:
    messages, view = answer["messages"], answer.get("view")
    shown = [words_of(message) for message in messages]
    return Seen(
        bool(answer["ok"]),
        str(answer.get("error", "")),
        "\n".join([*shown, words_of(view) if view else ""]),
        "\n".join(words_of(m) for m in messages if m["ephemeral"]),
        messages,
        view,
        answer,
    )
