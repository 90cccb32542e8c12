"""Takes the README's pictures from the demo: `make screenshots`."""

import asyncio
import os
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot.demo import MATEO, OLIVIA, SHARED
from bot.local import LocalSlack

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTLES = 900
"""Milliseconds for the page to draw."""


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    local = LocalSlack(seed="demo")
    try:
        url = await local.start()
        async with async_playwright() as player:
            browser = await player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            await _take(page, f"{url}/#user={OLIVIA}&channel={SHARED}", "channel")
            await local.playground.command(MATEO, SHARED, "/alliance show HEL-3")
            await _take(page, f"{url}/#user={MATEO}&channel={SHARED}", "item")
            [view] = local.playground.views(MATEO)
            await local.playground.close_view(MATEO, view["id"])
            await _take(page, f"{url}/#user={MATEO}&channel=D0MATEO", "daily")
            await browser.close()
    finally:
        await local.stop()


async def _take(page: Page, address: str, name: str) -> None:
    await page.goto(address)
    await page.reload()
    await page.wait_for_timeout(SETTLES)
    await page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
