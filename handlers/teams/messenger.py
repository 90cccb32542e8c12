"""Sends to Teams what the outbox holds; see `handlers.platform.Messenger`."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import Session, col, select

from governance.people import directory
from governance.seeing.export import File
from handlers import acts
from handlers.carrying import Clock
from handlers.platform import PlatformError, Sent
from handlers.teams import consent, references, render, several
from handlers.teams.connector import Address, Connector
from handlers.teams.places import Home, Places
from handlers.views import Message
from storage.engine import Database
from storage.tables import Person

TAKEN_AWAY = ("ActivityNotFoundInConversation", "TARGETED_MESSAGE_EXPIRED_OR_DELETED")
"""The message is there no more, of which nobody needs to hear."""

Json = dict[str, Any]

Send = Callable[[Json], Awaitable[str]]
"""Sends one card and returns its id."""

log = structlog.get_logger()


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
        self,
        channel: str,
        message: Message,
        *,
        token: str,
        thread: str | None = None,
        begun: str = "",
    ) -> Sent:
        """What is too long for one card goes on in others where one person reads it; the ids of
        all of them are kept, so that each can be brought up to date, or emptied."""
        to, zone = await self._places.address(channel), await self._places.zone(channel)
        here = await self._database.read(lambda session: self._people_in(session, channel))
        if here is None:
            shown = render.pages(message, opens=acts.OPENS_FORM, zone=zone, mentions=False)
        else:
            shown = [render.activity(message, opens=acts.OPENS_FORM, zone=zone, here=here)]
        sent = several.cards_of(begun)
        await self._update(to, sent, several.filled_up(shown[: len(sent)], len(sent)))
        return await _go_on(
            channel, sent, shown, lambda one: self._connector.post(to, one, thread=thread)
        )

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
        cards = several.cards_of(ts)
        await self._update(to, cards, several.anew(message, len(cards), zone=zone))
        return Sent(channel, ts)

    async def _update(self, to: Address, cards: list[str], shown: list[Json]) -> None:
        try:
            for card, activity in zip(cards, shown, strict=True):
                await self._connector.update(to, card, activity)
        except PlatformError as error:
            if error.code in TAKEN_AWAY:
                raise PlatformError("message_not_found", "permanent") from error
            raise

    async def whisper(
        self,
        channel: str,
        user_id: str,
        message: Message,
        *,
        thread: str | None = None,
        begun: str = "",
    ) -> Sent:
        to, zone = await self._places.address(channel), await self._zone_of(user_id)
        account = await self._database.read(lambda session: self._account(session, user_id))
        shown = render.pages(message, opens=acts.OPENS_FORM, zone=zone, mentions=False)
        await _go_on(
            channel,
            several.cards_of(begun),
            shown,
            lambda one: self._connector.whisper(to, account, one, thread=thread),
        )
        return Sent(channel, None)

    def _account(self, session: Session, user_id: str) -> str:
        person = directory.person(session, self._home.installation_id, user_id)
        return (person.account if person is not None else None) or user_id

    async def show_home(self, user_id: str, message: Message) -> Sent:
        raise PlatformError("no_home_in_teams", "permanent")

    async def send_files(
        self, channel: str, message: Message, files: Sequence[File], *, token: str
    ) -> Sent:
        """Teams asks before it takes a file: each is offered by a card of its own, so that each
        can be taken away when it is answered. What was posted before one is refused goes again."""
        to, zone = await self._places.address(channel), await self._places.zone(channel)
        shown = render.pages(message, opens=acts.OPENS_FORM, zone=zone, mentions=False)
        shown += [consent.offered(file, token) for file in files]
        sent: list[str] = []
        try:
            for one in shown:
                sent.append(await self._connector.post(to, one))
        except PlatformError:
            await self._take_back(to, sent)
            raise
        return Sent(channel, None, offered=True)

    async def _take_back(self, to: Address, sent: Sequence[str]) -> None:
        for one in sent:
            try:
                await self._connector.delete(to, one)
            except PlatformError as error:
                log.warning("not_taken_back", error=error.code)

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


async def _go_on(channel: str, sent: list[str], shown: Sequence[Json], send: Send) -> Sent:
    """Send those cards of a message that are not sent yet. Raises PlatformError that tells which
    ones are there."""
    for activity in shown[len(sent) :]:
        try:
            sent.append(await send(activity))
        except PlatformError as error:
            error.begun = Sent(channel, several.called(sent)) if sent else None
            raise
    return Sent(channel, several.called(sent))
