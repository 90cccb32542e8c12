"""The story of two firms on two platforms: Northwind Bio in Slack, Helix Devices in Teams."""

import re
from datetime import datetime, time
from typing import Final

from bot.story import ADAEZE, MATEO, PRIYA, SHARED, How, Step, moment, said
from bot.telling import InSlack, InTeams, StoryBroke, done
from bot.two_platforms_tour import tour_of
from playground.app import Playground
from playground.teams import Teams
from playground.tour import Tour

BEGINS, JOINS = -16, -13
"""The working days, counted to the opening, on which Northwind sets up and Helix comes in."""

TEAM, CHANNEL, ALONE_WITH_BOT = "Partnerships", "Northwind alliance", "personal"
OLIVIA, TOMASZ, INES = "olivia", "tomasz", "ines"
MEILING, KWAME = "meiling", "kwame"
FIRMS: Final = "Northwind Bio\nHelix Devices"
CODE = re.compile(r"join ([0-9A-Z]{5}-[0-9A-Z]{5})")


def _step(day: int, at: str, how: How, who: str, words: str, where: str = "") -> Step:
    joint = SHARED if _uses_slack(who) else CHANNEL
    return Step(day, time.fromisoformat(at), how, who, words, where or joint)


def _uses_slack(who: str) -> bool:
    return who.startswith("U0")


ALONE = (
    _step(-16, "09:30", "command", PRIYA, "action send the kick-off notes round by {-14}"),
    _step(-15, "13:40", "command", MATEO, "action send the usability protocol to the lab by {-8}"),
    _step(-14, "09:10", "command", PRIYA, "done HEL-1"),
    _step(-13, "09:40", "says", PRIYA, "Helix will join us from their Teams. Code is out."),
)
"""What Northwind does before its partner is there."""

TOGETHER = (
    _step(-13, "11:00", "says", OLIVIA, "What we owe Northwind is kept here from now on."),
    _step(-12, "14:05", "mention", TOMASZ, "action @mateo confirm the drop test criteria by {-7}"),
    _step(-12, "14:40", "command", MATEO, "accept HEL-3"),
    _step(-10, "09:30", "command", PRIYA, "action @olivia share the pilot supply forecast by {-5}"),
    _step(-10, "10:15", "presses", OLIVIA, "Accept"),
    _step(-8, "14:20", "command", MATEO, "done HEL-2"),
    _step(-7, "15:10", "command", MATEO, "done HEL-3"),
    _step(-6, "09:20", "direct", PRIYA, "internal prepare our view of the price review by {+4}"),
    _step(-6, "09:22", "presses", PRIYA, "Turn on private records"),
    _step(-5, "10:30", "presses", OLIVIA, "Done"),
    _step(-5, "10:32", "says", OLIVIA, "The forecast is in the data room. Numbers to the lot."),
    _step(-5, "13:00", "command", PRIYA, "action @kwame confirm the resin delivery date by {-2}"),
    _step(-5, "14:10", "presses", KWAME, "Accept"),
    _step(-4, "14:15", "command", ADAEZE, "action @Inês sign off the carton artwork by {+1}"),
    _step(
        -3,
        "09:50",
        "direct",
        INES,
        "decline HEL-6 both regulatory teams read it first; Hana and I can do that together",
    ),
    _step(
        -3,
        "15:10",
        "direct",
        OLIVIA,
        "internal check whether the second mould can be ready in January by {+5}",
    ),
    _step(-3, "15:12", "presses", OLIVIA, "Turn on private records", ALONE_WITH_BOT),
    _step(-2, "13:30", "mention", TOMASZ, "action ship the second batch of pilot devices by {+6}"),
    _step(
        -1,
        "14:45",
        "mention",
        MEILING,
        "action @adaeze approve the new wording of the dose display by {+4}",
    ),
    _step(
        0, "13:40", "command", PRIYA, "action @olivia propose dates for the JSC in January by {+7}"
    ),
)


def beginning(opens: datetime) -> datetime:
    """When the story begins that ends at this opening."""
    return moment(opens, BEGINS, time(9))


async def tell(playground: Playground, teams: Teams, opens: datetime) -> None:
    """Set the alliance up in Slack, let the partner in from Teams, and let three weeks of work
    pass. Raises StoryBroke."""
    story = _Story(playground, teams, opens)
    await story.set_up()
    await story.tell(ALONE)
    await playground.set_clock(moment(opens, JOINS, time(10)))
    code = await story.invite()
    await playground.set_clock(moment(opens, JOINS, time(10, 40)))
    await story.join(code)
    await story.tell(TOGETHER)
    await playground.set_clock(opens)
    playground.restart_clients()


def tour(teams: Teams) -> Tour:
    world = teams.house.world
    return tour_of(world.person(OLIVIA).id, world.room(CHANNEL).id)


class _Story:
    def __init__(self, playground: Playground, teams: Teams, opens: datetime) -> None:
        self._playground, self._teams, self._opens = playground, teams, opens
        self._slack, self._in_teams = InSlack(playground), InTeams(teams)

    async def tell(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            await self._playground.set_clock(moment(self._opens, step.day, step.at))
            door = self._slack if _uses_slack(step.who) else self._in_teams
            await door.tell(step, said(step.words, self._opens))

    async def set_up(self) -> None:
        """In a channel of Northwind's own, since Helix is in another chat."""
        asked = await self._slack.form_of(PRIYA, SHARED, "/alliance setup")
        named = await self._slack.fill(PRIYA, asked)
        previewed = await self._slack.fill(
            PRIYA, named, name="Helix alliance", code="HEL", firms=FIRMS
        )
        await self._slack.fill(PRIYA, previewed)
        await self._slack.close(PRIYA)

    async def invite(self) -> str:
        """The code that Priya is shown, and sends to Olivia by mail."""
        shown = await done(self._playground.command(PRIYA, SHARED, "/alliance invite"))
        found = CODE.search(str(shown["messages"]))
        if found is None:
            raise StoryBroke("there is no code")
        return found[1]

    async def join(self, code: str) -> None:
        """Olivia adds the app to her team, joins, looks at who is on her side, and turns her firm's
        own records on."""
        await done(self._teams.install(TEAM, OLIVIA))
        await done(self._teams.message(OLIVIA, CHANNEL, f"@Alliance join {code}"))
        await self._in_teams.press(OLIVIA, CHANNEL, "Join an alliance")
        await self._in_teams.fill(OLIVIA, ("Join", "Check our people", None))
