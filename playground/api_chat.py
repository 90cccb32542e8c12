"""chat.*: posting, changing, removing; what is posted later."""

import re
from typing import Any

from playground import posting
from playground.api import Call, method
from playground.refusal import Json, Refusal
from playground.shapes import message_json
from playground.world import Channel, Message, Scheduled, World

_LINKING = ("full", "client")


def open_room(call: Call, key: str = "channel") -> Channel:
    """A conversation the bot may post to; a person's id stands for the DM with them."""
    world = call.house.world
    reference = call.args.get(key)
    if not isinstance(reference, str):
        raise Refusal("channel_not_found")
    if reference in world.people:
        check_reachable(world, reference)
        return world.dm(reference)
    room = world.channel(reference)
    if world.bot not in room.members:
        raise Refusal("channel_not_found" if room.private else "not_in_channel")
    if room.kind == "dm":
        check_reachable(world, next(u for u in room.members if u != world.bot))
    return room


def check_reachable(world: World, user: str) -> None:
    """The bot may write to people of its own workspace and to those it shares a channel with."""
    if user == world.bot:
        raise Refusal("cannot_dm_bot")
    if world.people[user].deleted:
        raise Refusal("user_disabled")
    if world.external(user) and not world.shares_channel(user):
        raise Refusal("user_not_visible")


def _links_names(call: Call, default: str) -> bool:
    return call.flag("link_names") or call.text("parse", default) in _LINKING


def _metadata(call: Call) -> Json | None:
    given: Any = call.args.get("metadata")
    if not given:
        return None
    shape_ok = isinstance(given, dict) and isinstance(given.get("event_type"), str)
    if not shape_ok or not isinstance(given.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    if len(str(given)) > 16_000:
        raise Refusal("metadata_too_large")
    return {"event_type": given["event_type"], "event_payload": given["event_payload"]}


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    world = call.house.world
    room = open_room(call)
    content = posting.read_content(world, call.args, names=_links_names(call, "none"))
    thread = posting.parent_of(room, call.args.get("thread_ts"))
    broadcast = "thread_broadcast" if thread and call.flag("reply_broadcast") else None
    message = posting.post(
        world,
        room,
        world.bot,
        content,
        thread_ts=thread,
        metadata=_metadata(call),
        subtype=broadcast,
    )
    shown = message_json(world, message, metadata=True)
    return {"channel": room.id, "ts": message.ts, "message": shown}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(call: Call) -> Json:
    world = call.house.world
    room = open_room(call)
    user = call.text("user")
    if user not in world.people:
        raise Refusal("user_not_found")
    if user not in room.members:
        raise Refusal("user_not_in_channel")
    content = posting.read_content(world, call.args, names=_links_names(call, "none"))
    thread = posting.parent_of(room, call.args.get("thread_ts"))
    message = posting.post(world, room, world.bot, content, thread_ts=thread, ephemeral_to=user)
    return {"message_ts": message.ts}


def own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    """A message of the bot's own that others see as well."""
    world = call.house.world
    room = world.channel(call.args.get("channel"))
    if world.bot not in room.members:
        raise Refusal("channel_not_found")
    message = world.message(room, call.args.get("ts"))
    if message.ephemeral_to is not None:
        raise Refusal("message_not_found")
    if message.user != world.bot:
        raise Refusal(refusal)
    return room, message


@method("chat.update", "chat:write")
def update(call: Call) -> Json:
    """Old blocks stay only when no text is given; names are linked unless `parse` is none."""
    world = call.house.world
    room, message = own_message(call, "cant_update_message")
    args = dict(call.args)
    if args.get("blocks") == [] and not args.get("text"):
        args["text"] = message.text
    content = posting.read_content(world, args, names=_links_names(call, "client"))
    metadata = _metadata(call)
    posting.edit(world, message, content)
    if metadata is not None:
        message.metadata = metadata
    shown = message_json(world, message, metadata=True)
    return {"channel": room.id, "ts": message.ts, "text": message.text, "message": shown}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Json:
    room, message = own_message(call, "cant_delete_message")
    posting.remove(call.house.world, room, message)
    return {"channel": room.id, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Json:
    world = call.house.world
    room = world.channel(call.args.get("channel"))
    if world.bot not in room.members:
        raise Refusal("channel_not_found")
    message = world.message(room, call.args.get("message_ts"))
    return {"channel": room.id, "permalink": permalink(world, message)}


def permalink(world: World, message: Message) -> str:
    domain = world.teams[world.host].domain
    link = f"https://{domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={message.channel}"
    return link


@method("chat.scheduleMessage", "chat:write")
def schedule(call: Call) -> Json:
    """Slack keeps no metadata with what it posts later."""
    world = call.house.world
    room = open_room(call)
    posting.read_content(world, call.args)
    post_at = call.number("post_at", 0)
    now = int(world.now().timestamp())
    if post_at <= now:
        raise Refusal("time_in_past")
    if post_at > now + 120 * 86_400:
        raise Refusal("time_too_far")
    args = {k: call.args[k] for k in ("text", "blocks", "attachments") if call.args.get(k)}
    item = Scheduled(world.next_id("Q"), room.id, post_at, args)
    world.scheduled[item.id] = item
    world.revision.bump()
    return {"channel": room.id, "scheduled_message_id": item.id, "post_at": post_at}


@method("chat.deleteScheduledMessage", "chat:write")
def unschedule(call: Call) -> Json:
    if call.house.world.scheduled.pop(call.text("scheduled_message_id"), None) is None:
        raise Refusal("invalid_scheduled_message_id")
    return {}


@method("chat.scheduledMessages.list")
def list_scheduled(call: Call) -> Json:
    rows = [
        {"id": s.id, "channel_id": s.channel, "post_at": s.post_at, "text": s.arguments.get("text")}
        for s in call.house.world.scheduled.values()
    ]
    return {"scheduled_messages": rows, "response_metadata": {"next_cursor": ""}}


def post_scheduled(world: World) -> None:
    """Post what was scheduled for now or before."""
    now = world.now().timestamp()
    for item in sorted(world.scheduled.values(), key=lambda s: s.post_at):
        if item.post_at <= now:
            del world.scheduled[item.id]
            room = world.channels.get(item.channel)
            if room is not None and world.bot in room.members:
                content = posting.read_content(world, item.arguments)
                posting.post(world, room, world.bot, content)


_TS = re.compile(r"\d{9,11}\.\d{6}")


def read_ts(value: object) -> str:
    if not isinstance(value, str) or not _TS.fullmatch(value):
        raise Refusal("bad_timestamp")
    return value
