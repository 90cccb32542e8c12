"""Usable by keyboard and by ear, readable in both themes, and quick."""

import re

import pytest
from playwright.async_api import Browser, expect

from playground.app import Playground
from playground.routes import STATIC
from tests.page.visitor import Visit

_PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {
    name: (light, dark) for name, light, dark in _PAIR.findall((STATIC / "theme.css").read_text())
}

TEXT_ON = [
    *[("words", ground) for ground in ("ground", "side", "raised", "hover", "tint")],
    *[("words", ground) for ground in ("first-tint", "second-tint")],
    *[("muted", ground) for ground in ("ground", "side", "raised", "hover")],
    *[("accent", ground) for ground in ("ground", "side", "raised", "tint")],
    *[("first", ground) for ground in ("ground", "side", "raised", "first-tint")],
    *[("second", ground) for ground in ("ground", "side", "raised", "second-tint")],
    ("on-accent", "accent"),
    ("warm-words", "warm"),
    ("danger", "ground"),
    ("danger", "raised"),
    ("on-danger", "danger"),
    ("good", "raised"),
]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["edge", "first", "second"])
def test_edges_of_what_can_be_used_stand_out(edge: str, theme: int) -> None:
    assert contrast(COLOURS[edge][theme], COLOURS["raised"][theme]) >= 3


async def test_the_theme_follows_the_system_until_one_chooses(
    playground: Playground, browser: Browser
) -> None:
    context = await browser.new_context(color_scheme="dark")
    page = await context.new_page()
    await page.goto(playground.url)
    ground = "getComputedStyle(document.body).backgroundColor"
    await expect(page.get_by_role("button", name="Use light colours")).to_be_visible()
    assert await page.evaluate(ground) == "rgb(23, 27, 33)"
    await page.get_by_role("button", name="Use light colours").click()
    assert await page.evaluate(ground) == "rgb(255, 255, 255)"
    await page.reload()
    await expect(page.get_by_role("button", name="Use dark colours")).to_be_visible()
    assert await page.evaluate(ground) == "rgb(255, 255, 255)"
    await context.close()


async def test_the_keyboard_reaches_everything_and_can_skip_to_either_screen(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    olivia = priya.other
    keyboard = priya.page.keyboard
    await keyboard.press("Tab")
    skip = priya.page.get_by_role("button", name="Skip to the left screen")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(olivia.screen.locator(".title")).to_be_focused()
    for _ in range(60):
        await keyboard.press("Tab")
        if await olivia.composer.evaluate("node => node === document.activeElement"):
            break
    await keyboard.type("By keys alone")
    await keyboard.press("Enter")
    await expect(priya.message("By keys alone")).to_be_visible()
    await keyboard.press("Shift+Tab")
    await expect(olivia.screen.get_by_role("button", name="Shortcuts")).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await priya.page.evaluate(outline) == "solid"


async def test_a_person_is_chosen_by_keys_and_the_focus_comes_back(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    head = priya.screen.get_by_role("button", name="You are")
    await head.press("Enter")
    await expect(priya.page.get_by_role("menu", name="See as")).to_be_visible()
    await priya.page.keyboard.press("Escape")
    await expect(head).to_be_focused()
    await head.press("Enter")
    await priya.page.keyboard.press("ArrowDown")
    await priya.page.keyboard.press("Enter")
    await expect(head).to_contain_text("Jonas Lindqvist")
    await expect(head).to_be_focused()


async def test_every_landmark_says_whose_it_is(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    page = priya.page
    await expect(page.get_by_role("main")).to_have_count(1)
    for name in ("Priya Raman", "Olivia Bennett"):
        await expect(page.get_by_role("region", name=name)).to_have_count(1)
        await expect(page.get_by_role("navigation", name=f"Channels of {name}")).to_have_count(1)
        await expect(page.get_by_role("combobox", name=f"Message as {name}")).to_have_count(1)


async def test_new_messages_are_read_out_once_for_each_screen(visit: Visit) -> None:
    priya = await visit("U0PRIYA")
    mateo = await visit("U0MATEO")
    await mateo.say("Something new")
    for visitor, name in ((priya, "Priya Raman"), (priya.other, "Olivia Bennett")):
        said = visitor.screen.locator(".main > [role=status]")
        await expect(said).to_have_text(f"{name} sees: Mateo Fuentes: Something new")


async def test_the_page_loads_its_modules_at_once_and_paints_early(
    visit: Visit, record_property: pytest.FixtureRequest
) -> None:
    page = (STATIC / "index.html").read_text()
    known = set(re.findall(r'(?:modulepreload" href|script[^>]* src)="/static/([\w.]+)"', page))
    assert known == {path.name for path in STATIC.glob("*.js")}
    priya = await visit("U0PRIYA")
    paints = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    first = round(await priya.page.evaluate(paints))
    print(f"first contentful paint after {first} ms")
    record_property("first_contentful_paint_ms", first)  # type: ignore[operator]
