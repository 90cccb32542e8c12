"""One human with accounts on Slack and on Teams, known as one once both have said so."""

import re
from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session, select

from bot.local import LocalSlack
from governance.people import directory
from playground.teams import Teams
from storage.tables import ActionItem, Member, Person, SideTeam
from tests.teams.shapes import words_of
from tests.world import HANA, MATEO, MONDAY, OLIVIA, SHARED, TOMASZ, World, direct

CODE = re.compile(r"accounts ([A-Z0-9]{8})")


class TwoPlatforms(World):
    """The Helix alliance on Slack, and a Teams in which Helix's people live as well."""

    @property
    def teams(self) -> Teams:
        assert self.local.teams is not None
        return self.local.teams

    async def chat(self, who: str) -> str:
        return str((await self.teams.open_personal(who))["conversation"])

    async def ask(self, who: str, words: str) -> str:
        """Write to the bot in one's chat with it on Teams; what it says."""
        answer = await self.teams.message(who, await self.chat(who), words)
        assert answer["ok"], answer
        return "\n".join(words_of(message) for message in answer["messages"])

    async def tap(self, who: str, title: str) -> str:
        """Press a button in that chat."""
        for message in reversed(self.teams.messages(await self.chat(who), who)):
            if title in message["buttons"]:
                answer = await self.teams.click(who, message["id"], title)
                shown = [words_of(one) for one in answer["messages"]]
                return "\n".join([*shown, str(answer.get("said") or "")])
        raise AssertionError(f"{who} has no button {title!r}")

    async def told(self, who: str) -> list[str]:
        """What the bot has written to somebody on Teams."""
        messages = self.teams.messages(await self.chat(who), who)
        return [words_of(one) for one in messages if one["from"] == self.teams.state()["bot"]]


@pytest.fixture
async def world(database_with_tables: str) -> AsyncIterator[TwoPlatforms]:
    local = LocalSlack(database_url=database_with_tables, seed="empty", now=MONDAY, with_teams=True)
    try:
        await local.start()
        made = TwoPlatforms(local)
        await made.set_up()
        await made.teams.install("Alliances")
        made.change(_helix_lives_in_teams_too)
        yield made
    finally:
        await local.stop()


def _helix_lives_in_teams_too(session: Session) -> None:
    """The tenant is Helix's as well, as after joining by a code."""
    [side] = session.exec(select(SideTeam).where(SideTeam.team_id == "T0HELIX")).all()
    tenants = session.exec(select(directory.Workspace.team_id))
    tenant = next(one for one in tenants if "-" in one)
    session.add(SideTeam(alliance_id=side.alliance_id, side_id=side.side_id, team_id=tenant))


async def join_olivia(world: TwoPlatforms, keep: str = "Slack") -> str:
    """Olivia says on both that she is one; returns what she read last on Slack."""
    await world.mention(OLIVIA, "mine")
    code = CODE.search((await world.write(OLIVIA, "accounts")).text)
    assert code is not None
    asked = await world.ask("olivia", f"accounts {code[1]}")
    assert "Are you also Olivia Bennett on Slack?" in asked
    assert "I have asked you on Slack" in await world.tap("olivia", f"Write to me on {keep}")
    assert "Olivia Bennett on Teams says that you are the same person" in world.inbox(OLIVIA)[-1]
    return (await world.press(OLIVIA, "Yes, both are me", channel=direct(OLIVIA))).text


def person(world: World, user_id: str) -> int:
    chosen = select(Person.id).where(Person.user_id == user_id)
    return world.stored(lambda session: session.exec(chosen).one())


async def test_both_accounts_confirm_and_are_one_person_from_then_on(world: TwoPlatforms) -> None:
    assert "I write to you on Slack" in await join_olivia(world)
    said = await world.ask("olivia", "action book the room by Fri")
    assert "OUR-1 is yours" in said, "who asks on Teams is answered on Teams"
    assert "book the room" in (await world.write(OLIVIA, "mine")).text
    owner = world.stored(lambda s: s.exec(select(ActionItem.owner_id)).one())
    assert owner == person(world, OLIVIA)


async def test_one_daily_message_goes_to_the_account_that_is_kept(world: TwoPlatforms) -> None:
    await join_olivia(world)
    await world.ask("olivia", "action book the room by Tue")
    on_slack, on_teams = len(world.inbox(OLIVIA)), len(await world.told("olivia"))
    await world.later("P1D")
    assert len(world.inbox(OLIVIA)) == on_slack + 1
    assert len(await world.told("olivia")) == on_teams


async def test_what_the_other_account_had_goes_over(world: TwoPlatforms) -> None:
    await world.ask("olivia", "action book the room by Fri")
    await world.mention(HANA, "action @olivia send the redlines by Thu")
    await join_olivia(world, keep="Teams")
    mine = await world.ask("olivia", "mine")
    assert "book the room" in mine
    assert "send the redlines" in mine
    places = world.stored(
        lambda s: s.exec(select(Member.person_id).where(Member.until == None)).all()  # noqa: E711
    )
    assert person(world, OLIVIA) not in places
    assert len(places) == len(set(places))


async def test_nobody_is_joined_by_one_account_alone(world: TwoPlatforms) -> None:
    await world.mention(OLIVIA, "mine")
    code = CODE.search((await world.write(OLIVIA, "accounts")).text)
    assert code is not None
    await world.ask("tomasz", f"accounts {code[1]}")
    await world.tap("tomasz", "Write to me on Teams")
    said = await world.press(OLIVIA, "That is not me", channel=direct(OLIVIA))
    assert "Nothing was joined" in said.text
    joined = world.stored(
        lambda s: s.exec(select(Person.id).where(Person.joined_to_id != None)).all()  # noqa: E711
    )
    assert joined == []


async def test_a_code_is_for_half_an_hour_and_for_another_account(world: TwoPlatforms) -> None:
    code = CODE.search((await world.write(MATEO, "accounts")).text)
    assert code is not None
    assert "That is this account" in (await world.write(MATEO, f"accounts {code[1]}")).text
    assert "I can't find that code" in await world.ask("olivia", "accounts AAAAAAAA")
    await world.later("PT31M")
    assert "I can't find that code" in await world.ask("olivia", f"accounts {code[1]}")


async def test_accounts_of_two_firms_are_never_one_person(world: TwoPlatforms) -> None:
    await world.command(MATEO, "mine")
    await world.ask("tomasz", "action book the room by Fri")
    code = CODE.search((await world.write(MATEO, "accounts")).text)
    assert code is not None
    assert "are of two firms" in await world.ask("tomasz", f"accounts {code[1]}")


async def test_the_accounts_can_stand_by_themselves_again(world: TwoPlatforms) -> None:
    await join_olivia(world)
    said = await world.write(OLIVIA, "accounts apart")
    assert "Olivia Bennett on Teams stands by itself again" in said.text
    await world.ask("olivia", "action book the room by Fri")
    assert "book the room" not in (await world.write(OLIVIA, "mine")).text


async def test_an_item_given_to_either_account_is_theirs(world: TwoPlatforms) -> None:
    await join_olivia(world)
    await world.command(HANA, "action @olivia send the redlines by Fri")
    assert "asks you to take on HEL-1" in world.inbox(OLIVIA)[-1]
    assert "HEL-1" in await world.ask("olivia", "accept HEL-1")
    await world.later("PT10S")
    assert "· open" in world.text(TOMASZ, SHARED)


async def test_nobody_comes_between_the_two_answers(world: TwoPlatforms) -> None:
    """After one account has said yes there is no code any more, and the question that the other
    one reads stands for the account it names and no other."""
    await world.mention(OLIVIA, "action @olivia sign the letter by Fri")
    code = CODE.search((await world.write(OLIVIA, "accounts")).text)
    assert code is not None
    await world.ask("kwame", f"accounts {code[1]}")
    await world.ask("olivia", f"accounts {code[1]}")
    await world.tap("olivia", "Write to me on Slack")
    for words in ("accounts -", "accounts é", f"accounts {code[1]}"):
        assert "I can't find that code" in await world.ask("kwame", words)
    assert "I can't find that code" in await world.tap("kwame", "Write to me on Teams")
    await world.press(OLIVIA, "Yes, both are me", channel=direct(OLIVIA))
    assert "sign the letter" not in await world.ask("kwame", "mine")
    assert "sign the letter" in await world.ask("olivia", "mine")


async def test_an_account_in_another_firms_tenant_is_never_joined(world: TwoPlatforms) -> None:
    """Also where it has no place in the alliance yet."""
    await world.command(MATEO, "mine")
    code = CODE.search((await world.write(MATEO, "accounts")).text)
    assert code is not None
    assert "are of two firms" in await world.ask("kwame", f"accounts {code[1]}")
