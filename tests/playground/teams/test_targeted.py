"""Messages that one person in a conversation sees."""

from datetime import timedelta
from typing import Any

from tests.playground.teams.conftest import Json, Stage
from tests.playground.teams.test_posting import change


def whisper(stage: Stage, handle: str, **more: Any) -> Json:
    recipient = {"id": stage.who(handle), "isTargeted": True}
    return {"text": "psst", "recipient": recipient, "query": "?isTargetedActivity=true", **more}


async def test_a_targeted_message_is_seen_by_one_for_a_day(settled: Stage) -> None:
    sent = await settled.say("Alliance", **whisper(settled, "olivia"))
    assert [m["id"] for m in settled.teams.messages("Alliance", "olivia")] == [sent]
    assert settled.teams.messages("Alliance", "grant") == []
    assert settled.teams.messages("Alliance") == []
    settled.clock.set(settled.clock.now() + timedelta(hours=24))
    assert settled.teams.messages("Alliance", "olivia") == []
    targeted = f"{sent}?isTargetedActivity=true"
    gone = (404, "TARGETED_MESSAGE_EXPIRED_OR_DELETED")
    assert await change(settled, "PUT", "Alliance", targeted, text="again") == gone


async def test_targeted_messages_follow_their_rules(settled: Stage) -> None:
    one = whisper(settled, "olivia")
    assert "recipient" in await settled.refused("Alliance", **one | {"recipient": None})
    assert "isTargetedActivity" in await settled.refused("Alliance", **one | {"query": ""})
    assert "MemberNotFound" in await settled.refused("Alliance", **whisper(settled, "priya"))
    assert "personal chat" in await settled.refused("olivia", **one)
    sent = await settled.say("Alliance", **one)
    targeted = f"{sent}?isTargetedActivity=true"
    again = {"recipient": one["recipient"], "text": "x"}
    assert (await change(settled, "PUT", "Alliance", targeted, **again))[1] == "BadArgument"
    assert await change(settled, "PUT", "Alliance", targeted, text="x") == (200, "")
    assert (await change(settled, "PUT", "Alliance", sent, text="x"))[0] == 404
    public = f"{await settled.say('Alliance', text='x')}?isTargetedActivity=true"
    wrong = (400, "INVALID_TARGETED_MESSAGE_ID")
    assert await change(settled, "PUT", "Alliance", public, text="x") == wrong
    assert await change(settled, "DELETE", "Alliance", targeted) == (200, "")
