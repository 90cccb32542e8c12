"""Looking up people and conversations at Slack and keeping what it says."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from governance.errors import BotError
from governance.people import accounts, directory
from governance.people.directory import ConversationFacts, PersonFacts
from governance.seeing import exposure
from handlers import acts
from handlers.carrying import Clock
from handlers.platform import PlatformError
from handlers.slack import errors, identity
from storage.engine import Database
from storage.tables import SLACK

AT_ONCE = 8
"""Profiles asked for side by side."""

MET_AT_ONCE = 60
"""Profiles asked for in one look at a conversation; Slack allows about a hundred a minute. Until
everybody in a large channel has been met, it counts as having guests."""


log = structlog.get_logger()


@dataclass(frozen=True)
class Home:
    """The workspace that installed the bot. `url` is its address, for links."""

    installation_id: int
    team_id: str
    bot_user_id: str
    url: str


class Places:
    """See `handlers.platform.LookUps`."""

    title = "Slack"

    def __init__(
        self, database: Database, clock: Clock, home: Home, client: AsyncWebClient
    ) -> None:
        self._client = client
        self._database = database
        self._clock = clock
        self._home = home

    async def meet(self, user_ids: Iterable[str]) -> list[PersonFacts]:
        """Look people up and remember them. Raises BotError for somebody Slack doesn't know or
        does not tell of right now."""
        wanted = list(dict.fromkeys(user_ids))
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(user_id: str) -> PersonFacts:
            async with limit:
                return await identity.person_facts(self._client, user_id)

        try:
            facts = await asyncio.gather(*(one(user_id) for user_id in wanted))
        except SlackApiError as error:
            raise BotError(_why_not_met(error)) from error
        await self._database.run(lambda session: self._keep_people(session, facts))
        return facts

    def _keep_people(self, session: Session, facts: Iterable[PersonFacts]) -> None:
        for one in facts:
            directory.remember_person(
                session, self._home.installation_id, one, now=self._clock.now()
            )

    async def look_at(self, channel: str) -> ConversationFacts:
        """Learn all about a conversation: how it is shared, and who is in it."""
        return await errors.told(self._look_at(channel))

    async def _look_at(self, channel: str) -> ConversationFacts:
        facts = await identity.conversation_facts(self._client, channel, self._home.team_id)
        facts = await self._with_members(facts)
        names = {team: await identity.team_name(self._client, team) for team in facts.team_ids}
        await self._database.run(lambda session: self._keep_place(session, facts, names))
        return facts

    async def watch(self) -> None:
        """Look again at the firms' own channels of which nothing recent is known."""
        home, now = self._home.installation_id, self._clock.now()
        due = await self._database.read(
            lambda session: exposure.to_look_at(session, home, SLACK, now=now)
        )
        for channel in due:
            await self.try_to_look_at(channel)

    async def try_to_look_at(self, channel: str) -> None:
        """What fails now is tried again by and by; until then nothing is said there."""
        try:
            await self.look_at(channel)
        except (PlatformError, BotError) as error:
            log.warning("place_not_looked_at", channel=channel, error=repr(error)[:200])

    async def _with_members(self, facts: ConversationFacts) -> ConversationFacts:
        """Who is there decides whether a conversation is one firm's own; not knowing means no."""
        if not facts.bot_is_in or facts.kind == "dm":
            return facts
        try:
            ids = await identity.member_ids(self._client, facts.external_id)
        except SlackApiError as error:
            if errors.fault(error) != "permanent":
                raise
            return facts
        strangers = await self._strangers(ids)
        await self.meet(strangers[:MET_AT_ONCE])
        if len(strangers) > MET_AT_ONCE or len(ids) >= identity.MEMBERS_READ:
            return facts
        people = await self._database.read(lambda session: self._who(session, ids))
        return replace(
            facts,
            team_ids=tuple(sorted({*facts.team_ids, *(team for _, _, team in people)})),
            has_guests=any(standing == "guest" for _, standing, _ in people),
            person_ids=tuple(person_id for person_id, _, _ in people),
        )

    async def _strangers(self, ids: list[str]) -> list[str]:
        def unknown(session: Session) -> list[str]:
            met = acts.known_accounts(session, self._home.installation_id, ids)
            return [one for one in ids if one not in met]

        return await self._database.read(unknown)

    def _who(self, session: Session, ids: list[str]) -> list[tuple[int, str, str]]:
        """Who is there, bots apart: the person's id, and the standing and team of the account with
        which they are there."""
        met = acts.known_accounts(session, self._home.installation_id, ids)
        return [
            (accounts.kept_of(session, one).id, one.standing, directory.team_of(session, one))
            for one in met.values()
            if one.standing != "bot"
        ]

    def _keep_place(
        self, session: Session, facts: ConversationFacts, names: dict[str, str | None]
    ) -> None:
        for team_id, name in names.items():
            directory.workspace(session, self._home.installation_id, team_id, name, platform=SLACK)
        now = self._clock.now()
        place = directory.remember_conversation(session, self._home.installation_id, facts, now=now)
        exposure.check(session, place, now=now)


def _why_not_met(error: SlackApiError) -> str:
    if errors.fault(error) == "permanent":
        return (
            "I can't find one of the people you mentioned. Nothing was recorded; check the name "
            "and try again."
        )
    return "Slack does not tell me who that is right now. Nothing was recorded; try again soon."
