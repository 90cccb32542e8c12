"""What an alliance manager asks a sponsor of their firm for, what is answered, and its effect."""

import pytest

from tests.anywhere import GRANT, HANA, JONAS, OLIVIA, PRIYA, TOMASZ, AnyWorld, direct, unmarked
from tests.daily import digests, name_helix_manager
from tests.sponsors_world import (
    kept_asks,
    name_sponsor,
    newest,
    nudge,
    nudges,
    sponsors_of,
    two_sponsors,
)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def asked(world: AnyWorld, words: str = "open a door at procurement by 4 Dec") -> str:
    """Priya asks Jonas for help; on a day on which he had no other message."""
    await two_sponsors(world)
    await world.until("2026-11-24T14:00:00+00:00")
    seen = await world.command(PRIYA, f"ask <@{JONAS}> {words}")
    await world.later("PT1M")
    return unmarked(seen.private)


async def answer(world: AnyWorld, who: str, label: str, **values: str) -> None:
    seen = await world.press(who, label, channel=direct(who))
    if values:
        seen = await world.fill(who, **values)
    assert seen.ok, seen.error
    await world.close(who)
    await world.later("PT1M")


def heard(world: AnyWorld, who: str) -> str:
    return plainly(" ".join(world.inbox(who)))


def plainly(words: str) -> str:
    """Platforms put a blank, or none, where bold words end."""
    return unmarked(words).replace(" :", ":").replace(" .", ".")


async def test_by_command_with_a_date(world: AnyWorld) -> None:
    said = await asked(world)
    assert "Jonas Lindqvist is asked, by Fri 4 Dec. You hear what they say." in said
    assert "Your firm's sponsors and alliance managers see it, nobody else." in said
    message = world.read(JONAS, direct(JONAS))[-1]
    text = unmarked(world.words(message))
    assert text.startswith("Priya Raman asks")
    assert "open a door at procurement · by Fri 4 Dec" in text
    assert "Helix alliance" in text
    assert set(world.buttons(message)) == {
        "I'll do it",
        "Done",
        "Need to know more",
        "Ask someone else",
    }


async def test_by_a_form(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.until("2026-11-24T14:00:00+00:00")
    await world.command(PRIYA, "ask")
    assert "Ask a sponsor" in world.words(world.form(PRIYA))
    seen = await world.fill(PRIYA, text="join the review", due="2026-12-04")
    assert "Jonas Lindqvist is asked, by Fri 4 Dec." in unmarked(seen.text + newest(world, PRIYA))
    await world.close(PRIYA)
    await world.later("PT1M")
    assert "join the review" in newest(world, JONAS)


async def test_ill_do_it_is_told_and_done_shows_what_came_of_it(world: AnyWorld) -> None:
    await asked(world)
    await answer(world, JONAS, "I'll do it")
    message = world.read(JONAS, direct(JONAS))[-1]
    assert set(world.buttons(message)) == {"Done", "Ask someone else"}
    await world.until("2026-11-25T14:00:00+00:00")
    assert "Jonas Lindqvist will do it: open a door at procurement" in heard(world, PRIYA)
    await answer(world, JONAS, "Done", effect="the head of procurement calls on Monday")
    message = world.read(JONAS, direct(JONAS))[-1]
    assert world.buttons(message) == {}
    assert "Done, Wed 25 Nov: the head of procurement calls on Monday" in unmarked(
        world.words(message)
    )
    await world.until("2026-11-26T14:00:00+00:00")
    told = "Jonas Lindqvist did what you asked: the head of procurement calls on Monday"
    assert told in heard(world, PRIYA)
    await world.command(PRIYA, "ask")
    await world.press(PRIYA, "Asks so far")
    listed = unmarked(world.words(world.form(PRIYA)))
    assert "Jonas Lindqvist: open a door at procurement" in listed
    assert "Done, Wed 25 Nov: the head of procurement calls on Monday" in listed


async def test_ask_someone_else_names_them_and_asks_nobody(world: AnyWorld) -> None:
    await asked(world)
    await answer(world, JONAS, "Ask someone else", whom="Hana, she knows them")
    assert "Somebody else should be asked: Hana, she knows them" in newest(world, JONAS)
    await world.until("2026-11-25T14:00:00+00:00")
    told = "Jonas Lindqvist says somebody else should be asked: Hana, she knows them"
    assert told in heard(world, PRIYA)
    assert "procurement" not in heard(world, HANA)


async def test_what_they_need_to_know_is_asked_back_and_answered(world: AnyWorld) -> None:
    await asked(world)
    await answer(world, JONAS, "Need to know more", question="who is against it?")
    message = world.read(JONAS, direct(JONAS))[-1]
    assert "More was asked; no answer to that yet." in unmarked(world.words(message))
    back = "Jonas Lindqvist needs to know more about “open a door at procurement”: who is"
    assert back in newest(world, PRIYA), "it asks for them today, so it comes by itself"
    await world.until("2026-11-30T14:00:00+00:00")
    assert kept_asks(world)[0].reminded == 0, "it is not for the sponsor to answer"
    await answer(world, PRIYA, "Answer", reply="their head of finance")
    await world.until("2026-12-01T14:00:00+00:00")
    again = nudge(world, JONAS)
    assert "You asked: who is against it?" in again
    assert "Priya Raman: their head of finance" in again
    await answer(world, JONAS, "I'll do it")
    assert kept_asks(world)[0].state == "taken"


async def test_it_is_reminded_of_twice_and_then_who_asked_is_told(world: AnyWorld) -> None:
    await asked(world)
    await world.until("2026-11-27T14:00:00+00:00")
    reminder = newest(world, JONAS)
    assert reminder.startswith("Still waiting for your word. Priya Raman asks: open a door")
    assert kept_asks(world)[0].reminded == 1
    await world.until("2026-12-02T14:00:00+00:00")
    assert kept_asks(world)[0].reminded == 2
    assert "after two reminders" not in heard(world, PRIYA)
    await world.until("2026-12-08T14:00:00+00:00")
    told = (
        "Jonas Lindqvist has not answered, after two reminders; a call may help: open a door at "
        "procurement"
    )
    said = [d for d in digests(world, PRIYA) if told in plainly(world.words(d))]
    assert len(said) == 1
    await world.until("2026-12-15T14:00:00+00:00")
    alone = [text for text in world.inbox(JONAS) if "asks for" in text or "Still waiting" in text]
    assert len(alone) == 2, "but for the weekly message it rests"
    assert "1 ask for you" in nudge(world, JONAS)


async def test_a_reminder_on_the_day_of_the_weekly_message_is_in_it(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.until("2026-11-26T14:00:00+00:00")
    await world.command(PRIYA, f"ask <@{JONAS}> open a door at procurement")
    await world.until("2026-12-01T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == 1
    assert nudge(world, JONAS).startswith(
        "2 things from your alliances: Helix alliance: 1 ask"
    ) or ("Helix alliance: 1 ask for you" in nudge(world, JONAS))
    await world.until("2026-12-02T18:00:00+00:00")
    assert kept_asks(world)[0].reminded == 1
    assert len([text for text in world.inbox(JONAS) if "procurement" in text]) == 2


async def test_an_answer_in_the_weekly_message_closes_it_there_too(world: AnyWorld) -> None:
    await asked(world)
    await world.until("2026-12-01T14:00:00+00:00")
    await answer(world, JONAS, "Done", effect="they call on Monday")
    assert "Done, Tue 1 Dec: they call on Monday" in nudge(world, JONAS)
    assert "I'll do it" not in world.buttons(nudges(world, JONAS)[-1])
    first = next(m for m in world.read(JONAS, direct(JONAS)) if "procurement" in world.words(m))
    assert "they call on Monday" in world.words(first)


async def test_what_is_not_needed_any_more_is_withdrawn(world: AnyWorld) -> None:
    await asked(world)
    await world.press(PRIYA, "Withdraw it")
    await world.later("PT1M")
    message = world.read(JONAS, direct(JONAS))[-1]
    assert "Withdrawn" in world.words(message)
    assert world.buttons(message) == {}
    await world.until("2026-12-03T14:00:00+00:00")
    assert kept_asks(world)[0].reminded == 0
    assert "1 ask for you" not in nudge(world, JONAS)


async def test_a_partners_sponsor_is_not_asked(world: AnyWorld) -> None:
    await two_sponsors(world)
    seen = await world.command(PRIYA, f"ask <@{GRANT}> unblock their legal team")
    assert "A sponsor is asked by the alliance manager of their own firm." in unmarked(seen.private)
    assert kept_asks(world) == []


async def test_one_who_has_not_said_yes_is_not_asked(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await name_sponsor(world, PRIYA, JONAS)
    seen = await world.command(PRIYA, f"ask <@{JONAS}> join the review")
    assert "Jonas Lindqvist has not said yes to being your sponsor yet" in unmarked(seen.private)
    assert kept_asks(world) == []


async def test_who_is_no_sponsor_is_not_asked(world: AnyWorld) -> None:
    await two_sponsors(world)
    seen = await world.command(PRIYA, f"ask <@{HANA}> join the review")
    assert "Hana Kobayashi is no sponsor of Northwind Bio, so nothing was sent." in unmarked(
        seen.private
    )
    seen = await world.command(HANA, f"ask <@{JONAS}> join the review")
    assert kept_asks(world) == []


async def test_an_ask_is_seen_by_their_own_sponsors_and_managers_only(world: AnyWorld) -> None:
    await asked(world)
    assert "1 open ask" in await sponsors_of(world, PRIYA)
    for other in (HANA, OLIVIA, GRANT, TOMASZ):
        assert "1 open ask" not in await sponsors_of(world, other)
    for who in (HANA, OLIVIA, GRANT, TOMASZ):
        for words in ("open", "audit", "find procurement", "sponsors history", "people"):
            await world.write(who, words)
    await world.until("2026-12-09T14:00:00+00:00")
    for other in (HANA, OLIVIA, GRANT, TOMASZ):
        assert "procurement" not in heard(world, other).replace("find procurement", "")


async def test_the_managers_weekly_line_says_who_connected_who_is_due_and_what_waits(
    world: AnyWorld,
) -> None:
    await asked(world)
    await world.until("2026-12-01T14:00:00+00:00")
    line = "Jonas Lindqvist and Grant Whitaker have not spoken yet, 1 ask waiting."
    assert line in heard(world, PRIYA)
    assert "Grant Whitaker and Jonas Lindqvist have not spoken yet." in heard(world, OLIVIA)
    await world.press(JONAS, "We spoke", channel=direct(JONAS))
    await world.fill(JONAS, on="2026-12-01", outcome="they may buy our rival", readers="share")
    await world.close(JONAS)
    await world.until("2026-12-08T14:00:00+00:00")
    assert "Jonas Lindqvist and Grant Whitaker last spoke Tue 1 Dec, 1 ask waiting." in heard(
        world, PRIYA
    )
    for who in (PRIYA, OLIVIA):
        assert "rival" not in heard(world, who)
    weekly = [d for d in digests(world, PRIYA) if "Jonas Lindqvist and Grant" in world.words(d)]
    assert len(weekly) == 3, "24 November, 1 and 8 December"
