"""What a sponsor presses on the weekly nudge, and what comes of it."""

import aiohttp
import pytest
from icalendar import Calendar
from sqlmodel import Session, select

from governance.errors import NotAllowed
from governance.people import members
from governance.sponsors import nudges as nudges_of
from storage.tables import Alliance, Person
from tests.anywhere import ADAEZE, GRANT, JONAS, OLIVIA, PRIYA, AnyWorld, direct, unmarked
from tests.daily import digests
from tests.sponsors_world import (
    first_nudge,
    kept_nudges,
    newest,
    nudge,
    nudges,
    only_pair,
    spoke,
)
from tests.world import World

ALL = {
    "We spoke",
    "It's in the calendar",
    "Not this week",
    "Pass to my assistant",
    "Draft a message",
    "Calendar file",
}


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def answer(world: AnyWorld, who: str, label: str, **values: object) -> str:
    """Press something on the newest nudge and fill in what it asks."""
    seen = await world.press(who, label, channel=direct(who))
    if values:
        seen = await world.fill(who, **values)
    assert seen.ok, seen.error
    await world.close(who)
    await world.later("PT10S")
    return unmarked(seen.text)


def left(world: AnyWorld, who: str) -> set[str]:
    return set(world.buttons(nudges(world, who)[-1]))


async def test_it_has_four_answers_and_two_helps(world: AnyWorld) -> None:
    await first_nudge(world)
    assert left(world, JONAS) == left(world, GRANT) == ALL


async def test_we_spoke_closes_it_for_both_and_no_more_is_due(world: AnyWorld) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01")
    await world.later("PT10S")
    assert left(world, JONAS) == set()
    assert "You spoke. Thank you." in nudge(world, JONAS)
    await world.until("2026-12-02T15:00:00+00:00")
    await world.press(GRANT, "Yes", channel=direct(GRANT))
    await world.later("PT10S")
    assert "You spoke. Thank you." in nudge(world, GRANT)
    await world.until("2026-12-15T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == len(nudges(world, GRANT)) == 1


async def test_in_the_calendar_rests_until_that_day_is_over_and_then_it_is_asked_for(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    said = await answer(world, JONAS, "It's in the calendar", day="2026-12-10")
    assert "Kept: Thu 10 Dec." in said
    assert "It is in the calendar." in nudge(world, JONAS)
    assert left(world, JONAS) == {"We spoke"}
    await world.until("2026-12-08T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == len(nudges(world, GRANT)) == 1
    await world.until("2026-12-15T18:00:00+00:00")
    asked = "You had a talk with Grant Whitaker (Helix Devices) in the calendar for Thu 10 Dec"
    assert f"{asked}: did you speak?" in nudge(world, JONAS)
    assert len(nudges(world, GRANT)) == 2


async def test_a_day_that_is_past_is_not_in_the_calendar(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.press(JONAS, "It's in the calendar", channel=direct(JONAS))
    await world.fill(JONAS, day="2026-11-30")
    assert "That day is past." in " ".join(world.errors(JONAS).values())
    assert only_pair(world).planned_on is None


async def test_not_this_week_keeps_the_reason_and_asks_again_the_next(world: AnyWorld) -> None:
    await first_nudge(world)
    said = await answer(world, JONAS, "Not this week", why="board week")
    assert "All right, not this week." in said
    assert "Not this week. board week" in nudge(world, JONAS)
    assert left(world, JONAS) == set()
    assert "board week" not in " ".join(world.inbox(GRANT) + world.inbox(OLIVIA))
    await world.until("2026-12-08T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == 2


async def test_the_third_not_this_week_in_a_row_is_told_to_their_own_manager(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    told = "Jonas Lindqvist said “not this week” three times in a row"
    for day in (1, 8, 15):
        await world.until(f"2026-12-{day:02}T14:30:00+00:00")
        assert told not in unmarked(" ".join(world.inbox(PRIYA)))
        await answer(world, JONAS, "Not this week", why="busy")
    await world.until("2026-12-22T06:00:00+00:00")
    said = [d for d in digests(world, PRIYA) if told in unmarked(world.words(d))]
    assert len(said) == 1
    assert told not in unmarked(" ".join(world.inbox(OLIVIA)))


async def test_what_is_passed_on_goes_to_the_assistant_who_acts_marked_as_such(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    said = await answer(world, JONAS, "Pass to my assistant", assistant=ADAEZE)
    assert "Adaeze Okafor sees to it, and acts for you; it is marked so." in said
    assert "Your assistant sees to it." in nudge(world, JONAS)
    await world.later("PT1H")
    theirs = newest(world, ADAEZE)
    assert "Jonas Lindqvist asks you to see to this: a talk with Grant Whitaker" in theirs
    assert "You act for Jonas Lindqvist; it is marked so." in theirs
    await answer(world, ADAEZE, "It's in the calendar", day="2026-12-10")
    assert "It is in the calendar." in newest(world, ADAEZE)
    assert only_pair(world).planned_on is not None
    await world.until("2026-12-15T18:00:00+00:00")
    await answer(world, JONAS, "Pass to my assistant")
    await world.later("P1D")
    await world.press(ADAEZE, "They spoke", channel=direct(ADAEZE))
    await world.fill(ADAEZE, on="2026-12-10", how="phone")
    await world.close(ADAEZE)
    await world.later("P1D")
    confirm = " ".join(world.inbox(GRANT))
    assert "Jonas Lindqvist (Northwind Bio) says you two spoke on Thu 10 Dec, by phone." in (
        unmarked(confirm)
    )


async def test_a_draft_is_a_text_to_copy(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.press(JONAS, "Draft a message", channel=direct(JONAS))
    text = unmarked(world.words(world.form(JONAS)))
    assert "To Grant Whitaker. Copy it, and make it yours:" in text
    assert "Grant, Helix alliance: we have not spoken yet." in text
    assert "Would you have half an hour in the next two weeks?" in text
    assert "I send nothing for you." in text
    before = len(world.inbox(GRANT))
    await world.close(JONAS)
    await world.later("P1D")
    assert len(world.inbox(GRANT)) == before


async def test_half_hours_are_offered_inside_both_peoples_working_hours(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.press(JONAS, "Calendar file", channel=direct(JONAS))
    text = unmarked(world.words(world.form(JONAS)))
    assert "I know nobody's calendar" in text
    assert "Half an hour, in your time (Europe/Berlin)" in text
    assert "Wed 2 Dec, 14:00 (08:00 for them)" in text
    assert "13:30" not in text


async def test_the_calendar_file_is_sent_for_the_half_hour_they_pick(slack_world: World) -> None:
    world = slack_world
    await first_nudge(world)
    await world.press(JONAS, "Calendar file", channel=direct(JONAS))
    seen = await world.fill(JONAS, at="2026-12-02T13:00:00+00:00")
    assert "The file is on its way to your direct messages." in seen.text
    await world.close(JONAS)
    await world.later("PT1M")
    lead = "A half-hour with Grant Whitaker, Wed 2 Dec: open the file and invite them."
    assert lead in newest(world, JONAS)
    [message] = [m for m in world.read(JONAS, direct(JONAS)) if m.get("files")]
    [file] = message["files"]
    assert file["name"] == "hel-sponsors-2026-12-02.ics"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{world.slack.url}/files/{file['id']}") as found:
            [event] = Calendar.from_ical(await found.read()).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2026-12-02T13:00:00+00:00"
    assert str(event["summary"]) == "Helix alliance: Jonas Lindqvist and Grant Whitaker"
    assert not [m for m in world.read(GRANT, direct(GRANT)) if m.get("files")]


async def test_a_half_hour_that_has_passed_meanwhile_is_refused(slack_world: World) -> None:
    world = slack_world
    await first_nudge(world)
    await world.press(JONAS, "Calendar file", channel=direct(JONAS))
    await world.until("2026-12-02T14:00:00+00:00")
    await world.fill(JONAS, at="2026-12-02T13:00:00+00:00")
    assert "That half-hour is past." in " ".join(world.errors(JONAS).values())


async def test_only_the_sponsor_and_their_assistant_answer(world: AnyWorld) -> None:
    """A button that somebody else got hold of does nothing."""
    await first_nudge(world)
    token = kept_nudges(world)[0].token

    def ask(session: Session) -> None:
        nudge, seat = nudges_of.by_token(session, token)
        priya = session.exec(select(Person).where(Person.user_id == world.id_of(PRIYA))).one()
        alliance = session.get_one(Alliance, seat.alliance_id)
        by = members.seat(session, alliance, priya, now=world.now)
        with pytest.raises(NotAllowed):
            nudges_of.not_this_week(session, nudge, seat, by, "", now=world.now)

    world.stored(ask)


async def test_an_old_nudge_keeps_what_was_answered(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.until("2026-12-08T18:00:00+00:00")
    await answer(world, JONAS, "Not this week", why="board week")
    first, second = nudges(world, JONAS)
    assert "board week" in world.words(second)
    assert "board week" not in world.words(first)
    assert set(world.buttons(first)) == ALL
