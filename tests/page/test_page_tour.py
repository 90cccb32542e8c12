"""The player of guided tours: what it does, what it checks, and what it says when it fails."""

from datetime import timedelta

from playwright.async_api import Locator, expect

from playground.app import Playground
from playground.tour import Expect, Look, Seat, Step, Stop, Tour
from tests.page.conftest import NOW
from tests.page.guide import Guide
from tests.page.visitor import Visit, Visitor

PRIYA, OLIVIA, SHARED = "U0PRIYA", "U0OLIVIA", "C0SHARED"
LEFT, RIGHT = Seat(PRIYA, SHARED), Seat(OLIVIA, SHARED)

SAID = Stop(
    "Said",
    ("Priya writes a note.",),
    LEFT,
    RIGHT,
    do=(
        Step("message", PRIYA, SHARED, "Note N-17 for {+2}"),
        Step("read", PRIYA, SHARED, "ref", r"N-\d{2}"),
        Step("reaction", OLIVIA, SHARED, "eyes", within="{ref}"),
    ),
    look=(Look("right", "{ref}"),),
    expect=(
        Expect("right", "N-17 for Wed 25 Nov"),
        Expect("right", "{ref}"),
        Expect("left", hides="for you alone"),
    ),
)
PRIVATE = Stop(
    "Private",
    ("Nobody else reads {ref}.",),
    Seat(PRIYA, "dm"),
    Seat(OLIVIA, "home"),
    do=(
        Step("message", PRIYA, "dm", "between us"),
        Step("clock", OLIVIA, text="08:15"),
    ),
    expect=(
        Expect("left", "between us"),
        Expect("right", hides="between us"),
        Expect("left", received=1),
    ),
)


async def on_tour(playground: Playground, visit: Visit, *stops: Stop, width: int = 1280) -> Visitor:
    guide = Guide(playground, NOW.replace(hour=7, minute=30) + timedelta(days=1))
    guide.told = Tour("A tour", ("Two screens.",), stops, ("That was it.",))
    playground.follower = guide
    priya = await visit("U0PRIYA", "C0RANDOM", width=width)
    await priya.page.get_by_role("button", name="Take the tour").press("Enter")
    return priya


def panel_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("complementary", name="Guided tour")


async def test_a_tour_is_walked_by_the_enter_key_and_ticks_what_is_really_shown(
    playground: Playground, visit: Visit
) -> None:
    priya = await on_tour(playground, visit, SAID, PRIVATE)
    panel, next_ = panel_of(priya), priya.page.get_by_role("button", name="Next").last
    await expect(panel).to_contain_text("Two screens.")
    await expect(next_).to_be_focused()
    await priya.page.keyboard.press("Enter")
    await expect(panel.get_by_role("listitem")).to_have_text(
        [
            "✓True: Helix Devices’s screen shows “N-17 for Wed 25 Nov”",
            "✓True: Helix Devices’s screen shows “N-17”",
            "✓True: Northwind Bio’s screen does not show “for you alone”, in no place",
        ]
    )
    note = priya.other.message("N-17")
    await expect(note).to_contain_class("shown-by-tour")
    await expect(note.get_by_role("button", name=":eyes:")).to_be_visible()
    await priya.page.keyboard.press("Enter")
    await expect(panel).to_contain_text("Nobody else reads N-17.")
    ticks = panel.get_by_role("listitem")
    await expect(ticks).to_have_count(3)
    await expect(ticks.nth(1)).to_contain_text("✓True: Helix Devices’s screen does not show")
    await expect(ticks.nth(2)).to_have_text("✓True: Priya Raman got one message")
    await expect(next_).to_be_focused()
    await priya.page.keyboard.press("Enter")
    await expect(panel).to_contain_text("That was it.")
    await panel.get_by_role("button", name="Finish").click()
    await expect(panel).to_have_count(0)
    await expect(priya.page.get_by_role("button", name="Take the tour")).to_be_focused()


async def test_back_turns_the_words_back_and_does_nothing_twice(
    playground: Playground, visit: Visit
) -> None:
    priya = await on_tour(playground, visit, SAID, PRIVATE)
    panel = panel_of(priya)
    for _ in range(2):
        await panel.get_by_role("button", name="Next").click()
        await expect(panel.get_by_role("listitem").first).to_be_visible()
    await panel.get_by_role("button", name="Back").click()
    await expect(panel).to_contain_text("Priya writes a note.")
    await expect(panel.get_by_role("listitem")).to_have_count(3)
    await panel.get_by_role("button", name="Next").click()
    await expect(panel).to_contain_text("Nobody else reads N-17.")
    said = [m for m in playground.messages(SHARED, PRIYA) if "N-17" in m["text"]]
    assert len(said) == 1


async def test_what_is_not_true_gets_no_tick(playground: Playground, visit: Visit) -> None:
    wrong = Stop(
        "Wrong",
        (),
        LEFT,
        RIGHT,
        do=(Step("message", PRIYA, SHARED, "for everybody"),),
        expect=(Expect("right", hides="for everybody"), Expect("left", shows="for everybody")),
    )
    priya = await on_tour(playground, visit, wrong)
    await panel_of(priya).get_by_role("button", name="Next").click()
    ticks = panel_of(priya).get_by_role("listitem")
    await expect(ticks.first).to_contain_text("✗Not true:", timeout=12_000)
    await expect(ticks.last).to_contain_text("✓True:")
    await expect(panel_of(priya)).to_contain_text("Not everything came true here.")


async def test_a_step_that_fails_says_so_and_offers_to_start_over(
    playground: Playground, visit: Visit
) -> None:
    missing = Stop("Missing", (), LEFT, RIGHT, do=(Step("click", OLIVIA, SHARED, "Accept"),))
    priya = await on_tour(playground, visit, missing)
    panel = panel_of(priya)
    await panel.get_by_role("button", name="Next").click()
    await expect(panel).to_contain_text(
        "This step did not work: there is no “Accept” to press Start over tells the story anew."
    )
    await expect(panel.get_by_role("button", name="Next")).to_have_count(0)
    await panel.get_by_role("button", name="Start over").click()
    await expect(panel).to_have_count(0)
    await expect(priya.page.get_by_role("button", name="Take the tour")).to_be_visible()


async def test_hostile_words_of_a_tour_are_shown_literally(
    playground: Playground, visit: Visit
) -> None:
    words = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    stop = Stop(
        words,
        (words,),
        LEFT,
        RIGHT,
        look=(Look("left", words),),
        expect=(Expect("left", hides=words),),
    )
    priya = await on_tour(playground, visit, stop)
    await panel_of(priya).get_by_role("button", name="Next").click()
    await expect(panel_of(priya).get_by_role("listitem")).to_contain_text(words)
    await expect(panel_of(priya).get_by_role("heading")).to_have_text(words)
    await expect(priya.page.locator("body :is(img, script)")).to_have_count(0)


async def test_on_a_narrow_window_the_screen_that_acts_is_shown_above_the_panel(
    playground: Playground, visit: Visit
) -> None:
    priya = await on_tour(playground, visit, SAID, PRIVATE, width=400)
    panel = panel_of(priya)
    await panel.get_by_role("button", name="Next").click()
    await expect(panel.get_by_role("listitem")).to_have_count(3)
    note = priya.other.message("N-17")
    await expect(note).to_be_in_viewport()
    below, above = await panel.bounding_box(), await priya.other.screen.bounding_box()
    assert below is not None
    assert above is not None
    assert above["y"] + above["height"] <= below["y"]
    assert await priya.page.evaluate("document.documentElement.scrollWidth") == 400
