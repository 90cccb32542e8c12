"""When a date moves at once, when somebody is asked, and which days are taken."""

import pytest

from tests.anywhere import HANA, MATEO, OLIVIA, PRIYA, SHARED, AnyWorld


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_a_fresh_slip_in_the_date_is_put_right_without_asking(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @hana file the report by Fri")
    await world.press(PRIYA, "Change the date", channel=SHARED)
    assert world.sends(PRIYA) == "Save"
    put_right = await world.fill(PRIYA, due="2026-12-04")
    assert "HEL-1 is due Fri 4 Dec" in put_right.text
    await world.close(PRIYA)
    own = await world.command(HANA, "move HEL-1 to 7 Dec")
    assert "HEL-1 is due Mon 7 Dec" in own.private, "the correction was not the owner's one move"
    touched = await world.command(PRIYA, "move HEL-1 to 8 Dec")
    assert "Hana Kobayashi is asked whether Tue 8 Dec suits" in touched.private
    await world.command(PRIYA, "action @mateo book the room by Fri")
    await world.later("PT11M")
    late = await world.command(PRIYA, "move HEL-2 to 8 Dec")
    assert "Mateo Fuentes is asked whether Tue 8 Dec suits" in late.private


async def test_only_the_owners_own_moves_count_and_a_new_owner_has_theirs(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.command(PRIYA, "move HEL-1 to 30 Nov")
    await world.press(OLIVIA, "Accept", channel=SHARED)
    await world.write(OLIVIA, "move HEL-1 to 1 Dec")
    assert "HEL-1 is due Tue 1 Dec" in world.inbox(OLIVIA)[-1]
    await world.write(OLIVIA, "move HEL-1 to 2 Dec")
    assert "is asked whether Wed 2 Dec suits" in world.inbox(OLIVIA)[-1]
    await world.command(HANA, "action @priya file the report by Fri")
    await world.command(PRIYA, "move HEL-2 to 30 Nov")
    await world.command(PRIYA, "wait HEL-2 @olivia")
    await world.command(PRIYA, "reassign HEL-2 @mateo")
    seen = await world.command(MATEO, "move HEL-2 to 1 Dec")
    assert "HEL-2 is due Tue 1 Dec" in seen.private
    assert "Waiting for" not in (await world.command(PRIYA, "show HEL-2")).text.split("Waiting…")[0]


async def test_a_suggested_day_that_has_passed_is_not_agreed_to(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.press(OLIVIA, "Suggest another date", channel=SHARED)
    assert world.sends(OLIVIA) == "Suggest"
    await world.fill(OLIVIA, due="2026-11-25")
    await world.close(OLIVIA)
    await world.later("P3D")
    seen = await world.press(PRIYA, "Agree to the date", channel=SHARED)
    assert "That day has passed meanwhile, so nothing has changed." in seen.text
    assert "due Fri 27 Nov" in (await world.command(PRIYA, "show HEL-1")).text


async def test_days_many_years_ahead_are_refused_beside_their_field(world: AnyWorld) -> None:
    far = "That is more than five years ahead. Choose a day before then."
    await world.command(HANA, "action")
    await world.fill(HANA, text="Print the dossier", due="2036-11-20")
    assert world.errors(HANA) == {"due": far}
    await world.close(HANA)
    typed = await world.command(HANA, "action print it by 20 Nov 2036")
    assert "Thu 20 Nov 2036 is more than five years away." in typed.private
    await world.command(HANA, "reminders")
    await world.fill(HANA, until="2036-11-20")
    assert world.errors(HANA) == {"until": far}


async def test_what_happened_meanwhile_names_the_readers_own_day(world: AnyWorld) -> None:
    await world.until("2026-11-24T23:30+00:00")
    await world.command(MATEO, "action book the room by Fri")
    await world.command(MATEO, "done HEL-1")
    await world.command(PRIYA, "action write the agenda by Fri")
    await world.command(PRIYA, "done HEL-2")
    own = await world.command(MATEO, "done HEL-1")
    assert "marked it done (Tue 24 Nov)" in own.private, "in New York"
    hers = await world.command(PRIYA, "done HEL-2")
    assert "marked it done (Wed 25 Nov)" in hers.private, "in Berlin"
