"""A small Bolt app and a playground, each served over real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.app import Playground
from playground.clock import StandingClock
from playground.serve import Served

MANIFEST = Path(__file__).with_name("app_manifest.yml")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Stage:
    """Everything a test needs: the playground, the app under its hands, a client of its own."""

    slack: Playground
    app: AsyncApp
    client: AsyncWebClient
    clock: StandingClock
    url: str
    bot_url: str

    async def refused(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method that must fail; answers what came back."""
        with pytest.raises(SlackApiError) as caught:
            await self.client.api_call(method, json=arguments)
        answer: dict[str, Any] = caught.value.response.data
        return answer

    def sent(self, method: str) -> list[dict[str, Any]]:
        """What the bot was sent, by kind of interaction, event or command."""
        return [
            entry["arguments"]
            for entry in self.slack.log()
            if entry["direction"] == "to_bot" and entry["method"] == method
        ]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    clock = StandingClock(START)
    slack = Playground(clock=clock, seed="empty", manifest=MANIFEST)
    served = Served(slack.asgi)
    url = await served.start()
    client = AsyncWebClient(token=slack.bot_token, base_url=f"{url}/api/")
    app = AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    bot = Served(AsyncSlackRequestHandler(app, path="/slack/events"), log_level="critical")
    slack.bot_url = f"{await bot.start()}/slack/events"
    yield Stage(slack, app, client, clock, url, slack.bot_url)
    await slack.close()
    await bot.stop()
    await served.stop()


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A modal with one optional text field, or with these blocks."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [text_field("what", optional=True)],
        **more,
    }


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": {"action_id": f"{block_id}_field", **element},
        **more,
    }


def text_field(block_id: str, **more: Any) -> dict[str, Any]:
    return field(block_id, {"type": "plain_text_input"}, **more)


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), **more}


def actions(*elements: dict[str, Any], block_id: str = "row") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}
