"""Requests to the bot's door: forged, old, repeated, misshapen."""

import asyncio
import io
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
from sqlmodel import Session, col, func, select

from playground.door import sign
from storage.tables import ActionItem, InboundReceipt
from tests.world import LENA, MATEO, OLIVIA, PRIYA, SHARED, World, direct, words_of

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Sender:
    """Whoever sends requests to the bot's door, with Slack's secret or without."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def post(
        self,
        body: str | bytes,
        kind: str = FORM,
        *,
        secret: str | None = None,
        age: int = 0,
        signed: bool = True,
    ) -> tuple[int, str]:
        timestamp = str(int(time.time()) - age)
        text = body if isinstance(body, str) else body.decode("latin-1")
        signature = sign(secret or self._world.slack.signing_secret, text, timestamp)
        headers = {"content-type": kind}
        if signed:
            headers |= {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}
        url = self._world.slack.bot_url
        assert url is not None
        raw = body.encode() if isinstance(body, str) else body
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=io.BytesIO(raw), headers=headers) as got,
        ):
            return got.status, await got.text()


def command_body(text: str, *, trigger: str = "T1.1", user: str = MATEO) -> str:
    return urlencode(
        {
            "token": "x",
            "command": "/alliance",
            "text": text,
            "user_id": user,
            "user_name": user.removeprefix("U0").lower(),
            "channel_id": SHARED,
            "channel_name": "alliance-helix",
            "team_id": "T0NORTH",
            "team_domain": "northwind-bio",
            "api_app_id": "A0APP",
            "trigger_id": trigger,
            "response_url": f"http://127.0.0.1:9/{trigger}",
        }
    )


def items(world: World) -> list[str]:
    def read(session: Session) -> list[str]:
        return list(session.exec(select(ActionItem.text).order_by(col(ActionItem.id))))

    return world.stored(read)


def receipts(world: World) -> int:
    return world.stored(lambda s: s.exec(select(func.count()).select_from(InboundReceipt)).one())


def sent_to_bot(world: World, kind: str) -> Json:
    """What Slack last sent to the bot, of a kind."""
    found: Json = [
        e for e in world.slack.log() if e["direction"] == "to_bot" and e["kind"] == kind
    ][-1]
    return found


async def test_a_forged_an_old_and_an_unsigned_request_change_nothing(world: World) -> None:
    sender, before = Sender(world), receipts(world)
    body = command_body("action steal the plans")
    assert (await sender.post(body, secret="somebody else's"))[0] == 401
    assert (await sender.post(body, age=301))[0] == 401
    assert (await sender.post(body, age=-301))[0] == 401
    assert (await sender.post(body, signed=False))[0] == 401
    event = json.dumps({"type": "event_callback", "event": {"type": "app_mention"}})
    assert (await sender.post(event, JSON, secret="somebody else's"))[0] == 401
    assert (await sender.post("payload=%7B%7D", secret="somebody else's"))[0] == 401
    assert items(world) == []
    assert receipts(world) == before


async def test_a_replayed_command_has_one_effect_and_gets_the_same_answer(world: World) -> None:
    sender = Sender(world)
    await world.command(MATEO, "mine")
    body = command_body("action book the room by Fri")
    answers = [await sender.post(body, age=age) for age in (0, 0, 240)]
    assert items(world) == ["book the room"]
    assert answers[0][0] == 200
    assert "HEL-1 is yours, due Fri 27 Nov" in answers[0][1]
    assert answers[1] == answers[2] == answers[0]
    at_once = await asyncio.gather(
        *(sender.post(command_body("action call the lab", trigger="T2.2")) for _ in range(6))
    )
    assert items(world) == ["book the room", "call the lab"]
    assert set(at_once) == {at_once[0]}
    assert "HEL-2 is yours" in at_once[0][1]


async def test_a_redelivered_event_has_one_effect(world: World) -> None:
    sender = Sender(world)
    await world.mention(OLIVIA, "action @mateo check the dates by Fri")
    await world.write(PRIYA, "action call the lab by Fri")
    await world.later("PT1M")
    before = (items(world), len(world.read(PRIYA, SHARED)), len(world.inbox(PRIYA)))
    assert len(before[0]) == 2
    for entry in world.slack.log():
        if entry["direction"] == "to_bot" and entry["kind"] == "event":
            again = await sender.post(json.dumps(entry["arguments"]), JSON)
            assert again[0] == 200
    await world.mention(PRIYA, "action @nobody-here: look by Fri")
    said = len(world.read(PRIYA, SHARED)) + len(world.inbox(PRIYA))
    await sender.post(json.dumps(sent_to_bot(world, "event")["arguments"]), JSON)
    await world.later("PT1M")
    assert len(world.read(PRIYA, SHARED)) + len(world.inbox(PRIYA)) == said
    assert items(world) == before[0]


async def test_an_event_that_is_refused_is_answered_once(world: World) -> None:
    sender = Sender(world)
    await world.write(PRIYA, "done HEL-99")
    assert len(world.inbox(PRIYA)) == 1
    for _ in range(2):
        assert (await sender.post(json.dumps(sent_to_bot(world, "event")["arguments"]), JSON))[
            0
        ] == 200
    await world.later("PT1M")
    assert len(world.inbox(PRIYA)) == 1


async def test_a_form_sent_twice_has_one_effect_and_the_same_answer(world: World) -> None:
    sender = Sender(world)
    await world.command(MATEO, "action")
    await world.fill(MATEO, text="book the room")
    payload = {
        **sent_to_bot(world, "interaction")["arguments"],
        "token": "x",
    }
    body = urlencode({"payload": json.dumps(payload)})
    answers = await asyncio.gather(*(sender.post(body) for _ in range(5)))
    assert items(world) == ["book the room"]
    assert {status for status, _ in answers} == {200}
    assert len(set(answers)) == 1
    assert "HEL-1" in answers[0][1]


async def test_a_button_pressed_twice_and_by_two_people_at_once_has_one_effect(
    world: World,
) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    first, second = await asyncio.gather(
        world.press(OLIVIA, "Accept", channel=SHARED),
        world.press(OLIVIA, "Accept", channel=direct(OLIVIA)),
    )
    assert first.ok
    assert second.ok
    await world.later("PT10S")
    assert "· open" in world.text(PRIYA, SHARED)
    seen = await world.press(OLIVIA, "Details", channel=SHARED)
    assert words_of(seen.view).count("accepted") == 1


async def test_a_command_with_the_word_payload_in_it_works(world: World) -> None:
    for number, words in enumerate(("check payload=5 & co", "payload", 'x payload="{}"'), 1):
        seen = await world.command(MATEO, f"action {words}")
        assert f"HEL-{number} is yours" in seen.private, words
    assert items(world) == ["check payload=5 & co", "payload", 'x payload="{}"']


async def test_misshapen_requests_are_refused_without_a_stack_trace(world: World) -> None:
    sender, before = Sender(world), receipts(world)
    shapes: list[tuple[str | bytes, str]] = [
        ("", FORM),
        ("", JSON),
        ("{nope", JSON),
        ("[1, 2]", JSON),
        ("5", JSON),
        ("null", JSON),
        ('{"type": "event_callback"}', JSON),
        ('{"type": "event_callback", "event": null}', JSON),
        ('{"type": "event_callback", "event": {"type": "app_mention"}}', JSON),
        ('{"type": "event_callback", "event": {"type": "reaction_added", "item": 5}}', JSON),
        ("payload=%7Bnope", FORM),
        ("payload=%5B%5D", FORM),
        ("payload=%7B%22type%22%3A%22block_actions%22%7D", FORM),
        ("payload=%7B%22type%22%3A%22view_submission%22%7D", FORM),
        ("command=%2Falliance", FORM),
        ("command=%2Falliance&text=help&trigger_id=1", FORM),
        ("%00%ff=%fe", FORM),
    ]
    for body, kind in shapes:
        for signed in (True, False):
            status, said = await sender.post(body, kind, signed=signed)
            assert status in ((200, 400, 404) if signed else (400, 401)), (body, signed, status)
            assert "Traceback" not in said
            assert "Error" not in said
    assert (await sender.post(b"\xff\xfe\x00", FORM))[0] in (400, 401)
    assert receipts(world) == before
    seen = await world.command(MATEO, "action still here")
    assert "HEL-1 is yours" in seen.private


async def test_an_oversized_request_is_refused_before_it_is_read_whole(world: World) -> None:
    sender = Sender(world)
    status, _ = await sender.post(command_body("action " + "x" * 1_100_000))
    assert status == 413
    assert items(world) == []


async def test_health_and_metrics_answer_beside_slacks_requests(world: World) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.command(PRIYA, "done HEL-77")
    assert world.slack.bot_url is not None
    base = world.slack.bot_url.removesuffix("/slack/events")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{base}/health") as health:
            assert (health.status, await health.json()) == (200, {"ok": True})
        async with session.get(f"{base}/metrics") as metrics:
            counted = await metrics.text()
        async with session.get(f"{base}/slack/events") as wrong:
            assert wrong.status == 405
    for line in (
        'alliance_acts_total{act="action_item.capture",outcome="done"}',
        'alliance_acts_total{act="action_item.done",outcome="refused"}',
        'alliance_messages_total{kind="card",outcome="sent"}',
        'alliance_messages_total{kind="action_item.decide",outcome="sent"}',
        "alliance_outbox_oldest_seconds",
    ):
        assert line in counted, line
    assert "redlines" not in counted


async def test_what_one_person_was_answered_is_not_repeated_to_another(world: World) -> None:
    """Were a request of theirs ever to come with somebody else's trigger."""
    sender = Sender(world)
    _, first = await sender.post(command_body("internal check our margins", trigger="T7.7"))
    _, other = await sender.post(command_body("mine", trigger="T7.7", user=LENA))
    assert "OUR-1" in first
    assert "OUR-1" not in other
    assert items(world) == ["check our margins"]
