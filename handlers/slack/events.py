"""What Slack tells by itself about conversations and people: kept, or what was known is dropped."""

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from governance import action_item_news, directory
from governance.errors import BotError
from handlers import acts
from handlers.slack import identity
from handlers.slack.places import Clock, Home, Places
from storage.engine import Database

Json = dict[str, Any]

DONE = BoltResponse(status=200, body="")


class Events:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        home: Home,
        places: Places,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._places = places
        self._wake = wake

    def register(self, app: AsyncApp) -> None:
        app.event("app_home_opened")(self._home_opened)
        app.event("user_change")(self._user_changed)
        app.event("channel_id_changed")(self._id_changed)
        for name in ("member_joined_channel", "member_left_channel"):
            app.event(name)(self._members_changed)
        for name in ("channel_shared", "channel_unshared", "channel_rename", "group_rename"):
            app.event(name)(self._place_changed)

    async def _home_opened(self, client: AsyncWebClient, event: Json) -> BoltResponse:
        if event.get("tab") != "home":
            return DONE
        await self._meet(client, event["user"])

        def opened(session: Session) -> None:
            [person] = acts.find_people(session, self._home.installation_id, [event["user"]])
            person.uses_home = True
            session.add(person)
            action_item_news.refresh_home(session, person, now=self._clock.now())

        await self._database.run(opened)
        self._wake()
        return DONE

    async def _user_changed(self, event: Json) -> BoltResponse:
        """Only people the bot has met are kept up to date."""
        facts = identity.read_profile(event["user"])

        def changed(session: Session) -> None:
            if directory.person(session, self._home.installation_id, facts.user_id) is not None:
                directory.remember_person(
                    session, self._home.installation_id, facts, now=self._clock.now()
                )

        await self._database.run(changed)
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
        return DONE

    async def _members_changed(self, client: AsyncWebClient, event: Json) -> BoltResponse:
        await self._forget(event["channel"])
        if event["type"] == "member_joined_channel" and event["user"] != self._home.bot_user_id:
            await self._meet(client, event["user"])
        return DONE

    async def _place_changed(self, event: Json) -> BoltResponse:
        channel = event["channel"]
        await self._forget(channel["id"] if isinstance(channel, dict) else channel)
        return DONE

    async def _forget(self, channel: str) -> None:
        await self._database.run(
            lambda session: directory.forget_conversation_facts(
                session, self._home.installation_id, channel
            )
        )

    async def _meet(self, client: AsyncWebClient, user_id: str) -> None:
        try:
            await self._places.meet(client, [user_id])
        except BotError:
            return
