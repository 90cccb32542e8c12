"""A sponsor is introduced by their own alliance manager, reads what is expected, and answers."""

import pytest

from tests.anywhere import (
    ADAEZE,
    GRANT,
    JONAS,
    MATEO,
    OLIVIA,
    PRIYA,
    SHARED,
    AnyWorld,
    direct,
    unmarked,
)
from tests.daily import name_helix_manager, said
from tests.sponsors_world import (
    name_sponsor,
    newest,
    nudged,
    sponsors_of,
    with_alliance,
)

EXPECTED = (
    "Open doors inside Northwind Bio",
    "Guide: say early where this should go.",
    "Be the last step of an escalation",
    "Stay in touch with your counterpart, as agreed.",
    "Be there when it counts.",
)
ANSWERS = ("Accept", "Let's talk", "Not me")


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def preview(world: AnyWorld, sponsor: str = JONAS, **terms: str) -> str:
    """What Northwind's alliance manager has before them who has just named somebody."""
    await world.command(PRIYA, "sponsors")
    await world.press(PRIYA, "Name a sponsor")
    await world.fill(PRIYA, person=sponsor, **terms)
    return unmarked(world.words(world.form(PRIYA)))


async def test_nothing_is_written_to_a_sponsor_before_their_own_alliance_manager_sends_it(
    world: AnyWorld,
) -> None:
    """No welcome, no request, no daily message, though their firm's people were looked at."""
    await name_helix_manager(world)
    await preview(world)
    await world.close(PRIYA)
    await world.mention(OLIVIA, "action @jonas open the budget talk by Wed")
    await world.command(PRIYA, "action @jonas sign the letter by Tue")
    await world.until("2026-12-18T20:00:00+00:00")
    assert world.inbox(JONAS) == []
    assert "Jonas Lindqvist has the sponsor's seat and knows nothing of it yet" in "".join(
        unmarked(text) for text in world.inbox(PRIYA)
    )
    await world.mention(JONAS, "mine")
    await world.until("2026-12-22T20:00:00+00:00")
    assert "sign the letter" in "".join(world.inbox(JONAS)), "who acted is written to"


async def test_what_was_shown_is_to_the_letter_what_is_sent(world: AnyWorld) -> None:
    with_alliance(world, lambda one: setattr(one, "purpose", "A pump for every clinic by 2028."))
    await name_helix_manager(world)
    await name_sponsor(world, OLIVIA, GRANT)
    shown = await preview(world)
    assert world.inbox(JONAS) == []
    seen = await world.press(PRIYA, "Send it")
    assert "On its way to Jonas Lindqvist, in their working hours." in seen.text
    message = world.read(JONAS, direct(JONAS))[-1]
    assert tuple(world.buttons(message)) == ANSWERS
    sent = unmarked(world.words(message))
    for label in ANSWERS:
        sent = sent.replace(f" {label}", "", 1)
    assert sent in shown
    assert "Jonas, you sponsor Helix alliance for Northwind Bio. A pump for every clinic" in sent
    assert "Your counterpart: Grant Whitaker (Helix Devices)." in sent
    assert "You two speak every three months." in sent
    assert "Priya Raman asked me to write to you. Only you see this." in sent
    assert all(line in sent for line in EXPECTED)


async def test_a_welcome_comes_within_their_working_hours(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await world.until("2026-11-24T12:00:00+00:00")
    await name_sponsor(world, OLIVIA, GRANT)
    assert world.inbox(GRANT) == [], "it is seven in the morning in New York"
    await world.until("2026-11-24T15:00:00+00:00")
    assert "Grant, you sponsor Helix alliance for Helix Devices." in newest(world, GRANT)


async def test_a_firm_puts_the_expectations_in_its_own_words(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await preview(world)
    await world.press(PRIYA, "Change the words")
    seen = await world.fill(PRIYA, text="Come to the summit.\nCall your counterpart.")
    assert "Saved. Nothing has been sent." in seen.text
    assert "Come to the summit." in seen.text
    assert "Guide:" not in seen.text
    await world.press(PRIYA, "Send it")
    await world.close(PRIYA)
    assert "Come to the summit." in newest(world, JONAS)
    await name_sponsor(world, OLIVIA, GRANT)
    assert "Come to the summit." not in newest(world, GRANT), "each firm has its own"
    assert "Open doors inside Helix Devices" in newest(world, GRANT)


async def test_who_accepts_is_nudged_from_the_week_after(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await name_sponsor(world, OLIVIA, GRANT)
    await name_sponsor(world, PRIYA, JONAS)
    seen = await world.press(JONAS, "Accept", channel=direct(JONAS))
    assert "You have said yes. Thank you. It begins next week." in seen.text
    await world.later("PT1M")
    welcome = next(m for m in world.read(JONAS, direct(JONAS)) if "What is exp" in world.words(m))
    assert list(world.buttons(welcome)) == ["Choose when"]
    await world.until("2026-11-24T20:00:00+00:00")
    assert "Jonas Lindqvist has said yes" in said(world, PRIYA)
    assert "Jonas Lindqvist has said yes" not in unmarked("".join(world.inbox(OLIVIA)))
    assert nudged(world, JONAS) == []
    await world.until("2026-12-01T20:00:00+00:00")
    assert nudged(world, JONAS) == nudged(world, GRANT) == [], "both have to say yes"
    await world.press(GRANT, "Accept", channel=direct(GRANT))
    await world.until("2026-12-08T20:00:00+00:00")
    assert nudged(world, JONAS) == nudged(world, GRANT) == ["Tue 8 Dec 08:30"]


async def test_lets_talk_tells_their_alliance_manager_who_brings_the_yes(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await name_sponsor(world, PRIYA, JONAS)
    seen = await world.press(JONAS, "Let's talk", channel=direct(JONAS))
    assert "You would like to talk first; your alliance manager knows." in seen.text
    await world.later("PT1M")
    told = newest(world, PRIYA)
    assert "Jonas Lindqvist would like to talk first" in told
    assert "would like to talk" not in "".join(world.inbox(OLIVIA))
    assert "would like to talk first" in await sponsors_of(world, PRIYA)
    seen = await world.press(PRIYA, "They have said yes", channel=direct(PRIYA))
    assert "Jonas Lindqvist hears from me from next week" in seen.text
    await world.until("2026-12-01T20:00:00+00:00")
    assert len(nudged(world, JONAS)) <= 1
    assert "would like to talk" not in await sponsors_of(world, PRIYA)


async def test_not_me_names_another_who_hears_nothing(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await world.command(ADAEZE, "mine")
    await name_sponsor(world, PRIYA, JONAS)
    had = len(world.inbox(ADAEZE))
    await world.press(JONAS, "Not me", channel=direct(JONAS))
    seen = await world.fill(JONAS, instead=ADAEZE, why="I leave in spring")
    assert "Thank you for saying so." in seen.text
    await world.close(JONAS)
    await world.later("PT1M")
    told = newest(world, PRIYA)
    assert "Jonas Lindqvist says it is not for them and names Adaeze Okafor" in told
    assert "I leave in spring" in told
    assert len(world.inbox(ADAEZE)) == had
    assert "I leave in spring" not in "".join(world.inbox(OLIVIA))
    assert "not for them" not in await sponsors_of(world, OLIVIA)


async def test_an_alliance_manager_introduces_it_themselves(world: AnyWorld) -> None:
    """The bot waits for their word, asks once whether they have said yes, and then begins."""
    await name_helix_manager(world)
    await name_sponsor(world, OLIVIA, GRANT)
    await world.press(GRANT, "Accept", channel=direct(GRANT))
    await preview(world, ADAEZE)
    seen = await world.press(PRIYA, "I'll do it myself")
    assert "I write nothing to Adaeze Okafor until you tell me" in seen.text
    await world.close(PRIYA)
    await world.until("2026-12-02T20:00:00+00:00")
    assert world.inbox(ADAEZE) == []
    asked = [text for text in world.inbox(PRIYA) if "Has Adaeze Okafor said yes?" in unmarked(text)]
    assert len(asked) == 1
    await world.press(PRIYA, "They have said yes", channel=direct(PRIYA))
    await world.until("2026-12-08T20:00:00+00:00")
    assert "Grant Whitaker" in newest(world, ADAEZE)


async def test_a_welcome_without_an_answer_is_raised_after_a_working_week(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await preview(world, since="2024-03-01")
    await world.close(PRIYA)
    await world.until("2026-11-27T14:00:00+00:00")
    await world.command(PRIYA, "sponsors")
    await world.press(PRIYA, "Send the welcome…", channel=SHARED)
    await world.press(PRIYA, "Send it")
    await world.close(PRIYA)
    late = "Jonas Lindqvist has not answered the welcome yet"
    await world.until("2026-12-02T20:00:00+00:00")
    assert late not in unmarked("".join(world.inbox(PRIYA))), "it counts from when it was sent"
    await world.until("2026-12-10T20:00:00+00:00")
    assert len([text for text in world.inbox(PRIYA) if late in unmarked(text)]) == 1
    assert "not answered" not in "".join(world.inbox(OLIVIA))


async def test_a_second_send_and_a_strangers_answer_do_nothing(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await preview(world)
    await world.press(PRIYA, "Send it")
    await world.close(PRIYA)
    await world.command(PRIYA, "sponsors")
    assert "Send the welcome" not in await sponsors_of(world, PRIYA)
    assert len([text for text in world.inbox(JONAS) if "What is expected" in text]) == 1
    assert "Name a sponsor" not in await sponsors_of(world, MATEO)
    seen = await world.command(MATEO, "sponsor @jonas")
    assert "The alliance managers of Northwind Bio look after its sponsors." in (
        seen.text + seen.private
    )
