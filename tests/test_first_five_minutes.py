"""The first five minutes of the host's alliance manager, up to the first action item."""

from dataclasses import dataclass

from sqlmodel import select

from storage.tables import Alliance
from tests.anywhere import OLIVIA, PRIYA, SHARED, AnyWorld
from tests.transcript import Transcript


@dataclass(frozen=True)
class Known:
    """What differs: Slack knows the partner's name and can pin, and its seed has a guest."""

    bring: str
    there: str
    begun: str
    seen_by_all: str
    post: str


ON_SLACK = Known(
    "write /invite @Alliance there",
    "6 of Northwind Bio, 6 of Helix Devices and 1 guest, whom I take for nobody's",
    "Alliance: Helix Devices|Code: HEL|Firms: Northwind Bio / Helix Devices",
    "Everybody in #alliance-helix will see this, pinned:",
    "Post and pin",
)
ON_TEAMS = Known(
    "add the app Alliance there",
    "6 of Northwind Bio and 6 of Firm 2",
    "Alliance: Firm 2|Code: FIR|Firms: Northwind Bio / Firm 2",
    "Everybody in #alliance-helix will see this:",
    "Post it",
)


async def test_the_first_five_minutes_of_the_hosts_alliance_manager(
    any_empty_world: AnyWorld,
) -> None:
    world = any_empty_world
    known = ON_SLACK if world.pins else ON_TEAMS
    await world.take_bot_out(PRIYA, SHARED)
    told = Transcript(world, PRIYA, OLIVIA)
    await _she_meets_it(world, told, known)
    await _she_looks_and_leaves(world, told, known)
    await _she_sets_it_up(world, told, known)
    await _she_records_the_first_one(world, told)


async def _she_meets_it(world: AnyWorld, told: Transcript, known: Known) -> None:
    seen = await told.step("Priya opens the app", world.open_app(PRIYA))
    assert "Which channel do you share with your partner?" in seen
    assert known.bring in seen
    assert "[Choose the channel]" in seen

    seen = await told.step("Priya brings it into #alliance-helix", world.let_bot_in(PRIYA, SHARED))
    assert "Priya · Alliance, directly" in seen
    assert known.there in seen
    assert "I posted nothing there." in seen
    assert "[Set it up] [Not now]" in seen


async def _she_looks_and_leaves(world: AnyWorld, told: Transcript, known: Known) -> None:
    seen = await told.step("Priya presses Set it up", world.press(PRIYA, "Set it up"))
    for line in known.begun.split("|"):
        assert f"\n    {line}\n" in seen

    named = {"name": "Helix alliance", "code": "HEL"} | world.names_of_firms
    seen = await told.step("Priya names it", world.fill(PRIYA, **named))
    assert known.seen_by_all in seen
    assert "[New action] [My actions] [All open] [What is this?]" in seen
    assert "Set up by Priya Raman of Northwind Bio, which hosts this bot" in seen
    assert f"[{known.post}] [Not yet]" in seen

    seen = await told.step("Priya presses Not yet", world.close_by(PRIYA, "Not yet"))
    assert "Nothing is posted in #alliance-helix, and nothing is set up." in seen
    assert world.stored(lambda session: session.exec(select(Alliance)).all()) == []


async def _she_sets_it_up(world: AnyWorld, told: Transcript, known: Known) -> None:
    seen = await told.step("Priya asks for setup", world.form_of(PRIYA, "setup"))
    assert "Alliance: Helix alliance\n" in seen
    await told.step("Priya presses Preview", world.fill(PRIYA))
    assert "· #alliance-helix\n" not in str(told), "so far nobody saw anything in the channel"

    seen = await told.step(f"Priya presses {known.post}", world.fill(PRIYA))
    assert "Priya · #alliance-helix\n    Helix alliance\n" in seen
    assert "Olivia · #alliance-helix\n    Helix alliance\n" in seen
    assert "Helix alliance is set up. You are its alliance manager at Northwind Bio." in seen
    assert "Send Helix Devices the kick-off notes, yours, due Fri 27 Nov" in seen


async def _she_records_the_first_one(world: AnyWorld, told: Transcript) -> None:
    example = world.press(PRIYA, "Record the first one")
    seen = await told.step("Priya presses Record the first one", example)
    assert "What is to be done?: Send Helix Devices the kick-off notes" in seen
    assert "Who owns it?: Priya Raman\n" in seen
    assert "By when?: 2026-11-27" in seen
    assert "Who sees it?: Both firms" in seen

    seen = await told.step("Priya presses Record", world.fill(PRIYA))
    assert "HEL-1 is yours, due Fri 27 Nov, in 4 days. Next: a daily message reminds you" in seen
    assert "Olivia · #alliance-helix\n    HEL-1 Send Helix Devices the kick-off notes" in seen
    assert world.inbox(OLIVIA) == []
