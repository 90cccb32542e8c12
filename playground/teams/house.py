"""Everything a local Teams is made of, in one place that verbs and endpoints share."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from playground.premises import Premises
from playground.refusal import Json
from playground.teams.door import Deliveries, Door
from playground.teams.inputs import Offers
from playground.teams.keys import Keys, Tokens
from playground.teams.limits import Limits
from playground.teams.world import World


@dataclass(frozen=True)
class Manifest:
    """What the app was installed with. Without one, everything is there."""

    message_actions: frozenset[str] | None = None
    targeted: bool = True
    files: bool = True
    actions: tuple[Json, ...] = ()
    """The entries in the menu of a message."""
    commands: tuple[Json, ...] = ()
    """What the app suggests to type."""


def read_manifest(path: Path | None) -> Manifest:
    if path is None:
        return Manifest()
    raw = json.loads(path.read_text(encoding="utf-8"))
    rows = [row for part in raw.get("composeExtensions", []) for row in part.get("commands", [])]
    actions = [row for row in rows if "message" in row.get("context", [])]
    bots = raw.get("bots", [])
    return Manifest(
        frozenset(row["id"] for row in actions),
        any(bot.get("supportsTargetedMessages") for bot in bots),
        any(bot.get("supportsFiles") for bot in bots),
        tuple({"id": row["id"], "title": row.get("title", row["id"])} for row in actions),
        tuple(_commands(part) for bot in bots for part in bot.get("commandLists", [])),
    )


def _commands(part: Json) -> Json:
    """A list of commands, where it is offered, and whether by `@`, by `/` or by both."""
    triggers = part.get("triggers", ["mention"])
    return {"scopes": part["scopes"], "triggers": triggers, "commands": part["commands"]}


@dataclass(kw_only=True)
class House(Premises):
    world: World
    app_id: str
    manifest: Manifest
    keys: Keys
    tokens: Tokens
    door: Door
    deliveries: Deliveries
    region: str = "emea"  # part of the service URL
    gone: set[str] = field(default_factory=set)  # regions that answer no longer
    limits: Limits = field(default_factory=Limits)
    marked: set[str] = field(default_factory=set)  # words that no markdown may be made of
    offers: dict[tuple[str, str], Offers] = field(default_factory=dict)  # person, place

    def service_url(self, tenant: str) -> str:
        return f"{self.public_url}/{self.region}/{tenant}/"

    def forget(self) -> None:
        """Everything that belongs to the world before a reset."""
        self.faults.clear()
        self.limits.clear()
        self.deliveries.clear()
        self.journal.clear()
        self.offers.clear()
        self.marked.clear()
        self.gone.clear()
