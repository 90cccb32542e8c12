"""Who sees an action item: both firms, or one of them and nobody of the other."""

from sqlmodel import Session, col, select

from storage.tables import ActionItem
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
    World,
    direct,
    words_of,
)

PARTNERS = (OLIVIA, INES, TOMASZ, "U0GRANT", "U0MEILING", "U0KWAME", LENA)
NOT_THERE = "I can't find {}. mine lists your action items."


def all_that(world: World, who: str) -> str:
    return world.text(who, SHARED) + world.text(who, direct(who)) + world.text(who, OWN)


def latest_token(session: Session) -> str:
    chosen = select(ActionItem.token).order_by(col(ActionItem.id).desc())
    return session.exec(chosen).first() or ""


async def test_an_item_in_the_firms_own_channel_is_the_firms(world: World) -> None:
    seen = await world.command(HANA, "action agree our position by Fri", channel=OWN)
    assert "OUR-1 is yours, due Fri 27 Nov" in seen.private
    assert "Your firm only" in seen.private
    await world.mention(MATEO, "action check our margins by Fri", channel=OWN)
    assert world.references(PRIYA, OWN) == ["OUR-1", "OUR-2"]
    assert "Northwind Bio only" in world.text(PRIYA, OWN)
    for somebody in PARTNERS:
        assert "OUR-" not in all_that(world, somebody)
        assert "our position" not in all_that(world, somebody)


async def test_internal_keeps_an_item_in_the_firm_anywhere(world: World) -> None:
    seen = await world.command(HANA, "internal check our margins by Fri")
    assert "OUR-1 is yours, due Fri 27 Nov" in seen.private
    also = await world.command(HANA, "action internal @mateo check the patents by Fri")
    assert "OUR-2 is Mateo Fuentes's" in also.private
    assert all(message["ephemeral"] for message in [*seen.messages, *also.messages])
    assert "OUR-2" in world.inbox(MATEO)[-1]
    for somebody in PARTNERS:
        assert "OUR-" not in all_that(world, somebody)
        assert "margins" not in all_that(world, somebody)
    assert world.references(PRIYA, SHARED) == []


async def test_internal_without_words_opens_a_form_for_the_firm_only(world: World) -> None:
    await world.command(HANA, "internal")
    sent = await world.fill(HANA, text="check our margins")
    assert "OUR-1 is yours" in sent.text
    assert "Your firm only" in sent.text


async def test_words_said_in_the_firm_stay_there_when_an_item_becomes_joint(
    world: World,
) -> None:
    said = await world.chat(HANA, "Olivia owes us the forecast, they are slow", OWN)
    await world.shortcut(HANA, "action_item.from_message", said, OWN)
    sent = await world.fill(HANA, text="Send the forecast", owner=OLIVIA, sees="joint")
    assert "HEL-1 is proposed to Olivia Bennett" in sent.text
    page = await world.write(OLIVIA, "show HEL-1")
    assert "Send the forecast" in page.text
    assert "slow" not in all_that(world, OLIVIA)
    assert OWN not in str(world.read(OLIVIA, direct(OLIVIA)))


async def test_internal_in_a_mention_that_the_partner_can_read_is_said_at_once_and_privately(
    world: World,
) -> None:
    await world.mention(MATEO, "internal check our margins by Fri")
    [told] = [m for m in world.read(MATEO, SHARED) if m["ephemeral"]]
    assert "OUR-1 is yours" in words_of(told)
    assert "everybody in #alliance-helix can read the message you wrote there" in words_of(told)
    assert "OUR-" not in world.text(OLIVIA, SHARED) + world.text(PRIYA, SHARED)
    await world.mention(TOMASZ, "internal check our margins by Fri")
    assert "OUR-1 is yours" in world.inbox(TOMASZ)[-1]
    assert "can read the message you wrote there" in world.inbox(TOMASZ)[-1]


async def test_each_firm_counts_its_own_items_so_that_no_gap_tells_anything(
    world: World,
) -> None:
    for words in ("one", "two", "three"):
        await world.command(HANA, f"internal action {words}")
    await world.command(HANA, "action the first that both see")
    await world.write(TOMASZ, "internal check the tooling cost")
    assert "OUR-1 is yours" in world.inbox(TOMASZ)[-1]
    await world.mention(TOMASZ, "action the second that both see")
    assert world.references(OLIVIA, SHARED) == ["HEL-1", "HEL-2"]


async def test_an_owner_of_the_partner_s_is_asked_about_before_it_becomes_joint(
    world: World,
) -> None:
    asked = await world.command(PRIYA, "action @tomasz send the quote by Fri", channel=OWN)
    assert "Tomasz Zieliński is with Helix Devices, so both firms would see this" in asked.text
    assert "send the quote" in str(asked.view)
    assert "Nothing is recorded yet" in asked.text
    assert "send the quote" not in all_that(world, TOMASZ)
    sent = await world.fill(PRIYA)
    assert "HEL-1 is proposed to Tomasz Zieliński" in sent.text
    assert "HEL-1" in world.inbox(TOMASZ)[-1]
    await world.close(PRIYA)
    told = await world.write(OLIVIA, "action @hana send the labels by Fri")
    assert "Hana Kobayashi is with Northwind Bio, so both firms would see this" in told.text
    assert "“send the labels”, Hana Kobayashi, due Fri 27 Nov, in 4 days" in told.text
    await world.press(OLIVIA, "New action item")
    assert "HEL-2 is proposed to Hana Kobayashi" in (await world.fill(OLIVIA)).text
    unlinked = await world.command(PRIYA, "action @tomasz send it all by Fri", channel=RANDOM)
    assert "so both firms would see this" in unlinked.text


async def test_people_of_another_firm_have_no_part_in_a_firms_own_item(world: World) -> None:
    refusal = "This item is for Northwind Bio only, and Olivia Bennett is with Helix Devices."
    owns = await world.command(HANA, "internal @olivia check our margins by Fri")
    assert refusal in owns.private
    await world.command(HANA, "internal check our margins by Fri")
    for verb in ("helper", "wait"):
        assert refusal in (await world.command(HANA, f"{verb} OUR-1 @olivia")).private
    handed = await world.command(HANA, "reassign OUR-1 @olivia")
    assert "can, to somebody of Northwind Bio." in handed.private
    helps = await world.command(HANA, "internal @mateo check the patents with @olivia by Fri")
    assert refusal in helps.private
    assert "OUR-" not in all_that(world, OLIVIA)
    page = await world.command(HANA, "show OUR-1")
    assert "Olivia" not in page.text


async def test_asking_for_the_partner_s_item_is_answered_as_for_nothing_there(
    world: World,
) -> None:
    await world.command(HANA, "internal check our margins by Fri")
    await world.write(TOMASZ, "mine")
    for verb in ("show", "done", "accept", "cancel", "snooze", "edit"):
        await world.write(TOMASZ, f"{verb} OUR-1 fri")
        theirs = world.inbox(TOMASZ)[-1]
        await world.write(TOMASZ, f"{verb} OUR-999 fri")
        assert theirs == NOT_THERE.format("OUR-1")
        assert world.inbox(TOMASZ)[-1] == NOT_THERE.format("OUR-999")


async def test_a_stolen_button_does_nothing_and_tells_nothing(world: World) -> None:
    """The partner's button is given the token of the other firm's item."""
    await world.mention(TOMASZ, "action check the seals by Fri")
    await world.command(HANA, "internal check our margins by Fri")
    stolen = world.stored(latest_token)
    await world.write(TOMASZ, "mine")
    answers = []
    for value in (stolen, "nothing-like-it"):
        shown = world.slack.house.world.channels[direct(TOMASZ)].messages
        for message in shown.values():
            for block in message.blocks:
                accessory = block.get("accessory")
                if accessory:
                    accessory["value"] = value
        answers.append((await world.press(TOMASZ, "Details", channel=direct(TOMASZ))).text)
    assert answers[0] == answers[1]
    assert "I can't find that action item any more." in answers[0]


async def test_a_stolen_button_does_not_name_the_alliance_to_a_stranger_to_it(
    world: World,
) -> None:
    """Whoever is in no alliance is asked for their firm where an alliance is at home, and told of
    none elsewhere."""
    await world.command(HANA, "internal check our margins by Fri")
    await world.write(LENA, "help")
    answers = []
    [*_, message] = world.slack.house.world.channels[direct(LENA)].messages.values()
    for value in (world.stored(latest_token), "nothing-like-it"):
        label = {"type": "plain_text", "text": "Details"}
        stolen = {"type": "button", "action_id": "action_item.details", "value": value}
        elements = [stolen | {"text": label}]
        message.blocks = [{"type": "actions", "block_id": "stolen", "elements": elements}]
        answers.append((await world.press(LENA, "Details", channel=direct(LENA))).text)
    assert answers[0] == answers[1]
    assert "I can't find that action item any more." in answers[0]
    assert "Helix" not in answers[0]


async def test_lists_and_the_choice_of_people_show_only_what_one_may_see(world: World) -> None:
    await world.command(HANA, "internal check our margins by Fri")
    await world.command(HANA, "action file the report by Fri")
    assert "OUR-1" in (await world.command(ADAEZE, "open")).text
    theirs = await world.write(TOMASZ, "open")
    assert "HEL-1" in theirs.text
    assert "OUR-1" not in theirs.text


async def test_a_guest_who_says_a_firm_sees_nothing_of_its_own_until_confirmed(
    world: World,
) -> None:
    await world.command(HANA, "internal check our margins by Fri")
    asked = await world.command(LENA, "show OUR-1")
    assert "which firm are you with?" in asked.private
    await world.press(LENA, "Northwind Bio", channel=SHARED)
    await world.write(LENA, "show OUR-1")
    assert world.inbox(LENA)[-1] == NOT_THERE.format("OUR-1")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=LENA, side="Northwind Bio", role="team")
    await world.write(LENA, "show OUR-1")
    assert "check our margins" in world.inbox(LENA)[-1]


async def test_who_left_sees_nothing_more(world: World) -> None:
    await world.command(HANA, "internal @jonas check our margins by Fri")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=JONAS, side="Northwind Bio", role="sponsor", until="2026-11-23")
    gone = await world.command(JONAS, "show OUR-1")
    assert "margins" not in gone.private
    assert "time in Helix alliance has ended" in gone.private
