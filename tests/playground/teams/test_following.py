"""The program under trial beside the local Teams: its timers, and the clock they share."""

from datetime import datetime, timedelta

from playground.coming import Coming
from playground.tour import Tour
from tests.playground.teams.conftest import START, Stage


class Follower:
    """Says something to Olivia once its time has come."""

    def __init__(self, stage: Stage, due: datetime | None) -> None:
        self.stage, self.due = stage, due
        self.runs: list[datetime] = []

    async def next_due(self) -> datetime | None:
        return self.due

    async def run_due(self) -> None:
        now = self.stage.clock.now()
        self.runs.append(now)
        if self.due is not None and self.due <= now:
            self.due = None
            await self.stage.say("olivia", text="It is due.")

    async def arrived(self) -> None:
        return None

    async def let_go(self) -> None:
        return None

    async def reset(self) -> None:
        return None

    async def coming(self, limit: int) -> list[Coming]:
        return []

    def tour(self) -> Tour | None:
        return None


async def test_what_was_queued_is_sent_before_a_verb_answers(settled: Stage) -> None:
    settled.teams.follower = Follower(settled, START)
    answer = await settled.teams.message("olivia", "personal", "hello")
    assert [m["text"] for m in answer["messages"]] == ["hello", "It is due."]


async def test_the_clock_stops_where_the_bot_has_something_to_do(settled: Stage) -> None:
    due = START + timedelta(hours=3)
    follower = Follower(settled, due)
    settled.teams.follower = follower
    answer = await settled.teams.advance_clock("P1D")
    assert (answer["steps"], follower.runs[0]) == (1, due)
    sent = settled.teams.messages("personal", "olivia")[-1]
    assert int(sent["id"]) == due.timestamp() * 1000
    assert settled.clock.now() == START + timedelta(days=1)


async def test_the_clock_does_not_run_back(settled: Stage) -> None:
    answer = await settled.teams.set_clock(START - timedelta(hours=1))
    assert answer["error"] == "clock_runs_forward_only"


async def test_whoever_moves_the_clock_elsewhere_can_send_what_is_due(settled: Stage) -> None:
    settled.bot.reply = lambda activity: (503, None)
    await settled.teams.message("olivia", "personal", "hello")
    due = settled.teams.next_due()
    assert due == START + timedelta(minutes=1)
    settled.clock.set(due)
    await settled.teams.run_due()
    assert len(settled.bot.got) == 3


async def test_somebody_who_waits_hears_of_a_change(settled: Stage) -> None:
    before = settled.teams.state()["revision"]
    await settled.say("Alliance", text="hello")
    assert await settled.teams.changes(before, 1.0) > before
