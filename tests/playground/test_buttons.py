"""Buttons and menus on messages, response URLs, external selects."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.playground.conftest import Stage, actions, button, field, modal, option, plain

SHARED = "C0SHARED"


async def post(stage: Stage, *blocks: dict[str, Any], channel: str = SHARED) -> str:
    answer = await stage.client.chat_postMessage(channel=channel, text="x", blocks=list(blocks))
    return str(answer["ts"])


async def test_a_partner_presses_a_button(stage: Stage) -> None:
    bodies: list[dict[str, Any]] = []

    @stage.app.action("go")
    async def go(ack: Any, body: dict[str, Any], client: Any) -> None:
        bodies.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    ts = await post(stage, actions(button("go", value="7")))
    answer = await stage.slack.click("olivia", SHARED, ts, action_id="go")
    assert answer["view"]["callback_id"] == "form"
    body = bodies[0]
    assert body["team"]["id"] == "T0NORTH"
    assert body["user"]["team_id"] == "T0HELIX"
    assert body["actions"][0]["value"] == "7"
    assert body["container"]["message_ts"] == ts
    assert body["message"]["bot_id"]


async def test_a_button_that_is_not_there_cannot_be_pressed(stage: Stage) -> None:
    ts = await post(stage, actions(button("go", value="7")))
    said = await stage.slack.message("olivia", SHARED, "hello")
    for message_ts, action_id, value in [
        (ts, "stop", None),
        (ts, "go", "8"),
        (said["ts"], "go", None),
    ]:
        answer = await stage.slack.click(
            "priya", SHARED, message_ts, action_id=action_id, value=value
        )
        assert answer["error"] == "element_not_found"
    assert (await stage.slack.click("priya", SHARED, "1.1", action_id="go"))[
        "error"
    ] == "message_not_found"


async def test_buttons_of_one_name_differ_by_block_or_value(stage: Stage) -> None:
    pressed: list[str] = []

    @stage.app.action("go")
    async def go(ack: Any, action: dict[str, Any]) -> None:
        pressed.append(action["value"])
        await ack()

    ts = await post(
        stage,
        actions(button("go", value="1"), block_id="one"),
        actions(button("go", value="2"), block_id="two"),
    )
    click = stage.slack.click
    assert (await click("priya", SHARED, ts, action_id="go"))["error"] == "ambiguous_element"
    await click("priya", SHARED, ts, action_id="go", value="2")
    await click("priya", SHARED, ts, action_id="go", block_id="one")
    assert pressed == ["2", "1"]


async def test_menus_send_what_was_chosen(stage: Stage) -> None:
    chosen: list[Any] = []

    @stage.app.action("pick")
    async def pick(ack: Any, action: dict[str, Any]) -> None:
        key = next(k for k in action if k.startswith("selected_"))
        chosen.append(action[key])
        await ack()

    two = [option("a"), option("b")]
    elements: list[tuple[dict[str, Any], Any, Any]] = [
        ({"type": "overflow", "options": two}, "b", option("b")),
        ({"type": "static_select", "options": two}, "a", option("a")),
        ({"type": "checkboxes", "options": two}, ["a"], [option("a")]),
        ({"type": "radio_buttons", "options": two}, "b", option("b")),
        ({"type": "datepicker"}, "2026-12-01", "2026-12-01"),
        ({"type": "users_select"}, "U0HANA", "U0HANA"),
    ]
    for element, value, _ in elements:
        ts = await post(stage, actions({"action_id": "pick", **element}))
        answer = await stage.slack.click("priya", SHARED, ts, action_id="pick", value=value)
        assert answer["ok"], answer
    assert chosen == [expected for _, _, expected in elements]


async def test_a_failing_button_says_so_to_the_one_who_pressed(stage: Stage) -> None:
    ts = await post(stage, actions(button("unheard")))
    answer = await stage.slack.click("priya", SHARED, ts, action_id="unheard")
    assert answer["error"] == "dispatch_failed"
    assert answer["messages"][0]["user"] == "USLACKBOT"
    assert answer["messages"][0]["ephemeral"]


async def collect_url(stage: Stage) -> tuple[str, str]:
    """A message with a button, and the response URL its click carried."""
    urls: list[str] = []

    @stage.app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    ts = await post(stage, actions(button("go")))
    await stage.slack.click("priya", SHARED, ts, action_id="go")
    return urls[0], ts


async def test_a_response_url_takes_five_posts(stage: Stage) -> None:
    url, _ = await collect_url(stage)
    hook = AsyncWebhookClient(url)
    statuses = [(await hook.send(text=f"{n}")).status_code for n in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 404]
    seen = [m["text"] for m in stage.slack.messages(SHARED, "priya") if m["ephemeral"]]
    assert seen == ["0", "1", "2", "3", "4"]


async def test_a_response_url_lives_half_an_hour(stage: Stage) -> None:
    url, _ = await collect_url(stage)
    await stage.slack.advance_clock(timedelta(minutes=31))
    answer = await AsyncWebhookClient(url).send(text="late")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


async def test_a_response_url_replaces_and_deletes_its_message(stage: Stage) -> None:
    url, ts = await collect_url(stage)
    hook = AsyncWebhookClient(url)
    await hook.send(text="changed", replace_original=True)
    shown = stage.slack.messages(SHARED, "olivia")
    assert [(m["text"], m["blocks"]) for m in shown] == [("changed", [])]
    assert shown[0]["edited"]
    bad = await hook.send(text="x", blocks=[{"type": "nonsense"}])
    assert (bad.status_code, "invalid_blocks" in bad.body) == (400, True)
    assert (await hook.send(text="")).status_code == 400
    await hook.send(text="aloud", response_type="in_channel")
    await hook.send(delete_original=True)
    assert [m["text"] for m in stage.slack.messages(SHARED, "olivia")] == ["aloud"]
    assert ts not in [m["ts"] for m in stage.slack.messages(SHARED, "olivia")]


async def test_a_button_on_an_ephemeral_can_be_pressed_by_its_person_only(stage: Stage) -> None:
    @stage.app.action("go")
    async def go(ack: Any, respond: Any) -> None:
        await respond(text="done", replace_original=True)
        await ack()

    answer = await stage.client.chat_postEphemeral(
        channel=SHARED, user="U0OLIVIA", text="for you", blocks=[actions(button("go"))]
    )
    ts = answer["message_ts"]
    assert (await stage.slack.click("priya", SHARED, ts, action_id="go"))[
        "error"
    ] == "message_not_found"
    assert (await stage.slack.click("olivia", SHARED, ts, action_id="go"))["ok"]
    assert [m["text"] for m in stage.slack.messages(SHARED, "olivia")] == ["done"]
    assert stage.sent("block_actions")[0]["container"]["is_ephemeral"]
    assert "message" not in stage.sent("block_actions")[0]


async def test_an_external_select_lists_what_the_bot_offers(stage: Stage) -> None:
    @stage.app.options("owner")
    async def offer(ack: Any, payload: dict[str, Any]) -> None:
        known = [option("hana"), option("hamid"), option("mei")]
        await ack(options=[o for o in known if o["value"].startswith(payload["value"])])

    got: list[Any] = []

    @stage.app.view("form")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        got.append(view["state"]["values"]["who"]["owner"]["selected_option"])
        await ack()

    @stage.app.shortcut("start")
    async def start(ack: Any, body: dict[str, Any], client: Any) -> None:
        element = {"type": "external_select", "action_id": "owner", "min_query_length": 2}
        view = modal(field("who", element))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    view = (await stage.slack.shortcut("priya", "start"))["view"]
    place = {"view_id": view["id"], "action_id": "owner"}
    offered = await stage.slack.options("priya", **place, value="ha")
    assert [o["value"] for o in offered["options"]] == ["hana", "hamid"]
    assert (await stage.slack.options("priya", **place, value="h"))["options"] == []
    assert len(stage.sent("block_suggestion")) == 1
    answer = await stage.slack.submit("priya", view["id"], {"who": "nobody"})
    assert answer["error"] == "option_not_found"
    assert (await stage.slack.submit("priya", view["id"], {"who": "mei"}))["ok"]
    assert got == [option("mei")]


async def test_a_bad_list_of_options_is_trouble(stage: Stage) -> None:
    @stage.app.options("owner")
    async def offer(ack: Any) -> None:
        await ack(options=[{"text": plain("x" * 76), "value": "x"}])

    element = {"type": "external_select", "action_id": "owner", "min_query_length": 0}
    ts = await post(stage, actions(element))
    answer = await stage.slack.options("priya", SHARED, ts, action_id="owner", value="")
    assert answer["error"] == "invalid_options"


async def test_a_message_shortcut_works_where_the_bot_is_not(stage: Stage) -> None:
    errors: list[str] = []

    @stage.app.shortcut("keep")
    async def keep(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        with pytest.raises(SlackApiError) as caught:
            await client.chat_getPermalink(
                channel=body["channel"]["id"], message_ts=body["message_ts"]
            )
        errors.append(caught.value.response["error"])

    said = await stage.slack.message("priya", "#random", "remember this")
    answer = await stage.slack.shortcut("hana", "keep", "#random", said["ts"])
    assert answer["ok"]
    assert errors == ["channel_not_found"]
    body = stage.sent("message_action")[0]
    assert body["message"]["text"] == "remember this"
    assert body["message"]["user"] == "U0PRIYA"
    assert (await stage.slack.shortcut("hana", "nothing"))["error"] == "unknown_shortcut"
