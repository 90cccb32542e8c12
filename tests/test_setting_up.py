"""Setting an alliance up in a channel, and linking further channels to it."""

from sqlmodel import select

from storage.tables import Alliance, Side, SideTeam
from tests.world import (
    HANA,
    LENA,
    MATEO,
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


async def test_an_alliance_is_proposed_previewed_and_pinned(empty_world: World) -> None:
    world = empty_world
    seen = await world.command(PRIYA, "setup")
    calls = [entry["method"] for entry in world.slack.log() if entry.get("method")]
    assert calls.index("views.open") < calls.index("conversations.info")
    assert "Northwind Bio\nHelix Devices" in str(seen.view).replace("\\n", "\n")
    assert "'HEL'" in str(seen.view)
    preview = await world.fill(PRIYA, name="Helix alliance")
    assert "Everybody in #alliance-helix will see this, pinned:" in preview.text
    assert "My actions" not in buttons_of(preview.view or {}), "nothing is behind it yet"
    assert world.read(OLIVIA, SHARED) == []
    done = await world.fill(PRIYA)
    assert "Helix alliance is set up. You are its alliance manager" in done.text
    [card] = world.read(OLIVIA, SHARED)
    assert card["pinned"]
    labels = ["New action", "My actions", "All open", "What is this?"]
    assert list(buttons_of(card)) == labels
    assert "Northwind Bio · Helix Devices" in words_of(card)
    again = await world.command(PRIYA, "setup")
    assert "Helix alliance (HEL) is set up in this channel." in again.text


async def test_wrong_names_and_codes_are_told_beside_their_fields(empty_world: World) -> None:
    world = empty_world
    await world.command(PRIYA, "setup")
    for code in ("OUR", "H3L", "H", "12"):
        await world.fill(PRIYA, code=code)
        assert "The code is two to five letters" in world.form(PRIYA)["errors"]["code"]
    await world.fill(PRIYA, code="hel", firms="Northwind Bio\nHelix Devices\nhelix devices")
    assert "each once" in world.form(PRIYA)["errors"]["firms"]
    await world.fill(PRIYA, name=" ", firms="Northwind Bio\nHelix Devices")
    assert "Give the alliance a name" in world.form(PRIYA)["errors"]["name"]
    assert world.stored(lambda session: session.exec(select(Alliance)).all()) == []
    preview = await world.fill(PRIYA, name="Helix alliance")
    assert "such as HEL-12" in preview.text


async def test_two_who_set_up_at_once_make_one_alliance(empty_world: World) -> None:
    world = empty_world
    for who in (PRIYA, HANA):
        await world.command(who, "setup")
        await world.fill(who, name="Helix alliance", code="HEL")
    await world.fill(PRIYA)
    late = await world.fill(HANA)
    assert "This channel belongs to an alliance already." in late.text
    assert len(world.stored(lambda session: session.exec(select(Alliance)).all())) == 1


async def test_where_the_bot_is_missing_it_says_invite_and_keeps_the_form(
    empty_world: World,
) -> None:
    world = empty_world
    await world.form_of(PRIYA, "setup", RANDOM)
    seen = await world.fill(PRIYA)
    assert "I am not in #random yet. Write /invite @Alliance there, then press" in seen.text
    await world.fill(PRIYA, name="Inner circle", code="INN", firms="Northwind Bio")
    assert "Write `/invite @Alliance` there" in world.form(PRIYA)["errors"]["name"]
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    preview = await world.fill(PRIYA)
    assert "such as INN-12" in preview.text
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert "Inner circle" in world.text(MATEO, RANDOM)
    seen = await world.command(MATEO, "action book the room by Fri", channel=RANDOM)
    assert "INN-1 is yours" in seen.private


async def test_in_a_channel_it_was_invited_to_late_the_firms_workspaces_are_known(
    empty_world: World,
) -> None:
    """Before the invitation the bot could not look at who is there."""
    world = empty_world
    await world.slack.command(PRIYA, SHARED, "/remove @alliance")
    seen = await world.form_of(PRIYA, "setup")
    assert "Write /invite @Alliance there" in seen.text
    await world.slack.command(PRIYA, SHARED, "/invite @alliance")
    values = {"name": "Helix alliance", "code": "HEL", "firms": "Northwind Bio\nHelix Devices"}
    await world.fill(PRIYA, **values)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert "such as HEL-12" in world.text(OLIVIA, SHARED)
    await world.mention(TOMASZ, "action check the seals by Fri")
    assert world.references(PRIYA, SHARED) == ["HEL-1"]


async def test_firms_keep_their_workspaces_when_they_change_places(empty_world: World) -> None:
    world = empty_world
    await world.set_up(firms="Helix Devices\nNorthwind Bio")
    rows = world.stored(
        lambda session: session.exec(
            select(Side.firm, SideTeam.team_id, Side.is_host).join(SideTeam)
        ).all()
    )
    assert sorted(map(tuple, rows)) == [
        ("Helix Devices", "T0HELIX", False),
        ("Northwind Bio", "T0NORTH", True),
    ]


async def test_a_firm_whose_people_are_in_the_channel_is_not_forgotten(
    empty_world: World,
) -> None:
    """Else nothing could be said in the channel: people of no firm would read it."""
    world = empty_world
    await world.command(PRIYA, "setup")
    await world.fill(PRIYA, name="Helix alliance", code="HEL", firms="Northwind Bio")
    assert "People of Helix Devices are in this channel" in world.form(PRIYA)["errors"]["firms"]
    preview = await world.fill(PRIYA, firms="Northwind Bio\nHelix")
    assert "Northwind Bio · Helix" in preview.text


async def test_one_firm_is_enough_to_begin(empty_world: World) -> None:
    world = empty_world
    await world.set_up(channel=OWN, name="Getting ready", code="RDY", firms="Northwind Bio")
    seen = await world.command(HANA, "action prepare the kick-off by Fri", channel=OWN)
    assert "RDY-1 is yours" in seen.private
    assert "Everyone in this alliance sees this" in seen.private


async def test_the_firm_where_the_bot_is_installed_sets_up(empty_world: World) -> None:
    """Who sets up manages the alliance for the firm that keeps its records."""
    guest = await empty_world.command(LENA, "setup")
    assert "An alliance is set up by somebody of Northwind Bio" in guest.text
    partner = await empty_world.mention(OLIVIA, "setup")
    assert "An alliance is set up by somebody of Northwind Bio" in "".join(
        empty_world.inbox(OLIVIA)
    )
    assert partner.view is None


async def test_a_firms_own_channel_has_no_guests_and_no_partner(world: World) -> None:
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.slack.command(PRIYA, RANDOM, "/invite @lena")
    await world.form_of(PRIYA, "link", RANDOM)
    refused = await world.fill(PRIYA)
    assert not refused.ok or "errors" in str(refused.view)
    assert "Lena Vogt (guest) is in this channel" in world.form(PRIYA)["errors"]["sees"]
    await world.close(PRIYA)
    await world.slack.command(PRIYA, RANDOM, "/remove @lena")
    await world.form_of(PRIYA, "link", RANDOM)
    assert "Linked to Helix alliance, for Northwind Bio only." in (await world.fill(PRIYA)).text


async def test_a_guest_in_a_linked_own_channel_closes_it_for_the_firms_items(
    world: World,
) -> None:
    await world.slack.command(PRIYA, OWN, "/invite @lena")
    await world.command(HANA, "action agree our position by Fri", channel=OWN)
    assert "OUR-1" not in world.text(LENA, OWN)
    assert world.references(PRIYA, OWN) == []


async def test_channels_are_linked_by_alliance_managers_and_once(world: World) -> None:
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.command(HANA, "mine")
    refused = await world.command(HANA, "link", channel=RANDOM)
    assert "Channels are linked by the alliance managers." in refused.text
    twice = await world.command(PRIYA, "link", channel=OWN)
    assert "This channel belongs to Helix alliance already." in twice.text


async def test_with_two_alliances_a_direct_message_is_asked_once_which_and_goes_on(
    world: World,
) -> None:
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.set_up(channel=RANDOM, name="Inner circle", code="INN", firms="Northwind Bio")
    asked = await world.write(PRIYA, "action think about the budget by Fri")
    assert "You are in several alliances. Which one do you mean?" in asked.text
    await world.press(PRIYA, "INN · Inner circle", channel=direct(PRIYA))
    assert "OUR-1 is yours, due Fri 27 Nov" in world.inbox(PRIYA)[-1]
    assert "Which one do you mean?" not in "".join(world.inbox(PRIYA))
    assert "OUR-1" in (await world.command(PRIYA, "mine", channel=RANDOM)).private
    assert "OUR-1" not in (await world.command(PRIYA, "mine")).private
    await world.shortcut(PRIYA, "action_item.new", channel=None)
    await world.press(PRIYA, "HEL · Helix alliance")
    sent = await world.fill(PRIYA, text="Ask Olivia", owner=OLIVIA, sees="joint")
    assert "HEL-1 is proposed to Olivia Bennett" in sent.text
    await world.close(PRIYA)
    named = await world.write(PRIYA, "show HEL-1")
    assert "Ask Olivia" in named.text
