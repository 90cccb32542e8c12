"""Looking up people and conversations at the Bot Connector and keeping what it says.

A guest of the home tenant carries its id and is still nobody's until stated. What is not told
counts as another firm's.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

import structlog
from microsoft_teams.api import TeamsChannelAccount
from sqlmodel import Session, select

from governance.errors import BotError
from governance.people import accounts, directory
from governance.people.directory import ConversationFacts, PersonFacts
from governance.seeing import exposure
from handlers import acts
from handlers.carrying import Clock
from handlers.platform import PlatformError
from handlers.teams import references, several
from handlers.teams.connector import Address, Connector
from handlers.views import Message
from storage.engine import Database
from storage.tables import TEAMS, Alliance, Person

MEMBERS_READ = 2000
AT_ONCE = 8
"""Profiles asked for side by side."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Home:
    """The deployment that the bot's Teams app belongs to; `bot_id` is how Teams calls the bot."""

    installation_id: int
    tenant_id: str
    bot_id: str


class Places:
    """See `handlers.platform.LookUps`."""

    title = "Microsoft Teams"

    def __init__(self, database: Database, clock: Clock, home: Home, connector: Connector) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._connector = connector

    async def address(self, conversation: str) -> Address:
        """Raises PlatformError for a conversation that nothing has come from."""

        def read(session: Session) -> Address | None:
            found = references.of(session, conversation)
            if found is None:
                return None
            newest = references.newest_of_tenant(session, found.tenant_id) or found
            return Address(found.external_id, found.tenant_id, newest.service_url)

        address = await self._database.read(read)
        if address is None:
            raise PlatformError("no_conversation_reference", "permanent")
        return address

    async def meet(self, user_ids: Iterable[str]) -> None:
        """People are met in the conversation in which they are named; elsewhere the Connector
        tells of nobody."""
        raise BotError(
            "I can't find one of the people you mentioned. Nothing was recorded; name them in a "
            "channel or chat that they are in, or add them with `people`."
        )

    async def meet_in(
        self, conversation: str, ids: Iterable[str], *, zone: str = ""
    ) -> list[PersonFacts]:
        """Look up people of a conversation, by either of their ids, and remember them, with the
        zone that is known of them (IANA). Raises BotError for somebody who is not there,
        PlatformError when it is not told right now."""
        to = await self.address(conversation)
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(person: str) -> PersonFacts:
            async with limit:
                facts = read_member(await self._connector.member(to, person), to.tenant)
                return replace(facts, zone=zone or None)

        try:
            facts = await asyncio.gather(*(one(person) for person in dict.fromkeys(ids)))
        except PlatformError as error:
            if error.fault != "permanent":
                raise
            raise BotError(
                "I can't find one of the people you mentioned in this conversation. Nothing was "
                "recorded; check the name and try again."
            ) from error
        known = [one for one in facts if one.user_id]
        await self._database.run(lambda session: self._keep_people(session, known))
        return facts

    def _keep_people(self, session: Session, facts: Iterable[PersonFacts]) -> list[Person]:
        home, now = self._home.installation_id, self._clock.now()
        return [directory.remember_person(session, home, one, now=now) for one in facts]

    async def note_chat(self, person: str, chat: str) -> None:
        """The bot's own chat with somebody."""

        def note(session: Session) -> None:
            known = directory.person(session, self._home.installation_id, person)
            if known is not None:
                known.dm_channel = chat
                session.add(known)

        await self._database.run(note)

    async def look_at(self, channel: str) -> None:
        """Learn all about a conversation: who is in it decides whether it is one firm's own. Of
        one that is too large to be read to its end nothing is known."""
        to, unknown = await self.address(channel), ConversationFacts(channel, "channel", TEAMS)
        try:
            roster = await self._connector.members(to, most=MEMBERS_READ)
        except PlatformError as error:
            if error.fault != "permanent":
                raise
            return await self._keep(unknown, [])
        if not roster.whole:
            return await self._keep(replace(unknown, bot_is_in=True), [])
        people = [read_member(member, to.tenant) for member in roster.members]
        tenants = {to.tenant, *(person.team_id for person in people if person.team_id)}
        shared = len(tenants) > 1 or any(not person.team_id for person in people)
        facts = replace(
            unknown,
            sharing="shared" if shared else "internal",
            team_ids=tuple(sorted(tenants)),
            has_guests=any(one.standing == "guest" for one in people),
            bot_is_in=True,
        )
        await self._keep(facts, [person for person in people if person.user_id])

    async def _keep(self, facts: ConversationFacts, people: list[PersonFacts]) -> None:
        def keep(session: Session) -> None:
            met = self._keep_people(session, people)
            there = [accounts.kept_of(session, one) for one in met if one.standing != "bot"]
            ids = tuple(dict.fromkeys(person.id for person in there))
            home, now = self._home.installation_id, self._clock.now()
            place = directory.remember_conversation(
                session, home, replace(facts, person_ids=ids), now=now
            )
            exposure.check(session, place, now=now)

        await self._database.run(keep)

    async def zone(self, channel: str) -> str:
        """The zone in which instants are written in a conversation: that of its one reader, or of
        its alliance (IANA)."""

        def read(session: Session) -> str:
            reader = session.exec(select(Person).where(Person.dm_channel == channel)).first()
            if reader is not None:
                return reader.zone
            place = directory.conversation(session, self._home.installation_id, channel)
            if place is None or place.alliance_id is None:
                return directory.FALLBACK_ZONE
            return session.get_one(Alliance, place.alliance_id).zone

        return await self._database.read(read)

    async def redraw(self, conversation: str, ts: str, drawn: Message) -> None:
        """Bring a message up to date."""
        to, zone = await self.address(conversation), await self.zone(conversation)
        cards = several.cards_of(ts)
        for card, activity in zip(cards, several.anew(drawn, len(cards), zone=zone), strict=True):
            await self._connector.update(to, card, activity)

    async def message_of(self, conversation: str, card: str) -> str:
        """The message that a card belongs to: a long one in somebody's own chat has several."""
        return await self._database.read(lambda s: several.message_of(s, conversation, card))

    async def look_round(self, tenant: str) -> None:
        """Look again at every channel of a tenant that the bot is known to be in: nobody tells
        which of them it lost together with one."""
        home = self._home.installation_id
        for channel in await self._database.read(lambda s: references.joined(s, home, tenant)):
            await self._try_to_look_at(channel)

    async def watch(self) -> None:
        """Look again at the firms' own channels of which nothing recent is known."""
        home, now = self._home.installation_id, self._clock.now()
        due = await self._database.read(
            lambda session: exposure.to_look_at(session, home, TEAMS, now=now)
        )
        for channel in due:
            await self._try_to_look_at(channel)

    async def _try_to_look_at(self, channel: str) -> None:
        try:
            await self.look_at(channel)
        except PlatformError as error:
            log.warning("place_not_looked_at", channel=channel, error=error.code)

    async def known(self, ids: Iterable[str]) -> dict[str, str]:
        """Of these ids, of either kind, the object ids of those who have been met."""
        wanted = list(dict.fromkeys(ids))

        def read(session: Session) -> dict[str, str]:
            home = self._home.installation_id
            by_id = acts.known_accounts(session, home, wanted)
            by_account = directory.people_by_account(session, home, wanted)
            return {one: one for one in by_id} | {
                str(person.account): person.user_id for person in by_account
            }

        return await self._database.read(read)


def read_member(member: TeamsChannelAccount, tenant: str) -> PersonFacts:
    """Somebody as a roster tells of them. Without an object id or a tenant they are nobody's."""
    told = member.tenant_id or ""
    guest = member.user_role not in (None, "user", "owner") or not told
    return PersonFacts(
        user_id=(member.aad_object_id or "").casefold(),
        team_id=str(told or tenant).casefold(),
        name=" ".join((member.name or "Somebody").split())[:80],
        platform=TEAMS,
        account=member.id,
        standing="guest" if guest else "full",
        certain=bool(told),
    )
