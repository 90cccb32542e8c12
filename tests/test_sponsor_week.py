"""The weekly nudge as two sponsors have it: when it comes, what it says, and what they answer."""

from collections.abc import Callable

import pytest

from storage.tables import Alliance
from tests.anywhere import (
    GRANT,
    JONAS,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    AnyWorld,
    direct,
    unmarked,
)
from tests.daily import BERLIN, digests, times
from tests.sponsors_world import (
    first_nudge,
    name_sponsor,
    nudge,
    nudged,
    nudges,
    spoke,
    two_sponsors,
    with_alliance,
    with_person,
)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_it_comes_to_both_on_tuesday_at_half_past_eight_in_their_own_zones(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await world.until("2026-11-30T12:00:00+00:00")
    assert nudges(world, JONAS) == nudges(world, GRANT) == [], "nudges begin the week after"
    await world.until("2026-12-01T18:00:00+00:00")
    assert nudged(world, JONAS) == ["Tue 1 Dec 08:30"]
    assert nudged(world, GRANT) == ["Tue 1 Dec 08:30"]
    for who, other in ((JONAS, "Grant Whitaker (Helix Devices)"), (GRANT, "Jonas Lindqvist")):
        assert f"You and {other}" in nudge(world, who)
        assert "have not spoken here yet · Helix alliance" in nudge(world, who)


async def test_both_get_it_in_the_same_minute_where_they_share_a_zone(world: AnyWorld) -> None:
    with_person(world, GRANT, lambda person: setattr(person, "zone", BERLIN))
    await two_sponsors(world)
    await world.until("2026-12-01T07:31:00+00:00")
    assert nudged(world, JONAS) == nudged(world, GRANT, BERLIN) == ["Tue 1 Dec 08:30"]


async def test_five_lines_say_why_now_the_last_talk_a_topic_promises_and_what_they_may_ask(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await world.command(MATEO, "action send the protocol by Wed")
    await world.mention(OLIVIA, f"action <@{JONAS}> name a steering day by 4 Dec")
    await world.until("2026-12-01T18:00:00+00:00")
    ours = nudge(world, JONAS)
    assert "Last talk: none that I know of." in ours
    assert "Worth a call: HEL-1 “send the protocol”, still open, due Wed 25 Nov" in ours
    assert "You promised: nothing that is open." in ours
    assert "They may ask: about HEL-2 “name a steering day”." in ours
    theirs = nudge(world, GRANT)
    assert "Worth a call: HEL-1 “send the protocol”" in theirs
    assert "They may ask: Northwind Bio waits for nothing from your firm." in theirs


async def test_each_reads_only_what_their_own_firm_may_see(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.command(MATEO, "internal find a new supplier by Wed", OWN)
    await world.until("2026-12-01T18:00:00+00:00")
    assert "supplier" not in nudge(world, GRANT)
    assert "Worth a call: nothing shared is late." in nudge(world, GRANT)


async def test_while_a_talk_is_due_it_comes_weekly_and_after_three_without_an_answer_monthly(
    world: AnyWorld,
) -> None:
    await two_sponsors(world)
    await world.until("2026-12-21T18:00:00+00:00")
    call = "Jonas Lindqvist has not answered my last three messages"
    assert call not in " ".join(world.inbox(PRIYA))
    await world.until("2027-01-19T18:00:00+00:00")
    assert [when[:-6] for when in nudged(world, JONAS)] == [
        "Tue 1 Dec",
        "Tue 8 Dec",
        "Tue 15 Dec",
        "Tue 12 Jan",
    ]
    asked = [d for d in digests(world, PRIYA) if call in unmarked(world.words(d))]
    assert times(asked, BERLIN) == ["Tue 22 Dec 08:30"], "once, the week after the third"
    assert "a talk with their counterpart is due. Would you call them?" in unmarked(
        world.words(asked[0])
    )
    theirs = unmarked(" ".join(world.inbox(OLIVIA)))
    assert "Grant Whitaker has not answered my last three messages" in theirs
    assert "Jonas Lindqvist has not answered" not in theirs, "each firm hears of its own"


def until_they_connect(alliance: Alliance) -> None:
    alliance.sponsor_mode = "until_they_connect"


def always(alliance: Alliance) -> None:
    alliance.sponsor_mode = "always"


def when_something_happens(alliance: Alliance) -> None:
    alliance.sponsor_months = 0


@pytest.mark.parametrize(
    ("agreed", "days"),
    [
        (until_they_connect, "1 8 15 22 29 5 12"),
        (always, "1 8 15 22 29 5 12"),
        (when_something_happens, "22"),
    ],
)
async def test_an_alliance_may_agree_on_weekly_until_they_connect_or_always_or_hardly_ever(
    world: AnyWorld, agreed: Callable[[Alliance], None], days: str
) -> None:
    await two_sponsors(world)
    with_alliance(world, agreed)
    await world.until("2027-01-13T18:00:00+00:00")
    assert [when.split()[1] for when in nudged(world, JONAS)] == days.split()


async def test_always_goes_on_after_they_have_spoken(world: AnyWorld) -> None:
    await two_sponsors(world)
    with_alliance(world, always)
    await world.until("2026-12-01T14:00:00+00:00")
    await spoke(world, JONAS, "2026-12-01")
    await world.until("2026-12-08T14:00:00+00:00")
    assert "You and Grant Whitaker (Helix Devices): how it stands" in nudge(world, JONAS)


async def test_without_a_reason_there_is_silence_but_for_a_short_word_a_month(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01")
    await world.until("2027-01-20T18:00:00+00:00")
    assert [when[:-6] for when in nudged(world, JONAS)] == ["Tue 1 Dec", "Tue 29 Dec"]
    word = nudge(world, JONAS)
    assert "All quiet between you and Grant Whitaker (Helix Devices)" in word
    assert "Last talk: Tue 1 Dec, by video. The next by Mon 1 Mar" in word


async def test_the_cadence_counts_from_the_last_talk(world: AnyWorld) -> None:
    await two_sponsors(world)
    with_alliance(world, lambda alliance: setattr(alliance, "sponsor_months", 1))
    await world.until("2026-12-01T14:00:00+00:00")
    await spoke(world, JONAS, "2026-12-01")
    await world.until("2027-01-05T18:00:00+00:00")
    assert "All quiet" in world.words(nudges(world, JONAS)[1])
    assert [when[:-6] for when in nudged(world, JONAS)] == ["Tue 1 Dec", "Tue 29 Dec", "Tue 5 Jan"]
    assert "Time to speak with Grant Whitaker (Helix Devices)" in nudge(world, JONAS)


async def test_a_sponsor_without_a_counterpart_hears_a_word_a_month(world: AnyWorld) -> None:
    await name_sponsor(world, PRIYA, JONAS)
    await world.press(JONAS, "Accept", channel=direct(JONAS))
    await world.until("2026-12-30T18:00:00+00:00")
    assert nudged(world, JONAS) == ["Tue 22 Dec 08:30"]
    said = "All quiet in Helix alliance: nothing is asked of you."
    assert said in nudge(world, JONAS)


async def test_a_promise_that_is_late_is_a_reason(world: AnyWorld) -> None:
    await first_nudge(world)
    promised = {"promise": "open the door to procurement", "whose": "mine", "due": "2026-12-04"}
    await spoke(world, JONAS, "2026-12-01", **promised)
    await world.until("2026-12-08T18:00:00+00:00")
    assert "What you promised Grant Whitaker (Helix Devices) is still open" in nudge(world, JONAS)
    assert "You promised: HEL-1 “open the door to procurement”, due Fri 4 Dec" in nudge(
        world, JONAS
    )
    assert len(nudges(world, GRANT)) == 1, "it is not theirs"
    await world.command(JONAS, "done HEL-1")
    await world.until("2026-12-15T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == 2


async def test_an_ask_that_waits_is_a_reason_and_stands_first(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.command(PRIYA, f"ask <@{JONAS}> open a door at procurement")
    await world.until("2026-12-01T18:00:00+00:00")
    assert nudge(world, JONAS).startswith("Helix alliance: 1 ask for you")
    assert "Priya Raman asks: open a door at procurement" in nudge(world, JONAS)
    assert "have not spoken here yet" in nudge(world, JONAS)
    assert "procurement" not in nudge(world, GRANT)
