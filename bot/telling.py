"""Telling a story through the doors that people use, in the local Slack and the local Teams."""

import asyncio
from collections.abc import Iterable
from typing import Any

from bot.story import Step
from playground.app import Playground
from playground.refusal import Json
from playground.teams import Teams

PATIENCE = 100
"""Tenths of a second that a form may take to be filled, on a busy machine."""


class StoryBroke(Exception):
    """A step of a story was refused."""


async def done(verb: Any) -> Json:
    answer: Json = await verb
    if not answer["ok"]:
        raise StoryBroke(str(answer))
    return answer


class InSlack:
    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    async def tell(self, step: Step, words: str) -> None:
        who, where = step.who, step.where
        if step.how == "command":
            await done(self._playground.command(who, where, f"/alliance {words}"))
        elif step.how == "mention":
            await done(self._playground.message(who, where, f"<@U0BOT> {words}"))
        elif step.how == "direct":
            await done(self._playground.message(who, f"D{who[1:]}", words))
        elif step.how == "presses":
            await self.press(who, f"D{who[1:]}", words)
        else:
            await done(self._playground.message(who, where, words))

    async def form_of(self, who: str, channel: str, command: str) -> str:
        """The form that a command opens, once the bot's look-ups have filled it."""
        opened = await done(self._playground.command(who, channel, command))
        for _ in range(PATIENCE):
            if self._playground.views(who)[-1]["submit"]:
                return str(opened["view"]["id"])
            await asyncio.sleep(0.1)
        raise StoryBroke(f"the form of {command} stayed empty")

    async def fill(self, who: str, view_id: str, **values: str) -> str:
        """Send a form; the one that takes its place."""
        answer = await done(self._playground.submit(who, view_id, values))
        return str(answer["view"]["id"])

    async def close(self, who: str) -> None:
        for view in reversed(self._playground.views(who)):
            await done(self._playground.close_view(who, view["id"]))

    async def press(self, who: str, where: str, label: str) -> None:
        """A button of the newest message that has it."""
        for message in reversed(self._playground.messages(where, who)):
            buttons = [
                element
                for block in message["blocks"] or []
                for element in block.get("elements", [])
                if element.get("type") == "button" and element["text"]["text"] == label
            ]
            if buttons:
                action = buttons[0]["action_id"]
                await done(self._playground.click(who, where, message["ts"], action_id=action))
                return
        raise StoryBroke(f"{who} has no button {label}")


class InTeams:
    """People by their handle, conversations by their name."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    async def tell(self, step: Step, words: str) -> None:
        who, where = step.who, step.where
        if step.how == "command":
            await done(self._teams.message(who, where, words, targeted=True))
        elif step.how == "mention":
            await done(self._teams.message(who, where, f"@Alliance {words}"))
        elif step.how == "direct":
            opened = await done(self._teams.open_personal(who))
            await done(self._teams.message(who, opened["conversation"], words))
        elif step.how == "presses":
            await self.press(who, where, words)
        else:
            await done(self._teams.message(who, where, words))

    async def press(self, who: str, where: str, label: str) -> None:
        """A button of the newest message that has it."""
        for message in reversed(self._teams.messages(where, who)):
            if label in message["buttons"]:
                await done(self._teams.click(who, message["id"], label))
                return
        raise StoryBroke(f"{who} has no button {label}")

    async def fill(self, who: str, buttons: Iterable[str | None]) -> None:
        """Send the forms that are open one after the other, each by a button of it, or by its
        first one; then close what is left."""
        for button in buttons:
            await done(self._teams.submit(who, None, button))
        if self._teams.dialogs(who):
            await done(self._teams.close_dialog(who))
