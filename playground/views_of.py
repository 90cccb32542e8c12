"""What the control interface shows of the world."""

from datetime import timedelta

from playground.house import House
from playground.posting import visible
from playground.refusal import Json
from playground.shapes import instant, view_json
from playground.world import Channel, Message, Person, View, World

WEEK = timedelta(days=7)


def state_json(house: House) -> Json:
    world = house.world
    received = _received_from_bots(world)
    return {
        "now": instant(world.now()),
        "bot": world.bot,
        "seed": house.seed,
        "revision": world.revision.value,
        "host": world.host,
        "teams": [{"id": t.id, "name": t.name} for t in world.teams.values()],
        "users": [
            _user(world, person, received.get(person.id, [])) for person in world.people.values()
        ],
        "channels": [_channel(channel) for channel in world.channels.values()],
        "commands": [
            {key: row.get(key, "") for key in ("command", "description", "usage_hint")}
            for row in house.manifest.commands.values()
        ],
        "shortcuts": house.manifest.shortcut_rows,
    }


def _received_from_bots(world: World) -> dict[str, list[str]]:
    """The moments of the direct messages by which bots wrote to each person, in no order."""
    bots = {person.id for person in world.people.values() if person.is_bot}
    rooms = [room for room in world.channels.values() if room.kind == "dm"]
    return {
        person: [m.ts for m in room.messages.values() if m.user in bots]
        for room in rooms
        for person in room.members
        if person not in bots
    }


def _user(world: World, person: Person, received: list[str]) -> Json:
    since = (world.now() - WEEK).timestamp()
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "team": person.team,
        "external": person.team != world.host,
        "tz": person.tz,
        "guest": bool(person.guest),
        "is_bot": person.is_bot,
        "received": sum(float(ts) > since for ts in received),
        "received_last": max(received, default=None),
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "shared": channel.shared,
        "private": channel.private,
        "teams": channel.teams,
        "members": channel.members,
        "pins": channel.pins,
    }


def message_of(channel: Channel, message: Message) -> Json:
    shown: Json = {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.ephemeral_to is not None,
        "reactions": [{"name": r.name, "users": r.users} for r in message.reactions],
        "pings": message.pings,
        "pinned": message.ts in channel.pins,
    }
    for key in ("thread_ts", "metadata", "edited", "attachments", "files", "subtype"):
        if getattr(message, key):
            shown[key] = getattr(message, key)
    return shown


def messages_of(channel: Channel, user: str | None) -> list[Json]:
    """What one person sees in a channel, oldest first, threads included."""
    rows = [m for m in channel.messages.values() if visible(channel, m, user)]
    if user is None:
        rows = [m for m in rows if m.ephemeral_to is None]
    return [message_of(channel, m) for m in sorted(rows, key=lambda m: m.ts)]


def news_for(world: World, user: str, since: int) -> list[Json]:
    """New messages this person sees, then old ones that changed; `since` is a timeline length."""
    fresh: dict[str, Json] = {}
    changed: dict[str, Json] = {}
    posted = {id(m) for m in world.timeline[since:] if m.edited is None}
    for message in world.timeline[since:]:
        channel = world.channels.get(message.channel)
        if channel is None or channel.messages.get(message.ts) is not message:
            continue
        if visible(channel, message, user):
            rows = fresh if id(message) in posted else changed
            rows[message.ts] = message_of(channel, message)
    return [*fresh.values(), *changed.values()]


def view_of(world: World, view: View) -> Json:
    shown = view_json(world, view)
    return shown | ({"errors": view.errors} if view.errors else {})


def views_of(world: World, user: str) -> list[Json]:
    return [view_of(world, view) for view in world.stacks.get(user, [])]


def home_of(world: World, user: str) -> Json | None:
    """The person's Home; external people see none, whatever was published."""
    view = world.homes.get(user)
    return None if view is None or world.external(user) else view_of(world, view)
