"""The people and teams every local Teams starts with: those of the local Slack, seen from Helix."""

from typing import Literal
from uuid import NAMESPACE_DNS, uuid5

from playground.clock import Clock
from playground.teams.world import ChannelType, Kind, Person, Room, Team, Tenant, World

Seed = Literal["empty", "two-platforms"]
HELIX, NORTHWIND = "Helix Devices", "Northwind Bio"
_BERLIN, _NEW_YORK, _LONDON = "Europe/Berlin", "America/New_York", "Europe/London"
_Row = tuple[str, str, str, str | None, str]

_HELIX: list[_Row] = [
    ("olivia", "Olivia Bennett", "Senior alliance manager", _LONDON, "GB"),
    ("grant", "Grant Whitaker", "Executive sponsor", _NEW_YORK, "US"),
    ("ines", "Inês Carvalho", "Devices business lead", _LONDON, "GB"),
    ("tomasz", "Tomasz Zieliński", "Hardware team member", _LONDON, "GB"),
    ("meiling", "Mei-Ling Chow", "Software team member", _NEW_YORK, "US"),
    ("kwame", "Kwame Mensah", "Supply team member", None, "GB"),
]
_NORTHWIND: list[_Row] = [
    ("priya", "Priya Raman", "Senior alliance manager", _BERLIN, "DE"),
    ("jonas", "Jonas Lindqvist", "Executive sponsor", _BERLIN, "DE"),
    ("mateo", "Mateo Fuentes", "Clinical team member", _NEW_YORK, "US"),
    ("hana", "Hana Kobayashi", "Regulatory team member", _BERLIN, "DE"),
]


def guid(words: str) -> str:
    """The same for the same words, so that tests can name it."""
    return str(uuid5(NAMESPACE_DNS, words))


def grow(clock: Clock, bot: str, bot_name: str, seed: Seed = "empty") -> World:
    """A fresh world. With `two-platforms` Helix is by itself; its partner is elsewhere."""
    world = World(clock, bot, bot_name)
    helix = add_tenant(world, HELIX, "helix-devices.example")
    ours = [add_person(world, helix, *row).id for row in _HELIX]
    if seed == "two-platforms":
        _add_places_of_one_firm(world, helix, ours)
        return world
    northwind = add_tenant(world, NORTHWIND, "northwind-bio.example")
    theirs = [add_person(world, northwind, *row).id for row in _NORTHWIND]
    team = add_team(world, helix, "Alliances", ours)
    add_channel(world, team, "Alliance", "standard")
    joint = add_channel(world, team, "Joint", "shared")
    joint.members = [*ours, *theirs[:2]]
    add_chat(world, helix, "Launch", ours[:4])
    add_team(world, northwind, "Partners", theirs)
    return world


def _add_places_of_one_firm(world: World, helix: Tenant, ours: list[str]) -> None:
    team = add_team(world, helix, "Partnerships", ours)
    add_channel(world, team, "Northwind alliance", "standard")
    add_chat(world, helix, "Launch crew", ours[:4])


def add_tenant(world: World, name: str, domain: str) -> Tenant:
    tenant = Tenant(guid(domain), name, domain)
    world.tenants[tenant.id] = tenant
    return tenant


def add_person(
    world: World,
    tenant: Tenant,
    handle: str,
    name: str,
    title: str = "",
    zone: str | None = None,
    country: str = "GB",
    *,
    guest: bool = False,
) -> Person:
    account = f"29:1{handle}-{guid(handle)[:8]}_{tenant.domain[:2]}"
    object_id = guid(f"{handle}.{tenant.domain}")
    person = Person(account, object_id, handle, name, title, tenant.id, zone, country, guest)
    world.people[person.id] = person
    return person


def add_team(world: World, tenant: Tenant, name: str, members: list[str]) -> Team:
    key = guid(f"{name}.{tenant.domain}")
    team = Team(f"19:{key[:8]}general@thread.tacv2", name, key, tenant.id, list(members), [])
    world.teams[team.id] = team
    _add(world, team.id, "channel", "General", tenant.id, [], team.id)
    team.channels.append(team.id)
    return team


def add_channel(world: World, team: Team, name: str, channel_type: ChannelType) -> Room:
    key = guid(f"{name}.{team.id}.{len(team.channels)}").replace("-", "")
    room = _add(world, f"19:{key}@thread.tacv2", "channel", name, team.tenant, [], team.id)
    room.channel_type = channel_type
    team.channels.append(room.id)
    return room


def add_chat(world: World, tenant: Tenant, name: str, members: list[str]) -> Room:
    key = guid(f"{name}.{tenant.id}.{len(world.rooms)}").replace("-", "")
    return _add(world, f"19:{key}@thread.v2", "groupChat", name, tenant.id, members, None)


def add_personal(world: World, person: Person) -> Room:
    """The chat of somebody with the bot; the one that is there, if it is."""
    for room in world.rooms.values():
        if room.kind == "personal" and person.id in room.members:
            return room
    key = guid(f"personal.{person.id}").replace("-", "")
    return _add(world, f"a:1{key}", "personal", "", person.tenant, [person.id], None)


def _add(
    world: World,
    room_id: str,
    kind: Kind,
    name: str,
    tenant: str,
    members: list[str],
    team: str | None,
) -> Room:
    room = Room(room_id, kind, name, tenant, list(members), team)
    world.rooms[room_id] = room
    return room
