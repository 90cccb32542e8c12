"""A local Teams beside the local Slack: one clock, one start, one control interface."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from playground.app import Playground
from playground.clock import StandingClock
from playground.serve import Served
from playground.teams import Teams
from tests.playground.conftest import MANIFEST, START

Json = dict[str, Any]


@dataclass
class Both:
    slack: Playground
    teams: Teams
    session: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(f"{self.slack.url}/_control/{path}") as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, **arguments: Any) -> tuple[int, Json]:
        url = f"{self.slack.url}/_control/{path}"
        async with self.session.post(url, json=arguments) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    clock = StandingClock(START)
    teams = Teams(clock=clock)
    slack = Playground(clock=clock, seed="empty", manifest=MANIFEST, beside=teams)
    page = Served(slack.asgi)
    slack.url = await page.start()
    async with aiohttp.ClientSession() as session:
        yield Both(slack, teams, session)
    await slack.let_go()
    await teams.let_go()
    await page.stop()
    await teams.close()
    await slack.close()


async def test_people_of_teams_act_and_look_by_the_same_interface(both: Both) -> None:
    _, state = await both.get("state")
    assert state["with_teams"]
    _, teams = await both.get("teams/state")
    room = next(one["id"] for one in teams["conversations"] if one["name"] == "Alliance")
    status, said = await both.post(
        "teams/message", person="olivia", conversation=room, text="Morning"
    )
    assert (status, said["ok"]) == (200, True)
    _, seen = await both.get(f"teams/messages/{room}?as=tomasz")
    assert [one["text"] for one in seen] == ["Morning"]
    assert await both.get("teams/dialogs/olivia") == (200, [])
    revision = teams["revision"]
    assert (await both.get(f"teams/changes?since={revision}&wait=0"))[1]["revision"] > revision


@pytest.mark.parametrize(
    "arguments",
    [{}, {"person": "olivia"}, {"person": 1, "message_id": "1", "type": "like"}],
)
async def test_a_verb_without_its_arguments_is_refused(both: Both, arguments: Json) -> None:
    status, answer = await both.post("teams/reaction", **arguments)
    assert (status, answer["error"]) == (400, "invalid_arguments")


async def test_what_people_may_not_do_is_an_answer(both: Both) -> None:
    status, answer = await both.post("teams/click", person="olivia", message_id="1", action="Yes")
    assert (status, answer["error"]) == (200, "message_not_found")
    status, answer = await both.get("teams/messages/nowhere?as=olivia")
    assert (status, answer["error"]) == (404, "conversation_not_found")


async def test_without_teams_there_is_nothing_of_it() -> None:
    slack = Playground(clock=StandingClock(START), seed="empty", manifest=MANIFEST)
    assert not slack.state()["with_teams"]
    assert not [one for one in slack.asgi.routes if "teams" in getattr(one, "path", "")]
    assert (await slack.reset("two-platforms"))["error"] == "unknown_seed"


async def test_the_clock_of_slack_sends_again_what_teams_could_not_deliver(both: Both) -> None:
    await both.teams.install("Alliances")  # nobody takes it: there is no bot
    due = both.teams.next_due()
    assert due == START + timedelta(minutes=1)
    assert await both.slack.timers.next_due() == due
    await both.slack.advance_clock("PT10M")
    assert both.teams.next_due() is None
    tried = [entry for entry in both.teams.log() if entry["method"] == "installationUpdate"]
    assert len(tried) == 4


async def test_starting_over_takes_teams_back_as_well(both: Both) -> None:
    await both.teams.open_personal("olivia")
    _, before = await both.get("teams/state")
    await both.post("reset")
    _, after = await both.get("teams/state")
    assert after["revision"] > before["revision"]
    assert not any(person["installed"] for person in after["people"])
