"""conversations.*: what the bot can learn about channels, by kind of channel and scope."""

from typing import Any

from playground.api import Call, method
from playground.api_chat import check_reachable
from playground.refusal import Json, Refusal
from playground.shapes import channel_json, message_json
from playground.world import Channel


def _scope(room: Channel, right: str) -> str:
    if room.kind == "dm":
        return f"im:{right}"
    return f"groups:{right}" if room.private else f"channels:{right}"


def _room(call: Call, right: str = "read") -> Channel:
    """A conversation the bot can see: private ones only from within."""
    world = call.house.world
    room = world.channel(call.args.get("channel"))
    if room.private and world.bot not in room.members:
        raise Refusal("channel_not_found")
    call.need_scope(_scope(room, right))
    return room


def page(call: Call, rows: list[Any], most: int) -> tuple[list[Any], Json]:
    """One page by `limit` and `cursor`, and the response_metadata of the next."""
    limit = max(1, min(call.number("limit", 100), most))
    try:
        start = int(call.text("cursor") or 0)
    except ValueError:
        raise Refusal("invalid_cursor") from None
    rest = str(start + limit) if start + limit < len(rows) else ""
    return rows[start : start + limit], {"response_metadata": {"next_cursor": rest}}


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")


@method("conversations.info", *_READ)
def info(call: Call) -> Json:
    room = _room(call)
    shown = channel_json(call.house.world, room)
    if call.flag("include_num_members"):
        shown["num_members"] = len(room.members)
    return {"channel": shown}


@method("conversations.members", *_READ)
def members(call: Call) -> Json:
    rows, more = page(call, _room(call).members, 1000)
    return {"members": rows, **more}


_TYPES = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


def _listed(call: Call, *, mine: bool) -> list[Channel]:
    world = call.house.world
    kinds = [k.strip() for k in call.text("types", "public_channel").split(",")]
    for kind in kinds:
        if kind not in _TYPES:
            raise Refusal("invalid_types")
        call.need_scope(_TYPES[kind])
    rooms = []
    for room in world.channels.values():
        kind = (
            "im" if room.kind == "dm" else "private_channel" if room.private else "public_channel"
        )
        inside = world.bot in room.members
        if kind in kinds and (inside or (kind == "public_channel" and not mine)):
            rooms.append(room)
    return rooms


@method("conversations.list", *_READ)
def list_rooms(call: Call) -> Json:
    rows, more = page(call, _listed(call, mine=False), 1000)
    return {"channels": [channel_json(call.house.world, r) for r in rows], **more}


@method("users.conversations", *_READ)
def own_rooms(call: Call) -> Json:
    if call.text("user") not in ("", call.house.world.bot):
        raise Refusal("method_not_supported_for_channel_type")
    rows, more = page(call, _listed(call, mine=True), 1000)
    return {"channels": [channel_json(call.house.world, r) for r in rows], **more}


@method("conversations.open", "im:write", "mpim:write")
def open_dm(call: Call) -> Json:
    world = call.house.world
    if call.text("channel"):
        room = world.channel(call.args["channel"])
    else:
        users = [u for u in call.text("users").split(",") if u]
        if not users:
            raise Refusal("users_list_not_supplied")
        if len(users) > 1:
            call.need_scope("mpim:write")
            raise Refusal("invalid_user_combination")
        if users[0] not in world.people:
            raise Refusal("user_not_found")
        check_reachable(world, users[0])
        room = world.dm(users[0])
    shown = channel_json(world, room) if call.flag("return_im") else {"id": room.id}
    return {"channel": shown, "no_op": True, "already_open": True}


@method("conversations.history", "channels:history", "groups:history", "im:history", "mpim:history")
def history(call: Call) -> Json:
    """Newest first; ephemerals are never in it, replies only in conversations.replies."""
    room = _history_room(call)
    rows = [m for m in room.messages.values() if m.ephemeral_to is None]
    rows = [m for m in rows if m.thread_ts is None or m.subtype == "thread_broadcast"]
    rows.sort(key=lambda m: m.ts, reverse=True)
    oldest, latest = _moment(call, "oldest", 0), _moment(call, "latest", 99_999_999_999)
    if call.flag("inclusive"):
        rows = [m for m in rows if oldest <= float(m.ts) <= latest]
    else:
        rows = [m for m in rows if oldest < float(m.ts) < latest]
    return _messages(call, rows)


def _moment(call: Call, key: str, default: float) -> float:
    try:
        return float(call.text(key) or default)
    except ValueError:
        raise Refusal(f"invalid_ts_{key}") from None


def _history_room(call: Call) -> Channel:
    room = _room(call, "history")
    if call.house.world.bot not in room.members:
        raise Refusal("not_in_channel")
    return room


def _messages(call: Call, rows: list[Any]) -> Json:
    rows, more = page(call, rows, 999)
    detailed = call.flag("include_all_metadata")
    world = call.house.world
    shown = [message_json(world, m, metadata=detailed) for m in rows]
    return {"messages": shown, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


@method("conversations.replies", "channels:history", "groups:history", "im:history", "mpim:history")
def replies(call: Call) -> Json:
    room = _history_room(call)
    ts = call.text("ts")
    if ts not in room.messages:
        raise Refusal("thread_not_found")
    rows = [m for m in room.messages.values() if ts in (m.ts, m.thread_ts)]
    return _messages(call, [m for m in rows if m.ephemeral_to is None])


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    world = call.house.world
    room = _room(call)
    if room.private:
        raise Refusal("method_not_supported_for_channel_type")
    if world.bot not in room.members:
        room.members.append(world.bot)
        world.revision.bump()
        event = {
            "type": "member_joined_channel",
            "user": world.bot,
            "channel": room.id,
            "channel_type": "C",
            "team": world.host,
            "event_ts": world.next_ts(),
        }
        call.emit(event, room)
    return {"channel": channel_json(world, room)}


@method("conversations.leave", "channels:manage", "groups:write")
def leave(call: Call) -> Json:
    world = call.house.world
    room = _room(call)
    if world.bot not in room.members:
        return {"not_in_channel": True}
    room.members.remove(world.bot)
    world.revision.bump()
    return {}
