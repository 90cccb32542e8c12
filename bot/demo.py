"""The demo's story so far, told through the same doors that people use."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playground.app import Playground

STORY = timedelta(days=9)
"""How long before the opening the story begins."""

SHARED, OWN = "C0SHARED", "C0INTERNAL"
PRIYA, MATEO, HANA, ADAEZE = "U0PRIYA", "U0MATEO", "U0HANA", "U0ADAEZE"
OLIVIA, TOMASZ, INES, MEILING = "U0OLIVIA", "U0TOMASZ", "U0INES", "U0MEILING"


class StoryBroke(Exception):
    """A step of the demo was refused."""


def opening(now: datetime) -> datetime:
    """When the demo opens: the latest weekday at 14:30 UTC, when all its people are at work."""
    day = now.astimezone(UTC).replace(hour=14, minute=30, second=0, microsecond=0)
    day = day if day <= now else day - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


async def tell(playground: Playground) -> None:
    """Set the alliance up and let some days of work pass. Raises StoryBroke."""
    story = _Story(playground)
    begins = playground.house.clock.now()
    await story.set_up()
    await story.command(PRIYA, SHARED, "action @olivia share the pilot supply forecast by 2d")
    await story.command(
        MATEO, SHARED, "action send the revised usability protocol to the lab by 8d"
    )
    await story.command(HANA, OWN, "action agree our labelling position before the call by 9d")
    await story.mention(TOMASZ, "action @mateo confirm the drop test acceptance criteria by 12d")
    await story.command(
        ADAEZE, SHARED, "action @ines name a decision-maker for device changes by 14d"
    )
    await story.say(OLIVIA, "accept HEL-1")
    await story.say(MATEO, "accept HEL-3")
    await playground.set_clock(begins + timedelta(days=2, hours=1))
    await story.command(
        PRIYA, SHARED, "action book the room for the joint steering committee by 3d"
    )
    await story.say(INES, "decline HEL-4 our product board decides that, not one person")
    await playground.set_clock(begins + timedelta(days=5))
    await story.command(PRIYA, SHARED, "done HEL-5")
    await story.say(MEILING, "action @hana review the data-sharing annex by 7d")
    await story.mention(MEILING, "action @samir list the open audit findings by 10d")
    await playground.set_clock(begins + STORY)


class _Story:
    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    async def set_up(self) -> None:
        opened = await self._done(self._playground.command(PRIYA, SHARED, "/alliance setup"))
        view = opened["view"]
        previewed = await self._done(
            self._playground.submit(PRIYA, view["id"], {"name": "Helix alliance", "code": "HEL"})
        )
        created = await self._done(self._playground.submit(PRIYA, previewed["view"]["id"], {}))
        await self._done(self._playground.close_view(PRIYA, created["view"]["id"]))

    async def command(self, user: str, channel: str, words: str) -> None:
        await self._done(self._playground.command(user, channel, f"/alliance {words}"))

    async def mention(self, user: str, words: str) -> None:
        await self._done(self._playground.message(user, SHARED, f"<@U0BOT> {words}"))

    async def say(self, user: str, words: str) -> None:
        """In one's direct messages with the bot."""
        await self._done(self._playground.message(user, f"D{user[1:]}", words))

    async def _done(self, step: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await step
        if not answer["ok"]:
            raise StoryBroke(str(answer))
        return answer
