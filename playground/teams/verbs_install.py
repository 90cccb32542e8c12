"""Where the app is: added to and removed from people, teams, chats and channels."""

from contextlib import suppress

from playground.refusal import Json, Refusal
from playground.teams import activities
from playground.teams.house import House
from playground.teams.seed import add_personal
from playground.teams.world import Person, Room, Team

Target = Person | Team | Room


def target_of(house: House, reference: object) -> Target:
    """A person, a team, or a group chat or channel, each by id or name."""
    with suppress(Refusal):
        return house.world.person(reference)
    with suppress(Refusal):
        return house.world.team(reference)
    room = house.world.room(reference)
    if room.kind == "personal":
        return house.world.people[room.members[0]]
    if room.kind == "channel" and room.channel_type == "standard":
        raise Refusal("install_in_the_team")
    if room.team is not None and room.team not in house.world.installed:
        raise Refusal("install_in_the_team_first")
    return room


def _room_of(house: House, target: Target) -> Room:
    if isinstance(target, Person):
        return add_personal(house.world, target)
    return house.world.rooms[target.id] if isinstance(target, Team) else target


def actor_of(house: House, room: Room, by: object) -> Person:
    """Who does it: somebody there, of the firm whose place it is where nobody is named."""
    if by is not None:
        return house.world.person(by)
    people = [house.world.people[one] for one in house.world.people_in(room)]
    own = [one for one in people if one.tenant == room.tenant and not one.guest]
    if not own:
        raise Refusal("nobody_there")
    return own[0]


async def install(house: House, reference: object, by: object, *, upgrade: bool) -> Json:
    target = target_of(house, reference)
    room = _room_of(house, target)
    actor = target if isinstance(target, Person) else actor_of(house, room, by)
    if (target.id in house.world.installed) != upgrade:
        raise Refusal("not_installed" if upgrade else "already_installed")
    house.world.installed.add(target.id)
    house.world.declined.discard(target.id)
    house.world.revision.bump()
    if not upgrade:
        await _bot_added(house, actor, room, target)
    await _installation(house, actor, room, "add-upgrade" if upgrade else "add")
    return {"conversation": room.id}


async def uninstall(house: House, reference: object, by: object) -> Json:
    target = target_of(house, reference)
    room = _room_of(house, target)
    actor = target if isinstance(target, Person) else actor_of(house, room, by)
    if target.id not in house.world.installed:
        raise Refusal("not_installed")
    _forget(house, target)
    if not isinstance(target, Person):
        kind = _event_type(target, "Removed")
        gone = {"membersRemoved": [{"id": house.world.bot}]}
        await house.deliveries.deliver(activities.update(house, actor, room, kind, **gone))
    await _installation(house, actor, room, "remove")
    return {}


def _forget(house: House, target: Target) -> None:
    world = house.world
    world.installed.discard(target.id)
    if isinstance(target, Person):
        world.declined.add(target.id)
    if isinstance(target, Team):
        world.installed -= set(target.channels)
    world.revision.bump()


def _event_type(target: Target, what: str) -> str | None:
    if isinstance(target, Team):
        return f"teamMember{what}"
    is_channel = isinstance(target, Room) and target.kind == "channel"
    return f"channelMember{what}" if is_channel else None


async def _bot_added(house: House, actor: Person, room: Room, target: Target) -> None:
    members: list[Json] = [{"id": house.world.bot}]
    if isinstance(target, Person):
        members.append({"id": target.id, "aadObjectId": target.object_id})
    kind = _event_type(target, "Added")
    activity = activities.update(house, actor, room, kind, membersAdded=members)
    if isinstance(target, Team):
        about = {"id": target.id, "name": target.name, "aadGroupId": target.group_id}
        activity["channelData"] |= {
            "team": about,
            "settings": {"selectedChannel": {"id": target.id}},
        }
    await house.deliveries.deliver(activity)


async def _installation(house: House, actor: Person, room: Room, action: str) -> None:
    activity = activities.envelope(house, "installationUpdate", actor, room, action=action)
    activity["channelData"]["source"] = {"name": "message"}
    await house.deliveries.deliver(activity)


async def open_personal(house: House, person: Person) -> Json:
    """Find the app and open its chat, which adds it where it is not there yet."""
    if person.id not in house.world.installed:
        return await install(house, person.id, None, upgrade=False)
    return {"conversation": house.world.personal(person).id}
