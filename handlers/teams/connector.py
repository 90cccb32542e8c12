"""The Bot Connector's calls, by the SDK's client. Every one raises PlatformError."""

import warnings
from dataclasses import dataclass
from typing import Any

from microsoft_teams.api import ApiClient, TeamsChannelAccount
from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.clients.conversation.params import CreateConversationParams
from microsoft_teams.apps import App
from microsoft_teams.common.experimental import ExperimentalWarning

from handlers.teams.errors import told
from handlers.teams.limits import Limits

Json = dict[str, Any]

MEMBERS_A_PAGE = 500

warnings.filterwarnings("ignore", category=ExperimentalWarning)  # targeted messages, each time


@dataclass(frozen=True)
class Address:
    """A conversation and where it is reached."""

    conversation: str
    tenant: str
    service_url: str

    def thread(self, root: str | None) -> str:
        """The conversation's id, or that of a thread in it."""
        return f"{self.conversation};messageid={root}" if root else self.conversation


@dataclass(frozen=True)
class Roster:
    """Who is in a conversation, each once. `whole`: nobody else is."""

    members: list[TeamsChannelAccount]
    whole: bool


class Connector:
    """`limits` is None where any number of messages is taken, as by the local Teams."""

    def __init__(self, app: App, bot_id: str, limits: Limits | None) -> None:
        self._app = app
        self._bot_id = bot_id
        self._clients: dict[str, ApiClient] = {}
        self._limits = limits

    async def close(self) -> None:
        """Let go of the connections, which all clients share."""
        await self._app.api.http.http.aclose()

    def _at(self, service_url: str) -> ApiClient:
        if service_url not in self._clients:
            self._clients[service_url] = self._app.api.from_service_url(service_url)
        return self._clients[service_url]

    async def _turn(self, to: Address) -> None:
        if self._limits is not None:
            await self._limits.turn(to.conversation, to.tenant)

    async def open_direct(self, tenant: str, service_url: str, account: str) -> str:
        """The id of the personal chat with somebody; the same one each time."""
        params = CreateConversationParams.model_validate(
            {
                "bot": {"id": self._bot_id},
                "isGroup": False,
                "members": [{"id": account}],
                "tenantId": tenant,
                "channelData": {"tenant": {"id": tenant}},
            }
        )
        made = await told(self._at(service_url).conversations.create(params))
        return made.id

    async def post(self, to: Address, activity: Json, *, thread: str | None = None) -> str:
        """The id of the new message."""
        await self._turn(to)
        said = MessageActivityInput.model_validate(activity)
        client = self._at(to.service_url).conversations
        sent = await told(client.create_activity(to.thread(thread), said))
        return sent.id

    async def update(self, to: Address, activity_id: str, activity: Json) -> None:
        await self._turn(to)
        said = MessageActivityInput.model_validate(activity)
        client = self._at(to.service_url).conversations
        await told(client.update_activity(to.conversation, activity_id, said))

    async def delete(self, to: Address, activity_id: str) -> None:
        await self._turn(to)
        client = self._at(to.service_url).conversations
        await told(client.delete_activity(to.conversation, activity_id))

    async def whisper(
        self, to: Address, account: str, activity: Json, *, thread: str | None = None
    ) -> str:
        """Seen by one person in a channel or group chat, for a day."""
        await self._turn(to)
        targeted = activity | {"recipient": {"id": account, "isTargeted": True}}
        said = MessageActivityInput.model_validate(targeted)
        client = self._at(to.service_url).conversations
        sent = await told(client.create_targeted_activity(to.thread(thread), said))
        return sent.id

    async def members(self, of: Address, *, most: int) -> Roster:
        """`most` bounds how many rows are read; somebody may stand in several."""
        client, token = self._at(of.service_url).conversations, None
        found: list[TeamsChannelAccount] = []
        while len(found) < most:
            page = await told(client.get_paged_members(of.conversation, MEMBERS_A_PAGE, token))
            found += page.members
            token = page.continuation_token
            if not token:
                break
        return Roster(list({member.id: member for member in found}.values()), not token)

    async def member(self, of: Address, person: str) -> TeamsChannelAccount:
        """Somebody in a conversation, by either of their ids."""
        return await told(
            self._at(of.service_url).conversations.get_member_by_id(of.conversation, person)
        )

    async def channels(self, service_url: str, team: str) -> dict[str, str]:
        """The names of a team's channels by their ids; its first one has none of its own."""
        found = await told(self._at(service_url).teams.get_conversations(team))
        return {channel.id: channel.name for channel in found if channel.id and channel.name}
