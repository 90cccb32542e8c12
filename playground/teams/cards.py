"""Adaptive Cards as Teams shows them everywhere: `check_card` says what is wrong with one."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from playground.refusal import Json
from playground.teams import shapes
from playground.teams.mentions import check_mentions

CARD_BYTES = 28_000
MOST_ACTIONS = 6
MOST_VIEWERS = 60
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")
TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_Rule = Callable[["Check", Json, str], None]


@dataclass
class Check:
    """What was found. `marked` are words that must stand nowhere where markdown is read."""

    dialog: bool = False
    marked: Iterable[str] = ()
    problems: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # where <at> is read

    def add(self, path: str, words: str) -> None:
        self.problems.append(f"{path}: {words}")

    def markdown(self, text: Any, path: str) -> None:
        if not isinstance(text, str):
            return
        self.texts.append(text)
        if any(word in text for word in self.marked):
            self.add(path, "somebody's words where markdown is read")


def part(node: Json, name: str) -> Json:
    """An object inside an object; empty when it is anything else."""
    found = node.get(name)
    return found if isinstance(found, dict) else {}


def wide_bytes(value: Any) -> int:
    """The size of something as JSON in UTF-16."""
    return len(json.dumps(value, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))


def check_card(card: Any, *, dialog: bool = False, marked: Iterable[str] = ()) -> list[str]:
    check = Check(dialog, marked)
    if not isinstance(card, dict):
        return ["card: must be an object"]
    _card(check, card, "card")
    for twice in sorted({i for i in check.inputs if check.inputs.count(i) > 1}):
        check.add("card", f"the input id {twice} is used twice")
    if wide_bytes(card) > CARD_BYTES:
        check.add("card", f"larger than {CARD_BYTES} bytes in UTF-16")
    entities = part(card, "msteams").get("entities", [])
    if not isinstance(entities, list):
        return [*check.problems, "card.msteams.entities: must be a list"]
    check.problems += check_mentions(check.texts, entities)
    return check.problems


def _card(check: Check, card: Json, path: str, *, inner: bool = False) -> None:
    required, optional = shapes.CARD
    if card.get("type") != "AdaptiveCard":
        check.add(path, "type must be AdaptiveCard")
    if (not inner or "version" in card) and card.get("version") not in VERSIONS:
        check.add(path, "version must be 1.0 to 1.5")
    _names(check, card, "" if inner else required, f"{required} {optional}", path)
    if not inner and not (card.get("body") or card.get("actions")):
        check.add(path, "is empty")
    _elements(check, card.get("body", []), f"{path}.body")
    _row(check, card.get("actions", []), f"{path}.actions")
    if "selectAction" in card:
        _action(check, card["selectAction"], f"{path}.selectAction", titled=False)
    _refresh(check, card, path)


def _refresh(check: Check, card: Json, path: str) -> None:
    if "refresh" not in card:
        return
    refresh = part(card, "refresh")
    if part(refresh, "action").get("type") != "Action.Execute":
        check.add(f"{path}.refresh", "needs an Action.Execute")
    viewers = refresh.get("userIds", [])
    if not isinstance(viewers, list) or len(viewers) > MOST_VIEWERS:
        check.add(f"{path}.refresh", f"more than {MOST_VIEWERS} userIds")


def _names(check: Check, node: Json, required: str, optional: str, path: str) -> None:
    for name in required.split():
        if node.get(name) in (None, ""):
            check.add(path, f"{name} is missing")
    for name in sorted(set(node) - {"type", *required.split(), *optional.split()}):
        check.add(path, f"unknown property {name}")
    for name, value in node.items():
        _value(check, node, name, value, path)


def _value(check: Check, node: Json, name: str, value: Any, path: str) -> None:
    kind = shapes.TYPED.get(name)
    allowed = shapes.ENUMS.get(name)
    if name == "style":
        allowed = shapes.STYLES.get(node.get("type", ""))
    if kind is not None and (not isinstance(value, kind) or (kind is int and value is True)):
        check.add(path, f"{name} must be of type {kind.__name__}")
    if allowed is not None and str(value).lower() not in allowed:
        check.add(path, f"{name} must be one of {', '.join(allowed)}")
    if name in ("url", "iconUrl") and not re.match(r"https?://[^\s]+$", str(value)):
        check.add(path, f"{name} must begin with https:// or http://")


def _elements(check: Check, rows: Any, path: str) -> None:
    for index, row in enumerate(_listed(check, rows, path)):
        _known(check, row, shapes.ELEMENTS, f"{path}[{index}]")


def _parts(check: Check, rows: Any, kind: str, path: str) -> None:
    for index, row in enumerate(_listed(check, rows, path)):
        here = f"{path}[{index}]"
        typed = {"type": kind, **row} if kind == "Column" else row
        if typed.get("type") != kind:
            check.add(here, f"type must be {kind}")
        else:
            _known(check, typed, shapes.PARTS, here)


def _listed(check: Check, rows: Any, path: str) -> list[Json]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        check.add(path, "must be a list of objects")
        return []
    return rows


def _known(check: Check, node: Json, kinds: shapes.Kinds, path: str) -> None:
    kind = node.get("type")
    if kind not in kinds:
        check.add(path, f"unknown type {kind}")
        return
    here = f"{path}<{kind}>"
    _names(check, node, *kinds[kind], here)
    if isinstance(node.get("fallback"), dict):
        _known(check, node["fallback"], kinds, f"{here}.fallback")
    if "selectAction" in node:
        _action(check, node["selectAction"], f"{here}.selectAction", titled=False)
    if "inlineAction" in node:
        _action(check, node["inlineAction"], f"{here}.inlineAction")
    if kind.startswith("Input."):
        _input(check, node, here)
    elif kind in _RULES:
        _RULES[kind](check, node, here)


def _input(check: Check, node: Json, path: str) -> None:
    if isinstance(node.get("id"), str):
        check.inputs.append(node["id"])
    elif "id" in node:
        check.add(path, "id must be of type str")
    kind = node["type"]
    if kind == "Input.ChoiceSet":
        _choices(check, node, path)
    elif kind in ("Input.Date", "Input.Time"):
        right = _is_date if kind == "Input.Date" else _is_time
        for name in ("value", "min", "max"):
            if node.get(name) and not right(node[name]):
                check.add(path, f"{name} is in no format that {kind} knows")
    elif kind != "Input.Number" and not isinstance(node.get("value", ""), str):
        check.add(path, "value must be of type str")
    if type(node.get("maxLength")) is int and node["maxLength"] < 1:
        check.add(path, "maxLength must be positive")


def _is_date(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_time(text: Any) -> bool:
    return isinstance(text, str) and TIME.match(text) is not None


def _choices(check: Check, node: Json, path: str) -> None:
    rows = _listed(check, node.get("choices", []), f"{path}.choices")
    for row in rows:
        if not all(isinstance(row.get(k), str) and row[k] for k in ("title", "value")):
            check.add(path, "every choice needs a title and a value")
    values = [str(row.get("value")) for row in rows]
    if len(values) != len(set(values)):
        check.add(path, "two choices have the same value")
    multiple = bool(node.get("isMultiSelect"))
    if multiple and any("," in value for value in values):
        check.add(path, "a comma in a value that stands among several")
    query = node.get("choices.data")
    if query is None and not values:
        check.add(path, "no choices")
    if query is not None:
        _parts(check, [query], "Data.Query", f"{path}.choices.data")
    given = str(node.get("value") or "")
    chosen = [v for v in (given.split(",") if multiple else [given]) if v]
    if query is None and any(value not in values for value in chosen):
        check.add(path, "value is none of the choices")


def _row(check: Check, rows: Any, path: str) -> None:
    """Buttons beside one another."""
    found = _listed(check, rows, path)
    for index, row in enumerate(found):
        _action(check, row, f"{path}[{index}]")
    if sum(row.get("mode") != "secondary" for row in found) > MOST_ACTIONS:
        check.add(path, f"more than {MOST_ACTIONS} actions")


def _action(check: Check, action: Any, path: str, *, titled: bool = True) -> None:
    if not isinstance(action, dict) or action.get("type") not in shapes.ACTIONS:
        found = action.get("type") if isinstance(action, dict) else action
        check.add(path, f"unknown action {found}")
        return
    kind = action["type"]
    here = f"{path}<{kind}>"
    required, optional = shapes.ACTIONS[kind]
    needed = required if titled else required.replace("title", "")
    _names(check, action, needed, f"{optional} {required}", here)
    fetches = part(part(action, "data"), "msteams").get("type") == "task/fetch"
    if kind == "Action.Execute" and check.dialog:
        check.add(here, "Action.Execute has no place in a dialog")
    if kind == "Action.Execute" and fetches:
        check.add(here, "only Action.Submit opens a dialog (task/fetch)")
    if kind == "Action.Submit" and fetches and check.dialog:
        check.add(here, "a dialog opens no dialog (task/fetch)")
    if kind == "Action.ShowCard" and isinstance(action.get("card"), dict):
        if not titled:
            check.add(here, "Action.ShowCard cannot be a selectAction")
        _card(check, action["card"], f"{here}.card", inner=True)


def _facts(check: Check, node: Json, path: str) -> None:
    for row in _listed(check, node.get("facts", []), f"{path}.facts"):
        for name in ("title", "value"):
            if not isinstance(row.get(name), str):
                check.add(path, f"every fact needs a {name}")
            check.markdown(row.get(name), path)


def _inlines(check: Check, node: Json, path: str) -> None:
    runs = node.get("inlines", [])
    if isinstance(runs, list):
        runs = [run for run in runs if not isinstance(run, str)]
    _parts(check, runs, "TextRun", f"{path}.inlines")


def _table(check: Check, node: Json, path: str) -> None:
    _parts(check, node.get("rows", []), "TableRow", f"{path}.rows")
    columns = _listed(check, node.get("columns", []), f"{path}.columns")
    rows = _listed(check, node.get("rows", []), f"{path}.rows")
    if any(len(row.get("cells") or []) > len(columns) for row in rows):
        check.add(path, "a row has more cells than there are columns")


_RULES: dict[str, _Rule] = {
    "TextBlock": lambda c, n, p: c.markdown(n.get("text"), p),
    "RichTextBlock": _inlines,
    "FactSet": _facts,
    "Container": lambda c, n, p: _elements(c, n.get("items", []), f"{p}.items"),
    "Column": lambda c, n, p: _elements(c, n.get("items", []), f"{p}.items"),
    "TableCell": lambda c, n, p: _elements(c, n.get("items", []), f"{p}.items"),
    "ColumnSet": lambda c, n, p: _parts(c, n.get("columns", []), "Column", f"{p}.columns"),
    "Table": _table,
    "TableRow": lambda c, n, p: _parts(c, n.get("cells", []), "TableCell", f"{p}.cells"),
    "ActionSet": lambda c, n, p: _row(c, n.get("actions", []), f"{p}.actions"),
    "ImageSet": lambda c, n, p: _elements(c, n.get("images", []), f"{p}.images"),
}
