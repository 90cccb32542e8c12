"""Events: which are sent, and what happens when the bot does not take them."""

import time
from datetime import timedelta
from typing import Any

import aiohttp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from playground.door import sign
from tests.playground.conftest import Stage

SHARED = "C0SHARED"


def refuse_events(stage: Stage, times: int) -> list[tuple[str, str | None]]:
    """Make the app answer 503 to that many events; lists (event_id, retry number) seen."""
    seen: list[tuple[str, str | None]] = []

    @stage.app.use
    async def refuse(req: AsyncBoltRequest, next_: Any) -> BoltResponse | None:
        if "event_id" not in req.body:
            return await next_()
        seen.append((req.body["event_id"], req.headers.get("x-slack-retry-num", [None])[0]))
        return BoltResponse(status=503) if len(seen) <= times else BoltResponse(status=200)

    return seen


async def test_a_refused_event_is_sent_again_at_once_with_the_same_id(stage: Stage) -> None:
    seen = refuse_events(stage, 1)
    await stage.slack.message("priya", "D0PRIYA", "hello")
    assert [number for _, number in seen] == [None, "1"]
    assert len({event_id for event_id, _ in seen}) == 1


async def test_retries_follow_the_clock_and_end(stage: Stage) -> None:
    seen = refuse_events(stage, 9)
    await stage.slack.message("priya", "D0PRIYA", "hello")
    assert len(seen) == 2
    await stage.slack.advance_clock(timedelta(seconds=59))
    assert len(seen) == 2
    await stage.slack.advance_clock("PT1S")
    assert len(seen) == 3
    await stage.slack.advance_clock("PT4M59S")
    assert len(seen) == 3
    answer = await stage.slack.advance_clock("P1D")
    assert (len(seen), answer["steps"]) == (4, 1)
    assert [number for _, number in seen] == [None, "1", "2", "3"]
    assert stage.sent("message")[-1]["x-slack-retry-reason"] == "http_error"


async def test_only_subscribed_events_are_sent(stage: Stage) -> None:
    seen = refuse_events(stage, 0)
    said = await stage.slack.message("priya", SHARED, "no mention, no event")
    await stage.slack.reaction("hana", SHARED, said["ts"], "eyes")
    await stage.slack.reaction("hana", SHARED, said["ts"], "eyes", present=False)
    await stage.slack.message("priya", "C0RANDOM", "@Helper you are not here")
    assert len(seen) == 1
    event = stage.sent("reaction_added")[0]["event"]
    assert event["item"] == {"type": "message", "channel": SHARED, "ts": said["ts"]}
    assert event["item_user"] == "U0PRIYA"


async def test_a_direct_message_is_an_event_of_its_own(stage: Stage) -> None:
    @stage.app.event("message")
    async def heard(event: dict[str, Any], say: Any) -> None:
        await say(f"{event['channel_type']}: {event['text']}")

    answer = await stage.slack.message("olivia", "D0OLIVIA", "a <b> & @mateo")
    assert answer["messages"][-1]["text"] == "im: a &lt;b&gt; &amp; <@U0MATEO>"


async def test_somebody_moves_to_another_zone(stage: Stage) -> None:
    seen = refuse_events(stage, 0)
    assert (await stage.slack.person("hana", tz="Asia/Tokyo"))["ok"]
    assert len(seen) == 1
    assert stage.sent("user_change")[0]["event"]["user"]["tz"] == "Asia/Tokyo"
    assert (await stage.slack.person("hana", tz="Nowhere/Land"))["error"] == "invalid_zone"


async def test_bolt_takes_our_signature_and_refuses_a_forged_or_old_one(stage: Stage) -> None:
    @stage.app.command("/act")
    async def act(ack: Any) -> None:
        await ack("noted")

    assert (await stage.slack.command("priya", SHARED, "/act"))["ok"]
    body = "command=%2Fact&text=x&user_id=U0PRIYA&team_id=T0NORTH"
    now, old = str(int(time.time())), str(int(time.time()) - 301)
    secret = stage.slack.signing_secret
    async with aiohttp.ClientSession() as session:
        for secret_used, stamp, status in [
            (secret, now, 200),
            ("another", now, 401),
            (secret, old, 401),
        ]:
            headers = {
                "content-type": "application/x-www-form-urlencoded",
                "x-slack-request-timestamp": stamp,
                "x-slack-signature": sign(secret_used, body, stamp),
            }
            async with session.post(stage.bot_url, data=body, headers=headers) as answer:
                assert answer.status == status
