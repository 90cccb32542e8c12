"""The demo's story so far, told through the same doors that people use."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.app import Playground

STORY = timedelta(days=9)
"""How long before the opening the story begins."""

SHARED, OWN = "C0SHARED", "C0INTERNAL"
PRIYA, MATEO, HANA, ADAEZE = "U0PRIYA", "U0MATEO", "U0HANA", "U0ADAEZE"
OLIVIA, TOMASZ, INES, MEILING = "U0OLIVIA", "U0TOMASZ", "U0INES", "U0MEILING"

_Step = tuple[str, str, str, str]
STEPS: tuple[tuple[timedelta, tuple[_Step, ...]], ...] = (
    (
        timedelta(hours=1),
        (
            ("command", PRIYA, SHARED, "action @olivia share the pilot supply forecast by 2d"),
            ("command", MATEO, SHARED, "action send the usability protocol to the lab by 8d"),
            ("command", HANA, OWN, "action agree our labelling position before the call by 9d"),
            ("mention", TOMASZ, SHARED, "action @mateo confirm the drop test criteria by 12d"),
            ("command", ADAEZE, SHARED, "action @ines name who decides device changes by 14d"),
            ("direct", OLIVIA, "", "accept HEL-1"),
            ("direct", MATEO, "", "accept HEL-3"),
        ),
    ),
    (
        timedelta(days=2, hours=1),
        (
            ("command", PRIYA, SHARED, "action book the room for the steering committee by 3d"),
            ("direct", INES, "", "decline HEL-4 our product board decides that together"),
        ),
    ),
    (
        timedelta(days=5),
        (
            ("command", PRIYA, SHARED, "done HEL-5"),
            ("direct", MEILING, "", "action review the data-sharing annex by 7d"),
            ("mention", MEILING, SHARED, "action @samir list the open audit findings by 10d"),
        ),
    ),
)


PATIENCE = 100
"""Tenths of a second that a form may take to be filled, on a busy machine."""


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
    await story.name_partners_manager()
    await story.link_own_channel()
    for on_day, steps in STEPS:
        await playground.set_clock(begins + on_day)
        for how, who, where, words in steps:
            await story.step(how, who, where, words)
    await playground.set_clock(begins + STORY)


class _Story:
    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    async def set_up(self) -> None:
        view_id = await self._form_of("/alliance setup", SHARED)
        previewed = await self._done(
            self._playground.submit(PRIYA, view_id, {"name": "Helix alliance", "code": "HEL"})
        )
        created = await self._done(self._playground.submit(PRIYA, previewed["view"]["id"], {}))
        await self._done(self._playground.close_view(PRIYA, created["view"]["id"]))

    async def name_partners_manager(self) -> None:
        await self._done(self._playground.command(PRIYA, SHARED, "/alliance people"))
        [listed] = [
            message
            for message in self._playground.messages(SHARED, PRIYA)
            if message["ephemeral"] and "Who is who" in message["text"]
        ][-1:]
        opened = await self._done(
            self._playground.click(PRIYA, SHARED, listed["ts"], action_id="people.edit", value=None)
        )
        chosen = {"person": OLIVIA, "side": "Helix Devices", "role": "manager"}
        saved = await self._done(self._playground.submit(PRIYA, opened["view"]["id"], chosen))
        await self._done(self._playground.close_view(PRIYA, saved["view"]["id"]))

    async def link_own_channel(self) -> None:
        view_id = await self._form_of("/alliance link", OWN)
        linked = await self._done(self._playground.submit(PRIYA, view_id, {}))
        await self._done(self._playground.close_view(PRIYA, linked["view"]["id"]))

    async def _form_of(self, command: str, channel: str) -> str:
        """The form that a command opens, once the bot's look-ups have filled it."""
        opened = await self._done(self._playground.command(PRIYA, channel, command))
        for _ in range(PATIENCE):
            if self._playground.views(PRIYA)[-1]["submit"]:
                return str(opened["view"]["id"])
            await asyncio.sleep(0.1)
        raise StoryBroke(f"the form of {command} stayed empty")

    async def step(self, how: str, who: str, where: str, words: str) -> None:
        """By slash command, by mention in a channel, or in one's direct messages with the bot."""
        if how == "command":
            await self._done(self._playground.command(who, where, f"/alliance {words}"))
        elif how == "mention":
            await self._done(self._playground.message(who, where, f"<@U0BOT> {words}"))
        else:
            await self._done(self._playground.message(who, f"D{who[1:]}", words))

    async def _done(self, step: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await step
        if not answer["ok"]:
            raise StoryBroke(str(answer))
        return answer
