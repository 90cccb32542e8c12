"""A follower of the small bot: it has a tour to tell and something that is coming."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playground.app import Playground
from playground.coming import Coming
from playground.posting import Content, post
from playground.tour import Tour

DAILY = "a good morning, if there is one"


@dataclass
class Guide:
    """Says good morning to Priya and Olivia once a day, at the moments given."""

    slack: Playground
    due: datetime
    what: str = DAILY
    told: Tour | None = None
    resets: list[datetime] = field(default_factory=list)

    async def next_due(self) -> datetime | None:
        return self.due

    async def run_due(self) -> None:
        while self.due <= self.slack.house.clock.now():
            self.due += timedelta(days=1)
            for user in ("U0PRIYA", "U0OLIVIA"):
                world = self.slack.house.world
                post(world, world.dm(user), world.bot, Content("Good morning."))

    async def arrived(self) -> None:
        """Nothing to look at."""

    async def let_go(self) -> None:
        """It holds on to nothing."""

    async def reset(self) -> None:
        self.resets.append(self.slack.house.clock.now())

    async def coming(self, limit: int) -> list[Coming]:
        days = [self.due + timedelta(days=ahead) for ahead in range(limit)]
        people = ("U0PRIYA", "U0OLIVIA")
        return [Coming(day, self.what, user) for day in days for user in people][:limit]

    def tour(self) -> Tour | None:
        return self.told
