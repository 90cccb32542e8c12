"""What changes around the bot: people move and rename, channels are shared or renamed."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.house import House
from playground.refusal import Json, Refusal
from playground.shapes import user_json
from playground.verbs_talk import send_event
from playground.world import Channel, Person


async def change_person(
    house: House,
    person: Person,
    real_name: str | None = None,
    title: str | None = None,
    tz: str | None = None,
    guest: bool | None = None,
    deleted: bool | None = None,
) -> Json:
    """Edit a profile; the bot hears of people it can see."""
    if tz is not None:
        _check_zone(tz)
        person.tz = tz
    person.real_name = real_name or person.real_name
    person.title = title if title is not None else person.title
    if guest is not None:
        person.guest = "restricted" if guest else ""
    if deleted is not None:
        person.deleted = deleted
    house.world.revision.bump()
    if not house.world.external(person.id) or house.world.shares_channel(person.id):
        shown = user_json(house.world, person, email=False, locale=False)
        await send_event(house, {"type": "user_change", "user": shown}, None)
    return {}


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal("invalid_zone") from error


async def change_channel(
    house: House,
    channel: str,
    *,
    name: str | None = None,
    shared: bool | None = None,
    new_id: str | None = None,
) -> Json:
    """Rename a channel, share it with the partner or stop that, or give it another id."""
    room = house.world.room(channel)
    if room.kind == "dm":
        raise Refusal("channel_not_found")
    heard = house.world.bot in room.members
    events = [
        *_rename(room, name),
        *(_share(house, room, shared) if shared is not None else []),
        *_move(house, room, new_id),
    ]
    house.world.revision.bump()
    for event in events if heard else ():
        await send_event(house, event, room)
    return {"channel": room.id}


def _rename(room: Channel, name: str | None) -> list[Json]:
    if not name:
        return []
    room.name = name.lower()
    kind = "group_rename" if room.private else "channel_rename"
    return [{"type": kind, "channel": {"id": room.id, "name": room.name, "created": room.created}}]


def _share(house: House, room: Channel, shared: bool) -> list[Json]:
    world = house.world
    if shared == room.shared:
        return []
    other = next(t for t in world.teams if t != world.host)
    if shared:
        room.teams = [world.host, other]
    else:
        room.teams = [world.host]
        room.members = [u for u in room.members if not world.external(u)]
    event: Json = {
        "type": "channel_shared" if shared else "channel_unshared",
        "channel": room.id,
        "event_ts": world.next_ts(),
    }
    return [
        event
        | (
            {"connected_team_id": other}
            if shared
            else {
                "previously_connected_team_id": other,
                "is_ext_shared": False,
            }
        )
    ]


def _move(house: House, room: Channel, new_id: str | None) -> list[Json]:
    world = house.world
    if not new_id:
        return []
    if new_id in world.channels:
        raise Refusal("channel_id_taken")
    old = room.id
    world.channels = {(new_id if key == old else key): row for key, row in world.channels.items()}
    room.former_ids.append(old)
    room.id = new_id
    for message in room.messages.values():
        message.channel = new_id
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new_id}
    return [event | {"event_ts": world.next_ts()}]
