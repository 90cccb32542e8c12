"""People, channels, messages, reactions, threads and time on the page."""

import re

from playwright.async_api import expect

from tests.page.visitor import Visit


async def test_choosing_who_you_are_changes_the_screen_and_the_address(visit: Visit) -> None:
    priya = await visit("U0PRIYA", "C0INTERNAL")
    await expect(priya.screen.get_by_role("heading", name="# northwind-internal")).to_be_visible()
    await expect(priya.screen.get_by_role("button", name="You are")).to_contain_text(
        "Northwind Bio"
    )
    await priya.become("Olivia Bennett")
    await expect(priya.screen.get_by_role("button", name="You are")).to_contain_text(
        "09:30 in London"
    )
    await expect(priya.screen.get_by_role("heading", name="# alliance-helix")).to_be_visible()
    await expect(priya.screen.get_by_text("northwind-internal")).to_have_count(0)
    assert "#left=U0OLIVIA,C0SHARED&right=" in priya.page.url
    await expect(priya.page).to_have_title(re.compile("Olivia Bennett in alliance-helix"))
    await priya.page.go_back()
    await expect(priya.screen.get_by_role("heading", name="# northwind-internal")).to_be_visible()


async def test_a_message_sent_by_enter_is_seen_by_the_partner_with_the_firm(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    olivia = await visit("U0OLIVIA")
    await priya.composer.fill("One line")
    await priya.composer.press("Shift+Enter")
    await priya.composer.press_sequentially("and another, @oli")
    await priya.screen.get_by_role("option", name="@olivia").click()
    await priya.composer.press("Enter")
    await expect(priya.message("and another, @Olivia Bennett")).to_be_visible()
    await expect(priya.composer).to_have_value("")
    heard = olivia.message("One line")
    await expect(heard).to_contain_text("Priya Raman")
    await expect(heard.locator(".badge.firm")).to_have_text("Northwind Bio")
    await expect(heard.locator(".mention.me")).to_have_text("@Olivia Bennett")
    await expect(priya.message("One line").locator(".badge.firm")).to_have_count(0)


async def test_an_ephemeral_is_seen_by_one_person_only(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    mateo = await visit("U0MATEO")
    await priya.say("/alliance hello")
    await expect(priya.message("this is for you alone")).to_contain_text("Only visible to you")
    await priya.say("Something for everybody")
    await expect(mateo.message("Something for everybody")).to_be_visible()
    await expect(mateo.message("this is for you alone")).to_have_count(0)


async def test_a_reaction_is_added_from_the_menu_and_toggled_by_its_chip(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    olivia = await visit("U0OLIVIA")
    words = "drop testing"
    await priya.more(words, "React with :eyes:")
    chip = re.compile(":eyes:")
    mine = priya.message(words).get_by_role("button", name=chip)
    theirs = olivia.message(words).get_by_role("button", name=chip)
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await expect(theirs).to_have_attribute("aria-pressed", "false")
    await theirs.click()
    await expect(mine).to_contain_text("2")
    await mine.click()
    await expect(theirs).to_contain_text("1")
    await theirs.click()
    await expect(mine).to_have_count(0)


async def test_a_thread_opens_beside_the_channel_and_takes_a_reply(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.more("drop testing", "Reply in thread")
    pane = priya.screen.get_by_role("complementary", name="Thread")
    await expect(pane).to_contain_text("drop testing")
    reply = pane.get_by_role("combobox", name="Reply")
    await expect(reply).to_be_focused()
    await reply.fill("Good to hear")
    await reply.press("Enter")
    await expect(pane.locator(".msg").filter(has_text="Good to hear")).to_be_visible()
    await expect(priya.message("Good to hear")).to_have_count(0)
    await pane.get_by_role("button", name="Close thread").click()
    await expect(pane).to_have_count(0)
    await expect(priya.screen.get_by_role("button", name="1 reply")).to_be_visible()


async def test_the_clock_moves_on_and_shows_two_zones(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    clock = priya.page.get_by_role("group", name="Clock")
    await expect(clock).to_contain_text("Mon 23 Nov 2026")
    await expect(clock).to_contain_text("10:30 Berlin · 09:30 London")
    await clock.get_by_role("button", name="+1 day").click()
    await expect(clock).to_contain_text("Tue 24 Nov 2026")
    await clock.get_by_role("button", name="+1 hour").click()
    await expect(clock).to_contain_text("11:30 Berlin")
    await clock.get_by_role("button", name="+1 week").click()
    await expect(clock.get_by_role("status")).to_have_text(re.compile("It is now Tue 1 Dec, 11:30"))


async def test_what_came_while_one_looked_elsewhere_is_marked_unread(visit: Visit) -> None:
    priya = await visit("U0PRIYA", "C0INTERNAL")
    olivia = await visit("U0OLIVIA")
    await olivia.page.get_by_role("button", name="+1 hour").click()
    await olivia.say("News from London")
    place = priya.screen.get_by_role("button", name="# alliance-helix")
    await expect(place).to_contain_text("new messages")
    await priya.go("# alliance-helix")
    await expect(priya.message("News from London")).to_be_visible()
    await expect(place).not_to_contain_text("new messages")


async def test_the_bot_answers_in_the_direct_message(visit: Visit) -> None:
    kwame = await visit("U0KWAME")
    await kwame.go("Alliance")
    await kwame.say("Are you there?")
    await expect(kwame.message("I read that.")).to_contain_text("App")


async def test_a_partner_reads_why_a_slash_command_goes_nowhere(visit: Visit) -> None:
    olivia = await visit("U0OLIVIA")
    await olivia.composer.fill("/alliance")
    alert = olivia.screen.get_by_role("alert").filter(has_text="reach only people of the workspace")
    await expect(alert).to_be_visible()
    await olivia.composer.press("Enter")
    await expect(alert).to_be_visible()
    await expect(olivia.composer).to_have_value("/alliance")


async def test_commands_are_suggested_while_one_types(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.composer.press_sequentially("/al")
    await expect(priya.screen.get_by_role("option")).to_have_count(3)
    await priya.composer.press_sequentially("liance h")
    await priya.composer.press("Tab")
    await expect(priya.composer).to_have_value("/alliance hello")
    await priya.composer.press("Enter")
    await expect(priya.message("this is for you alone")).to_be_visible()
    await priya.say("/nonsense")
    await expect(priya.screen.get_by_role("alert")).to_contain_text("There is no such command")
