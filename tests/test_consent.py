"""Nobody of a firm is written to before its alliance manager has looked, or they act themselves."""

from tests.daily import BERLIN, LONDON, days, digests, said, unprompted, until
from tests.world import (
    GRANT,
    HANA,
    INES,
    KWAME,
    MEILING,
    OLIVIA,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
    World,
    direct,
    words_of,
)

HELIX = (OLIVIA, GRANT, INES, TOMASZ, MEILING, KWAME)


def written_to(world: World) -> list[str]:
    """Those of Helix whom the bot has written to directly."""
    return [who for who in HELIX if world.inbox(who)]


async def asked(world: World) -> None:
    """The alliance is set up, Olivia is asked to look, and several of Helix are given work."""
    await world.set_up(checked=False)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=OLIVIA, side="Helix Devices", role="manager")
    await world.close(PRIYA)
    await world.command(PRIYA, "action @olivia share the forecast by 27 Nov")
    await world.command(PRIYA, "action @tomasz send the quote by 26 Nov")
    await world.command(HANA, "action @ines name the decider by 30 Nov")


async def looks_right(world: World) -> None:
    await world.press(OLIVIA, "Check our people", channel=SHARED)
    await world.fill(OLIVIA)
    await world.close(OLIVIA)


async def test_for_weeks_nobody_of_the_partner_hears_anything_directly(
    empty_world: World,
) -> None:
    world = empty_world
    await asked(world)
    await world.command(PRIYA, "move HEL-2 to 2 Dec")
    await until(world, "2026-12-14T12:00+00:00")
    assert written_to(world) == []
    card = world.text(TOMASZ, SHARED)
    assert "<@U0TOMASZ>" in card, "they can hear of it in the channel"
    assert "<@U0OLIVIA> , Priya Raman says you look after this alliance" in card


async def test_the_proposer_and_their_alliance_manager_hear_that_there_is_no_answer(
    empty_world: World,
) -> None:
    world = empty_world
    await asked(world)
    await until(world, "2026-12-01T12:00+00:00")
    told = " ".join(words_of(message) for message in digests(world, HANA))
    assert "No answer yet: a word with them may help" in told
    assert "HEL-3 name the decider" in told.replace("*", "")
    everything = " ".join(words_of(message) for message in digests(world, PRIYA)).replace("*", "")
    assert "Proposals without an answer for five working days" in everything
    assert "HEL-3 name the decider" in everything
    assert written_to(world) == []


async def test_who_acts_themselves_is_written_to_and_the_others_are_not(
    empty_world: World,
) -> None:
    world = empty_world
    await asked(world)
    await world.press(TOMASZ, "My actions", channel=SHARED)
    await until(world, "2026-11-24T12:00+00:00")
    assert days(world, TOMASZ, LONDON) == ["Tue 24 Nov"]
    assert "HEL-2 send the quote" in said(world, TOMASZ)
    assert written_to(world) == [TOMASZ]
    await world.command(PRIYA, "action @tomasz call the lab by 2 Dec")
    assert "HEL-4 call the lab" in world.inbox(TOMASZ)[-1].replace("*", "")


async def test_after_looks_right_everybody_hears_what_waited_and_nothing_twice(
    empty_world: World,
) -> None:
    world = empty_world
    await asked(world)
    await world.command(PRIYA, "move HEL-2 to 2 Dec")
    await until(world, "2026-11-25T12:00+00:00")
    await looks_right(world)
    assert written_to(world) == [], "what waited comes with the daily message"
    await until(world, "2026-11-26T12:00+00:00")
    for who, line in ((OLIVIA, "HEL-1"), (TOMASZ, "HEL-2"), (INES, "HEL-3")):
        assert days(world, who, LONDON) == ["Thu 26 Nov"]
        assert said(world, who).count(line) == 1 + said(world, who).split(" · ")[0].count(line)
        assert len(unprompted(world, who)) == 1
    assert written_to(world) == [OLIVIA, INES, TOMASZ], "who has no lines hears nothing"
    await until(world, "2026-11-27T12:00+00:00")
    assert len(unprompted(world, INES)) == 1
    await world.command(HANA, "action @ines call the notified body by 4 Dec")
    assert "HEL-4 call the notified body" in world.inbox(INES)[-1].replace("*", "")


async def test_news_that_waited_is_not_lost(empty_world: World) -> None:
    """Tomasz is made a helper while nobody of Helix may be written to."""
    world = empty_world
    await asked(world)
    await world.command(HANA, "action book the lab by 4 Dec")
    await world.command(HANA, "helper HEL-4 @tomasz")
    await until(world, "2026-11-25T12:00+00:00")
    assert written_to(world) == []
    await looks_right(world)
    await until(world, "2026-11-26T12:00+00:00")
    assert said(world, TOMASZ).count("Hana Kobayashi added you as a helper on HEL-4") == 1
    await until(world, "2026-11-30T23:00+00:00")
    everything = " ".join(words_of(message) for message in digests(world, TOMASZ))
    assert everything.count("added you as a helper on HEL-4") == 1


async def test_a_stand_in_of_a_silent_firm_hears_nothing_until_somebody_looks(
    empty_world: World,
) -> None:
    """Inês, who acts, is away and names Tomasz, who has never acted."""
    world = empty_world
    await asked(world)
    await world.mention(INES, "open")
    await world.write(INES, "accept HEL-3")
    await world.write(INES, "reminders")
    await world.press(INES, "Reminders", channel=direct(INES))
    await world.fill(INES, until="2026-12-04", stand_in=TOMASZ)
    await world.close(INES)
    await until(world, "2026-11-30T12:00+00:00")
    assert world.inbox(TOMASZ) == []
    await looks_right(world)
    await until(world, "2026-12-01T12:00+00:00")
    assert "You stand in for a colleague" in said(world, TOMASZ)


async def test_what_has_no_line_in_the_daily_message_waits_as_well_and_comes_by_itself(
    empty_world: World,
) -> None:
    """Tomasz, who accepted, leaves; his items are offered to Olivia, who has never acted."""
    world = empty_world
    await asked(world)
    await world.press(TOMASZ, "Accept", channel=SHARED)
    await world.slack.person(TOMASZ, deleted=True)
    await until(world, "2026-11-25T12:00+00:00")
    assert world.inbox(OLIVIA) == []
    await looks_right(world)
    await until(world, "2026-11-26T12:00+00:00")
    told = [text for text in world.inbox(OLIVIA) if "Tomasz Zieliński has left" in text]
    assert len(told) == 1
    assert "HEL-2" in told[0]


async def test_each_alliance_asks_for_itself(empty_world: World) -> None:
    """Helix has looked in one alliance; in the other it has not been asked."""
    world = empty_world
    await asked(world)
    await looks_right(world)
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    room = world.slack.house.world.channels[RANDOM]
    room.teams, room.members = ["T0NORTH", "T0HELIX"], [*room.members, OLIVIA, TOMASZ]
    await world.set_up(checked=False, channel=RANDOM, name="Inner circle", code="INN")
    await world.command(PRIYA, "action @tomasz draft the charter by Wed", channel=RANDOM)
    await until(world, "2026-11-24T12:00+00:00")
    assert "HEL-2 send the quote" in said(world, TOMASZ)
    assert "INN-1" not in " ".join(world.inbox(TOMASZ))
    await world.mention(TOMASZ, "open", channel=RANDOM)
    await until(world, "2026-11-25T12:00+00:00")
    assert "INN-1 draft the charter" in said(world, TOMASZ)


async def test_the_host_s_people_hear_from_the_first_day(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await world.command(PRIYA, "action @hana file the report by Wed")
    assert "HEL-1" in world.inbox(HANA)[-1]
    await until(world, "2026-11-24T12:00+00:00")
    assert days(world, HANA, BERLIN) == ["Tue 24 Nov"]


async def test_a_question_that_waited_reaches_who_switches_the_daily_message_off_first(
    empty_world: World,
) -> None:
    world = empty_world
    await asked(world)
    await world.write(TOMASZ, "reminders off")
    await world.write(TOMASZ, "open")
    before = len(world.inbox(TOMASZ))
    await until(world, "2026-11-25T12:00+00:00")
    heard = [text.replace("*", "") for text in world.inbox(TOMASZ)[before:]]
    assert len(heard) == 1
    assert "HEL-2 send the quote" in heard[0]
