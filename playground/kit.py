"""Block Kit as Slack enforces it: `check_blocks` for messages, `check_view` for modals and Home."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from playground.kit_elements import check_element
from playground.kit_objects import Check, check_text, check_text_object, units
from playground.kit_rich import check_rich_text, check_table
from playground.refusal import Json, Refusal, invalid
from playground.world import World

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS = 13_000
_Rule = Callable[[Check, Json, str], None]


def _section(check: Check, block: Json, path: str) -> None:
    if "text" not in block and "fields" not in block:
        check.add(path, "missing required field: text")
    check_text(check, block, "text", path, 3000)
    if "fields" in block:
        fields = check.items(block["fields"], f"{path}/fields", 1, 10)
        for index, item in enumerate(fields):
            check_text_object(check, item, f"{path}/fields/{index}", 2000, plain=False)
    if "accessory" in block:
        check_element(check, block["accessory"], f"{path}/accessory", "section")


def _header(check: Check, block: Json, path: str) -> None:
    check_text(check, block, "text", path, 150, plain=True, required=True)


def _divider(check: Check, block: Json, path: str) -> None:
    return None


def _context(check: Check, block: Json, path: str) -> None:
    items = check.items(block.get("elements"), f"{path}/elements", 1, 10)
    for index, item in enumerate(items):
        here = f"{path}/elements/{index}"
        if isinstance(item, dict) and item.get("type") == "image":
            check_element(check, item, here, "context")
        else:
            check_text_object(check, item, here, 2000, plain=False)


def _actions(check: Check, block: Json, path: str) -> None:
    items = check.items(block.get("elements"), f"{path}/elements", 1, 25)
    for index, item in enumerate(items):
        check_element(check, item, f"{path}/elements/{index}", "actions")
    ids = [i.get("action_id") for i in items if isinstance(i, dict) and i.get("action_id")]
    for twice in sorted({str(i) for i in ids if ids.count(i) > 1}):
        check.add(f"{path}/elements", f"`action_id` {twice} already exists in this block")


def _image(check: Check, block: Json, path: str) -> None:
    check.string(block, "alt_text", path, 2000, required=True)
    check.string(block, "image_url", path, 3000)
    check_text(check, block, "title", path, 2000, plain=True)
    if ("image_url" in block) == ("slack_file" in block):
        check.add(path, "must provide either image_url or slack_file")


def _input(check: Check, block: Json, path: str) -> None:
    check_text(check, block, "label", path, 2000, plain=True, required=True)
    check_text(check, block, "hint", path, 2000, plain=True)
    check.flag(block, "optional", path)
    check.flag(block, "dispatch_action", path)
    check_element(check, block.get("element"), f"{path}/element", "input")


def _markdown(check: Check, block: Json, path: str) -> None:
    if check.surface != "message":
        check.add(f"{path}/type", "unsupported type: markdown")
    check.string(block, "text", path, 12_000, required=True)


BLOCKS: dict[str, tuple[set[str], _Rule]] = {
    "section": ({"text", "fields", "accessory", "expand"}, _section),
    "header": ({"text"}, _header),
    "divider": (set(), _divider),
    "context": ({"elements"}, _context),
    "actions": ({"elements"}, _actions),
    "image": ({"image_url", "slack_file", "alt_text", "title"}, _image),
    "input": ({"label", "element", "hint", "optional", "dispatch_action"}, _input),
    "rich_text": ({"elements"}, check_rich_text),
    "table": ({"rows", "column_settings"}, check_table),
    "markdown": ({"text"}, _markdown),
}


def check_blocks(blocks: Any) -> list[Json]:
    """The blocks of a message, or a Refusal that says where they are wrong."""
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    check = Check("message")
    _check_all(check, blocks, MESSAGE_BLOCKS, "/blocks")
    if sum(isinstance(b, dict) and b.get("type") == "table" for b in blocks) > 1:
        check.add("/blocks", "only_one_table_allowed")
    if check.problems:
        raise invalid("invalid_blocks", check.problems)
    if check.characters > MESSAGE_CHARACTERS:
        raise Refusal("msg_blocks_too_long")
    return blocks


def _check_all(check: Check, blocks: Any, most: int, path: str) -> None:
    items = check.items(blocks, path, 0, most)
    for index, node in enumerate(items):
        _check_block(check, node, f"{path}/{index}")
    ids = [b.get("block_id") for b in items if isinstance(b, dict) and b.get("block_id")]
    for twice in sorted({str(i) for i in ids if ids.count(i) > 1}):
        check.add(path, f"`block_id` {twice} already exists")
    if check.focused > 1:
        check.add(path, "only one element may have focus_on_load")


def _check_block(check: Check, node: Any, path: str) -> None:
    block = check.object(node, path)
    if block is None:
        return
    kind = block.get("type")
    known = BLOCKS.get(kind) if isinstance(kind, str) else None
    if known is None:
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    check.keys(block, path, known[0] | {"type", "block_id"})
    check.string(block, "block_id", path, 255)
    known[1](check, block, path)


_VIEW = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_MODAL = _VIEW | {
    "title",
    "submit",
    "close",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
}


def check_view(view: Any, surface: str) -> Json:
    """A modal or Home view, or a Refusal."""
    if not isinstance(view, dict):
        raise Refusal("invalid_arguments")
    if len(json.dumps(view)) > 250_000:
        raise Refusal("view_too_large")
    check = Check("home" if surface == "home" else "modal")
    if view.get("type") != surface:
        check.add("/view/type", f"must be {surface}")
    check.keys(view, "/view", _MODAL if surface == "modal" else _VIEW)
    _check_view_fields(check, view, surface)
    if check.problems:
        raise invalid("invalid_arguments", check.problems)
    return view


def _check_view_fields(check: Check, view: Json, surface: str) -> None:
    check.string(view, "private_metadata", "/view", 3000, least=0)
    check.string(view, "callback_id", "/view", 255, least=0)
    check.string(view, "external_id", "/view", 255, least=0)
    if surface == "modal":
        check_text(check, view, "title", "/view", 24, plain=True, required=True)
        check_text(check, view, "submit", "/view", 24, plain=True)
        check_text(check, view, "close", "/view", 24, plain=True)
        check.flag(view, "notify_on_close", "/view")
        check.flag(view, "clear_on_close", "/view")
    blocks = view.get("blocks")
    if blocks is None:
        check.add("/view", "missing required field: blocks")
        return
    _check_all(check, blocks, VIEW_BLOCKS, "/view/blocks")
    if not isinstance(blocks, list):
        return
    inputs = [b for b in blocks if isinstance(b, dict) and b.get("type") == "input"]
    if surface == "modal" and inputs and "submit" not in view:
        check.add("/view", "missing required field: submit (there are input blocks)")


def check_length(text: str) -> None:
    """A message's text: 40,000 characters at most."""
    if units(text) > 40_000:
        raise Refusal("msg_too_long")


def with_ids(world: World, blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id."""
    copies = deepcopy(blocks)
    for block in copies:
        if not block.get("block_id"):
            block["block_id"] = world.next_id("b")
        for element in elements_of(block):
            if element["type"] != "image" and not element.get("action_id"):
                element["action_id"] = world.next_id("a")
    return copies


def elements_of(block: Json) -> Iterator[Json]:
    """The elements a person can use in this block."""
    kind = block.get("type")
    if kind == "actions":
        yield from block["elements"]
    elif kind == "section" and "accessory" in block:
        yield block["accessory"]
    elif kind == "input":
        yield block["element"]
