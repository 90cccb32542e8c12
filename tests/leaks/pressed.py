"""What people press and fill in, with what they see before them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playground.kit import elements_of
from tests.leaks.hushed import LAST_DAY
from tests.leaks.story import NotPossible, Story
from tests.world import words_of

Json = dict[str, Any]
SEEN = 12
"""Messages of each channel that somebody looks back upon."""


@dataclass(frozen=True)
class Press:
    """One of the buttons, or entries of menus, that somebody has before them; newest first."""

    who: str
    which: int

    async def play(self, story: Story) -> None:
        found = list(_pressable(story, self.who))
        if not found:
            raise NotPossible
        where, block, element, value = found[self.which % len(found)]
        if shares(element["action_id"], str(value)):
            story.joint_meant = True
        await story.stage.playground.click(
            self.who,
            action_id=element["action_id"],
            block_id=block["block_id"],
            value=value,
            **where,
        )


def shares(*acts: str) -> bool:
    """Whether one of these is how a record becomes everybody's."""
    return any(act.startswith("action_item.share") for act in acts)


def _pressable(story: Story, who: str) -> Iterator[tuple[Json, Json, Json, Any]]:
    stack = story.slack.stacks.get(who, [])
    for view in [*stack[-1:], *[v for v in [story.slack.homes.get(who)] if v]]:
        for block, element, value in _in(view.body["blocks"]):
            yield {"view_id": view.id}, block, element, value
    for room in story.slack.channels.values():
        if who not in room.members:
            continue
        for shown in reversed(story.world.read(who, room.id)[-SEEN:]):
            if shown["user"] != story.slack.bot:
                continue
            for block, element, value in _in(shown["blocks"]):
                where = {"channel": room.id, "message_ts": shown["ts"]}
                yield where, block, element, value


def _in(blocks: list[Json]) -> Iterator[tuple[Json, Json, Any]]:
    for block in blocks:
        for element in elements_of(block):
            if element["type"] == "button":
                yield block, element, element.get("value")
            elif element["type"] == "overflow":
                for option in element["options"]:
                    yield block, element, option["value"]


@dataclass(frozen=True)
class Send:
    """The form on top is filled in and sent. Each of `picks` chooses for one kind of field."""

    who: str
    choice: int
    person: int
    day: int

    async def play(self, story: Story) -> None:
        stack = story.slack.stacks.get(self.who, [])
        if not stack or "submit" not in stack[-1].body:
            raise NotPossible
        view = stack[-1]
        values, texts, joint = {}, [], self._is_joint(view.body)
        for block, element in _fields(view.body["blocks"]):
            if element["type"] == "plain_text_input":
                texts.append(block["block_id"])
            elif (value := await self._value(story, view.id, block, element)) is not None:
                values[block["block_id"]] = value
                joint = joint and value != "private"
        word = self.word(story, joint=joint)
        story.joint_meant = joint or shares(view.body.get("callback_id", ""))
        values |= {block_id: f"note {word}" for block_id in texts}
        await story.stage.playground.submit(self.who, view.id, values)

    def _is_joint(self, body: Json) -> bool:
        return "OUR-" not in words_of(body)

    def word(self, story: Story, *, joint: bool) -> str:
        if joint:
            return story.joint_word(self.who, "", "sent for everybody")
        return story.own_word(self.who, "sent for one's own firm")

    async def _value(self, story: Story, view_id: str, block: Json, element: Json) -> Any:
        kind = element["type"]
        if kind in ("static_select", "radio_buttons"):
            return element["options"][self.choice % len(element["options"])]["value"]
        if kind == "external_select":
            return await self._somebody(story, view_id, block, element)
        if kind == "datepicker":
            return self.chosen_day(story, block["block_id"])
        return None

    def chosen_day(self, story: Story, field: str) -> str:
        ahead = (1, 3, 9, 0, -1)[self.day % 5]
        if field == "until" and self.day % 2:
            return LAST_DAY
        return (story.world.now.date() + timedelta(days=ahead)).isoformat()

    async def _somebody(self, story: Story, view_id: str, block: Json, element: Json) -> Any:
        answer = await story.stage.playground.options(
            self.who,
            view_id=view_id,
            action_id=element["action_id"],
            block_id=block["block_id"],
            value="",
        )
        offered = answer.get("options") or []
        return offered[self.person % len(offered)]["value"] if offered else None


def _fields(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]


@dataclass(frozen=True)
class Close:
    who: str

    async def play(self, story: Story) -> None:
        stack = story.slack.stacks.get(self.who, [])
        if not stack:
            raise NotPossible
        await story.stage.playground.close_view(self.who, stack[-1].id, True)


@dataclass(frozen=True)
class Search:
    """Letters typed into a field that offers people or things."""

    who: str
    letters: str

    async def play(self, story: Story) -> None:
        stack = story.slack.stacks.get(self.who, [])
        for block, element in _fields(stack[-1].body["blocks"]) if stack else ():
            if element["type"] == "external_select":
                await story.stage.playground.options(
                    self.who,
                    view_id=stack[-1].id,
                    action_id=element["action_id"],
                    block_id=block["block_id"],
                    value=self.letters,
                )
