"""What nobody foresaw, and answers to people of the other workspace: never silence."""

import pytest

from handlers import acts
from handlers.acts import Ask
from handlers.views import Reply
from tests.world import HANA, OLIVIA, PRIYA, SHARED, World, words_of

SORRY = "Something went wrong on my side (reference "


def broken(ask: Ask) -> Reply:
    raise RuntimeError("nobody thought of this")


async def test_whoever_waits_is_told_at_every_door(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.mention(OLIVIA, "open")
    for name in ("list.mine", "action_item.new", "action_item.create"):
        monkeypatch.setitem(acts.ACTS, name, broken)
    assert SORRY in (await world.command(PRIYA, "mine")).private
    assert SORRY in (await world.press(PRIYA, "My actions", channel=SHARED)).private
    before = len(world.inbox(OLIVIA))
    await world.press(OLIVIA, "My actions", channel=SHARED)
    assert SORRY in world.inbox(OLIVIA)[-1]
    await world.mention(OLIVIA, "mine")
    await world.write(OLIVIA, "mine")
    assert [SORRY in told for told in world.inbox(OLIVIA)[before:]] == [True] * 3
    await world.shortcut(HANA, "action_item.new", channel=None)
    assert SORRY in world.inbox(HANA)[-1]
    await world.chat(PRIYA, "mine")
    assert SORRY not in world.text(PRIYA, SHARED).split("mine")[-1]


async def test_a_form_that_broke_stays_below_a_page_that_judges_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.command(PRIYA, "action")
    monkeypatch.setitem(acts.ACTS, "action_item.create", broken)
    seen = await world.fill(PRIYA, text="Print the dossier")
    assert SORRY in seen.text
    assert world.form(PRIYA)["title"]["text"] == "Alliance"


async def test_a_private_answer_to_the_partner_is_a_page_they_are_sure_to_see(
    world: World,
) -> None:
    listed = await world.press(OLIVIA, "My actions", channel=SHARED)
    assert "Nothing is yours to do" in words_of(listed.view)
    assert listed.messages == []
    await world.close(OLIVIA)
    await world.command(HANA, "action file the report by Fri")
    refused = await world.press(OLIVIA, "Done", channel=SHARED)
    assert "Hana Kobayashi is its owner" in words_of(refused.view)
    own = await world.press(PRIYA, "Done", channel=SHARED)
    assert "Hana Kobayashi is its owner" in own.private
