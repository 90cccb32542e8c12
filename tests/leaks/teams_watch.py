"""Everything the bot says on Teams, and who could read it at that moment."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from governance import visibility
from playground.teams.world import Message
from tests.anywhere import Json
from tests.leaks.watch import Said
from tests.teams.world import TeamsWorld

PEOPLES = ("message", "invoke")
"""The kinds of requests that somebody made."""

Told = tuple[Message, str | None]


class Timeline(list[Told]):
    """The local Teams' list of what was posted and changed; each is copied as it is at first."""

    def __init__(self, watch: "TeamsWatch") -> None:
        super().__init__()
        self._watch = watch

    def append(self, told: Told) -> None:
        super().append(told)
        self._watch.message(*told)


class TeamsWatch:
    def __init__(self, world: TeamsWorld) -> None:
        self._world, self._house = world, world.teams.house
        self._said: list[Said] = []
        self.requests: list[Json] = []
        self.heard: list[Json] = []
        self.typed: defaultdict[str, set[str]] = defaultdict(set)
        self.slipped_in: dict[str, datetime] = {}
        self._house.world.timeline = Timeline(self)
        self._house.journal.clear()

    def message(self, message: Message, only: str | None) -> None:
        """A message of the bot's, or what somebody alone has in its place or below it."""
        world = self._house.world
        if message.sender != world.bot or message.deleted:
            return
        room = world.rooms[message.room]
        alone = only or message.targeted_to
        people = [alone] if alone else world.people_in(room)
        readers = tuple(one for one in map(self._world.constant, people) if self._noticed(one))
        shown: Any = {"text": message.text, "cards": message.cards, "summary": message.summary}
        if only:
            own = message.own_cards.get(only)
            shown = {"cards": [own] if own else [], "text": message.notes.get(only, "")}
        where = self._world.known_as(room.id)
        self._add(where, readers, shown, alone=bool(alone) or room.kind == "personal")

    def _noticed(self, who: str) -> bool:
        """What is known of a channel may be a minute old, and that is relied upon."""
        came = self.slipped_in.get(who)
        return came is None or self._house.world.now() - came >= visibility.FACTS_LAST

    def look(self) -> list[Said]:
        """What was said since the last look; messages are seen when they appear."""
        entries = self._house.journal.as_json()
        self._house.journal.clear()
        self.heard = [entry for entry in entries if entry["direction"] == "to_bot"]
        self.requests += [one for one in self.heard if one["kind"] in PEOPLES]
        for entry in self.heard:
            who = self.who_asks(entry)
            self.typed[who].add(self._typed(entry["arguments"]))
            if entry["answer"]:
                self._add(f"answer:{entry['method']}", (who,), entry["answer"])
        found, self._said = self._said, []
        return found

    def who_asks(self, entry: Json) -> str:
        return self._world.constant(entry["arguments"]["from"]["id"])

    def _typed(self, request: Json) -> str:
        """What a person put into a request themselves, with the people in it as tests call them."""
        value = request.get("value") or {}
        typed = (request.get("text"), value.get("data"), value.get("action"))
        raw = str((*typed, value.get("queryText"), request.get("entities")))
        named = [one.handle for one in self._house.world.people.values() if one.object_id in raw]
        return f"{raw} {' '.join(f'U0{handle}' for handle in named)}".upper()

    def _add(self, where: str, readers: tuple[str, ...], shown: Any, *, alone: bool = True) -> None:
        raw = json.dumps(shown, ensure_ascii=False, default=str)
        at = self._house.world.now()
        self._said.append(Said(at, where, readers, raw, alone, json.loads(raw)))
