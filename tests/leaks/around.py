"""What changes around the bot: people move, channels open and close, time passes, Slack fails."""

from dataclasses import dataclass
from typing import Literal

from playground.payloads import base
from tests.leaks.hushed import LAST_DAY
from tests.leaks.story import NotPossible, Story
from tests.world import LENA, OWN, PRIYA, SHARED

Change = Literal[
    "invite", "remove", "share", "unshare", "pending", "rename", "helix", "guest", "slips in"
]


@dataclass(frozen=True)
class ChangeRoom:
    """Something happens to the host's own channel, or to who is in it."""

    what: Change

    async def play(self, story: Story) -> None:
        slack = story.stage.playground
        match self.what:
            case "invite":
                await slack.command(PRIYA, OWN, "/invite @lena")
            case "remove":
                await slack.command(PRIYA, OWN, "/remove @lena")
            case "share" | "unshare":
                await slack.channel(OWN, shared=self.what == "share")
            case "helix":
                await slack.command(PRIYA, OWN, "/invite @tomasz")
            case "pending":
                story.slack.channels[OWN].pending_share = True
                await story.world.later("PT61S")
            case "rename":
                await slack.channel(OWN, name=self.new_name(story))
            case "slips in":
                _let_in(story)
            case "guest":
                await slack.person("U0MATEO", guest=True)

    def new_name(self, story: Story) -> str:
        host = [one for one in story.facts.host_sides() if one in story.sides_of(PRIYA)]
        return f"own-{story.words.new(PRIYA, host, 'the name of an own channel')}"


def _let_in(story: Story) -> None:
    """Slack tells nobody of it: events get lost."""
    if LENA not in story.slack.channels[OWN].members:
        story.slack.channels[OWN].members.append(LENA)
        story.watch.slipped_in[LENA] = story.world.now


@dataclass(frozen=True)
class PutPerson:
    """An alliance manager adds somebody, moves them to a firm, or says when they leave."""

    manager: str
    who: str
    firm: str
    role: str
    last_day: str = ""

    async def play(self, story: Story) -> None:
        story.house.public_url = story.stage.playground.url
        person, room = story.slack.people[self.manager], SHARED
        pressed = base(story.house, "block_actions", person, story.slack.host)
        container = {"type": "message", "message_ts": "1.000001", "channel_id": room}
        action = {"type": "button", "action_id": "people.edit", "block_id": "b", "value": ""}
        pressed |= {"container": container, "channel": {"id": room, "name": "alliance-helix"}}
        pressed |= {"actions": [action], "trigger_id": story.house.tickets.trigger(self.manager)}
        pressed["response_url"] = story.house.response_url(self.manager, room, None)
        await story.house.door.interaction(pressed)
        stack = story.slack.stacks.get(self.manager, [])
        if not stack or stack[-1].body.get("callback_id") != "people.save":
            raise NotPossible
        await story.stage.playground.submit(self.manager, stack[-1].id, self.values(story))

    def values(self, story: Story) -> dict[str, str | None]:
        """What the form is filled in with."""
        days = {"today": story.world.now.date().isoformat(), "later": LAST_DAY, "": None}
        values = {"person": self.who, "side": self.firm, "role": self.role}
        return values | {"until": days[self.last_day]}


@dataclass(frozen=True)
class Pass:
    """Time passes: daily messages, chasing and what was put off."""

    duration: str

    async def play(self, story: Story) -> None:
        await story.world.later(self.duration)


@dataclass(frozen=True)
class Fail:
    """The next calls of a method fail."""

    method: str
    error: str
    times: int

    async def play(self, story: Story) -> None:
        wait = 2 if self.error == "ratelimited" else None
        status = 500 if self.error == "internal_error" else None
        await story.stage.playground.fault(
            self.method, status=status, error=self.error, retry_after=wait, times=self.times
        )
