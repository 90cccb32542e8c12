"""What Slack tells by itself about conversations and people: kept, or what was known is dropped."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from sqlmodel import Session

from governance.errors import BotError
from governance.items import action_item_news
from governance.people import directory
from governance.seeing import exposure
from handlers import acts
from handlers.carrying import Clock
from handlers.doors import Asked
from handlers.slack import identity, payloads
from handlers.slack.places import Home, Places
from storage.engine import Database

Json = dict[str, Any]

Hear = Callable[[Asked], Awaitable[BoltResponse]]

DONE = BoltResponse(status=200, body="")
AGAIN = BoltResponse(status=503, body="")
"""An event that could not be taken now: Slack sends it again, three times."""


class Events:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        places: Places,
        wake: Callable[[], None],
        hear: Hear,
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._places = places
        self._wake = wake
        self._hear = hear

    def register(self, app: AsyncApp) -> None:
        app.event("app_home_opened")(self._home_opened)
        app.event("user_change")(self._user_changed)
        app.event("channel_id_changed")(self._id_changed)
        for name in ("member_joined_channel", "member_left_channel"):
            app.event(name)(self._members_changed)
        for name in ("channel_shared", "channel_unshared", "channel_rename", "group_rename"):
            app.event(name)(self._place_changed)

    async def _home_opened(self, event: Json) -> BoltResponse:
        if event.get("tab") == "home":
            await self._meet(event["user"])
            await self._fill_home(event)
        return await self._hear(payloads.opened(event))

    async def _fill_home(self, event: Json) -> None:
        def opened(session: Session) -> None:
            [person] = acts.find_people(session, self._home.installation_id, [event["user"]])
            person.uses_home = True
            session.add(person)
            action_item_news.refresh_home(session, person, now=self._clock.now())

        await self._database.run(opened)
        self._wake()

    async def _user_changed(self, event: Json) -> BoltResponse:
        """Only people the bot has met are kept up to date. Somebody who becomes a guest changes
        what may be said where they are."""
        facts = identity.read_profile(event["user"])

        def changed(session: Session) -> list[str]:
            home = self._home.installation_id
            known = directory.person(session, home, facts.user_id)
            if known is None:
                return []
            before = known.standing
            person = directory.remember_person(session, home, facts, now=self._clock.now())
            if person.standing == before:
                return []
            found = exposure.places_of(session, home, person.id)
            for channel in found:
                directory.forget_conversation_facts(session, home, channel)
            return found

        for channel in await self._database.run(changed):
            await self._places.try_to_look_at(channel)
        self._wake()
        return DONE

    async def _id_changed(self, event: Json) -> BoltResponse:
        await self._database.run(
            lambda session: directory.rename_conversation_id(
                session,
                self._home.installation_id,
                event["old_channel_id"],
                event["new_channel_id"],
            )
        )
        await self._look_if_own(event["new_channel_id"])
        return DONE

    async def _members_changed(self, event: Json) -> BoltResponse:
        await self._forget(event["channel"])
        await self._look_if_own(event["channel"])
        joined = event["type"] == "member_joined_channel"
        if joined and event["user"] != self._home.bot_user_id:
            await self._meet(event["user"])
        elif joined and event.get("inviter"):
            return await self._hear(payloads.invited(event))
        return DONE

    async def _place_changed(self, event: Json) -> BoltResponse:
        channel = event["channel"]
        channel = channel["id"] if isinstance(channel, dict) else channel
        await self._forget(channel)
        await self._look_if_own(channel)
        return DONE

    async def _look_if_own(self, channel: str) -> None:
        """Who can read a firm's own channel is looked up at once; of others, when it is needed."""

        def is_own(session: Session) -> bool:
            place = directory.conversation(session, self._home.installation_id, channel)
            return place is not None and exposure.side_of(session, place) is not None

        if await self._database.read(is_own):
            await self._places.try_to_look_at(channel)
            self._wake()

    async def _forget(self, channel: str) -> None:
        await self._database.run(
            lambda session: directory.forget_conversation_facts(
                session, self._home.installation_id, channel
            )
        )

    async def _meet(self, user_id: str) -> None:
        try:
            await self._places.meet([user_id])
        except BotError:
            return
