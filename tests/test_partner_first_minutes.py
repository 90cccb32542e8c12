"""The partner's first five minutes as a transcript: what Olivia Bennett of Helix Devices and two of
her colleagues see, in order, from the pinned card to her firm's first record of its own."""

from tests.daily import said, until
from tests.world import (
    HANA,
    INES,
    KWAME,
    MEILING,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)

HELIX = (OLIVIA, "U0GRANT", INES, TOMASZ, MEILING, KWAME)
MARGIN = "check what the new tooling costs"


def direct_messages(world: World) -> dict[str, int]:
    """How many direct messages each of Helix has had; those with none are left out."""
    return {who: len(world.inbox(who)) for who in HELIX if world.inbox(who)}


async def test_from_the_pinned_card_to_the_first_record_of_their_own(empty_world: World) -> None:
    world = empty_world
    await _priya_begins(world)
    await _they_read_the_channel(world)
    await _a_colleague_looks_around(world)
    await _a_night_passes(world)
    await _olivia_looks_at_her_people(world)
    await _what_waited_comes(world)
    await _olivia_records_something_of_her_own(world)
    _northwind_sees_nothing_of_it(world)


async def _priya_begins(world: World) -> None:
    await world.command(PRIYA, "setup")
    await world.filled(PRIYA)
    assert world.read(OLIVIA, SHARED) == [], "nothing is posted before Post and pin"
    await world.fill(PRIYA, name="Helix alliance", code="HEL")
    await world.fill(PRIYA)
    await world.press(PRIYA, "Yes, ask them")
    await world.close(PRIYA)
    await world.command(PRIYA, "action @tomasz send the quote by Thu")


async def _they_read_the_channel(world: World) -> None:
    pinned, question, item = world.read(OLIVIA, SHARED)
    assert pinned["pinned"]
    assert "Set up by Priya Raman" in words_of(pinned)
    assert "Northwind Bio" in words_of(pinned)
    assert words_of(question).startswith(
        "<@U0OLIVIA> , Priya Raman says you look after this alliance at Helix Devices. Please have "
        "a look at who of your firm is in it. Until you do, I write directly only to those of "
        "them who act here."
    )
    assert question["text"].startswith("Olivia Bennett, Priya Raman says you look after")
    assert list(buttons_of(question)) == ["Check our people", "Not me"]
    assert "HEL-1 send the quote" in words_of(item).replace("*", "")
    assert "<@U0TOMASZ>" in words_of(item)
    assert direct_messages(world) == {}


async def _a_colleague_looks_around(world: World) -> None:
    """A press is answered on a page: in a channel Inês would not be sure to see a private reply."""
    mine = await world.press(INES, "My actions", channel=SHARED)
    assert "Nothing is yours to do here." in mine.text
    wrong = await world.press(INES, "Check our people", channel=SHARED)
    assert "Thank you. This question is for Olivia Bennett" in wrong.text
    await world.close(INES)
    assert direct_messages(world) == {}


async def _a_night_passes(world: World) -> None:
    await until(world, "2026-11-24T12:00+00:00")
    assert direct_messages(world) == {}, "neither Olivia nor Tomasz has acted"


async def _olivia_looks_at_her_people(world: World) -> None:
    page = await world.press(OLIVIA, "Check our people", channel=SHARED)
    shown = page.text.replace("*", "")
    for line in (
        "Helix Devices in Helix alliance.",
        "Looks right means three things:",
        "I may write to those in it: one message a day",
        "Inês Carvalho · Team member",
        "Olivia Bennett · Alliance manager",
        "Tomasz Zieliński · Team member",
        "In the channel, not in it yet",
        "Kwame Mensah · Supply team member",
    ):
        assert line in shown, line
    done = await world.fill(OLIVIA)
    assert "Thank you. Helix Devices looks after its own people from now on." in done.text
    assert "The 3 people of Helix Devices in it hear from me" in done.text
    await world.close(OLIVIA)
    await world.later("PT4S")
    assert "Olivia Bennett looked at the people of Helix Devices on Tue 24 Nov." in world.text(
        TOMASZ, SHARED
    )
    assert direct_messages(world) == {}, "what waited comes with the daily message"


async def _what_waited_comes(world: World) -> None:
    await until(world, "2026-11-25T12:00+00:00")
    assert direct_messages(world) == {TOMASZ: 1}, "who has no lines hears nothing"
    assert said(world, TOMASZ).startswith("1 to ")
    assert "HEL-1 send the quote" in said(world, TOMASZ)


async def _olivia_records_something_of_her_own(world: World) -> None:
    await world.write(OLIVIA, f"internal {MARGIN} by Fri")
    [asked] = world.inbox(OLIVIA)
    assert "Before Helix Devices records something of its own: who stores it?" in asked
    assert "Northwind Bio stores what you record." in asked
    assert "nobody else at Northwind Bio is shown it." in asked
    await world.press(OLIVIA, "Turn on private records", channel=direct(OLIVIA))
    assert "OUR-1 is yours, due Fri 27 Nov" in world.inbox(OLIVIA)[-1]
    assert "Your firm only" in world.inbox(OLIVIA)[-1]
    await world.write(TOMASZ, "internal ask the toolmaker by Fri")
    assert "OUR-2 is yours" in world.inbox(TOMASZ)[-1]


def _northwind_sees_nothing_of_it(world: World) -> None:
    for who in (PRIYA, HANA):
        for where in (SHARED, OWN, direct(who)):
            assert MARGIN not in world.text(who, where)
            assert "OUR-" not in world.text(who, where)
