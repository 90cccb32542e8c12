"""How long and whom the bot reminds of an item: rungs in working days, and what ends them."""

from tests.daily import (
    BERLIN,
    LONDON,
    NEW_YORK,
    days,
    digests,
    name_helix_manager,
    said,
    unprompted,
    until,
    wake,
)
from tests.world import (
    ADAEZE,
    HANA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    TOMASZ,
    World,
    direct,
)


async def test_an_owner_hears_on_the_day_then_after_one_and_three_and_then_weekly(
    world: World,
) -> None:
    await world.command(HANA, "action book the room by 30 Nov")
    await world.mention(TOMASZ, "action book the room by 30 Nov")
    await until(world, "2026-12-20T23:00+00:00")
    rungs = ["Fri 27 Nov", "Mon 30 Nov", "Tue 1 Dec", "Thu 3 Dec", "Thu 10 Dec", "Thu 17 Dec"]
    assert days(world, HANA, BERLIN) == rungs
    assert days(world, TOMASZ, LONDON) == rungs, "the same for both firms"
    assert len(unprompted(world, HANA)) == len(rungs)
    assert "Still open HEL-1 book the room" in said(world, HANA)
    assert "overdue" not in said(world, HANA)


async def test_only_the_owners_own_manager_hears_after_five_working_days_and_privately(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.mention(TOMASZ, "action order the samples by 24 Nov")
    await world.command(MATEO, "action file the report by 24 Nov")
    card = world.text(HANA, SHARED)
    await until(world, "2026-12-01T07:45+00:00")
    assert digests(world, PRIYA) == digests(world, OLIVIA) == []
    await until(world, "2026-12-01T23:00+00:00")
    assert days(world, OLIVIA, LONDON) == ["Tue 1 Dec"]
    assert "Still open at your firm" in said(world, OLIVIA)
    assert "HEL-1 order the samples ○ Tomasz Zieliński · due Tue 24 Nov" in said(world, OLIVIA)
    assert digests(world, PRIYA) == [], "Thanksgiving was no working day of Mateo's"
    await until(world, "2026-12-20T23:00+00:00")
    assert days(world, PRIYA, BERLIN) == ["Wed 2 Dec"], "once, and of her own side's only"
    assert days(world, OLIVIA, LONDON) == ["Tue 1 Dec"]
    assert "HEL-2" in said(world, PRIYA)
    assert "HEL-1" not in said(world, PRIYA)
    assert world.text(HANA, SHARED) == card, "the channel hears nothing of lateness"


async def test_after_ten_working_days_it_is_marked_for_the_joint_agenda(world: World) -> None:
    await world.command(HANA, "action book the room by 24 Nov")
    await world.command(HANA, "action agree our position by 24 Nov", OWN)
    await until(world, "2026-12-07T23:00+00:00")
    seen = await world.command(HANA, "show HEL-1")
    assert "for the next joint meeting" not in seen.text
    await world.close(HANA)
    await until(world, "2026-12-08T23:00+00:00")
    seen = await world.command(HANA, "show HEL-1")
    assert "for the next joint meeting" in seen.text
    await world.close(HANA)
    seen = await world.command(HANA, "show OUR-1", OWN)
    assert "agree our position" in seen.text
    assert "for the next joint meeting" not in seen.text, "a firm's own items stay at home"


async def test_a_proposal_without_an_answer_reaches_its_proposer_and_then_both_managers(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.command(ADAEZE, "action <@U0TOMASZ> send the test plan by 27 Nov")
    await until(world, "2026-11-27T12:00+00:00")
    assert digests(world, ADAEZE) == []
    await until(world, "2026-12-20T23:00+00:00")
    assert days(world, ADAEZE, NEW_YORK) == ["Fri 27 Nov"], "three of her working days, once"
    assert "No answer yet" in said(world, ADAEZE)
    assert "HEL-1 send the test plan ◌ Tomasz Zieliński" in said(world, ADAEZE)
    assert days(world, PRIYA, BERLIN) == ["Mon 30 Nov"]
    assert days(world, OLIVIA, LONDON) == ["Mon 30 Nov"]
    assert "Proposals without an answer" in said(world, PRIYA)
    assert said(world, PRIYA) == said(world, OLIVIA)
    to_accept = ["Tue 24 Nov", "Thu 26 Nov", "Thu 3 Dec", "Thu 10 Dec", "Thu 17 Dec"]
    assert days(world, TOMASZ, LONDON) == to_accept
    assert "For you to accept" in said(world, TOMASZ)
    assert "Still open" not in world.text(TOMASZ, direct(TOMASZ)), "never overdue"
    seen = await world.command(PRIYA, "overdue")
    assert "Nothing is past its day" in seen.text


async def test_whoever_suggested_another_date_is_not_asked_to_accept_again(world: World) -> None:
    await world.command(HANA, "action <@U0TOMASZ> send the test plan by 27 Nov")
    await world.mention(TOMASZ, "move HEL-1 to 4 Dec")
    await until(world, "2026-12-03T23:00+00:00")
    assert digests(world, TOMASZ) == []
    assert "Tomasz Zieliński suggests Fri 4 Dec" in world.text(HANA, direct(HANA))


async def test_chasing_stops_the_moment_an_item_has_ended_or_is_somebody_elses(
    world: World,
) -> None:
    for words in ("one by Tue", "two by Tue", "three by Tue", "<@U0TOMASZ> four by Tue"):
        await world.command(HANA, f"action {words}")
    await world.command(HANA, "done HEL-1")
    await world.command(HANA, "cancel HEL-2")
    await world.command(HANA, "reassign HEL-3 <@U0MATEO>")
    await world.mention(TOMASZ, "decline HEL-4 not ours to do")
    await until(world, "2026-12-20T23:00+00:00")
    assert digests(world, TOMASZ) == []
    assert digests(world, HANA) == []
    assert days(world, MATEO, NEW_YORK)[0] == "Tue 24 Nov"
    assert "HEL-3 three" in said(world, MATEO)


async def test_what_ends_between_the_tick_and_the_sending_is_not_said(world: World) -> None:
    await world.command(HANA, "action one by Tue")
    for words in ("one by Tue", "two by Tue", "three by Tue", "four by Tue", "five by Tue"):
        await world.mention(TOMASZ, f"action {words}")
    await until(world, "2026-11-24T06:00+00:00")
    await world.slack.fault("chat.postMessage", status=429, retry_after=7200, times=2)
    await until(world, "2026-11-24T08:45+00:00")
    assert digests(world, HANA) == digests(world, TOMASZ) == []
    await world.command(HANA, "done HEL-1")
    await world.mention(TOMASZ, "done HEL-2")
    await world.mention(TOMASZ, "reassign HEL-3 <@U0MEILING>")
    await world.mention(TOMASZ, "snooze HEL-4 until Fri")
    await world.mention(TOMASZ, "move HEL-5 to 4 Dec")
    await world.later("PT2H")
    assert digests(world, HANA) == [], "nothing is left to say"
    assert said(world, TOMASZ).startswith("1 due today: HEL-6 five · Tue 24 Nov")


async def test_a_snooze_never_moves_the_due_day_and_ends_on_its_own(world: World) -> None:
    await world.command(HANA, "action book the room by Tue")
    await world.command(HANA, "action plan the spring by 1 Mar")
    await world.command(HANA, "snooze HEL-1 until 2 Dec")
    await world.command(HANA, "snooze HEL-2 until 3 Dec")
    await until(world, "2026-12-01T23:00+00:00")
    assert digests(world, HANA) == []
    await until(world, "2026-12-02T12:00+00:00")
    assert days(world, HANA, BERLIN) == ["Wed 2 Dec"]
    assert "Still open HEL-1 book the room ○ due Tue 24 Nov, 8 days ago" in said(world, HANA)
    await until(world, "2026-12-03T12:00+00:00")
    assert "Coming up HEL-2 plan the spring ○ due Mon 1 Mar 2027" in said(world, HANA)
    assert "HEL-1" not in said(world, HANA)
    await wake(world)
    await until(world, "2026-12-06T12:00+00:00")
    assert days(world, HANA, BERLIN) == ["Wed 2 Dec", "Thu 3 Dec", "Fri 4 Dec"]
