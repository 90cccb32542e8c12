"""At most two unprompted direct messages a person a day, over all alliances and reasons."""

from collections import Counter

from tests.daily import BERLIN, LONDON, digests, said, times, unprompted, until
from tests.world import ADAEZE, HANA, MATEO, OLIVIA, OWN, PRIYA, SHARED, TOMASZ, World, words_of


async def test_many_proposals_in_a_day_are_one_message_and_the_rest_comes_with_the_digest(
    world: World,
) -> None:
    await world.mention(TOMASZ, "action close the audit by Tue")
    asked = len(unprompted(world, TOMASZ))
    for number in range(6):
        await world.command(HANA, f"action <@U0TOMASZ> send part {number} by 11 Dec")
    assert len(unprompted(world, TOMASZ)) == asked + 1
    await until(world, "2026-11-24T12:00+00:00")
    for number in range(6, 9):
        await world.command(MATEO, f"action <@U0TOMASZ> send part {number} by 11 Dec")
    await world.command(HANA, "cancel HEL-3")
    tuesday = unprompted(world, TOMASZ)[asked + 1 :]
    assert times(tuesday, LONDON) == ["Tue 24 Nov 08:30", "Tue 24 Nov 12:00"]
    assert "For you to accept" in words_of(tuesday[0])
    for number in range(6):
        assert f"send part {number}" in words_of(tuesday[0])
    await until(world, "2026-11-25T12:00+00:00")
    assert "send part 7" in said(world, TOMASZ)
    assert "send part 8" in said(world, TOMASZ)
    assert "Hana Kobayashi cancelled HEL-3" in said(world, TOMASZ)


async def test_a_queue_that_waited_is_weighed_one_message_at_a_time(world: World) -> None:
    await world.mention(OLIVIA, "open")
    before = len(unprompted(world, OLIVIA))
    await world.slack.fault("chat.postMessage", status=429, retry_after=600, times=10)
    for number in range(4):
        await world.command(HANA, f"action <@U0OLIVIA> send part {number} by 11 Dec")
    await world.later("PT1H")
    assert len(unprompted(world, OLIVIA)) == before + 1
    await world.later("P1D")
    assert len(unprompted(world, OLIVIA)) == before + 2
    for number in range(4):
        assert f"send part {number}" in said(world, OLIVIA)


async def test_nobody_is_ever_written_to_more_than_twice_a_day(empty_world: World) -> None:
    world = empty_world
    await world.set_up()
    await world.set_up(channel=OWN, name="Orion alliance", code="ORI", firms="Northwind Bio")
    for day in range(1, 12):
        for number, (owner, place) in enumerate(((HANA, SHARED), (ADAEZE, OWN), (HANA, OWN))):
            await world.command(PRIYA, f"action <@{owner}> task {day}.{number} by {day}d", place)
        await world.mention(TOMASZ, f"action <@{HANA}> joint task {day} by {day}d")
        await world.later("PT13H")
    await world.later("P3D")
    for who in (HANA, ADAEZE, PRIYA):
        a_day = Counter(when[:-6] for when in times(unprompted(world, who), BERLIN))
        assert max(a_day.values(), default=0) <= 2, (who, a_day)
    assert max(Counter(t[:-6] for t in times(digests(world, HANA), BERLIN)).values()) == 1
    assert len(digests(world, HANA)) >= 5


async def test_a_question_outside_working_hours_waits_for_the_daily_message(world: World) -> None:
    await until(world, "2026-11-23T21:00+00:00")
    await world.command(MATEO, "action <@U0HANA> send the plan by 11 Dec")
    await world.command(MATEO, "action <@U0TOMASZ> send the plan by 11 Dec")
    assert unprompted(world, HANA) == unprompted(world, TOMASZ) == []
    await until(world, "2026-11-24T12:00+00:00")
    assert times(unprompted(world, HANA), BERLIN) == ["Tue 24 Nov 08:30"]
    assert times(unprompted(world, TOMASZ), LONDON) == ["Tue 24 Nov 08:30"]
    assert said(world, HANA).startswith("1 new on your list: HEL-1 send the plan")
    assert said(world, TOMASZ).startswith("1 to accept: HEL-2 send the plan")
    await until(world, "2026-11-27T20:00+00:00")
    await world.command(MATEO, "action <@U0HANA> send another by 11 Dec")
    await until(world, "2026-11-30T06:00+00:00")
    assert len(unprompted(world, HANA)) == 1, "nothing at the weekend"
    await until(world, "2026-11-30T08:00+00:00")
    assert "send another" in said(world, HANA)


async def test_without_daily_messages_questions_still_come_one_each_working_day(
    world: World,
) -> None:
    await world.command(HANA, "reminders 20:00")
    await world.command(HANA, "reminders off")
    await world.command(HANA, "action book the room by Tue")
    await until(world, "2026-11-23T21:00+00:00")
    for number in range(3):
        await world.command(MATEO, f"action <@U0HANA> send part {number} by 11 Dec")
    await until(world, "2026-12-04T23:00+00:00")
    assert digests(world, HANA) == []
    came = ["Tue 24 Nov 08:00", "Wed 25 Nov 08:00", "Thu 26 Nov 08:00"]
    assert times(unprompted(world, HANA), BERLIN) == came
