"""Sends to Teams what the outbox holds; see `handlers.platform.Messenger`."""

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from governance.people import directory
from governance.seeing.export import File
from handlers import acts
from handlers.carrying import Clock
from handlers.platform import PlatformError, Sent
from handlers.teams import references, render
from handlers.teams.connector import Connector
from handlers.teams.places import Home, Places
from handlers.views import Message, say
from storage.engine import Database
from storage.tables import Person

TAKEN_AWAY = ("ActivityNotFoundInConversation", "TARGETED_MESSAGE_EXPIRED_OR_DELETED")
"""The message is there no more, of which nobody needs to hear."""

Json = dict[str, Any]

SEVERAL = ","
"""Between the ids of the cards that one long message became."""

EMPTY = say("Nothing more.")


def _one_page(message: Message, *, opens: Container[str], zone: str, mentions: bool) -> list[Json]:
    """A channel's card, which says that there is more where it can't hold everything."""
    return [render.activity(message, opens=opens, zone=zone, mentions=mentions)]


class TeamsMessenger:
    def __init__(
        self, database: Database, clock: Clock, home: Home, places: Places, connector: Connector
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._places = places
        self._connector = connector

    async def open_direct(self, user_id: str) -> str:
        """The id of the personal chat with somebody. Raises PlatformError where nothing has come
        from their tenant."""
        account, tenant, service_url = await self._database.read(
            lambda session: self._reached_at(session, user_id)
        )
        chat = await self._connector.open_direct(tenant, service_url, account)
        now = self._clock.now()
        await self._database.run(
            lambda session: references.remember(
                session,
                self._home.installation_id,
                chat,
                tenant_id=tenant,
                service_url=service_url,
                now=now,
            )
        )
        await self._places.note_chat(user_id, chat)
        return chat

    def _reached_at(self, session: Session, user_id: str) -> tuple[str, str, str]:
        person = directory.person(session, self._home.installation_id, user_id)
        tenant = directory.team_of(session, person) if person is not None else ""
        known = references.newest_of_tenant(session, tenant)
        if person is None or known is None:
            raise PlatformError("no_conversation_reference", "permanent")
        return person.account or user_id, tenant, known.service_url

    async def post(
        self, channel: str, message: Message, *, token: str, thread: str | None = None
    ) -> Sent:
        """What is too long for one card goes on in others where one person reads it; the ids of
        all of them are kept, so that each can be brought up to date, or emptied."""
        to, zone = await self._places.address(channel), await self._places.zone(channel)
        here = await self._database.read(lambda session: self._people_in(session, channel))
        if here is None:
            shown = render.pages(message, opens=acts.OPENS_FORM, zone=zone, mentions=False)
        else:
            shown = [render.activity(message, opens=acts.OPENS_FORM, zone=zone, here=here)]
        sent = [await self._connector.post(to, one, thread=thread) for one in shown]
        return Sent(channel, SEVERAL.join(sent))

    def _people_in(self, session: Session, channel: str) -> frozenset[str] | None:
        """Whom a card in a channel may mention: Teams refuses a message that mentions somebody who
        is elsewhere. None in somebody's own chat, where there is nobody to call."""
        place = directory.conversation(session, self._home.installation_id, channel)
        if place is None or place.kind == "dm":
            return None
        there = [int(one) for one in place.person_ids.split(",") if one]
        chosen = select(Person.user_id).where(col(Person.id).in_(there))
        return frozenset(session.exec(chosen))

    async def update(self, channel: str, ts: str, message: Message) -> Sent:
        to, zone = await self._places.address(channel), await self._places.zone(channel)
        one, *more = ts.split(SEVERAL)
        make = render.pages if more else _one_page
        shown = make(message, opens=acts.OPENS_FORM, zone=zone, mentions=False)
        shown += [render.activity(EMPTY, opens=acts.OPENS_FORM)] * len(more)
        try:
            for sent, activity in zip((one, *more), shown, strict=False):
                await self._connector.update(to, sent, activity)
        except PlatformError as error:
            if error.code in TAKEN_AWAY:
                raise PlatformError("message_not_found", "permanent") from error
            raise
        return Sent(channel, ts)

    async def whisper(
        self, channel: str, user_id: str, message: Message, *, thread: str | None = None
    ) -> Sent:
        to, zone = await self._places.address(channel), await self._zone_of(user_id)
        account = await self._database.read(lambda session: self._account(session, user_id))
        for activity in render.pages(message, opens=acts.OPENS_FORM, zone=zone, mentions=False):
            await self._connector.whisper(to, account, activity, thread=thread)
        return Sent(channel, None)

    def _account(self, session: Session, user_id: str) -> str:
        person = directory.person(session, self._home.installation_id, user_id)
        return (person.account if person is not None else None) or user_id

    async def show_home(self, user_id: str, message: Message) -> Sent:
        raise PlatformError("no_home_in_teams", "permanent")

    async def send_files(self, channel: str, message: Message, files: Sequence[File]) -> Sent:
        raise PlatformError("no_files_in_teams", "permanent")

    async def pin(self, channel: str, ts: str) -> None:
        """Teams lets no bot pin; see docs/platforms.md."""

    async def reactions(self, channel: str, ts: str) -> frozenset[tuple[str, int]] | None:
        """A scale is answered by buttons here."""
        return None

    async def find(self, channel: str, token: str, *, since: datetime) -> Sent | None:
        """Teams has no history to look in."""
        return None

    async def _zone_of(self, user_id: str) -> str:
        def read(session: Session) -> str:
            person = directory.person(session, self._home.installation_id, user_id)
            return person.zone if person is not None else directory.FALLBACK_ZONE

        return await self._database.read(read)
