"""Who is who: people of both firms, guests, those who come and go; and who asks for help."""

from sqlmodel import select

from playground.world import Person as Someone
from storage.tables import Member, Person
from tests.world import (
    ADAEZE,
    HANA,
    JONAS,
    LENA,
    OLIVIA,
    PRIYA,
    RANDOM,
    SAMIR,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)


def places(world: World, who: str) -> list[tuple[str, bool]]:
    """Somebody's places that have no end: their role, and whether only they say so."""
    chosen = select(Member).join(Person).where(Person.user_id == who)
    return world.stored(
        lambda session: [
            (member.role, member.stated) for member in session.exec(chosen) if not member.until
        ]
    )


async def test_an_alliance_manager_adds_and_changes_people_of_their_firm(world: World) -> None:
    listed = await world.command(PRIYA, "people")
    assert "Who is who · Helix alliance" in listed.private
    assert "Priya Raman · Alliance manager · Senior alliance manager" in listed.private
    assert "Nobody yet. They join when they first press a button." in listed.private
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    said = await world.fill(PRIYA, person=JONAS, role="sponsor")
    assert "Jonas Lindqvist is Executive sponsor at Northwind Bio." in said.text
    await world.close(PRIYA)
    await world.command(PRIYA, "people")
    again = await world.command(HANA, "people")
    assert "Jonas Lindqvist · Executive sponsor" in again.private
    assert "The alliance managers add and change people." in again.private
    assert "Add somebody" not in buttons_of(again.messages[-1])
    assert places(world, JONAS) == [("sponsor", False)]


async def test_a_firm_without_a_manager_gets_one_and_then_looks_after_its_own(
    world: World,
) -> None:
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    first = await world.fill(PRIYA, person=OLIVIA, side="Helix Devices", role="manager")
    assert "Olivia Bennett is Alliance manager at Helix Devices." in first.text
    await world.close(PRIYA)
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=TOMASZ, side="Helix Devices", role="lead")
    refused = world.form(PRIYA)["errors"]["side"]
    assert refused == "Helix Devices looks after its own people; ask its alliance manager."
    await world.close(PRIYA)
    await world.write(OLIVIA, "people")
    await world.press(OLIVIA, "Add somebody")
    own = await world.fill(OLIVIA, person=TOMASZ, role="lead")
    assert "Tomasz Zieliński is Business lead at Helix Devices." in own.text
    await world.close(OLIVIA)
    await world.press(OLIVIA, "Add somebody")
    await world.fill(OLIVIA, person=SAMIR, side="Northwind Bio", role="team")
    assert "Northwind Bio looks after its own people" in world.form(OLIVIA)["errors"]["side"]


async def test_a_membership_ends_and_begins_again_but_never_the_last_managers(
    world: World,
) -> None:
    await world.command(SAMIR, "mine")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    ended = await world.fill(PRIYA, person=SAMIR, until="2026-11-23")
    assert "Samir Haddad's time here ends today." in ended.text
    await world.close(PRIYA)
    gone = await world.command(SAMIR, "mine")
    assert "Your time in Helix alliance has ended." in gone.private
    owner = await world.command(PRIYA, "action @samir check the labels by Fri")
    assert "Samir Haddad's time in Helix alliance has ended." in owner.private
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    past = await world.fill(PRIYA, person=SAMIR, until="2026-11-20")
    assert not past.ok or "errors" in world.form(PRIYA)
    assert "can't be in the past" in world.form(PRIYA)["errors"]["until"]
    await world.fill(PRIYA, until=None)
    await world.close(PRIYA)
    assert "Nothing is yours to do here." in (await world.command(SAMIR, "mine")).private
    for values in ({"until": "2026-11-23"}, {"role": "team"}, {"until": "2026-12-24"}):
        await world.press(PRIYA, "Add somebody", channel=SHARED)
        last = await world.fill(PRIYA, person=PRIYA, **{"role": "manager", **values})
        assert "Who follows you as Northwind Bio's alliance manager?" in last.text
        await world.close(PRIYA)
    assert places(world, PRIYA) == [("manager", False)]


async def test_a_guest_is_asked_once_which_firm_and_then_it_goes_on(world: World) -> None:
    asked = await world.command(LENA, "action check the labels by Fri")
    assert "Before the first time in Helix alliance: which firm are you with?" in asked.private
    assert list(buttons_of(asked.messages[-1])) == ["Northwind Bio", "Helix Devices"]
    await world.press(LENA, "Helix Devices", channel=SHARED)
    assert "HEL-1 is yours, due Fri 27 Nov" in world.text(LENA, SHARED)
    assert "which firm are you with?" not in world.text(LENA, SHARED)
    assert places(world, LENA) == [("other", True)]
    assert "Nothing is past its day." in (await world.command(LENA, "overdue")).private
    people = await world.command(PRIYA, "people")
    assert "Lena Vogt · Other · Contractor (guest) · says so, not confirmed" in people.private


async def test_a_guest_who_presses_a_card_is_asked_as_well(world: World) -> None:
    pressed = await world.press(LENA, "New action", channel=SHARED)
    assert "which firm are you with?" in pressed.private
    await world.command(HANA, "action file the report by Fri")
    also = await world.press(LENA, "Done", channel=SHARED)
    assert "which firm are you with?" in also.private
    assert "· open" in world.text(HANA, SHARED)
    questions = [m for m in world.read(LENA, SHARED) if "Helix Devices" in buttons_of(m)]
    opened = await world.press(LENA, "Northwind Bio", channel=SHARED, ts=questions[0]["ts"])
    assert "New action item" in words_of(opened.view)
    await world.close(LENA)
    other = await world.press(LENA, "Helix Devices", channel=SHARED, ts=questions[1]["ts"])
    assert "Hana Kobayashi is its owner and marks it done." in other.text
    assert places(world, LENA) == [("other", True)]
    assert "which firm are you with?" not in world.text(LENA, SHARED)
    people = await world.command(PRIYA, "people")
    assert people.private.index("Lena Vogt") < people.private.index("Helix Devices")


async def test_who_comes_from_the_second_firm_names_it(empty_world: World) -> None:
    world = empty_world
    for whom in ("@alliance", "@lena"):
        await world.slack.command(PRIYA, RANDOM, f"/invite {whom}")
    await world.set_up(channel=RANDOM, name="Inner circle", code="INN", firms="Northwind Bio")
    await world.mention(LENA, "action check the labels by Fri", channel=RANDOM)
    await world.press(LENA, "Another firm", channel=RANDOM)
    assert "Everybody in the alliance sees it." in words_of(world.form(LENA))
    said = await world.fill(LENA, firm="Vogt Consulting")
    assert said.ok
    await world.close(LENA)
    people = await world.command(PRIYA, "people", channel=RANDOM)
    assert "Vogt Consulting" in people.private
    assert "Lena Vogt · Other" in people.private
    assert "INN-1" in (await world.write(LENA, "mine")).text


async def test_a_stranger_in_a_direct_message_is_told_how_to_begin(world: World) -> None:
    told = await world.write(SAMIR, "action check the labels by Fri")
    assert "I don't know of an alliance you are part of." in told.text
    await world.command(SAMIR, "mine")
    assert "OUR-1 is yours" in (await world.write(SAMIR, "action check the labels by Fri")).text


async def test_an_unknown_word_is_answered_with_the_nearest_command(world: World) -> None:
    near = await world.command(HANA, "overdeu")
    assert "I don't know “overdeu”. Did you mean overdue ?" in near.private
    far = await world.write(TOMASZ, "xyzzy")
    assert "I don't know “xyzzy”." in far.text
    assert "action @owner what is to be done by Fri" in far.text
    shouted = await world.mention(OLIVIA, "<!channel> hello")
    assert shouted.messages
    assert "<!" not in "".join(m["text"] for m in world.read(OLIVIA, direct(OLIVIA)))


async def test_help_says_what_reaches_whom(world: World) -> None:
    host = await world.command(HANA, "help all")
    assert "Write /alliance and one of these" in host.private
    await world.press(OLIVIA, "What is this?", channel=SHARED)
    first = await world.press(OLIVIA, "Help")
    assert "@Alliance mine see what is yours" in first.text
    partner = await world.press(OLIVIA, "All commands")
    for shown in (first, partner):
        assert "Mention @Alliance in the channel, or write to me directly" in shown.text
        assert "/alliance" not in shown.text
    for verb in ("action [@owner] text [by date]", "done HEL-12", "mine", "reminders"):
        assert verb in host.private
        assert verb in partner.text
    short = await world.command(HANA, "help")
    assert "/alliance done HEL-12 close it" in short.private
    assert "reassign" not in short.private
    assert "reassign" in (await world.press(HANA, "All commands", channel=SHARED)).private
    nothing = await world.command(ADAEZE, "", channel=RANDOM)
    assert "Nothing is set up here yet." in nothing.private


async def test_bots_take_no_part_and_are_not_offered(world: World) -> None:
    there = world.slack.house.world.people
    robot = Someone("U0ROBOT", "T0NORTH", "robot", "Build Robot", "", None, is_bot=True)
    there[robot.id] = robot
    for verb in ("action @robot check it by Fri", "internal @robot check it by Fri"):
        owner = await world.command(PRIYA, verb)
        assert "Apps and bots can't take part; choose a person." in owner.private
    assert world.references(PRIYA, SHARED) == []
    await world.command(PRIYA, "action")
    [field] = [b for b in world.form(PRIYA)["blocks"] if b.get("block_id") == "owner"]
    offered = await world.slack.options(
        PRIYA, view_id=world.form(PRIYA)["id"], action_id=field["element"]["action_id"]
    )
    names = [option["text"]["text"] for option in offered["options"]]
    assert "Tomasz Zieliński" in " ".join(names)
    assert not {"Alliance", "Build Robot"} & set(names)


async def test_the_choice_of_people_narrows_as_one_types(world: World) -> None:
    await world.press(TOMASZ, "New action", channel=SHARED)
    view = world.form(TOMASZ)
    [field] = [b for b in view["blocks"] if b.get("block_id") == "owner"]
    ask = {"view_id": view["id"], "action_id": field["element"]["action_id"]}
    offered = await world.slack.options(TOMASZ, **ask, value="hana")
    assert [o["value"] for o in offered["options"]] == [HANA]
    nobody = await world.slack.options(TOMASZ, **ask, value="zebulon")
    assert nobody["options"] == []


async def test_who_waits_to_be_confirmed_confirms_nobody(world: World) -> None:
    """Else a firm could name a guest as the partner's alliance manager, who lets themselves in."""
    await world.mention(LENA, "mine")
    await world.press(LENA, "Helix Devices", channel=SHARED)
    for manager in (PRIYA, LENA):
        await world.write(manager, "people")
        await world.press(manager, "Add somebody", channel=direct(manager))
        said = await world.fill(manager, person=LENA, side="Helix Devices", role="manager")
        assert "Helix Devices confirms it before they see its own records." in said.text
        await world.close(manager)
    assert places(world, LENA) == [("manager", True)]
