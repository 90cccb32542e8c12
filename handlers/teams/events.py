"""What Teams tells by itself about conversations and people: kept, or what was known is dropped."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import structlog
from sqlmodel import Session

from governance.errors import BotError
from governance.people import directory
from handlers.carrying import Carrier, Clock
from handlers.doors import Asked
from handlers.platform import PlatformError
from handlers.teams import payloads, references
from handlers.teams.activities import Activity, installed, members, part, place_change
from handlers.teams.connector import Connector
from handlers.teams.places import Home, Places
from storage.engine import Database
from storage.tables import TEAMS

T = TypeVar("T")

REMEMBERED = 10_000
"""Conversations and people of which this process remembers that they are kept."""

CAME = "channelmemberadded"
GENERAL = "General"

log = structlog.get_logger()


class Events:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        places: Places,
        connector: Connector,
        carrier: Carrier,
        *,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._places = places
        self._connector = connector
        self._carrier = carrier
        self._wake = wake
        self._kept: dict[str, tuple[str, str]] = {}
        self._met: dict[str, tuple[str, date]] = {}

    async def note_place(self, activity: Activity) -> None:
        """Keep where the conversation is reached, and the name of a channel."""
        told = (activity.tenant, activity.service_url)
        if not activity.conversation or self._kept.get(activity.conversation) == told:
            return
        new = activity.conversation not in self._kept
        now = self._clock.now()
        await self._database.run(
            lambda session: references.remember(
                session,
                self._home.installation_id,
                activity.conversation,
                tenant_id=activity.tenant,
                service_url=activity.service_url,
                now=now,
            )
        )
        if new:
            await self._name_place(activity)
        _keep(self._kept, activity.conversation, told)

    async def _name_place(self, activity: Activity) -> None:
        if activity.place == "dm":
            return
        name = await self._name_of(activity)

        def keep(session: Session) -> None:
            place = directory.conversation_or_new(
                session,
                self._home.installation_id,
                activity.conversation,
                "channel",
                platform=TEAMS,
            )
            place.name = name or place.name
            session.add(place)

        await self._database.run(keep)

    async def _name_of(self, activity: Activity) -> str:
        """A channel's name as its team's list has it; the first one has none there."""
        if activity.place == "group":
            named = part(activity.raw, "conversation").get("name")
            return named if isinstance(named, str) and named else "our group chat"
        change = place_change(activity)
        if change.name or not change.team:
            return change.name
        try:
            names = await self._connector.channels(activity.service_url, change.team)
        except PlatformError as error:
            log.warning("channel_not_named", error=error.code)
            return ""
        return names.get(activity.conversation, GENERAL)

    async def note_person(self, activity: Activity) -> None:
        """Know who asks, and where they are: once a day, and when they have moved. Raises
        BotError for somebody whom Teams does not tell of."""
        today = self._clock.now().date()
        if self._met.get(activity.user_id) == (activity.zone, today):
            return
        try:
            await self._places.meet_in(
                activity.conversation, [activity.user_id], zone=activity.zone
            )
        except (BotError, PlatformError):
            if activity.person not in await self._places.known([activity.person]):
                raise
        _keep(self._met, activity.user_id, (activity.zone, today))

    async def hear(self, activity: Activity) -> None:
        change, came = place_change(activity), members(activity)
        where = change.channel or activity.conversation
        brought = installed(activity) == "installed" or (change.what == CAME and came.bot_added)
        if brought and activity.person:
            if activity.place == "dm" or not await self._is_there(where):
                await self._brought(activity)
        elif installed(activity) == "removed" or change.what == "channeldeleted":
            await self._gone(where)
            await self._changed(all_of=activity.tenant if activity.place == "channel" else "")
        if change.what == "channelrenamed" and change.name:
            await self._renamed(where, change.name)
        if came.added or came.removed or change.what.startswith(("channelshared", "channelunsh")):
            await self._changed()

    async def _is_there(self, conversation: str) -> bool:
        """Whether the bot is known to be in a place: Teams tells of its coming in two ways, and of
        each new version as if it came."""

        def read(session: Session) -> bool:
            place = directory.conversation(session, self._home.installation_id, conversation)
            return place is not None and place.bot_is_in

        return await self._database.read(read)

    async def _brought(self, activity: Activity) -> None:
        """Somebody added the bot, for themselves or to a team or chat."""
        try:
            await self.note_person(activity)
            own = activity.place == "dm"
            await self._noticed(payloads.opened(activity) if own else payloads.invited(activity))
        except (BotError, PlatformError) as error:
            log.warning("not_taken_up", why=str(error)[:200])

    async def _noticed(self, asked: Asked) -> None:
        try:
            await self._carrier.carry_out(asked)
        except BotError as error:
            log.warning("not_taken_up", act=asked.act, why=error.user_message)

    async def _gone(self, conversation: str) -> None:
        def leave(session: Session) -> None:
            place = directory.conversation(session, self._home.installation_id, conversation)
            if place is not None:
                place.bot_is_in, place.facts_at = False, None
                session.add(place)

        await self._database.run(leave)

    async def _renamed(self, conversation: str, name: str) -> None:
        def rename(session: Session) -> None:
            place = directory.conversation(session, self._home.installation_id, conversation)
            if place is not None:
                place.name = name
                session.add(place)

        await self._database.run(rename)

    async def _changed(self, *, all_of: str = "") -> None:
        """Who is in a team decides who is in its channels: nothing known counts any more, and the
        firms' own channels are looked at again at once, with every channel of a tenant (`all_of`)
        that the bot may have lost."""
        home = self._home.installation_id
        await self._database.run(
            lambda session: directory.forget_platform_facts(session, home, TEAMS)
        )
        self._carrier.in_background(self._look_again(all_of))

    async def _look_again(self, all_of: str) -> None:
        try:
            if all_of:
                await self._places.look_round(all_of)
            await self._places.watch()
        except Exception as error:
            log.warning("places_not_looked_at", error=repr(error)[:300], exc_info=error)
        finally:
            self._wake()


def _keep(kept: dict[str, T], key: str, value: T) -> None:
    if len(kept) >= REMEMBERED:
        kept.clear()
    kept[key] = value
