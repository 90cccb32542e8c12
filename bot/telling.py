"""Telling a story through the doors that people use, in the local Slack and the local Teams."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.story import Step
from playground.app import Playground
from playground.refusal import Json
from playground.teams import Teams

T = TypeVar("T")

PATIENCE = 100
"""Tenths of a second that an answer may take on a busy machine."""


class StoryBroke(Exception):
    """A step of a story was refused."""


async def found(look: Callable[[], T | None], what: str) -> T:
    """What comes in answer, as soon as it is there. Raises StoryBroke, with `what` was awaited."""
    for _ in range(PATIENCE):
        there = look()
        if there is not None:
            return there
        await asyncio.sleep(0.1)
    raise StoryBroke(f"there is no {what}")


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
        await done(self._playground.command(who, channel, command))

        def filled() -> str | None:
            view = self._playground.views(who)[-1]
            return str(view["id"]) if view["submit"] else None

        return await found(filled, f"form of {command}")

    async def fill(self, who: str, view_id: str, **values: str) -> str:
        """Send a form; the one that takes its place."""
        answer = await done(self._playground.submit(who, view_id, values))
        return str(answer["view"]["id"])

    async def close(self, who: str) -> None:
        for view in reversed(self._playground.views(who)):
            await done(self._playground.close_view(who, view["id"]))

    async def press(self, who: str, where: str, label: str) -> None:
        """A button of the newest message that has it."""

        def newest() -> tuple[str, str] | None:
            for message in reversed(self._playground.messages(where, who)):
                for block in message["blocks"] or []:
                    for element in block.get("elements", []):
                        if element["type"] == "button" and element["text"]["text"] == label:
                            return message["ts"], element["action_id"]
            return None

        ts, action = await found(newest, f"button {label} for {who}")
        await done(self._playground.click(who, where, ts, action_id=action))


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

        def newest() -> str | None:
            shown = reversed(self._teams.messages(where, who))
            return next((one["id"] for one in shown if label in one["buttons"]), None)

        message = await found(newest, f"button {label} for {who}")
        await done(self._teams.click(who, message, label))

    async def fill(self, who: str, buttons: Iterable[str | None]) -> None:
        """Send the forms that are open one after the other, each by a button of it, or by its
        first one; then close what is left."""
        for button in buttons:
            await done(self._teams.submit(who, None, button))
        if self._teams.dialogs(who):
            await done(self._teams.close_dialog(who))
