"""People, channels, messages and views in the shape that Slack's own JSON has."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from playground.refusal import Json
from playground.world import SLACKBOT, Channel, Message, Person, Team, View, World


def user_json(world: World, person: Person, *, email: bool, locale: bool) -> Json:
    """As users.info shows a person to the bot: strangers have neither email nor locale."""
    external = person.team != world.host
    shown: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "profile": _profile(world, person, email=email and not external),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": bool(person.guest),
        "is_ultra_restricted": person.guest == "ultra",
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if external:
        shown["is_stranger"] = not world.shares_channel(person.id)
    elif locale:
        shown["locale"] = "en-GB"
    return shown | _zone(world.now(), person.tz)


def _zone(now: datetime, name: str | None) -> Json:
    if name is None:
        return {}
    local = now.astimezone(ZoneInfo(name))
    offset = local.utcoffset()
    label = local.tzname() or name
    return {
        "tz": name,
        "tz_label": label,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def _profile(world: World, person: Person, *, email: bool) -> Json:
    profile = {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "status_text": "",
        "status_emoji": "",
        "team": person.team,
    }
    if person.is_bot:
        profile |= {"api_app_id": world.app_id, "bot_id": world.bot_id}
    if email:
        domain = world.teams[person.team].domain
        profile["email"] = f"{person.name}@{domain}.example"
    return profile


def team_json(team: Team) -> Json:
    return {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "email_domain": "",
        "icon": {},
    }


def channel_json(world: World, channel: Channel) -> Json:
    if channel.kind == "dm":
        return _dm_json(world, channel)
    now = channel.created
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": False,
        "is_general": False,
        "is_shared": channel.shared,
        "is_org_shared": False,
        "is_ext_shared": channel.shared,
        "is_pending_ext_shared": channel.pending_share,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": channel.teams,
        "internal_team_ids": [],
        "connected_team_ids": [t for t in channel.teams if t != world.host],
        "conversation_host_id": world.host,
        "context_team_id": world.host,
        "is_member": world.bot in channel.members,
        "created": now,
        "creator": next((u for u in channel.members if u != world.bot), world.bot),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def _dm_json(world: World, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "created": channel.created,
        "is_im": True,
        "is_archived": False,
        "is_org_shared": False,
        "is_ext_shared": channel.shared,
        "is_shared": channel.shared,
        "context_team_id": world.host,
        "user": next(u for u in channel.members if u != world.bot),
        "is_user_deleted": False,
        "is_open": True,
    }


def channel_label(channel: Channel) -> str:
    """The name that payloads carry, which is not always the channel's own."""
    if channel.kind == "dm":
        return "directmessage"
    return "privategroup" if channel.private else channel.name


def message_json(world: World, message: Message, *, metadata: bool = False) -> Json:
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.user != SLACKBOT:
        shown["team"] = world.people[message.user].team
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if message.files:
        shown["files"] = message.files
    if message.user == world.bot:
        shown |= {"bot_id": world.bot_id, "app_id": world.app_id}
    for key in ("subtype", "thread_ts", "edited"):
        if getattr(message, key):
            shown[key] = getattr(message, key)
    if message.reactions:
        shown["reactions"] = reactions_json(message)
    if metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown | _replies(world, message)


def _replies(world: World, message: Message) -> Json:
    if message.thread_ts is not None or message.ephemeral_to is not None:
        return {}
    room = world.channels.get(message.channel)
    replies = [m for m in room.messages.values() if m.thread_ts == message.ts] if room else []
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(m.user for m in replies)),
        "latest_reply": replies[-1].ts,
    }


def reactions_json(message: Message, *, most: int | None = None) -> list[Json]:
    return [
        {"name": r.name, "users": r.users[:most], "count": len(r.users)} for r in message.reactions
    ]


def view_json(world: World, view: View) -> Json:
    body: dict[str, Any] = view.body
    return {
        "id": view.id,
        "team_id": world.people[view.user].team,
        "app_id": world.app_id,
        "app_installed_team_id": world.host,
        "bot_id": world.bot_id,
        "type": body["type"],
        "title": body.get("title"),
        "submit": body.get("submit"),
        "close": body.get("close"),
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "external_id": body.get("external_id", ""),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "state": {"values": view.state},
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
    }


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
