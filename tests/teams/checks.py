"""Whether Teams takes a card, by rules of our own: strict, and told from nothing but the card."""

import re
from collections.abc import Iterator
from typing import Any

from handlers.teams.elements import SHOWN_ACTIONS, WEB
from handlers.teams.paging import LIMIT, size
from handlers.teams.sealing import RESERVED

Json = dict[str, Any]

INPUTS = ("Input.Text", "Input.Date", "Input.ChoiceSet")
AT = re.compile(r"<at>[^<>]+</at>")
_INSIDE = {
    "Container": "items",
    "Column": "items",
    "ColumnSet": "columns",
    "ActionSet": "actions",
    "RichTextBlock": "inlines",
}
_ACTIONS = ("Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard")
_STYLES = ("positive", "destructive")


def check(card: Json, *, in_dialog: bool = False) -> None:
    """Raises ValueError naming what is wrong."""
    _require(card.get("type") == "AdaptiveCard", "the card is no AdaptiveCard")
    _require(card.get("version") == "1.5", f"version {card.get('version')!r}")
    _require(bool(card.get("fallbackText")), "no fallbackText")
    _check_characters(card)
    _require(size(card) <= LIMIT, f"{size(card)} bytes")
    parts = list(_card_parts(card))
    for part in parts:
        _check_part(part, in_dialog)
    _check_inputs([part for part in parts if part["type"] in INPUTS])
    _check_mentions(card, [part["text"] for part in parts if part["type"] == "TextBlock"])


def _require(holds: bool, why: str) -> None:
    if not holds:
        raise ValueError(why)


def _check_characters(card: Json) -> None:
    try:
        "".join(_strings(card)).encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a character: {error.reason}") from error


def _strings(thing: object) -> Iterator[str]:
    if isinstance(thing, dict):
        for name, value in thing.items():
            yield from (*_strings(name), *_strings(value))
    elif isinstance(thing, list):
        for value in thing:
            yield from _strings(value)
    elif isinstance(thing, str):
        yield thing


def _card_parts(card: Json) -> Iterator[Json]:
    _require(bool(card.get("body")), "an empty body")
    for element in (*card["body"], *card.get("actions", ())):
        yield from _parts(element)
    _check_shown(card.get("actions", []))


def _parts(part: Json) -> Iterator[Json]:
    kind = part.get("type")
    known = (*_INSIDE, *INPUTS, *_ACTIONS, "TextBlock", "TextRun")
    _require(kind in known, f"unknown type {kind!r}")
    yield part
    if kind in _INSIDE:
        inside = part.get(_INSIDE[str(kind)])
        _require(isinstance(inside, list) and bool(inside), f"an empty {kind}")
        for one in inside or ():
            yield from _parts(one)
    if "selectAction" in part:
        yield from _parts(part["selectAction"])
    if kind == "Action.ShowCard":
        yield from _card_parts(part.get("card") or {})


def _check_part(part: Json, in_dialog: bool) -> None:
    kind = part["type"]
    if kind in ("TextBlock", "TextRun"):
        _require(isinstance(part.get("text"), str) and part["text"] != "", f"an empty {kind}")
    if kind == "RichTextBlock":
        _require(all(run["type"] == "TextRun" for run in part["inlines"]), "no TextRun inline")
    if kind == "ColumnSet":
        _require(all(one["type"] == "Column" for one in part["columns"]), "no Column")
    if kind == "ActionSet":
        _require(all(one["type"] in _ACTIONS for one in part["actions"]), "no action")
        _check_shown(part["actions"])
    if kind == "Action.OpenUrl":
        _require(bool(WEB.fullmatch(str(part.get("url")))), f"url {part.get('url')!r}")
    elif kind in _ACTIONS:
        _check_action(part, in_dialog)


def _check_shown(actions: list[Json]) -> None:
    shown = [action for action in actions if action.get("mode", "primary") == "primary"]
    _require(len(shown) <= SHOWN_ACTIONS, f"{len(shown)} actions side by side")


def _check_action(action: Json, in_dialog: bool) -> None:
    kind, data = action["type"], action.get("data") or {}
    opens = (data.get("msteams") or {}).get("type") == "task/fetch"
    _require(bool(action.get("title")), f"{kind} without a title")
    _require(action.get("style", "positive") in _STYLES, f"style {action.get('style')!r}")
    if kind == "Action.ShowCard":
        return
    _require(bool(data.get("act")), f"{kind} without an act")
    if kind == "Action.Execute":
        _require(not in_dialog, "Action.Execute in a dialog")
        _require(not opens, "task/fetch on Action.Execute")
        _require(action.get("verb") == data["act"], "a verb that is not the act")
    else:
        _require(opens is not in_dialog, "Action.Submit must open a dialog, or be within one")


def _check_inputs(inputs: list[Json]) -> None:
    ids = [one.get("id") for one in inputs]
    _require(all(ids), "an input without id")
    _require(len(set(ids)) == len(ids), f"an id twice among {ids}")
    _require(RESERVED.isdisjoint(ids), f"an id of ours among {ids}")
    for one in inputs:
        _require(bool(one.get("label")), f"{one['id']} without a label")
        needs = bool(one.get("isRequired"))
        _require(not needs or bool(one.get("errorMessage")), f"{one['id']} without errorMessage")
        if one["type"] == "Input.ChoiceSet":
            _check_choices(one)


def _check_choices(field: Json) -> None:
    choices = field.get("choices") or []
    _require(bool(choices or field.get("choices.data")), f"{field['id']} without choices")
    for choice in choices:
        _require(bool(choice.get("title")) and "value" in choice, f"a choice of {field['id']}")
        several = field.get("isMultiSelect") and "," in choice["value"]
        _require(not several, f"a comma in a choice of {field['id']}")


def _check_mentions(card: Json, texts: list[str]) -> None:
    entities = (card.get("msteams") or {}).get("entities") or []
    named = [entity["text"] for entity in entities]
    found = [at for text in texts for at in AT.findall(text)]
    _require(sorted(named) == sorted(found), f"mentions {named} but {found} in the text")
    _require(all(entity["mentioned"].get("id") for entity in entities), "a mention of nobody")
