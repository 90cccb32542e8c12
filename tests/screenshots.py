"""Takes the README's pictures anew from the demo: `make screenshots`."""

import asyncio
import io
import os
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.local import LocalSlack
from bot.story import OLIVIA, PRIYA, SAMIR, SHARED
from bot.tour import TOUR

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

WIDE = ViewportSize(width=1280, height=800)
MOVING_WIDTH, MOVING_COLOURS, SHOWN_FOR = 960, 96, 3500
"""Pixels and colours of the moving picture, and milliseconds for each of its pictures."""


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    await demo()
    await two_platforms()


async def two_platforms() -> None:
    """A firm in Slack and a firm in Teams, as the page opens."""
    local = LocalSlack(seed="two-platforms")
    try:
        url = await local.start()
        async with async_playwright() as player:
            browser = await player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            await _still(browser, url, "two-platforms")
            await browser.close()
    finally:
        await local.stop()


async def demo() -> None:
    local = LocalSlack(seed="demo")
    try:
        url = await local.start()
        async with async_playwright() as player:
            browser = await player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            await _still(browser, f"{url}/#left={PRIYA},{SHARED}&right={OLIVIA},{SHARED}", "firms")
            await _still(browser, f"{url}/#left={SAMIR},D0SAMIR&right={OLIVIA},D0OLIVIA", "daily")
            await _moving(browser, url)
            await browser.close()
    finally:
        await local.stop()


async def _still(browser: Browser, address: str, name: str) -> None:
    page = await browser.new_page(viewport=WIDE)
    await page.goto(address)
    await page.wait_for_timeout(SETTLES)
    await page.screenshot(path=PICTURES / f"{name}.png")
    await page.close()


async def _moving(browser: Browser, url: str) -> None:
    """The guided tour, a picture a stop."""
    page = await browser.new_page(viewport=WIDE, reduced_motion="reduce")
    await page.goto(url)
    await page.get_by_role("button", name="Take the tour").click()
    panel = page.get_by_role("complementary", name="Guided tour")
    frames = []
    for stop in TOUR.stops:
        await panel.get_by_role("button", name="Next").click()
        await panel.get_by_role("listitem").nth(len(stop.expect) - 1).wait_for()
        frames.append(await _frame(page))
    first, *others = frames
    first.save(
        PICTURES / "tour.gif",
        save_all=True,
        append_images=others,
        duration=SHOWN_FOR,
        loop=0,
        optimize=True,
    )
    await page.close()


async def _frame(page: Page) -> Image.Image:
    await page.wait_for_timeout(SETTLES)
    shot = Image.open(io.BytesIO(await page.screenshot()))
    height = round(shot.height * MOVING_WIDTH / shot.width)
    small = shot.convert("RGB").resize((MOVING_WIDTH, height), Image.Resampling.LANCZOS)
    return small.quantize(MOVING_COLOURS)


if __name__ == "__main__":
    asyncio.run(main())
