"""What changes around the bot: members, names, sharing, people."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.refusal import Json, Refusal
from playground.teams import activities, seed
from playground.teams.house import House
from playground.teams.verbs_install import actor_of, target_of
from playground.teams.world import ChannelType, Person, Room, Team


def _place(house: House, reference: object) -> Team | Room:
    """Where members are kept: the team for its standard channels."""
    world = house.world
    try:
        return world.team(reference)
    except Refusal:
        room = world.room(reference)
    if room.kind == "personal":
        raise Refusal("personal_chat")
    standard = room.team is not None and room.channel_type == "standard"
    return world.teams[str(room.team)] if standard else room


def _may_join(house: House, place: Team | Room, person: Person) -> None:
    """People of other tenants come to shared channels and group chats; else they are guests."""
    open_to_all = isinstance(place, Room) and (
        place.kind == "groupChat" or place.channel_type == "shared"
    )
    if person.tenant != place.tenant and not open_to_all:
        raise Refusal("person_of_another_tenant")
    if person.id in place.members:
        raise Refusal("already_a_member")


async def add_member(house: House, reference: object, who: object, by: object = None) -> Json:
    place, person = _place(house, reference), house.world.person(who)
    _may_join(house, place, person)
    place.members.append(person.id)
    await _members(house, place, person, by, "Added")
    return {}


async def remove_member(house: House, reference: object, who: object, by: object = None) -> Json:
    place, person = _place(house, reference), house.world.person(who)
    if person.id not in place.members:
        raise Refusal("not_a_member")
    place.members.remove(person.id)
    await _members(house, place, person, by, "Removed")
    return {}


async def _members(house: House, place: Team | Room, person: Person, by: object, what: str) -> None:
    room = house.world.rooms[place.id]
    house.world.revision.bump()
    if not house.world.bot_in(room):
        return
    row: Json = {"id": person.id, "aadObjectId": person.object_id}
    in_channel = isinstance(place, Room) and place.kind == "channel"
    if in_channel:
        row["membershipSource"] = {
            "sourceType": "channel",
            "id": room.id,
            "membershipType": "direct",
            "tenantId": person.tenant,
        }
    team_event = f"teamMember{what}" if isinstance(place, Team) else None
    kind = f"channelMember{what}" if in_channel else team_event
    actor = house.world.person(by) if by else _actor_or(house, room, person)
    activity = activities.update(house, actor, room, kind, **{f"members{what}": [row]})
    await house.deliveries.deliver(activity)


def _actor_or(house: House, room: Room, person: Person) -> Person:
    """When the last one goes, they did it themselves."""
    try:
        return actor_of(house, room, None)
    except Refusal:
        return person


async def rename(house: House, reference: object, name: str, by: object = None) -> Json:
    """Of a channel, a team or a group chat; the bot hears of the first two."""
    if not name.strip():
        raise Refusal("no_name")
    place = _named(house, reference)
    part = "team" if isinstance(place, Team) else "channel"
    if isinstance(place, Room) and place.id == place.team:
        raise Refusal("general_keeps_its_name")
    place.name = name
    house.world.revision.bump()
    room = house.world.rooms[place.id]
    if room.kind == "channel":
        await _event(house, room, f"{part}Renamed", by, {part: {"name": name}})
    return {}


def _named(house: House, reference: object) -> Team | Room:
    """An id stands for the channel where team and General share it; a team goes by its name."""
    teams = [t for t in house.world.teams.values() if reference in (t.name, t.group_id)]
    return teams[0] if teams else house.world.room(reference)


async def _event(house: House, room: Room, kind: str, by: object, data: Json) -> None:
    """An event of a team, for whoever has the app in the team or in this channel."""
    if not (house.world.bot_in(room) or room.team in house.world.installed):
        return
    activity = activities.update(house, actor_of(house, room, by), room, kind)
    about = activity["channelData"]
    for name, value in data.items():
        known = about.get(name)
        about[name] = {**known, **value} if isinstance(known, dict) else value
    await house.deliveries.deliver(activity)


async def share(house: House, channel: object, team: object, by: object = None) -> Json:
    """Share a shared channel with a team, of another tenant too: its members are in it then."""
    room, guests = _shared(house, channel), house.world.team(team)
    if guests.id in (*room.shared_with, room.team):
        raise Refusal("already_shared")
    room.shared_with.append(guests.id)
    await _sharing(house, room, guests, by, "channelShared", "sharedWithTeams")
    return {}


async def unshare(house: House, channel: object, team: object, by: object = None) -> Json:
    room, guests = _shared(house, channel), house.world.team(team)
    if guests.id not in room.shared_with:
        raise Refusal("not_shared")
    room.shared_with.remove(guests.id)
    await _sharing(house, room, guests, by, "channelUnshared", "unsharedFromTeams")
    return {}


def _shared(house: House, channel: object) -> Room:
    room = house.world.room(channel)
    if room.channel_type != "shared":
        raise Refusal("not_a_shared_channel")
    return room


async def _sharing(house: House, room: Room, guests: Team, by: object, kind: str, key: str) -> None:
    house.world.revision.bump()
    about = {"id": guests.id, "name": guests.name, "aadGroupId": guests.group_id}
    rows = [about | {"tenantId": guests.tenant}]
    await _event(house, room, kind, by, {"channel": {"name": room.name}, key: rows})


async def add_channel(house: House, team: object, name: str, kind: ChannelType) -> Json:
    """A shared or private one begins with its team's people."""
    owner = house.world.team(team)
    room = seed.add_channel(house.world, owner, name, kind)
    if kind != "standard":
        room.members = list(owner.members)
    await _event(house, room, "channelCreated", None, {"channel": {"name": name}})
    return {"conversation": room.id}


async def delete_channel(house: House, channel: object, by: object = None) -> Json:
    room = house.world.room(channel)
    if room.team is None or room.id == room.team:
        raise Refusal("not_a_channel")
    await _event(house, room, "channelDeleted", by, {"channel": {"name": room.name}})
    house.world.teams[room.team].channels.remove(room.id)
    house.world.installed.discard(room.id)
    del house.world.rooms[room.id]
    house.world.revision.bump()
    return {}


async def add_chat(house: House, name: str, people: list[str]) -> Json:
    """A group chat of the first one's firm; others may come from anywhere."""
    members = [house.world.person(one) for one in people]
    if len(members) < 2:
        raise Refusal("too_few_people")
    tenant = house.world.tenants[members[0].tenant]
    room = seed.add_chat(house.world, tenant, name, [one.id for one in members])
    house.world.revision.bump()
    return {"conversation": room.id}


async def add_person(house: House, tenant: str, handle: str, name: str, **more: Any) -> Json:
    """`more`: title, zone, country, guest (an account of another firm's person here)."""
    found = house.world.tenant(tenant)
    _check_changes(more)
    if any(p.handle == handle and p.tenant == found.id for p in house.world.people.values()):
        raise Refusal("handle_taken")
    person = seed.add_person(house.world, found, handle, name, **more)
    house.world.revision.bump()
    return {"person": person.id}


async def change_person(house: House, person: Person, changes: Json) -> Json:
    _check_changes(changes)
    for name, value in changes.items():
        setattr(person, name, value)
    house.world.revision.bump()
    return {}


def _check_changes(changes: Json) -> None:
    if not set(changes) <= {"name", "title", "zone", "country", "guest"}:
        raise Refusal("unknown_change")
    if changes.get("zone") is not None:
        try:
            ZoneInfo(changes["zone"])
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise Refusal("invalid_zone") from error


async def block(house: House, reference: object, *, blocked: bool, plain: bool) -> Json:
    """Nobody writes here any more: 403 MessageWritesBlocked, in one of its two shapes."""
    target = target_of(house, reference)
    room = house.world.personal(target) if isinstance(target, Person) else None
    room = room or house.world.rooms[target.id]
    room.blocked = ("plain" if plain else "nested") if blocked else ""
    house.world.revision.bump()
    return {}
