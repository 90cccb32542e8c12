"""A firm that is in on Slack brings in its people on Teams, as the same firm: they see what is
joint, and what is the firm's own once its alliance manager has confirmed them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot.local import LocalSlack
from bot.settings import TeamsCredentials
from governance import visibility
from storage.tables import TEAMS, Conversation, HistoryEntry, Member, Person, Side, SideTeam
from tests.daily import name_helix_manager
from tests.leaks.cast import ORION, YARA, ZED
from tests.leaks.stage import let_in_orion
from tests.permissions_doors import SlackDoors
from tests.teams.local import NORTHWIND
from tests.teams.world import NAMES, TeamsWorld
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
    World,
    direct,
)

ALLIANCES = "Alliance"
"""A channel of Helix's own in Teams."""

TITLE = "Join for your firm"
CARD = "Set up by Priya Raman of Northwind Bio"
SECRET, JOINT = "count our margins", "send the labels"


class Local(LocalSlack):
    """Its Teams app is one for several tenants."""

    async def _teams_credentials(self) -> TeamsCredentials | None:
        made = await super()._teams_credentials()
        return replace(made, several=True) if made is not None else None


class Beside(TeamsWorld):
    """The Teams beside a local Slack, in which Northwind and Helix have tenants as well."""

    def __init__(self, local: LocalSlack) -> None:
        assert local.teams is not None
        self.local, self.teams, self.clock = local, local.teams, local.clock
        self._bot, self._last = local.bot, {}

    async def grow(self) -> None:
        await self._grow()
        await self.done(self.teams.install("Alliances", "olivia"))

    def everything(self, who: str) -> str:
        rooms = [room["id"] for room in self.teams.state()["conversations"]]
        return "\n".join(self.text(who, room) for room in [*rooms, direct(who)])


class Firms(World):
    """Northwind and Helix at one ledger in Slack, and their Teams beside it."""

    def __init__(self, local: LocalSlack) -> None:
        super().__init__(local)
        self.beside = Beside(local)

    async def code(self, who: str = PRIYA) -> str:
        """The code for one's own people that an alliance manager is given."""
        await self.write(who, "invite")
        return code_in((await self.press(who, "For our own people", channel=direct(who))).text)

    async def open(self, who: str, code: str, channel: str = OWN) -> str:
        """What somebody in Teams reads who has a code, before they press Join."""
        await self.beside.mention(who, f"join {code}", channel)
        await self.beside.press(who, TITLE, channel=channel)
        return self.beside.words(self.beside.form(who))

    async def join(self, who: str, code: str, channel: str = OWN, **values: str) -> str:
        await self.open(who, code, channel)
        sent = await self.beside.fill(who, **values)
        assert sent.ok, sent
        await self.beside.close(who)
        await self.later("PT5S")
        return sent.text

    async def refused(self, who: str, code: str, channel: str = OWN) -> str:
        return (await self.beside.mention(who, f"join {code}", channel)).text

    def teams_of(self, firm: str) -> dict[str, bool]:
        """A firm's workspaces, and of which nobody has confirmed that they are."""

        def read(session: Session) -> dict[str, bool]:
            side = session.exec(select(Side).where(Side.firm == firm)).one()
            teams = session.exec(select(SideTeam).where(SideTeam.side_id == side.id))
            return {team.team_id: team.stated for team in teams}

        return self.stored(read)

    def place_of(self, who: str) -> tuple[str, str, bool] | None:
        """The firm and role of somebody in Teams, and whether nobody has confirmed it."""
        known = self.beside.id_of(who)

        def read(session: Session) -> tuple[str, str, bool] | None:
            found = session.exec(
                select(Side.firm, Member.role, Member.stated)
                .join(Member, Member.side_id == Side.id)  # type: ignore[arg-type]
                .join(Person, Person.id == Member.person_id)  # type: ignore[arg-type]
                .where(Person.user_id == known, Member.until == None)  # noqa: E711
            ).first()
            return tuple(found) if found else None  # type: ignore[return-value]

        return self.stored(read)


@pytest.fixture
async def firms(database_with_tables: str) -> AsyncIterator[Firms]:
    local = Local(database_url=database_with_tables, seed="empty", now=MONDAY, with_teams=True)
    try:
        await local.start()
        made = Firms(local)
        await made.beside.grow()
        await made.set_up(own_channel=True)
        yield made
    finally:
        await local.stop()


async def items(firms: Firms) -> None:
    """One that is joint, and one that is Northwind's own."""
    await firms.command(HANA, f"action {JOINT} by Fri")
    await firms.command(HANA, f"internal {SECRET} by Fri")


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
    assert "alliance manager" not in str(firms.place_of(MATEO))
    await firms.later("P1D")
    assert any("Priya Raman confirmed you" in text for text in firms.beside.inbox(MATEO))


async def test_removed_they_are_out_and_read_nothing_any_more(firms: Firms) -> None:
    await items(firms)
    code = await firms.code()
    await firms.join(MATEO, code)
    assert CARD in firms.beside.text(MATEO, OWN)
    await firms.press(PRIYA, "Remove", channel=direct(PRIYA))
    await firms.later("PT1M")
    assert "Who joined with Mateo Fuentes was removed by Priya Raman" in firms.inbox(PRIYA)[-1]
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}
    assert firms.place_of(MATEO) is None
    assert firms.stored(lambda s: _linked(s, NORTHWIND)) == []
    assert CARD not in firms.beside.text(MATEO, OWN)
    assert "This is no longer shown." in firms.beside.text(MATEO, OWN)
    await firms.command(HANA, "action check the seals by Fri")
    await firms.beside.write(MATEO, "open")
    await firms.beside.write(JONAS, "open")
    for who in (MATEO, JONAS):
        assert "check the seals" not in firms.beside.everything(who)
    assert GONE in await firms.refused(JONAS, code), "a code is used once"


def _linked(session: Session, team_id: str) -> list[str]:
    chosen = select(Conversation).where(Conversation.team_ids == team_id)
    return [one.name for one in session.exec(chosen) if one.alliance_id is not None]


async def test_what_was_confirmed_can_be_removed_later_from_people(firms: Firms) -> None:
    await items(firms)
    await firms.join(MATEO, await firms.code())
    shown = await firms.write(PRIYA, "people")
    also = "Also takes part from Teams: Mateo Fuentes joined there · not confirmed yet"
    assert also in shown.text
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    await firms.beside.write(JONAS, "open")
    await firms.write(PRIYA, "people")
    await firms.press(PRIYA, "Remove", channel=direct(PRIYA))
    await firms.later("PT1M")
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}
    assert (firms.place_of(MATEO), firms.place_of(JONAS)) == (None, None)
    await firms.beside.write(JONAS, "show OUR-1")
    assert SECRET not in firms.beside.everything(JONAS)


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
    said = await firms.refused(TOMASZ, await firms.code(), "second")
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
    assert firms.stored(lambda s: _linked(s, NORTHWIND)) == []
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
