"""Two people's screens side by side, each with its own person, place and form."""

import re

from playwright.async_api import expect

from tests.page.visitor import Visit


async def test_the_page_opens_with_both_alliance_managers_and_says_what_it_is(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.page.goto(f"{priya.url}/#")
    await priya.page.reload()
    heading = priya.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(
        "Two firms, one alliance left Northwind Bio, right Helix Devices"
    )
    left = priya.page.get_by_role("region", name="left screen: Priya Raman, Northwind Bio")
    right = priya.page.get_by_role("region", name="right screen: Olivia Bennett, Helix Devices")
    await expect(left.get_by_role("heading", name="# alliance-helix")).to_be_visible()
    await expect(right.get_by_role("heading", name="# alliance-helix")).to_be_visible()
    assert priya.page.url.endswith("#left=U0PRIYA,C0SHARED&right=U0OLIVIA,C0SHARED")


async def test_what_one_writes_the_other_reads_and_each_sees_only_their_own(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    olivia = priya.other
    await priya.say("Shall we?")
    await expect(olivia.message("Shall we?")).to_contain_text("Northwind Bio")
    await olivia.say("Gladly.")
    await expect(priya.message("Gladly.")).to_contain_text("Helix Devices")
    await priya.say("/alliance hello")
    await expect(priya.message("this is for you alone")).to_be_visible()
    await expect(olivia.message("Gladly.")).to_be_visible()
    await expect(olivia.message("this is for you alone")).to_have_count(0)


async def test_a_partner_reads_on_their_screen_why_a_slash_command_goes_nowhere(
    visit: Visit,
) -> None:
    priya = await visit("U0PRIYA")
    await priya.composer.press_sequentially("/alliance h")
    await expect(priya.screen.get_by_role("option", name="/alliance hello")).to_be_visible()
    olivia = priya.other
    await olivia.composer.fill("/alliance")
    refusal = olivia.screen.get_by_role("alert").filter(has_text="reach only people")
    await expect(refusal).to_be_visible()
    await expect(olivia.screen.get_by_role("option")).to_have_count(0)


async def test_a_form_stands_before_its_own_screen_only(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    olivia = priya.other
    await priya.say("/alliance action")
    words = priya.form.get_by_label("What")
    await expect(words).to_be_focused()
    await expect(priya.screen.locator(".main")).to_have_attribute("inert", "")
    await words.fill("Half a sentence")
    await olivia.say("I can go on meanwhile.")
    await expect(olivia.message("I can go on")).to_be_visible()
    await expect(olivia.composer).to_be_focused()
    await expect(words).to_have_value("Half a sentence")
    await words.press("Escape")
    await expect(priya.form).to_be_hidden()
    await expect(priya.screen.locator(".main")).not_to_have_attribute("inert", "")
    await expect(priya.composer).to_be_focused()


async def test_a_form_that_opens_elsewhere_takes_nobodys_focus(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    hana = await visit("U0HANA")
    await hana.other.become("Priya Raman")
    await hana.composer.fill("In the middle of")
    await priya.say("/alliance action")
    await expect(hana.other.form).to_be_visible()
    await expect(hana.composer).to_be_focused()


async def test_both_screens_can_show_the_same_form_without_a_doubled_id(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.other.become("Priya Raman")
    await priya.say("/alliance action")
    await expect(priya.form).to_be_visible()
    await expect(priya.other.form).to_be_visible()
    ids = await priya.page.eval_on_selector_all("[id]", "all => all.map(node => node.id)")
    assert len(ids) == len(set(ids))


async def test_the_address_keeps_both_and_the_back_button_brings_them_back(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.go("# northwind-internal")
    await priya.other.become("Kwame Mensah")
    await priya.other.go("Alliance")
    await expect(priya.page).to_have_url(re.compile("left=U0PRIYA,C0INTERNAL&right=U0KWAME,D0KWA"))
    await priya.page.reload()
    await expect(priya.other.screen.get_by_text("Kwame Mensah")).to_have_count(1)
    await expect(priya.screen.get_by_role("heading", name="# northwind")).to_be_visible()
    for _ in range(3):
        await priya.page.go_back()
    await expect(priya.screen.get_by_role("heading", name="# alliance-helix")).to_be_visible()
    await expect(priya.other.screen.get_by_role("button", name="You are")).to_contain_text("Olivia")


async def test_a_narrow_window_shows_one_screen_with_a_switch(visit: Visit) -> None:
    priya = await visit("U0PRIYA", width=400)
    olivia = priya.other
    await expect(olivia.screen).to_be_hidden()
    await priya.say("long" * 60)
    await expect(priya.message("longlong")).to_be_visible()
    whose = priya.page.get_by_role("group", name="Whose screen is shown")
    await whose.get_by_role("button", name="Olivia Bennett Helix Devices").click()
    await expect(olivia.message("longlong")).to_be_visible()
    await expect(priya.screen).to_be_hidden()
    await expect(priya.page).to_have_url(re.compile("on=right"))
    await olivia.go("Alliance")
    await expect(olivia.screen.get_by_role("heading", name="Alliance")).to_be_visible()
    assert await priya.page.evaluate("document.documentElement.scrollWidth") == 400
    await priya.page.reload()
    await expect(olivia.screen).to_be_visible()


async def test_each_screen_and_the_chooser_say_how_many_messages_came(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    mine = priya.screen.get_by_role("button", name="You are")
    await expect(mine).to_contain_text("messages: 0")
    await priya.go("Alliance")
    await priya.say("Are you there?")
    await expect(mine).to_contain_text("messages: 1")
    await priya.other.screen.get_by_role("button", name="You are").click()
    row = priya.page.get_by_role("menuitemradio", name="Priya Raman, Senior alliance manager")
    await expect(row).to_contain_text("messages: 1")
    await priya.page.keyboard.press("Escape")
    for _ in range(2):
        await priya.page.get_by_role("button", name="+1 week").click()
    await expect(mine).to_contain_text("messages: 0")
