"""A firm that is in on Slack brings in its people on Teams, as the same firm: they see what is
joint, and what is the firm's own once its alliance manager has confirmed them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from governance import visibility
from governance.people import accounts
from storage.tables import (
    TEAMS,
    Alliance,
    Conversation,
    HistoryEntry,
    Member,
    Person,
    Side,
    SideTeam,
    Workspace,
)
from tests.daily import name_helix_manager
from tests.leaks.cast import ORION, YARA, ZED
from tests.leaks.stage import let_in_orion
from tests.own_firms import ALLIANCES, CARD, JOINT, SECRET, TITLE, Firms, items, linked, started
from tests.permissions_doors import SlackDoors
from tests.teams.local import NORTHWIND
from tests.teams.world import NAMES
from tests.test_joining import GONE, code_in
from tests.world import (
    HANA,
    JONAS,
    MATEO,
    MONDAY,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    TOMASZ,
    direct,
)


@pytest.fixture
async def firms(database_with_tables: str) -> AsyncIterator[Firms]:
    async with started(database_with_tables) as made:
        yield made


async def test_the_alliance_manager_chooses_whom_the_code_is_for(firms: Firms) -> None:
    seen = await firms.write(PRIYA, "invite")
    assert "One further firm can come into Helix alliance." in seen.text
    assert "Does your firm use both Slack and Teams?" in seen.text
    own = await firms.press(PRIYA, "For our own people", channel=direct(PRIYA))
    assert "Northwind Bio's people on another platform can come into Helix alliance." in own.text
    assert (
        "What is Northwind Bio's own they read after you have confirmed who they are." in own.text
    )
    assert "Give it to nobody of another firm." in own.text
    assert code_in(own.text) != code_in(seen.text)


async def test_each_kind_of_code_is_one_at_a_time_and_leaves_the_other_alone(firms: Firms) -> None:
    further = code_in((await firms.write(PRIYA, "invite")).text)
    first = await firms.code()
    assert await firms.code() == first, "the one that waits is shown again"
    await firms.press(PRIYA, "New code", channel=direct(PRIYA))
    second = code_in(firms.inbox(PRIYA)[-1])
    assert second not in (first, further)
    assert GONE in await firms.refused(MATEO, first)
    assert code_in((await firms.write(PRIYA, "invite")).text) == further
    await firms.code()
    await firms.press(PRIYA, "Withdraw", channel=direct(PRIYA))
    assert GONE in await firms.refused(MATEO, second)
    assert code_in((await firms.write(PRIYA, "invite")).text) == further


async def test_a_partner_never_reads_the_code_and_can_still_bring_in_its_own(firms: Firms) -> None:
    await name_helix_manager(firms)
    await firms.mention(OLIVIA, "open")
    code = await firms.code()
    seen = await firms.write(OLIVIA, "invite")
    assert "one firm alone can't bring in another beside Northwind Bio" in seen.text
    theirs = await firms.press(OLIVIA, "For our own people", channel=direct(OLIVIA))
    assert "Helix Devices's people on another platform" in theirs.text
    assert code_in(theirs.text) != code
    assert code not in "\n".join(firms.inbox(OLIVIA))
    audit = (await firms.write(OLIVIA, "audit")).text
    assert "Olivia Bennett made a code for Helix Devices's people" in audit
    assert "Northwind Bio's people on another platform" not in audit


async def test_what_it_means_is_read_before_anything_happens(firms: Firms) -> None:
    await items(firms)
    shown = await firms.open(MATEO, await firms.code())
    for told in (
        "Helix alliance",
        "Northwind Bio · Helix Devices",
        "Invited by",
        "Priya Raman",
        "You join as",
        "Join only if you work for Northwind Bio.",
        "What is Northwind Bio's own, once Priya Raman has confirmed that this is Northwind Bio.",
        "That Northwind Bio also takes part from Teams",
        "Nothing happens before you press Join.",
    ):
        assert told in shown
    assert JOINT not in shown
    await firms.beside.close(MATEO)
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}
    assert firms.place_of(MATEO) is None


async def test_until_it_is_confirmed_they_see_what_is_joint_and_nothing_more(firms: Firms) -> None:
    await items(firms)
    said = await firms.join(MATEO, await firms.code())
    assert "You are in Helix alliance for Northwind Bio." in said
    assert "You are Team member there. Priya Raman is asked to confirm it;" in said
    assert firms.place_of(MATEO) == ("Northwind Bio", "team", True)
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False, NORTHWIND: True}
    await firms.beside.write(JONAS, "open")
    assert firms.place_of(JONAS) == ("Northwind Bio", "team", True), "colleagues are no more"
    for who in (MATEO, JONAS):
        await firms.beside.write(who, "open")
        await firms.beside.write(who, "show OUR-1")
        await firms.beside.write(who, f"internal spy on {who} by Fri")
        seen = firms.beside.everything(who)
        assert JOINT in seen
        assert SECRET not in seen
        assert "spy on" not in "\n".join(firms.inbox(PRIYA))
    assert CARD in firms.beside.text(MATEO, OWN)


async def test_who_made_the_code_confirms_it_by_one_press(firms: Firms) -> None:
    await items(firms)
    await firms.join(MATEO, await firms.code())
    asked = firms.inbox(PRIYA)[-1]
    assert "Mateo Fuentes joined Helix alliance with your code, as Northwind Bio." in asked
    assert "Mateo Fuentes, from Teams, in #northwind-internal." in asked
    assert "With them there: " in asked
    assert "Are these people of Northwind Bio?" in asked
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    await firms.later("PT5S")
    assert "Confirmed by Priya Raman on Mon 23 Nov" in firms.inbox(PRIYA)[-1]
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False, NORTHWIND: False}
    assert firms.place_of(MATEO) == ("Northwind Bio", "team", False)
    await firms.beside.write(JONAS, "show OUR-1")
    assert SECRET in firms.beside.everything(JONAS)
    assert firms.place_of(JONAS) == ("Northwind Bio", "team", False)
    await firms.later("P1D")
    assert any("Priya Raman confirmed you" in text for text in firms.beside.inbox(MATEO))


async def test_the_other_firms_are_told_and_decide_nothing(firms: Firms) -> None:
    await name_helix_manager(firms)
    await firms.mention(OLIVIA, "open")
    await firms.join(MATEO, await firms.code())
    shown = await firms.write(OLIVIA, "people")
    assert "Also takes part from Teams: Mateo Fuentes joined there" in shown.text
    for message in shown.messages:
        assert not {"Confirm", "Remove"} & set(firms.buttons(message))
    audit = (await firms.write(OLIVIA, "audit")).text
    assert "Northwind Bio takes part from a further place on Teams, by Mateo Fuentes" in audit
    assert "joined with the code of" not in audit
    await firms.later("P1D")
    told = "Northwind Bio also takes part from a further place on Teams"
    assert any(told in text for text in firms.inbox(OLIVIA))
    await firms.press(PRIYA, "Remove", channel=direct(PRIYA))
    audit = (await firms.write(OLIVIA, "audit")).text
    assert "Priya Raman removed a further place of Northwind Bio's" in audit


async def test_a_code_that_leaked_to_a_partner_opens_nothing_of_the_firm(firms: Firms) -> None:
    """Nobody knows yet that this tenant is Helix's; Priya sees who it is and removes it."""
    await items(firms)
    await firms.join(TOMASZ, await firms.code(), ALLIANCES)
    assert "Tomasz Zieliński" in firms.inbox(PRIYA)[-1]
    assert "from Helix Devices on Teams" in firms.inbox(PRIYA)[-1]
    await firms.beside.write(TOMASZ, "show OUR-1")
    await firms.beside.write(OLIVIA, "show OUR-1")
    assert SECRET not in firms.beside.everything(TOMASZ) + firms.beside.everything(OLIVIA)
    await firms.press(PRIYA, "Remove", channel=direct(PRIYA))
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}


async def test_a_partners_tenant_that_is_in_already_is_refused(firms: Firms) -> None:
    await name_helix_manager(firms)
    await firms.mention(OLIVIA, "open")
    await firms.join(TOMASZ, await firms.code(OLIVIA), ALLIANCES)
    await firms.beside.done(firms.beside.teams.add_channel("Alliances", "second"))
    code = await firms.code()
    said = await firms.refused(TOMASZ, code, "second")
    assert "A colleague of yours joined for Helix Devices, which is not confirmed" in said
    await firms.press(OLIVIA, "Confirm", channel=direct(OLIVIA))
    said = await firms.refused(TOMASZ, code, "second")
    assert "Helix Devices is in Helix alliance already, so the code was not used." in said
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}


async def test_whoever_is_with_a_partner_is_refused_and_so_are_their_colleagues(
    firms: Firms,
) -> None:
    firms.change(lambda session: _seat_with_helix(session, firms.beside.id_of(OLIVIA)))
    code = await firms.code()
    said = await firms.refused(OLIVIA, code, ALLIANCES)
    assert "You are with Helix Devices in Helix alliance already" in said
    said = await firms.refused(TOMASZ, code, ALLIANCES)
    assert "Colleagues of yours are with Helix Devices in Helix alliance already" in said
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}
    assert code_in((await firms.press(PRIYA, "New code", channel=direct(PRIYA))).text) != code


def _seat_with_helix(session: Session, user_id: str) -> None:
    """One by one, without their tenant: they said which firm they are with."""
    person = session.exec(select(Person).where(Person.user_id == user_id)).one()
    side = session.exec(select(Side).where(Side.firm == "Helix Devices")).one()
    session.add(
        Member(
            alliance_id=side.alliance_id,
            side_id=side.id,
            person_id=person.id,
            since=MONDAY.date(),
            stated=True,
        )
    )


async def test_a_firm_of_another_alliance_is_told_no_more_than_of_a_wrong_code(
    firms: Firms,
) -> None:
    """The host has an alliance with Orion as well, whose people it must not take for its own."""
    let_in_orion(firms.slack.house.world)
    await firms.set_up(channel=ORION, name="Orion alliance", code="ORI")
    await firms.write(PRIYA, "invite")
    await firms.press(PRIYA, "HEL · Helix alliance", channel=direct(PRIYA))
    own = await firms.press(PRIYA, "For our own people", channel=direct(PRIYA))
    yard = replace(firms.slack.house.world.channels[ORION], id="C0YARD", name="yard", messages={})
    firms.slack.house.world.channels["C0YARD"] = yard
    await firms.mention(ZED, f"join {code_in(own.text)}", "C0YARD")
    await firms.mention(YARA, "join ABCDE-23456", "C0YARD")
    assert firms.inbox(ZED)[-1].startswith(GONE)
    assert firms.inbox(ZED)[-1] == firms.inbox(YARA)[-1]
    assert firms.teams_of("Orion Labs") == {"T0ORION": False}


async def test_of_two_who_press_at_once_one_wins(firms: Firms) -> None:
    code = await firms.code()
    await firms.open(MATEO, code)
    await firms.open(JONAS, code)
    await asyncio.gather(firms.beside.fill(MATEO), firms.beside.fill(JONAS))
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False, NORTHWIND: True}
    assert firms.stored(_came_in) == 1


def _came_in(session: Session) -> int:
    return len(list(session.exec(select(HistoryEntry).where(HistoryEntry.what == "also_here"))))


async def test_a_code_dies_with_the_role_of_who_made_it(firms: Firms) -> None:
    code = await firms.code()
    firms.change(_step_down)
    assert GONE in await firms.refused(MATEO, code)


def _step_down(session: Session) -> None:
    place = session.exec(select(Member).where(Member.role == "manager")).one()
    place.role = "team"
    session.add(place)


async def test_a_channel_becomes_the_firms_own_only_once_that_is_confirmed(firms: Firms) -> None:
    await firms.join(MATEO, await firms.code(), sees="own")
    assert firms.stored(lambda s: linked(s, NORTHWIND)) == []
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    await firms.later("PT2M")
    await firms.beside.mention(MATEO, f"internal {SECRET} by Fri", OWN)
    await firms.later("PT5S")
    assert SECRET in firms.beside.text(MATEO, OWN)
    assert SECRET not in firms.text(OLIVIA, SHARED)


async def test_the_gate_keeps_a_firms_own_from_a_channel_of_people_it_has_not_confirmed(
    firms: Firms,
) -> None:
    await firms.join(MATEO, await firms.code(), sees="own")
    assert not firms.change(_may_be_said_there)
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    assert firms.change(_may_be_said_there)


def _may_be_said_there(session: Session) -> bool:
    """Whether Northwind's own records may be said in its channel in Teams, were it linked and none
    of those in it had a place."""
    name = NAMES[OWN]
    chosen = select(Conversation).where(Conversation.name == name, Conversation.platform == TEAMS)
    place = session.exec(chosen).one()
    side = session.exec(select(Side).where(Side.firm == "Northwind Bio")).one()
    assert place.facts_at is not None
    linked = session.begin_nested()
    place.alliance_id, place.person_ids = side.alliance_id, ""
    own = visibility.side_audience(session, side).id
    may = visibility.may_be_said_in(session, place, own, now=place.facts_at)
    linked.rollback()
    return may


async def test_a_second_slack_workspace_without_the_bot_comes_in_like_any(firms: Firms) -> None:
    let_in_orion(firms.slack.house.world)
    await firms.mention(YARA, f"join {await firms.code()}", ORION)
    await firms.press(YARA, TITLE, channel=direct(YARA))
    assert (await firms.fill(YARA)).ok
    await firms.close(YARA)
    await firms.later("PT5S")
    assert "Yara Nakamura, from Orion Labs on Slack, in #alliance-orion." in firms.inbox(PRIYA)[-1]
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False, "T0ORION": True}
    assert CARD in firms.text(YARA, ORION)


async def test_a_partners_alliance_manager_can_not_take_the_code_away(firms: Firms) -> None:
    await name_helix_manager(firms)
    await firms.mention(OLIVIA, "open")
    code = await firms.code()
    for act in ("alliance.invite_anew", "alliance.invite_withdraw"):
        await SlackDoors(firms).press(OLIVIA, act, code.replace("-", ""))
        assert firms.inbox(OLIVIA)[-1].startswith(GONE)
    assert "You are in Helix alliance for Northwind Bio." in await firms.join(MATEO, code)


async def test_nobody_else_confirms_or_removes(firms: Firms) -> None:
    code = await firms.code()
    await firms.join(MATEO, code)
    doors = SlackDoors(firms)
    for who in (HANA, OLIVIA, JONAS, TOMASZ):
        for act in ("own_firm.confirm", "own_firm.remove"):
            await doors.press(who, act, code)
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False, NORTHWIND: True}
    assert "An alliance manager of Northwind Bio decides that." in firms.inbox(HANA)[-1]
    assert firms.inbox(OLIVIA)[-1] == "I can't find that any more."


async def test_who_belongs_to_another_firm_meanwhile_is_not_confirmed(firms: Firms) -> None:
    await firms.join(MATEO, await firms.code())
    firms.change(_belongs_to_another_alliance)
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    await firms.later("PT5S")
    assert "I can't take them for people of Northwind Bio." in "\n".join(firms.inbox(PRIYA))
    assert "Stranger" not in "\n".join(firms.inbox(PRIYA))
    assert firms.teams_of("Northwind Bio")[NORTHWIND], "it stays unconfirmed"


def _belongs_to_another_alliance(session: Session) -> None:
    kept = session.exec(select(Alliance)).one().model_dump(exclude={"id"})
    other = Alliance(**kept | {"code": "ZZZ", "name": "Other"})
    session.add(other)
    session.flush()
    side = Side(alliance_id=other.id, firm="Stranger", position=1)
    session.add(side)
    session.flush()
    session.add(SideTeam(alliance_id=other.id, side_id=side.id, team_id=NORTHWIND))


async def test_whoever_has_joined_their_accounts_is_confirmed_like_anybody(firms: Firms) -> None:
    await items(firms)
    await firms.join(MATEO, await firms.code())
    firms.change(lambda session: _join_accounts(session, firms))
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    assert firms.place_of(MATEO) == ("Northwind Bio", "team", False)


def _join_accounts(session: Session, firms: Firms) -> None:
    """Mateo's on Slack becomes the second one of his on Teams."""
    home = session.exec(select(Workspace).where(Workspace.team_id == "T0NORTH")).one()
    there = select(Person).where(Person.user_id == firms.beside.id_of(MATEO))
    on_slack = select(Person).where(Person.user_id == MATEO)
    second = session.exec(on_slack).first() or Person(
        workspace_id=home.id, user_id=MATEO, name="Mateo Fuentes", zone="Etc/UTC", facts_at=MONDAY
    )
    session.add(second)
    session.flush()
    accounts.join(session, session.exec(there).one(), second, now=firms.now)


async def test_a_channel_that_could_not_become_the_firms_own_is_named(firms: Firms) -> None:
    await firms.join(MATEO, await firms.code(), sees="own")
    firms.change(_turn_private_off)
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    await firms.later("PT5S")
    said = "#northwind-internal is not Northwind Bio's own channel; `link` there makes it that."
    assert said in firms.inbox(PRIYA)[-1]


def _turn_private_off(session: Session) -> None:
    side = session.exec(select(Side).where(Side.firm == "Northwind Bio")).one()
    side.private_since = None
    session.add(side)


async def test_a_channel_with_a_partners_people_is_not_offered_as_the_firms_own(
    firms: Firms,
) -> None:
    offered = "Northwind Bio only, once that is confirmed"
    await name_helix_manager(firms)
    await firms.mention(OLIVIA, "open")
    await firms.join(TOMASZ, await firms.code(OLIVIA), ALLIANCES)
    code = await firms.code()
    assert offered in await firms.open(MATEO, code)
    await firms.beside.close(MATEO)
    assert offered not in await firms.open(MATEO, code, SHARED)


async def test_the_hosts_own_people_on_teams_are_told_where_to_set_up(firms: Firms) -> None:
    said = (await firms.beside.mention(MATEO, "setup", OWN)).text
    assert "by somebody of Northwind Bio on Slack, the firm that hosts me" in said
