"""A firm in Slack and a firm in Teams at one ledger, with the real bot between them."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from bot.local import LocalSlack
from tests.anywhere import MONDAY
from tests.page.visitor import Visitor

WORDS = "sign the revised supply annex"


@pytest.fixture
async def local() -> AsyncIterator[LocalSlack]:
    made = LocalSlack(seed="two-platforms", now=MONDAY)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def priya(local: LocalSlack, browser: Browser) -> AsyncIterator[Visitor]:
    """Priya's screen on the left; Olivia's is the other."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    url = local.playground.url
    found = Visitor(await context.new_page(), url)
    await found.page.goto(url)
    await expect(found.screen).to_be_visible()
    yield found
    assert found.troubles == []
    assert [one for one in found.requests if not one.startswith(f"{url}/")] == []
    await context.close()


async def test_it_opens_with_both_alliance_managers_each_in_their_own_chat(priya: Visitor) -> None:
    heading = priya.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(
        "Two firms, one alliance left Northwind Bio on Slack, right Helix Devices on Teams"
    )
    for screen, platform, place in (
        (priya, "slack", "# alliance-helix"),
        (priya.other, "teams", "Northwind alliance"),
    ):
        await expect(screen.screen).to_have_attribute("data-platform", platform)
        await expect(screen.screen.get_by_role("heading", name=place)).to_be_visible()


async def test_what_is_captured_on_one_side_is_on_the_other_and_accepted_there(
    priya: Visitor,
) -> None:
    olivia = priya.other
    await priya.say(f"/alliance action @olivia {WORDS} by 27 Nov")
    theirs = olivia.message(WORDS)
    await theirs.get_by_role("button", name="Accept").click()
    await expect(theirs.get_by_role("button", name="Done")).to_be_visible()
    ours = priya.message(WORDS).filter(has_text="Both firms see this")
    await expect(ours.get_by_role("button", name="Done")).to_be_visible()
    await expect(ours).not_to_contain_text("waiting for")


async def test_what_is_captured_in_teams_is_in_slack(priya: Visitor) -> None:
    await priya.other.say(f"@Alliance action @Priya {WORDS} by 27 Nov")
    await expect(priya.other.message(WORDS).last).to_contain_text("waiting for Priya Raman")
    ours = priya.message(WORDS)
    await ours.get_by_role("button", name="Accept").click()
    await expect(ours).to_contain_text("open")
    await expect(priya.other.message(WORDS).last).not_to_contain_text("waiting for")


async def test_a_form_of_the_bot_keeps_what_was_typed_when_something_is_wrong(
    priya: Visitor,
) -> None:
    olivia = priya.other
    await olivia.screen.get_by_role("button", name="New action").first.click()
    words = olivia.form.get_by_label("What is to be done?")
    await words.fill(WORDS)
    await olivia.form.get_by_label("By when?").fill("2020-01-01")
    await olivia.form.get_by_role("button", name="Record").click()
    await expect(olivia.form.get_by_role("alert").filter(has_text="past")).to_be_visible()
    await expect(words).to_have_value(WORDS)
    await olivia.form.get_by_label("By when?").fill("2026-11-27")
    await olivia.form.get_by_role("button", name="Record").click()
    await expect(priya.message(WORDS)).to_contain_text("Olivia Bennett")


async def test_what_is_of_one_firm_only_is_on_no_screen_of_the_other(priya: Visitor) -> None:
    olivia = priya.other
    await olivia.say("/mine")
    mine = olivia.message("Your action items")
    await expect(mine).to_contain_text("second mould")
    await expect(mine).to_contain_text("Only you can see this message")
    await expect(priya.screen).not_to_contain_text("second mould")
    await priya.say("/alliance mine")
    await expect(priya.screen).to_contain_text("price review")
    await expect(priya.screen).not_to_contain_text("second mould")
    await expect(olivia.screen).not_to_contain_text("price review")


async def test_the_tour_comes_true(priya: Visitor, local: LocalSlack) -> None:
    panel = priya.page.get_by_role("complementary", name="Guided tour")
    told = local.tour()
    assert told is not None
    await priya.page.get_by_role("button", name="Take the tour").click()
    for stop in told.stops:
        await panel.get_by_role("button", name="Next").click()
        await expect(panel.get_by_role("heading")).to_have_text(stop.title)
        ticks = panel.get_by_role("listitem")
        await expect(ticks).to_have_count(len(stop.expect), timeout=20_000)
        said = await ticks.all_inner_texts()
        assert all(line.startswith("✓") for line in said), (stop.title, said)
    await panel.get_by_role("button", name="Next").click()
    await panel.get_by_role("button", name="Finish").click()


async def test_one_clock_moves_both_and_starting_over_tells_both_anew(priya: Visitor) -> None:
    olivia = priya.other
    await olivia.screen.locator(".place").first.click()
    await olivia.say("done HEL-5")
    await expect(olivia.message("done HEL-5")).to_be_visible()
    await priya.page.get_by_role("button", name="+1 day").click()
    await expect(olivia.screen.locator(".day").last).to_contain_text("Tue 24 Nov")
    await priya.page.get_by_role("button", name="Start over").click()
    question = priya.page.get_by_role("dialog", name="Start over?")
    await question.get_by_role("button", name="Start over").click()
    telling = priya.page.get_by_role("dialog", name="Starting over")
    await expect(telling).to_contain_text("in the story")
    await expect(telling).to_be_hidden(timeout=60_000)
    await expect(priya.page.locator(".clock .now")).to_contain_text("Mon 23 Nov")
    await expect(olivia.message("done HEL-5")).to_have_count(0)
    await expect(olivia.screen.locator(".day").last).to_contain_text("Mon 23 Nov")
