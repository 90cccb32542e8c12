"""A further firm comes in with a code: an alliance manager made it, and it is used once."""

import asyncio
import re

import pytest
from sqlmodel import Session, select

from governance.firms import invitations, joining
from governance.people import directory
from handlers import notices
from handlers.text import plain
from playground.world import Team
from storage.tables import (
    TEAMS,
    Alliance,
    Conversation,
    Invitation,
    Member,
    Outbox,
    Person,
    Side,
    SideTeam,
)
from tests.daily import name_helix_manager
from tests.leaks.cast import ORION, YARA, ZED
from tests.leaks.stage import let_in_orion
from tests.seen_by import everything
from tests.world import HANA, LENA, MATEO, OLIVIA, PRIYA, RANDOM, SHARED, World, direct

GONE = "That code can't be used."
CODE = re.compile(r"join ([2-9A-Z]{5}-[2-9A-Z]{5})")


@pytest.fixture
async def orion(world: World) -> World:
    """A third firm's workspace, with a channel in which the bot is and that belongs to nothing."""
    let_in_orion(world.slack.house.world)
    return world


async def invite(world: World, who: str = PRIYA) -> str:
    """The code that an alliance manager is given."""
    seen = await world.write(who, "invite")
    return code_in(seen.text)


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found[1]


async def open_form(world: World, who: str, code: str, channel: str = ORION) -> str:
    """What somebody reads who has a code, before they press Join."""
    await world.mention(who, f"join {code}", channel)
    shown = world.inbox(who)[-1]
    await world.press(who, "Join an alliance", channel=direct(who))
    return shown + world.words(world.form(who))


async def join(world: World, who: str, code: str, channel: str = ORION, **values: str) -> str:
    await open_form(world, who, code, channel)
    sent = await world.fill(who, **values)
    await world.close(who)
    await world.later("PT5S")
    return sent.text


async def told_in_form(world: World, who: str, code: str, channel: str) -> str:
    """What a command comes to in the form that has opened."""
    await world.command(who, f"join {code}", channel)
    for _ in range(100):
        shown = world.words(world.form(who))
        if "Looking at who" not in shown:
            return shown
        await asyncio.sleep(0.05)
    raise AssertionError(shown)


def refused(world: World, who: str) -> str:
    return world.inbox(who)[-1]


def firms(world: World) -> list[str]:
    return world.stored(lambda s: list(s.exec(select(Side.firm).order_by(Side.position))))  # type: ignore[arg-type]


async def test_an_alliance_manager_gets_a_text_to_forward(orion: World) -> None:
    seen = await orion.command(PRIYA, "invite")
    assert "One further firm can come into Helix alliance." in seen.private
    assert "Add @Alliance to a channel of your firm and write there:" in seen.private
    assert re.search(r"@Alliance join [2-9A-Z]{5}-[2-9A-Z]{5} ", seen.private)
    assert "It can be used once, until Mon 7 Dec." in seen.private
    assert "their channel becomes a joint one of Helix alliance" in seen.private
    assert "read all that is joint, also what was recorded so far" in seen.private
    assert "Only you see this." in seen.private
    again = await orion.command(PRIYA, "invite")
    assert "A code is waiting , made by Priya Raman on Mon 23 Nov:" in again.private
    assert code_in(again.private) == code_in(seen.private)


async def test_everybody_else_is_told_who_invites(orion: World) -> None:
    refusal = "whom their firm has confirmed invite a further firm"
    assert refusal in (await orion.command(MATEO, "invite")).private
    await orion.write(OLIVIA, "invite")
    assert refusal in refused(orion, OLIVIA)
    await name_helix_manager(orion)
    alone = "one firm alone can't bring in another beside Northwind Bio"
    assert alone in (await orion.write(OLIVIA, "invite")).text
    assert orion.stored(lambda s: s.exec(select(Invitation)).all()) == []


async def test_a_code_made_before_the_partner_governed_itself_brings_nobody_in(
    orion: World,
) -> None:
    code = await invite(orion)
    await name_helix_manager(orion)
    await orion.mention(OLIVIA, "open")
    await orion.mention(ZED, f"join {code}", ORION)
    assert GONE in refused(orion, ZED)
    assert firms(orion) == ["Northwind Bio", "Helix Devices"]


async def test_whom_their_firm_has_not_confirmed_invites_nobody(orion: World) -> None:
    await orion.command(LENA, "mine")
    await orion.press(LENA, "Helix Devices", channel=SHARED)
    await orion.command(PRIYA, "people")
    await orion.press(PRIYA, "Add somebody", channel=SHARED)
    assert (await orion.fill(PRIYA, person=LENA, side="Helix Devices", role="manager")).ok
    await orion.close(PRIYA)
    assert "Invite a firm" not in (await orion.write(LENA, "people")).text
    await orion.write(LENA, "invite")
    assert "whom their firm has confirmed" in refused(orion, LENA)


async def test_the_button_is_where_people_are(orion: World) -> None:
    await orion.command(PRIYA, "people")
    pressed = await orion.press(PRIYA, "Invite a firm", channel=SHARED)
    assert code_in(pressed.text)
    assert "Invite a firm" not in (await orion.command(MATEO, "people")).text


async def test_a_sentence_that_begins_so_is_no_invitation(orion: World) -> None:
    seen = await orion.command(PRIYA, "invite the sponsors to the review by Fri")
    assert "Shall I record this" in seen.text
    await orion.close(PRIYA)
    await orion.command(PRIYA, "join the call of Helix by Fri")
    await orion.filled(PRIYA)
    assert "Shall I record this" in orion.words(orion.form(PRIYA))
    assert orion.stored(lambda s: s.exec(select(Invitation)).all()) == []


async def test_what_it_means_is_read_before_anything_happens(orion: World) -> None:
    await orion.command(HANA, "action send the labels by Fri")
    orion.change(lambda s: _give_purpose(s, "One pump for both markets."))
    shown = await open_form(orion, ZED, await invite(orion))
    for told in (
        "Helix alliance",
        "One pump for both markets.",
        "Northwind Bio · Helix Devices",
        "Invited by",
        "Priya Raman",
        "#alliance-orion, which becomes a joint channel",
        "Everything joint that was recorded so far can be read by your firm",
        "Northwind Bio hosts me and stores the records; whoever runs that machine could read them.",
        "a firm's own items to nobody else",
        "Your firm's alliance manager here",
        "Nothing happens before you press Join.",
    ):
        assert told in shown
    assert "send the labels" not in everything(orion, ZED)
    await orion.close(ZED)
    assert firms(orion) == ["Northwind Bio", "Helix Devices"]
    await orion.write(ZED, "open")
    assert "I don't know of an alliance you are part of." in refused(orion, ZED)


def _give_purpose(session: Session, purpose: str) -> None:
    alliance = session.exec(select(Alliance)).one()
    alliance.purpose = purpose
    session.add(alliance)


async def test_the_firm_is_in_with_its_alliance_manager_its_channel_and_its_card(
    orion: World,
) -> None:
    await orion.command(HANA, "action send the labels by Fri")
    await orion.command(HANA, "internal count our margins by Fri")
    said = await join(orion, ZED, await invite(orion))
    assert "Orion Labs is in Helix alliance." in said
    assert "You are its alliance manager." in said
    assert "Until you have looked, I write directly only to those of them who act here." in said
    card = orion.text(YARA, ORION)
    assert "Northwind Bio · Helix Devices · Orion Labs" in card
    assert "Set up by Priya Raman of Northwind Bio" in card
    assert orion.slack.house.world.channels[ORION].pins
    assert "Northwind Bio · Helix Devices · Orion Labs" in orion.text(OLIVIA, SHARED)
    assert orion.stored(_place_of_zed) == ("manager", False, True)
    await orion.write(YARA, "open")
    assert "send the labels" in orion.inbox(YARA)[-1]
    assert "count our margins" not in everything(orion, YARA) + everything(orion, ZED)
    await orion.mention(YARA, "action check the seals by Fri", ORION)
    assert orion.references(YARA, ORION) == ["HEL-2"]


def _place_of_zed(session: Session) -> tuple[str, bool, bool]:
    """Their role, whether nobody has confirmed it, and whether they count as having acted."""
    zed = session.exec(select(Person).where(Person.user_id == ZED)).one()
    place = session.exec(select(Member).where(Member.person_id == zed.id)).one()
    return place.role, place.stated, place.acted_at is not None


async def test_the_others_hear_of_it_with_their_daily_message(empty_world: World) -> None:
    """Every firm has agreed to one that was named from the beginning."""
    orion = empty_world
    let_in_orion(orion.slack.house.world)
    await orion.set_up(firms="Northwind Bio\nHelix Devices\nOrion Labs")
    await name_helix_manager(orion)
    await orion.mention(OLIVIA, "open")
    await join(orion, ZED, await invite(orion))
    await orion.later("P1D")
    told = "Zedekiah Moreau looks after it, and its people read what is joint."
    assert sum(told in text for text in orion.inbox(PRIYA)) == 1
    assert sum(told in text for text in orion.inbox(OLIVIA)) == 1
    invited = "Priya Raman of Northwind Bio invited a further firm"
    assert sum(invited in text for text in orion.inbox(OLIVIA)) == 1
    assert not any(invited in text for text in orion.inbox(PRIYA) + orion.inbox(ZED))


async def test_the_account_keeps_who_invited_and_who_joined(orion: World) -> None:
    code = await invite(orion)
    await join(orion, ZED, code)
    for who in (PRIYA, ZED):
        audit = (await orion.write(who, "audit")).text
        for line in (
            "Priya Raman made a code with which a further firm can join",
            "Zedekiah Moreau joined with the code of Priya Raman",
            "Orion Labs came in, by Zedekiah Moreau",
            "linked #alliance-orion as a joint channel",
        ):
            assert line in audit
        assert code not in audit
    await orion.write(ZED, "export")
    await orion.later("PT5S")
    files = [file.data or b"" for file in orion.slack.house.world.files.values()]
    assert any(b'"name": "Orion Labs"' in data and b"Zedekiah Moreau" in data for data in files)
    assert not any(code.encode() in data for data in files)


async def test_a_code_that_cannot_be_used_gets_the_same_words_whatever_is_wrong(
    orion: World,
) -> None:
    answers = []
    for code in ("ABCDE-23456", "hello", await replaced(orion), await withdrawn(orion)):
        await orion.mention(ZED, f"join {code}", ORION)
        answers.append(refused(orion, ZED))
    expired = await invite(orion)
    await orion.later("P14D")
    await orion.mention(ZED, f"join {expired}", ORION)
    answers.append(refused(orion, ZED))
    closed = await invite(orion)
    orion.change(_close)
    await orion.mention(ZED, f"join {closed}", ORION)
    answers.append(refused(orion, ZED))
    assert set(answers) == {answers[0]}
    assert answers[0].startswith(GONE)
    assert "Helix" not in everything(orion, ZED)
    assert "was closed on" in (await orion.command(PRIYA, "invite")).text


async def replaced(world: World) -> str:
    code = await invite(world)
    await world.press(PRIYA, "New code", channel=direct(PRIYA))
    assert code_in(world.inbox(PRIYA)[-1]) != code
    return code


async def withdrawn(world: World) -> str:
    code = await invite(world)
    await world.press(PRIYA, "Withdraw", channel=direct(PRIYA))
    assert "Taken back" in world.inbox(PRIYA)[-1]
    return code


def _close(session: Session) -> None:
    alliance = session.exec(select(Alliance)).one()
    alliance.closed_at = alliance.set_up_at
    session.add(alliance)


async def test_a_used_code_opens_nothing_for_anybody_else(orion: World) -> None:
    code = await invite(orion)
    form_of_yara = await open_form(orion, YARA, code)
    assert "Orion Labs" not in form_of_yara.partition("Who can read it")[0]
    await join(orion, ZED, code)
    late = await orion.fill(YARA)
    assert "Orion Labs is in Helix alliance already, and this channel belongs to it." in late.text
    await orion.close(YARA)
    await orion.invite(PRIYA, RANDOM)
    assert GONE in await told_in_form(orion, PRIYA, code, RANDOM)
    assert firms(orion) == ["Northwind Bio", "Helix Devices", "Orion Labs"]


async def test_of_two_who_press_at_once_one_wins(orion: World) -> None:
    code = await invite(orion)
    await open_form(orion, ZED, code)
    await open_form(orion, YARA, code)
    both = await asyncio.gather(orion.fill(ZED), orion.fill(YARA))
    said = sorted(seen.text for seen in both)
    assert sum("is in Helix alliance. You are its alliance manager." in text for text in said) == 1
    assert sum("is in Helix alliance already" in text for text in said) == 1
    assert firms(orion) == ["Northwind Bio", "Helix Devices", "Orion Labs"]
    assert orion.stored(lambda s: len(s.exec(select(SideTeam)).all())) == 3


async def test_a_guest_does_not_speak_for_a_firm(orion: World) -> None:
    orion.slack.house.world.channels[ORION].members.append(LENA)
    await orion.mention(LENA, f"join {await invite(orion)}", ORION)
    assert "a guest can't speak for the firm they are a guest of" in orion.text(LENA, ORION)


async def test_it_is_written_in_a_channel_that_is_free_and_has_the_bot_in_it(orion: World) -> None:
    code = await invite(orion)
    await orion.write(ZED, f"join {code}")
    assert "Write it in the channel that your firm would like to use" in refused(orion, ZED)
    await orion.write(ZED, "join")
    assert "Write the code you were given behind it" in refused(orion, ZED)
    assert "I am not in this channel yet" in await told_in_form(orion, PRIYA, code, RANDOM)
    await orion.close(PRIYA)
    orion.slack.house.world.channels[SHARED].members.append(ZED)
    await orion.mention(ZED, f"join {code}", SHARED)
    assert "This channel belongs to an alliance already." in refused(orion, ZED)
    assert firms(orion) == ["Northwind Bio", "Helix Devices"]


async def test_a_firm_that_is_in_links_its_channels(orion: World) -> None:
    code = await invite(orion)
    await orion.invite(PRIYA, RANDOM)
    shown = await told_in_form(orion, PRIYA, code, RANDOM)
    assert "Northwind Bio is in Helix alliance already, so the code was not used." in shown
    await orion.close(PRIYA)
    assert "Orion Labs is in Helix alliance." in await join(orion, ZED, code)


async def test_a_channel_in_which_others_read_along_is_not_taken(orion: World) -> None:
    code = await invite(orion)
    room = orion.slack.house.world.channels[ORION]
    orion.slack.house.world.teams["T0ELSE"] = Team("T0ELSE", "Somebody Else", "else")
    room.teams.append("T0ELSE")
    await orion.later("PT2M")
    await orion.mention(ZED, f"join {code}", ORION)
    assert "People of another firm are in this channel" in refused(orion, ZED)
    room.teams.remove("T0ELSE")
    await orion.later("PT2M")
    await open_form(orion, ZED, code)
    room.teams.append("T0ELSE")
    await orion.later("PT2M")
    assert "People of another firm are in this channel" in (await orion.fill(ZED)).text
    assert firms(orion) == ["Northwind Bio", "Helix Devices"]


async def test_a_name_that_is_taken_is_refused_beside_the_field(orion: World) -> None:
    await open_form(orion, ZED, await invite(orion))
    await orion.fill(ZED, firm="helix devices")
    assert orion.errors(ZED) == {"firm": "Another firm of the alliance is called that."}
    sent = await orion.fill(ZED, firm="Orion")
    assert "Orion is in Helix alliance." in sent.text


async def test_a_firm_that_was_named_before_takes_its_place(empty_world: World) -> None:
    world = empty_world
    let_in_orion(world.slack.house.world)
    await world.set_up(firms="Northwind Bio\nHelix Devices\nOrion Partners")
    seen = await world.command(PRIYA, "invite")
    assert "Orion Partners can come into Helix alliance." in seen.private
    shown = await open_form(world, ZED, code_in(seen.private))
    assert "*You join as* Orion Partners" in shown
    assert not any(block["type"] == "input" for block in world.form(ZED)["blocks"])
    sent = await world.fill(ZED)
    assert "Orion Partners is in Helix alliance." in sent.text
    await world.close(ZED)
    assert firms(world) == ["Northwind Bio", "Helix Devices", "Orion Partners"]
    assert "Orion Partners came in, by Zedekiah Moreau" in (await world.write(PRIYA, "audit")).text


async def test_of_several_firms_that_were_named_one_is_chosen(empty_world: World) -> None:
    world = empty_world
    let_in_orion(world.slack.house.world)
    await world.set_up(firms="Northwind Bio\nHelix Devices\nOrion Partners\nVega")
    await open_form(world, ZED, await invite(world))
    vega = world.stored(lambda s: s.exec(select(Side.id).where(Side.firm == "Vega")).one())
    assert "Vega is in Helix alliance." in (await world.fill(ZED, side=str(vega))).text


async def test_who_said_before_which_firm_they_are_with_becomes_its_alliance_manager(
    empty_world: World,
) -> None:
    world = empty_world
    let_in_orion(world.slack.house.world)
    await world.set_up(firms="Northwind Bio\nHelix Devices\nOrion Partners\nVega")
    world.slack.house.world.channels[SHARED].members.append(ZED)
    await world.mention(ZED, "open")
    await world.press(ZED, "Orion Partners", channel=direct(ZED))
    code = await invite(world)
    assert "*You join as* Orion Partners" in await open_form(world, ZED, code)
    assert "Orion Partners is in Helix alliance." in (await world.fill(ZED)).text
    assert world.stored(_place_of_zed) == ("manager", False, True)


async def test_who_is_with_another_firm_already_does_not_come_in_twice(orion: World) -> None:
    orion.slack.house.world.channels[SHARED].members.append(ZED)
    await orion.mention(ZED, "open")
    await orion.press(ZED, "Helix Devices", channel=direct(ZED))
    await orion.mention(ZED, f"join {await invite(orion)}", ORION)
    assert "You are with Helix Devices in Helix alliance already." in refused(orion, ZED)


async def test_a_channel_of_the_other_platform_is_taken_in_like_any(world: World) -> None:
    code = await invite(world)

    def come_in(session: Session) -> str:
        slack = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        home = slack.installation_id
        facts = directory.PersonFacts("aad-zed", "tenant", "Zed", TEAMS, zone="Europe/London")
        person = directory.remember_person(session, home, facts, now=world.now)
        place = directory.remember_conversation(
            session,
            home,
            directory.ConversationFacts(
                "19:general", "channel", TEAMS, "General", "internal", ("tenant",), False, True
            ),
            now=world.now,
        )
        seat = joining.join(
            session, code, person, place, firm="Orion Labs", side_id=None, now=world.now
        )
        session.flush()
        posted = session.exec(select(Outbox).where(Outbox.conversation_id == place.id)).one()
        made = notices.make(session, posted, now=world.now)
        assert made is not None
        assert posted.facts["pin"] is True
        return f"{seat.side.firm}: {plain(made.message)}"

    shown = world.change(come_in)
    assert shown.startswith("Orion Labs: ")
    assert "Northwind Bio · Helix Devices · Orion Labs" in shown


def test_codes_are_unlike_each_other_and_easily_read() -> None:
    codes = {invitations._new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert not set("".join(codes)) & set("01ILO")
    assert all(len(code) == 10 for code in codes)
