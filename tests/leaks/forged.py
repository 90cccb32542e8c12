"""What somebody hostile sends: another's request as their own, a button with a stolen token."""

import json
import re
import time
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from handlers.acts import ACTS, CHOICES
from playground.payloads import base
from tests.leaks.checks import Leak
from tests.leaks.hushed import WORD
from tests.leaks.pressed import shares
from tests.leaks.rights import Item
from tests.leaks.story import Action, NotPossible, Story
from tests.world import direct

Json = dict[str, Any]
MADE_UP = "nothing-like-it"


@dataclass(frozen=True)
class Repeat:
    """A request arrives a second time."""

    which: int

    async def play(self, story: Story) -> None:
        entry = made(story, self.which)
        story.joint_meant = _means_everybody(story, entry["arguments"])
        await _deliver(story, entry["kind"], entry["arguments"])


@dataclass(frozen=True)
class Steal:
    """What somebody pressed, sent or typed is sent by another person, in words of their own."""

    thief: str
    which: int

    async def play(self, story: Story) -> None:
        entry = made(story, self.which)
        stolen = _in_own_words(story, self.thief, entry["arguments"])
        await _deliver(story, entry["kind"], _as(story, self.thief, stolen))


def made(story: Story, which: int) -> Json:
    if not story.watch.requests:
        raise NotPossible
    return story.watch.requests[-1 - which % len(story.watch.requests)]


def _in_own_words(story: Story, thief: str, request: Json) -> Json:
    word = own_word_for(story, thief, joint=_means_everybody(story, request))
    return dict(json.loads(WORD.sub(word, json.dumps(request))))


def own_word_for(story: Story, thief: str, *, joint: bool) -> str:
    story.joint_meant = joint
    if joint:
        return story.joint_word(thief, "", "stolen, for everybody")
    return story.own_word(thief, "stolen, for one's own firm")


def _means_everybody(story: Story, request: Json) -> bool:
    """Whether a request shares something, or carries words that were meant for everybody."""
    pressed = request.get("actions") or [{}]
    chosen = pressed[0].get("selected_option") or {}
    acts = (pressed[0].get("action_id", ""), str(chosen.get("value", "")))
    if shares(*acts, (request.get("view") or {}).get("callback_id", "")):
        return True
    words = story.words.in_text(str(request))
    return any(one.side is None for word in words for one in word.audiences)


def _as(story: Story, thief: str, request: Json) -> Json:
    person = story.slack.people[thief]
    if "user_id" in request:
        room = request["channel_id"]
        there = room if _is_in(story, thief, room) else direct(thief)
        mine = {"user_id": thief, "user_name": person.name, "team_id": person.team}
        return request | mine | {"channel_id": there} | _tickets(story, thief, there, None)
    user = {"id": thief, "username": person.name, "name": person.name, "team_id": person.team}
    stolen = request | {"user": user} | _tickets(story, thief, direct(thief), None)
    return _elsewhere(story, thief, stolen)


def _elsewhere(story: Story, thief: str, request: Json) -> Json:
    """Slack itself says where something was pressed and where a form was opened: only where the
    thief is too, or else among their own direct messages."""
    room = (request.get("channel") or {}).get("id")
    if room is not None and not _is_in(story, thief, room):
        container = {"type": "message", "message_ts": "1.000001", "channel_id": direct(thief)}
        request |= {"channel": {"id": direct(thief), "name": "directmessage"}}
        request |= {"container": container}
    kept = json.loads((request.get("view") or {}).get("private_metadata") or "{}")
    if not _is_in(story, thief, story.facts.keys.get(str(kept.get("place", "")), direct(thief))):
        request["view"] |= {"private_metadata": json.dumps(kept | {"place": ""})}
    return request


def _is_in(story: Story, who: str, room: str) -> bool:
    return room in story.slack.channels and who in story.slack.channels[room].members


def _tickets(story: Story, who: str, room: str, ts: str | None) -> Json:
    return {
        "trigger_id": story.house.tickets.trigger(who),
        "response_url": story.house.response_url(who, room, ts),
    }


async def _deliver(story: Story, kind: str, request: Json) -> None:
    story.house.public_url = story.stage.playground.url
    if kind == "command":
        fields = {key: str(value) for key, value in request.items()}
        await story.house.door.form("command", request["command"], fields, request)
    else:
        await story.house.door.interaction(deepcopy(request))
    await story.world.later("PT1S")


@dataclass(frozen=True)
class Probe:
    """Somebody presses, or sends, any act at all with the token of an item that is not theirs,
    and then with one that there never was: both must look the same."""

    who: str
    act: int
    which: int
    as_form: bool

    async def play(self, story: Story) -> None:
        items = hidden(story, self.who)
        if not items:
            raise NotPossible
        item = items[self.which % len(items)]
        await story.settle()
        names = sorted(ACTS)
        name = names[self.act % len(names)]
        heard = []
        for value in (item.token, MADE_UP):
            await _deliver(story, "interaction", self._request(story, name, value))
            heard.append(told(story, self, self.who))
        compare(f"{self} ({name}), {item}", heard)

    def _request(self, story: Story, name: str, value: str) -> Json:
        person = story.slack.people[self.who]
        if self.as_form:
            made = base(story.house, "view_submission", person, person.team)
            view = {
                "id": f"V{story.house.tickets.trigger(self.who)}",
                "type": "modal",
                "callback_id": name,
                "private_metadata": json.dumps({"value": value, "reason": "no", "text": "new"}),
                "state": {"values": {}},
                "blocks": [],
                "hash": "1",
            }
            return made | {"view": view} | _tickets(story, self.who, direct(self.who), None)
        made = base(story.house, "block_actions", person, story.slack.host)
        room = direct(self.who)
        container = {"type": "message", "message_ts": "1.000001", "channel_id": room}
        action = {"type": "button", "action_id": name, "block_id": "b", "value": value}
        made |= {"container": container, "channel": {"id": room, "name": "directmessage"}}
        return made | {"actions": [action]} | _tickets(story, self.who, room, None)


@dataclass(frozen=True)
class Guess:
    """Somebody asks for a reference that another firm has and theirs has not, and then for one
    that nobody has: the same words."""

    who: str
    verb: str
    tail: str = ""

    async def play(self, story: Story) -> None:
        number = beyond(story, self.who)
        await story.settle()
        heard = []
        for reference in (f"OUR-{number}", "OUR-987"):
            words = " ".join(filter(None, [self.verb, reference, self.tail]))
            await story.stage.playground.message(self.who, direct(self.who), words)
            heard.append(told(story, self, self.who).replace(reference, "OUR-?"))
        compare(f"{self}, OUR-{number}", heard)


@dataclass(frozen=True)
class ProbeList:
    """Any list of choices, asked about an item that is not theirs."""

    who: str
    source: int
    which: int

    async def play(self, story: Story) -> None:
        items = hidden(story, self.who)
        if not items:
            raise NotPossible
        names = sorted(CHOICES)
        person = story.slack.people[self.who]
        await story.settle()
        heard = []
        for value in (items[self.which % len(items)].token, MADE_UP):
            view = {"id": "V1", "type": "modal", "private_metadata": json.dumps({"value": value})}
            asked = base(story.house, "block_suggestion", person, person.team) | {
                "action_id": names[self.source % len(names)],
                "block_id": "b",
                "value": "",
                "view": view | {"blocks": [], "state": {"values": {}}},
            }
            await story.house.door.interaction(asked)
            heard.append(told(story, self, self.who))
        compare(str(self), heard)


def hidden(story: Story, who: str) -> list[Item]:
    day = story.world.now.date()
    return [
        item
        for item in story.facts.items.values()
        if not story.facts.may_know(item.audience, who, story.ground, day)
    ]


def beyond(story: Story, who: str) -> int:
    """A number that some firm has used, and none of theirs has."""
    mine = [story.facts.numbers[one.side] for one in story.sides_of(who) if one.side is not None]
    number = max(mine, default=1)
    if number >= max(story.facts.numbers.values()):
        raise NotPossible
    return number


NOISE = re.compile(r"reference [0-9a-f]{6}|accounts [0-9A-Z]{8}")
"""A reference for whoever runs the bot, and a code for a second account: each is new."""

HURRIED = 2.0
"""Real seconds after which the bot may answer otherwise, because it is late."""


def told(story: Story, action: Action, who: str) -> str:
    """What somebody was told, without what differs from one answer to the next anyway."""
    began = story.began
    said = story.look(action).said
    if time.monotonic() - began > HURRIED:
        raise NotPossible
    mine = [one for one in said if one.alone and who in one.readers]
    return NOISE.sub(
        "reference ?", "\n".join(story.world.words(one.shown) or one.raw for one in mine)
    )


def compare(what: str, heard: list[str]) -> None:
    if heard[0] != heard[1]:
        raise Leak(f"{what}: the answers tell that it is there:\n{heard[0]}\n{heard[1]}")
