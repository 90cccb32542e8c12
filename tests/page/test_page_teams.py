"""People of Teams on the page: their places, posts, cards and forms."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from playground.app import Playground
from playground.clock import StandingClock
from playground.refusal import Json
from playground.serve import Served
from playground.teams import Teams
from playground.teams.posting import post, read_content
from playground.teams.world import Message
from tests.page.conftest import MANIFEST as SLACK_MANIFEST
from tests.page.conftest import NOW
from tests.page.teams_bot import CARD, MANIFEST, SmallTeamsBot, buttons, card, execute, opens, text
from tests.page.test_page_access import COLOURS, contrast
from tests.page.visitor import Visitor

HOSTILE = "<img src=x onerror=alert(1)><at>Tomasz</at> **x** [y](javascript:alert(1))"
TEAMS_GROUNDS = [
    *[("words", ground) for ground in ("lilac", "lilac-side", "card", "violet-tint")],
    *[("muted", ground) for ground in ("lilac", "lilac-side", "card")],
    *[("violet", ground) for ground in ("lilac", "lilac-side", "card", "violet-tint")],
    *[("danger", ground) for ground in ("lilac", "card")],
    ("good", "card"),
    ("on-violet", "violet"),
]


@dataclass
class Office:
    """Olivia of Helix on the left screen, Tomasz on the right, both in Teams."""

    teams: Teams
    bot: SmallTeamsBot
    url: str
    browser: Browser

    def account(self, handle: str) -> str:
        return self.teams.house.world.person(handle).id

    @property
    def channel(self) -> str:
        return self.teams.house.world.room("Alliances/Alliance").id

    def say(self, *body: Json, where: str = "", to: str | None = None, **more: Any) -> Message:
        """What the bot posts: a card."""
        house = self.teams.house
        room = house.world.room(where or self.channel)
        attachment = {"contentType": CARD, "content": card(*body, **more)}
        shown = {"type": "message", "summary": "A card", "attachments": [attachment]}
        return post(house.world, room, read_content(house, room, shown), None, to)

    async def visit(self, *, width: int = 1280) -> Visitor:
        page = await self.browser.new_page(
            viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        visitor = Visitor(page, self.url)
        seats = [f"{self.account(who)},{self.channel}" for who in ("olivia", "tomasz")]
        await page.goto(f"{self.url}/#left={seats[0]}&right={seats[1]}")
        await expect(visitor.screen).to_be_visible()
        return visitor


@pytest.fixture
async def office(browser: Browser, tmp_path: Path) -> AsyncIterator[Office]:
    manifest = tmp_path / "teams.json"
    manifest.write_text(json.dumps(MANIFEST))
    clock = StandingClock(NOW)
    teams = Teams(clock=clock, manifest=manifest)
    slack = Playground(clock=clock, seed="demo", manifest=SLACK_MANIFEST, beside=teams)
    page, connector, bot = Served(slack.asgi), Served(teams.asgi), SmallTeamsBot()
    door = Served(bot.app)
    teams.url, slack.url = await connector.start(), await page.start()
    teams.bot_url = f"{await door.start()}/"
    await teams.install("Alliances")
    made = Office(teams, bot, slack.url, browser)
    yield made
    await slack.let_go()
    await teams.let_go()
    for served in (page, connector, door):
        await served.stop()
    await teams.close()
    await slack.close()


async def test_everybody_is_offered_by_firm_and_platform_in_a_screen_of_their_own(
    office: Office,
) -> None:
    olivia = await office.visit()
    await olivia.screen.get_by_role("button", name="You are").click()
    menu = olivia.page.get_by_role("menu", name="See as")
    for group in ("Northwind Bio · Slack", "Helix Devices · Slack", "Helix Devices · Teams"):
        await expect(menu.get_by_role("group", name=group)).to_be_visible()
    await menu.get_by_role("menuitemradio", name="Priya Raman").first.click()
    await expect(olivia.screen).to_have_attribute("data-platform", "slack")
    await expect(olivia.screen.get_by_role("button", name="You are")).to_be_focused()
    await olivia.page.go_back()
    await expect(olivia.screen).to_have_attribute("data-platform", "teams")
    await olivia.page.reload()
    head = olivia.screen.get_by_role("button", name="You are")
    await expect(head).to_contain_text("Olivia Bennett Helix Devices Teams")
    await expect(olivia.screen.get_by_role("heading", name="Alliance", exact=True)).to_be_visible()
    assert olivia.troubles == []


async def test_a_post_is_answered_below_it_and_people_are_mentioned(office: Office) -> None:
    olivia = await office.visit()
    tomasz = olivia.other
    await olivia.composer.press_sequentially("Who has the drawings, @tom")
    await olivia.screen.get_by_role("option", name="@Tomasz Zieliński").click()
    await olivia.composer.press("Enter")
    seen = tomasz.screen.locator(".post").filter(has_text="Who has the drawings")
    await expect(seen.locator(".mention.me")).to_have_text("Tomasz Zieliński")
    await seen.get_by_role("button", name="Reply").click()
    answer = seen.get_by_role("combobox", name="Reply as Tomasz Zieliński")
    await answer.fill("I do.")
    await answer.press("Enter")
    mine = olivia.screen.locator(".post").filter(has_text="Who has the drawings")
    await expect(mine.locator(".msg")).to_have_count(2)
    await expect(mine.locator(".msg").last).to_contain_text("I do.")
    assert olivia.troubles == []


async def test_a_card_shows_what_the_bot_made_of_it(office: Office) -> None:
    link = {"type": "Action.OpenUrl", "url": "https://example.com/x"}
    inner = card(text("Really?"), buttons(execute("Yes", "yes")))
    narrow = {"type": "Column", "width": "auto", "items": [buttons(execute("Details", "look"))]}
    wide = {"type": "Column", "width": "stretch", "items": [text("Beside it")]}
    office.say(
        text({"type": "TextRun", "text": "Heading", "size": "large", "weight": "bolder"}),
        text(
            {"type": "TextRun", "text": "gone", "strikethrough": True},
            {"type": "TextRun", "text": " there", "selectAction": link},
        ),
        {"type": "Container", "style": "emphasis", "items": [text("A quote")]},
        {"type": "ColumnSet", "columns": [wide, narrow]},
        buttons(
            execute("Accept", "accept", style="positive"),
            {"type": "Action.ShowCard", "title": "Delete", "card": inner},
            execute("Snooze", "say", mode="secondary"),
        ),
    )
    olivia = await office.visit()
    shown = olivia.message("A quote")
    await expect(shown.get_by_role("heading", name="Heading")).to_be_visible()
    await expect(shown.locator(".struck")).to_have_text("gone")
    target = shown.get_by_role("link", name="there")
    await expect(target).to_have_attribute("href", "https://example.com/x")
    await expect(shown.get_by_role("button", name="Yes")).to_be_hidden()
    await shown.get_by_role("button", name="Delete").click()
    await expect(shown.get_by_role("button", name="Yes")).to_be_focused()
    await shown.get_by_role("button", name="More", exact=True).click()
    await olivia.page.get_by_role("menuitem", name="Snooze").click()
    await expect(shown.get_by_role("status")).to_have_text("<b>Noted</b> for you.")
    await shown.get_by_role("button", name="Accept").click()
    await expect(olivia.message("Accepted by you")).to_be_visible()
    await expect(olivia.other.message("A quote")).to_be_visible()
    await expect(olivia.other.message("Noted")).to_have_count(0)
    assert olivia.troubles == []


async def test_a_form_with_an_error_keeps_what_was_typed(office: Office) -> None:
    office.say(text("Hello"), buttons(opens("New note")))
    olivia = await office.visit()
    await olivia.message("Hello").get_by_role("button", name="New note").click()
    words = olivia.form.get_by_label("What")
    record = olivia.form.get_by_role("button", name="Record")
    await expect(words).to_be_focused()
    await record.click()
    await expect(words).to_have_accessible_description("Please write something.")
    await words.fill("MSA")
    await olivia.form.get_by_role("combobox", name="Owner").fill("oli")
    await olivia.form.get_by_role("option", name="Olivia Bennett").click()
    await olivia.form.get_by_label("Beta").check()
    await record.click()
    await expect(olivia.form.get_by_role("alert")).to_have_text(["Please say a little more."])
    await expect(words).to_have_value("MSA")
    await expect(words).to_be_focused()
    await expect(olivia.form.get_by_role("combobox", name="Owner")).to_have_value("Olivia Bennett")
    await words.fill("MSA redlines")
    await olivia.form.get_by_label("Due").fill("2026-11-27")
    await record.click()
    await expect(olivia.form).to_be_hidden()
    kept = {"what": "MSA redlines", "who": "o-1", "due": "2026-11-27", "tags": "a"}
    assert [{name: one[name] for name in kept} for one in office.bot.sent] == [kept]
    assert olivia.troubles == []


async def test_what_is_said_by_slash_or_to_one_person_only_they_see(office: Office) -> None:
    office.say(text("For you"), to=office.account("olivia"))
    olivia = await office.visit()
    await expect(olivia.message("For you")).to_contain_text("Only you can see this message")
    await olivia.composer.press_sequentially("/mi")
    await expect(olivia.screen.get_by_role("option", name="/mine")).to_be_visible()
    await olivia.say("/mine")
    await expect(olivia.message("mine")).to_contain_text("Only you can see this message")
    await olivia.say("Good morning")
    await expect(olivia.other.message("Good morning")).to_be_visible()
    await expect(olivia.other.screen.locator(".msg")).to_have_count(1)


async def test_the_menu_of_a_message_has_reactions_and_what_the_app_offers(office: Office) -> None:
    olivia = await office.visit()
    await olivia.say("The forecast is in the data room")
    await olivia.other.more("data room", "React: heart")
    chip = olivia.message("data room").get_by_role("button", name="heart 1, Tomasz Zieliński")
    await chip.click()
    await expect(olivia.message("data room").get_by_role("button", name="heart 2")).to_be_visible()
    await olivia.more("data room", "Keep this message")
    words = olivia.form.get_by_label("What")
    await expect(words).to_have_value("The forecast is in the data room")
    await words.press("Escape")
    await expect(olivia.form).to_be_hidden()
    assert olivia.troubles == []


async def test_hostile_text_is_shown_literally(office: Office) -> None:
    danger = {"type": "Action.OpenUrl", "url": "https://example.com/?<script>"}
    office.say(
        text(HOSTILE, {"type": "TextRun", "text": HOSTILE, "selectAction": danger}),
        buttons(execute(HOSTILE, "say"), opens("Form")),
    )
    olivia = await office.visit()
    await olivia.say(HOSTILE)
    await expect(olivia.other.message("Olivia Bennett")).to_contain_text(HOSTILE)
    shown = olivia.message("Alliance").filter(has_text="Form")
    await expect(shown.get_by_role("button", name=HOSTILE, exact=True)).to_be_visible()
    await olivia.more("Olivia Bennett", "Keep this message")
    await expect(olivia.form).to_be_visible()
    await expect(olivia.page.locator("body :is(img, script, svg, iframe)")).to_have_count(0)
    addresses = await olivia.page.eval_on_selector_all("body a", "all => all.map(a => a.href)")
    assert all(address.startswith("https://example.com/") for address in addresses)
    assert olivia.troubles == []


async def test_everything_can_be_done_by_keys(office: Office) -> None:
    office.say(text("Hello"), buttons(opens("New note"), execute("Accept", "accept")))
    olivia = await office.visit()
    keys = olivia.page.keyboard
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(olivia.screen.locator(".title")).to_be_focused()
    opener = olivia.message("Hello").get_by_role("button", name="New note")
    for _ in range(10):
        await keys.press("Tab")
        if await opener.evaluate("node => node === document.activeElement"):
            break
    await keys.press("Enter")
    await expect(olivia.form.get_by_label("What")).to_be_focused()
    await keys.press("Escape")
    await expect(opener).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(olivia.message("Accepted by you")).to_be_visible()
    more = olivia.message("Accepted by you").get_by_role("button", name="More for the message")
    await more.focus()
    await keys.press("Enter")
    await keys.press("Enter")
    await expect(olivia.message("Accepted").get_by_role("button", name="like 1")).to_be_visible()


async def test_whoever_opens_the_apps_chat_first_adds_it(office: Office) -> None:
    olivia = await office.visit()
    await olivia.screen.locator(".place").first.click()
    await expect(olivia.screen.get_by_text("Chat with the app")).to_be_visible()
    await olivia.say("hello")
    await expect(olivia.message("hello")).to_be_visible()
    await olivia.go("Launch")
    await olivia.screen.get_by_role("button", name="Add Alliance").click()
    await expect(olivia.screen.get_by_role("button", name="Add Alliance")).to_have_count(0)
    assert olivia.troubles == []


async def test_a_narrow_window_holds_a_card_and_a_form(office: Office) -> None:
    office.say(text("long" * 60), buttons(*(execute(f"Button {n}", f"b{n}") for n in range(5))))
    office.say(text("Hello"), buttons(opens("New note")))
    olivia = await office.visit(width=400)
    assert await olivia.page.evaluate("document.documentElement.scrollWidth") == 400
    inside = "node => node.scrollWidth <= node.clientWidth"
    assert await olivia.screen.locator(".main .scroll").evaluate(inside)
    await olivia.message("Hello").get_by_role("button", name="New note").click()
    await expect(olivia.form.get_by_role("button", name="Record")).to_be_in_viewport()
    assert await olivia.form.locator(".scroll").evaluate(inside)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), TEAMS_GROUNDS)
def test_text_stands_out_from_its_ground_in_teams(words: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[words][theme], COLOURS[ground][theme]) >= 4.5
