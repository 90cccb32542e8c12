"""A pulse of a firm on Slack and a firm on Teams: asked on both, one tally."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session, select

from bot.local import LocalSlack
from bot.telling import done
from bot.two_platforms import CHANNEL
from playground.teams import Teams
from storage.tables import Person
from tests.anywhere import MONDAY, unmarked
from tests.teams.shapes import words_of
from tests.test_open_pulse import QUESTION, close, react
from tests.world import HANA, MATEO, PRIYA, SHARED, World


class Both(World):
    @property
    def teams(self) -> Teams:
        assert self.local.teams is not None
        return self.local.teams

    async def tap(self, who: str, number: int) -> str:
        """Press a number below the question in the Teams channel."""
        message = next(m for m in self.teams.messages(CHANNEL, who) if str(number) in m["buttons"])
        answer = await done(self.teams.click(who, message["id"], str(number)))
        return str(answer.get("said") or "")

    def in_teams(self, who: str) -> str:
        """The question, as somebody has it there."""
        found = [words_of(m) for m in self.teams.messages(CHANNEL, who)]
        return unmarked(next(text for text in reversed(found) if QUESTION in text))


@pytest.fixture
async def world() -> AsyncIterator[Both]:
    local = LocalSlack(seed="two-platforms", now=MONDAY)
    try:
        await local.start()
        made = Both(local)
        await made.command(PRIYA, f"pulse {QUESTION}")
        for _ in range(2):
            await made.fill(PRIYA)
        await made.close(PRIYA)
        await made.later("PT3S")
        yield made
    finally:
        await local.stop()


async def test_both_platforms_ask_the_same_and_show_one_tally(world: Both) -> None:
    assert "Reactions are public" in shown_on_slack(world)
    assert "Press 1 (lowest) to 5 (highest)" in world.in_teams("tomasz")
    assert "Priya Raman asks until" in world.in_teams("tomasz")
    await react(world, MATEO, 2)
    await react(world, HANA, 3)
    assert "Your 5 is kept" in await world.tap("tomasz", 5)
    assert "Your 4 is kept" in await world.tap("tomasz", 4)
    assert "Your 5 is kept" in await world.tap("olivia", 5)
    await close(world)
    for told in (shown_on_slack(world), world.in_teams("tomasz")):
        assert "All together: 3.5 of 5, 4 answers" in told
        assert "Northwind Bio: 2.5 of 5, 2 answers" in told
        assert "Helix Devices: 4.5 of 5, 2 answers" in told


async def test_one_person_with_two_accounts_counts_once_and_the_later_counts(world: Both) -> None:
    world.change(_join_accounts)
    await world.tap("kwame", 1)
    await world.later("PT1M")
    await react(world, MATEO, 4)
    await react(world, HANA, 3)
    await close(world)
    assert "All together: 3.5 of 5, 2 answers" in shown_on_slack(world)


async def test_a_button_after_a_reaction_counts_and_once_closed_no_more(world: Both) -> None:
    world.change(_join_accounts)
    await react(world, MATEO, 4)
    await world.later("PT1M")
    await world.tap("kwame", 1)
    await close(world)
    assert "All together: 1.0 of 5, 1 answer" in shown_on_slack(world)
    assert "1" not in str(world.teams.messages(CHANNEL, "kwame")[-1]["buttons"])


def _join_accounts(session: Session) -> None:
    """Kwame's account on Teams is Mateo's second one, whatever the firms say."""
    mateo = session.exec(select(Person).where(Person.user_id == MATEO)).one()
    kwame = session.exec(select(Person).where(Person.name == "Kwame Mensah")).one()
    kwame.joined_to_id = mateo.id
    session.add(kwame)


def shown_on_slack(world: Both) -> str:
    found = [world.words(m) for m in world.read(PRIYA, SHARED) if QUESTION in world.words(m)]
    return unmarked(found[-1])
