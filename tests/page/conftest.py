"""A playground with a small bot, and people who look at it through Chromium."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler

from playground.app import Playground
from playground.clock import StandingClock
from playground.serve import Served
from tests.page.bot import small_bot
from tests.page.visitor import Visit, Visitor

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MANIFEST = Path(__file__).with_name("manifest.yml")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """Served on a loopback port, with the small bot behind it; `url` is its address."""
    made = Playground(clock=StandingClock(NOW), seed="demo", manifest=MANIFEST)
    slack = Served(made.asgi)
    made.url = await slack.start()
    handler = AsyncSlackRequestHandler(small_bot(made.bot_token, made.signing_secret, made.url))
    bot = Served(handler)
    made.bot_url = f"{await bot.start()}/slack/events"
    yield made
    made.house.world.revision.bump()  # lets the pages' long polls go
    await slack.stop()
    await bot.stop()
    await made.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"Chromium is not at {CHROMIUM}: install it, or set CHROMIUM to its path")
    async with async_playwright() as driver:
        found = await driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        await found.close()


@pytest.fixture
async def visit(playground: Playground, browser: Browser) -> AsyncIterator[Visit]:
    """Opens the page as somebody; afterwards nothing may have gone wrong or left the origin."""
    visitors: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def opened(user: str, channel: str = "C0SHARED", *, width: int = 1280) -> Visitor:
            context = await browser.new_context(
                viewport={"width": width, "height": 800}, reduced_motion="reduce"
            )
            stack.push_async_callback(context.close)
            visitor = Visitor(await context.new_page(), playground.url)
            visitors.append(visitor)
            await visitor.open(user, channel)
            return visitor

        yield opened
    for visitor in visitors:
        assert visitor.troubles == []
        assert [url for url in visitor.requests if not url.startswith(f"{playground.url}/")] == []
