"""The same stage on Teams: three tenants, the host's channels, and a bot that begins again."""

import copy
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from playground.teams.house import House
from playground.teams.seed import add_person, add_team, add_tenant
from playground.teams.world import Room
from playground.teams.world import World as Tenants
from storage.engine import Database
from storage.migrate import migrate
from tests.anywhere import LENA, MONDAY, OWN, PRIYA, RANDOM, SHARED
from tests.leaks.cast import EVERYBODY, ORION, ORION_PEOPLE, ORION_TEAM
from tests.leaks.stage import set_back
from tests.leaks.teams_plays import PLAYS
from tests.leaks.teams_watch import TeamsWatch
from tests.teams.world import NAMES, TEAM, TeamsWorld, handle

KEPT = ("tenants", "people", "teams", "rooms", "installed", "declined", "dialogs", "_last_id")
SECRETS, ALLIANCE_ORION = "secrets", "alliance-orion"


class OnTeams(TeamsWorld):
    """With a third tenant, and a second channel of the host's own: one that can be shared, which
    its team's ordinary ones can't."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self._ids: dict[str, str] = {}

    def find_places(self) -> None:
        """They stay where they are, whatever they are called later."""
        names = {SHARED: NAMES[SHARED], OWN: NAMES[OWN], RANDOM: SECRETS, ORION: ALLIANCE_ORION}
        room = self.teams.house.world.room
        self._ids = {place: room(f"{TEAM}/{name}").id for place, name in names.items()}

    def place(self, channel: str) -> str:
        return self._ids.get(channel) or super().place(channel)

    def known_as(self, external_id: str) -> str:
        world = self.teams.house.world
        tenants = {one.id: ORION_TEAM for one in world.tenants.values() if one.name == "Orion Labs"}
        rooms = {there: place for place, there in self._ids.items()}
        return (tenants | rooms).get(external_id) or super().known_as(external_id)


class TeamsGround:
    def __init__(self, world: OnTeams) -> None:
        self._world = world

    @property
    def _teams(self) -> Tenants:
        return self._world.teams.house.world

    def now(self) -> datetime:
        return self._teams.now()

    def team_of(self, user: str) -> str:
        return self._world.known_as(self._teams.person(handle(user)).tenant)

    def is_guest(self, user: str) -> bool:
        return self._teams.person(handle(user)).guest

    def members(self, room: str) -> list[str]:
        return self.people_in(self._teams.room(self._world.place(room)))

    def people_in(self, room: Room) -> list[str]:
        return [self._world.constant(one) for one in self._teams.people_in(room)]

    def room_called(self, word: str) -> str:
        return self._world.known_as(word) if word in self._teams.rooms else ""

    def id_of_room(self, room: str) -> str:
        return self._world.place(room)

    def standing(self) -> Iterator[tuple[list[str], str]]:
        for room in self._teams.rooms.values():
            for message in list(room.messages.values()) if room.kind != "personal" else ():
                if message.sender == self._teams.bot and self._teams.visible(room, message, None):
                    if message.targeted_to is None:
                        raw = json.dumps([message.text, message.cards], ensure_ascii=False)
                        yield self.people_in(room), raw


class TeamsStage:
    """`begin_again` restores what was kept."""

    def __init__(self, folder: Path) -> None:
        self._live, self._kept = folder / "live.db", folder / "kept.db"
        self.world = OnTeams(f"sqlite:///{self._live}")
        self.ground = TeamsGround(self.world)
        self._set: dict[str, Any] = {}
        self._opening = MONDAY

    @property
    def house(self) -> House:
        return self.world.teams.house

    def watched(self) -> TeamsWatch:
        return TeamsWatch(self.world)

    def known(self, external_id: str) -> str:
        return self.world.known_as(external_id)

    def calm(self) -> None:
        self.house.faults.clear()

    async def play(self, action: Any, story: Any) -> None:
        await PLAYS[type(action)](action, story)

    async def set_up(self) -> None:
        """Two alliances of one host: with Helix, and with Orion."""
        database = Database(self.world.database_url)
        migrate(database)
        database.close()
        let_in_orion(self.house.world)
        await self.world.start()
        await self._add_places()
        await self.world.set_up(own_channel=True)
        await self.world.form_of(PRIYA, "link", RANDOM)
        await self.world.fill(PRIYA, sees="own")
        await self.world.close(PRIYA)
        firms = "Northwind Bio\nOrion Labs"
        await self.world.set_up(channel=ORION, name="Orion alliance", code="ORI", firms=firms)

    async def _add_places(self) -> None:
        world, teams = self.world, self.world.teams
        for name in (SECRETS, ALLIANCE_ORION):
            await world.done(teams.add_channel(TEAM, name, "shared"))
            await world.done(teams.install(self.house.world.room(f"{TEAM}/{name}").id, "priya"))
        await world.done(teams.share_channel(ALLIANCE_ORION, "Orion"))
        world.find_places()
        await world.let_in_lena()
        await world.done(teams.remove_member(TEAM, handle(LENA)))
        for who in EVERYBODY:
            assert (await world.open_app(who)).ok

    async def keep(self) -> None:
        """Keep a copy of everything, with which each story begins; the database is closed for it,
        so that its file is whole."""
        await self.world.later("PT1M")
        await self.world.end_bot()
        self._opening = self.world.clock.now()
        shutil.copy(self._live, self._kept)
        there = self.house.world
        self._set = copy.deepcopy({name: getattr(there, name) for name in KEPT})
        await self.world.begin_bot()

    async def begin_again(self) -> None:
        await self.world.end_bot()
        self.house.forget()
        for name, value in copy.deepcopy(self._set).items():
            setattr(self.house.world, name, value)
        set_back(self.world.clock, self._opening)
        for leftover in self._live.parent.glob("live.db*"):
            leftover.unlink()
        shutil.copy(self._kept, self._live)
        await self.world.begin_bot()

    async def stop(self) -> None:
        await self.world.stop()


def let_in_orion(world: Tenants) -> None:
    """A third tenant, and its people in a team of their own."""
    tenant = add_tenant(world, "Orion Labs", "orion-labs.example")
    people = [
        add_person(world, tenant, handle(who), name, "", "Europe/London").id
        for who, name in ORION_PEOPLE.items()
    ]
    add_team(world, tenant, "Orion", people)
