"""The partner's first five minutes as a transcript: what Olivia Bennett of Helix Devices and two of
her colleagues see, in order, from the pinned card to her firm's first record of its own."""

from tests.anywhere import (
    GRANT,
    HANA,
    INES,
    KWAME,
    MEILING,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    TOMASZ,
    AnyWorld,
    direct,
    unmarked,
)
from tests.daily import said, until

HELIX = (OLIVIA, GRANT, INES, TOMASZ, MEILING, KWAME)
MARGIN = "check what the new tooling costs"


def direct_messages(world: AnyWorld) -> dict[str, int]:
    """How many direct messages each of Helix has had; those with none are left out."""
    return {who: len(world.inbox(who)) for who in HELIX if world.inbox(who)}


async def test_from_the_pinned_card_to_the_first_record_of_their_own(
    any_empty_world: AnyWorld,
) -> None:
    world = any_empty_world
    await _priya_begins(world)
    await _they_read_the_channel(world)
    await _a_colleague_looks_around(world)
    await _a_night_passes(world)
    await _olivia_looks_at_her_people(world)
    await _what_waited_comes(world)
    await _olivia_records_something_of_her_own(world)
    _northwind_sees_nothing_of_it(world)


async def _priya_begins(world: AnyWorld) -> None:
    await world.command(PRIYA, "setup")
    await world.filled(PRIYA)
    assert world.read(OLIVIA, SHARED) == [], "nothing is posted before Post and pin"
    await world.fill(PRIYA, name="Helix alliance", code="HEL", **world.names_of_firms)
    await world.fill(PRIYA)
    await _she_names_olivia(world)
    await world.close(PRIYA)
    await world.command(PRIYA, "action @tomasz send the quote by Thu")


async def _she_names_olivia(world: AnyWorld) -> None:
    """Where people's titles are known, the likeliest is offered."""
    if "Yes, ask them" in world.buttons(world.form(PRIYA)):
        await world.press(PRIYA, "Yes, ask them")
    else:
        await world.press(PRIYA, "Name somebody")
        await world.fill(PRIYA, person=OLIVIA)


async def _they_read_the_channel(world: AnyWorld) -> None:
    pinned, question, item = world.read(OLIVIA, SHARED)
    assert pinned.get("pinned", False) == world.pins
    assert "Set up by Priya Raman" in world.words(pinned)
    assert "Northwind Bio" in world.words(pinned)
    assert (
        ", Priya Raman says you look after this alliance at Helix Devices. Please have a look at "
        "who of your firm is in it. Until you do, I write directly only to those of them who act "
        "here."
    ) in world.words(question)
    assert world.lead(question).startswith("Olivia Bennett, Priya Raman says you look after")
    assert world.pinged(question) == [OLIVIA]
    assert list(world.buttons(question)) == ["Check our people", "Not me"]
    assert "HEL-1 send the quote" in unmarked(world.words(item))
    assert world.pinged(item) == [TOMASZ]
    assert direct_messages(world) == {}


async def _a_colleague_looks_around(world: AnyWorld) -> None:
    """A press is answered on a page: in a channel Inês would not be sure to see a private reply."""
    mine = await world.press(INES, "My actions", channel=SHARED)
    assert "Nothing is yours to do here." in mine.text
    wrong = await world.press(INES, "Check our people", channel=SHARED)
    assert "Thank you. This question is for Olivia Bennett" in wrong.text
    await world.close(INES)
    assert direct_messages(world) == {}


async def _a_night_passes(world: AnyWorld) -> None:
    await until(world, "2026-11-24T12:00+00:00")
    assert direct_messages(world) == {}, "neither Olivia nor Tomasz has acted"


async def _olivia_looks_at_her_people(world: AnyWorld) -> None:
    page = await world.press(OLIVIA, "Check our people", channel=SHARED)
    shown = unmarked(page.text)
    for line in (
        "Helix Devices in Helix alliance.",
        "Looks right means three things:",
        "I may write to those in it: one message a day",
        "Inês Carvalho · Team member",
        "Olivia Bennett · Alliance manager",
        "Tomasz Zieliński · Team member",
        "In the channel, not in it yet",
        "Kwame Mensah",
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


async def _what_waited_comes(world: AnyWorld) -> None:
    await until(world, "2026-11-25T12:00+00:00")
    assert direct_messages(world) == {TOMASZ: 1}, "who has no lines hears nothing"
    assert said(world, TOMASZ).startswith("1 to ")
    assert "HEL-1 send the quote" in said(world, TOMASZ)


async def _olivia_records_something_of_her_own(world: AnyWorld) -> None:
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


def _northwind_sees_nothing_of_it(world: AnyWorld) -> None:
    for who in (PRIYA, HANA):
        for where in (SHARED, OWN, direct(who)):
            assert MARGIN not in world.text(who, where)
            assert "OUR-" not in world.text(who, where)
