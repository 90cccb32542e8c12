"""The client's side of a card: its buttons, its inputs, and what is checked before sending."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from playground.refusal import Json, Refusal
from playground.teams.cards import TIME

Offers = dict[str, dict[str, str]]
"""By input: what a search has offered so far, title by value."""
_INSIDE = ("body", "items", "columns", "rows", "cells", "images", "inlines")


@dataclass(frozen=True)
class Button:
    """A button and the inputs that go with it: those of its card and of the cards around it."""

    action: Json
    inputs: list[Json]

    @property
    def takes_inputs(self) -> bool:
        return self.action.get("associatedInputs") != "none"


def elements_of(node: Json) -> Iterator[Json]:
    """Everything in a card but what its ShowCards hold."""
    for key in _INSIDE:
        for child in node.get(key) or []:
            if isinstance(child, dict):
                yield child
                yield from elements_of(child)


def buttons_of(card: Json, around: tuple[Json, ...] = ()) -> list[Button]:
    here = list(elements_of(card))
    inputs = [*around, *(e for e in here if str(e.get("type")).startswith("Input."))]
    found: list[Button] = []
    for action in _actions([card, *here]):
        found.append(Button(action, inputs))
        if action.get("type") == "Action.ShowCard":
            found += buttons_of(action["card"], tuple(inputs))
    return found


def _actions(nodes: list[Json]) -> Iterator[Json]:
    for node in nodes:
        yield from node.get("actions") or []
        for key in ("selectAction", "inlineAction"):
            if key in node:
                yield node[key]


def inputs_of(card: Json) -> dict[str, Json]:
    """Every input of a card, those in ShowCards included."""
    rows = [e for e in elements_of(card) if str(e.get("type")).startswith("Input.")]
    for button in buttons_of(card):
        rows += button.inputs
    return {row["id"]: row for row in rows}


def find_button(card: Json, wanted: object) -> Button:
    """By title, or by the action itself (or some of it: its id, its verb)."""
    found = [b for b in buttons_of(card) if _meant(b.action, wanted)]
    if not found:
        raise Refusal("button_not_found", buttons=titles_of(card))
    if len(found) > 1:
        raise Refusal("ambiguous_button", buttons=titles_of(card))
    if found[0].action.get("isEnabled") is False:
        raise Refusal("button_disabled")
    return found[0]


def _meant(action: Json, wanted: object) -> bool:
    if isinstance(wanted, dict):
        return bool(wanted) and all(action.get(key) == value for key, value in wanted.items())
    return action.get("title") == wanted


def titles_of(card: Json) -> list[str]:
    return [b.action["title"] for b in buttons_of(card) if "title" in b.action]


def standing(inputs: list[Json]) -> dict[str, str]:
    """What the inputs hold before anybody types."""
    held = {}
    for one in inputs:
        value = str(one.get("value") or "")
        if one["type"] == "Input.Toggle" and not value:
            value = str(one.get("valueOff", "false"))
        held[one["id"]] = value
    return held


def as_text(one: Json, value: Any, offers: Offers) -> str:
    """A value as the client sends it: always text, several joined by commas."""
    if value is None:
        return ""
    kind = one["type"]
    if kind == "Input.Toggle" and isinstance(value, bool):
        return str(one.get("valueOn", "true") if value else one.get("valueOff", "false"))
    if kind == "Input.ChoiceSet":
        rows = value if isinstance(value, list) else [value]
        return ",".join(_choice(one, str(row), offers) for row in rows)
    return value.isoformat() if isinstance(value, date) else str(value)


def choices_of(one: Json, offers: Offers) -> dict[str, str]:
    rows = {row["value"]: row["title"] for row in one.get("choices", [])}
    return rows | offers.get(one["id"], {})


def _choice(one: Json, value: str, offers: Offers) -> str:
    """A choice by its value, or by its title where one has it."""
    known = choices_of(one, offers)
    named = [v for v, title in known.items() if title == value]
    return named[0] if value not in known and len(named) == 1 else value


def complaint(one: Json, value: str, offers: Offers) -> str | None:
    """What the client says under an input instead of sending it."""
    wrong = _required(one, value) if not value.strip() else _wrong(one, value, offers)
    if wrong is None and one["type"] == "Input.Toggle":
        wrong = _required(one, "" if value != one.get("valueOn", "true") else value)
    return str(one.get("errorMessage") or wrong) if wrong else None


def _required(one: Json, value: str) -> str | None:
    return "This field is required." if one.get("isRequired") and not value.strip() else None


def _wrong(one: Json, value: str, offers: Offers) -> str | None:
    match one["type"]:
        case "Input.Text":
            return _wrong_text(one, value)
        case "Input.Date":
            return _wrong_date(one, value)
        case "Input.Time":
            return None if TIME.match(value) else "Not a time."
        case "Input.Number":
            return _wrong_number(one, value)
        case "Input.Toggle":
            both = (one.get("valueOn", "true"), one.get("valueOff", "false"))
            return None if value in both else "Neither on nor off."
        case _:
            known = {*choices_of(one, offers), str(one.get("value"))}
            rows = value.split(",") if one.get("isMultiSelect") else [value]
            return None if set(rows) <= known else "None of the choices."


def _wrong_text(one: Json, value: str) -> str | None:
    most = one.get("maxLength")
    if most is not None and len(value.encode("utf-16-le")) // 2 > most:
        return f"At most {most} characters."
    if "regex" in one and not re.search(one["regex"], value):
        return "Not in the form asked for."
    return None


def _wrong_date(one: Json, value: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return "Not a date (YYYY-MM-DD)."
    if day.isoformat() != value:
        return "Not a date (YYYY-MM-DD)."
    if one.get("min") and value < one["min"]:
        return f"Not before {one['min']}."
    return f"Not after {one['max']}." if one.get("max") and value > one["max"] else None


def _wrong_number(one: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Not a number."
    low, high = float(one.get("min", number)), float(one.get("max", number))
    return None if low <= number <= high else "Out of range."
