"""The people and channels every playground starts with."""

from typing import Literal, get_args

from playground.clock import Clock
from playground.seed_chat import add_chat
from playground.world import Channel, Guest, Person, Team, World

Seed = Literal["demo", "empty", "two-platforms"]
SEEDS: tuple[str, ...] = get_args(Seed)

HOST = Team("T0NORTH", "Northwind Bio", "northwind-bio")
PARTNER = Team("T0HELIX", "Helix Devices", "helix-devices")
_BERLIN, _NEW_YORK, _LONDON = "Europe/Berlin", "America/New_York", "Europe/London"

_Row = tuple[str, str, str, str | None, Guest]

_OURS: list[_Row] = [
    ("priya", "Priya Raman", "Senior alliance manager", _BERLIN, ""),
    ("jonas", "Jonas Lindqvist", "Executive sponsor", _BERLIN, ""),
    ("adaeze", "Adaeze Okafor", "Oncology business lead", _NEW_YORK, ""),
    ("mateo", "Mateo Fuentes", "Clinical team member", _NEW_YORK, ""),
    ("hana", "Hana Kobayashi", "Regulatory team member", _BERLIN, ""),
    ("samir", "Samir Haddad", "Quality team member", _LONDON, ""),
    ("lena", "Lena Vogt", "Contractor (guest)", _BERLIN, "restricted"),
]
_THEIRS: list[_Row] = [
    ("olivia", "Olivia Bennett", "Senior alliance manager", _LONDON, ""),
    ("grant", "Grant Whitaker", "Executive sponsor", _NEW_YORK, ""),
    ("ines", "Inês Carvalho", "Devices business lead", _LONDON, ""),
    ("tomasz", "Tomasz Zieliński", "Hardware team member", _LONDON, ""),
    ("meiling", "Mei-Ling Chow", "Software team member", _NEW_YORK, ""),
    ("kwame", "Kwame Mensah", "Supply team member", None, ""),
]


def grow(clock: Clock, seed: Seed, bot_name: str) -> World:
    """A fresh world. `demo` adds some days of ordinary talk to the channels; with `two-platforms`
    the partner is elsewhere, and the host is by itself."""
    world = World(clock=clock, host=HOST.id, bot="U0BOT")
    world.teams = {HOST.id: HOST}
    _add_people(world, HOST, _OURS)
    if seed != "two-platforms":
        world.teams[PARTNER.id] = PARTNER
        _add_people(world, PARTNER, _THEIRS)
    handle = bot_name.lower().replace(" ", "_")
    world.people[world.bot] = Person(
        world.bot, HOST.id, handle, bot_name, "", "America/Los_Angeles", is_bot=True
    )
    _add_channels(world)
    if seed == "demo":
        add_chat(world)
    return world


def _add_people(world: World, team: Team, rows: list[_Row]) -> None:
    for handle, real_name, title, tz, guest in rows:
        person = Person(f"U0{handle.upper()}", team.id, handle, real_name, title, tz, guest)
        world.people[person.id] = person


def _add_channels(world: World) -> None:
    everyone = [p.id for p in world.people.values()]
    ours = [p.id for p in world.people.values() if p.team == HOST.id and not p.guest]
    if PARTNER.id in world.teams:
        _add(world, "C0SHARED", "alliance-helix", [HOST.id, PARTNER.id], everyone)
    else:
        _add(world, "C0SHARED", "alliance-helix", [HOST.id], ours)
    _add(world, "C0INTERNAL", "northwind-internal", [HOST.id], ours, private=True)
    _add(world, "C0RANDOM", "random", [HOST.id], [u for u in ours if u != world.bot])
    created = int(world.now().timestamp())
    for person in list(world.people.values()):
        if not person.is_bot:
            teams = [HOST.id] if person.team == HOST.id else [HOST.id, person.team]
            room = f"D{person.id[1:]}"
            members = [person.id, world.bot]
            world.channels[room] = Channel(room, "", "dm", True, teams, members, created)


def _add(
    world: World,
    room: str,
    name: str,
    teams: list[str],
    members: list[str],
    *,
    private: bool = False,
) -> None:
    created = int(world.now().timestamp()) - 90 * 86_400
    world.channels[room] = Channel(room, name, "channel", private, teams, members, created)
