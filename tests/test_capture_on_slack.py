"""What is captured on Slack alone: by reactions and the menu of shortcuts, by its guests, and words
that it would read as a ping."""

from tests.world import (
    GRANT,
    HANA,
    LENA,
    MATEO,
    OLIVIA,
    PRIYA,
    SHARED,
    World,
    buttons_of,
    direct,
    words_of,
)


async def test_the_global_shortcut_means_ones_own_firm_unless_chosen(world: World) -> None:
    await world.command(PRIYA, "mine")
    await world.shortcut(PRIYA, "action_item.new", channel=None)
    sent = await world.fill(PRIYA, text="Think about the budget")
    assert "OUR-1 is yours, no date yet." in sent.text


async def test_the_first_to_react_is_asked_privately_and_nobody_else(world: World) -> None:
    said = await world.chat(OLIVIA, "We will send the drop test results on Thursday")
    await world.react(MATEO, said, "eyes")
    assert "One more step" not in world.text(MATEO, SHARED)
    first = await world.react(MATEO, said)
    [asked] = [m for m in first.messages if m["user"] == "U0BOT"]
    assert asked["ephemeral"]
    assert asked.get("thread_ts") is None, "where the one who reacted looks"
    assert "Keep this as an action item? Only you are asked." in words_of(asked)
    assert "New action item" in buttons_of(asked)
    for later in (GRANT, HANA):
        await world.react(later, said)
        assert world.inbox(later) == []
        assert "New action item" not in world.text(later, SHARED)
    await world.press(MATEO, "New action item", channel=SHARED, ts=asked["ts"])
    sent = await world.fill(MATEO, due="2026-11-26")
    assert "HEL-1 is proposed to Olivia Bennett" in sent.text


async def test_a_partner_who_reacts_is_asked_by_direct_message(world: World) -> None:
    said = await world.chat(HANA, "I can send the labels on Friday")
    await world.react(GRANT, said)
    assert "New action item" in world.inbox(GRANT)[-1]
    assert "New action item" in buttons_of(world.read(GRANT, direct(GRANT))[-1])
    await world.press(GRANT, "New action item")
    sent = await world.fill(GRANT)
    assert "HEL-1 is proposed to Hana Kobayashi" in sent.text
    assert world.references(HANA, SHARED) == ["HEL-1"]


async def test_somebody_whose_firm_is_not_known_owns_nothing_yet(world: World) -> None:
    guest = await world.command(PRIYA, "action @lena check the labels by Fri")
    assert "An alliance manager can add them with people" in guest.private
    assert "Nothing was recorded." in guest.private
    assert world.references(LENA, SHARED) == []


async def test_typed_words_can_ping_nobody(world: World) -> None:
    await world.command(MATEO, "action tell <!channel> & @everyone <b>now</b> by Fri")
    card = world.read(HANA, SHARED)[-1]
    assert "<!channel>" not in card["text"]
    assert "tell &lt;!channel&gt; &amp; @everyone &lt;b&gt;now&lt;/b&gt;" in card["text"]
    assert not any(part.get("type") == "broadcast" for part in _parts(card["blocks"]))


def _parts(node: object) -> list[dict[str, object]]:
    if isinstance(node, list):
        return [part for one in node for part in _parts(one)]
    if isinstance(node, dict):
        return [node, *_parts(list(node.values()))]
    return []
