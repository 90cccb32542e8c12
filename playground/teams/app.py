"""A strict local Microsoft Teams that an unmodified bot talks to over HTTP."""

from pathlib import Path
from typing import Any

from starlette.routing import Route

from playground.clock import Clock
from playground.follower import Follower
from playground.journal import Journal
from playground.refusal import Json
from playground.teams import (
    control,
    dialogs,
    verbs_click,
    verbs_files,
    verbs_install,
    verbs_talk,
    verbs_world,
)
from playground.teams.acting import Acting
from playground.teams.door import Deliveries, Door
from playground.teams.house import House, read_manifest
from playground.teams.keys import Keys, Tokens
from playground.teams.routes import build
from playground.teams.seed import Seed, grow
from playground.teams.timers import Timers
from playground.teams.world import ChannelType

APP_ID = "5f0c1a52-6d1f-4a39-9a53-0b7d1c2e4f60"
APP_SECRET = "playground~teams~secret"


class Teams(Acting):
    """Tenants, people and conversations in memory, and the verbs by which people act.

    Every verb answers `{ok, error?, messages, dialog?}`: the new messages the acting person sees,
    and the dialog on top of their window. A refusal is an answer, never an exception.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        seed: Seed = "empty",
        app_id: str = APP_ID,
        app_secret: str = APP_SECRET,
        bot_name: str = "Alliance",
        bot_url: str | None = None,
        manifest: Path | None = None,
        follower: Follower | None = None,
    ) -> None:
        self.app_id, self.app_secret, self.seed = app_id, app_secret, seed
        journal, keys = Journal(), Keys()
        door = Door(journal, keys, app_id, clock.now)
        door.url = bot_url
        self.house = House(
            clock=clock,
            world=grow(clock, f"28:{app_id}", bot_name, seed),
            app_id=app_id,
            manifest=read_manifest(manifest),
            journal=journal,
            keys=keys,
            tokens=Tokens(keys, app_id, app_secret),
            door=door,
            deliveries=Deliveries(door, clock.now),
        )
        self.timers = Timers(self.house, follower)
        self.asgi = build(self.house)

    async def message(
        self,
        person: str,
        conversation: str,
        text: str,
        thread: str | None = None,
        *,
        targeted: bool = False,
    ) -> Json:
        """`@Name` of somebody there, or of the bot, is a mention; `id` in the answer."""
        return await self._act(
            person,
            lambda p: verbs_talk.message(
                self.house, p, conversation, text, thread, targeted=targeted
            ),
        )

    async def edit(self, person: str, message_id: str, text: str) -> Json:
        return await self._act(person, lambda p: verbs_talk.edit(self.house, p, message_id, text))

    async def delete(self, person: str, message_id: str) -> Json:
        return await self._act(person, lambda p: verbs_talk.delete(self.house, p, message_id))

    async def undelete(self, person: str, message_id: str) -> Json:
        return await self._act(person, lambda p: verbs_talk.undelete(self.house, p, message_id))

    async def reaction(self, person: str, message_id: str, type: str, added: bool = True) -> Json:
        return await self._act(
            person, lambda p: verbs_talk.reaction(self.house, p, message_id, type, added=added)
        )

    async def click(
        self, person: str, message_id: str, action: str | Json, inputs: Json | None = None
    ) -> Json:
        """Press a button, by its title or (part of) its action; `said` is what it answered."""
        return await self._act(
            person,
            lambda p: verbs_click.click(self.house, p, message_id, action, inputs or {}),
        )

    async def look(self, person: str, message_id: str) -> Json:
        """A card comes into view, which refreshes it if it asks for that."""
        return await self._act(person, lambda p: verbs_click.look(self.house, p, message_id))

    async def submit(
        self, person: str, values: Json | None = None, button: str | Json | None = None
    ) -> Json:
        """Fill in the form on top and send it; `errors` by input when the client refuses it."""
        return await self._act(
            person, lambda p: dialogs.submit(self.house, p, values or {}, button)
        )

    async def close_dialog(self, person: str) -> Json:
        return await self._act(person, lambda p: dialogs.close(self.house, p))

    async def search(
        self,
        person: str,
        field: str,
        words: str,
        message_id: str | None = None,
        typed: Json | None = None,
    ) -> Json:
        """Type into a searched field of the form on top, or of a message's card: `results`.
        `typed` is what stands in the other fields."""
        return await self._act(
            person,
            lambda p: verbs_click.look_for(self.house, p, field, words, message_id, typed or {}),
        )

    async def message_action(self, person: str, command_id: str, message_id: str) -> Json:
        return await self._act(
            person, lambda p: dialogs.message_action(self.house, p, command_id, message_id)
        )

    async def accept_file(self, person: str, message_id: str) -> Json:
        """Allow the file that a message offers; `file` is the id of its place."""
        return await self._act(person, lambda p: verbs_files.accept(self.house, p, message_id))

    async def decline_file(self, person: str, message_id: str) -> Json:
        return await self._act(person, lambda p: verbs_files.decline(self.house, p, message_id))

    async def open_personal(self, person: str) -> Json:
        """`conversation` is the chat with the bot."""
        return await self._act(person, lambda p: verbs_install.open_personal(self.house, p))

    async def person(self, person: str, **changes: Any) -> Json:
        """Change name, title, zone, country or guest of somebody."""
        return await self._act(
            person, lambda p: verbs_world.change_person(self.house, p, dict(changes))
        )

    async def install(self, where: str, by: str | None = None, *, upgrade: bool = False) -> Json:
        """Into a person's chat, a team, a group chat, a shared or private channel."""
        return await self._plain(
            lambda: verbs_install.install(self.house, where, by, upgrade=upgrade)
        )

    async def uninstall(self, where: str, by: str | None = None) -> Json:
        return await self._plain(lambda: verbs_install.uninstall(self.house, where, by))

    async def add_member(self, where: str, person: str, by: str | None = None) -> Json:
        """To a team, a group chat, a shared or private channel."""
        return await self._plain(lambda: verbs_world.add_member(self.house, where, person, by))

    async def remove_member(self, where: str, person: str, by: str | None = None) -> Json:
        return await self._plain(lambda: verbs_world.remove_member(self.house, where, person, by))

    async def rename_channel(self, channel: str, name: str, by: str | None = None) -> Json:
        """A group chat or (by its name) a team as well."""
        return await self._plain(lambda: verbs_world.rename(self.house, channel, name, by))

    async def share_channel(self, channel: str, team: str, by: str | None = None) -> Json:
        return await self._plain(lambda: verbs_world.share(self.house, channel, team, by))

    async def unshare_channel(self, channel: str, team: str, by: str | None = None) -> Json:
        return await self._plain(lambda: verbs_world.unshare(self.house, channel, team, by))

    async def add_channel(self, team: str, name: str, kind: ChannelType = "standard") -> Json:
        return await self._plain(lambda: verbs_world.add_channel(self.house, team, name, kind))

    async def delete_channel(self, channel: str, by: str | None = None) -> Json:
        return await self._plain(lambda: verbs_world.delete_channel(self.house, channel, by))

    async def add_chat(self, name: str, people: list[str]) -> Json:
        return await self._plain(lambda: verbs_world.add_chat(self.house, name, people))

    async def add_person(self, tenant: str, handle: str, name: str, **more: Any) -> Json:
        """`more`: title, zone, country, guest. A guest's tenant is the one they visit."""
        return await self._plain(
            lambda: verbs_world.add_person(self.house, tenant, handle, name, **more)
        )

    async def block(self, where: str, blocked: bool = True, *, plain: bool = False) -> Json:
        """A person (their chat), a chat or a channel takes no more messages; `plain` is the other
        of the two shapes in which Teams says so."""
        return await self._plain(
            lambda: verbs_world.block(self.house, where, blocked=blocked, plain=plain)
        )

    def control(self) -> list[Route]:
        """For scripts, and for the page on which people of Teams are shown."""
        return control.routes(self)

    async def pause(self) -> None:
        """Wait for a run of the follower that is under way."""
        await self.timers.pause()

    async def reset(self) -> Json:
        """Back to the seed."""
        house, former = self.house, self.house.world
        house.world = grow(house.clock, former.bot, former.bot_name, self.seed)
        house.world.succeed(former)
        house.forget()
        house.world.revision.bump()
        return {"ok": True, "messages": []}
