"""Days away: nothing is said, no day counts, somebody stands in, and one summary on return."""

from tests.daily import (
    BERLIN,
    LONDON,
    days,
    digests,
    name_helix_manager,
    said,
    unprompted,
    until,
)
from tests.world import (
    HANA,
    INES,
    OLIVIA,
    PRIYA,
    SAMIR,
    TOMASZ,
    World,
    direct,
)


async def test_going_away_shows_what_falls_due_meanwhile(world: World) -> None:
    await world.command(HANA, "action book the room by 26 Nov")
    await world.command(HANA, "action send the minutes by 11 Dec")
    seen = await world.command(HANA, "away until 4 Dec")
    assert "I write nothing before Mon 7 Dec, and no day until then counts as late." in seen.text
    assert "These fall due meanwhile" in seen.text
    assert "HEL-1 book the room" in seen.text.replace("*", "")
    assert "HEL-2" not in seen.text
    await world.mention(TOMASZ, "action test the seal by 26 Nov")
    await world.write(TOMASZ, "reminders away until 4 Dec")
    assert "HEL-3 test the seal" in world.inbox(TOMASZ)[-1].replace("*", "")


async def test_nothing_is_said_while_away_and_one_summary_comes_on_return(world: World) -> None:
    await world.command(HANA, "action book the room by Tue")
    await world.command(HANA, "action send the minutes by 26 Nov")
    await world.command(HANA, "reminders away until 4 Dec")
    await world.mention(OLIVIA, "action <@U0HANA> review the label by 27 Nov")
    await world.command(PRIYA, "action <@U0HANA> call the lab by 18 Dec")
    await until(world, "2026-12-06T23:00+00:00")
    assert unprompted(world, HANA) == []
    await until(world, "2026-12-07T23:00+00:00")
    assert days(world, HANA, BERLIN) == ["Mon 7 Dec"]
    text = said(world, HANA)
    assert text.startswith("Welcome back, Hana. 1 to accept, 1 new on your list, 2 still open · ")
    assert len(unprompted(world, HANA)) == 1
    for reference in ("HEL-1", "HEL-2", "HEL-3", "HEL-4"):
        assert reference in text
    await until(world, "2026-12-08T23:00+00:00")
    assert len(digests(world, HANA)) == 1, "the summary was said once"


async def test_days_away_count_on_no_rung_and_not_after_the_return_either(world: World) -> None:
    await world.command(SAMIR, "action book the room by Tue")
    await until(world, "2026-11-25T12:00+00:00")
    assert days(world, SAMIR, LONDON) == ["Tue 24 Nov", "Wed 25 Nov"]
    await world.command(SAMIR, "reminders away until 11 Dec")
    await until(world, "2026-12-14T12:00+00:00")
    assert days(world, SAMIR, LONDON)[2:] == ["Mon 14 Dec"]
    assert digests(world, PRIYA) == [], "his manager hears after five days at work"
    await until(world, "2026-12-16T23:00+00:00")
    assert days(world, SAMIR, LONDON)[2:] == ["Mon 14 Dec", "Wed 16 Dec"], "the third day is a rung"
    assert digests(world, PRIYA) == []
    await until(world, "2026-12-20T23:00+00:00")
    assert days(world, PRIYA, BERLIN) == ["Fri 18 Dec"]


async def test_a_second_absence_leaves_the_first_uncounted(world: World) -> None:
    await world.command(SAMIR, "action book the room by Tue")
    await until(world, "2026-11-24T12:00+00:00")
    await world.command(SAMIR, "reminders away until 27 Nov")
    await until(world, "2026-11-30T12:00+00:00")
    await world.command(SAMIR, "reminders away until 4 Dec")
    await until(world, "2026-12-09T23:00+00:00")
    shown = ["Tue 24 Nov", "Mon 30 Nov", "Mon 7 Dec", "Wed 9 Dec"]
    assert days(world, SAMIR, LONDON) == shown
    assert digests(world, PRIYA) == []


async def test_coming_back_early_brings_the_daily_message_back(world: World) -> None:
    await world.command(HANA, "action book the room by 2 Dec")
    await world.command(HANA, "reminders away until 11 Dec")
    await until(world, "2026-11-30T12:00+00:00")
    seen = await world.command(HANA, "reminders back")
    assert "Welcome back. One message a day at 08:30 (Europe/Berlin)" in seen.text
    await until(world, "2026-12-01T12:00+00:00")
    assert days(world, HANA, BERLIN) == ["Tue 1 Dec"]
    assert said(world, HANA).startswith("Welcome back, Hana. 1 coming up: HEL-1 book the room")


async def test_a_stand_in_of_the_same_side_hears_and_may_act(world: World) -> None:
    await world.command(HANA, "action book the room by 26 Nov")
    await world.command(SAMIR, "action send the minutes by 18 Dec")
    await world.mention(INES, "open")
    await world.command(HANA, "reminders")
    refused = await world.fill(HANA, until="2026-12-04", stand_in=INES)
    assert not refused.ok, "only people of her own firm are offered"
    assert not (await world.fill(HANA, until="2026-12-04", stand_in=HANA)).ok
    seen = await world.fill(HANA, until="2026-12-04", stand_in=SAMIR)
    assert "Samir Haddad stands in for you and may act on your items." in seen.text
    await world.close(HANA)
    await until(world, "2026-11-24T12:00+00:00")
    assert days(world, SAMIR, LONDON) == ["Tue 24 Nov"]
    assert "You stand in for a colleague HEL-1 book the room ○ Hana Kobayashi" in said(world, SAMIR)
    await world.mention(TOMASZ, "done HEL-1")
    assert "Hana Kobayashi is its owner" in world.text(TOMASZ, direct(TOMASZ))
    await world.press(SAMIR, "Done", channel=direct(SAMIR))
    assert "~book the room~" in said(world, SAMIR)
    await until(world, "2026-12-07T12:00+00:00")
    assert "Samir Haddad finished HEL-1" in said(world, HANA)


async def test_standing_in_ends_with_the_absence(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action book the room by 26 Nov")
    await world.command(HANA, "reminders")
    await world.fill(HANA, until="2026-11-25", stand_in=PRIYA)
    await world.close(HANA)
    await until(world, "2026-11-26T12:00+00:00")
    assert said(world, HANA).startswith("Welcome back, Hana. 1 due today")
    seen = await world.command(PRIYA, "done HEL-1")
    assert "Hana Kobayashi is its owner and marks it done." in seen.text
    seen = await world.command(HANA, "reminders")
    assert "2026-11-25" not in str(seen.view), "an absence that is over is not proposed again"
    assert "Priya" not in str(seen.view)
    await world.fill(HANA)
    assert "One message a day at 08:30" in str(world.form(HANA))
