"""What the app was installed with, read from its manifest."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_KINDS = {"message.channels": "C", "message.groups": "G", "message.im": "D"}


@dataclass(frozen=True)
class Manifest:
    bot_name: str
    scopes: frozenset[str]
    commands: dict[str, dict[str, Any]]
    shortcuts: dict[str, str]  # callback_id -> "global" | "message"
    events: frozenset[str]
    home_enabled: bool
    messages_enabled: bool
    shortcut_rows: list[dict[str, Any]]

    def message_event(self, channel_id: str) -> bool:
        """Whether plain messages of this kind of conversation are subscribed."""
        return any(
            channel_id.startswith(letter) and name in self.events for name, letter in _KINDS.items()
        )


def read_manifest(path: Path) -> Manifest:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    features = raw.get("features", {})
    settings = raw.get("settings", {})
    home = features.get("app_home", {})
    return Manifest(
        bot_name=features.get("bot_user", {}).get("display_name")
        or raw["display_information"]["name"],
        scopes=frozenset(raw.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        commands={row["command"]: row for row in features.get("slash_commands", [])},
        shortcuts={row["callback_id"]: row["type"] for row in features.get("shortcuts", [])},
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_enabled=bool(home.get("home_tab_enabled")),
        messages_enabled=bool(home.get("messages_tab_enabled"))
        and not home.get("messages_tab_read_only_enabled", False),
        shortcut_rows=features.get("shortcuts", []),
    )
