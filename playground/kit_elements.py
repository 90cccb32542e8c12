"""Block Kit's interactive elements: where each may stand and what it may hold."""

import re
from collections.abc import Callable
from typing import Any

from playground.kit_objects import (
    Check,
    all_options,
    check_choices,
    check_confirm,
    check_options,
    check_text,
)
from playground.refusal import Json

_Rule = Callable[[Check, Json, str], None]
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_COMMON = {"type", "action_id"}
CONVERSATION_KINDS = frozenset({"im", "mpim", "private", "public"})
_LEFT_OUT = ("exclude_external_shared_channels", "exclude_bot_users")


def _button(check: Check, node: Json, path: str) -> None:
    check_text(check, node, "text", path, 75, plain=True, required=True)
    check.string(node, "value", path, 2000)
    check.string(node, "url", path, 3000)
    check.string(node, "accessibility_label", path, 75)
    check.choice(node, "style", path, ("primary", "danger"))
    check_confirm(check, node, path)


def _overflow(check: Check, node: Json, path: str) -> None:
    check_options(check, node, path, 5, url=True)
    check_confirm(check, node, path)


def _menu(check: Check, node: Json, path: str) -> None:
    check_text(check, node, "placeholder", path, 150, plain=True)
    check_confirm(check, node, path)
    most = node.get("max_selected_items", 1)
    if not isinstance(most, int) or most < 1:
        check.add(f"{path}/max_selected_items", "must be more than 0")


def _static(check: Check, node: Json, path: str) -> None:
    _menu(check, node, path)
    check_choices(check, node, path)
    _initial_among(check, node, path)


def _external(check: Check, node: Json, path: str) -> None:
    _menu(check, node, path)
    if not isinstance(node.get("min_query_length", 3), int):
        check.add(f"{path}/min_query_length", "must be an integer")


def _group(check: Check, node: Json, path: str) -> None:
    check_options(check, node, path, 10, plain=False)
    check_confirm(check, node, path)
    _initial_among(check, node, path)


def _initial_among(check: Check, node: Json, path: str) -> None:
    initial = node.get("initial_options", [])
    wanted = [node["initial_option"]] if "initial_option" in node else initial
    offered = [row.get("value") for row in all_options(node) if isinstance(row, dict)]
    if not isinstance(wanted, list):
        check.add(f"{path}/initial_options", "must be an array")
    elif any(not isinstance(w, dict) or w.get("value") not in offered for w in wanted):
        check.add(path, "initial option(s) must be among the options")
    elif initial == [] and "initial_options" in node:
        check.add(f"{path}/initial_options", "no less than 1 items allowed")


def _picker(key: str, shape: re.Pattern[str]) -> _Rule:
    def rule(check: Check, node: Json, path: str) -> None:
        check_text(check, node, "placeholder", path, 150, plain=True)
        check_confirm(check, node, path)
        if key in node and not shape.fullmatch(str(node[key])):
            check.add(f"{path}/{key}", "has the wrong format")

    return rule


def _conversations(check: Check, node: Json, path: str) -> None:
    _menu(check, node, path)
    wanted = node.get("filter")
    if wanted is None:
        return
    here = f"{path}/filter"
    if not isinstance(wanted, dict) or not wanted:
        check.add(here, "must provide at least one filter")
        return
    check.keys(wanted, here, ("include", *_LEFT_OUT))
    for key in _LEFT_OUT:
        check.flag(wanted, key, here)
    kinds = wanted.get("include", ["public"])
    known = isinstance(kinds, list) and all(kind in sorted(CONVERSATION_KINDS) for kind in kinds)
    if not kinds or not known:
        check.add(f"{here}/include", "must be some of im, mpim, private, public")


def _typed(check: Check, node: Json, path: str) -> None:
    check_text(check, node, "placeholder", path, 150, plain=True)
    initial = node.get("initial_value", "")
    if not isinstance(initial, str):
        check.add(f"{path}/initial_value", "must be a string")
    elif node["type"] == "plain_text_input":
        check.length(initial, f"{path}/initial_value", node.get("max_length") or 3000, 0)
    for key, least in (("min_length", 0), ("max_length", 1)):
        value = node.get(key, least)
        if not isinstance(value, int) or not least <= value <= 3000:
            check.add(f"{path}/{key}", f"must be between {least} and 3000")


def _number(check: Check, node: Json, path: str) -> None:
    check_text(check, node, "placeholder", path, 150, plain=True)
    if not isinstance(node.get("is_decimal_allowed"), bool):
        check.add(path, "missing required field: is_decimal_allowed")
    for key in ("initial_value", "min_value", "max_value"):
        if key in node and not isinstance(node[key], str):
            check.add(f"{path}/{key}", "must be a string")


def _image(check: Check, node: Json, path: str) -> None:
    check.string(node, "alt_text", path, 2000, required=True)
    check.string(node, "image_url", path, 3000)
    if ("image_url" in node) == ("slack_file" in node):
        check.add(path, "must provide either image_url or slack_file")


def _plain(check: Check, node: Json, path: str) -> None:
    check_text(check, node, "placeholder", path, 150, plain=True)
    check_confirm(check, node, path)


_MENU = {"placeholder", "confirm", "focus_on_load"}
_MANY = {*_MENU, "max_selected_items"}
_CHOICES = {"options", "option_groups"}
_ANY = ("section", "actions", "input")
_TEXT = {"placeholder", "initial_value", "focus_on_load", "dispatch_action_config"}
_CONVERSATIONS = {"default_to_current_conversation", "response_url_enabled", "filter"}

# type -> (blocks it may stand in, properties, rule)
ELEMENTS: dict[str, tuple[tuple[str, ...], set[str], _Rule]] = {
    "button": (
        ("section", "actions"),
        {"text", "url", "value", "style", "confirm", "accessibility_label"},
        _button,
    ),
    "overflow": (("section", "actions"), {"options", "confirm"}, _overflow),
    "static_select": (_ANY, _MENU | _CHOICES | {"initial_option"}, _static),
    "external_select": (_ANY, _MENU | {"initial_option", "min_query_length"}, _external),
    "users_select": (_ANY, _MENU | {"initial_user"}, _menu),
    "conversations_select": (
        _ANY,
        _MENU | _CONVERSATIONS | {"initial_conversation"},
        _conversations,
    ),
    "channels_select": (_ANY, _MENU | {"initial_channel", "response_url_enabled"}, _menu),
    "multi_static_select": (
        ("section", "input"),
        _MANY | _CHOICES | {"initial_options"},
        _static,
    ),
    "multi_external_select": (
        ("section", "input"),
        _MANY | {"initial_options", "min_query_length"},
        _external,
    ),
    "multi_users_select": (("section", "input"), _MANY | {"initial_users"}, _menu),
    "multi_conversations_select": (
        ("section", "input"),
        _MANY | {"initial_conversations", "default_to_current_conversation", "filter"},
        _conversations,
    ),
    "multi_channels_select": (("section", "input"), _MANY | {"initial_channels"}, _menu),
    "datepicker": (_ANY, _MENU | {"initial_date"}, _picker("initial_date", _DATE)),
    "timepicker": (_ANY, _MENU | {"initial_time", "timezone"}, _picker("initial_time", _TIME)),
    "datetimepicker": (
        ("actions", "input"),
        {"initial_date_time", "confirm", "focus_on_load"},
        _picker("initial_date_time", re.compile(r"\d{10}")),
    ),
    "checkboxes": (_ANY, {"options", "initial_options", "confirm", "focus_on_load"}, _group),
    "radio_buttons": (_ANY, {"options", "initial_option", "confirm", "focus_on_load"}, _group),
    "plain_text_input": (
        ("input",),
        _TEXT | {"multiline", "min_length", "max_length"},
        _typed,
    ),
    "number_input": (
        ("input",),
        _TEXT | {"is_decimal_allowed", "min_value", "max_value"},
        _number,
    ),
    "email_text_input": (("input",), _TEXT, _typed),
    "url_text_input": (("input",), _TEXT, _typed),
    "rich_text_input": (("input",), _TEXT, _plain),
    "image": (("section", "context"), {"image_url", "slack_file", "alt_text"}, _image),
}


def check_element(check: Check, node: Any, path: str, block: str) -> None:
    element = check.object(node, path)
    if element is None:
        return
    kind = element.get("type")
    known = ELEMENTS.get(kind) if isinstance(kind, str) else None
    if known is None or block not in known[0]:
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    _, allowed, rule = known
    check.keys(element, path, allowed | (_COMMON if kind != "image" else {"type"}))
    check.string(element, "action_id", path, 255)
    check.flag(element, "focus_on_load", path)
    check.focused += element.get("focus_on_load") is True
    rule(check, element, path)
