"""Who looks after the partner's side: asked in the shared channel, answered by them alone."""

from sqlmodel import Session, col, select

from storage.tables import Card, HistoryEntry, Member, Person, Side
from tests.daily import until
from tests.world import (
    GRANT,
    HANA,
    INES,
    JONAS,
    LENA,
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

HELIX = "Helix Devices"


def side_of(session: Session, firm: str = HELIX) -> Side:
    return session.exec(select(Side).where(Side.firm == firm)).one()


def is_checked(world: World) -> bool:
    return world.stored(lambda session: side_of(session).checked_at is not None)


def account(world: World) -> list[str]:
    """What happened to the firms, in order."""
    chosen = select(HistoryEntry.what).where(HistoryEntry.record == "side")
    return world.stored(lambda s: list(s.exec(chosen.order_by(col(HistoryEntry.id)))))


def managers(world: World) -> list[str]:
    """Helix's alliance managers."""
    chosen = (
        select(Person.user_id)
        .join(Member, col(Member.person_id) == Person.id)
        .join(Side, col(Side.id) == Member.side_id)
        .where(Member.role == "manager", Side.firm == HELIX)
    )
    return world.stored(lambda session: list(session.exec(chosen)))


def helix_in_boxes(world: World) -> list[str]:
    """Everything the bot has written to Helix's people directly."""
    people = (OLIVIA, GRANT, INES, TOMASZ, "U0MEILING", "U0KWAME")
    return [message for who in people for message in world.inbox(who)]


async def questions(world: World) -> list[str]:
    """The messages in the shared channel about who looks after Helix's side, as Helix reads them;
    edits of one message come together when nearer than three seconds."""
    await world.later("PT4S")
    shown = [words_of(message) for message in world.read(TOMASZ, SHARED)]
    return [text for text in shown if "after this alliance" in text or "at the people of" in text]


async def begin(world: World) -> None:
    """The alliance is set up and Priya's question stands on her page."""
    await world.command(PRIYA, "setup")
    await world.filled(PRIYA)
    await world.fill(PRIYA, name="Helix alliance", code="HEL")
    seen = await world.fill(PRIYA)
    assert "Is Olivia Bennett your counterpart at Helix Devices?" in seen.text


async def name_olivia(world: World) -> None:
    await begin(world)
    await world.press(PRIYA, "Yes, ask them")
    await world.close(PRIYA)


async def test_the_likeliest_person_is_proposed_and_asked_in_the_shared_channel(
    empty_world: World,
) -> None:
    world = empty_world
    await begin(world)
    assert await questions(world) == []
    said = await world.press(PRIYA, "Yes, ask them")
    assert "Olivia Bennett is asked in the shared channel." in said.text
    [asked] = await questions(world)
    assert "<@U0OLIVIA> , Priya Raman says you look after this alliance at Helix Devices." in asked
    assert "Until you do, I write directly only to those of them who act here." in asked
    assert helix_in_boxes(world) == []
    assert managers(world) == [OLIVIA]
    assert account(world) == ["asked"]


async def test_nobody_is_proposed_by_guessing_and_later_is_possible(empty_world: World) -> None:
    world = empty_world
    world.slack.house.world.people[OLIVIA].title = "Something else"
    await world.command(PRIYA, "setup")
    await world.filled(PRIYA)
    await world.fill(PRIYA, name="Helix alliance", code="HEL")
    seen = await world.fill(PRIYA)
    assert "Who is your counterpart at Helix Devices?" in seen.text
    assert "Yes, ask them" not in buttons_of(world.form(PRIYA))
    said = await world.press(PRIYA, "Later")
    assert "people asks again who it is at Helix Devices" in said.text
    await world.close(PRIYA)
    listed = await world.command(PRIYA, "people")
    assert "Name its alliance manager" in buttons_of(listed.messages[-1])
    await world.press(PRIYA, "Name its alliance manager", channel=SHARED)
    field = next(b for b in world.form(PRIYA)["blocks"] if b.get("block_id") == "person")
    offered = await world.slack.options(
        PRIYA, view_id=world.form(PRIYA)["id"], action_id=field["element"]["action_id"]
    )
    shown = [option["text"]["text"] for option in offered["options"]]
    assert "Inês Carvalho" in shown
    assert "Hana Kobayashi" not in shown
    said = await world.fill(PRIYA, person=INES)
    assert "Inês Carvalho is asked in the shared channel." in said.text
    await world.close(PRIYA)
    again = await world.command(PRIYA, "people")
    assert "Name its alliance manager" not in buttons_of(again.messages[-1])


async def test_after_the_first_example_the_question_comes_again_if_it_stands_open(
    empty_world: World,
) -> None:
    world = empty_world
    await begin(world)
    await world.press(PRIYA, "Record the first one")
    recorded = await world.fill(PRIYA)
    assert "HEL-1 is yours" in recorded.text
    assert "Is Olivia Bennett your counterpart at Helix Devices?" in recorded.text
    await world.press(PRIYA, "Yes, ask them")
    await world.close(PRIYA)
    assert len(await questions(world)) == 1
    await world.command(PRIYA, "action")
    assert "counterpart" not in (await world.fill(PRIYA, text="Book the room")).text


async def test_once_answered_the_question_does_not_follow_the_first_item(
    empty_world: World,
) -> None:
    world = empty_world
    await begin(world)
    await world.press(PRIYA, "Later")
    await world.press(PRIYA, "Record an action item")
    recorded = await world.fill(PRIYA, text="Book the room")
    assert "HEL-1 is yours" in recorded.text
    assert "counterpart" not in recorded.text


async def test_a_second_press_names_nobody_twice(empty_world: World) -> None:
    world = empty_world
    await begin(world)
    page = world.form(PRIYA)["id"]
    button = buttons_of(world.form(PRIYA))["Yes, ask them"]
    for _ in range(2):
        await world.slack.click(
            PRIYA,
            action_id=button["action_id"],
            block_id=button["block_id"],
            value=button["value"],
            view_id=page,
        )
    assert len(await questions(world)) == 1


async def test_who_was_asked_looks_and_it_looks_right(empty_world: World) -> None:
    world = empty_world
    await name_olivia(world)
    page = await world.press(OLIVIA, "Check our people", channel=SHARED)
    assert "Looks right means three things:" in page.text.replace("*", "")
    assert "Olivia Bennett · Alliance manager" in page.text
    assert "In the channel, not in it yet" in page.text
    assert "Grant Whitaker · Executive sponsor" in page.text
    assert "Priya" not in page.text
    assert "Time zone" in page.text
    done = await world.fill(OLIVIA)
    assert "Thank you. Helix Devices looks after its own people from now on." in done.text
    assert "You hear from me" in done.text
    await world.close(OLIVIA)
    assert await questions(world) == [
        "Olivia Bennett looked at the people of Helix Devices on Mon 23 Nov."
    ]
    assert is_checked(world)
    assert account(world) == ["asked", "checked"]
    count = select(Member).join(Side).where(Side.firm == HELIX)
    assert len(world.stored(lambda session: session.exec(count).all())) == 1, "nobody joined by it"
    await until(world, "2026-11-24T12:00+00:00")
    assert "Olivia Bennett looked at the people of Helix Devices" in world.inbox(PRIYA)[-1]


async def test_only_who_is_asked_answers_and_everybody_else_is_told_kindly_who(
    empty_world: World,
) -> None:
    world = empty_world
    await name_olivia(world)
    colleague = await world.press(TOMASZ, "Check our people", channel=SHARED)
    assert "This question is for Olivia Bennett" in colleague.text
    assert "Olivia Bennett can say so with “Not me”." in colleague.text
    for label in ("Check our people", "Not me"):
        host = await world.press(HANA, label, channel=SHARED)
        assert "This question is for Olivia Bennett, who answers it for Helix" in host.text
        assert "Not me" not in host.private
    mine = await world.press(PRIYA, "Check our people", channel=SHARED)
    assert "This question is for Olivia Bennett" in mine.text
    assert not is_checked(world)
    joined = select(Member).join(Person).where(Person.user_id == TOMASZ)
    assert world.stored(lambda session: session.exec(joined).all()) == []


async def test_a_change_counts_as_having_looked_and_comes_back_to_the_list(
    empty_world: World,
) -> None:
    world = empty_world
    await name_olivia(world)
    await world.press(OLIVIA, "Check our people", channel=SHARED)
    add = [label for label in buttons_of(world.form(OLIVIA)) if label == "Add"]
    assert add
    await world.press(OLIVIA, "Add")
    shown = words_of(world.form(OLIVIA))
    assert "Add or change somebody" in shown
    back = await world.fill(OLIVIA, role="sponsor")
    assert "Grant Whitaker is Executive sponsor at Helix Devices." in back.text
    assert "Grant Whitaker · Executive sponsor" in back.text
    assert world.form(OLIVIA)["submit"] is None, "it is answered"
    assert is_checked(world)
    assert account(world) == ["asked", "checked"]
    assert "Olivia Bennett looked at" in (await questions(world))[0]


async def test_not_me_asks_somebody_else_of_their_firm(empty_world: World) -> None:
    world = empty_world
    await name_olivia(world)
    await world.press(OLIVIA, "Not me", channel=SHARED)
    refused = await world.fill(OLIVIA, person=PRIYA)
    assert not refused.ok, "only people of their own firm are offered"
    said = await world.fill(OLIVIA, person=INES)
    assert "Inês Carvalho is asked in the channel instead." in said.text
    await world.close(OLIVIA)
    first, second = await questions(world)
    assert first == (
        "Olivia Bennett was asked first; Inês Carvalho looks after this alliance at Helix Devices."
    )
    assert "<@U0INES> , Olivia Bennett says you look after this alliance" in second
    assert managers(world) == [INES]
    await until(world, "2026-11-24T12:00+00:00")
    told = world.inbox(PRIYA)[-1].replace("*", "")
    assert "Olivia Bennett does not look after this at Helix Devices; Inês Carvalho is" in told
    await world.press(INES, "Check our people", channel=SHARED)
    await world.fill(INES)
    assert is_checked(world)


async def test_not_me_without_a_name_leaves_it_open_for_people(empty_world: World) -> None:
    world = empty_world
    await name_olivia(world)
    await world.press(OLIVIA, "Not me", channel=SHARED)
    said = await world.fill(OLIVIA)
    assert "Thank you. Whoever asked you is told." in said.text
    await world.close(OLIVIA)
    [asked] = await questions(world)
    assert "Olivia Bennett does not look after this alliance at Helix Devices." in asked
    assert managers(world) == []
    listed = await world.command(PRIYA, "people")
    assert "Name its alliance manager" in buttons_of(listed.messages[-1])
    await until(world, "2026-11-24T12:00+00:00")
    assert "named nobody else" in world.inbox(PRIYA)[-1]


async def test_the_host_puts_a_wrong_name_right_until_that_person_acts(empty_world: World) -> None:
    world = empty_world
    await name_olivia(world)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    right = await world.fill(PRIYA, person=OLIVIA, side=HELIX, role="team")
    assert "Olivia Bennett is Team member at Helix Devices." in right.text
    await world.close(PRIYA)
    assert "Olivia Bennett does not look after" in (await questions(world))[0]
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=INES, side=HELIX, role="manager")
    await world.close(PRIYA)
    assert "<@U0INES> , Priya Raman says you look after" in (await questions(world))[-1]
    assert helix_in_boxes(world) == []
    await world.press(INES, "Check our people", channel=SHARED)
    await world.close(INES)
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=INES, side=HELIX, role="team")
    assert "Helix Devices looks after its own people" in world.form(PRIYA)["errors"]["side"]
    assert not is_checked(world), "opening the page is not yet an answer"


async def test_another_alliance_manager_of_the_firm_may_answer(empty_world: World) -> None:
    world = empty_world
    await name_olivia(world)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=INES, side=HELIX, role="manager")
    await world.close(PRIYA)
    [first, second] = await questions(world)
    assert "Olivia Bennett was asked first" in first
    assert "<@U0INES>" in second
    await world.press(OLIVIA, "Check our people", channel=SHARED)
    await world.fill(OLIVIA)
    assert (await questions(world))[1] == (
        "Olivia Bennett looked at the people of Helix Devices on Mon 23 Nov."
    )


async def test_looks_right_pressed_late_says_who_looked(empty_world: World) -> None:
    world = empty_world
    await name_olivia(world)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=INES, side=HELIX, role="manager")
    await world.close(PRIYA)
    for who in (OLIVIA, INES):
        await world.press(who, "Check our people", channel=SHARED)
    await world.fill(OLIVIA)
    late = await world.fill(INES)
    assert "Olivia Bennett looked at the people of Helix Devices on Mon 23 Nov." in late.text
    assert account(world).count("checked") == 1


async def test_from_people_an_alliance_manager_looks_as_well(empty_world: World) -> None:
    world = empty_world
    await name_olivia(world)
    await world.write(OLIVIA, "people")
    await world.press(OLIVIA, "Check our people", channel=direct(OLIVIA))
    assert "Your people" in words_of(world.form(OLIVIA))
    await world.fill(OLIVIA)
    assert is_checked(world)
    await world.close(OLIVIA)
    listed = await world.write(OLIVIA, "people")
    assert "Check our people" not in buttons_of(listed.messages[-1])


async def test_a_stolen_button_answers_for_no_other_firm(empty_world: World) -> None:
    """Priya presses *Looks right* and *Change* as if the page were hers."""
    world = empty_world
    await name_olivia(world)
    token, side = world.stored(
        lambda session: (
            session.exec(select(Card.token).where(Card.kind == "roster")).one(),
            side_of(session).id,
        )
    )
    await world.command(PRIYA, "people")
    message = [m for m in world.read(PRIYA, SHARED) if "Add somebody" in buttons_of(m)][-1]
    for name, value in (
        ("roster.own", str(side)),
        ("roster.check", token),
        ("roster.not_me", token),
        ("roster.change", f"{side}:{OLIVIA}"),
    ):
        for block in message["blocks"]:
            for element in block.get("elements", []):
                if element.get("type") == "button":
                    element["action_id"], element["value"] = name, value
        stored = world.slack.house.world.channels[SHARED].messages
        for kept in stored.values():
            if kept.ts == message["ts"]:
                kept.blocks = message["blocks"]
        seen = await world.slack.click(PRIYA, SHARED, message["ts"], action_id=name, value=value)
        assert "Your people" not in str(seen)
    assert not is_checked(world)


async def test_a_firm_of_which_nobody_is_known_is_not_asked_about(empty_world: World) -> None:
    world = empty_world
    await world.command(PRIYA, "setup", OWN)
    await world.filled(PRIYA)
    await world.fill(PRIYA)
    await world.filled(PRIYA)
    await world.fill(PRIYA, name="Getting ready", code="RDY", firms="Northwind Bio\nOrion")
    seen = await world.fill(PRIYA)
    assert "is set up" in seen.text
    assert "counterpart" not in seen.text
    listed = await world.command(PRIYA, "people", OWN)
    assert "Name its alliance manager" not in buttons_of(listed.messages[-1])


async def test_the_host_s_people_are_never_asked_about(empty_world: World) -> None:
    world = empty_world
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await name_olivia(world)
    await world.command(JONAS, "mine")
    assert all("Northwind Bio" not in asked.split("says")[-1] for asked in await questions(world))


async def test_a_guest_named_by_the_host_does_not_open_the_partners_inboxes(
    empty_world: World,
) -> None:
    """Helix has a workspace here: one of its people has to say that it looks right."""
    world = empty_world
    await begin(world)
    await world.close(PRIYA)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=LENA, side=HELIX, role="manager")
    await world.close(PRIYA)
    await world.command(PRIYA, "action @tomasz send the quote by Thu")
    await world.press(LENA, "Check our people", channel=SHARED)
    refused = await world.fill(LENA)
    assert "Somebody with an account of Helix Devices's own has to say that" in refused.text
    await until(world, "2026-11-26T12:00+00:00")
    assert helix_in_boxes(world) == []
