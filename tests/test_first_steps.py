"""Before an alliance exists: the greeting, an invitation, and which channel it is to be."""

from sqlmodel import col, select

from storage.tables import Alliance, Side
from tests.world import (
    HANA,
    LENA,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    World,
    buttons_of,
    direct,
    words_of,
)

GREETING = "I keep what your firm and a partner firm promise each other"
QUESTION = "Which channel do you share with your partner?"


def zones(world: World) -> list[tuple[str | None, str | None]]:
    chosen = select(Side.zone, Side.country).order_by(col(Side.position))
    return [(zone, country) for zone, country in world.stored(lambda s: list(s.exec(chosen)))]


async def test_who_comes_first_is_greeted_once_and_no_partner_or_guest(empty_world: World) -> None:
    world = empty_world
    for who in (PRIYA, LENA, OLIVIA):
        for tab in ("messages", "home", "messages"):
            await world.open_app(who, tab)
    assert [GREETING in said for said in world.inbox(PRIYA)] == [True]
    assert world.inbox(LENA) == world.inbox(OLIVIA) == []
    await world.open_app(HANA, "home")
    assert [GREETING in said for said in world.inbox(HANA)] == [True]


async def test_nobody_is_greeted_once_there_is_an_alliance(world: World) -> None:
    await world.open_app(HANA)
    assert world.inbox(HANA) == []


async def test_the_greeting_leads_to_the_channel_and_its_form(empty_world: World) -> None:
    world = empty_world
    await world.open_app(PRIYA)
    asked = await world.press(PRIYA, "Choose the channel")
    assert QUESTION in asked.text
    refused = await world.fill(PRIYA)
    assert "complete this required field" in str(refused.raw["errors"])
    form = await world.fill(PRIYA, channel=SHARED)
    assert "Northwind Bio\nHelix Devices" in str(form.view).replace("\\n", "\n")
    await world.fill(PRIYA, name="Helix alliance")
    assert "is set up" in (await world.fill(PRIYA)).text
    assert "Helix alliance" in world.text(OLIVIA, SHARED)


async def test_setup_anywhere_else_asks_which_channel(empty_world: World) -> None:
    world = empty_world
    for asked in (
        await world.write(PRIYA, "setup"),
        await world.command(PRIYA, "setup", direct(PRIYA)),
    ):
        assert QUESTION in asked.text
    await world.close(PRIYA)
    await world.press(PRIYA, "Set up an alliance", channel=direct(PRIYA))
    form = await world.fill(PRIYA, channel=SHARED)
    assert "Firms" in form.text
    await world.close(PRIYA)
    mentioned = await world.mention(PRIYA, "setup", OWN)
    assert "Only Northwind Bio is in #northwind-internal." in mentioned.private


async def test_a_channel_of_ones_own_firm_is_warned_of_and_may_begin_one(
    empty_world: World,
) -> None:
    world = empty_world
    seen = await world.form_of(PRIYA, "setup", OWN)
    assert "Only Northwind Bio is in #northwind-internal." in seen.text
    assert "an alliance can begin with one firm" in seen.text
    other = await world.fill(PRIYA, channel=SHARED)
    assert "Only Northwind Bio" not in other.text
    await world.close(PRIYA)
    await world.form_of(PRIYA, "setup", OWN)
    alone = await world.fill(PRIYA)
    assert "Your partner can come in later and then reads what is recorded here" in alone.text


async def test_a_channel_one_is_not_in_is_not_taken(empty_world: World) -> None:
    world = empty_world
    await world.invite(PRIYA, RANDOM)
    await world.slack.command(PRIYA, RANDOM, "/remove @hana")
    await world.command(HANA, "setup", direct(HANA))
    await world.fill(HANA, channel=RANDOM)
    assert "You are not in that channel yourself." in world.form(HANA)["errors"]["channel"]


async def test_nothing_is_kept_of_a_preview_but_what_was_typed(empty_world: World) -> None:
    world = empty_world
    for name in ("First try", "Second try"):
        await world.form_of(PRIYA, "setup")
        await world.fill(PRIYA, name=name, code="TRY")
        await world.close(PRIYA)
    assert world.stored(lambda session: session.exec(select(Alliance)).all()) == []
    assert world.text(OLIVIA, SHARED) == ""
    again = await world.press(PRIYA, "Go on", channel=direct(PRIYA))
    assert "Second try" in str(again.view)
    await world.close(PRIYA)
    other = await world.form_of(PRIYA, "setup", OWN)
    assert "try" not in str(other.view)
    await world.form_of(HANA, "setup")
    assert "try" not in str(world.form(HANA)), "it is Priya's"


async def test_an_invitation_is_answered_to_who_invited_and_posts_nothing(
    empty_world: World,
) -> None:
    world = empty_world
    await world.slack.command(PRIYA, SHARED, "/remove @alliance")
    await world.invite(HANA, SHARED)
    [told] = world.inbox(HANA)
    assert "6 of Northwind Bio, 6 of Helix Devices and 1 guest, whom I take" in told
    assert world.text(OLIVIA, SHARED) == world.text(HANA, SHARED) == ""
    assert world.inbox(PRIYA) == []
    declined = await world.press(HANA, "Not now")
    assert "begins whenever you like" in declined.text
    assert not buttons_of(world.read(HANA, direct(HANA))[-1])


async def test_a_partner_who_invites_it_hears_who_sets_up(empty_world: World) -> None:
    world = empty_world
    await world.slack.command(PRIYA, SHARED, "/remove @alliance")
    await world.invite(OLIVIA, SHARED)
    [told] = world.inbox(OLIVIA)
    assert "An alliance is set up by somebody of Northwind Bio" in told
    assert "Set it up" not in told
    assert world.text(OLIVIA, SHARED) == ""


async def test_an_invitation_back_says_so_briefly(world: World) -> None:
    await world.slack.command(PRIYA, SHARED, "/remove @alliance")
    await world.invite(HANA, SHARED)
    assert world.inbox(HANA) == [
        "I am back in #alliance-helix and go on as before. I posted nothing there."
    ]


async def test_an_own_channel_is_offered_to_be_linked_or_explained(world: World) -> None:
    await world.invite(PRIYA, RANDOM)
    assert (
        "Only Northwind Bio is in it. Shall I link it to Helix alliance?" in world.inbox(PRIYA)[-1]
    )
    form = await world.press(PRIYA, "Link it")
    assert "Link #random to Helix alliance" in form.text
    assert "Linked to Helix alliance, for Northwind Bio only." in (await world.fill(PRIYA)).text
    await world.close(PRIYA)


async def test_an_own_channel_without_an_alliance_is_explained(empty_world: World) -> None:
    world = empty_world
    await world.invite(PRIYA, RANDOM)
    assert "lives in the channel you share with your partner" in world.inbox(PRIYA)[-1]
    assert QUESTION in (await world.press(PRIYA, "Choose another channel")).text
    await world.close(PRIYA)
    form = await world.press(PRIYA, "Set it up here")
    assert "Your partner can come in later" in form.text


async def test_the_second_firm_comes_in_when_the_channel_is_shared(empty_world: World) -> None:
    """Until its workspace is known nothing more is said there; the card stays, and its buttons."""
    world = empty_world
    await world.invite(PRIYA, RANDOM)
    await world.set_up(channel=RANDOM, firms="Northwind Bio")
    await world.slack.channel(RANDOM, shared=True)
    await world.invite(PRIYA, RANDOM, "olivia")
    await world.command(PRIYA, "action send the plan by Fri", channel=RANDOM)
    assert world.references(OLIVIA, RANDOM) == []
    await world.press(OLIVIA, "New action", channel=RANDOM)
    await world.press(OLIVIA, "Another firm")
    form = await world.fill(OLIVIA, firm="Helix Devices")
    assert "What is to be done?" in form.text
    await world.fill(OLIVIA, text="Check the plan")
    await world.close(OLIVIA)
    assert "Northwind Bio · Helix Devices" in words_of(world.read(OLIVIA, RANDOM)[0])
    assert "HEL-2" in world.references(PRIYA, RANDOM)
    assert zones(world) == [("Europe/Berlin", "DE"), ("Europe/London", "GB")]


async def test_a_firm_named_beforehand_gets_its_workspace_with_its_first_person(
    empty_world: World,
) -> None:
    world = empty_world
    await world.invite(PRIYA, RANDOM)
    await world.set_up(channel=RANDOM, firms="Northwind Bio\nHelix Devices")
    await world.slack.channel(RANDOM, shared=True)
    await world.invite(PRIYA, RANDOM, "olivia")
    await world.press(OLIVIA, "New action", channel=RANDOM)
    await world.press(OLIVIA, "Helix Devices")
    await world.fill(OLIVIA, text="Check the plan")
    await world.close(OLIVIA)
    assert world.references(PRIYA, RANDOM) == ["HEL-1"]
    listed = await world.command(PRIYA, "people", channel=RANDOM)
    assert "not confirmed" not in listed.private


async def test_each_firm_has_the_zone_of_most_of_its_people(world: World) -> None:
    assert zones(world) == [("Europe/Berlin", "DE"), ("Europe/London", "GB")]


async def test_home_offers_to_set_up_while_one_is_in_no_alliance(empty_world: World) -> None:
    world = empty_world
    home = await world.open_app(PRIYA, "home")
    assert home.view is not None
    button = buttons_of(home.view)["Set up an alliance"]
    await world.slack.click(PRIYA, view_id=home.view["id"], action_id=button["action_id"])
    assert QUESTION in words_of(world.form(PRIYA))
    await world.close(PRIYA)
    await world.set_up()
    home = await world.open_app(PRIYA, "home")
    assert "New action item" in buttons_of(home.view or {})


async def test_an_open_invitation_of_another_firm_is_said(empty_world: World) -> None:
    world = empty_world
    world.slack.house.world.channels[RANDOM].pending_share = True
    await world.invite(PRIYA, RANDOM)
    assert "An invitation of another firm to it is not accepted yet." in world.inbox(PRIYA)[-1]
    form = await world.form_of(PRIYA, "setup", RANDOM)
    assert "Name that firm too: its people take their place when they come." in form.text
