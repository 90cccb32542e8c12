"""What is captured on Slack: its guests, and words that it would read as a ping."""

from tests.world import HANA, LENA, MATEO, PRIYA, SHARED, World


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
