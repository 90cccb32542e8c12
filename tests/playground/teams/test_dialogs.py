"""Dialogs, searches in them, and the actions of a message's menu."""

import json
from pathlib import Path
from typing import Any

import pytest

from playground.clock import StandingClock
from playground.teams import Teams
from tests.playground.teams.conftest import (
    CARD,
    START,
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

PEOPLE: Json = {
    "type": "Input.ChoiceSet",
    "id": "who",
    "style": "filtered",
    "choices": [],
    "choices.data": {"type": "Data.Query", "dataset": "people"},
}


def said(words: str) -> Json:
    return {"task": {"type": "message", "value": words}}


def found(*rows: tuple[str, str]) -> Json:
    results = [{"title": title, "value": value} for title, value in rows]
    kind = "application/vnd.microsoft.search.searchResponse"
    return {"statusCode": 200, "type": kind, "value": {"results": results}}


async def opened(stage: Stage, shown: Json, **answers: Any) -> Json:
    """Tomasz has this dialog before him."""
    stage.bot.reply = answering(task_fetch=shown, **answers)
    sent = await stage.say("Alliance", **carrying(card(actions=[opens()])))
    return await stage.teams.click("tomasz", sent, "Edit")


async def test_what_is_filled_in_is_sent_as_text(settled: Stage) -> None:
    day: Json = {"type": "Input.Date", "id": "due", "value": "2026-11-27"}
    own: Json = {"type": "Input.Toggle", "id": "own", "title": "Own side only"}
    tags = [{"title": t.upper(), "value": t} for t in "abc"]
    several: Json = {"type": "Input.ChoiceSet", "id": "tags", "choices": tags}
    fields = [text_input(), day, own, several | {"isMultiSelect": True}, text_input("empty")]
    await opened(settled, form(*fields, actions=[send(act="item.edit")]))
    values = {"what": "MSA redlines", "own": True, "tags": ["a", "C"]}
    answer = await settled.teams.submit("tomasz", values)
    assert "dialog" not in answer
    assert settled.bot.got[-1]["name"] == "task/submit"
    assert settled.bot.got[-1]["value"] == {
        "data": {
            "act": "item.edit",
            "what": "MSA redlines",
            "due": "2026-11-27",
            "own": "true",
            "tags": "a,c",
        },
        "context": {"theme": "default"},
    }


async def test_the_client_refuses_what_is_wrong_and_keeps_the_dialog(settled: Stage) -> None:
    await opened(settled, form(text_input(isRequired=True, errorMessage="Say what.")))
    answer = await settled.teams.submit("tomasz")
    assert (answer["error"], answer["errors"]) == ("invalid_input", {"what": "Say what."})
    assert answer["dialog"]["errors"] == {"what": "Say what."}
    assert settled.bot.of("task/submit") == []
    assert (await settled.teams.submit("tomasz", {"no": "x"}))["error"] == "no_such_field"


async def test_the_same_dialog_comes_again_with_its_errors(settled: Stage) -> None:
    again = form({"type": "TextBlock", "text": "Not a day", "color": "attention"}, text_input())
    await opened(settled, form(), task_submit=again)
    answer = await settled.teams.submit("tomasz", {"what": "x"})
    assert answer["ok"]
    assert answer["dialog"]["card"]["body"][0]["text"] == "Not a day"
    assert len(settled.teams.dialogs("tomasz")) == 1


async def test_words_close_with_an_ok(settled: Stage) -> None:
    await opened(settled, form(), task_submit=said("Saved."))
    answer = await settled.teams.submit("tomasz", {"what": "x"})
    assert (answer["dialog"]["text"], answer["dialog"]["card"]) == ("Saved.", None)
    assert (await settled.teams.submit("tomasz"))["error"] == "no_form_open"
    assert "dialog" not in await settled.teams.close_dialog("tomasz")
    assert (await settled.teams.close_dialog("tomasz"))["error"] == "no_dialog_open"


async def test_one_of_several_buttons_is_named(settled: Stage) -> None:
    more = {"type": "Action.ShowCard", "title": "More", "card": card(actions=[send("Drop", a=2)])}
    await opened(settled, form(actions=[send("Save", a=1), more]), task_submit=form())
    await settled.teams.submit("tomasz", {}, "Drop")
    assert settled.bot.got[-1]["value"]["data"] == {"a": 2}
    assert (await settled.teams.submit("tomasz", {}, "Nope"))["error"] == "button_not_found"


@pytest.mark.parametrize(
    "shown",
    [
        None,
        {"task": {"type": "continue", "value": {"title": "x"}}},
        {"task": {"type": "cancel"}},
        said(""),
        form(title=" "),
        form(actions=[execute()]),
        form(actions=[opens()]),
        form({"type": "Carousel"}),
    ],
)
async def test_a_dialog_teams_would_not_show_is_refused(settled: Stage, shown: Any) -> None:
    answer = await opened(settled, shown)
    assert (answer["error"], "dialog" in answer) == ("invalid_answer", False)


async def test_a_failed_submission_keeps_the_dialog(settled: Stage) -> None:
    await opened(settled, form())
    settled.bot.reply = lambda activity: (500, None)
    answer = await settled.teams.submit("tomasz", {"what": "x"})
    assert answer["error"] == "something_went_wrong"
    assert "Something went wrong" in answer["dialog"]["errors"]["_"]


async def test_a_field_is_searched_as_one_types(settled: Stage) -> None:
    results = found(*((f"Person {n}", f"person:{n}") for n in range(20)))
    await opened(settled, form(PEOPLE), application_search=results)
    answer = await settled.teams.search("tomasz", "who", "pe")
    assert len(answer["results"]) == 15
    value = settled.bot.got[-1]["value"]
    assert value["queryText"] == "pe"
    assert (value["dataset"], value["queryOptions"]) == ("people", {"skip": 0, "top": 15})
    assert (await settled.teams.submit("tomasz", {"who": "person:3"}))["ok"]
    assert settled.bot.got[-1]["value"]["data"] == {"who": "person:3"}


async def test_a_choice_is_looked_for_before_it_is_sent(settled: Stage) -> None:
    await opened(settled, form(PEOPLE), application_search=found(("Bob Ray", "person:17")))
    assert (await settled.teams.submit("tomasz", {"who": "Nobody"}))["error"] == "invalid_input"
    assert (await settled.teams.submit("tomasz", {"who": "Bob Ray"}))["ok"]
    assert settled.bot.got[-1]["value"]["data"] == {"who": "person:17"}


async def test_a_searched_field_of_a_message_is_named_with_it(settled: Stage) -> None:
    settled.bot.reply = answering(application_search=found(("Bob Ray", "person:17")))
    sent = await settled.say("Launch", **carrying(card(PEOPLE, actions=[execute()])))
    answer = await settled.teams.search("grant", "who", "bo", sent)
    assert answer["results"] == [{"title": "Bob Ray", "value": "person:17"}]
    assert (await settled.teams.search("grant", "no", "bo", sent))["error"] == "no_such_field"


async def test_teams_own_directory_is_searched_without_the_bot(settled: Stage) -> None:
    dataset = "graph.microsoft.com/users?scope=currentContext"
    await opened(
        settled, form(PEOPLE | {"choices.data": {"type": "Data.Query", "dataset": dataset}})
    )
    before = len(settled.bot.got)
    answer = await settled.teams.search("tomasz", "who", "oliv")
    expected = {"title": "Olivia Bennett", "value": settled.object_id("olivia")}
    assert (answer["results"], len(settled.bot.got)) == ([expected], before)


async def test_a_search_answered_wrongly_is_refused(settled: Stage) -> None:
    await opened(settled, form(PEOPLE), application_search={"results": []})
    assert (await settled.teams.search("tomasz", "who", "x"))["error"] == "invalid_answer"


async def test_a_message_action_hands_the_message_over(settled: Stage) -> None:
    settled.bot.reply = answering(
        composeExtension_fetchTask=form(title="Capture"),
        composeExtension_submitAction=said("Captured."),
    )
    text = "@Tomasz Zieliński sends the <redlines>"
    sent = (await settled.teams.message("olivia", "Alliance", text))["id"]
    answer = await settled.teams.message_action("grant", "capture", sent)
    assert answer["dialog"]["title"] == "Capture"
    value = settled.bot.got[-1]["value"]
    assert (value["commandId"], value["commandContext"]) == ("capture", "message")
    payload = value["messagePayload"]
    assert payload["from"]["user"]["id"] == settled.object_id("olivia")
    assert "sends the &lt;redlines&gt;" in payload["body"]["content"]
    assert payload["mentions"][0]["mentioned"]["user"]["id"] == settled.object_id("tomasz")
    answer = await settled.teams.submit("grant", {"what": "Send the redlines"})
    assert answer["dialog"]["text"] == "Captured."
    submitted = settled.bot.got[-1]
    assert submitted["name"] == "composeExtension/submitAction"
    assert submitted["value"]["data"] == {"what": "Send the redlines"}
    assert submitted["value"]["messagePayload"]["id"] == sent


async def test_a_message_action_may_put_a_card_into_the_compose_box(settled: Stage) -> None:
    attachments = [{"contentType": CARD, "content": card()}]
    result = {"type": "result", "attachmentLayout": "list", "attachments": attachments}
    settled.bot.reply = answering(
        composeExtension_fetchTask=form(),
        composeExtension_submitAction={"composeExtension": result},
    )
    sent = (await settled.teams.message("olivia", "Alliance", "hello"))["id"]
    await settled.teams.message_action("grant", "capture", sent)
    assert (await settled.teams.submit("grant", {"what": "x"}))["compose"] == attachments
    assert settled.teams.dialogs("grant") == []


async def test_a_message_action_works_where_the_bot_is_not(stage: Stage) -> None:
    stage.bot.reply = answering(composeExtension_fetchTask=form())
    sent = (await stage.teams.message("olivia", "Alliance", "hello"))["id"]
    refused = await stage.teams.message_action("grant", "capture", sent)
    assert refused["error"] == "app_not_installed"
    await stage.teams.install("grant")
    assert (await stage.teams.message_action("grant", "capture", sent))["dialog"]
    assert "BotNotInConversationRoster" in await stage.refused("Alliance", text="x")


async def test_the_manifest_says_what_there_is(tmp_path: Path) -> None:
    commands = [{"id": "capture", "context": ["message"]}]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"bots": [{}], "composeExtensions": [{"commands": commands}]}))
    teams = Teams(clock=StandingClock(START), manifest=manifest)
    await teams.install("Launch")
    sent = (await teams.message("olivia", "Launch", "hello"))["id"]
    unknown = await teams.message_action("olivia", "another", sent)
    assert unknown["error"] == "unknown_message_action"
    slash = await teams.message("olivia", "Launch", "status", targeted=True)
    assert slash["error"] == "targeted_messages_not_supported"
    await teams.close()
