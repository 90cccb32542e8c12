"""One started world that goes back to its opening in milliseconds, so that many stories fit."""

import copy
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import Bot
from bot.clock import Clock
from bot.local import LocalSlack
from bot.settings import Settings, SlackCredentials
from playground.house import House
from playground.serve import Served
from playground.world import Channel, Person, Team
from playground.world import World as SlackWorld
from tests.front import Front
from tests.leaks.cast import ORION, ORION_PEOPLE, ORION_TEAM
from tests.leaks.ground import SlackGround
from tests.leaks.watch import Watch
from tests.world import MONDAY, World

KEPT = ("teams", "people", "channels", "stacks", "homes", "scheduled", "files")


class Stage(LocalSlack):
    """The local Slack and the bot, with a third firm that has an alliance with the host of its own,
    and firms' own channels. `begin_again` restores what was kept."""

    def __init__(self, folder: Path) -> None:
        super().__init__(database_url=f"sqlite:///{folder}/live.db", seed="empty", now=MONDAY)
        self.world = World(self)
        self.ground = SlackGround(self.playground.house)
        self._live, self._kept = folder / "live.db", folder / "kept.db"
        self._set: dict[str, Any] = {}
        self._opening = MONDAY

    @property
    def house(self) -> House:
        return self.playground.house

    def watched(self) -> Watch:
        return Watch(self.house)

    def known(self, external_id: str) -> str:
        return external_id

    def calm(self) -> None:
        self.house.faults.clear()

    async def play(self, action: Any, story: Any) -> None:
        await action.play(story)

    async def set_up(self) -> None:
        """Two alliances of one host: with Helix, and with Orion."""
        await self.start()
        let_in_orion(self.house.world)
        await self.world.set_up(own_channel=True)
        await self.world.set_up(channel=ORION, name="Orion alliance", code="ORI")

    async def keep(self) -> None:
        """Keep a copy of everything, with which each story begins; the database is closed for it,
        so that its file is whole."""
        assert self._door is not None
        await self.world.later("PT1M")
        await self._door.stop()
        await self._end_bot()
        self._opening = self.clock.now()
        shutil.copy(self._live, self._kept)
        slack = self.house.world
        self._set = copy.deepcopy({name: getattr(slack, name) for name in KEPT})
        await self._begin_bot()
        self._door = Served(Front(lambda: self.bot))
        self.playground.bot_url = f"{await self._door.start()}/slack/events"

    async def begin_again(self) -> None:
        await self.house.events.run_due()
        await self._end_bot()
        house = self.house
        house.forget()
        _forget_last_ts(house.world)
        for name, value in copy.deepcopy(self._set).items():
            setattr(house.world, name, value)
        set_back(self.clock, self._opening)
        for leftover in self._live.parent.glob("live.db*"):
            leftover.unlink()
        shutil.copy(self._kept, self._live)
        await self._begin_bot()

    async def _begin_bot(self) -> None:
        self.bot = await Bot.start(
            Settings(
                slack=SlackCredentials(
                    bot_token=self.playground.bot_token,
                    signing_secret=self.playground.signing_secret,
                    api_url=f"{self._page.url}/api/",
                ),
                database_url=self.database_url,
            ),
            self.clock,
        )

    async def _end_bot(self) -> None:
        """Each story has a bot of its own: nothing that one remembers may help the next."""
        assert self.bot is not None
        await self.bot.stop()
        self.bot = None


def set_back(clock: Clock, moment: datetime) -> None:
    """Time never goes back for anybody; a new story has a new beginning."""
    Clock.__init__(clock, moment)


def _forget_last_ts(slack: SlackWorld) -> None:
    slack._last_ts = 0


def let_in_orion(slack: SlackWorld) -> None:
    """A third workspace, its people, and a channel that they share with the host."""
    slack.teams[ORION_TEAM] = Team(ORION_TEAM, "Orion Labs", "orion-labs")
    created = int(slack.now().timestamp())
    for user, name in ORION_PEOPLE.items():
        handle = user.removeprefix("U0").lower()
        slack.people[user] = Person(user, ORION_TEAM, handle, name, "", "Europe/London")
        room = f"D{user[1:]}"
        teams, members = [slack.host, ORION_TEAM], [user, slack.bot]
        slack.channels[room] = Channel(room, "", "dm", True, teams, members, created)
    ours = [one.id for one in slack.people.values() if one.team == slack.host and not one.guest]
    slack.channels[ORION] = Channel(
        ORION,
        "alliance-orion",
        "channel",
        False,
        [slack.host, ORION_TEAM],
        [*ours, *ORION_PEOPLE],
        created,
    )
