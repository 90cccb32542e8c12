"""The life of an action item, as people on both sides have it before them."""

import asyncio

import pytest

from tests.anywhere import (
    ADAEZE,
    HANA,
    INES,
    MATEO,
    OLIVIA,
    PRIYA,
    SAMIR,
    SHARED,
    TOMASZ,
    AnyWorld,
    direct,
    unmarked,
)


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


async def test_an_item_for_the_partner_is_proposed_until_its_owner_accepts(world: AnyWorld) -> None:
    seen = await world.command(PRIYA, "action @olivia send the redlines by Fri")
    assert "HEL-1 is proposed to Olivia Bennett, due Fri 27 Nov, in 4 days." in seen.private
    assert "waiting for Olivia Bennett to accept" in world.text(TOMASZ, SHARED)
    await world.press(OLIVIA, "Accept", channel=SHARED)
    assert "· open" in world.text(TOMASZ, SHARED)
    asked = world.read(OLIVIA, direct(OLIVIA))[-1]
    await world.later("PT10S")
    asked = world.read(OLIVIA, direct(OLIVIA))[-1]
    assert "Olivia Bennett accepted it" in world.words(asked)
    assert "Accept" not in world.buttons(asked)


async def test_an_item_for_oneself_is_open_at_once(world: AnyWorld) -> None:
    seen = await world.command(MATEO, "action book the room by 27 Nov")
    assert "HEL-1 is yours, due Fri 27 Nov, in 4 days." in seen.private
    done = await world.command(MATEO, "done hel-1.")
    assert "HEL-1 is done. Thank you." in done.private
    again = await world.command(MATEO, "done HEL-1")
    assert "HEL-1 has moved on: Mateo Fuentes marked it done (Mon 23 Nov)." in again.private


async def test_nobody_completes_the_other_firms_item(world: AnyWorld) -> None:
    await world.command(HANA, "action file the report by Fri")
    for who in (OLIVIA, TOMASZ):
        seen = await world.press(who, "Done", channel=SHARED)
        assert "Hana Kobayashi is its owner and marks it done." in seen.text
    assert "marks it done" in (await world.command(PRIYA, "done HEL-1")).private
    assert "· open" in world.text(OLIVIA, SHARED)


async def test_a_declined_item_goes_back_to_its_proposer_with_the_reason(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @tomasz name who decides by Fri")
    await world.press(TOMASZ, "Decline", channel=SHARED)
    assert "Both firms see this, and the reason." in world.words(world.form(TOMASZ))
    empty = await world.fill(TOMASZ)
    assert not empty.ok
    said = await world.fill(TOMASZ, reason="Our board decides that together")
    assert "HEL-1 is declined. Priya Raman hears why." in said.text
    await world.close(TOMASZ)
    asked = world.inbox(PRIYA)[-1]
    assert "Tomasz Zieliński can't take on HEL-1" in asked
    assert "Our board decides that together" in asked
    await world.press(PRIYA, "Give to somebody else", channel=direct(PRIYA))
    given = await world.fill(PRIYA, person=INES)
    assert "HEL-1 is Inês Carvalho's. They are asked to accept it." in given.text
    await world.close(PRIYA)
    assert "asks you to take on HEL-1" in world.inbox(INES)[-1]
    await world.write(INES, "move HEL-1 to 4 Dec")
    await world.write(INES, "decline HEL-1 not ours either")
    await world.command(PRIYA, "cancel HEL-1 settled by phone")
    await world.later("PT10S")
    assert "cancelled: settled by phone" in world.text(TOMASZ, SHARED)
    assert "HEL-1 is proposed anew" in (await world.command(PRIYA, "reopen HEL-1")).private
    await world.later("PT10S")
    assert "suggests" not in world.text(TOMASZ, SHARED)


async def test_the_owner_suggests_another_date_and_the_proposer_agrees(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.press(OLIVIA, "Suggest another date", channel=SHARED)
    said = await world.fill(OLIVIA, due="2026-12-02")
    assert "Priya Raman is asked whether Wed 2 Dec suits for HEL-1." in said.text
    await world.close(OLIVIA)
    assert "Olivia Bennett suggests Wed 2 Dec, in 9 days for HEL-1" in world.inbox(PRIYA)[-1]
    await world.later("PT10S")
    assert "Olivia Bennett suggests Wed 2 Dec instead." in world.text(TOMASZ, SHARED)
    third = await world.press(TOMASZ, "Agree to the date", channel=SHARED)
    assert "The other of owner and proposer answers that." in third.text
    herself = await world.press(OLIVIA, "Agree to the date", channel=SHARED)
    assert "The other of owner and proposer answers that." in herself.text
    await world.press(PRIYA, "Agree to the date", channel=direct(PRIYA))
    await world.later("PT10S")
    assert "due Wed 2 Dec · open" in world.text(TOMASZ, SHARED)


async def test_a_second_move_of_the_date_needs_the_proposers_yes(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @hana file the report by Fri")
    assert "HEL-1 is due Mon 30 Nov" in (await world.command(HANA, "move HEL-1 to 30 Nov")).private
    same = await world.command(HANA, "move HEL-1 to 30 Nov")
    assert "It is due that day already." in same.private
    past = await world.command(HANA, "move HEL-1 to yesterday")
    assert "Try “by Fri”" in past.private
    odd = await world.command(HANA, "move HEL-1 to whenever")
    assert "I did not understand “whenever” as a date. For example:" in odd.private
    await world.press(HANA, "New date", channel=SHARED)
    assert "its proposer is asked to agree" in world.words(world.form(HANA))
    second = await world.fill(HANA, due="2026-12-04")
    assert "Priya Raman is asked whether Fri 4 Dec suits for HEL-1." in second.text
    await world.close(HANA)
    await world.press(PRIYA, "Keep the date", channel=direct(PRIYA))
    page = await world.command(HANA, "show HEL-1")
    for line in (
        "Priya Raman recorded it for Hana Kobayashi, due Fri 27 Nov",
        "Hana Kobayashi moved it to Mon 30 Nov",
        "Hana Kobayashi suggested Fri 4 Dec",
        "Priya Raman kept Mon 30 Nov",
    ):
        assert line in page.text
    assert "Due Mon 30 Nov" in unmarked(page.text)


async def test_snoozing_never_moves_the_due_day_and_the_third_time_asks(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @hana file the report by Fri")
    await world.press(HANA, "Snooze", channel=SHARED)
    first = await world.fill(HANA)
    assert "I say nothing of HEL-1 until Tue 24 Nov. It stays due Fri 27 Nov" in first.text
    assert "Snoozed until Tue 24 Nov" in unmarked(first.text)
    await world.close(HANA)
    second = await world.command(HANA, "snooze HEL-1 until Thu")
    assert "until Thu 26 Nov. It stays due Fri 27 Nov" in second.private
    third = await world.command(HANA, "snooze HEL-1 until Fri")
    assert "You have snoozed this twice. Would a new date, or help, serve better?" in third.private
    asked = await world.press(HANA, "Snooze", channel=SHARED)
    assert "“Ask for help” in its details tells your own alliance manager" in asked.text
    await world.close(HANA)
    await world.command(HANA, "show HEL-1")
    assert "Snooze" not in world.buttons(world.form(HANA))
    helped = await world.press(HANA, "Ask for help")
    assert "Priya Raman will hear that you would like a hand with HEL-1." in helped.text
    assert "Hana Kobayashi would like a hand with HEL-1" in "".join(world.inbox(PRIYA))
    others = await world.command(SAMIR, "snooze HEL-1 fri")
    assert "Hana Kobayashi is its owner and snoozes it." in others.private


async def test_handing_on_stays_in_the_firm_and_across_firms_is_accepted_again(
    world: AnyWorld,
) -> None:
    await world.write(TOMASZ, "mine")
    await world.mention(OLIVIA, "action @hana file the report by Fri")
    await world.press(HANA, "Accept", channel=SHARED)
    for who in (MATEO, SAMIR):
        no = await world.command(who, "reassign HEL-1 @samir")
        assert "its owner or Priya Raman can, to somebody of Northwind Bio." in no.private
    no = await world.mention(OLIVIA, "reassign HEL-1 @tomasz")
    assert "It is Northwind Bio's to hand on" in no.text
    out = await world.command(PRIYA, "reassign HEL-1 @tomasz")
    assert "to somebody of Northwind Bio" in out.private
    seen = await world.command(PRIYA, "reassign HEL-1 @mateo")
    assert "HEL-1 is Mateo Fuentes's. They are asked to accept it." in seen.private
    assert "asks you to take on HEL-1" in world.inbox(MATEO)[-1]
    await world.later("PT10S")
    old = await world.press(HANA, "Accept", channel=SHARED)
    assert "Mateo Fuentes is its owner and accepts or declines it." in old.private
    await world.press(MATEO, "Accept", channel=SHARED)
    assert "It is done now" not in (await world.command(MATEO, "done HEL-1")).private


async def test_words_that_the_partner_accepted_are_proposed_anew_when_they_change(
    world: AnyWorld,
) -> None:
    await world.command(PRIYA, "action @tomasz send the results by Fri")
    await world.press(TOMASZ, "Accept", channel=SHARED)
    no = await world.write(TOMASZ, "edit HEL-1 send some results")
    assert "Priya Raman is its proposer and rewords it." in no.text
    seen = await world.command(PRIYA, "edit HEL-1 send all results")
    assert "HEL-1 is reworded. Its owner is asked to accept the new words." in seen.private
    await world.later("PT10S")
    assert "send all results" in world.text(OLIVIA, SHARED)
    assert "waiting for Tomasz Zieliński to accept" in world.text(OLIVIA, SHARED)
    await world.command(HANA, "action file the report by Fri")
    await world.command(HANA, "edit HEL-2 file both reports")
    await world.later("PT10S")
    assert "file both reports ○ Hana Kobayashi · due Fri 27 Nov · open" in world.text(
        OLIVIA, SHARED
    )


async def test_helpers_and_who_is_waited_for_are_shown(world: AnyWorld) -> None:
    await world.command(HANA, "action file the report by Fri")
    assert (
        "Samir Haddad helps with HEL-1."
        in (await world.command(HANA, "helper HEL-1 @samir")).private
    )
    twice = await world.command(HANA, "helper HEL-1 @samir")
    assert "Samir Haddad is on it already." in twice.private
    waits = await world.command(HANA, "wait HEL-1 @olivia")
    assert "HEL-1 waits for Olivia Bennett." in waits.private
    assert "Choose whom you wait for" in (await world.command(HANA, "wait HEL-1 @hana")).private
    page = await world.command(HANA, "show HEL-1")
    assert "Helpers Samir Haddad Waiting for Olivia Bennett" in unmarked(page.text)
    await world.press(HANA, "Waiting for…")
    ended = await world.fill(HANA)
    assert "HEL-1 waits for nobody." in ended.text
    assert "Waiting for Olivia Bennett" not in unmarked(ended.text)
    no = await world.command(ADAEZE, "helper HEL-1 @mateo")
    assert "Hana Kobayashi is its proposer and adds helpers, as does its owner." in no.private


async def test_a_stale_button_tells_what_happened_meanwhile(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.press(OLIVIA, "Details", channel=SHARED)
    await world.command(PRIYA, "cancel HEL-1 no longer needed")
    late = await world.press(OLIVIA, "Accept")
    assert "HEL-1 has moved on: Priya Raman cancelled it: no longer needed (Mon 23" in late.text
    assert "Accept" not in world.buttons(world.form(OLIVIA))
    await world.close(OLIVIA)
    await world.command(HANA, "action file the report by Fri")
    await world.press(HANA, "New date", channel=SHARED)
    await world.command(HANA, "done HEL-2")
    stale = await world.fill(HANA, due="2026-12-01")
    assert "HEL-2 has moved on: Hana Kobayashi marked it done" in stale.text


async def test_two_who_press_together_and_a_double_click_have_one_effect(world: AnyWorld) -> None:
    await world.command(PRIYA, "action @hana file the report by Fri")
    both = await asyncio.gather(
        *(world.press(HANA, "Done", channel=SHARED) for _ in range(2)),
        world.command(HANA, "done HEL-1"),
    )
    told = "".join(seen.private for seen in both)
    assert "has moved on: Hana Kobayashi marked it done" in told
    page = await world.command(PRIYA, "show HEL-1")
    assert page.text.count("marked it done") == 1
    await world.close(PRIYA)
    mixed = await asyncio.gather(
        world.command(PRIYA, "reopen HEL-1"), world.command(HANA, "reopen HEL-1")
    )
    assert sum("HEL-1 is open again" in seen.private for seen in mixed) == 1
