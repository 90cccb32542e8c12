"""What can be looked at: conversations as somebody has them, dialogs, the whole world."""

from playground.refusal import Json
from playground.shapes import instant
from playground.teams.files import CONSENT
from playground.teams.house import Manifest
from playground.teams.inputs import titles_of
from playground.teams.world import Dialog, Message, Person, Room, World
from playground.views_of import WEEK


def message_of(world: World, message: Message, person: str | None) -> Json:
    """As this person has it; `card` is theirs alone when the bot gave them one."""
    own = message.own_cards.get(person or "")
    cards = [own] if own is not None else message.cards
    return {
        "id": message.id,
        "conversation": message.room,
        "thread": message.root,
        "from": message.sender,
        "text": message.text,
        "format": message.format,
        "card": cards[0] if cards else None,
        "cards": cards,
        "files": [_file(row) for row in message.files],
        "buttons": [title for card in cards for title in titles_of(card)],
        "entities": message.entities,
        "summary": message.summary,
        "pings": message.pings,
        "targeted": message.targeted_to is not None,
        "importance": message.importance,
        "alert": message.alert,
        "edited": message.edited is not None,
        "reactions": [{"type": kind, "people": who} for kind, who in message.reactions.items()],
        "note": message.notes.get(person or ""),
    }


def _file(row: Json) -> Json:
    """A file card: `offered` until the person has answered; `id` opens it where it is."""
    content = row["content"]
    if row["contentType"] == CONSENT:
        about = {"description": content["description"], "size": content["sizeInBytes"]}
        return {"name": row["name"], "offered": True, "id": None, **about}
    return {"name": row["name"], "offered": False, "id": content["uniqueId"]}


def messages_of(world: World, room: Room, person: str | None) -> list[Json]:
    rows = [m for m in room.messages.values() if world.visible(room, m, person)]
    return [message_of(world, m, person) for m in sorted(rows, key=lambda m: int(m.id))]


def news_for(world: World, person: str, since: int) -> list[Json]:
    """New messages this person sees, then old ones that changed; `since` is a timeline length."""
    rows = world.timeline[since:]
    before = {message.id for message, _ in world.timeline[:since]}
    found: dict[str, Message] = {}
    for message, only in rows:
        room = world.rooms.get(message.room)
        if room is None or only not in (None, person) or not world.visible(room, message, person):
            continue
        found[message.id] = message
    ordered = sorted(found.values(), key=lambda m: m.id in before)
    return [message_of(world, message, person) for message in ordered]


def dialog_of(dialog: Dialog) -> Json:
    return {
        "id": dialog.id,
        "conversation": dialog.room,
        "title": dialog.title,
        "card": dialog.card,
        "text": dialog.text,
        "buttons": titles_of(dialog.card) if dialog.card else [],
        "errors": dialog.errors,
    }


def top_dialog(world: World, person: str) -> Dialog | None:
    stack = world.dialogs.get(person)
    return stack[-1] if stack else None


def state_of(world: World, manifest: Manifest) -> Json:
    return {
        "now": instant(world.now()),
        "revision": world.revision.value,
        "bot": world.bot,
        "bot_name": world.bot_name,
        "commands": list(manifest.commands),
        "message_actions": list(manifest.actions),
        "tenants": [{"id": t.id, "name": t.name} for t in world.tenants.values()],
        "people": [_person(world, person) for person in world.people.values()],
        "teams": [
            {
                "id": t.id,
                "name": t.name,
                "tenant": t.tenant,
                "members": t.members,
                "channels": t.channels,
                "installed": t.id in world.installed,
            }
            for t in world.teams.values()
        ],
        "conversations": [_room(world, room) for room in world.rooms.values()],
    }


def _received(world: World, person: Person) -> list[Message]:
    """What the bot wrote to somebody in their chat."""
    rooms = [r for r in world.rooms.values() if r.kind == "personal" and person.id in r.members]
    return [m for room in rooms for m in room.messages.values() if m.sender == world.bot]


def _person(world: World, person: Person) -> Json:
    received = _received(world, person)
    since = world.now() - WEEK
    return {
        "id": person.id,
        "object_id": person.object_id,
        "handle": person.handle,
        "name": person.name,
        "title": person.title,
        "tenant": person.tenant,
        "zone": person.zone,
        "country": person.country,
        "guest": person.guest,
        "installed": person.id in world.installed,
        "received": sum(m.at is not None and m.at > since for m in received),
        "received_last": max((m.id for m in received), key=int, default=None),
    }


def _room(world: World, room: Room) -> Json:
    return {
        "id": room.id,
        "kind": room.kind,
        "name": room.name,
        "tenant": room.tenant,
        "team": room.team,
        "channel_type": room.channel_type if room.kind == "channel" else None,
        "members": world.people_in(room),
        "shared_with": room.shared_with,
        "bot": world.bot_in(room),
        "blocked": bool(room.blocked),
    }
