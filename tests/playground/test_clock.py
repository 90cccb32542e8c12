"""The clock, the follower, resets, scheduled messages."""

from datetime import datetime, timedelta

import pytest

from playground.clock import StandingClock
from playground.coming import Coming
from playground.tour import Tour
from tests.playground.conftest import START, Stage

DAY = timedelta(days=1)


class Daily:
    """A program that posts once a day at nine, through the Web API, like a bot would."""

    def __init__(self, stage: Stage, *, stuck: bool = False) -> None:
        self.stage = stage
        self.stuck = stuck
        self.due = START + DAY
        self.runs: list[datetime] = []
        self.resets = 0

    async def next_due(self) -> datetime | None:
        return self.due

    async def run_due(self) -> None:
        while not self.stuck and self.due <= self.stage.clock.now():
            self.runs.append(self.stage.clock.now())
            self.due += DAY
            await self.stage.client.chat_postMessage(channel="U0PRIYA", text="good morning")

    async def arrived(self) -> None:
        """Nothing to look at."""

    async def let_go(self) -> None:
        """It holds on to nothing."""

    async def reset(self) -> None:
        self.resets += 1

    async def coming(self, limit: int) -> list[Coming]:
        days = (self.due + DAY * ahead for ahead in reversed(range(limit)))
        return [Coming(day, "good morning", "U0PRIYA") for day in days]

    def tour(self) -> Tour | None:
        return Tour("Nothing yet", (), ())


async def test_the_clock_stops_wherever_something_is_due(stage: Stage) -> None:
    stage.slack.follower = daily = Daily(stage)
    answer = await stage.slack.advance_clock("P7DT1H", user="priya")
    assert answer["ok"]
    assert daily.runs == [START + DAY * n for n in range(1, 8)]
    assert stage.clock.now() == START + timedelta(days=7, hours=1)
    assert [m["text"] for m in answer["messages"]] == ["good morning"] * 7
    stamps = [float(m["ts"]) for m in stage.slack.messages("D0PRIYA", "priya")]
    assert stamps[0] == pytest.approx((START + DAY).timestamp(), abs=1)


async def test_next_goes_to_the_next_due_instant_and_stays_where_nothing_is_due(
    stage: Stage,
) -> None:
    before = stage.clock.now()
    assert (await stage.slack.next_moment())["ok"]
    assert stage.clock.now() == before
    stage.slack.follower = daily = Daily(stage)
    answer = await stage.slack.next_moment(user="priya")
    assert [m["text"] for m in answer["messages"]] == ["good morning"]
    assert stage.clock.now() == START + DAY
    assert daily.runs == [START + DAY]


async def test_what_is_coming_is_told_in_order_and_limited(stage: Stage) -> None:
    assert await stage.slack.coming(3) == []
    stage.slack.follower = Daily(stage)
    found = await stage.slack.coming(3)
    assert [row["at"][:10] for row in found] == ["2026-11-24", "2026-11-25", "2026-11-26"]
    assert found[0] | {"at": ""} == {"at": "", "what": "good morning", "who": "U0PRIYA"}


async def test_what_bots_wrote_to_somebody_counts_for_seven_days(stage: Stage) -> None:
    stage.slack.follower = Daily(stage)

    def received(name: str) -> int:
        users = {user["name"]: user for user in stage.slack.state()["users"]}
        return int(users[name]["received"])

    await stage.slack.message("priya", "D0PRIYA", "my own words do not count")
    await stage.slack.advance_clock(DAY * 3)
    assert (received("priya"), received("olivia")) == (3, 0)
    await stage.slack.advance_clock(DAY * 7)
    assert received("priya") == 7


async def test_a_follower_that_never_moves_on_is_an_error(stage: Stage) -> None:
    stage.slack.follower = Daily(stage, stuck=True)
    answer = await stage.slack.advance_clock(DAY * 2)
    assert answer["error"] == "clock_stuck"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("soon", "invalid_duration"),
        ("-P1D", "clock_runs_forward_only"),
    ],
)
async def test_a_senseless_duration_is_refused(stage: Stage, arguments: str, error: str) -> None:
    assert (await stage.slack.advance_clock(arguments))["error"] == error


async def test_the_clock_is_set_forward_to_an_instant(stage: Stage) -> None:
    assert (await stage.slack.set_clock("2026-11-24T08:30:00+01:00"))["now"] == (
        "2026-11-24T07:30:00Z"
    )
    assert (await stage.slack.set_clock("2026-11-24T08:30:00"))["error"] == "instant_without_zone"
    assert (await stage.slack.set_clock(START))["error"] == "clock_runs_forward_only"


async def test_what_the_follower_posts_after_a_verb_is_in_its_answer(stage: Stage) -> None:
    stage.slack.follower = Daily(stage)
    stage.clock.set(START + DAY)
    answer = await stage.slack.message("priya", "C0SHARED", "anything")
    assert [m["text"] for m in answer["messages"]] == ["anything", "good morning"]


async def test_a_reset_goes_back_to_the_seed_and_tells_the_follower(stage: Stage) -> None:
    stage.slack.follower = daily = Daily(stage)
    await stage.slack.message("priya", "C0SHARED", "gone soon")
    before = stage.slack.state()["revision"]
    assert (await stage.slack.reset("demo"))["ok"]
    assert daily.resets == 1
    shown = stage.slack.messages("C0SHARED", "priya")
    assert len(shown) >= 4
    assert all(float(m["ts"]) < START.timestamp() for m in shown)
    assert stage.slack.state()["seed"] == "demo"
    assert stage.slack.state()["revision"] > before
    assert (await stage.slack.reset("empty"))["ok"]
    assert stage.slack.messages("C0SHARED", "priya") == []


async def test_a_scheduled_message_appears_when_its_time_comes(stage: Stage) -> None:
    post_at = int((START + timedelta(hours=2)).timestamp())
    await stage.client.chat_scheduleMessage(channel="C0SHARED", post_at=post_at, text="later")
    await stage.slack.advance_clock("PT1H")
    assert stage.slack.messages("C0SHARED", "priya") == []
    await stage.slack.advance_clock("PT3H")
    shown = stage.slack.messages("C0SHARED", "priya")
    assert [(m["text"], int(float(m["ts"]))) for m in shown] == [("later", post_at)]


def test_a_standing_clock_never_goes_back() -> None:
    clock = StandingClock(START)
    clock.set(START + DAY)
    with pytest.raises(Exception, match="forward_only"):
        clock.set(START)
