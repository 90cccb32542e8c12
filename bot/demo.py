"""The demo's story so far, told through the same doors that people use."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.story import BEGINS, OLIVIA, OWN, PRIYA, SHARED, STEPS, Step, moment, said
from playground.app import Playground

OPENS = time(14, 30)
"""UTC, when all of the demo's people are at work."""

SET_UP_AT = time(9)
PATIENCE = 100
"""Tenths of a second that a form may take to be filled, on a busy machine."""


class StoryBroke(Exception):
    """A step of the demo was refused."""


def opening(now: datetime) -> datetime:
    """When the demo opens: the latest weekday at 14:30 UTC."""
    day = datetime.combine(now.astimezone(UTC).date(), OPENS, UTC)
    day = day if day <= now else day - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def beginning(opens: datetime) -> datetime:
    """When the story begins that ends at this opening."""
    return moment(opens, BEGINS, SET_UP_AT)


async def tell(playground: Playground, opens: datetime) -> None:
    """Set the alliance up and let seven weeks of work pass. Raises StoryBroke."""
    story = _Story(playground)
    await story.set_up()
    await story.partner_looks()
    await story.link_own_channel()
    for step in STEPS:
        await playground.set_clock(moment(opens, step.day, step.at))
        await story.tell(step, said(step.words, opens))
    await playground.set_clock(opens)
    playground.restart_clients()


class _Story:
    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    async def set_up(self) -> None:
        view_id = await self._form_of("/alliance setup", SHARED)
        previewed = await self._done(
            self._playground.submit(PRIYA, view_id, {"name": "Helix alliance", "code": "HEL"})
        )
        created = await self._done(self._playground.submit(PRIYA, previewed["view"]["id"], {}))
        await self._done(
            self._playground.click(
                PRIYA,
                view_id=created["view"]["id"],
                action_id="counterpart.ask",
            )
        )
        await self._close(PRIYA)

    async def partner_looks(self) -> None:
        """The counterpart answers in the shared channel and turns her firm's own records on."""
        question = self._playground.messages(SHARED, OLIVIA)[-1]
        opened = await self._done(
            self._playground.click(OLIVIA, SHARED, question["ts"], action_id="roster.check")
        )
        await self._done(self._playground.submit(OLIVIA, opened["view"]["id"], {}))
        await self._close(OLIVIA)

    async def link_own_channel(self) -> None:
        view_id = await self._form_of("/alliance link", OWN)
        await self._done(self._playground.submit(PRIYA, view_id, {}))
        await self._close(PRIYA)

    async def _form_of(self, command: str, channel: str) -> str:
        """The form that a command opens, once the bot's look-ups have filled it."""
        opened = await self._done(self._playground.command(PRIYA, channel, command))
        for _ in range(PATIENCE):
            if self._playground.views(PRIYA)[-1]["submit"]:
                return str(opened["view"]["id"])
            await asyncio.sleep(0.1)
        raise StoryBroke(f"the form of {command} stayed empty")

    async def _close(self, who: str) -> None:
        for view in reversed(self._playground.views(who)):
            await self._done(self._playground.close_view(who, view["id"]))

    async def tell(self, step: Step, words: str) -> None:
        who, where = step.who, step.where
        if step.how == "command":
            await self._done(self._playground.command(who, where, f"/alliance {words}"))
        elif step.how == "mention":
            await self._done(self._playground.message(who, where, f"<@U0BOT> {words}"))
        elif step.how == "direct":
            await self._done(self._playground.message(who, f"D{who[1:]}", words))
        elif step.how == "presses":
            await self._press(who, f"D{who[1:]}", words)
        else:
            await self._done(self._playground.message(who, where, words))

    async def _press(self, who: str, where: str, label: str) -> None:
        """A button of the newest message that has it."""
        for message in reversed(self._playground.messages(where, who)):
            buttons = [
                element
                for block in message["blocks"] or []
                for element in block.get("elements", [])
                if element.get("type") == "button" and element["text"]["text"] == label
            ]
            if buttons:
                pressed = self._playground.click(
                    who, where, message["ts"], action_id=buttons[0]["action_id"]
                )
                await self._done(pressed)
                return
        raise StoryBroke(f"{who} has no button {label}")

    async def _done(self, step: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await step
        if not answer["ok"]:
            raise StoryBroke(str(answer))
        return answer
