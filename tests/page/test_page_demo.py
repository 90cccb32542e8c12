"""The demo's own tour and story, walked in Chromium with the real bot."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from bot.local import LocalSlack
from bot.tour import TOUR
from tests.page.visitor import Visitor
from tests.world import MONDAY


@pytest.fixture
async def demo() -> AsyncIterator[str]:
    local = LocalSlack(seed="demo", now=MONDAY)
    yield await local.start()
    await local.stop()


@pytest.fixture
async def visitor(demo: str, browser: Browser) -> AsyncIterator[Visitor]:
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    found = Visitor(await context.new_page(), demo)
    await found.page.goto(demo)
    await expect(found.screen).to_be_visible()
    yield found
    assert found.troubles == []
    await context.close()


async def _walk(visitor: Visitor) -> None:
    """Each stop, until all that it says of the screens has a tick."""
    panel = visitor.page.get_by_role("complementary", name="Guided tour")
    await visitor.page.get_by_role("button", name="Take the tour").click()
    for stop in TOUR.stops:
        await panel.get_by_role("button", name="Next").click()
        await expect(panel.get_by_role("heading")).to_have_text(stop.title)
        ticks = panel.get_by_role("listitem")
        await expect(ticks).to_have_count(len(stop.expect), timeout=20_000)
        said = await ticks.all_inner_texts()
        assert all(line.startswith("✓") for line in said), (stop.title, said)
    await panel.get_by_role("button", name="Next").click()
    await panel.get_by_role("button", name="Finish").click()


async def test_the_tour_comes_true_from_start_to_end_and_again_after_starting_over(
    visitor: Visitor,
) -> None:
    await _walk(visitor)
    await visitor.page.get_by_role("button", name="Start over").click()
    question = visitor.page.get_by_role("dialog", name="Start over?")
    await question.get_by_role("button", name="Start over").click()
    telling = visitor.page.get_by_role("dialog", name="Starting over")
    await expect(telling).to_contain_text("in the story")
    await expect(telling).to_be_hidden(timeout=60_000)
    await expect(visitor.page.locator(".clock .now")).to_contain_text("14:30 London")
    await _walk(visitor)


async def test_what_comes_next_is_read_from_the_bot(visitor: Visitor) -> None:
    summary = visitor.page.locator(".coming summary")
    await expect(summary).to_contain_text("daily message, if there is something to say")
    before = await summary.inner_text()
    await visitor.page.get_by_role("button", name="To next").click()
    await expect(summary).not_to_have_text(before)
