"""What a test sees and does: people in the local Teams with the real bot beside it, over HTTP.

The firms are those of the local Slack. Northwind's tenant is the home: its team has the bot, and a
shared channel with Helix's people in it, who come from a tenant of their own that has the app too.
"""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, func, select

from playground.refusal import Refusal
from playground.teams.sights import news_for
from storage.tables import TEAMS, Outbox
from tests.anywhere import MONDAY, OWN, RANDOM, SHARED, THE_BOT, AnyWorld, Json, Seen, direct
from tests.teams import shapes
from tests.teams.local import HELIX, NORTHWIND, LocalTeams

TEAM, PARTNERS_TEAM = "Partners", "Alliances"
NAMES = {SHARED: "alliance-helix", OWN: "northwind-internal", RANDOM: "random"}
MORE_OF_NORTHWIND = [
    ("adaeze", "Adaeze Okafor", "Oncology business lead", "America/New_York", "US"),
    ("samir", "Samir Haddad", "Quality team member", "Europe/London", "GB"),
]
OF_HELIX = ("olivia", "grant", "ines", "tomasz", "meiling", "kwame")
ANSWERED_WITHIN = timedelta(seconds=10)
A_MOMENT = timedelta(milliseconds=50)
NAMED = re.compile(r"<@(U0[A-Z]+)>")


class TeamsWorld(LocalTeams, AnyWorld):
    firms = "Northwind Bio\nHelix Devices"

    def __init__(self, database_url: str, now: datetime = MONDAY) -> None:
        super().__init__(database_url, now)
        self._last: dict[str, Json] = {}

    async def start(self) -> None:
        await super().start()
        await self._grow()

    async def _grow(self) -> None:
        """The places of the local Slack, with the bot in the first two."""
        for handle, name, title, zone, country in MORE_OF_NORTHWIND:
            more = {"title": title, "zone": zone, "country": country}
            await self.done(self.teams.add_person(NORTHWIND, handle, name, **more))
            await self.done(self.teams.add_member(TEAM, handle))
        for name in (NAMES[OWN], NAMES[RANDOM]):
            await self.done(self.teams.add_channel(TEAM, name))
        await self.done(self.teams.add_channel(TEAM, NAMES[SHARED], "shared"))
        await self.done(self.teams.share_channel(NAMES[SHARED], PARTNERS_TEAM))
        await self.done(self.teams.install(TEAM, "priya"))
        await self.done(self.teams.install(self.place(SHARED), "priya"))
        for one in OF_HELIX:
            await self.done(self.teams.install(one))

    async def done(self, verb: Any) -> Json:
        answer: Json = await verb
        assert answer["ok"], answer
        return answer

    def place(self, channel: str) -> str:
        """The id that Teams has for one of the places, or for somebody's chat with the bot; what
        is none of them stays."""
        world = self.teams.house.world
        if channel in NAMES:
            return world.room(f"{TEAM}/{NAMES[channel]}").id
        if channel.startswith("D0"):
            return world.personal(world.person(handle(f"U{channel[1:]}"))).id
        return channel

    def id_of(self, who: str) -> str:
        return self.teams.house.world.person(handle(who)).object_id

    def constant(self, account: str) -> str:
        """How tests call an account."""
        people = self.teams.house.world.people
        return f"U0{people[account].handle.upper()}" if account in people else THE_BOT

    async def command(self, who: str, words: str, channel: str = SHARED) -> Seen:
        return await self._say(who, words, channel, opens=True, targeted=True)

    async def mention(
        self, who: str, words: str, channel: str = SHARED, thread: str | None = None
    ) -> Seen:
        return await self._say(who, f"@Alliance {words}", channel, thread=thread)

    async def write(self, who: str, words: str) -> Seen:
        """To whoever has no chat with the bot yet, adding it gives one."""
        with suppress(Refusal):
            return await self._say(who, words, direct(who))
        await self.done(self.teams.open_personal(handle(who)))
        return await self._say(who, words, direct(who))

    async def _say(
        self, who: str, words: str, channel: str, *, opens: bool = False, **how: Any
    ) -> Seen:
        typed = NAMED.sub(lambda one: f"@{handle(one[1])}", words)
        start = len(self.teams.house.world.timeline)
        said = await self.teams.message(handle(who), self.place(channel), typed, **how)
        await self._answered()
        person = self.teams.house.world.person(handle(who))
        said["messages"] = news_for(self.teams.house.world, person.id, start)
        seen = self._noted(who, said)
        opener = next((m for m in seen.messages if _opens_form(m)), None)
        if not opens or opener is None:
            return seen
        opened = await self._click(who, opener, _opens_form(opener))
        return replace(opened, text=f"{seen.text}\n{opened.text}")

    async def _answered(self) -> None:
        """The clock goes on while something waits for its turn among a channel's messages."""
        latest = self.now + ANSWERED_WITHIN
        while (turn := self._next_turn(latest)) is not None:
            await self.done(self.teams.advance_clock(max(turn - self.now, A_MOMENT)))

    def _next_turn(self, latest: datetime) -> datetime | None:
        chosen = select(func.max(Outbox.not_before)).where(
            col(Outbox.kind).in_(("answer", "card")),
            Outbox.state == "pending",
            col(Outbox.not_before) < latest,
        )
        return self.stored(lambda session: session.exec(chosen).one())

    async def chat(self, who: str, words: str, channel: str = SHARED) -> str:
        typed = NAMED.sub(lambda one: f"@{handle(one[1])}", words)
        said = await self.done(self.teams.message(handle(who), self.place(channel), typed))
        return str(said["id"])

    async def keep_message(self, who: str, ts: str, channel: str = SHARED) -> Seen:
        return self._noted(who, await self.teams.message_action(handle(who), "capture", ts))

    async def press(
        self, who: str, label: str, *, channel: str | None = None, ts: str | None = None
    ) -> Seen:
        dialogs = self.teams.dialogs(handle(who))
        if dialogs and channel is None and label in self.buttons(dialogs[-1]):
            button = self.buttons(dialogs[-1])[label]
            return self._noted(who, await self.teams.submit(handle(who), None, button))
        places = [channel] if channel else [direct(who), SHARED, OWN]
        shown = [m for place in places for m in reversed(self.read(who, place))]
        if channel is None:
            shown.sort(key=lambda m: m["id"] != self._last.get(who, {}).get("id"))
        for message in shown:
            if label in self.buttons(message) and ts in (None, message["ts"]):
                return await self._click(who, message, self.buttons(message)[label])
        raise AssertionError(f"{who} has no button {label!r}")

    async def _click(self, who: str, message: Json, button: Json) -> Seen:
        """What is asked about first is confirmed."""
        seen = self._noted(who, await self.teams.click(handle(who), message["id"], button))
        if not button["data"].get("confirm") or not seen.ok:
            return seen
        return self._noted(who, await self.teams.submit(handle(who)))

    async def fill(self, who: str, **values: Any) -> Seen:
        given = {name: self._chosen(value) for name, value in values.items()}
        return self._noted(who, await self.teams.submit(handle(who), given))

    def _chosen(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"U0[A-Z]+", value):
            return self.id_of(value)
        return self.place(value) if isinstance(value, str) and value in NAMES else value

    async def close(self, who: str) -> None:
        while self.teams.dialogs(handle(who)):
            await self.done(self.teams.close_dialog(handle(who)))
        self._last.pop(who, None)

    async def close_by(self, who: str, label: str) -> Seen | None:
        """Teams tells of nothing that is closed, so there is a button."""
        return await self.press(who, label)

    async def open_app(self, who: str) -> Seen:
        return self._noted(who, await self.teams.open_personal(handle(who)))

    async def let_bot_in(self, who: str, channel: str) -> Seen:
        """A team's ordinary channels have it already."""
        world = self.teams.house.world
        start, room = len(world.timeline), world.room(self.place(channel))
        if not world.bot_in(room):
            await self.done(self.teams.install(room.id, handle(who)))
        news = news_for(world, world.person(handle(who)).id, start)
        return self._noted(who, {"ok": True, "messages": news})

    async def take_bot_out(self, who: str, channel: str) -> None:
        await self.done(self.teams.uninstall(self.place(channel), handle(who)))

    async def make_guest(self, who: str) -> None:
        """Guests are in no shared channel."""
        await self.done(self.teams.person(handle(who), guest=True))
        await self.done(self.teams.remove_member(self.place(SHARED), handle(who)))

    async def let_in_lena(self) -> str:
        await self.done(self.teams.add_person(NORTHWIND, "lena", "Lena Vogt", guest=True))
        await self.done(self.teams.add_member(TEAM, "lena"))
        return OWN

    async def travel(self, *, advance: str = "", moment: str = "") -> None:
        moved = self.teams.set_clock(moment) if moment else self.teams.advance_clock(advance)
        await self.done(moved)

    async def rename(self, who: str, name: str) -> None:
        """No event tells of it: it is seen when their channel is next looked at."""
        await self.done(self.teams.person(handle(who), name=name))
        await self.bot.platforms[TEAMS].look_ups.look_at(self.place(SHARED))

    async def filled(self, who: str) -> None:
        """A dialog comes when it is complete."""

    def read(self, who: str, channel: str) -> list[Json]:
        try:
            found = self.teams.messages(self.place(channel), handle(who))
        except Refusal:
            return []
        return [self._known(message) for message in found]

    def _known(self, message: Json) -> Json:
        about = {"ts": message["id"], "user": self.constant(message["from"])}
        about |= {"ephemeral": message["targeted"], "thread_ts": message["thread"]}
        return message | about

    def open_form(self, who: str) -> Json | None:
        dialogs = self.teams.dialogs(handle(who))
        return dialogs[-1] if dialogs else None

    def form(self, who: str) -> Json:
        return self.open_form(who) or self._last[who]

    def errors(self, who: str) -> dict[str, str]:
        return shapes.errors_of(self.form(who))

    def sends(self, who: str) -> str:
        return shapes.sender_of(self.form(who))

    def words(self, shown: Any) -> str:
        return shapes.words_of(shown)

    def lines(self, shown: Json) -> list[str]:
        return shapes.lines_of(shown)

    def lead(self, message: Json) -> str:
        return str(message["summary"])

    def pinged(self, message: Json) -> list[str]:
        return [self.constant(one) for one in message["pings"]]

    def buttons(self, shown: Json) -> dict[str, Json]:
        return shapes.pressable(shown)

    def names_two_firms(self, channel: str) -> bool:
        room = self.teams.house.world.room(self.place(channel))
        return bool(room.shared_with)

    def in_link(self, channel: str, ts: str) -> str:
        return f"/l/message/{self.place(channel)}/{ts}"

    def known_as(self, external_id: str) -> str:
        people = self.teams.house.world.people.values()
        named = {one.object_id: f"U0{one.handle.upper()}" for one in people}
        return (named | {NORTHWIND: "T0NORTH", HELIX: "T0HELIX"}).get(external_id, external_id)

    def everything_said(self) -> list[tuple[str, list[str]]]:
        rooms = [room["id"] for room in self.teams.state()["conversations"]]
        said = [self._known(m) for room in rooms for m in self.teams.messages(room)]
        return [
            (shapes.words_of(m), [self.constant(one) for one in m["pings"]])
            for m in said
            if m["user"] == THE_BOT
        ]

    def gone_wrong(self) -> list[Json]:
        entries = self.teams.log()
        self.teams.house.journal.clear()
        return [e for e in entries if e["status"] not in (200, 201, 202)]

    def _noted(self, who: str, answer: Json) -> Seen:
        messages = [self._known(message) for message in answer["messages"]]
        view, said = answer.get("dialog"), str(answer.get("said") or "")
        bots = [message for message in messages if message["user"] == THE_BOT]
        if bots:
            self._last[who] = bots[-1]
        shown = [shapes.words_of(message) for message in messages]
        private = [shapes.words_of(m) for m in bots if m["ephemeral"]]
        page = shapes.words_of(view or {})
        return Seen(
            bool(answer["ok"]),
            str(answer.get("error", "")),
            "\n".join([*shown, said, page]),
            "\n".join([*private, said, page]),
            messages,
            view,
            answer,
        )


def handle(who: str) -> str:
    return who.removeprefix("U0").lower()


def _opens_form(message: Json) -> Json:
    """The button of a message that opens the form it stands for."""
    if message["user"] != THE_BOT:
        return {}
    buttons = shapes.pressable(message).values()
    return next((one for one in buttons if one["data"].get("act") == "form.open"), {})
