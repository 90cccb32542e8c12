"""`reminders`: the hour, the weekdays, off and on, where somebody is; in words and as a form."""

import pytest

from tests.anywhere import HANA, SHARED, TOMASZ, AnyWorld, direct
from tests.daily import BERLIN, digests, said, times, until


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_the_hour_is_set_in_words(world: AnyWorld) -> None:
    await world.command(HANA, "action book the room by Tue")
    seen = await world.command(HANA, "reminders 10:15")
    assert "One message a day at 10:15 (Europe/Berlin), Mon, Tue, Wed, Thu, Fri" in seen.text
    await until(world, "2026-11-24T12:00+00:00")
    assert times(digests(world, HANA), BERLIN) == ["Tue 24 Nov 10:15"]
    await world.command(HANA, "reminders at 2pm")
    await until(world, "2026-11-25T20:00+00:00")
    shown = ["Tue 24 Nov 10:15", "Wed 25 Nov 14:00"]
    assert times(digests(world, HANA), BERLIN) == shown, "one a day, also when the hour moves"
    assert "morning" not in said(world, HANA)


async def test_the_daily_message_goes_off_and_on(world: AnyWorld) -> None:
    await world.command(HANA, "action book the room by Tue")
    seen = await world.command(HANA, "reminders off")
    assert "Your daily message is off." in seen.text
    await until(world, "2026-11-25T12:00+00:00")
    assert digests(world, HANA) == []
    seen = await world.command(HANA, "reminders on")
    assert "One message a day at 08:30" in seen.text
    await until(world, "2026-11-26T12:00+00:00")
    assert times(digests(world, HANA), BERLIN) == ["Thu 26 Nov 08:30"]
    assert "Still open HEL-1 book the room" in said(world, HANA)


async def test_words_that_make_no_sense_are_answered_with_an_example(world: AnyWorld) -> None:
    for typed in ("25:00", "sometimes", "8:75", "13pm"):
        seen = await world.command(HANA, f"reminders {typed}")
        assert f"I did not understand “{typed}”. For example: reminders 08:30" in " ".join(
            seen.text.replace("`", "").split()
        )
    seen = await world.command(HANA, "reminders away until 20 Nov 2026")
    assert "past" in seen.text
    seen = await world.command(HANA, "reminders away until whenever")
    assert "I did not understand “whenever” as a date." in seen.text
    seen = await world.command(HANA, "reminders on")
    assert "at 08:30 (Europe/Berlin), Mon, Tue, Wed, Thu, Fri" in seen.text, "nothing had changed"


async def test_the_form_sets_everything_at_once(world: AnyWorld) -> None:
    await world.command(HANA, "action book the room by 25 Nov")
    await world.command(HANA, "reminders")
    seen = await world.fill(
        HANA, time="7.45", weekdays=["1", "3"], zone="America/New_York", country="us"
    )
    assert "at 07:45 (America/New_York), Tue, Thu" in seen.text
    await world.close(HANA)
    await until(world, "2026-12-03T23:00+00:00")
    shown = ["Tue 24 Nov 13:45", "Tue 1 Dec 13:45"]
    assert times(digests(world, HANA), BERLIN) == shown, "no message on Thanksgiving"


async def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_kept(
    world: AnyWorld,
) -> None:
    wrong = (
        ({"time": "9 bells"}, "time", "Write a time such as 08:30."),
        ({"zone": "Mars/Olympus"}, "zone", "I don't know that time zone."),
        ({"country": "Narnia"}, "country", "I don't know that country."),
        ({"until": "2026-11-20"}, "until", "can't be before the first, or past"),
        ({"away_from": "2026-12-01"}, "until", "Add your last day away."),
        (
            {"away_from": "2026-12-04", "until": "2026-12-01"},
            "until",
            "can't be before the first, or past",
        ),
    )
    for values, field, message in wrong:
        await world.command(HANA, "reminders")
        await world.fill(HANA, on="off", **values)
        errors = world.errors(HANA)
        assert list(errors) == [field], (values, errors)
        assert message in errors[field]
        await world.close(HANA)
    seen = await world.command(HANA, "reminders")
    assert "One message a day at 08:30 (Europe/Berlin), Mon, Tue, Wed, Thu, Fri" in seen.text


async def test_the_partners_people_reach_the_same_by_mention_and_direct_message(
    world: AnyWorld,
) -> None:
    await world.mention(TOMASZ, "action book the room by 27 Nov")
    await world.write(TOMASZ, "reminders")
    await world.press(TOMASZ, "Reminders", channel=direct(TOMASZ))
    seen = await world.fill(TOMASZ, time="09:00", zone="Europe/Lisbon", country="PT")
    assert "at 09:00 (Europe/Lisbon)" in seen.text
    await world.close(TOMASZ)
    said = await world.mention(TOMASZ, "reminders away until Wed")
    assert "Enjoy your time away." in said.text
    assert "Enjoy your time away." not in world.text(HANA, SHARED)
    await until(world, "2026-11-27T12:00+00:00")
    came = times(digests(world, TOMASZ), "Europe/Lisbon")
    assert came == ["Thu 26 Nov 09:00", "Fri 27 Nov 09:00"]
