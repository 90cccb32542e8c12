"""Who holds a sponsor's seat at each firm, who names them, and what is shown of it to whom."""

import pytest
from sqlmodel import col, func, select

from storage.sponsor_tables import SponsorPair, SponsorSeat
from tests.anywhere import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    JONAS,
    MATEO,
    OLIVIA,
    PRIYA,
    SHARED,
    TOMASZ,
    AnyWorld,
    direct,
)
from tests.daily import digests, name_helix_manager, said
from tests.sponsors_world import (
    first_nudge,
    miss_sponsors,
    name_sponsor,
    spoke,
    sponsors_of,
    two_sponsors,
    waiting_for,
    with_member,
)

EMPTY = "Helix alliance has no sponsor at Northwind Bio"


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_each_firm_shows_who_holds_the_seat_with_whom_and_how_they_stand(
    world: AnyWorld,
) -> None:
    await first_nudge(world)
    await spoke(world, JONAS, "2026-11-30", how="video")
    for who in (PRIYA, OLIVIA):
        text = await sponsors_of(world, who)
        stands = "last spoke Mon 30 Nov by video · next due Sun 28 Feb"
        assert f"with Grant Whitaker (Helix Devices): {stands}" in text
        assert f"with Jonas Lindqvist (Northwind Bio): {stands}" in text
        assert text.count("since Mon 23 Nov") == 2
        assert text.count("no open asks") == 1, "of one's own firm"


async def test_an_empty_seat_is_marked_from_the_first_day_for_everybody(world: AnyWorld) -> None:
    await name_helix_manager(world)
    miss_sponsors(world)
    for who in (PRIYA, OLIVIA, HANA, INES):
        await world.mention(who, "open")
        assert (await sponsors_of(world, who)).count("No sponsor, since Mon 23 Nov.") == 2


async def test_an_empty_seat_is_told_after_a_week_then_monthly_until_it_is_filled(
    world: AnyWorld,
) -> None:
    await name_helix_manager(world)
    miss_sponsors(world)
    await world.until("2026-11-29T20:00:00+00:00")
    assert EMPTY not in "".join(world.inbox(PRIYA))
    await world.until("2026-12-01T20:00:00+00:00")
    [first] = [text for text in world.inbox(PRIYA) if EMPTY in text]
    assert "since Mon 23 Nov" in first
    await world.until("2027-01-25T20:00:00+00:00")
    assert len([text for text in world.inbox(PRIYA) if EMPTY in text]) == 3
    await name_sponsor(world, PRIYA, JONAS)
    await world.until("2027-03-25T20:00:00+00:00")
    assert len([text for text in world.inbox(PRIYA) if EMPTY in text]) == 3
    assert not [text for text in world.inbox(OLIVIA) if EMPTY in text], "each firm hears its own"


async def test_a_sponsor_is_named_by_command_with_the_form_filled_in(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await name_sponsor(world, OLIVIA, GRANT)
    await world.form_of(PRIYA, "sponsor @jonas")
    assert "For Northwind Bio. Whoever you name hears nothing yet" in world.words(world.form(PRIYA))
    seen = await world.fill(PRIYA, until="2028-06-30", in_role_until="summer 2028", assistant=HANA)
    assert "This is what Jonas Lindqvist reads from me" in seen.text
    await world.close(PRIYA)
    own = await sponsors_of(world, PRIYA)
    assert "until Fri 30 Jun 2028" in own
    assert "not introduced yet" in own
    assert "stays in the role: summer 2028" in own
    assert "assistant Hana Kobayashi" in own
    assert "with Grant Whitaker (Helix Devices): have not spoken yet · due now" in own
    theirs = await sponsors_of(world, OLIVIA)
    for kept in ("2028", "not introduced", "assistant"):
        assert kept not in theirs, kept
    assert world.inbox(JONAS) == []


async def test_what_is_known_of_a_sponsor_is_changed(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.command(PRIYA, "sponsors")
    await world.press(PRIYA, "Change…", channel=SHARED)
    assert "Who sponsors it?" not in world.words(world.form(PRIYA))
    seen = await world.fill(PRIYA, until="2027-06-30")
    assert "Saved. Jonas Lindqvist sponsors Helix alliance at Northwind Bio." in seen.text
    await world.close(PRIYA)
    text = await sponsors_of(world, PRIYA)
    assert "until Wed 30 Jun 2027" in text
    assert "with Grant Whitaker" in text


async def test_a_term_ends_after_it_begins(world: AnyWorld) -> None:
    await world.command(PRIYA, "sponsors")
    await world.press(PRIYA, "Name a sponsor")
    await world.fill(PRIYA, person=JONAS, since="2027-01-01", until="2026-12-01")
    assert "A term ends after it begins." in world.errors(PRIYA).values()
    await world.fill(PRIYA, person=JONAS, since="2026-01-01", until="2026-12-01", assistant=JONAS)
    assert "Choose somebody other than the sponsor." in world.errors(PRIYA).values()
    assert world.stored(lambda session: session.exec(select(SponsorSeat)).all()) == []


async def test_nobody_is_the_counterpart_of_themselves_or_of_a_colleague(world: AnyWorld) -> None:
    await world.command(PRIYA, "sponsors")
    await world.press(PRIYA, "Name a sponsor")
    await world.fill(PRIYA, person=JONAS)
    await world.close(PRIYA)
    await world.form_of(PRIYA, "sponsor @adaeze")
    assert "Counterpart" not in world.words(world.form(PRIYA)), "there is nobody to choose"
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert (await sponsors_of(world, PRIYA)).count("No counterpart yet.") == 2


async def test_several_pairs_are_chosen_where_a_firm_has_several_sponsors(world: AnyWorld) -> None:
    await two_sponsors(world)
    await world.form_of(PRIYA, "sponsor @adaeze")
    grant = world.stored(lambda session: session.exec(select(func.max(SponsorSeat.id))).one())
    await world.fill(PRIYA, counterparts=[str(grant)])
    await world.close(PRIYA)
    text = await sponsors_of(world, OLIVIA)
    assert text.count("with Grant Whitaker (Helix Devices)") == 2
    assert "with Jonas Lindqvist" in text
    assert "with Adaeze Okafor" in text
    pairs = select(SponsorPair).where(col(SponsorPair.ended_on).is_(None))
    assert len(world.stored(lambda session: session.exec(pairs).all())) == 2


async def test_a_partner_that_governs_itself_names_its_own_sponsors(world: AnyWorld) -> None:
    await name_helix_manager(world)
    await world.mention(GRANT, "open")
    seen = await world.command(PRIYA, "sponsor @grant")
    refused = "The alliance managers of Helix Devices look after its sponsors."
    assert refused in seen.text + seen.private + seen.error
    text = await sponsors_of(world, PRIYA)
    assert "Name one for Helix Devices" not in text
    await world.mention(TOMASZ, "open")
    assert refused in (await world.write(TOMASZ, "sponsor @grant")).text
    await world.command(PRIYA, "sponsors")
    await world.press(PRIYA, "Name a sponsor")
    assert not (await world.fill(PRIYA, person=GRANT)).ok, "they are not offered"
    assert world.stored(lambda session: session.exec(select(SponsorSeat)).all()) == []


async def test_before_that_the_host_names_one_for_it_and_introduces_nothing(
    world: AnyWorld,
) -> None:
    await world.mention(GRANT, "open")
    had = len(world.inbox(GRANT))
    assert "Name one for Helix Devices" in await sponsors_of(world, PRIYA)
    await world.press(PRIYA, "Name one for Helix Devices")
    form = world.words(world.form(PRIYA))
    assert "an alliance manager of Helix Devices introduces it to them" in form
    assert "Last day of the term" not in form
    seen = await world.fill(PRIYA, person=GRANT)
    assert "Grant Whitaker has the seat at Helix Devices." in seen.text
    assert "Send it" not in seen.text
    await world.close(PRIYA)
    text = await sponsors_of(world, PRIYA)
    assert "Grant Whitaker since Mon 23 Nov" in text
    assert "not introduced" not in text
    await world.later("P2D")
    assert len(world.inbox(GRANT)) == had


async def test_who_is_not_confirmed_sees_what_is_joint_alone(world: AnyWorld) -> None:
    await name_sponsor(world, PRIYA, JONAS, until="2027-06-30", in_role_until="summer")
    await world.command(MATEO, "mine")
    with_member(world, MATEO, lambda one: setattr(one, "stated", True))
    text = await sponsors_of(world, MATEO)
    assert "Jonas Lindqvist" in text
    for kept in ("2027", "summer", "welcome", "asks"):
        assert kept not in text.replace("Terms, welcomes and asks", ""), kept


async def test_a_role_changed_in_people_ends_the_seat_in_the_same_minute(world: AnyWorld) -> None:
    await first_nudge(world)
    await world.command(PRIYA, "ask @jonas unblock the budget")
    assert "sponsor.ask" in waiting_for(world, JONAS), "one message a day: it waits"
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=JONAS, side="Northwind Bio", role="lead")
    await world.close(PRIYA)
    await world.later("PT1M")
    assert not [kind for kind in waiting_for(world, JONAS) if kind.startswith("sponsor")]
    for message in world.read(JONAS, direct(JONAS)):
        assert not {"We spoke", "Accept"} & set(world.buttons(message))
    assert "No sponsor, since Tue 1 Dec." in await sponsors_of(world, OLIVIA)
    await world.until("2026-12-02T20:00:00+00:00")
    assert "Jonas Lindqvist sponsors it at Northwind Bio no more" in said(world, PRIYA)
    assert "no more" not in "".join(world.inbox(OLIVIA))


async def test_seats_are_listed_over_every_tenure_and_change(world: AnyWorld) -> None:
    await two_sponsors(world)
    for role in ("lead", "sponsor"):
        await world.later("P40D")
        await world.command(PRIYA, "people")
        await world.press(PRIYA, "Add somebody", channel=SHARED)
        who = JONAS if role == "lead" else ADAEZE
        await world.fill(PRIYA, person=who, side="Northwind Bio", role=role)
        await world.close(PRIYA)
    assert digests(world, PRIYA)
    seen = await world.command(PRIYA, "sponsors history")
    text = seen.private.replace("*", "")
    assert "Northwind Bio · 1 change" in text
    assert "Adaeze Okafor: since Thu 11 Feb" in text
    assert "Jonas Lindqvist: Mon 23 Nov 2026 to Sat 2 Jan, 2 months" in text
    assert "Grant Whitaker: since Mon 23 Nov 2026" in text
