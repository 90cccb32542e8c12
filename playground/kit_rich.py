"""Block Kit's rich text and tables."""

from typing import Any

from playground.kit_objects import Check, units
from playground.refusal import Json

_STYLE = (
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
)
_SPANS: dict[str, tuple[set[str], set[str]]] = {  # type -> required, optional
    "text": ({"text"}, {"style"}),
    "link": ({"url"}, {"text", "unsafe", "style"}),
    "user": ({"user_id"}, {"style"}),
    "usergroup": ({"usergroup_id"}, {"style"}),
    "channel": ({"channel_id"}, {"style"}),
    "emoji": ({"name"}, {"unicode", "style", "skin_tone"}),
    "broadcast": ({"range"}, {"style"}),
    "color": ({"value"}, {"style"}),
    "date": ({"timestamp", "format"}, {"url", "fallback", "style"}),
}
_PARTS: dict[str, set[str]] = {
    "rich_text_section": set(),
    "rich_text_list": {"style", "indent", "offset", "border"},
    "rich_text_preformatted": {"border", "language"},
    "rich_text_quote": {"border"},
}


def check_rich_text(check: Check, block: Json, path: str) -> None:
    parts = check.items(block.get("elements"), f"{path}/elements", 1, 1000)
    for index, part in enumerate(parts):
        _check_part(check, part, f"{path}/elements/{index}")


def _check_part(check: Check, node: Any, path: str) -> None:
    part = check.object(node, path)
    if part is None:
        return
    kind = part.get("type")
    if kind not in _PARTS:
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    check.keys(part, path, {"type", "elements"} | _PARTS[kind])
    children = check.items(part.get("elements"), f"{path}/elements", 0, 1000)
    if kind == "rich_text_list":
        _check_list(check, part, children, path)
        return
    for index, span in enumerate(children):
        _check_span(check, span, f"{path}/elements/{index}")


def _check_list(check: Check, part: Json, children: list[Any], path: str) -> None:
    if part.get("style") not in ("bullet", "ordered"):
        check.add(f"{path}/style", "must be one of bullet, ordered")
    if not isinstance(part.get("indent", 0), int) or not 0 <= part.get("indent", 0) <= 8:
        check.add(f"{path}/indent", "must be between 0 and 8")
    for index, child in enumerate(children):
        if not isinstance(child, dict) or child.get("type") != "rich_text_section":
            check.add(f"{path}/elements/{index}", "must be a rich_text_section")
        else:
            _check_part(check, child, f"{path}/elements/{index}")


def _check_span(check: Check, node: Any, path: str) -> None:
    span = check.object(node, path)
    if span is None:
        return
    kind = span.get("type")
    if kind not in _SPANS:
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    required, optional = _SPANS[kind]
    check.keys(span, path, {"type"} | required | optional)
    for key in sorted(required - {"timestamp"}):
        check.string(span, key, path, 40_000, required=True)
    if kind == "date" and type(span.get("timestamp")) is not int:
        check.add(f"{path}/timestamp", "must be an integer")
    if kind == "broadcast":
        check.choice(span, "range", path, ("here", "channel", "everyone"))
    _check_style(check, span, path)
    check.characters += units(span["text"]) if isinstance(span.get("text"), str) else 0


def _check_style(check: Check, span: Json, path: str) -> None:
    if "style" not in span:
        return
    style = check.object(span["style"], f"{path}/style")
    if style is not None:
        check.keys(style, f"{path}/style", _STYLE)
        for key in style:
            check.flag(style, key, f"{path}/style")


def check_table(check: Check, block: Json, path: str) -> None:
    """At most 100 rows of 20 cells, 10,000 characters in all."""
    if check.surface != "message":
        check.add(path, "unsupported type: table")
    before = check.characters
    rows = check.items(block.get("rows"), f"{path}/rows", 1, 100)
    for number, row in enumerate(rows):
        cells = check.items(row, f"{path}/rows/{number}", 1, 20)
        for index, cell in enumerate(cells):
            _check_cell(check, cell, f"{path}/rows/{number}/{index}")
    if len({len(row) for row in rows if isinstance(row, list)}) > 1:
        check.add(f"{path}/rows", "all rows must have the same number of cells")
    if check.characters - before > 10_000:
        check.add(f"{path}/rows", "no more than 10000 characters allowed in a table")
    _check_columns(check, block, path)


def _check_cell(check: Check, node: Any, path: str) -> None:
    cell = check.object(node, path)
    if cell is None:
        return
    if cell.get("type") == "rich_text":
        check.keys(cell, path, ("type", "elements", "block_id"))
        check_rich_text(check, cell, path)
    elif cell.get("type") == "raw_text":
        check.keys(cell, path, ("type", "text"))
        check.string(cell, "text", path, 10_000, required=True)
        check.characters += units(cell["text"]) if isinstance(cell.get("text"), str) else 0
    else:
        check.add(f"{path}/type", f"unsupported type: {cell.get('type')}")


def _check_columns(check: Check, block: Json, path: str) -> None:
    if "column_settings" not in block:
        return
    columns = check.items(block["column_settings"], f"{path}/column_settings", 0, 20)
    for index, column in enumerate(columns):
        here = f"{path}/column_settings/{index}"
        if column is None:
            continue
        settings = check.object(column, here)
        if settings is not None:
            check.keys(settings, here, ("align", "is_wrapped"))
            check.choice(settings, "align", here, ("left", "center", "right"))
            check.flag(settings, "is_wrapped", here)
