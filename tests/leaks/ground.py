"""The truth about people and places, told by the platform itself and not by the bot."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from playground.house import House
from playground.world import World as SlackWorld


class Ground(Protocol):
    """People, rooms and workspaces are called by the names that tests have for them."""

    def now(self) -> datetime: ...

    def team_of(self, user: str) -> str: ...

    def is_guest(self, user: str) -> bool: ...

    def members(self, room: str) -> list[str]:
        """The people in a room, without the bot; nobody where there is no such room."""

    def room_called(self, word: str) -> str:
        """The room that a word is the platform's own id of; empty for none."""

    def id_of_room(self, room: str) -> str: ...

    def standing(self) -> Iterator[tuple[list[str], str]]:
        """The bot's messages in channels that everybody there reads: who that is, and the raw."""


class SlackGround:
    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def _slack(self) -> SlackWorld:
        return self._house.world

    def now(self) -> datetime:
        return self._slack.now()

    def team_of(self, user: str) -> str:
        return self._slack.people[user].team

    def is_guest(self, user: str) -> bool:
        return self._slack.people[user].guest

    def members(self, room: str) -> list[str]:
        found = self._slack.channels.get(room)
        return [one for one in found.members if one != self._slack.bot] if found else []

    def room_called(self, word: str) -> str:
        return word if word in self._slack.channels else ""

    def id_of_room(self, room: str) -> str:
        return room

    def standing(self) -> Iterator[tuple[list[str], str]]:
        for room in self._slack.channels.values():
            for message in list(room.messages.values()) if room.kind == "channel" else ():
                if message.user == self._slack.bot and message.ephemeral_to is None:
                    raw = f"{message.text} {json.dumps(message.blocks, ensure_ascii=False)}"
                    yield self.members(room.id), raw
