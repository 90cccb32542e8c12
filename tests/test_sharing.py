"""A firm's own action item is shared: shown first exactly as the partner will see it."""

from tests.seen_by import everything
from tests.test_take_back import link_another
from tests.world import (
    ADAEZE,
    HANA,
    INES,
    JONAS,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
    Json,
    World,
    direct,
    words_of,
)

HELIX = (OLIVIA, INES, TOMASZ)
PRIVATE = "they are slow and pay late"


async def captured(world: World) -> None:
    """OUR-1, made from a colleague's words in the firm's own channel."""
    said = await world.chat(JONAS, f"Ask Helix for the forecast, {PRIVATE}", OWN)
    await world.shortcut(HANA, "action_item.from_message", said, OWN)
    sent = await world.fill(HANA, text="Get the late forecast", owner=MATEO, due="2026-11-27")
    assert "OUR-1 is Mateo Fuentes's" in sent.text
    await world.close(HANA)


async def share(world: World, who: str, words: str = "Agree the forecast") -> str:
    await world.command(who, "share OUR-1", OWN)
    sent = await world.fill(who, text=words)
    await world.close(who)
    return sent.text


async def test_what_the_partner_will_see_is_shown_before_it_is_shared(world: World) -> None:
    await captured(world)
    before = [everything(world, who) for who in HELIX]
    preview = await world.command(MATEO, "share OUR-1", OWN)
    assert "Both firms will see this, with the words below" in preview.text
    assert "Mateo Fuentes (Northwind Bio)" in preview.text
    assert "Fri 27 Nov" in preview.text
    assert "Hana Kobayashi (Northwind Bio)" in preview.text
    stays = "The quote, the link to where it was said and what happened so far stay with"
    assert stays in preview.text
    assert PRIVATE not in str(preview.view)
    assert [everything(world, who) for who in HELIX] == before
    sent = await world.fill(MATEO, text="Agree the forecast")
    assert "OUR-1 is HEL-1 now. Both firms can see it." in sent.text
    [card] = [m for m in world.read(OLIVIA, SHARED) if "HEL-1 " in words_of(m)]
    for fact in ("Agree the forecast", "Mateo Fuentes", "Fri 27 Nov", "Both firms see this"):
        assert fact in words_of(card)


async def test_quote_link_and_what_came_before_stay_with_the_firm(world: World) -> None:
    await captured(world)
    await world.command(MATEO, "snooze OUR-1 until Thu", OWN)
    await share(world, PRIYA)
    await world.write(OLIVIA, "show HEL-1")
    page = world.inbox(OLIVIA)[-1]
    assert "Agree the forecast" in page
    assert "Priya Raman shared it" in page
    for theirs in ("recorded it", "snoozed", "Where it was said"):
        assert theirs not in page
    own = await world.command(HANA, "show HEL-1")
    assert "Hana Kobayashi recorded it for Mateo Fuentes" in own.text
    await world.later("P1D")
    for who in HELIX:
        seen = everything(world, who)
        for private in (PRIVATE, "Get the late forecast", "OUR-1", OWN):
            assert private not in seen, (who, private)


async def test_what_happens_later_is_for_both_but_quiet_stays_with_the_firm(world: World) -> None:
    await captured(world)
    await share(world, MATEO)
    await world.command(MATEO, "snooze HEL-1 until Thu")
    await world.command(HANA, "edit HEL-1 Agree the forecast for June")
    await world.write(OLIVIA, "show HEL-1")
    assert "Hana Kobayashi reworded it" in world.inbox(OLIVIA)[-1]
    assert "snoozed" not in world.inbox(OLIVIA)[-1]
    assert "snoozed" in (await world.command(MATEO, "show HEL-1")).text


async def test_the_card_in_the_own_channel_says_what_became_of_it(world: World) -> None:
    await captured(world)
    await world.command(HANA, "action weigh our exit by Fri", OWN)
    assert world.references(PRIYA, OWN) == ["OUR-1", "OUR-2"]
    await share(world, MATEO)
    await world.later("PT5S")
    assert "OUR-1 is shared with both firms as HEL-1." in world.text(PRIYA, OWN)
    assert "Agree the forecast" not in world.text(JONAS, OWN)
    assert "weigh our exit" in world.text(JONAS, OWN)


async def test_the_old_reference_still_finds_it_for_the_firm_only(world: World) -> None:
    await captured(world)
    await share(world, MATEO)
    assert "OUR-1 is HEL-1 now." in (await world.command(HANA, "show OUR-1")).text
    done = await world.command(MATEO, "done OUR-1")
    assert "OUR-1 is HEL-1 now. HEL-1 is done." in done.private
    await world.write(OLIVIA, "show OUR-1")
    assert "I can't find OUR-1" in world.inbox(OLIVIA)[-1]


async def test_owner_proposer_and_alliance_manager_share_and_nobody_else(world: World) -> None:
    await captured(world)
    refused = await world.command(ADAEZE, "share OUR-1", OWN)
    assert "Its owner, its proposer or an alliance manager of your firm shares it." in refused.text
    assert "Share with partner" not in str((await world.command(ADAEZE, "show OUR-1")).view)
    await world.close(ADAEZE)
    await world.write(OLIVIA, "share OUR-1")
    assert "I can't find OUR-1" in world.inbox(OLIVIA)[-1]
    for who in (HANA, MATEO, PRIYA):
        assert "Share with partner" in str((await world.command(who, "show OUR-1")).view)
        await world.close(who)
    await world.command(PRIYA, "show OUR-1")
    await world.press(PRIYA, "Share with partner")
    assert "OUR-1 is HEL-1 now." in (await world.fill(PRIYA)).text
    again = await world.command(HANA, "share HEL-1")
    assert "HEL-1 is shared already." in again.text


async def test_the_partner_shares_its_own_by_direct_message(world: World) -> None:
    await world.write(TOMASZ, "internal check the tooling cost by Fri")
    await world.write(TOMASZ, "share OUR-1")
    asked = world.inbox(TOMASZ)[-1]
    assert "Both firms will see this" in asked
    assert "check the tooling cost" not in everything(world, PRIYA)
    await world.press(TOMASZ, "Share OUR-1", channel=direct(TOMASZ))
    shared = await world.fill(TOMASZ, text="Send the tooling cost")
    assert "OUR-1 is HEL-1 now." in shared.text
    assert "Send the tooling cost" in world.text(PRIYA, SHARED)
    assert "check the tooling cost" not in everything(world, PRIYA)


async def test_a_done_item_may_be_shared_and_a_cancelled_one_not(world: World) -> None:
    await captured(world)
    await world.command(HANA, "cancel OUR-1 they would only laugh")
    refused = await world.command(HANA, "share OUR-1", OWN)
    assert "It is cancelled. Reopen it first" in refused.text
    await world.command(HANA, "reopen OUR-1")
    await world.command(MATEO, "done OUR-1")
    assert "OUR-1 is HEL-1 now." in await share(world, MATEO)
    assert "laugh" not in everything(world, OLIVIA)


async def test_two_who_share_at_once_share_it_once(world: World) -> None:
    await captured(world)
    await world.command(MATEO, "share OUR-1", OWN)
    await world.command(HANA, "share OUR-1", OWN)
    await world.fill(MATEO, text="Agree the forecast")
    late = await world.fill(HANA, text="Agree another forecast")
    assert "HEL-1 has moved on: Mateo Fuentes shared it" in late.text
    assert world.references(OLIVIA, SHARED) == ["HEL-1"]


async def test_owner_and_proposer_hear_of_it_with_their_daily_message(world: World) -> None:
    await captured(world)
    await share(world, PRIYA)
    await world.later("P1D")
    assert "Priya Raman shared HEL-1 with every firm" in " ".join(world.inbox(MATEO))


async def test_with_several_joint_channels_one_is_chosen(world: World) -> None:
    await captured(world)
    await link_another(world)
    preview = await world.command(PRIYA, "share OUR-1", OWN)
    assert "Show it in" in preview.text
    options = {o["text"]["text"]: o["value"] for o in choice(world, PRIYA, "shown_in")}
    assert list(options) == ["#alliance-helix", "#random"]
    refused = await world.fill(PRIYA, text="Agree the forecast", shown_in=options["#random"])
    assert "OUR-1 is HEL-1 now" in refused.text
    await world.later("PT5S")
    assert "Agree the forecast" in world.text(PRIYA, RANDOM)
    assert "Agree the forecast" not in world.text(PRIYA, SHARED)


def choice(world: World, who: str, name: str) -> list[Json]:
    [block] = [block for block in world.form(who)["blocks"] if block["block_id"] == name]
    return list(block["element"]["options"])


async def test_who_only_says_that_they_are_of_the_firm_reads_it_from_then_on(
    world: World,
) -> None:
    await captured(world)
    await share(world, MATEO)
    await world.mention(LENA, "mine")
    await world.press(LENA, "Northwind Bio", channel=SHARED)
    page = (await world.write(LENA, "show HEL-1")).text
    assert "Mateo Fuentes shared it" in page
    assert "recorded it" not in page
    assert "recorded it" in (await world.command(HANA, "show HEL-1")).text
