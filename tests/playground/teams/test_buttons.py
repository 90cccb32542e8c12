"""Buttons on cards: what the bot is sent, and what its answer does."""

from typing import Any

import pytest

from tests.playground.teams.conftest import (
    CARD,
    Json,
    Stage,
    answering,
    card,
    carrying,
    execute,
    form,
    opens,
    send,
    text_input,
)

WORDS = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


def answer(kind: str, value: Any, status: int = 200) -> Json:
    return {"statusCode": status, "type": kind, "value": value}


async def test_pressing_a_button_invokes_with_data_and_inputs(settled: Stage) -> None:
    settled.bot.reply = answering(adaptiveCard_action=answer(WORDS, "Done."))
    shown = card(text_input("note"), actions=[execute(data={"i": "42"})])
    sent = await settled.say("Alliance", **carrying(shown))
    got = await settled.teams.click("tomasz", sent, "Done", {"note": "typed"})
    activity = settled.bot.got[-1]
    assert activity["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Done",
            "verb": "item.done",
            "data": {"i": "42", "note": "typed"},
        },
        "trigger": "manual",
    }
    assert (activity["name"], activity["replyToId"]) == ("adaptiveCard/action", sent)
    assert activity["id"].startswith("f:")
    assert activity["conversation"]["id"].endswith(f";messageid={sent}")
    assert (got["ok"], got["said"]) == (True, "Done.")
    assert got["messages"][0]["note"] == "Done."
    assert settled.teams.messages("Alliance", "olivia")[-1]["note"] is None


async def test_an_answered_card_is_for_this_viewer_until_the_message_changes(
    settled: Stage,
) -> None:
    settled.bot.reply = answering(adaptiveCard_action=answer(CARD, card(actions=[execute("Undo")])))
    sent = await settled.say("Alliance", **carrying(card(actions=[execute()])))
    got = await settled.teams.click("tomasz", sent, "Done")
    assert got["messages"][0]["buttons"] == ["Undo"]
    assert settled.teams.messages("Alliance", "olivia")[-1]["buttons"] == ["Done"]
    assert (await settled.teams.click("tomasz", sent, "Done"))["error"] == "button_not_found"
    path = f"conversations/{settled.room('Alliance')}/activities/{sent}"
    base = {"type": "message", **carrying(card(actions=[execute("Again")]))}
    assert (await settled.call("PUT", path, base))[0] == 200
    assert settled.teams.messages("Alliance", "tomasz")[-1]["buttons"] == ["Again"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (None, "invalid_answer"),
        ({"task": {}}, "invalid_answer"),
        (answer("application/vnd.microsoft.adaptive.card", card()), "invalid_answer"),
        (answer(CARD, {"type": "AdaptiveCard"}), "invalid_answer"),
        (answer(CARD, card(), 500), "invalid_answer"),
        (answer(WORDS, ""), "invalid_answer"),
        (answer(ERROR, {"code": "x", "message": "no"}, 400), "card_action_refused"),
    ],
)
async def test_an_answer_teams_does_not_know_is_trouble(
    settled: Stage, body: Any, error: str
) -> None:
    settled.bot.reply = answering(adaptiveCard_action=body)
    sent = await settled.say("Alliance", **carrying(card(actions=[execute()])))
    got = await settled.teams.click("tomasz", sent, "Done")
    assert (got["ok"], got["error"]) == (False, error)
    assert "Something went wrong" in got["messages"][0]["note"]


async def test_a_late_answer_is_asked_for_twice_more_with_the_same_body(settled: Stage) -> None:
    settled.teams.house.door.invoke_seconds = 0.1
    settled.bot.reply = answering(adaptiveCard_action=answer(WORDS, "Done."))
    sent = await settled.say("Alliance", **carrying(card(actions=[execute()])))
    settled.bot.slow = [0.3, 0.3]
    assert (await settled.teams.click("tomasz", sent, "Done"))["said"] == "Done."
    assert len(settled.bot.got) == 3
    assert settled.bot.got[0] == settled.bot.got[1] == settled.bot.got[2]
    settled.bot.slow = [0.3, 0.3, 0.3]
    assert (await settled.teams.click("tomasz", sent, "Done"))["error"] == "unable_to_reach_app"


async def test_a_failing_bot_is_not_asked_again(settled: Stage) -> None:
    settled.bot.reply = lambda activity: (500, None)
    sent = await settled.say("Alliance", **carrying(card(actions=[execute()])))
    got = await settled.teams.click("tomasz", sent, "Done")
    assert (got["error"], len(settled.bot.got)) == ("something_went_wrong", 1)


async def test_inputs_are_checked_before_anything_is_sent(settled: Stage) -> None:
    shown = card(
        text_input("note", isRequired=True), actions=[execute(), execute("Skip", "item.skip")]
    )
    shown["actions"][1]["associatedInputs"] = "none"
    settled.bot.reply = answering(adaptiveCard_action=answer(WORDS, "Ok."))
    sent = await settled.say("Alliance", **carrying(shown))
    refused = await settled.teams.click("tomasz", sent, "Done")
    assert refused["errors"] == {"note": "This field is required."}
    unknown = await settled.teams.click("tomasz", sent, "Done", {"nope": "x"})
    assert unknown["error"] == "no_such_field"
    assert settled.bot.got == []
    assert (await settled.teams.click("tomasz", sent, "Skip"))["ok"]
    assert settled.bot.got[-1]["value"]["action"]["data"] == {}


async def test_buttons_behind_a_show_card_take_the_inputs_around_them(settled: Stage) -> None:
    settled.bot.reply = answering(adaptiveCard_action=answer(WORDS, "Closed."))
    really = card(text_input("why"), actions=[execute("Really close", "item.close")])
    shown = card(
        text_input("note", value="standing"),
        actions=[{"type": "Action.ShowCard", "title": "Close", "card": really}],
    )
    sent = await settled.say("Alliance", **carrying(shown))
    assert (await settled.teams.click("olivia", sent, "Close"))["shown"] == really
    await settled.teams.click("olivia", sent, "Really close", {"why": "over"})
    data = settled.bot.got[-1]["value"]["action"]["data"]
    assert data == {"note": "standing", "why": "over"}


async def test_equal_titles_are_told_apart_by_the_action(settled: Stage) -> None:
    settled.bot.reply = answering(adaptiveCard_action=answer(WORDS, "Ok."))
    rows = [execute(data={"i": "1"}), execute(data={"i": "2"}), execute("Off", isEnabled=False)]
    sent = await settled.say("Alliance", **carrying(card(actions=rows)))
    assert (await settled.teams.click("olivia", sent, "Done"))["error"] == "ambiguous_button"
    assert (await settled.teams.click("olivia", sent, rows[1]))["ok"]
    assert settled.bot.got[-1]["value"]["action"]["data"] == {"i": "2"}
    assert (await settled.teams.click("olivia", sent, "Off"))["error"] == "button_disabled"


async def test_a_plain_submit_is_a_message_with_a_value(settled: Stage) -> None:
    sent = await settled.say("Launch", **carrying(card(actions=[send("Vote", vote="4")])))
    assert (await settled.teams.click("grant", sent, "Vote"))["ok"]
    activity = settled.bot.got[-1]
    assert (activity["type"], activity["value"]) == ("message", {"vote": "4"})
    assert (activity["replyToId"], activity.get("text")) == (sent, None)


async def test_a_link_opens_without_the_bot(settled: Stage) -> None:
    link = {"type": "Action.OpenUrl", "title": "Open", "url": "https://example.com/a"}
    sent = await settled.say("Launch", **carrying(card(actions=[link])))
    assert (await settled.teams.click("grant", sent, "Open"))["url"] == "https://example.com/a"
    assert settled.bot.got == []


async def test_only_who_sees_a_card_presses_its_buttons(settled: Stage) -> None:
    sent = await settled.say("Launch", **carrying(card(actions=[execute()])))
    assert (await settled.teams.click("priya", sent, "Done"))["error"] == "message_not_found"
    words = (await settled.teams.message("olivia", "Launch", "no card"))["id"]
    assert (await settled.teams.click("olivia", words, "Done"))["error"] == "message_has_no_card"
    await settled.teams.uninstall("Launch")
    assert (await settled.teams.click("grant", sent, "Done"))["error"] == "app_not_installed"


async def test_a_card_that_refreshes_asks_when_it_is_looked_at(settled: Stage) -> None:
    settled.bot.reply = answering(adaptiveCard_action=answer(CARD, card(actions=[execute("My")])))
    refresh = {"action": execute("Look", "look"), "userIds": [settled.who("grant")]}
    sent = await settled.say("Launch", **carrying(card(refresh=refresh)))
    assert (await settled.teams.look("olivia", sent))["messages"] == []
    seen = await settled.teams.look("grant", sent)
    assert seen["messages"][0]["buttons"] == ["My"]
    assert settled.bot.got[-1]["value"]["trigger"] == "automatic"


async def test_a_button_opens_a_dialog(settled: Stage) -> None:
    settled.bot.reply = answering(task_fetch=form(title="Edit the item"))
    sent = await settled.say("Alliance", **carrying(card(actions=[opens(act="item.edit")])))
    got = await settled.teams.click("tomasz", sent, "Edit")
    assert got["dialog"]["title"] == "Edit the item"
    activity = settled.bot.got[-1]
    assert activity["value"]["data"] == {"msteams": {"type": "task/fetch"}, "act": "item.edit"}
    assert (activity["name"], activity["replyToId"]) == ("task/fetch", sent)
    assert settled.teams.dialogs("olivia") == []
