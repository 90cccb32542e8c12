"""auth, team, users, reactions, pins, bots: the small read-mostly methods."""

import re

from playground.api import Call, method
from playground.api_chat import open_room, permalink, read_ts
from playground.api_rooms import page
from playground.refusal import Json, Refusal
from playground.shapes import message_json, reactions_json, team_json, user_json
from playground.world import SLACKBOT, Channel, Message, Person, Reaction

EMOJI = re.compile(r"[\w+'-]+(::skin-tone-[2-6])?")


@method("auth.test")
def auth_test(call: Call) -> Json:
    world = call.house.world
    team, bot = world.teams[world.host], world.people[world.bot]
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": bot.name,
        "team_id": team.id,
        "user_id": bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


@method("team.info", "team:read")
def team_info(call: Call) -> Json:
    """Our workspace, or one that shares a channel with the bot."""
    world = call.house.world
    wanted = call.text("team") or world.host
    rooms = [r for r in world.channels.values() if world.bot in r.members]
    if wanted != world.host and not any(wanted in r.teams for r in rooms):
        raise Refusal("team_not_found")
    return {"team": team_json(world.teams[wanted])}


def _shown(call: Call, person: Person) -> Json:
    email = "users:read.email" in call.house.manifest.scopes
    locale = call.flag("include_locale")
    return user_json(call.house.world, person, email=email, locale=locale)


@method("users.info", "users:read")
def user_info(call: Call) -> Json:
    person = call.house.world.people.get(call.text("user"))
    if person is None:
        raise Refusal("user_not_found")
    return {"user": _shown(call, person)}


@method("users.list", "users:read")
def list_users(call: Call) -> Json:
    world = call.house.world
    known = [
        p for p in world.people.values() if not world.external(p.id) or world.shares_channel(p.id)
    ]
    rows, more = page(call, known, 1000)
    now = int(world.now().timestamp())
    return {"members": [_shown(call, p) for p in rows], "cache_ts": now, **more}


@method("bots.info", "users:read")
def bot_info(call: Call) -> Json:
    world = call.house.world
    if call.text("bot") not in ("", world.bot_id):
        raise Refusal("bot_not_found")
    name = world.people[world.bot].real_name
    bot = {"id": world.bot_id, "app_id": world.app_id, "user_id": world.bot, "name": name}
    return {"bot": bot | {"deleted": False, "icons": {}}}


def _message(call: Call, key: str = "timestamp") -> tuple[Channel, Message]:
    world = call.house.world
    room = open_room(call)
    if not call.text(key):
        raise Refusal("no_item_specified")
    message = world.message(room, read_ts(call.args[key]))
    if message.ephemeral_to is not None:
        raise Refusal("message_not_found")
    return room, message


@method("reactions.get", "reactions:read")
def get_reactions(call: Call) -> Json:
    """Without `full` the lists of people are cut short; the counts never are."""
    room, message = _message(call)
    world = call.house.world
    shown = message_json(world, message) | {"permalink": permalink(world, message)}
    most = None if call.flag("full") else 3
    if message.reactions:
        shown["reactions"] = reactions_json(message, most=most)
    return {"type": "message", "channel": room.id, "message": shown}


def react(message: Message, user: str, name: str, *, present: bool) -> None:
    """Put a reaction on a message or take it off."""
    row = next((r for r in message.reactions if r.name == name), None)
    if not present:
        if row is None or user not in row.users:
            raise Refusal("no_reaction")
        row.users.remove(user)
        message.reactions = [r for r in message.reactions if r.users]
        return
    if row is None:
        row = Reaction(name, [])
        message.reactions.append(row)
    if user in row.users:
        raise Refusal("already_reacted")
    row.users.append(user)


@method("reactions.add", "reactions:write")
def add_reaction(call: Call) -> Json:
    return _react(call, present=True)


@method("reactions.remove", "reactions:write")
def remove_reaction(call: Call) -> Json:
    return _react(call, present=False)


def _react(call: Call, *, present: bool) -> Json:
    """The bot hears of its own reactions, too."""
    room, message = _message(call)
    world = call.house.world
    emoji = call.text("name").strip(":")
    if not EMOJI.fullmatch(emoji):
        raise Refusal("invalid_name")
    react(message, world.bot, emoji, present=present)
    world.revision.bump()
    event = reaction_event(message, world.bot, emoji, present)
    call.emit(event | {"event_ts": world.next_ts()}, room)
    return {}


def reaction_event(message: Message, user: str, emoji: str, present: bool) -> Json:
    event: Json = {
        "type": "reaction_added" if present else "reaction_removed",
        "user": user,
        "reaction": emoji,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
    }
    return event if message.user == SLACKBOT else event | {"item_user": message.user}


@method("pins.add", "pins:write")
def add_pin(call: Call) -> Json:
    room, message = _message(call)
    if message.ts in room.pins:
        raise Refusal("already_pinned")
    room.pins.append(message.ts)
    call.house.world.revision.bump()
    return {}


@method("pins.remove", "pins:write")
def remove_pin(call: Call) -> Json:
    room, message = _message(call)
    if message.ts not in room.pins:
        raise Refusal("no_pin")
    room.pins.remove(message.ts)
    call.house.world.revision.bump()
    return {}


@method("pins.list", "pins:read")
def list_pins(call: Call) -> Json:
    world = call.house.world
    room = open_room(call)
    rows = [message_json(world, room.messages[ts]) for ts in room.pins]
    return {"items": [{"type": "message", "channel": room.id, "message": row} for row in rows]}
