"""What comes next, and going there."""

from datetime import datetime, timedelta

from playwright.async_api import expect

from playground.app import Playground
from tests.page.conftest import NOW
from tests.page.guide import DAILY, Guide
from tests.page.visitor import Visit

TOMORROW: datetime = NOW.replace(hour=7, minute=30) + timedelta(days=1)


async def test_the_next_thing_is_named_with_people_and_their_own_time(
    playground: Playground, visit: Visit
) -> None:
    playground.follower = Guide(playground, TOMORROW)
    priya = await visit("U0PRIYA")
    coming = priya.page.locator(".coming")
    await expect(coming.locator("summary")).to_have_text(
        f"Next: Tue 24 Nov 08:30 in Berlin · Priya: {DAILY}"
    )
    await coming.locator("summary").press("Enter")
    rows = coming.get_by_role("listitem")
    await expect(rows).to_have_count(8)
    await expect(rows.nth(1)).to_have_text(f"Tue 24 Nov 07:30 in London · Olivia: {DAILY}")
    await priya.page.keyboard.press("Escape")
    await expect(rows.first).to_be_hidden()


async def test_next_goes_there_and_the_list_and_the_counts_follow(
    playground: Playground, visit: Visit
) -> None:
    playground.follower = Guide(playground, TOMORROW)
    priya = await visit("U0PRIYA")
    await priya.page.get_by_role("button", name="To next").click()
    await expect(priya.page.locator(".clock .now")).to_contain_text("08:30 Berlin")
    await expect(priya.page.locator(".coming summary")).to_contain_text("Wed 25 Nov 08:30")
    for visitor in (priya, priya.other):
        await expect(visitor.screen.locator(".band")).to_contain_text("messages: 1")


async def test_hostile_words_of_what_comes_are_shown_literally(
    playground: Playground, visit: Visit
) -> None:
    words = "<img src=x onerror=alert(1)>"
    playground.follower = Guide(playground, TOMORROW, what=words)
    priya = await visit("U0PRIYA")
    await expect(priya.page.locator(".coming summary")).to_contain_text(words)
    await expect(priya.page.locator("body img")).to_have_count(0)


async def test_starting_over_asks_and_forgets(playground: Playground, visit: Visit) -> None:
    playground.follower = guide = Guide(playground, TOMORROW)
    priya = await visit("U0PRIYA")
    await priya.say("Soon forgotten")
    await expect(priya.other.message("Soon forgotten")).to_be_visible()
    door = priya.page.get_by_role("button", name="Start over")
    question = priya.page.get_by_role("dialog", name="Start over?")
    await door.click()
    await question.get_by_role("button", name="Keep it").click()
    await expect(priya.message("Soon forgotten")).to_be_visible()
    assert guide.resets == []
    await door.click()
    await question.get_by_role("button", name="Start over").click()
    for visitor in (priya, priya.other):
        await expect(visitor.message("Soon forgotten")).to_have_count(0)
        await expect(visitor.message("drop testing")).to_be_visible()
    assert len(guide.resets) == 1
    await expect(door).to_be_focused()
