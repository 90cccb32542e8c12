"""Messages and dialogs of the local Teams as words, buttons and what is wrong with them."""

from typing import Any

from playground.teams.inputs import buttons_of, elements_of

Json = dict[str, Any]

UNREAD = ("data", "msteams", "entities", "choices.data", "fallbackText")
SPOKEN = ("text", "title", "label", "value", "placeholder")
PRESSED = ("Action.Execute", "Action.Submit")


def words_of(shown: Any) -> str:
    """All the words in a card, message or dialog: texts, labels, buttons."""
    found: list[str] = []
    _gather(shown, found)
    return " ".join(" ".join(found).split())


def _gather(part: Any, found: list[str]) -> None:
    if isinstance(part, list):
        for one in part:
            _gather(one, found)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in SPOKEN and isinstance(value, str):
                found.append(value)
            elif name not in UNREAD and not (name == "card" and "cards" in part):
                _gather(value, found)


def cards_of(shown: Json) -> list[Json]:
    """Of a message or a dialog."""
    return shown["cards"] if "cards" in shown else [shown["card"]] if shown.get("card") else []


def pressable(shown: Json) -> dict[str, Json]:
    """What can be pressed in a message or dialog, by label; of several the first. Behind a button
    that only shows what to confirm, the one that confirms it."""
    found: dict[str, Json] = {}
    for card in cards_of(shown):
        for button in buttons_of(card):
            if button.action["type"] in PRESSED and not button.action.get("data", {}).get("form"):
                found.setdefault(button.action["title"], button.action)
    return found


def lines_of(shown: Json) -> list[str]:
    """The title, what stands in the cards, and the buttons below."""
    title = [shown["title"]] if shown.get("title") else []
    return [*title, *(line for card in cards_of(shown) for line in _lines(card))]


def _lines(node: Json) -> list[str]:
    """Of an element, or of a card or container with all that is in it."""
    kind = node["type"]
    if kind == "ColumnSet":
        return [" ".join(line for column in node["columns"] for line in _lines(column))]
    if kind.startswith("Input."):
        return [f"{node['label']}: {_value(node)}"]
    inside = [line for one in node.get("body", node.get("items", [])) for line in _lines(one)]
    own = [words_of(node)] if kind in ("RichTextBlock", "TextBlock") else []
    pressed = " ".join(f"[{action['title']}]" for action in node.get("actions", []))
    return [line for line in (*own, *inside, pressed) if line]


def _value(one: Json) -> str:
    value = str(one.get("value", ""))
    chosen = {row["value"]: row["title"] for row in one.get("choices", [])}
    return str(chosen.get(value, value)).replace("\n", " / ")


def sender_of(dialog: Json) -> str:
    """What stands on the button that sends a form."""
    for action in (dialog["card"] or {}).get("actions", []):
        if action.get("data", {}).get("form"):
            return str(action["title"])
    return ""


def errors_of(dialog: Json) -> dict[str, str]:
    """By field: what the client found, or what the bot wrote above it."""
    found = dict(dialog["errors"])
    alarm = ""
    for element in elements_of(dialog["card"] or {}):
        if element["type"] == "RichTextBlock":
            runs = element["inlines"]
            alarm = "".join(r["text"] for r in runs if r.get("color") == "attention") or alarm
        if "id" in element:
            found |= {element["id"]: alarm} if alarm else {}
            alarm = ""
    return found
