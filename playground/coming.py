"""What will happen by itself when the clock moves on, as the page lists it."""

from dataclasses import dataclass
from datetime import datetime

from playground.refusal import Json
from playground.shapes import instant


@dataclass(frozen=True)
class Coming:
    """`who` is the id of the person it will reach, if it is one person."""

    at: datetime
    what: str
    who: str | None = None

    def as_json(self) -> Json:
        return {"at": instant(self.at), "what": self.what, "who": self.who}


def in_order(rows: list[Coming], limit: int) -> list[Json]:
    """The nearest ones, each as the page wants it."""
    return [row.as_json() for row in sorted(rows, key=lambda row: row.at)[:limit]]
