"""What people type is never markup, nothing is fetched from elsewhere, small screens work."""

import pytest
from playwright.async_api import expect

from tests.page.visitor import Visit

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)><!channel>",
    "[x](javascript:alert(1)) <a href=javascript:alert(1)>y</a>",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_literally(visit: Visit, text: str) -> None:
    priya = await visit("U0PRIYA")
    olivia = await visit("U0OLIVIA")
    await priya.say(text)
    await expect(olivia.message(text)).to_contain_text("Priya Raman")
    await priya.say(f"/alliance echo {text}")
    said = olivia.message(text).filter(has_text="Alliance")
    await expect(said.get_by_text(text, exact=True)).to_have_count(8)
    await priya.say(f"/alliance action {text}")
    await expect(priya.form.get_by_label("What")).to_have_value(text)
    for visitor in (priya, olivia):
        strange = visitor.page.locator("body :is(img, script, svg, a, iframe)")
        await expect(strange).to_have_count(0)


async def test_only_web_and_mail_addresses_become_links(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    await priya.say("see https://example.com/a?b=1&c=2 and javascript:alert(1)")
    link = priya.message("javascript:").get_by_role("link")
    await expect(link).to_have_count(1)
    await expect(link).to_have_attribute("href", "https://example.com/a?b=1&c=2")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await priya.say("/alliance links")
    links = priya.message("<javascript:alert(1)|bad>").get_by_role("link")
    await expect(links).to_have_text(["good", "mail"])
