"""What the bot is sent: messages, invokes and events, in the shape Teams gives them."""

import html
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from playground.refusal import Json
from playground.teams.house import House
from playground.teams.world import Message, Person, Room

CARD = "application/vnd.microsoft.card.adaptive"
_LOCALES = {"GB": "en-GB", "US": "en-US", "DE": "de-DE"}


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def conversation_id(room: Room, root: str | None) -> str:
    return f"{room.id};messageid={root}" if room.kind == "channel" and root else room.id


def envelope(
    house: House, kind: str, person: Person, room: Room, root: str | None = None, **more: Any
) -> Json:
    """What every activity has."""
    return {
        "type": kind,
        "id": f"f:{uuid4()}",
        **_times(house, person),
        "serviceUrl": house.service_url(room.tenant),
        "channelId": "msteams",
        "locale": _LOCALES.get(person.country, "en-US"),
        "from": {"id": person.id, "aadObjectId": person.object_id},
        "recipient": {"id": house.world.bot, "name": house.world.bot_name},
        "conversation": _conversation(room, root),
        "entities": [_client(person)],
        "channelData": channel_data(house, room),
        **more,
    }


def _times(house: House, person: Person) -> Json:
    now = house.world.now()
    if person.zone is None:
        return {"timestamp": stamp(now)}
    local = now.astimezone(ZoneInfo(person.zone)).isoformat(timespec="milliseconds")
    return {"timestamp": stamp(now), "localTimestamp": local, "localTimezone": person.zone}


def _conversation(room: Room, root: str | None) -> Json:
    about: Json = {"conversationType": room.kind, "tenantId": room.tenant}
    if room.kind != "personal":
        about["isGroup"] = True
    if room.kind == "groupChat" and room.name:
        about["name"] = room.name
    return about | {"id": conversation_id(room, root)}


def _client(person: Person) -> Json:
    about = {"type": "clientInfo", "locale": _LOCALES.get(person.country, "en-US")}
    about |= {"country": person.country, "platform": "Windows"}
    return about | ({"timezone": person.zone} if person.zone else {})


def channel_data(house: House, room: Room) -> Json:
    data: Json = {"tenant": {"id": room.tenant}}
    if room.team is None:
        return data
    about: Json = {"id": room.id}
    if room.channel_type != "standard":
        about["type"] = room.channel_type
    return data | {
        "teamsChannelId": room.id,
        "teamsTeamId": room.team,
        "channel": about,
        "team": {"id": room.team},
    }


def message_activity(
    house: House, person: Person, room: Room, message: Message, kind: str = "message"
) -> Json:
    activity = envelope(house, kind, person, room, message.root or message.id)
    activity["id"] = message.id
    activity["from"]["name"] = person.name
    activity["entities"] = [*message.entities, *activity["entities"]]
    if message.root:
        activity["replyToId"] = message.root
    if message.targeted_to is not None:
        activity["recipient"]["isTargeted"] = True
    if kind != "messageDelete":
        end = "\n" if message.entities and room.kind != "personal" else ""
        content = {"contentType": "text/html", "content": as_html(message)}
        activity |= {"text": message.text + end, "textFormat": "plain", "attachments": [content]}
    return activity


def as_html(message: Message) -> str:
    """The rich version of a message that somebody typed."""
    text = html.escape(message.text, quote=False)
    for number, entity in enumerate(message.entities):
        at = html.escape(entity.get("text", ""), quote=False)
        named = html.escape(entity.get("mentioned", {}).get("name", ""), quote=False)
        text = text.replace(at, f'<at id="{number}">{named}</at>', 1)
    return f"<div>{text}</div>"


def submitted(
    house: House, person: Person, room: Room, root: str | None, card_id: str, value: Json
) -> Json:
    """An Action.Submit outside a dialog: a message without words."""
    activity = envelope(house, "message", person, room, root, replyToId=card_id, value=value)
    activity["id"] = house.world.next_message_id()
    activity["from"]["name"] = person.name
    activity["channelData"] |= {
        "source": {"name": "message"},
        "legacy": {"replyToId": f"1:{card_id}"},
    }
    return activity


def invoke(
    house: House,
    name: str,
    person: Person,
    room: Room,
    root: str | None,
    value: Json,
    reply_to: str | None = None,
) -> Json:
    activity = envelope(house, "invoke", person, room, root, name=name, value=value)
    activity["from"]["name"] = person.name
    activity["channelData"]["source"] = {"name": "message"}
    return activity | ({"replyToId": reply_to} if reply_to else {})


def update(
    house: House, person: Person, room: Room, event_type: str | None = None, **more: Any
) -> Json:
    """A conversationUpdate; it has no zone and no client."""
    activity = envelope(house, "conversationUpdate", person, room, **more)
    for name in ("localTimestamp", "localTimezone", "entities"):
        activity.pop(name, None)
    if event_type is not None:
        activity["channelData"]["eventType"] = event_type
    return activity


def payload_of(house: House, room: Room, message: Message) -> Json:
    """A message as a message action hands it over: many nulls, the author by object id."""
    world = house.world
    author = world.people.get(message.sender)
    user = author and _user(author)
    app = {"applicationIdentityType": "bot", "id": house.app_id, "displayName": world.bot_name}
    return {
        "linkToMessage": f"https://teams.microsoft.com/l/message/{room.id}/{message.id}",
        "id": message.id,
        "replyToId": message.root,
        "createdDateTime": stamp(message.at or world.now()),
        "lastModifiedDateTime": stamp(message.edited) if message.edited else None,
        "deleted": False,
        "subject": None,
        "summary": message.summary or None,
        "importance": message.importance,
        "locale": "en-us",
        "body": {"contentType": "html", "content": as_html(message)},
        "from": {
            "device": None,
            "conversation": None,
            "user": user,
            "application": None if author else app,
        },
        "reactions": [],
        "mentions": _mentions_of(house, message),
        "attachments": [{"contentType": CARD, "content": card} for card in message.cards],
    }


def _user(person: Person) -> Json:
    return {
        "userIdentityType": "aadUser",
        "id": person.object_id,
        "displayName": person.name,
    }


def _mentions_of(house: House, message: Message) -> list[Json]:
    rows = []
    for number, entity in enumerate(message.entities):
        person = house.world.people.get(entity.get("mentioned", {}).get("id", ""))
        if person is not None:
            who = {"user": _user(person)}
            rows.append({"id": number, "mentionText": person.name, "mentioned": who})
    return rows
