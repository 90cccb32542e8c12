"""Slack's messages and forms as words, lines and buttons."""

import re
from typing import Any

from tests.anywhere import Json

DATE = re.compile(r"<!date\^[^|]*\|([^>]*)>")


def words_of(shown: Any) -> str:
    """All the words in a message or form, buttons and labels included."""
    found: list[str] = []
    _gather(shown, found)
    return " ".join(" ".join(found).split())


def _gather(part: Any, found: list[str]) -> None:
    if isinstance(part, list):
        for one in part:
            _gather(one, found)
    elif isinstance(part, dict):
        kind = part.get("type")
        if kind == "user" and "user_id" in part:
            found.append(f"<@{part['user_id']}>")
        if isinstance(part.get("text"), str) and (kind or not part.get("blocks")):
            found.append(part["text"])
        for name, value in part.items():
            if name not in ("metadata", "state", "reactions", "errors") and not isinstance(
                value, str
            ):
                _gather(value, found)


def buttons_of(shown: Json) -> dict[str, Json]:
    """Pressable things by label: buttons, and the entries of menus."""
    found: dict[str, Json] = {}
    for block in shown.get("blocks") or []:
        elements = [
            *block.get("elements", []),
            *([block["accessory"]] if "accessory" in block else []),
        ]
        for element in elements:
            if element.get("type") == "button":
                found.setdefault(
                    element["text"]["text"], {**element, "block_id": block.get("block_id")}
                )
            for option in element.get("options") or []:
                if element.get("type") == "overflow":
                    found.setdefault(
                        option["text"]["text"],
                        {**element, "value": option["value"], "block_id": block.get("block_id")},
                    )
    return found


def lines_of(shown: Json) -> list[str]:
    """The title, each block, and the buttons at the end of a form."""
    title = [shown["title"]["text"]] if shown.get("title") else []
    lines = [line for block in shown["blocks"] if (line := _line(block))]
    ends = [shown[key]["text"] for key in ("submit", "close") if shown.get(key)]
    return [*title, *lines, *([" ".join(f"[{label}]" for label in ends)] if ends else [])]


def _line(block: Json) -> str:
    kind = block["type"]
    if kind == "actions":
        return " ".join(f"[{element['text']['text']}]" for element in block["elements"])
    if kind == "input":
        return f"{block['label']['text']}: {_value(block['element'])}"
    return DATE.sub(r"\1", words_of(block)) if kind != "divider" else "---"


def _value(element: Json) -> str:
    begun = next((value for key, value in element.items() if key.startswith("initial_")), "")
    if isinstance(begun, dict):
        return str(begun["text"]["text"])
    return str(begun).replace("\n", " / ")
