"""Who somebody is and who is in a conversation, asked of Slack. The single reader of its profiles.

A guest of our workspace carries its team id and is still nobody's until stated; whoever lives in
another workspace is that workspace's.
"""

from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from governance.people.directory import ConversationFacts, PersonFacts
from handlers.slack import errors
from storage.tables import SLACK

Json = dict[str, Any]

TEAM_LISTS = (
    "shared_team_ids",
    "connected_team_ids",
    "internal_team_ids",
    "pending_connected_team_ids",
)
MEMBERS_A_PAGE = 200
MEMBERS_READ = 2000


async def person_facts(client: AsyncWebClient, user_id: str) -> PersonFacts:
    """Raises SlackApiError, `user_not_found` for nobody."""
    answer = await client.users_info(user=user_id)
    return read_profile(answer["user"])


def read_profile(user: Json) -> PersonFacts:
    profile = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name")
    return PersonFacts(
        user_id=user["id"],
        team_id=user.get("team_id") or profile.get("team") or "",
        name=" ".join((name or user.get("name") or user["id"]).split())[:80],
        platform=SLACK,
        title=(profile.get("title") or "")[:80],
        zone=user.get("tz"),
        standing=_standing(user),
        gone=bool(user.get("deleted")),
    )


def _standing(user: Json) -> str:
    if user.get("is_bot") or user.get("id") == "USLACKBOT":
        return "bot"
    profile = user.get("profile") or {}
    nowhere = not (user.get("team_id") or profile.get("team"))
    if nowhere or user.get("is_restricted") or user.get("is_ultra_restricted"):
        return "guest"
    return "full"


async def conversation_facts(
    client: AsyncWebClient, channel: str, home_team: str
) -> ConversationFacts:
    """What Slack says of a conversation; what it won't say stays unknown. Raises SlackApiError
    for a fault that may pass."""
    try:
        info = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        if errors.fault(error) != "permanent":
            raise
        return ConversationFacts(channel, _kind(channel), SLACK, has_guests=None)
    teams = {home_team, *_teams(info)}
    return ConversationFacts(
        external_id=info.get("id") or channel,
        kind="dm" if info.get("is_im") or info.get("is_mpim") else "channel",
        platform=SLACK,
        name=info.get("name") or "",
        sharing=_sharing(info),
        team_ids=tuple(sorted(teams)),
        bot_is_in=bool(info.get("is_member") or info.get("is_im")),
    )


def _kind(channel: str) -> str:
    return "dm" if channel.startswith("D") else "channel"


def _teams(info: Json) -> set[str]:
    return {team for name in TEAM_LISTS for team in info.get(name) or []}


def _sharing(info: Json) -> str:
    if "is_ext_shared" not in info and not info.get("is_im"):
        return "unknown"
    if info.get("is_pending_ext_shared") or info.get("pending_shared"):
        return "pending"
    return "shared" if info.get("is_ext_shared") or info.get("is_org_shared") else "internal"


async def member_ids(client: AsyncWebClient, channel: str) -> list[str]:
    """Everybody in a conversation the bot is in. Raises SlackApiError otherwise."""
    found: list[str] = []
    cursor = ""
    while len(found) < MEMBERS_READ:
        answer = await client.conversations_members(
            channel=channel, cursor=cursor, limit=MEMBERS_A_PAGE
        )
        found += answer["members"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return found


async def team_name(client: AsyncWebClient, team_id: str) -> str | None:
    """A workspace's name where it is told."""
    try:
        answer = await client.team_info(team=team_id)
    except SlackApiError:
        return None
    return str((answer.get("team") or {}).get("name") or "") or None
