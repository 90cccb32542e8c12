"""Triggers and modals."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.conftest import Stage, button, field, modal, option, plain, text_field

OWN_CHANNELS = {"include": ["public", "private"], "exclude_external_shared_channels": True}


async def open_form(stage: Stage, view: dict[str, Any]) -> dict[str, Any]:
    """Open a modal for Priya through a shortcut; answers the control interface's view."""

    @stage.app.shortcut("start")
    async def start(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    answer = await stage.slack.shortcut("priya", "start")
    assert answer["ok"], answer
    shown: dict[str, Any] = answer["view"]
    return shown


async def test_a_trigger_works_once(stage: Stage) -> None:
    errors: list[str] = []

    @stage.app.shortcut("start")
    async def start(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        with pytest.raises(SlackApiError) as caught:
            await client.views_open(trigger_id=body["trigger_id"], view=modal())
        errors.append(caught.value.response["error"])

    await stage.slack.shortcut("priya", "start")
    assert errors == ["exchanged_trigger_id"]
    assert len(stage.slack.views("priya")) == 1


async def test_a_trigger_dies_after_three_seconds(stage: Stage) -> None:
    triggers: list[str] = []

    @stage.app.shortcut("start")
    async def start(ack: Any, body: dict[str, Any]) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await stage.slack.shortcut("priya", "start")
    await asyncio.sleep(3.1)
    answer = await stage.refused("views.open", trigger_id=triggers[0], view=modal())
    assert answer["error"] == "expired_trigger_id"
    answer = await stage.refused("views.open", trigger_id="1.2.x", view=modal())
    assert answer["error"] == "invalid_trigger_id"


async def test_plain_values_become_the_state_the_bot_reads(stage: Stage) -> None:
    got: dict[str, Any] = {}

    @stage.app.view("form")
    async def sent(ack: Any, view: dict[str, Any]) -> None:
        got.update(view["state"]["values"])
        await ack()

    view = await open_form(
        stage,
        modal(
            text_field("what"),
            field("day", {"type": "datepicker"}),
            field("who", {"type": "users_select"}),
            field("where", {"type": "conversations_select", "filter": OWN_CHANNELS}),
            field("size", {"type": "static_select", "options": [option("big"), option("small")]}),
            field("tags", {"type": "checkboxes", "options": [option("a"), option("b")]}),
        ),
    )
    values = {
        "what": "words",
        "day": "2026-11-27",
        "who_field": "hana",
        "where": "#random",
        "size": {"size_field": {"type": "static_select", "selected_option": option("small")}},
        "tags": ["a", "b"],
    }
    answer = await stage.slack.submit("priya", view["id"], values)
    assert answer["ok"], answer
    assert "view" not in answer
    assert got["what"]["what_field"] == {"type": "plain_text_input", "value": "words"}
    assert got["day"]["day_field"]["selected_date"] == "2026-11-27"
    assert got["who"]["who_field"]["selected_user"] == "U0HANA"
    assert got["where"]["where_field"]["selected_conversation"] == "C0RANDOM"
    assert got["size"]["size_field"]["selected_option"] == option("small")
    assert got["tags"]["tags_field"]["selected_options"] == [option("a"), option("b")]


async def test_a_required_field_stops_the_form_before_it_is_sent(stage: Stage) -> None:
    view = await open_form(stage, modal(text_field("what")))
    answer = await stage.slack.submit("priya", view["id"], {})
    assert answer["error"] == "invalid_input"
    assert answer["view"]["errors"] == {"what": "Please complete this required field."}
    assert stage.sent("view_submission") == []


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"nothing": "x"}, "no_such_field"),
        ({"size": "huge"}, "option_not_found"),
        ({"day": "tomorrow"}, "invalid_date"),
        ({"who": "nobody"}, "user_not_found"),
        ({"where": "nowhere"}, "channel_not_found"),
        ({"where": "D0PRIYA"}, "option_not_found"),
        ({"where": "alliance-helix"}, "option_not_found"),
    ],
)
async def test_values_that_cannot_be_chosen_are_refused(
    stage: Stage, values: dict[str, Any], error: str
) -> None:
    view = await open_form(
        stage,
        modal(
            field("size", {"type": "static_select", "options": [option("big")]}),
            field("day", {"type": "datepicker"}),
            field("who", {"type": "users_select"}),
            field("where", {"type": "conversations_select", "filter": OWN_CHANNELS}),
        ),
    )
    assert (await stage.slack.submit("priya", view["id"], values))["error"] == error


async def test_errors_are_shown_at_their_fields(stage: Stage) -> None:
    @stage.app.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="errors", errors={"what": "No, not that."})

    view = await open_form(stage, modal())
    answer = await stage.slack.submit("priya", view["id"], {"what": "this"})
    assert answer["ok"]
    assert answer["view"]["errors"] == {"what": "No, not that."}
    assert answer["view"]["state"]["values"]["what"]["what_field"]["value"] == "this"


async def test_errors_for_a_field_that_is_not_there_are_trouble(stage: Stage) -> None:
    @stage.app.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="errors", errors={"elsewhere": "No."})

    view = await open_form(stage, modal())
    answer = await stage.slack.submit("priya", view["id"], {})
    assert answer["error"] == "invalid_response_errors"
    assert "trouble connecting" in answer["view"]["errors"]["_"]


async def test_a_late_answer_keeps_the_form_open(stage: Stage) -> None:
    @stage.app.view("form")
    async def sent(ack: Any) -> None:
        await asyncio.sleep(3.3)
        await ack()

    view = await open_form(stage, modal())
    answer = await stage.slack.submit("priya", view["id"], {"what": "kept"})
    assert answer["error"] == "operation_timeout"
    assert answer["view"]["errors"] == {"_": "We had some trouble connecting. Try again?"}
    await asyncio.sleep(0.4)


async def test_views_are_pushed_three_deep_and_cleared_at_once(stage: Stage) -> None:
    @stage.app.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="push", view=modal(callback_id="second"))

    @stage.app.view("second")
    async def second(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=modal(callback_id="third"))
        await ack(response_action="errors", errors={"what": "stay"})

    @stage.app.view("third")
    async def third(ack: Any, body: dict[str, Any], client: Any) -> None:
        with pytest.raises(SlackApiError, match="push_limit_reached"):
            await client.views_push(trigger_id=body["trigger_id"], view=modal())
        await ack(response_action="clear")

    view = await open_form(stage, modal())
    view = (await stage.slack.submit("priya", view["id"], {}))["view"]
    assert view["callback_id"] == "second"
    view = (await stage.slack.submit("priya", view["id"], {}))["view"]
    assert [v["callback_id"] for v in stage.slack.views("priya")] == ["form", "second", "third"]
    first = stage.slack.views("priya")[0]["id"]
    assert (await stage.slack.submit("priya", first, {}))["error"] == "view_not_on_top"
    await stage.slack.submit("priya", view["id"], {})
    assert stage.slack.views("priya") == []


async def test_an_update_keeps_what_was_typed(stage: Stage) -> None:
    @stage.app.action("more")
    async def more(ack: Any, body: dict[str, Any], client: Any) -> None:
        wider = modal(text_field("what", optional=True), text_field("why", optional=True))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=wider)
        await ack()

    row = {"type": "actions", "elements": [button("more")]}
    view = await open_form(stage, modal(text_field("what", optional=True), row))
    answer = await stage.slack.click(
        "priya", view_id=view["id"], action_id="more", values={"what": "typed"}
    )
    values = answer["view"]["state"]["values"]
    assert values["what"]["what_field"]["value"] == "typed"
    assert values["why"]["why_field"]["value"] is None
    stale = await stage.refused("views.update", view_id=view["id"], hash=view["hash"], view=modal())
    assert stale["error"] == "hash_conflict"


async def test_an_update_as_the_answer_replaces_the_form(stage: Stage) -> None:
    @stage.app.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="update", view=modal(title=plain("Done")))

    view = await open_form(stage, modal())
    answer = await stage.slack.submit("priya", view["id"], {})
    assert answer["view"]["title"]["text"] == "Done"
    assert answer["view"]["id"] == view["id"]


async def test_the_bot_hears_of_a_closed_form_when_it_asked_to(stage: Stage) -> None:
    @stage.app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()

    view = await open_form(stage, modal(notify_on_close=True))
    assert (await stage.slack.close_view("priya", view["id"]))["ok"]
    assert stage.sent("view_closed")[0]["is_cleared"] is False
    assert (await stage.slack.close_view("priya", view["id"]))["error"] == "view_not_found"


async def test_a_form_is_closed_silently_otherwise(stage: Stage) -> None:
    view = await open_form(stage, modal())
    assert (await stage.slack.close_view("priya", view["id"]))["ok"]
    assert stage.slack.views("priya") == []
    assert stage.sent("view_closed") == []


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (modal(title=plain("t" * 25)), "less than 25"),
        (modal(private_metadata="p" * 3001), "less than 3001"),
        (modal(callback_id="c" * 256), "less than 256"),
        (modal(*[{"type": "divider"}] * 101), "no more than 100"),
        (modal(text_field("same"), text_field("same")), "already exists"),
        ({k: v for k, v in modal().items() if k != "submit"}, "submit"),
        ({k: v for k, v in modal().items() if k != "title"}, "title"),
    ],
)
async def test_a_form_that_slack_refuses_is_refused(
    stage: Stage, view: dict[str, Any], words: str
) -> None:
    answer = await stage.refused("views.open", trigger_id="1.2.x", view=view)
    assert answer["error"] == "invalid_arguments"
    assert words in answer["response_metadata"]["messages"][0]


async def test_home_is_published_and_shown(stage: Stage) -> None:
    @stage.app.event("app_home_opened")
    async def opened(event: dict[str, Any], client: Any) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Yours")}]}
        await client.views_publish(user_id=event["user"], view=view)

    answer = await stage.slack.home("priya")
    assert answer["view"]["blocks"][0]["text"]["text"] == "Yours"
    assert stage.slack.home_view("priya") == answer["view"]
    assert stage.slack.home_view("hana") is None


async def test_the_messages_tab_tells_the_bot_as_well(stage: Stage) -> None:
    tabs: list[str] = []

    @stage.app.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        tabs.append(event["tab"])

    await stage.slack.home("priya", "messages")
    await stage.slack.home("olivia", "messages")
    assert tabs == ["messages"]
    assert (await stage.slack.home("priya", "about"))["error"] == "unknown_tab"
