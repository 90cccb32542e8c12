"""Others come into a firm's own channel: its cards are emptied, its alliance manager hears."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import Session, select

from storage.tables import Member, Person
from tests.world import (
    ADAEZE,
    HANA,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    World,
    words_of,
)

SECRET = "find a new supplier"
HIDDEN = "Not shown while others can read this channel."

Change = Callable[[World], Awaitable[None]]


def cards(world: World, channel: str = OWN) -> list[str]:
    return [words_of(m) for m in world.slack.messages(channel) if m["user"] == "U0BOT"]


def told(world: World, who: str = PRIYA) -> list[str]:
    return [text for text in world.inbox(who) if "Northwind Bio's own" in text]


async def let_in_a_guest(world: World) -> None:
    assert (await world.slack.command(PRIYA, OWN, "/invite @lena"))["ok"]


async def see_the_guest_out(world: World) -> None:
    assert (await world.slack.command(PRIYA, OWN, "/remove @lena"))["ok"]


async def share_it(world: World) -> None:
    assert (await world.slack.channel(OWN, shared=True))["ok"]


async def unshare_it(world: World) -> None:
    assert (await world.slack.channel(OWN, shared=False))["ok"]


async def share_it_under_a_new_id(world: World) -> None:
    assert (await world.slack.channel(OWN, shared=True, new_id="C0MOVED"))["ok"]


async def make_one_a_guest(world: World) -> None:
    assert (await world.slack.person(ADAEZE, guest=True))["ok"]


async def make_it_pending(world: World) -> None:
    """No event tells of an invitation to another firm."""
    world.slack.house.world.channels[OWN].pending_share = True
    await world.later("PT11M")


async def hide_it(world: World) -> None:
    """Slack won't say who is in the channel any more."""
    await world.slack.fault("conversations.info", error="channel_not_found", times=1000)
    await world.later("PT11M")


@pytest.mark.parametrize(
    ("opened", "why"),
    [
        (let_in_a_guest, "Lena Vogt (guest) can read #northwind-internal"),
        (share_it, "people of Helix Devices can read #northwind-internal"),
        (make_one_a_guest, "Adaeze Okafor (guest) can read #northwind-internal"),
        (make_it_pending, "Another firm is invited to #northwind-internal"),
        (hide_it, "I can't see any more who reads #northwind-internal"),
    ],
)
async def test_its_cards_are_emptied_and_its_alliance_manager_hears(
    world: World, opened: Change, why: str
) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    await world.later("PT10S")
    assert SECRET in cards(world)[-1]
    await opened(world)
    await world.later("PT90S")
    assert cards(world) == [HIDDEN]
    [message] = told(world)
    assert why in message
    assert f"This may have been read: OUR-1 {SECRET}" in message
    assert "takes it out of the alliance" in message
    for who in (MATEO, HANA, OLIVIA, LENA):
        assert told(world, who) == []


async def test_the_channels_id_may_change_with_it(world: World) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    await share_it_under_a_new_id(world)
    await world.later("PT5S")
    assert cards(world, "C0MOVED") == [HIDDEN]
    assert len(told(world)) == 1


async def test_the_manager_hears_at_night_and_beside_the_budget(world: World) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    await world.later("PT9H")
    await let_in_a_guest(world)
    assert len(told(world)) == 1


async def test_cards_come_back_when_it_is_the_firms_own_again(world: World) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    await let_in_a_guest(world)
    await world.later("PT5S")
    await world.command(MATEO, "done OUR-1", OWN)
    await world.later("PT5S")
    assert cards(world) == [HIDDEN]
    await see_the_guest_out(world)
    await world.later("PT5S")
    assert SECRET in cards(world)[-1]
    assert "done" in cards(world)[-1]
    assert "It is your own again since." in told(world)[0]
    assert f"This may have been read: OUR-1 {SECRET}" in told(world)[0]
    await world.later("P1D")
    again = [text for text in told(world) if "Northwind Bio's own again" in text]
    assert len(again) == 1


async def test_somebody_who_comes_and_goes_makes_no_flood(world: World) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    for _ in range(4):
        await let_in_a_guest(world)
        await see_the_guest_out(world)
    await let_in_a_guest(world)
    await world.later("PT5S")
    [message] = told(world)
    assert "Lena Vogt (guest) can read #northwind-internal" in message
    assert cards(world) == [HIDDEN]
    await see_the_guest_out(world)
    await world.later("P1D")
    before = len(told(world))
    await let_in_a_guest(world)
    assert len(told(world)) == before + 1, "on another day it is said again"


async def test_a_second_cause_is_told_as_well(world: World) -> None:
    await let_in_a_guest(world)
    await make_one_a_guest(world)
    assert len(told(world)) == 2
    assert "Adaeze Okafor (guest) and Lena Vogt (guest) can read" in told(world)[-1]
    await see_the_guest_out(world)
    assert len(told(world)) == 2


async def test_what_is_recorded_there_meanwhile_is_the_firms_and_shown_to_nobody_else(
    world: World,
) -> None:
    await let_in_a_guest(world)
    seen = await world.command(HANA, "action weigh our exit by Fri", OWN)
    assert "OUR-1 is yours" in seen.private
    assert "Others can read #northwind-internal now, so I show no card there." in seen.private
    heard = await world.mention(MATEO, "action count the votes by Fri", OWN)
    assert "OUR-2 is yours" in heard.private
    assert "I show no card there" in heard.private
    await world.command(HANA, "internal", OWN)
    form = await world.fill(HANA, text="weigh it again")
    assert "I show no card there" in form.text
    await world.later("PT1H")
    assert cards(world) == []
    assert "our exit" not in world.text(LENA, OWN)


async def test_an_answer_in_the_channel_is_seen_by_its_reader_only(world: World) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    await let_in_a_guest(world)
    await world.command(MATEO, "mine", OWN)
    await world.command(MATEO, "show OUR-1", OWN)
    await world.later("PT5S")
    assert SECRET not in world.text(LENA, OWN)


async def test_a_card_in_a_thread_is_emptied_too(world: World) -> None:
    said = await world.chat(MATEO, "we need somebody else", OWN)
    await world.mention(MATEO, f"action {SECRET} by Fri", OWN, thread=said)
    assert SECRET in cards(world)[-1]
    await share_it(world)
    await world.later("PT5S")
    assert SECRET not in " ".join(cards(world))
    await unshare_it(world)
    await world.later("PT5S")
    assert SECRET in cards(world)[-1]


async def test_a_joint_channel_is_not_watched(world: World) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.slack.command(PRIYA, SHARED, "/remove @lena")
    await world.slack.command(PRIYA, SHARED, "/invite @lena")
    await world.later("PT5S")
    assert "send the redlines" in cards(world, SHARED)[-1]
    assert told(world) == []


async def test_unlinking_it_meanwhile_leaves_its_cards_empty(world: World) -> None:
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    await let_in_a_guest(world)
    await world.command(PRIYA, "unlink", OWN)
    await world.fill(PRIYA)
    await see_the_guest_out(world)
    await world.later("PT5S")
    assert cards(world) == [HIDDEN]


async def test_who_only_says_that_they_look_after_the_firm_hears_nothing_of_it(
    world: World,
) -> None:
    def not_confirmed(session: Session) -> None:
        [member] = session.exec(select(Member).join(Person).where(Person.user_id == HANA))
        member.role, member.stated = "manager", True
        session.add(member)

    await world.command(HANA, "mine")
    world.change(not_confirmed)
    await let_in_a_guest(world)
    await world.later("PT2M")
    assert len(told(world)) == 1
    assert told(world, HANA) == []


async def test_what_was_known_before_somebody_became_a_guest_counts_no_more(world: World) -> None:
    """Looking at the channel fails just then."""
    await world.command(MATEO, f"action {SECRET} by Fri", OWN)
    await world.slack.fault("conversations.info", error="internal_error", times=1)
    await make_one_a_guest(world)
    assert told(world) == [], "nobody knows yet"
    await world.command(HANA, "action weigh our exit by Fri", OWN)
    assert "our exit" not in "".join(cards(world))
    await world.later("PT5S")
    assert cards(world) == [HIDDEN]
    assert len(told(world)) == 1
