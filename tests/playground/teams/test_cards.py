"""Adaptive Cards: what is shown, and what is refused."""

from typing import Any

import pytest

from playground.teams.cards import check_card
from playground.teams.inputs import complaint
from tests.playground.teams.conftest import (
    Json,
    card,
    execute,
    opens,
    send,
    text_input,
)

_RUN = {"type": "TextRun", "text": "words", "weight": "bolder", "strikethrough": True}


def choices(*values: str, **more: Any) -> Json:
    rows = [{"title": value.title(), "value": value} for value in values]
    return {"type": "Input.ChoiceSet", "id": "which", "choices": rows, **more}


def column(*items: Json, width: str = "stretch") -> Json:
    return {"type": "Column", "width": width, "items": list(items)}


def test_a_card_of_everything_we_use_is_sound() -> None:
    table = {
        "type": "Table",
        "columns": [{"width": 2}, {"width": 1}],
        "firstRowAsHeaders": True,
        "rows": [
            {
                "type": "TableRow",
                "cells": [{"type": "TableCell", "items": [{"type": "TextBlock", "text": "a"}]}] * 2,
            }
        ],
    }
    query = {"type": "Data.Query", "dataset": "people", "associatedInputs": "auto"}
    whole = card(
        {"type": "TextBlock", "text": "Title", "style": "heading", "size": "large"},
        {"type": "RichTextBlock", "inlines": [_RUN, "and plain"]},
        {
            "type": "ColumnSet",
            "columns": [column(), column({"type": "ActionSet", "actions": [execute()]})],
        },
        {"type": "FactSet", "facts": [{"title": "Owner", "value": "Ann"}]},
        {"type": "Image", "url": "https://example.com/a.png", "altText": "a"},
        {"type": "Container", "style": "emphasis", "items": [table]},
        text_input(isMultiline=True, maxLength=3000, isRequired=True, errorMessage="Say it."),
        {"type": "Input.Date", "id": "due", "value": "2026-11-27", "min": "2026-11-23"},
        {"type": "Input.Time", "id": "at", "value": "09:30"},
        {"type": "Input.Number", "id": "count", "min": 1, "max": 5},
        {"type": "Input.Toggle", "id": "own", "title": "Own", "valueOn": "yes", "valueOff": "no"},
        choices("a", "b", style="compact", value="a"),
        {"type": "Input.ChoiceSet", "id": "who", "style": "filtered", "choices.data": query},
        actions=[
            execute(style="positive", data={"i": "42"}, associatedInputs="none"),
            opens(),
            {"type": "Action.OpenUrl", "title": "Open", "url": "https://example.com"},
            {"type": "Action.ShowCard", "title": "More", "card": {"type": "AdaptiveCard"}},
        ],
        refresh={"action": execute("Look", "look"), "userIds": ["29:1"]},
    )
    assert check_card(whole) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("not a card", "must be an object"),
        ({"type": "Card", "version": "1.5", "body": [_RUN]}, "type must be AdaptiveCard"),
        (card(version="1.6"), "version must be 1.0 to 1.5"),
        ({"type": "AdaptiveCard", "version": "1.5"}, "is empty"),
        (card(schema="x"), "unknown property schema"),
        (card({"type": "Carousel"}), "unknown type Carousel"),
        (card({"type": "Section", "text": "x"}), "unknown type Section"),
        (card(_RUN), "unknown type TextRun"),
        (card({"type": "TextBlock"}), "text is missing"),
        (card({"type": "TextBlock", "text": "x", "colour": "good"}), "unknown property colour"),
        (card({"type": "TextBlock", "text": "x", "color": "red"}), "color must be one of"),
        (card({"type": "TextBlock", "text": "x", "wrap": "yes"}), "wrap must be of type bool"),
        (card({"type": "RichTextBlock", "inlines": [{"type": "Link"}]}), "type must be TextRun"),
        (card({"type": "FactSet", "facts": [{"title": "x"}]}), "every fact needs a value"),
        (card({"type": "Image", "url": "data:image/png;base64,AA"}), "must begin with https://"),
        (card({"type": "Input.Text", "label": "x"}), "id is missing"),
        (card(text_input(), text_input()), "input id what is used twice"),
        (card(text_input(maxLength=0)), "maxLength must be positive"),
        (card({"type": "Input.Date", "id": "d", "value": "27 Nov"}), "in no format"),
        (card({"type": "Input.Time", "id": "t", "value": "9:30"}), "in no format"),
        (card(choices()), "no choices"),
        (card(choices("a", "a")), "same value"),
        (card(choices("a", value="b")), "none of the choices"),
        (card(choices("a,b", isMultiSelect=True)), "a comma in a value"),
        (card(actions=[{"type": "Action.Popover", "title": "x"}]), "unknown action"),
        (card(actions=[{"type": "Action.Execute", "title": "x"}]), "verb is missing"),
        (card(actions=[send("")]), "title is missing"),
        (card(actions=[{**send(), "data": "x"}]), "data must be of type dict"),
        (card(actions=[send(str(n)) for n in range(7)]), "more than 6 actions"),
        (
            card(actions=[execute(data={"msteams": {"type": "task/fetch"}})]),
            "only Action.Submit opens a dialog",
        ),
        (
            card(actions=[{"type": "Action.OpenUrl", "title": "x", "url": "javascript:x"}]),
            "must begin with https://",
        ),
        (card(refresh={"action": send()}), "needs an Action.Execute"),
        (
            card(refresh={"action": execute(), "userIds": ["29:1"] * 61}),
            "more than 60 userIds",
        ),
        (card({"type": "Table", "columns": [], "rows": [{"type": "Row"}]}), "must be TableRow"),
        (card({"type": "TextBlock", "text": "x" * 14_000}), "larger than 28000"),
        (card(msteams={"entities": {}}), "must be a list"),
        (card({"type": "Container", "items": "x"}), "must be a list of objects"),
    ],
)
def test_what_teams_would_not_show_is_refused(content: Any, words: str) -> None:
    problems = check_card(content)
    assert any(words in problem for problem in problems), problems


def test_what_hides_in_a_show_card_is_checked_too() -> None:
    inner = card({"type": "Carousel"})
    hidden = card(actions=[{"type": "Action.ShowCard", "title": "More", "card": inner}])
    assert "unknown type Carousel" in check_card(hidden)[0]
    twice = card(
        text_input(),
        actions=[{"type": "Action.ShowCard", "title": "More", "card": card(text_input())}],
    )
    assert "used twice" in check_card(twice)[0]


def test_a_dialog_has_rules_of_its_own() -> None:
    assert check_card(card(text_input(), actions=[send()]), dialog=True) == []
    assert "no place in a dialog" in check_card(card(actions=[execute()]), dialog=True)[0]
    assert "opens no dialog" in check_card(card(actions=[opens()]), dialog=True)[0]


def test_secondary_actions_do_not_count() -> None:
    more = [{**send(str(n)), "mode": "secondary"} for n in range(5)]
    assert check_card(card(actions=[*(send(str(n)) for n in range(6)), *more])) == []


_DATE = {"type": "Input.Date", "id": "d", "min": "2026-11-23", "max": "2026-12-31"}
_TOGGLE = {"type": "Input.Toggle", "id": "t", "title": "x"}


@pytest.mark.parametrize(
    ("one", "value", "words"),
    [
        (text_input(isRequired=True), " ", "This field is required."),
        (text_input(isRequired=True, errorMessage="Say what."), "", "Say what."),
        (text_input(maxLength=3), "😀😀", "At most 3 characters."),
        (text_input(maxLength=3), "abc", None),
        (text_input(regex="^A"), "b", "Not in the form asked for."),
        (_DATE, "27.11.2026", "Not a date (YYYY-MM-DD)."),
        (_DATE, "20261127", "Not a date (YYYY-MM-DD)."),
        (_DATE, "2026-11-20", "Not before 2026-11-23."),
        (_DATE, "2027-01-01", "Not after 2026-12-31."),
        (_DATE, "", None),
        ({"type": "Input.Time", "id": "t"}, "25:00", "Not a time."),
        ({"type": "Input.Number", "id": "n", "max": 5}, "six", "Not a number."),
        ({"type": "Input.Number", "id": "n", "max": 5}, "6", "Out of range."),
        (_TOGGLE, "maybe", "Neither on nor off."),
        ({**_TOGGLE, "isRequired": True}, "false", "This field is required."),
        (choices("a", "b"), "c", "None of the choices."),
        (choices("a", "b", isMultiSelect=True), "a,b", None),
        (choices("a", "b"), "a,b", "None of the choices."),
    ],
)
def test_the_client_checks_what_is_typed(one: Json, value: str, words: str | None) -> None:
    assert complaint(one, value, {}) == words
