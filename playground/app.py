"""The playground: a strict local Slack that an unmodified app talks to over HTTP."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playground import (  # noqa: F401 - registers
    api_chat,
    api_files,
    api_people,
    api_rooms,
    api_views,
    modals,
    verbs_click,
    verbs_options,
    verbs_submit,
    verbs_talk,
    verbs_world,
)
from playground.beside import Beside
from playground.clock import Clock
from playground.door import Door
from playground.events import Events
from playground.follower import Follower
from playground.house import House
from playground.journal import Journal
from playground.manifest import read_manifest
from playground.refusal import Json, Refusal
from playground.routes import build
from playground.seed import SEEDS, Seed, grow
from playground.shapes import instant
from playground.sights import Sights
from playground.timers import Timers
from playground.travel import read_target
from playground.views_of import home_of, news_for, view_of
from playground.world import Person

__all__ = ["Clock", "Follower", "Playground"]

BOT_TOKEN = "xoxb-playground-0000000000"
SIGNING_SECRET = "playground0signing0secret0000000"
_Verb = Callable[[Person], Awaitable[Json]]


class Playground(Sights):
    """Workspaces, people and channels in memory, and the verbs by which people act.

    Every verb answers `{ok, error?, messages, view?}`: the new messages the acting person
    sees, and the modal on top of their screen. A refusal is an answer, never an exception.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        seed: Seed,
        manifest: Path,
        bot_url: str | None = None,
        follower: Follower | None = None,
        beside: Beside | None = None,
    ) -> None:
        known = read_manifest(manifest)
        world = grow(clock, seed, known.bot_name)
        journal = Journal()
        door = Door(journal, SIGNING_SECRET, clock.now)
        door.url = bot_url
        events = Events(door, clock.now)
        self.bot_token = BOT_TOKEN
        self.signing_secret = SIGNING_SECRET
        self.house = House(
            clock=clock,
            manifest=known,
            world=world,
            seed=seed,
            bot_token=BOT_TOKEN,
            door=door,
            events=events,
            journal=journal,
        )
        self.beside = beside
        self.timers = Timers(self.house, follower, beside)
        self.asgi = build(self)

    async def _act(self, user: object, verb: _Verb, *, changes_them: bool = False) -> Json:
        """Run a verb for a person and gather what they see afterwards."""
        house = self.house
        house.public_url = self.url
        start, world = len(house.world.timeline), house.world
        try:
            person = world.person(user)
        except Refusal as refusal:
            return {**refusal.answer(), "messages": []}
        if person.is_bot:
            return {"ok": False, "error": "user_is_a_bot", "messages": []}
        if person.deleted and not changes_them:
            return {"ok": False, "error": "account_inactive", "messages": []}
        try:
            answer: Json = {"ok": True, **await verb(person)}
        except Refusal as refusal:
            answer = refusal.answer()
        await self.timers.settle()
        answer["messages"] = news_for(world, person.id, start) if world is house.world else []
        top = modals.top_view(house.world, person.id)
        return answer | ({"view": view_of(house.world, top)} if top is not None else {})

    async def command(
        self, user: str, channel: str, text: str, thread_ts: str | None = None
    ) -> Json:
        return await self._act(
            user, lambda p: verbs_talk.command(self.house, p, channel, text, thread_ts)
        )

    async def message(
        self, user: str, channel: str, text: str, thread_ts: str | None = None
    ) -> Json:
        return await self._act(
            user, lambda p: verbs_talk.message(self.house, p, channel, text, thread_ts)
        )

    async def reaction(
        self, user: str, channel: str, ts: str, name: str, present: bool = True
    ) -> Json:
        return await self._act(
            user, lambda p: verbs_talk.reaction(self.house, p, channel, ts, name, present)
        )

    async def shortcut(
        self,
        user: str,
        callback_id: str,
        channel: str | None = None,
        message_ts: str | None = None,
    ) -> Json:
        return await self._act(
            user,
            lambda p: verbs_click.shortcut(self.house, p, callback_id, channel, message_ts),
        )

    async def click(
        self,
        user: str,
        channel: str | None = None,
        message_ts: str | None = None,
        view_id: str | None = None,
        action_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
        values: Json | None = None,
    ) -> Json:
        place = (channel, message_ts, view_id, action_id, block_id)
        return await self._act(
            user, lambda p: verbs_click.click(self.house, p, *place, value, values)
        )

    async def options(
        self,
        user: str,
        channel: str | None = None,
        message_ts: str | None = None,
        view_id: str | None = None,
        action_id: str | None = None,
        block_id: str | None = None,
        value: str = "",
    ) -> Json:
        place = (channel, message_ts, view_id, action_id, block_id)
        return await self._act(user, lambda p: verbs_options.options(self.house, p, *place, value))

    async def submit(self, user: str, view_id: str, values: Json | None = None) -> Json:
        return await self._act(user, lambda p: verbs_submit.submit(self.house, p, view_id, values))

    async def close_view(self, user: str, view_id: str, everything: bool = False) -> Json:
        return await self._act(
            user, lambda p: verbs_submit.close_view(self.house, p, view_id, everything)
        )

    async def home(self, user: str, tab: str = "home") -> Json:
        """Open Home or the Messages tab; `view` in the answer is what stands on Home then (null for
        external people)."""
        answer = await self._act(user, lambda p: verbs_talk.home(self.house, p, tab))
        if answer["ok"]:
            answer["view"] = home_of(self.house.world, self.house.world.person(user).id)
        return answer

    async def person(self, user: str, **changes: Any) -> Json:
        """Change real_name, title, tz, guest or deleted (their account is closed) of somebody."""
        return await self._act(
            user,
            lambda p: verbs_world.change_person(self.house, p, **changes),
            changes_them=True,
        )

    async def channel(self, channel: str, **changes: Any) -> Json:
        """Change name, shared or new_id of a channel."""
        return await self._plain(lambda: verbs_world.change_channel(self.house, channel, **changes))

    async def advance_clock(self, duration: Any, user: str | None = None) -> Json:
        """By an ISO 8601 duration or a timedelta, stopping wherever anything is due."""
        return await self._travel(duration, None, user)

    async def set_clock(self, moment: Any, user: str | None = None) -> Json:
        """To an instant (aware datetime or ISO 8601 with its zone), forward only."""
        return await self._travel(None, moment, user)

    async def next_moment(self, user: str | None = None) -> Json:
        """To the next instant at which anything is due; where it is when nothing is."""
        due = await self.timers.next_due() or self.house.clock.now()
        return await self._travel(None, max(due, self.house.clock.now()), user)

    async def _travel(self, advance: object, moment: object, user: str | None) -> Json:
        world, start = self.house.world, len(self.house.world.timeline)
        self.house.public_url = self.url
        try:
            seen_by = world.person(user).id if user else None
            target = read_target(world.now(), advance, moment)
            answer: Json = {"ok": True, "steps": await self.timers.travel(target)}
        except Refusal as refusal:
            answer, seen_by = refusal.answer(), None
        news = news_for(world, seen_by, start) if seen_by else []
        return answer | {"now": instant(self.house.clock.now()), "messages": news}

    def restart_clients(self) -> None:
        """As when everybody opens their chat anew: what only one person saw there is gone."""
        for channel in self.house.world.channels.values():
            kept = channel.messages.items()
            channel.messages = {ts: one for ts, one in kept if one.ephemeral_to is None}
        self.house.world.revision.bump()

    async def reset(self, seed: Seed | None = None) -> Json:
        """Back to the seed, when the follower has let go; then it begins anew as well."""
        house = self.house
        if seed not in (None, *SEEDS) or (seed == "two-platforms" and self.beside is None):
            return {"ok": False, "error": "unknown_seed", "messages": []}
        await self.timers.pause()
        former, house.seed = house.world, seed or house.seed
        if self.follower is not None:
            await self.follower.let_go()
        house.world = grow(house.clock, house.seed, house.manifest.bot_name)
        house.world.succeed(former)
        house.forget()
        if self.beside is not None:
            await self.beside.reset()
        house.world.revision.bump()
        if self.follower is not None:
            await self.follower.reset()
        return {"ok": True, "messages": []}
