"""What people type and say: commands, mentions, direct messages, and ordinary talk."""

from dataclasses import dataclass
from typing import Literal

from tests.leaks.cast import handle, known_to, rooms_of
from tests.leaks.pressed import Send
from tests.leaks.story import NotPossible, Story
from tests.world import direct

Way = Literal["command", "mention", "dm"]


@dataclass(frozen=True)
class Type:
    """Something typed to the bot. In `tail` a star stands for a word nobody else may read, and
    @1 for one of the people that the writer knows."""

    who: str
    way: Way
    verb: str
    reference: str = ""
    tail: str = ""
    room: int = 0
    person: int = 0

    def said(self, story: Story) -> tuple[str, str]:
        """Where it is typed, and what."""
        rooms = rooms_of(self.who)
        room = direct(self.who) if self.way == "dm" else rooms[self.room % len(rooms)]
        return room, " ".join(filter(None, [self.verb, self.reference, self._tail(story, room)]))

    async def play(self, story: Story) -> None:
        room, words = self.said(story)
        if self.way == "command":
            await story.stage.playground.command(self.who, room, f"/alliance {words}")
        else:
            called = "" if self.way == "dm" else "<@U0BOT> "
            await story.stage.playground.message(self.who, room, called + words)

    def _tail(self, story: Story, room: str) -> str:
        people = known_to(self.who, room)
        tail = self.tail.replace("@1", handle(people[self.person % len(people)]))
        return tail.replace("*", self._word(story, room)) if "*" in tail else tail

    def _word(self, story: Story, room: str) -> str:
        """Whose the word is: that of the item it is about, or of where an item is recorded."""
        if self.reference.startswith(("HEL", "ORI")):
            named = [a for a, code in story.facts.codes.items() if self.reference.startswith(code)]
            rooms = [room for room, alliance in story.facts.rooms.items() if alliance in named]
            return story.joint_word(self.who, rooms[0] if rooms else room, "of a joint item")
        if self.reference or self.verb == "internal" or not _is_joint(story, room):
            return story.own_word(self.who, "of one firm's own item")
        return story.joint_word(self.who, room, "of a joint item")


def _is_joint(story: Story, room: str) -> bool:
    return room in story.facts.rooms and room not in story.facts.own_rooms


@dataclass(frozen=True)
class TypeAndSend:
    """Something typed that opens a form, and the form sent."""

    typed: Type
    choice: int
    person: int
    day: int

    async def play(self, story: Story) -> None:
        await self.typed.play(story)
        await Send(self.typed.who, self.choice, self.person, self.day).play(story)


@dataclass(frozen=True)
class Talk:
    """An ordinary message, and perhaps it is kept by its menu or by a reaction."""

    who: str
    room: int
    keeps: Literal["", "menu", "reaction"]
    keeper: str

    def said(self, story: Story) -> tuple[str, str]:
        """Where, and what."""
        rooms = rooms_of(self.who)
        room = rooms[self.room % len(rooms)]
        joint = _is_joint(story, room)
        word = (
            story.joint_word(self.who, room, "said in a shared channel")
            if joint
            else story.own_word(self.who, "said in a firm's own channel")
        )
        return room, f"they owe us the {word}"

    async def play(self, story: Story) -> None:
        room, words = self.said(story)
        slack = story.stage.playground
        await slack.message(self.who, room, words)
        if self.keeper not in story.slack.channels[room].members:
            raise NotPossible
        ts = list(story.slack.channels[room].messages)[-1]
        if self.keeps == "menu":
            await slack.shortcut(self.keeper, "action_item.from_message", room, ts)
        elif self.keeps == "reaction":
            await slack.reaction(self.keeper, room, ts, "ballot_box_with_check", True)


@dataclass(frozen=True)
class OpenHome:
    who: str

    async def play(self, story: Story) -> None:
        await story.stage.playground.home(self.who)


@dataclass(frozen=True)
class FormOfTheirOwn:
    """The empty form, from the menu that works everywhere."""

    who: str

    async def play(self, story: Story) -> None:
        await story.stage.playground.shortcut(self.who, "action_item.new")
