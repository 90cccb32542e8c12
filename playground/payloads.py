"""What interactions look like on the wire."""

from playground.house import House
from playground.refusal import Json
from playground.shapes import channel_label, message_json, view_json
from playground.world import Channel, Message, Person, View


def user_of(person: Person) -> Json:
    return {
        "id": person.id,
        "username": person.name,
        "name": person.name,
        "team_id": person.team,
    }


def team_of(house: House, team_id: str) -> Json:
    return {"id": team_id, "domain": house.world.teams[team_id].domain}


def base(house: House, kind: str, person: Person, team_id: str) -> Json:
    """What all interactions carry; which team stands in `team` depends on the kind."""
    return {
        "type": kind,
        "team": team_of(house, team_id),
        "user": user_of(person),
        "api_app_id": house.world.app_id,
        "token": "playground",
        "enterprise": None,
        "is_enterprise_install": False,
    }


def room_of(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel_label(channel)}


def message_container(message: Message) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return container


def on_message(house: House, channel: Channel, message: Message) -> Json:
    """The part of an interaction that says on which message it happened."""
    place: Json = {"container": message_container(message), "channel": room_of(channel)}
    if message.ephemeral_to is None:
        place["message"] = message_json(house.world, message)
    return place


def on_view(house: House, view: View) -> Json:
    container = {"type": "view", "view_id": view.id}
    return {"container": container, "view": view_json(house.world, view)}


def command_form(house: House, person: Person, channel: Channel, name: str, text: str) -> Json:
    team = house.world.teams[person.team]
    return {
        "token": "playground",
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_label(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": house.world.app_id,
        "is_enterprise_install": "false",
        "response_url": house.response_url(person.id, channel.id, None),
        "trigger_id": house.tickets.trigger(person.id),
    }
