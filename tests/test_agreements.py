"""What binds every firm takes a press of each: proposed, agreed, refused, taken back, lapsed."""

import asyncio
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import Agreement, Alliance, HistoryEntry
from tests.daily import name_helix_manager, until
from tests.seen_by import everything
from tests.world import (
    HANA,
    INES,
    JONAS,
    LENA,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)


async def propose(world: World, who: str = PRIYA, **values: str) -> str:
    if who == PRIYA:
        await world.command(who, "settings")
    else:
        await world.write(who, "settings")
        await world.press(who, "Settings", channel=direct(who))
    said = (await world.fill(who, **values)).text
    await world.close(who)
    return said


async def make_manager(world: World, by: str, whom: str, side: str) -> None:
    """One alliance manager more, who acts here for the first time."""
    await world.mention(whom, "open")
    await world.write(by, "people")
    await world.press(by, "Add somebody", channel=direct(by))
    await world.fill(by, person=whom, side=side, role="manager")
    await world.close(by)


def alliance(world: World) -> Alliance:
    def found(session: Session) -> Alliance:
        one = session.exec(select(Alliance)).one()
        session.refresh(one)
        session.expunge(one)
        return one

    return world.stored(found)


def states(world: World) -> list[str]:
    chosen = select(Agreement.state).order_by(col(Agreement.id))
    return world.stored(lambda session: list(session.exec(chosen)))


def asked(world: World, who: str) -> list[dict[str, Any]]:
    return [m for m in world.read(who, direct(who)) if "proposes" in words_of(m)]


async def test_a_change_for_every_firm_takes_one_press_of_each(world: World) -> None:
    await name_helix_manager(world)
    said = await propose(world, tier="integrated", owner_rungs="0, 2, 5")
    assert "Helix Devices is asked; until Olivia Bennett agrees, nothing changes." in said
    assert alliance(world).tier == "collaborative"
    await world.later("PT1M")
    question = words_of(asked(world, OLIVIA)[-1])
    assert "Priya Raman (Northwind Bio) proposes new settings for Helix alliance:" in question
    assert "Tier: Collaborative → Integrated" in question
    assert "Owners hear on working day: 0, 1, 3 → 0, 2, 5" in question
    assert "Purpose" not in question, "only what changes"
    assert "It lapses on Mon 7 Dec." in question
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert (alliance(world).tier, alliance(world).owner_rungs) == ("integrated", "0,2,5")
    answered = asked(world, OLIVIA)[-1]
    assert "Olivia Bennett (Helix Devices) agreed" in words_of(answered)
    assert not buttons_of(answered)
    await world.later("PT1M")
    assert "The new settings of Helix alliance hold for every firm now." in world.inbox(PRIYA)[-1]
    noted = select(HistoryEntry.what).where(HistoryEntry.record == "agreement")
    assert world.stored(lambda s: list(s.exec(noted))) == ["proposed", "agreed"]


async def test_nothing_different_is_no_proposal(world: World) -> None:
    await name_helix_manager(world)
    assert "That is how it is already, so nothing changes." in await propose(world)
    refused = await propose(world, zone="Mars/Olympus")
    assert states(world) == []
    assert "new settings" not in refused


async def test_a_no_comes_with_a_reason_and_ends_it(world: World) -> None:
    await name_helix_manager(world)
    await propose(world, agenda_rung="4")
    await world.later("PT1M")
    await world.press(OLIVIA, "No, and why", channel=direct(OLIVIA))
    empty = await world.fill(OLIVIA, reason=" ")
    assert not empty.ok or "errors" in world.form(OLIVIA)
    told = await world.fill(OLIVIA, reason="Four days is too soon <!channel>")
    assert "Nothing changes. Priya Raman reads your reason." in told.text
    await world.close(OLIVIA)
    await world.later("PT1M")
    told = world.inbox(PRIYA)[-1]
    assert "Olivia Bennett (Helix Devices) said no: “Four days is too soon" in told
    assert "Nothing changes." in told
    assert "<!channel>" not in str(world.read(PRIYA, direct(PRIYA))[-1]["text"])
    assert "said no: “Four days" in words_of(asked(world, OLIVIA)[-1])
    assert alliance(world).agenda_rung == 10
    assert states(world) == ["declined"]


async def test_a_firm_in_which_nobody_can_press_does_not_hold_it_up(empty_world: World) -> None:
    await empty_world.set_up(checked=False)
    said = await propose(empty_world, purpose="Better pumps, sooner.")
    assert "The new settings of Helix alliance hold for every firm now." in said
    assert "Helix Devices has no alliance manager here yet, so it counts at once." in said
    assert alliance(empty_world).purpose == "Better pumps, sooner."
    assert empty_world.inbox(PRIYA)[-1:] == [] or "proposal" not in empty_world.inbox(PRIYA)[-1]


async def test_a_manager_who_was_only_named_is_not_waited_for(empty_world: World) -> None:
    world = empty_world
    await world.set_up(checked=False)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=OLIVIA, side="Helix Devices", role="manager")
    await world.close(PRIYA)
    assert "it counts at once" in await propose(world, tier="linear")
    await world.mention(OLIVIA, "open")
    assert "until Olivia Bennett agrees" in await propose(world, tier="integrated")


async def test_one_firm_alone_just_changes_its_settings(empty_world: World) -> None:
    await empty_world.set_up(channel=OWN, name="Getting ready", code="RDY", firms="Northwind Bio")
    await empty_world.command(PRIYA, "settings", OWN)
    said = await empty_world.fill(PRIYA, tier="linear")
    assert "The new settings of Getting ready hold" in said.text
    assert "counts at once" not in said.text


async def test_three_firms_each_press_and_see_who_is_missing(empty_world: World) -> None:
    world = empty_world
    await world.set_up(firms="Northwind Bio\nHelix Devices\nOrion Labs")
    await name_helix_manager(world)
    await world.mention(LENA, "open")
    await world.press(LENA, "Orion Labs", channel=SHARED)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=LENA, side="Orion Labs", role="manager")
    await world.close(PRIYA)
    said = await propose(world, tier="linear")
    assert "Helix Devices and Orion Labs are asked" in said
    assert "until Olivia Bennett and Lena Vogt agree, nothing changes." in said
    await world.later("PT1M")
    pressed = await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert "Waits for Lena Vogt (Orion Labs)." in words_of(asked(world, OLIVIA)[-1])
    assert alliance(world).tier == "collaborative"
    assert pressed.ok
    await world.later("PT1M")
    assert "Olivia Bennett (Helix Devices) agreed" in words_of(asked(world, LENA)[-1])
    await world.press(LENA, "Agree", channel=direct(LENA))
    assert alliance(world).tier == "linear"
    await world.later("PT1M")
    assert "Lena Vogt (Orion Labs) agreed" in words_of(asked(world, OLIVIA)[-1])


async def test_two_presses_at_once_have_one_winner(world: World) -> None:
    await name_helix_manager(world)
    await make_manager(world, OLIVIA, INES, "Helix Devices")
    await propose(world, tier="linear")
    await world.later("PT1M")
    await world.press(INES, "No, and why", channel=direct(INES))
    await asyncio.gather(
        world.press(OLIVIA, "Agree", channel=direct(OLIVIA)),
        world.fill(INES, reason="Not now."),
    )
    [state] = states(world)
    assert state in ("agreed", "declined")
    assert alliance(world).tier == ("linear" if state == "agreed" else "collaborative")
    await world.close(INES)
    await world.later("PT1M")
    for who in (OLIVIA, INES):
        assert not buttons_of(asked(world, who)[-1])
        answers = [
            name for name in ("agreed", "said no") if name in words_of(asked(world, who)[-1])
        ]
        assert answers == ["agreed" if state == "agreed" else "said no"]


async def test_the_same_press_twice_changes_once(world: World) -> None:
    await name_helix_manager(world)
    await propose(world, tier="linear")
    await world.later("PT1M")
    ts = asked(world, OLIVIA)[-1]["ts"]
    await asyncio.gather(
        *(world.press(OLIVIA, "Agree", channel=direct(OLIVIA), ts=ts) for _ in range(2))
    )
    assert states(world) == ["agreed"]
    changes = select(HistoryEntry).where(
        HistoryEntry.record == "alliance", HistoryEntry.what == "changed"
    )
    assert len(world.stored(lambda session: list(session.exec(changes)))) == 1


async def test_a_newer_proposal_of_the_same_firm_takes_the_olders_place(world: World) -> None:
    await name_helix_manager(world)
    await propose(world, tier="linear")
    await world.later("PT1M")
    await propose(world, tier="integrated")
    assert states(world) == ["withdrawn", "waiting"]
    await world.later("P1D")
    first, second = asked(world, OLIVIA)
    assert "Taken back by the firm that proposed it" in words_of(first)
    assert not buttons_of(first)
    assert "Agree" in buttons_of(second)


async def test_while_one_firm_waits_for_an_answer_the_other_is_told(world: World) -> None:
    await name_helix_manager(world)
    await propose(world, tier="linear")
    told = await propose(world, OLIVIA, tier="integrated")
    assert "Northwind Bio has proposed a change that waits for you: see settings" in told
    assert states(world) == ["waiting"]


async def test_of_two_proposals_at_once_one_waits(world: World) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "settings")
    await world.write(OLIVIA, "settings")
    await world.press(OLIVIA, "Settings", channel=direct(OLIVIA))
    await asyncio.gather(world.fill(PRIYA, tier="linear"), world.fill(OLIVIA, tier="integrated"))
    assert states(world) == ["waiting"]


async def test_both_firms_see_what_waits_above_the_settings(world: World) -> None:
    await name_helix_manager(world)
    await propose(world, tier="linear")
    ours = (await world.command(PRIYA, "settings")).view
    assert ours is not None
    assert "Waits for Olivia Bennett (Helix Devices)." in words_of(ours)
    assert "Agree" not in buttons_of(ours)
    theirs = await world.write(OLIVIA, "settings")
    assert "proposes new settings for Helix alliance" in theirs.text
    assert "Withdraw" not in buttons_of(theirs.messages[-1])
    taken_back = await world.press(PRIYA, "Withdraw")
    assert "Taken back. Nothing changes." in taken_back.text
    await world.close(PRIYA)
    late = await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert "Taken back by the firm that proposed it" in late.text
    assert alliance(world).tier == "collaborative"


async def test_nobody_answers_for_two_weeks_and_it_lapses(world: World) -> None:
    await name_helix_manager(world)
    await propose(world, tier="linear")
    await until(world, "2026-12-07T15:30+00:00")
    assert states(world) == ["lapsed"]
    told = [text for text in world.inbox(PRIYA) if "Your proposal has lapsed" in text]
    assert len(told) == 1
    assert "Lapsed: it waited two weeks" in words_of(asked(world, OLIVIA)[-1])
    assert not buttons_of(asked(world, OLIVIA)[-1])
    assert alliance(world).tier == "collaborative"


async def test_what_has_moved_meanwhile_lapses_instead_of_being_undone(world: World) -> None:
    await name_helix_manager(world)
    await propose(world, tier="linear")
    await world.later("PT1M")

    def move(session: Session) -> None:
        moved = session.exec(select(Alliance)).one()
        moved.tier = "integrated"
        session.add(moved)

    world.change(move)
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert "What this would change has been changed meanwhile." in words_of(
        asked(world, OLIVIA)[-1]
    )
    assert (states(world), alliance(world).tier) == (["lapsed"], "integrated")
    await world.later("PT1M")
    assert "Your proposal has lapsed, so nothing changes." in world.inbox(PRIYA)[-1]


async def test_a_question_waits_for_working_hours(world: World) -> None:
    await name_helix_manager(world)
    await until(world, "2026-11-23T19:00+00:00")
    await propose(world, tier="linear")
    await world.later("PT1H")
    assert asked(world, OLIVIA) == []
    await until(world, "2026-11-24T12:00+00:00")
    assert len(asked(world, OLIVIA)) == 1


async def test_only_alliance_managers_propose_and_answer(world: World) -> None:
    await name_helix_manager(world)
    await world.mention(TOMASZ, "open")
    assert "The alliance managers change these." in (await world.command(HANA, "settings")).private
    await propose(world, tier="linear", purpose="A quiet word")
    await world.later("PT1M")
    await world.close(PRIYA)
    for who in (TOMASZ, HANA):
        assert "A quiet word" not in everything(world, who)
    token = world.stored(lambda session: session.exec(select(Agreement.token)).one())
    element = buttons_of(asked(world, OLIVIA)[-1])["Agree"]
    pressed = await world.slack.click(
        TOMASZ,
        action_id=element["action_id"],
        block_id=element.get("block_id"),
        value=token,
        channel=direct(OLIVIA),
        message_ts=asked(world, OLIVIA)[-1]["ts"],
    )
    assert not pressed["ok"] or "I can't find that" in str(pressed)
    assert states(world) == ["waiting"]


async def test_a_joint_channel_takes_one_press_a_firm(world: World) -> None:
    await name_helix_manager(world)
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.command(PRIYA, "link", channel=RANDOM)
    said = await world.fill(PRIYA, sees="joint")
    assert "until Olivia Bennett agrees, nothing changes." in said.text
    await world.close(PRIYA)
    await world.command(PRIYA, "action book the room by Fri", channel=RANDOM)
    assert world.references(PRIYA, RANDOM) == [], "it belongs to nothing yet"
    await world.later("PT5M")
    assert "proposes #random as a joint channel of Helix alliance" in words_of(
        asked(world, OLIVIA)[-1]
    )
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.later("PT1M")
    assert "#random is a joint channel of Helix alliance now." in " ".join(world.inbox(PRIYA))
    await world.command(HANA, "action order the chairs by Fri", channel=RANDOM)
    assert world.references(PRIYA, RANDOM) == ["HEL-1"]


async def test_a_channel_that_is_taken_meanwhile_is_not_linked_twice(world: World) -> None:
    await name_helix_manager(world)
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.command(PRIYA, "link", channel=RANDOM)
    await world.fill(PRIYA, sees="joint")
    await world.close(PRIYA)
    await world.command(PRIYA, "link", channel=RANDOM)
    assert "for Northwind Bio only" in (await world.fill(PRIYA, sees="own")).text
    await world.close(PRIYA)
    await world.later("PT1M")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert "This channel belongs to an alliance already." in words_of(asked(world, OLIVIA)[-1])
    assert states(world) == ["lapsed"]


async def test_closing_and_reopening_take_one_press_a_firm(world: World) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "close")
    said = await world.fill(PRIYA)
    assert "until Olivia Bennett agrees, nothing changes." in said.text
    await world.close(PRIYA)
    await world.later("PT1M")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    assert alliance(world).closed_at is not None
    await world.later("PT1M")
    assert "Helix alliance is closed." in " ".join(world.inbox(PRIYA))
    await world.write(OLIVIA, "close")
    reopened = await world.press(OLIVIA, "Reopen", channel=direct(OLIVIA))
    assert "until Priya Raman agrees" in reopened.text
    await world.later("P1D")
    await world.press(PRIYA, "Agree", channel=direct(PRIYA))
    assert alliance(world).closed_at is None


async def test_the_last_joint_channel_stays_and_others_can_be_unlinked(world: World) -> None:
    await name_helix_manager(world)
    refused = await world.command(PRIYA, "unlink")
    assert "This is the only joint channel of Helix alliance." in refused.text
    await world.command(HANA, "mine")
    assert "unlinked by the alliance managers" in (await world.command(HANA, "unlink", OWN)).text
    await world.command(PRIYA, "action agree our position by Fri", OWN)
    asks = await world.command(PRIYA, "unlink", OWN)
    assert "It is Northwind Bio's own channel." in asks.text
    done = await world.fill(PRIYA)
    assert "This channel no longer belongs to Helix alliance." in done.text
    await world.close(PRIYA)
    again = await world.command(PRIYA, "unlink", OWN)
    assert "This channel belongs to no alliance." in again.text
    await world.later("PT1M")
    assert "OUR-1 agree our position" not in world.text(JONAS, OWN), "nobody watches it any more"
    await world.command(PRIYA, "move OUR-1 to 30 Nov")
    await world.later("P1D")
    assert "did not arrive" not in " ".join(world.inbox(PRIYA))
    await world.command(PRIYA, "link", OWN)
    await world.fill(PRIYA, sees="own")
    await world.later("PT1M")
    assert "OUR-1 agree our position ○ Priya Raman · due Mon 30 Nov" in world.text(JONAS, OWN)
