"""Forms, buttons, shortcuts and Home on the page."""

import re

from playwright.async_api import expect

from tests.page.visitor import Visit, Visitor


async def choose_owner(visitor: Visitor, typed: str, name: str) -> None:
    await visitor.form.get_by_role("combobox", name="Owner").fill(typed)
    await visitor.form.get_by_role("option", name=name).click()


async def test_a_form_shows_errors_at_its_fields_and_is_submitted(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.say("/alliance action")
    await expect(priya.form.get_by_role("heading", name="New note")).to_be_visible()
    words = priya.form.get_by_label("What")
    await expect(words).to_be_focused()
    record = priya.form.get_by_role("button", name="Record")
    await record.click()
    await expect(words).to_have_accessible_description(re.compile("Please fill this in"))
    await words.fill("MSA")
    await choose_owner(priya, "oli", "Olivia Bennett")
    await priya.form.get_by_label("Due").fill("2026-11-27")
    await record.click()
    await expect(words).to_have_accessible_description(re.compile("Please say a little more"))
    await expect(words).to_be_focused()
    await words.fill("MSA redlines")
    await record.click()
    await expect(priya.form).to_be_hidden()
    said = priya.message("Note: MSA redlines")
    await expect(said).to_contain_text("@Olivia Bennett, 2026-11-27")


async def test_a_channel_is_chosen_from_those_the_form_lets_through(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.say("/alliance where")
    await expect(priya.form.get_by_role("button", name="Not yet")).to_be_visible()
    await priya.form.get_by_role("combobox", name="Channel").click()
    await expect(priya.form.get_by_role("option")).to_have_text(["#northwind-internal", "#random"])
    await priya.form.get_by_role("option", name="#random").click()
    await priya.form.get_by_role("button", name="Go there").click()
    await expect(priya.message("To C0RANDOM")).to_be_visible()


async def test_a_button_asks_for_confirmation_and_changes_the_message(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    olivia = await visit("U0OLIVIA")
    await priya.say("/alliance action Drawings to Helix")
    await choose_owner(priya, "pri", "Priya Raman")
    await priya.form.get_by_role("button", name="Record").click()
    note = olivia.message("Drawings to Helix")
    await note.get_by_role("button", name="Done").click()
    question = olivia.page.get_by_role("dialog", name="Really done?")
    await question.get_by_role("button", name="Not yet").click()
    await expect(question).to_have_count(0)
    await note.get_by_role("button", name="Done").click()
    await question.get_by_role("button", name="Yes, done").click()
    await expect(priya.message("Done by @Olivia Bennett")).to_contain_text("✅")
    await expect(note).to_have_count(0)


async def test_escape_closes_a_form_and_gives_the_focus_back(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.say("/alliance action")
    await expect(priya.form).to_be_visible()
    await priya.form.get_by_label("What").fill("Never sent")
    await priya.page.keyboard.press("Escape")
    await expect(priya.form).to_be_hidden()
    await expect(priya.composer).to_be_focused()
    await priya.page.reload()
    await expect(priya.composer).to_be_visible()
    await expect(priya.form).to_be_hidden()


async def test_what_was_typed_outlives_a_change_elsewhere(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    mateo = await visit("U0MATEO")
    await priya.say("/alliance action")
    words = priya.form.get_by_label("What")
    await words.fill("Half a sentence")
    await mateo.say("Meanwhile")
    await expect(priya.message("Meanwhile")).to_be_visible()
    await expect(words).to_have_value("Half a sentence")
    await expect(words).to_be_focused()


async def test_shortcuts_open_forms_from_the_plus_and_from_a_message(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.more("drop testing", "Keep this message")
    await expect(priya.form.get_by_label("What")).to_have_value(re.compile("drop testing"))
    await priya.form.get_by_role("button", name="Cancel").click()
    await expect(priya.form).to_be_hidden()
    await priya.screen.get_by_role("button", name="Shortcuts").click()
    await priya.page.keyboard.press("Enter")
    await expect(priya.form.get_by_label("What")).to_have_value("")


async def test_home_shows_what_was_published_and_partners_read_why_not(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.go("Home")
    await expect(priya.screen.get_by_role("heading", name="Your open notes")).to_be_visible()
    await expect(priya.screen.get_by_text("Nothing is open.")).to_be_visible()
    olivia = await visit("U0OLIVIA", "home")
    await expect(olivia.screen.get_by_text("Home reaches only people")).to_be_visible()
