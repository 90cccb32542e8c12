"""What the code uses is what manifest.yml asks for, and docs/slack.md says why."""

import ast
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot import app as everything
from bot import slack_reasons
from bot.clock import Clock
from handlers.acts import ACTS
from handlers.carrying import Carrier
from handlers.platform import Entrance
from handlers.slack.listeners import Listeners
from handlers.slack.places import Home, Places
from storage.engine import Database
from storage.tables import SLACK

ROOT = Path(__file__).parent.parent
Json = dict[str, Any]

NEEDS: dict[str, set[str]] = {
    "auth_test": set(),
    "apps_connections_open": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "files_upload_v2": {"files:write"},
    "pins_add": {"pins:write"},
    "reactions_add": {"reactions:write"},
    "reactions_get": {"reactions:read"},
    "team_info": {"team:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
"""Scopes by method of the Web API, from Slack's reference."""

HEARD_WITH: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "channel_id_changed": {"channels:read", "groups:read"},
    "channel_rename": {"channels:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "group_rename": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "user_change": {"users:read"},
}
"""Scopes by event."""


@pytest.fixture(scope="module")
def manifest() -> Json:
    loaded: Json = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return loaded


class Register:
    """Notes what listeners are registered for."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.events: set[str] = set()

    def event(self, name: str) -> Callable[[object], None]:
        self.events.add(name)
        return lambda listener: None

    def error(self, listener: object) -> None:
        self.kinds.add("error")

    def __getattr__(self, kind: str) -> Callable[[object], Callable[[object], None]]:
        def anything(pattern: object) -> Callable[[object], None]:
            assert isinstance(pattern, re.Pattern)
            assert pattern.fullmatch("/alliance")
            assert pattern.fullmatch("any\nthing")
            self.kinds.add(kind)
            return lambda listener: None

        return anything


@pytest.fixture
def registered(tmp_path: Path) -> Register:
    database = Database(f"sqlite:///{tmp_path}/none.db")
    home = Home(1, "T0", "U0", "https://x.slack.com/")
    places = Places(database, Clock(), home, AsyncWebClient(token="xoxb-none"))
    carrier = Carrier(database, Clock(), Entrance(1, SLACK), places, wake=lambda: None)
    listeners = Listeners(
        database, Clock(), home, places, carrier, capture_reaction="memo", wake=lambda: None
    )
    found = Register()
    listeners.register(found)  # type: ignore[arg-type]
    database.close()
    return found


def methods_called() -> set[str]:
    """Methods of the Web API that our code calls."""
    known = {name for name in vars(AsyncWebClient) if not name.startswith("_")} - {"api_call"}
    found = set()
    for folder in ("bot", "handlers/slack"):
        for file in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in known:
                    found.add(node.attr)
    return found


def scopes(manifest: Json) -> set[str]:
    return set(manifest["oauth_config"]["scopes"]["bot"])


def events(manifest: Json) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def explained(title: str) -> set[str]:
    """The first column of a table in docs/slack.md."""
    text = (ROOT / "docs" / "slack.md").read_text()
    section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|$", section, re.M)
    assert [name for name, why in rows if len(why) < 10] == []
    return {name for name, _ in rows}


def test_every_event_listened_to_is_subscribed_and_the_reverse(
    manifest: Json, registered: Register
) -> None:
    plain = {name.partition(".")[0] for name in events(manifest)}
    assert registered.events == plain
    assert events(manifest) == set(HEARD_WITH)
    assert registered.kinds == {
        "command", "action", "view", "view_closed", "shortcut", "options", "error"
    }  # fmt: skip


def test_commands_and_shortcuts_lead_to_acts_and_hint_at_them(manifest: Json) -> None:
    assert everything.Bot is not None, "the acts are registered"
    [command] = manifest["features"]["slash_commands"]
    assert command["command"] == "/alliance"
    assert command["should_escape"] is True
    assert command["usage_hint"]
    shortcuts = manifest["features"]["shortcuts"]
    assert {one["type"] for one in shortcuts} == {"global", "message"}
    for shortcut in shortcuts:
        assert shortcut["callback_id"] in ACTS


def test_the_scopes_are_what_methods_and_events_need_and_nothing_more(manifest: Json) -> None:
    called = methods_called()
    assert called == set(NEEDS), "keep the table above in step with the code"
    needed = set().union(*NEEDS.values(), *HEARD_WITH.values()) | {"commands"}
    assert scopes(manifest) == needed
    for never in ("channels:history", "groups:history", "users:read.email", "chat:write.public"):
        assert never not in scopes(manifest)
    assert "user" not in manifest["oauth_config"]["scopes"]


def test_every_scope_and_event_is_explained(manifest: Json) -> None:
    assert explained("Scopes") == scopes(manifest)
    assert explained("Events") == events(manifest)
    assert set(slack_reasons.SCOPES) == scopes(manifest)
    assert set(slack_reasons.EVENTS) == events(manifest)
    said = (ROOT / "docs" / "slack.md").read_text()
    assert "channels:history" in said.partition("## Not asked for")[2]


def test_home_and_messages_are_open_and_the_socket_is_on(manifest: Json) -> None:
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"] is True
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"]["is_enabled"] is True


@pytest.mark.skipif(
    "SLACK_MANIFEST_SCHEMA" not in os.environ,
    reason="SLACK_MANIFEST_SCHEMA names no schema to compare with",
)
def test_the_manifest_fits_slacks_schema(manifest: Json) -> None:
    schema = json.loads(Path(os.environ["SLACK_MANIFEST_SCHEMA"]).read_text())
    jsonschema.validate(manifest, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(manifest | {"display_information": {}}, schema)
