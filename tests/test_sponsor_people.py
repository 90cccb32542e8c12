"""Those around a sponsor: an assistant, a second account, a third firm; and who is out of reach."""

import pytest
from sqlmodel import Session, col, select

from governance.people import accounts
from storage.sponsor_tables import SponsorSeat
from storage.tables import Person
from tests.anywhere import (
    ADAEZE,
    GRANT,
    HANA,
    JONAS,
    OLIVIA,
    PRIYA,
    AnyWorld,
    direct,
    unmarked,
)
from tests.daily import name_helix_manager
from tests.leaks.cast import ORION, YARA, ZED
from tests.leaks.stage import let_in_orion
from tests.sponsors_world import (
    change_role,
    first_nudge,
    name_sponsor,
    newest,
    nudge,
    press_menu,
    spoke,
    sponsors_of,
    two_sponsors,
    with_person,
)
from tests.test_joining import invite, join
from tests.world import World


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def give_assistant(world: AnyWorld) -> None:
    await world.command(PRIYA, "sponsors")
    await press_menu(world, PRIYA, "Change…")
    assert (await world.fill(PRIYA, assistant=HANA)).ok
    await world.close(PRIYA)


async def test_an_assistant_sees_no_ask_and_no_outcome(world: AnyWorld) -> None:
    await first_nudge(world)
    await give_assistant(world)
    await world.command(PRIYA, "ask @jonas settle the budget")
    await spoke(world, JONAS, "2026-11-30", how="phone", outcome="Grant doubts the launch")
    await world.until("2026-12-09T20:00:00+00:00")
    for words in ("sponsors", "sponsors history", "ask", "mine", "help"):
        await world.write(HANA, words)
    text = unmarked("\n".join(world.inbox(HANA)))
    assert "last spoke Mon 30 Nov by phone" in text
    for kept in ("budget", "doubts", "open ask"):
        assert kept not in text, kept


async def test_an_assistant_acts_for_the_sponsor_and_is_named_as_who_did(world: AnyWorld) -> None:
    await first_nudge(world)
    await give_assistant(world)
    await world.press(JONAS, "Pass to my assistant", channel=direct(JONAS))
    await world.close(JONAS)
    await world.later("PT1M")
    assert "Jonas Lindqvist asks you to see to this" in newest(world, HANA)
    await world.press(HANA, "They spoke", channel=direct(HANA))
    await world.fill(HANA, on="2026-12-01", how="phone")
    await world.close(HANA)
    await world.until("2026-12-02T16:00:00+00:00")
    marked = "Hana Kobayashi for Jonas Lindqvist"
    assert f"You spoke. Thank you. ({marked})" in nudge(world, JONAS)
    assert f"{marked} (Northwind Bio) says you two spoke on Tue 1 Dec" in newest(world, GRANT)


async def test_an_assistant_who_leaves_acts_for_nobody(world: AnyWorld) -> None:
    await two_sponsors(world)
    await give_assistant(world)
    assert "assistant Hana Kobayashi" in await sponsors_of(world, PRIYA)
    await change_role(world, HANA, "team", until=world.now.date().isoformat())
    assert "assistant" not in await sponsors_of(world, PRIYA)


async def test_joined_accounts_keep_the_seat_and_its_counterpart(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.command(ADAEZE, "mine")
    known = [world.id_of(who) for who in (ADAEZE, JONAS)]

    def as_one(session: Session) -> None:
        chosen = select(Person).where(col(Person.user_id).in_(known))
        both = {person.user_id: person for person in session.exec(chosen)}
        accounts.join(session, both[known[0]], both[known[1]], now=world.now)

    world.change(as_one)
    text = await sponsors_of(world, OLIVIA)
    assert "Adaeze Okafor since Mon 23 Nov" in text
    assert "with Adaeze Okafor (Northwind Bio)" in text
    await world.until("2026-12-01T20:00:00+00:00")
    assert "Grant Whitaker" in newest(world, ADAEZE)
    held = world.stored(
        lambda s: [(one.state, one.ended_on) for one in s.exec(select(SponsorSeat))]
    )
    assert held == [("accepted", None)] * 2


async def test_of_whom_no_message_reaches_there_is_a_text_to_forward(world: AnyWorld) -> None:
    """In the weekly line and among the people: what both firms may read, and no ask."""
    await first_nudge(world)
    await spoke(world, JONAS, "2026-11-30", how="phone", outcome="Grant doubts the launch")
    await world.command(PRIYA, "ask @jonas settle the budget")
    await world.until("2026-12-02T12:00:00+00:00")
    await world.press(JONAS, "I'll do it", channel=direct(JONAS))
    with_person(world, JONAS, lambda one: setattr(one, "reach", "unreachable"))
    await world.until("2026-12-09T20:00:00+00:00")
    week = [text for text in world.inbox(PRIYA) if "not reached" in text]
    assert week
    await world.press(PRIYA, "Text to forward", channel=direct(PRIYA))
    text = unmarked(world.words(world.form(PRIYA)))
    assert "Direct messages do not reach Jonas Lindqvist." in text
    assert "You sponsor Helix alliance for Northwind Bio." in text
    stands = "with Grant Whitaker (Helix Devices): last spoke Mon 30 Nov by phone"
    assert stands in text
    assert "please tell Priya Raman when and how" in text
    for kept in ("budget", "doubts", "What is expected"):
        assert kept not in text, kept
    await world.close(PRIYA)
    assert "not reached" not in "".join(world.inbox(OLIVIA))


async def test_a_welcome_that_does_not_arrive_is_forwarded_with_what_is_expected(
    world: AnyWorld,
) -> None:
    await name_helix_manager(world)
    await name_sponsor(world, PRIYA, JONAS)
    with_person(world, JONAS, lambda one: setattr(one, "reach", "unreachable"))
    await world.write(PRIYA, "people")
    await world.press(PRIYA, "Text to forward", channel=direct(PRIYA))
    text = unmarked(world.words(world.form(PRIYA)))
    assert "Open doors inside Northwind Bio" in text
    assert "Please tell Priya Raman whether you say yes" in text
    assert "Nothing waits" not in text


async def test_three_firms_have_pairs_of_each_two(empty_world: World) -> None:
    world = empty_world
    await world.set_up(firms="Northwind Bio\nHelix Devices\nOrion Labs")
    let_in_orion(world.slack.house.world)
    await two_sponsors(world)
    code = await invite(world)
    await join(world, ZED, code)
    await world.mention(YARA, "open", ORION)
    await world.write(ZED, "sponsors")
    await world.press(ZED, "Name a sponsor", channel=direct(ZED))
    seen = await world.fill(ZED, person=YARA)
    assert seen.ok, seen.error
    assert "Your counterparts: Jonas Lindqvist (Northwind Bio), Grant Whitaker" in seen.text
    await world.close(ZED)
    text = await sponsors_of(world, PRIYA)
    assert text.count("with Yara Nakamura (Orion Labs)") == 2
    assert text.count("with Grant Whitaker (Helix Devices)") == 2
