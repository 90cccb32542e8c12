"""The record of every request, both ways. Tokens and secrets never enter it."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from playground.refusal import Json

Direction = Literal["to_bot", "from_bot"]


@dataclass(slots=True)
class Entry:
    at: datetime
    direction: Direction
    kind: str  # command, interaction, event, api, response_url
    method: str
    arguments: Any
    status: int | None
    answer: Any

    def as_json(self) -> Json:
        return {
            "at": self.at.isoformat(),
            "direction": self.direction,
            "kind": self.kind,
            "method": self.method,
            "arguments": self.arguments,
            "status": self.status,
            "answer": self.answer,
        }


class Journal:
    def __init__(self, size: int = 5000) -> None:
        self._entries: deque[Entry] = deque(maxlen=size)

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)

    def clear(self) -> None:
        self._entries.clear()

    def as_json(self) -> list[Json]:
        return [entry.as_json() for entry in self._entries]
