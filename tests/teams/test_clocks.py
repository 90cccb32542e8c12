"""Where people of Teams are: their client says so with what they write, and only then."""

from sqlmodel import Session, select

from storage.tables import Person
from tests.anywhere import HANA, INES, KWAME, MATEO, OLIVIA, PRIYA, SHARED
from tests.daily import BERLIN, NEW_YORK, digests, times, until
from tests.teams.conftest import Knock, said
from tests.teams.world import TeamsWorld

TOKYO = "Asia/Tokyo"


def zone(world: TeamsWorld, who: str) -> tuple[str, bool]:
    """Their zone, and whether it is only assumed."""

    def read(session: Session) -> tuple[str, bool]:
        person = session.exec(select(Person).where(Person.user_id == world.id_of(who))).one()
        return person.zone, person.zone_assumed

    return world.stored(read)


async def test_each_has_the_daily_message_at_half_past_eight_of_their_own_clock(
    world: TeamsWorld,
) -> None:
    await world.command(HANA, "action send the minutes by Wed")
    await world.command(MATEO, "action send the minutes by Wed")
    await world.later("P1D")
    assert zone(world, HANA) == (BERLIN, False)
    assert zone(world, MATEO) == (NEW_YORK, False)
    assert times(digests(world, HANA), BERLIN) == ["Tue 24 Nov 08:30"]
    assert times(digests(world, MATEO), NEW_YORK) == ["Tue 24 Nov 08:30"]


async def test_the_daily_message_follows_whoever_moves(world: TeamsWorld) -> None:
    await world.command(HANA, "action send the minutes by 26 Nov")
    await until(world, "2026-11-24T12:00+00:00")
    await world.done(world.teams.person("hana", zone=TOKYO))
    await until(world, "2026-11-24T13:00+00:00")
    assert zone(world, HANA) == (BERLIN, False), "nobody told yet"
    await world.command(HANA, "mine")
    assert zone(world, HANA) == (TOKYO, False)
    await until(world, "2026-11-26T12:00+00:00")
    came = times(digests(world, HANA)[1:], TOKYO)
    assert came
    assert all(at.endswith("08:30") for at in came)


async def test_a_zone_that_somebody_chose_stays_until_they_move(world: TeamsWorld) -> None:
    await world.command(HANA, "reminders")
    await world.fill(HANA, zone="Europe/Lisbon")
    await world.close(HANA)
    await world.later("P1D")
    await world.command(HANA, "mine")
    assert zone(world, HANA)[0] == "Europe/Lisbon"
    await world.done(world.teams.person("hana", zone=TOKYO))
    await world.command(HANA, "mine")
    assert zone(world, HANA)[0] == TOKYO


async def test_somebody_whose_client_tells_none_has_that_of_their_firm(
    world: TeamsWorld,
) -> None:
    for who in (OLIVIA, INES):
        await world.write(who, "mine")
    await world.write(KWAME, "action count the parts by 25 Nov")
    assert zone(world, KWAME) == ("Europe/London", True)
    await world.done(world.teams.person("kwame", zone=NEW_YORK))
    await world.write(KWAME, "mine")
    assert zone(world, KWAME) == (NEW_YORK, False)


async def test_being_looked_up_with_others_forgets_no_zone(world: TeamsWorld) -> None:
    await world.command(MATEO, "mine")
    await world.later("PT5M")
    await world.command(PRIYA, "action book the room by Fri")
    await world.mention(PRIYA, "action @mateo send the agenda by Fri")
    assert zone(world, MATEO) == (NEW_YORK, False)


async def test_a_zone_that_nobody_knows_is_as_good_as_none(world: TeamsWorld, knock: Knock) -> None:
    activity = said(world, "mine", MATEO)
    activity |= {"localTimezone": "Mars/Olympus", "entities": activity["entities"][1:]}
    assert (await knock(activity)).status == 200
    assert zone(world, MATEO)[1]


async def test_instants_are_written_in_the_readers_zone_and_in_a_channel_in_the_alliances(
    world: TeamsWorld,
) -> None:
    await world.command(MATEO, "action book the room by Fri")
    own = await world.command(MATEO, "show HEL-1")
    assert "Mon 23 Nov, 09:30 EST" in own.text
    theirs = await world.write(OLIVIA, "show HEL-1")
    assert "Mon 23 Nov, 14:30 GMT" in theirs.text
    details = await world.press(PRIYA, "Details", channel=SHARED)
    assert "Mon 23 Nov, 15:30 CET" in details.text
