"""*We spoke*: when, how, what came of it and for whom, a promise, and the counterpart's one tap."""

import pytest
from sqlmodel import Session, select

from storage.tables import ActionItem, Audience, Delivery, Person
from tests.anywhere import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    JONAS,
    KWAME,
    MATEO,
    MEILING,
    OLIVIA,
    OWN,
    PRIYA,
    SAMIR,
    SHARED,
    TOMASZ,
    AnyWorld,
    direct,
    unmarked,
)
from tests.sponsors_world import (
    first_nudge,
    newest,
    nudge,
    nudges,
    only_pair,
    spoke,
    sponsors_of,
    talks,
    with_alliance,
)

SECRET = "they may buy our rival"
EVERYBODY = (PRIYA, JONAS, ADAEZE, MATEO, HANA, SAMIR, OLIVIA, GRANT, INES, TOMASZ, MEILING, KWAME)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def talks_for(world: AnyWorld, who: str) -> str:
    """What somebody reads of the talks so far."""
    shown = await sponsors_of(world, who)
    assert "Talks so far" in shown, shown
    seen = await world.press(who, "Talks so far")
    await world.close(who)
    return unmarked(f"{seen.text}\n{newest(world, who)}")


async def take_part(world: AnyWorld, *people: str) -> None:
    """They ask for something in the shared channel, which gives them a place."""
    for who in people:
        await world.mention(who, "open")


async def confirmed(world: AnyWorld, label: str) -> None:
    """A working day later, when they are no more than two messages a day, Grant answers."""
    await world.until("2026-12-02T15:00:00+00:00")
    await world.press(GRANT, label, channel=direct(GRANT))
    await world.later("PT10S")


async def test_the_counterpart_is_asked_with_one_tap(world: AnyWorld) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01", how="in_person")
    await world.until("2026-12-02T15:00:00+00:00")
    asked = world.read(GRANT, direct(GRANT))[-1]
    said = "Jonas Lindqvist (Northwind Bio) says you two spoke on Tue 1 Dec, in person. Right?"
    assert said in unmarked(world.words(asked))
    assert set(world.buttons(asked)) == {"Yes", "No, we did not"}
    await world.press(GRANT, "Yes", channel=direct(GRANT))
    await world.later("PT10S")
    asked = world.read(GRANT, direct(GRANT))[-1]
    assert "You said yes." in world.words(asked)
    assert world.buttons(asked) == {}
    [talk] = talks(world)
    assert (talk.on.isoformat(), talk.how, talk.confirmed) == ("2026-12-01", "in_person", True)


async def test_one_that_the_counterpart_does_not_know_of_does_not_count(world: AnyWorld) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01")
    await confirmed(world, "No, we did not")
    assert "You said no, so it does not count." in newest(world, GRANT)
    assert "have not spoken yet · due now" in await sponsors_of(world, PRIYA)
    assert "Their counterpart says they did not" in await talks_for(world, JONAS)
    await world.until("2026-12-08T18:00:00+00:00")
    assert len(nudges(world, JONAS)) == len(nudges(world, GRANT)) == 2


async def test_both_telling_of_the_same_talk_asks_nobody(world: AnyWorld) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01")
    await sponsors_of(world, GRANT)
    await world.press(GRANT, "We spoke…", channel=direct(GRANT))
    seen = await world.fill(GRANT, on="2026-11-30", how="phone")
    assert "Jonas Lindqvist said so too." in unmarked(seen.text + newest(world, GRANT))
    await world.close(GRANT)
    await world.until("2026-12-04T18:00:00+00:00")
    assert [talk.confirmed for talk in talks(world)] == [True, True]
    for who in (JONAS, GRANT):
        assert "Right?" not in " ".join(world.inbox(who))


async def test_a_day_to_come_is_refused_and_nothing_is_kept(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.press(JONAS, "We spoke", channel=direct(JONAS))
    await world.fill(JONAS, on="2026-12-02")
    assert "That day is still to come." in " ".join(world.errors(JONAS).values())
    assert talks(world) == []


async def test_what_came_of_it_is_for_their_own_sponsors_and_alliance_managers(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    await world.press(JONAS, "We spoke", channel=direct(JONAS))
    seen = await world.fill(JONAS, on="2026-12-01", outcome=SECRET)
    assert "what came of it stays with Northwind Bio" in unmarked(seen.text + newest(world, JONAS))
    await world.close(JONAS)
    await confirmed(world, "Yes")
    for reads in (JONAS, PRIYA):
        assert SECRET in await talks_for(world, reads)
    await take_part(world, HANA, INES, TOMASZ)
    for other in (OLIVIA, GRANT, HANA, INES, TOMASZ):
        text = await talks_for(world, other)
        assert "Tue 1 Dec, by video: Jonas Lindqvist with Grant Whitaker" in text
        assert SECRET not in text
    for who in (OLIVIA, GRANT, HANA, INES, TOMASZ):
        for words in ("open", "audit", "seen HEL-1", "sponsors history", "people", "find rival"):
            await world.write(who, words)
    await world.until("2026-12-15T18:00:00+00:00")
    for who in EVERYBODY:
        allowed = who in (JONAS, PRIYA)
        rooms = [*(() if allowed else (direct(who),)), SHARED, OWN]
        for room in rooms:
            assert SECRET not in world.text(who, room), (who, room)


async def test_what_is_shared_reaches_the_counterpart_and_their_managers_alone(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01", outcome="a joint steering day", readers="share")
    await confirmed(world, "Yes")
    assert "a joint steering day" in " ".join(world.inbox(GRANT))
    for reads in (JONAS, PRIYA, GRANT, OLIVIA):
        assert "a joint steering day" in await talks_for(world, reads)
    await take_part(world, HANA, INES, TOMASZ)
    for other in (HANA, INES, TOMASZ):
        assert "a joint steering day" not in await talks_for(world, other)
    assert "a joint steering day" not in world.text(OLIVIA, SHARED)


async def test_a_promise_of_ones_own_is_an_action_item_that_both_firms_see(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    await spoke(
        world,
        JONAS,
        "2026-12-01",
        promise="open the door to procurement",
        whose="mine",
        due="2026-12-11",
    )
    shown = await world.write(OLIVIA, "show HEL-1")
    text = unmarked(shown.text + newest(world, OLIVIA))
    assert "open the door to procurement" in text
    assert item_of(world) == ("open", JONAS, "joint")


async def test_a_private_promise_stays_with_their_firm(world: AnyWorld) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01", promise="find a budget", whose="own", due="2026-12-04")
    assert item_of(world)[2] != "joint"
    await world.until("2026-12-09T18:00:00+00:00")
    assert "OUR-1 “find a budget”" in nudge(world, JONAS)
    for who in (OLIVIA, GRANT, TOMASZ):
        assert "find a budget" not in " ".join(world.inbox(who))


async def test_a_promise_of_the_counterparts_is_proposed_to_them(world: AnyWorld) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01", promise="name a steering day", whose="theirs")
    assert item_of(world) == ("proposed", GRANT, "joint")


def item_of(world: AnyWorld) -> tuple[str, str, str]:
    def read(session: Session) -> tuple[str, str, str]:
        item = session.exec(select(ActionItem)).one()
        owner = session.get_one(Person, item.owner_id)
        name = session.get_one(Audience, item.audience_id).name
        return item.status, world.known_as(owner.user_id), name

    return world.stored(read)


async def test_a_promise_that_is_no_good_keeps_nothing_of_the_talk(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.press(JONAS, "We spoke", channel=direct(JONAS))
    await world.fill(JONAS, on="2026-12-01", promise="call them", due="2040-01-01")
    assert world.errors(JONAS)
    assert talks(world) == []


async def test_who_has_not_met_in_person_for_a_year_reads_a_hint(world: AnyWorld) -> None:
    await first_nudge(world)
    with_alliance(world, lambda alliance: setattr(alliance, "sponsor_mode", "always"))
    await spoke(world, JONAS, "2026-12-01", how="in_person")
    hint = "not for a year; around the next meeting, perhaps."
    await world.until("2027-06-01T18:00:00+00:00")
    await spoke(world, JONAS, "2027-06-01", how="video")
    await world.until("2027-11-30T18:00:00+00:00")
    assert hint not in " ".join(map(world.words, nudges(world, JONAS)))
    await world.until("2027-12-08T18:00:00+00:00")
    assert hint in nudge(world, JONAS)
    assert hint in nudge(world, GRANT)


async def test_an_alliance_manager_tells_of_it_for_their_sponsor(world: AnyWorld) -> None:
    await first_nudge(world)
    await sponsors_of(world, PRIYA)
    await world.press(PRIYA, "They spoke…")
    seen = await world.fill(PRIYA, on="2026-11-30", how="phone")
    assert seen.ok, seen.error
    await world.close(PRIYA)
    await confirmed(world, "Yes")
    assert "You spoke. Thank you." in nudge(world, JONAS)


async def test_nobody_else_tells_of_a_talk(world: AnyWorld) -> None:
    await first_nudge(world)
    for who in (HANA, TOMASZ):
        await world.mention(who, "open")
        seen = await world.write(who, "spoke")
        assert "That is for sponsors and their assistants." in unmarked(seen.text)
    assert talks(world) == []
    assert only_pair(world).planned_on is None


async def test_every_reader_of_an_outcome_is_on_record_as_allowed(world: AnyWorld) -> None:
    """What was delivered of a talk went to the two of them only."""
    await first_nudge(world)
    await spoke(world, JONAS, "2026-12-01", outcome=SECRET)
    await confirmed(world, "Yes")

    def readers(session: Session) -> set[str]:
        chosen = select(Person.user_id).join(Delivery).where(Delivery.record == "sponsor_contact")
        return {world.known_as(one) for one in session.exec(chosen)}

    assert world.stored(readers) <= {GRANT, JONAS}
