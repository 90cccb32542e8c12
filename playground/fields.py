"""What stands in the fields of a form: from plain values to Slack's `state.values`."""

import math
import re
from datetime import date
from typing import Any

from playground.kit import elements_of
from playground.kit_elements import CONVERSATION_KINDS
from playground.kit_objects import all_options, units
from playground.refusal import Json, Refusal
from playground.world import Channel, World

# element type -> (key in state.values, key of the initial value)
STATEFUL: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
State = dict[str, Json]  # block_id -> action_id -> entry


def stateful(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Every (block, element) whose value Slack keeps."""
    return [(b, e) for b in blocks for e in elements_of(b) if e["type"] in STATEFUL]


def initial_state(blocks: list[Json], former: State | None = None) -> State:
    """The values a fresh view shows; fields that were there before keep what was typed."""
    state: State = {}
    for block, element in stateful(blocks):
        kept = (former or {}).get(block["block_id"], {}).get(element["action_id"])
        if kept is None or kept["type"] != element["type"]:
            key, initial = STATEFUL[element["type"]]
            kept = {"type": element["type"], key: element.get(initial, _nothing(key))}
        state.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return state


def _nothing(key: str) -> Any:
    return [] if key.endswith("s") else None


def entry_for(world: World, element: Json, value: Any, offered: dict[str, Json]) -> Json:
    """One entry of state.values. `offered` are the options an external select was given."""
    kind = element["type"]
    key, _ = STATEFUL[kind]
    if value in (None, "", []):
        return {"type": kind, key: _nothing(key)}
    if kind.startswith("multi_") or kind == "checkboxes":
        rows = value if isinstance(value, list) else [value]
        return {"type": kind, key: [_one(world, element, row, offered) for row in rows]}
    return {"type": kind, key: _one(world, element, value, offered)}


def _one(world: World, element: Json, value: Any, offered: dict[str, Json]) -> Any:
    kind = element["type"].removeprefix("multi_")
    match kind:
        case "static_select" | "radio_buttons" | "checkboxes":
            return pick_option(all_options(element), value)
        case "external_select":
            return pick_option([*_initial_options(element), *offered.values()], value)
        case "users_select":
            return world.person(value).id
        case "conversations_select" | "channels_select":
            return _conversation(world, element, value).id
        case "datepicker":
            return _date(value)
        case "timepicker":
            return _matching(value, r"([01]\d|2[0-3]):[0-5]\d", "invalid_time")
        case "datetimepicker":
            return int(value)
        case "rich_text_input":
            return value if isinstance(value, dict) else _rich(str(value))
    return str(value)


def _conversation(world: World, element: Json, value: Any) -> Channel:
    """One that the element's filter lets through."""
    found = world.channel_by_name(str(value).removeprefix("#")) or world.channel(value)
    wanted = element.get("filter", {})
    kind = "im" if found.kind == "dm" else "private" if found.private else "public"
    if kind not in wanted.get("include", CONVERSATION_KINDS):
        raise Refusal("option_not_found")
    if found.shared and wanted.get("exclude_external_shared_channels"):
        raise Refusal("option_not_found")
    return found


def _initial_options(element: Json) -> list[Json]:
    one = [element["initial_option"]] if "initial_option" in element else []
    return one + list(element.get("initial_options", []))


def pick_option(options: list[Json], value: Any) -> Json:
    """An option by its value, else by the words it shows."""
    wanted = value.get("value") if isinstance(value, dict) else str(value)
    found = next((o for o in options if o.get("value") == wanted), None)
    found = found or next((o for o in options if o["text"]["text"] == wanted), None)
    if found is None:
        raise Refusal("option_not_found")
    return found


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise Refusal("invalid_date") from error


def _matching(value: Any, shape: str, error: str) -> str:
    if not re.fullmatch(shape, str(value)):
        raise Refusal(error)
    return str(value)


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def plain_value(entry: Any) -> Any:
    """The plain value of an entry in Slack's own shape; anything else is left alone."""
    if not isinstance(entry, dict) or "type" not in entry:
        return entry
    for key, value in entry.items():
        if key == "value" or key.startswith("selected_") or key == "rich_text_value":
            return value
    return None


def complaints(blocks: list[Json], state: State) -> dict[str, str]:
    """What Slack's own client says before it sends a form, by block_id."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            entry = state.get(block["block_id"], {}).get(element["action_id"], {})
            value = entry.get(STATEFUL[element["type"]][0])
            problem = _complaint(element, value, bool(block.get("optional")))
            if problem:
                found[block["block_id"]] = problem
    return found


def _complaint(element: Json, value: Any, optional: bool) -> str | None:
    if value in (None, "", []):
        return None if optional else "Please complete this required field."
    if element["type"] in _TYPED:
        return _typed_complaint(element, value)
    most = element.get("max_selected_items")
    if most and isinstance(value, list) and len(value) > most:
        return f"Please choose {most} at most."
    return None


def _typed_complaint(element: Json, value: str) -> str | None:
    if element["type"] == "number_input":
        return _number_complaint(element, value)
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not re.match(r"https?://\S+$", value):
        return "Please enter a valid URL."
    if units(value) < (element.get("min_length") or 0):
        return f"Please enter at least {element['min_length']} characters."
    most = element.get("max_length") or 3000
    return f"Please enter {most} characters at most." if units(value) > most else None


def _number_complaint(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    whole = element["is_decimal_allowed"] or number.is_integer()
    low = float(element.get("min_value", -math.inf))
    high = float(element.get("max_value", math.inf))
    if math.isfinite(number) and whole and low <= number <= high:
        return None
    return "Please enter a number that is allowed here."
