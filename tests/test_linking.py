"""Linking further channels: joint, or one firm's own, refused with the names of others in it."""

from tests.world import LENA, MATEO, OLIVIA, OWN, PRIYA, RANDOM, SHARED, World


async def refused(world: World) -> str:
    """Why #random can't be Northwind's own."""
    await world.form_of(PRIYA, "link", RANDOM)
    seen = await world.fill(PRIYA, sees="own")
    assert seen.view is not None
    why = str(world.form(PRIYA)["errors"]["sees"])
    await world.close(PRIYA)
    return why


async def test_an_own_channel_is_refused_with_the_names_of_others_in_it(world: World) -> None:
    await world.invite(PRIYA, RANDOM)
    await world.slack.channel(RANDOM, shared=True)
    for guest in ("lena", "olivia"):
        await world.invite(PRIYA, RANDOM, guest)
    assert await refused(world) == (
        "Lena Vogt (guest) and Olivia Bennett (Helix Devices) are in this channel, so it can't be "
        "Northwind Bio's own. Nothing was linked."
    )
    await world.slack.command(PRIYA, RANDOM, "/remove @lena")
    assert (await refused(world)).startswith("Olivia Bennett (Helix Devices) is in this channel")
    await world.slack.command(PRIYA, RANDOM, "/remove @olivia")
    assert (await refused(world)).startswith("people of Helix Devices are in this channel")
    await world.slack.channel(RANDOM, shared=False)
    await world.form_of(PRIYA, "link", RANDOM)
    linked = await world.fill(PRIYA, sees="own")
    assert "Linked to Helix alliance, for Northwind Bio only." in linked.text


async def test_who_sits_on_the_other_side_is_named_whatever_workspace_they_use(
    world: World,
) -> None:
    await world.invite(PRIYA, RANDOM)
    await world.mention(LENA, "mine")
    await world.press(LENA, "Helix Devices", channel=SHARED)
    await world.slack.person(LENA, guest=False)
    await world.invite(PRIYA, RANDOM, "lena")
    assert (await refused(world)).startswith("Lena Vogt (Helix Devices) is in this channel")


async def test_an_invitation_that_is_not_accepted_yet_is_said(world: World) -> None:
    await world.invite(PRIYA, RANDOM)
    world.slack.house.world.channels[RANDOM].pending_share = True
    form = await world.form_of(PRIYA, "link", RANDOM)
    waiting = "An invitation of another firm to this channel is waiting to be accepted."
    assert waiting in form.text
    await world.close(PRIYA)
    assert (await refused(world)).startswith(waiting)


async def test_a_refused_channel_keeps_nothing(world: World) -> None:
    await world.invite(PRIYA, RANDOM)
    await world.invite(PRIYA, RANDOM, "lena")
    await refused(world)
    await world.command(MATEO, "action agree our position by Fri", channel=RANDOM)
    assert world.references(LENA, RANDOM) == []
    assert "OUR-1" not in world.text(OLIVIA, SHARED)


async def test_the_second_firm_comes_in_with_a_joint_channel(empty_world: World) -> None:
    world = empty_world
    await world.set_up(channel=OWN, firms="Northwind Bio")
    form = await world.form_of(PRIYA, "link")
    assert "it brings Helix Devices in: they then read all that is joint." in form.text
    assert (await world.fill(PRIYA, sees="joint")).ok
    await world.close(PRIYA)
    await world.mention(OLIVIA, "action check the seals by Fri")
    assert world.references(PRIYA, SHARED) == ["HEL-1"]
    assert "Northwind Bio · Helix Devices" in world.text(PRIYA, OWN)
    assert "Helix Devices came in, by Priya Raman" in (await world.command(PRIYA, "audit")).text
