"""What each firm decides for itself, and where its people are taken to be."""

from typing import Any

from sqlmodel import Session, select

from storage.tables import HistoryEntry, Person, Side
from tests.daily import days, digests, name_helix_manager, said, until
from tests.seen_by import everything
from tests.world import (
    HANA,
    KWAME,
    OLIVIA,
    PRIYA,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)

LONDON = "Europe/London"


async def set_firm(world: World, who: str, **values: str) -> str:
    await world.write(who, "firm")
    await world.press(who, "Your firm", channel=direct(who))
    seen = await world.fill(who, **values)
    if seen.ok and "errors" not in world.form(who):
        await world.close(who)
    return seen.text


def side(world: World, firm: str) -> dict[str, Any]:
    def found(session: Session) -> dict[str, Any]:
        return session.exec(select(Side).where(Side.firm == firm)).one().model_dump()

    return world.stored(found)


def place(world: World, who: str) -> tuple[str, str | None, bool]:
    def found(session: Session) -> tuple[str, str | None, bool]:
        person = session.exec(select(Person).where(Person.user_id == who)).one()
        return person.zone, person.country, person.zone_assumed

    return world.stored(found)


async def test_each_firms_manager_changes_their_own_firm_only(world: World) -> None:
    await name_helix_manager(world)
    told = await set_firm(world, OLIVIA, name="Helix", zone="Europe/Dublin", country="ie")
    assert "The settings of Helix are changed." in told
    helix = side(world, "Helix")
    assert (helix["zone"], helix["country"]) == ("Europe/Dublin", "IE")
    assert side(world, "Northwind Bio")["zone"] == "Europe/Berlin", "as it was set up"
    await world.later("PT1M")
    card = next(m for m in world.read(PRIYA, SHARED) if "What is this?" in buttons_of(m))
    assert "Northwind Bio · Helix" in words_of(card)
    noted = select(HistoryEntry).where(
        HistoryEntry.record == "side", HistoryEntry.what == "changed"
    )
    [entry] = world.stored(lambda session: [one.model_dump() for one in session.exec(noted)])
    assert entry["before"] == {"firm": "Helix Devices", "zone": LONDON, "country": "GB"}
    assert entry["after"] == {"firm": "Helix", "zone": "Europe/Dublin", "country": "IE"}


async def test_mistakes_stand_beside_their_field(world: World) -> None:
    await name_helix_manager(world)
    await world.write(OLIVIA, "firm")
    await world.press(OLIVIA, "Your firm", channel=direct(OLIVIA))
    for values, field, why in (
        ({"name": "northwind BIO"}, "name", "Another firm of the alliance is called that."),
        ({"name": "Helix Devices", "zone": "Moon/Sea"}, "zone", "I don't know that time zone."),
        ({"zone": LONDON, "country": "XX"}, "country", "I don't know that country."),
    ):
        await world.fill(OLIVIA, **values)
        assert why in world.form(OLIVIA)["errors"][field]
    await world.fill(OLIVIA, country="")
    await world.close(OLIVIA)
    assert "That is how it is already" in await set_firm(world, OLIVIA)


async def test_others_of_the_firm_read_it_and_the_partner_does_not(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "mine")
    await set_firm(world, PRIYA, zone="Europe/Zurich", country="CH")
    read = await world.command(HANA, "firm")
    assert "Europe/Zurich" in read.private
    assert "Looked after by" in read.private
    assert "Priya Raman" in read.private
    assert read.view is None
    await world.write(TOMASZ, "firm")
    assert "Europe/Zurich" not in everything(world, TOMASZ)
    await world.write(OLIVIA, "firm")
    assert "Zurich" not in everything(world, OLIVIA)


async def test_private_records_are_turned_on_by_the_firm_itself(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await name_helix_manager(world)
    await world.write(OLIVIA, "firm")
    shown = await world.press(OLIVIA, "Your firm", channel=direct(OLIVIA))
    assert "Northwind Bio stores what you record." in shown.text
    await world.fill(OLIVIA, private="on")
    await world.close(OLIVIA)
    assert side(world, "Helix Devices")["private_since"] is not None
    assert side(world, "Northwind Bio")["private_since"] is None
    await set_firm(world, OLIVIA, private="off")
    assert side(world, "Helix Devices")["private_since"] is None


async def test_of_whom_nothing_is_known_they_are_where_their_firm_is(world: World) -> None:
    await name_helix_manager(world)
    await set_firm(world, OLIVIA, zone=LONDON, country="GB")
    await world.mention(KWAME, "open")
    assert place(world, KWAME) == (LONDON, "GB", True)
    await set_firm(world, OLIVIA, zone="America/New_York", country="US")
    assert place(world, KWAME) == ("America/New_York", "US", True)
    assert place(world, TOMASZ)[0] == LONDON, "Slack told where he is"


async def test_the_first_daily_message_says_once_what_was_assumed(world: World) -> None:
    await name_helix_manager(world)
    await set_firm(world, OLIVIA, zone=LONDON, country="GB")
    await world.mention(KWAME, "action order the pumps by 25 Nov")
    await until(world, "2026-11-24T12:00+00:00")
    assert days(world, KWAME, LONDON) == ["Tue 24 Nov"]
    line = "I take you to be in London (Europe/London), with the holidays of GB."
    assert line in said(world, KWAME)
    assert "Change" in buttons_of(digests(world, KWAME)[-1])
    await until(world, "2026-11-25T12:00+00:00")
    assert len(digests(world, KWAME)) == 2
    assert "I take you to be" not in said(world, KWAME)
    form = await world.press(KWAME, "Change", channel=direct(KWAME))
    assert "Time zone" in words_of(form.view)


async def test_nothing_else_to_say_is_no_reason_to_write(world: World) -> None:
    await name_helix_manager(world)
    await set_firm(world, OLIVIA, zone=LONDON, country="GB")
    await world.mention(KWAME, "open")
    await until(world, "2026-11-26T12:00+00:00")
    assert digests(world, KWAME) == []


async def test_who_says_where_they_are_is_taken_at_their_word(world: World) -> None:
    await name_helix_manager(world)
    await world.mention(KWAME, "action order the pumps by 27 Nov")
    await world.write(KWAME, "reminders")
    await world.press(KWAME, "Reminders", channel=direct(KWAME))
    await world.fill(KWAME, zone="Africa/Accra", country="GH")
    await world.close(KWAME)
    await set_firm(world, OLIVIA, zone=LONDON, country="GB")
    assert place(world, KWAME) == ("Africa/Accra", "GH", False)
    await until(world, "2026-11-27T12:00+00:00")
    assert "I take you to be" not in "".join(words_of(m) for m in digests(world, KWAME))


async def test_when_the_firm_moves_the_next_daily_message_moves_along(world: World) -> None:
    await name_helix_manager(world)
    await set_firm(world, OLIVIA, zone=LONDON)
    await world.mention(KWAME, "action order the pumps by 25 Nov")
    await until(world, "2026-11-24T06:00+00:00")
    await set_firm(world, OLIVIA, zone="America/New_York", country="US")
    await until(world, "2026-11-24T12:00+00:00")
    assert digests(world, KWAME) == [], "it is seven in New York"
    await until(world, "2026-11-24T14:00+00:00")
    assert "I take you to be in New York" in said(world, KWAME)
    assert "with the holidays of US." in said(world, KWAME)
