"""Everything the bot says, and who could read it at that moment."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from governance import visibility
from playground.house import House
from playground.world import Message
from playground.world import World as SlackWorld

Json = dict[str, Any]

MESSAGES = ("chat.", "files.", "response_url")
"""What becomes a message is seen when it appears, with the people who are there then."""

ASKS = {
    "auth.test",
    "conversations.history",
    "conversations.info",
    "conversations.list",
    "conversations.members",
    "conversations.open",
    "conversations.replies",
    "pins.add",
    "pins.remove",
    "reactions.get",
    "team.info",
    "users.info",
}
"""Calls that tell nobody anything."""


@dataclass(frozen=True)
class Said:
    """Something the bot said: its raw JSON and who could read it. `where` is a channel's id, or
    what kind of answer it was; `alone`: it was for one person only."""

    at: datetime
    where: str
    readers: tuple[str, ...]
    raw: str
    alone: bool
    shown: Any = field(repr=False, compare=False)


class Timeline(list[Message]):
    """The playground's list of what was posted and edited; each is copied as it is at first."""

    def __init__(self, watch: "Watch") -> None:
        super().__init__()
        self._watch = watch

    def append(self, message: Message) -> None:
        super().append(message)
        self._watch.message(message)


class Watch:
    """Keeps what is said from one look to the next, and every request people made."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._said: list[Said] = []
        self._triggers: dict[str, str] = {}
        self._views: dict[str, str] = {}
        self.requests: list[Json] = []
        """Everything people pressed, sent and typed, as the bot received it."""
        self.heard: list[Json] = []
        """The requests since the look before, events included."""
        self.typed: dict[str, set[str]] = defaultdict(set)
        """What each person has typed, chosen and pressed by now."""
        self.slipped_in: dict[str, datetime] = {}
        """Who came into a channel without Slack telling, and when."""
        house.world.timeline = Timeline(self)
        house.journal.clear()

    @property
    def _world(self) -> SlackWorld:
        return self._house.world

    def who_asks(self, entry: Json) -> str:
        return who_asks(entry)

    def message(self, message: Message) -> None:
        if message.user != self._world.bot:
            return
        room = self._world.channels[message.channel]
        people = tuple(one for one in room.members if not self._is_unnoticed(one))
        shown = {
            "text": message.text,
            "blocks": message.blocks,
            "attachments": message.attachments,
            "metadata": message.metadata,
            "files": [self._inside(file["id"]) for file in message.files],
        }
        readers = (message.ephemeral_to,) if message.ephemeral_to else people
        alone = message.ephemeral_to is not None or room.kind == "dm"
        self._add(room.id, readers, shown, alone=alone)

    def _inside(self, file_id: str) -> str:
        file = self._world.files[file_id]
        return f"{file.name} {file.title} {(file.data or b'').decode('utf-8', 'replace')}"

    def _is_unnoticed(self, who: str) -> bool:
        """What is known of a channel may be a minute old, and that is relied upon."""
        came = self.slipped_in.get(who)
        fresh = came is not None and self._world.now() - came < visibility.FACTS_LAST
        return who == self._world.bot or fresh

    def look(self) -> list[Said]:
        """What was said since the last look."""
        entries = self._house.journal.as_json()
        self._house.journal.clear()
        self.heard = [entry for entry in entries if entry["direction"] == "to_bot"]
        self.requests += [one for one in self.heard if one["kind"] in ("command", "interaction")]
        for entry in self.heard:
            self.typed[who_asks(entry)].add(_typed(entry["arguments"]))
        self._remember(entries)
        for entry in entries:
            if entry["direction"] == "to_bot":
                self._answered(entry)
            else:
                self._called(entry)
        found, self._said = self._said, []
        return found

    def _remember(self, entries: list[Json]) -> None:
        """Whose triggers and views these are."""
        for entry in self.heard:
            if "trigger_id" in entry["arguments"]:
                self._triggers[entry["arguments"]["trigger_id"]] = who_asks(entry)
        for entry in entries:
            trigger = entry["arguments"].get("trigger_id")
            if _view_id(entry) and trigger in self._triggers:
                self._views[_view_id(entry)] = self._triggers[trigger]
        for user, stack in self._world.stacks.items():
            self._views |= {view.id: user for view in stack}
        self._views |= {view.id: user for user, view in self._world.homes.items()}

    def _answered(self, entry: Json) -> None:
        """The answer to a request is for who made it."""
        if who_asks(entry) and entry["status"] and entry["answer"]:
            self._add(f"answer:{entry['method']}", (who_asks(entry),), entry["answer"])

    def _called(self, entry: Json) -> None:
        """Forms, Homes and whatever else is no message: messages are seen when they appear."""
        method, given = entry["method"], entry["arguments"]
        if method.startswith(MESSAGES) or method in ASKS:
            return
        readers = self._readers_of(entry)
        self._add(method, readers, given.get("view", given), alone=len(readers) == 1)

    def _readers_of(self, entry: Json) -> tuple[str, ...]:
        given = entry["arguments"]
        view_id = given.get("view_id") or _view_id(entry)
        if entry["method"] == "views.publish":
            return (given["user_id"],)
        if given.get("trigger_id") in self._triggers:
            return (self._triggers[given["trigger_id"]],)
        if view_id in self._views:
            return (self._views[view_id],)
        room = self._world.channels.get(given.get("channel") or given.get("channel_id") or "")
        return tuple(one for one in (room.members if room else []) if one != self._world.bot)

    def _add(self, where: str, readers: tuple[str, ...], shown: Any, *, alone: bool = True) -> None:
        raw = json.dumps(shown, ensure_ascii=False, default=str)
        self._said.append(Said(self._world.now(), where, readers, raw, alone, json.loads(raw)))


def who_asks(entry: Json) -> str:
    """Who made a request: a command, an interaction, or an event."""
    request = entry["arguments"]
    user = request.get("user_id") or (request.get("user") or {}).get("id")
    user = user or (request.get("event") or {}).get("user")
    return str(user["id"] if isinstance(user, dict) else user or "")


def _typed(request: Json) -> str:
    """What a person put into a request themselves."""
    event, view = request.get("event") or {}, request.get("view") or {}
    own = (request.get("text"), event.get("text"), request.get("actions"), view.get("state"))
    return str(own).upper()


def _view_id(entry: Json) -> str:
    answer = entry["answer"]
    view = answer.get("view") if isinstance(answer, dict) else None
    return str((view or {}).get("id", ""))
