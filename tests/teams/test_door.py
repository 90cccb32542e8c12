"""Who is let in where Teams knocks, and that what is odd is taken calmly."""

import asyncio
import time
import urllib.request
from typing import Any

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from playground.teams.keys import Keys
from storage.tables import ActionItem, InboundReceipt, Outbox
from tests.anywhere import MATEO, SHARED
from tests.teams.conftest import Knock, invoked, said, token_for
from tests.teams.world import HELIX, NORTHWIND, TeamsWorld

WORDS = "action book the room by Fri"
ENTRA = f"https://login.microsoftonline.com/{HELIX}/v2.0"


def kept(world: TeamsWorld) -> list[int]:
    def count(session: Session) -> list[int]:
        tables: tuple[Any, ...] = (ActionItem, InboundReceipt, Outbox)
        return [len(session.exec(select(table)).all()) for table in tables]

    return world.stored(count)


def asked_for_keys(world: TeamsWorld) -> int:
    return sum(entry["method"] == "keys" for entry in world.teams.log())


def keys_of(world: TeamsWorld) -> Any:
    assert world.bot.teams is not None
    return world.bot.teams._door._keys()


async def test_a_token_of_the_bot_connectors_is_let_in(world: TeamsWorld, knock: Knock) -> None:
    assert (await knock(said(world, WORDS))).status == 200
    assert kept(world)[0] == 1


def now(seconds: int) -> int:
    return int(time.time()) + seconds


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": now(-400), "nbf": now(-900), "iat": now(-900)}, id="expired"),
        pytest.param({"aud": "0d6c7d5a-0000-4000-8000-000000000000"}, id="for another bot"),
        pytest.param({"iss": "https://somebody.example"}, id="of another issuer"),
        pytest.param({"iss": ENTRA, "tid": HELIX}, id="of Entra"),
        pytest.param({"iss": f"https://sts.windows.net/{HELIX}/"}, id="of Entra, older"),
        pytest.param({"exp": None}, id="never expires"),
        pytest.param({"iss": None}, id="of nobody"),
        pytest.param({"serviceurl": "https://smba.example/"}, id="for another service"),
        pytest.param({"serviceurl": None}, id="for no service"),
    ],
)
async def test_a_token_that_is_not_for_this_is_refused_and_noted(
    world: TeamsWorld, knock: Knock, changes: dict[str, Any]
) -> None:
    activity = said(world, WORDS)
    before = kept(world)
    with capture_logs() as lines:
        answered = await knock(activity, token=token_for(world, activity, **changes))
    assert answered.status == 401
    assert "teams_request_refused" in [line["event"] for line in lines], "an operator can see it"
    assert kept(world) == before


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
async def test_what_is_no_token_is_refused(world: TeamsWorld, knock: Knock, token: str) -> None:
    assert (await knock(said(world, WORDS), token=token)).status == 401


async def test_a_forged_signature_is_refused(world: TeamsWorld, knock: Knock) -> None:
    activity, before = said(world, WORDS), kept(world)
    forger = Keys()
    for kid in (world.teams.house.keys.kid, forger.kid):
        forger.kid = kid
        token = forger.sign(world.teams.app_id, activity["serviceUrl"])
        assert (await knock(activity, token=token)).status == 401
    assert kept(world) == before


async def test_a_request_without_a_service_url_to_compare_is_refused(
    world: TeamsWorld, knock: Knock
) -> None:
    activity = said(world, WORDS)
    token = token_for(world, activity)
    del activity["serviceUrl"]
    assert (await knock(activity, token=token)).status == 401


async def test_nobody_can_name_an_address_to_fetch_keys_from(
    world: TeamsWorld, knock: Knock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr(
        urllib.request.OpenerDirector, "open", lambda _, wanted, **how: fetched.append(str(wanted))
    )
    keys_of(world).cooldown_duration = 0.0
    activity, forger = said(world, WORDS), Keys()
    for number in range(3):
        issuer = f"https://login.microsoftonline.com/00000000-0000-0000-0000-00000000000{number}/"
        token = forger.sign(world.teams.app_id, activity["serviceUrl"], iss=issuer, tid=HELIX)
        assert (await knock(activity, token=token)).status == 401
    assert fetched == []


@pytest.mark.parametrize("tenant", ["11111111-1111-4111-8111-111111111111", "", None])
async def test_another_tenants_conversations_are_refused_and_noted(
    world: TeamsWorld, knock: Knock, tenant: str | None
) -> None:
    activity, before = said(world, WORDS), kept(world)
    activity["conversation"]["tenantId"] = tenant
    activity["channelData"]["tenant"]["id"] = tenant
    with capture_logs() as lines:
        assert (await knock(activity)).status == 403
    assert "teams_request_refused" in [line["event"] for line in lines]
    assert kept(world) == before


async def test_what_comes_through_another_channel_is_refused(
    world: TeamsWorld, knock: Knock
) -> None:
    assert (await knock(said(world, WORDS) | {"channelId": "webchat"})).status == 403


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"hello", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'"message"', 400),
        (b"{}", 400),
        (b'{"type": 7}', 400),
        (b'{"type": null}', 400),
        (b"[" * 200_000, 400),
        (b'{"type": "message", "text": "' + b"x" * 1_000_000 + b'"}', 413),
    ],
    ids=lambda one: str(one)[:24],
)
async def test_a_body_that_is_no_activity_is_refused(
    world: TeamsWorld, knock: Knock, raw: bytes, status: int
) -> None:
    token = token_for(world, said(world, WORDS))
    assert (await knock(None, token=token, raw=raw)).status == status


async def longest_wait(work: Any) -> float:
    """Seconds for which another coroutine could not run while this one did."""
    worst, ended = 0.0, asyncio.Event()

    async def watch() -> None:
        nonlocal worst
        while not ended.is_set():
            began = time.monotonic()
            await asyncio.sleep(0.005)
            worst = max(worst, time.monotonic() - began)

    watching = asyncio.create_task(watch())
    await work
    ended.set()
    await watching
    return worst


async def test_keys_that_come_slowly_hold_up_nobody_else(world: TeamsWorld, knock: Knock) -> None:
    keys_of(world).cooldown_duration = 0.0
    world.teams.rotate_keys()
    await world.teams.fault("keys", delay=0.5)
    activity, before, began = said(world, WORDS), asked_for_keys(world), time.monotonic()
    worst = await longest_wait(knock(activity))
    assert time.monotonic() - began > 0.5, "this request did wait"
    assert asked_for_keys(world) == before + 1, "and the keys were asked for once"
    assert worst < 0.25


async def test_a_new_key_is_fetched_when_it_is_first_used(world: TeamsWorld, knock: Knock) -> None:
    keys_of(world).cooldown_duration = 0.0
    before = asked_for_keys(world)
    for _ in range(2):
        assert (await knock(said(world, "mine"))).status == 200
    assert asked_for_keys(world) == before, "a known one isn't asked for again"
    world.teams.rotate_keys()
    for _ in range(2):
        assert (await knock(said(world, "mine"))).status == 200
    assert asked_for_keys(world) == before + 1


async def test_while_the_keys_are_out_of_reach_teams_is_asked_to_send_it_again(
    world: TeamsWorld,
) -> None:
    keys_of(world).cooldown_duration = 0.0
    world.teams.rotate_keys()
    await world.teams.fault("keys", status=503, times=2)
    await world.mention(MATEO, WORDS)
    assert world.references(MATEO, SHARED) == []
    await world.later("PT2M")
    assert world.references(MATEO, SHARED) == ["HEL-1"]


def odd(world: TeamsWorld) -> list[dict[str, Any]]:
    """What Teams may send at any time, and what it does not send yet."""
    message = said(world, WORDS)
    event = {name: message[name] for name in ("serviceUrl", "channelId", "recipient")}
    event |= {"conversation": message["conversation"], "channelData": message["channelData"]}
    press = {"action": {"type": "Action.Execute", "verb": "action_item.new", "data": {}}}
    bot = {"id": "28:somebody", "name": "Another bot"}
    return [
        message | {"from": bot},
        message | {"from": message["from"] | {"role": "bot"}},
        message | {"from": message["from"] | {"role": "skill"}},
        {name: value for name, value in message.items() if name != "from"},
        message | {"from": None},
        message | {"type": "typing"},
        message | {"type": "somethingNew", "value": 7},
        message | {"type": "messageReaction", "reactionsAdded": [{"type": "1f440_eyes"}]},
        message | {"type": "messageDelete", "channelData": {"tenant": {"id": NORTHWIND}}},
        message | {"type": "messageUpdate"},
        invoked(world, "adaptiveCard/action", press | {"trigger": "automatic"}),
        invoked(world, "adaptiveCard/action", {"trigger": "manual"}),
        invoked(world, "adaptiveCard/action", {"action": "x", "trigger": "later"}),
        invoked(world, "task/fetch", {"data": "x"}),
        invoked(world, "task/submit", {}),
        invoked(world, "message/submitAction", {"actionName": "feedback"}),
        invoked(world, "something/new", {"a": 1}),
        {name: v for name, v in invoked(world, "x", {}).items() if name not in ("name", "value")},
        event | {"type": "installationUpdate", "action": "add-upgrade"},
        event | {"type": "installationUpdate", "action": "remove-upgrade"},
        event | {"type": "installationUpdate"},
        event | {"type": "conversationUpdate"},
        event | {"type": "conversationUpdate", "membersAdded": "x"},
        event | {"type": "event", "name": "application/vnd.microsoft.readReceipt"},
        event | {"type": "message"},
    ]


async def test_what_is_odd_is_answered_calmly_and_has_no_effect(
    world: TeamsWorld, knock: Knock
) -> None:
    before = kept(world)
    with capture_logs() as lines:
        for activity in odd(world):
            answered = await knock(activity)
            assert answered.status == 200, activity
    await world.later("PT5S")
    assert kept(world) == before
    assert [line for line in lines if line["log_level"] == "error"] == []


async def test_the_fields_of_a_message_may_be_missing_or_misshapen(
    world: TeamsWorld, knock: Knock
) -> None:
    fields = set(said(world, "mine")) - {"type", "serviceUrl", "channelId", "channelData"}
    for name in sorted(fields):
        for wrong in (None, 7, "x", [], {}):
            activity = said(world, "mine") | {name: wrong}
            answered = await knock(activity)
            assert answered.status in (200, 403), (name, wrong, answered)
