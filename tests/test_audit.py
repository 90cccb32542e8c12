"""`audit`: what an alliance manager reads of sends across, people, rights and visibility."""

import re
from pathlib import Path

import pytest
from sqlmodel import Session, select

from governance.seeing import audit
from handlers.seeing.audit_views import SENTENCES
from storage.tables import HistoryEntry
from tests.daily import name_helix_manager
from tests.world import (
    HANA,
    JONAS,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
    World,
    direct,
    words_of,
)

NOT_TOLD = {
    "action_item": "an item's own history tells it",
    "card": "a card's own account of what left it",
    "person": "what somebody was told of themselves",
}
"""Records whose entries are no business of the audit, except where a line is made for them."""


async def read(world: World, who: str, topic: str = "") -> str:
    """The page as words, from a direct message: the same for both firms."""
    return (await world.write(who, f"audit {topic}".strip())).text


async def change_person(world: World, who: str, **fields: str) -> None:
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    seen = await world.fill(PRIYA, person=who, side="Northwind Bio", **fields)
    assert seen.ok, seen.error
    await world.close(PRIYA)


async def test_it_tells_what_was_sent_to_the_other_firm_once_a_reader(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action @tomasz send the quote by Fri")
    await world.later("PT1M")
    await world.press(TOMASZ, "Accept", channel=SHARED)
    await world.press(OLIVIA, "Details", channel=SHARED)
    await world.close(OLIVIA)
    await world.later("PT1M")
    told = await read(world, PRIYA, "sent")
    assert told.count("HEL-1 reached Tomasz Zieliński of Helix Devices") == 1
    assert told.count("HEL-1 reached Olivia Bennett of Helix Devices") == 1
    assert told.count("HEL-1 was shown in #alliance-helix, which Helix Devices can read") == 1
    assert "Hana" not in told, "what stays in the firm is no send across"
    theirs = await read(world, OLIVIA, "sent")
    assert "HEL-1 reached Tomasz Zieliński of Helix Devices" in theirs


async def test_a_firms_own_records_are_in_no_account_of_another(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "internal @mateo check our margins by Fri", channel=OWN)
    await world.write(TOMASZ, "internal check the tooling cost by Fri")
    for topic in ("", "sent", "people", "rights", "visibility"):
        ours, theirs = await read(world, PRIYA, topic), await read(world, OLIVIA, topic)
        assert "OUR-" not in ours + theirs
        assert "northwind-internal" not in theirs
    assert "#northwind-internal for Northwind Bio only" in await read(world, PRIYA, "visibility")


async def test_what_the_gate_held_back_is_told(world: World) -> None:
    await name_helix_manager(world)
    await world.later("PT2M")
    await world.slack.fault("conversations.info", error="channel_not_found", times=1000)
    await world.command(MATEO, "action find a new supplier by Fri")
    await world.later("PT1M")
    for who in (PRIYA, OLIVIA):
        assert "Held back from #alliance-helix" in await read(world, who, "sent")


async def test_an_own_channel_that_opens_is_told_to_its_firm_only(world: World) -> None:
    await name_helix_manager(world)
    await world.command(MATEO, "action find a new supplier by Fri", channel=OWN)
    assert (await world.slack.command(PRIYA, OWN, "/invite @lena"))["ok"]
    await world.later("PT15M")
    assert (await world.slack.command(PRIYA, OWN, "/remove @lena"))["ok"]
    await world.later("PT15M")
    told = await read(world, PRIYA, "visibility")
    assert "#northwind-internal opened to others (Lena Vogt (guest))" in told
    assert "#northwind-internal is Northwind Bio's own again" in told
    assert "northwind-internal" not in await read(world, OLIVIA)


async def test_what_was_shared_is_told_to_all_and_taken_back_to_its_firm(world: World) -> None:
    await name_helix_manager(world)
    await world.command(MATEO, "internal check the forecast by Fri")
    await world.command(MATEO, "share OUR-1", OWN)
    await world.fill(MATEO, text="Agree the forecast")
    await world.close(MATEO)
    await world.later("PT1M")
    ours, theirs = [await read(world, who, "visibility") for who in (PRIYA, OLIVIA)]
    assert "Mateo Fuentes shared HEL-1 with every firm (it was OUR-1)" in ours
    assert "Mateo Fuentes shared HEL-1 with every firm" in theirs
    assert "OUR-1" not in theirs
    await world.command(MATEO, "takeback HEL-1")
    await world.fill(MATEO)
    await world.close(MATEO)
    ours, theirs = [await read(world, who) for who in (PRIYA, OLIVIA)]
    assert "Mateo Fuentes took HEL-1 back; it is OUR-2 now" in ours
    assert "HEL-1 (now OUR-2) was shown in #alliance-helix, which Helix Devices can read" in ours
    assert "HEL-1" not in theirs
    assert "OUR-" not in theirs


async def test_of_another_firms_people_it_tells_only_who_joined_and_left_from_that_day(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.command(JONAS, "mine")
    await change_person(world, JONAS, role="sponsor", until="2026-11-26")
    ours = await read(world, PRIYA, "people")
    assert "Priya Raman changed Jonas Lindqvist's place" in ours
    assert "last day Thu 26 Nov" in ours
    theirs = await read(world, OLIVIA)
    assert "Jonas Lindqvist joined Northwind Bio" in theirs
    assert "Jonas Lindqvist's place" not in theirs
    assert "Jonas Lindqvist left" not in theirs
    assert "Jonas Lindqvist joined Northwind Bio (" not in theirs, "its roles are its own"
    await world.later("P2D")
    assert "Jonas Lindqvist left" not in await read(world, OLIVIA)
    await world.later("P2D")
    assert "Jonas Lindqvist left Northwind Bio" in await read(world, OLIVIA)
    assert "Jonas Lindqvist left Northwind Bio" in await read(world, PRIYA, "people")


async def test_a_place_that_was_ended_is_one_line_with_who_did_it(world: World) -> None:
    await world.command(JONAS, "mine")
    await change_person(world, JONAS, role="sponsor", until="2026-11-23")
    told = await read(world, PRIYA, "people")
    assert "Priya Raman ended Jonas Lindqvist's place at Northwind Bio" in told
    assert "Jonas Lindqvist left" not in told


async def test_that_a_guest_was_confirmed_is_told(world: World) -> None:
    await world.command(LENA, "mine")
    await world.press(LENA, "Northwind Bio", channel=SHARED)
    await change_person(world, LENA, role="other")
    told = await read(world, PRIYA, "rights")
    assert "Lena Vogt's place: confirmed as one of Northwind Bio's people" in told


async def link_random(world: World, sees: str) -> None:
    await world.form_of(PRIYA, "link", RANDOM)
    assert (await world.fill(PRIYA, sees=sees)).ok
    await world.close(PRIYA)


async def test_a_proposal_that_no_longer_fitted_lapsed_for_that_reason(world: World) -> None:
    await name_helix_manager(world)
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await link_random(world, "joint")
    await link_random(world, "own")
    await world.later("PT1M")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    for who in (PRIYA, OLIVIA):
        told = await read(world, who, "rights")
        assert (
            "This channel belongs to an alliance already. So this lapsed: a further joint channel"
        ) in told
        assert "two weeks" not in told


async def test_a_joint_channel_that_became_one_firms_own_has_no_name_for_the_other(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.slack.channel(RANDOM, shared=True)
    await link_random(world, "joint")
    await world.later("PT1M")
    await world.press(OLIVIA, "Agree", channel=direct(OLIVIA))
    await world.command(HANA, "action send the quote by Fri", channel=RANDOM)
    assert "Priya Raman linked #random as a joint channel" in await read(world, OLIVIA)
    await world.command(PRIYA, "unlink", RANDOM)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert "Priya Raman unlinked #random" in await read(world, OLIVIA)
    await world.slack.channel(RANDOM, shared=False)
    await link_random(world, "own")
    await world.slack.channel(RANDOM, name="exit-plans")
    theirs = await read(world, OLIVIA)
    assert "Priya Raman linked a channel as a joint channel" in theirs
    assert "HEL-1 was shown in a channel, which Helix Devices can read" in theirs
    assert "exit-plans" not in theirs
    assert "#exit-plans for Northwind Bio only" in await read(world, PRIYA)
    await world.command(PRIYA, "unlink", RANDOM)
    await world.fill(PRIYA)
    assert "exit-plans" not in await read(world, OLIVIA)


async def test_only_alliance_managers_read_it(world: World) -> None:
    for who in (HANA, TOMASZ):
        await world.mention(who, "mine")
        told = await read(world, who)
        assert "read this" in told
        assert "set up" not in told


async def test_the_buttons_choose_the_topic_and_turn_the_pages(world: World) -> None:
    for at in range(audit.PAGE + 5):
        await world.mention(TOMASZ, f"action check seal {at} by Fri")
        await world.later("PT4S")
    await world.command(PRIYA, "audit")
    first = words_of(world.form(PRIYA))
    assert "Older" in first
    await world.press(PRIYA, "Older")
    second = words_of(world.form(PRIYA))
    assert "Priya Raman set up Helix alliance" in second
    assert "set up" not in first
    await world.press(PRIYA, "Rights")
    rights = words_of(world.form(PRIYA))
    assert "Priya Raman set up Helix alliance" in rights
    assert "reached" not in rights
    assert "#alliance-helix" not in rights


async def test_a_button_of_another_alliance_or_firm_opens_nothing(world: World) -> None:
    """The page's button is given values that were never on it."""
    await world.command(PRIYA, "audit")
    view = world.slack.views(PRIYA)[-1]
    for value in ("all:1:999", "sent:x:nothing", "all:-4:1", "::"):
        answer = await world.slack.click(
            PRIYA, action_id="alliance.audit", value=value, view_id=view["id"]
        )
        assert "HEL-" not in words_of(answer.get("view") or {})


def test_every_line_has_its_sentence() -> None:
    assert set(SENTENCES) == set(audit.TOPICS)


def test_every_kind_of_change_is_told_or_left_out_on_purpose() -> None:
    """Reads the code for what is written into the history."""
    told = {name.partition(".")[0] for name in audit.TOPICS} | set(NOT_TOLD)
    written = set()
    for file in Path("governance").glob("*.py"):
        text = file.read_text()
        for record in re.findall(r'^RECORD = "(\w+)"|record="(\w+)"', text, re.M):
            written |= {one for one in record if one}
    assert written <= told, written - told


def test_every_act_on_firms_people_and_places_is_told_or_left_out_on_purpose() -> None:
    told = {name.partition(".")[2] for name in audit.TOPICS} | {"helper_left"}
    noted = r'(?:what=|(?:note_member|_note|_set_private)\([^)]*?)"([a-z_]+)"'
    for file in Path("governance").glob("*.py"):
        if not file.name.startswith("action_item"):
            assert set(re.findall(noted, file.read_text())) <= told, file.name


@pytest.mark.parametrize("record", ["member", "side", "alliance", "agreement", "conversation"])
async def test_what_happened_in_this_world_is_told(world: World, record: str) -> None:
    def whats(session: Session) -> set[str]:
        return set(session.exec(select(HistoryEntry.what).where(HistoryEntry.record == record)))

    for what in world.stored(whats):
        assert f"{record}.{what}" in audit.TOPICS, what
