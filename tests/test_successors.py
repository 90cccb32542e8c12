"""Who follows when a firm's last alliance manager goes, and who steps in when one is lost."""

import asyncio

from sqlmodel import Session, col, select

from storage.tables import HistoryEntry, Member, Person
from tests.daily import name_helix_manager, said, until
from tests.seen_by import everything
from tests.world import (
    HANA,
    INES,
    JONAS,
    LENA,
    OLIVIA,
    PRIYA,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)

WHO = "Who follows you as Northwind Bio's alliance manager?"


def managers(world: World) -> list[str]:
    """The names of the alliance managers whose place has no end."""
    chosen = (
        select(Person.name)
        .join(Member, col(Member.person_id) == Person.id)
        .where(Member.role == "manager", col(Member.until).is_(None))
        .order_by(Person.name)
    )
    return world.stored(lambda session: list(session.exec(chosen)))


async def edit(world: World, by: str, whom: str, **values: str | None) -> str:
    if by == PRIYA:
        await world.command(by, "people")
        await world.press(by, "Add somebody", channel=SHARED)
    else:
        await world.write(by, "people")
        await world.press(by, "Add somebody", channel=direct(by))
    return (await world.fill(by, person=whom, **values)).text


def lose(world: World, whom: str) -> None:
    """Their place ends in another way than by the form."""

    def end(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == whom)).one()
        member = session.exec(select(Member).where(Member.person_id == person.id)).one()
        member.until = world.now.date()
        member.cleared_at = world.now
        session.add(member)

    world.change(end)


async def test_the_last_manager_who_goes_is_asked_who_follows(world: World) -> None:
    await world.command(HANA, "mine")
    asked = await edit(world, PRIYA, PRIYA, role="team")
    assert WHO in asked
    assert managers(world) == ["Priya Raman"], "nothing has happened yet"
    done = await world.fill(PRIYA, successor=HANA)
    assert "Priya Raman is Team member at Northwind Bio." in done.text
    assert managers(world) == ["Hana Kobayashi"]
    noted = select(HistoryEntry).where(HistoryEntry.record == "member")
    roles = world.stored(
        lambda s: [entry.after["role"] for entry in s.exec(noted.order_by(col(HistoryEntry.id)))]
    )
    assert roles[-2:] == ["manager", "team"]


async def test_ending_ones_own_place_today_hands_over_in_the_same_moment(world: World) -> None:
    await world.command(HANA, "mine")
    assert WHO in await edit(world, PRIYA, PRIYA, role="manager", until="2026-11-23")
    done = await world.fill(PRIYA, successor=HANA)
    assert "Priya Raman's time here ends today." in done.text
    assert managers(world) == ["Hana Kobayashi"]


async def test_a_last_day_to_come_asks_as_well(world: World) -> None:
    await world.command(HANA, "mine")
    assert WHO in await edit(world, PRIYA, PRIYA, role="manager", until="2026-12-24")
    await world.fill(PRIYA, successor=HANA)
    assert managers(world) == ["Hana Kobayashi"]
    await world.close(PRIYA)
    still = await world.command(PRIYA, "people")
    assert "Priya Raman · Alliance manager" in still.private, "until that day"


async def test_whoever_says_no_keeps_everything(world: World) -> None:
    await world.command(HANA, "mine")
    await edit(world, PRIYA, PRIYA, role="team")
    await world.close(PRIYA)
    assert managers(world) == ["Priya Raman"]


async def test_who_follows_is_a_confirmed_colleague_who_stays(world: World) -> None:
    await world.command(HANA, "mine")
    await name_helix_manager(world)
    await world.command(LENA, "mine")
    await world.press(LENA, "Northwind Bio", channel=SHARED)
    await edit(world, PRIYA, PRIYA, role="team")
    view = world.form(PRIYA)
    [field] = [b for b in view["blocks"] if b.get("block_id") == "successor"]
    offered = await world.slack.options(
        PRIYA, view_id=view["id"], action_id=field["element"]["action_id"]
    )
    assert [option["value"] for option in offered["options"]] == [HANA]
    for wrong in (OLIVIA, LENA, PRIYA):
        refused = await world.slack.submit(PRIYA, view["id"], {"successor": wrong})
        assert "confirmed colleague" in str(refused) or not refused["ok"]
    await world.close(PRIYA)
    assert managers(world) == ["Olivia Bennett", "Priya Raman"]


async def test_where_nobody_could_follow_that_is_said(empty_world: World) -> None:
    await empty_world.set_up()
    told = await edit(empty_world, PRIYA, PRIYA, role="team")
    assert "You are its only alliance manager" in told
    assert "Add somebody first." in told


async def test_with_two_managers_one_just_goes(world: World) -> None:
    await edit(world, PRIYA, HANA, role="manager")
    await world.close(PRIYA)
    said = await edit(world, PRIYA, PRIYA, role="team")
    assert "Priya Raman is Team member" in said
    assert managers(world) == ["Hana Kobayashi"]


async def test_two_who_go_at_once_do_not_count_on_each_other(world: World) -> None:
    await edit(world, PRIYA, HANA, role="manager")
    await world.close(PRIYA)
    for who in (PRIYA, HANA):
        await world.command(who, "people")
        await world.press(who, "Add somebody", channel=SHARED)
    await asyncio.gather(
        world.fill(PRIYA, person=PRIYA, role="team"), world.fill(HANA, person=HANA, role="team")
    )
    assert len(managers(world)) == 1


async def test_a_side_that_lost_its_manager_is_looked_after_by_who_steps_in(world: World) -> None:
    await name_helix_manager(world)
    await world.mention(TOMASZ, "open")
    await world.mention(INES, "open")
    lose(world, OLIVIA)
    await world.write(TOMASZ, "people")
    assert "Helix Devices has no alliance manager now." in world.inbox(TOMASZ)[-1]
    await world.write(INES, "people")
    told = await world.press(TOMASZ, "Look after our side", channel=direct(TOMASZ))
    assert "You are Helix Devices's alliance manager in Helix alliance now." in told.text
    late = await world.press(INES, "Look after our side", channel=direct(INES))
    assert "Tomasz Zieliński looks after Helix Devices already." in late.text
    assert managers(world) == ["Priya Raman", "Tomasz Zieliński"]
    listed = await world.command(PRIYA, "people")
    assert "Tomasz Zieliński · Alliance manager" in listed.private
    before = len(world.inbox(PRIYA)) + len(world.inbox(INES))
    await world.later("P1D")
    assert len(world.inbox(PRIYA)) + len(world.inbox(INES)) == before, "nobody is written to"


async def test_two_step_in_at_once_and_one_does(world: World) -> None:
    await name_helix_manager(world)
    for who in (TOMASZ, INES):
        await world.mention(who, "open")
    lose(world, OLIVIA)
    for who in (TOMASZ, INES):
        await world.write(who, "people")
    await asyncio.gather(
        *(world.press(w, "Look after our side", channel=direct(w)) for w in (TOMASZ, INES))
    )
    assert len([name for name in managers(world) if name != "Priya Raman"]) == 1


async def test_a_side_that_never_had_a_manager_is_not_taken_over(world: World) -> None:
    await world.mention(TOMASZ, "open")
    await world.write(TOMASZ, "people")
    assert "Look after our side" not in everything(world, TOMASZ)
    await name_helix_manager(world)
    await world.write(TOMASZ, "people")
    assert "Look after our side" not in everything(world, TOMASZ)


async def test_a_guest_nobody_confirmed_does_not_step_in(world: World) -> None:
    await world.command(LENA, "mine")
    await world.press(LENA, "Northwind Bio", channel=SHARED)
    await world.command(JONAS, "mine")
    lose(world, PRIYA)
    assert "Look after our side" not in (await world.command(LENA, "people")).private
    offered = await world.command(JONAS, "people")
    assert "Look after our side" in buttons_of(offered.messages[-1])
    forged = buttons_of(offered.messages[-1])["Look after our side"]
    await world.slack.click(
        LENA,
        action_id=forged["action_id"],
        block_id=forged["block_id"],
        value=forged["value"],
        channel=SHARED,
        message_ts=offered.messages[-1]["ts"],
    )
    assert managers(world) == []
    assert "Lena" not in words_of(offered.view or {})


async def test_who_follows_hears_it_and_so_does_the_counterpart(world: World) -> None:
    await name_helix_manager(world)
    await world.write(OLIVIA, "open")
    await world.write(INES, "open")
    await world.write(OLIVIA, "people")
    await world.press(OLIVIA, "Add somebody", channel=direct(OLIVIA))
    await world.fill(OLIVIA, person=OLIVIA, role="team")
    await world.fill(OLIVIA, successor=INES)
    await world.close(OLIVIA)
    await until(world, "2026-11-24T12:00+00:00")
    assert "You look after Helix Devices here now: Olivia Bennett named you." in said(world, INES)
    assert "Inês Carvalho looks after Helix Devices now, after Olivia Bennett." in said(
        world, PRIYA
    )
