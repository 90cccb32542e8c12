"""The bot sends no more than Teams takes."""

import asyncio
from bisect import bisect_left

from handlers.teams.limits import A_MOMENT, A_TENANT, AN_HOUR, Limits


def test_no_span_of_time_holds_more_than_teams_takes() -> None:
    for (at_once, seconds), takes, span in (
        (A_MOMENT, 7, 1),
        (A_MOMENT, 60, 30),
        (AN_HOUR, 1800, 3600),
        (A_TENANT, 50, 1),
    ):
        assert at_once + span * at_once / seconds <= takes


async def test_a_burst_to_one_conversation_is_spread_and_others_do_not_wait() -> None:
    limits, sent = Limits(), []
    loop = asyncio.get_running_loop()

    async def send(conversation: str) -> None:
        await limits.turn(conversation, "tenant")
        sent.append((conversation, loop.time()))

    began = loop.time()
    await asyncio.gather(*(send("busy") for _ in range(9)), send("quiet"))
    quiet = next(at for conversation, at in sent if conversation == "quiet")
    assert quiet - began < 0.5
    times = sorted(at for conversation, at in sent if conversation == "busy")
    for at in times:
        assert bisect_left(times, at + 1) - bisect_left(times, at) <= 7
    assert times[-1] - times[0] > 1.5, "they were spread"
