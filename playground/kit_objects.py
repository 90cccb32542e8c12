"""Block Kit's small parts: texts, options, confirmations; and the list of what is wrong."""

from collections.abc import Collection
from typing import Any, Literal

from playground.refusal import Json

Surface = Literal["message", "modal", "home"]


def units(text: str) -> int:
    """Length as Slack counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Check:
    """Collects problems, each with a pointer to where it is."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.problems: list[str] = []
        self.characters = 0
        self.focused = 0

    def add(self, path: str, problem: str) -> None:
        self.problems.append(f"{problem} [json-pointer:{path}]")

    def object(self, node: Any, path: str) -> Json | None:
        if isinstance(node, dict):
            return node
        self.add(path, "must be an object")
        return None

    def keys(self, node: Json, path: str, allowed: Collection[str]) -> None:
        for key in node:
            if key not in allowed:
                self.add(path, f"invalid additional property: {key}")

    def string(
        self, node: Json, key: str, path: str, limit: int, *, required: bool = False, least: int = 1
    ) -> None:
        value = node.get(key)
        if value is None:
            if required:
                self.add(path, f"missing required field: {key}")
        elif not isinstance(value, str):
            self.add(f"{path}/{key}", "must be a string")
        else:
            self.length(value, f"{path}/{key}", limit, least)

    def length(self, value: str, path: str, limit: int, least: int = 1) -> None:
        size = units(value)
        if size > limit:
            self.add(path, f"must be less than {limit + 1} characters")
        if size < least:
            self.add(path, f"must be more than {least - 1} characters")

    def items(self, value: Any, path: str, least: int, most: int) -> list[Any]:
        if not isinstance(value, list):
            self.add(path, "must be an array")
            return []
        if len(value) > most:
            self.add(path, f"no more than {most} items allowed")
        if len(value) < least:
            self.add(path, f"no less than {least} items allowed")
        return value[:most]

    def flag(self, node: Json, key: str, path: str) -> None:
        if key in node and not isinstance(node[key], bool):
            self.add(f"{path}/{key}", "must be a boolean")

    def choice(self, node: Json, key: str, path: str, allowed: Collection[str]) -> None:
        if key in node and node[key] not in allowed:
            self.add(f"{path}/{key}", f"must be one of {', '.join(sorted(allowed))}")


def check_text(check: Check, owner: Json, key: str, path: str, limit: int, **rules: bool) -> None:
    """A text object. Rules: `plain` (no mrkdwn), `required`."""
    node = owner.get(key)
    if node is None:
        if rules.get("required"):
            check.add(path, f"missing required field: {key}")
        return
    check_text_object(check, node, f"{path}/{key}", limit, plain=rules.get("plain", False))


def check_text_object(check: Check, node: Any, path: str, limit: int, *, plain: bool) -> None:
    text = check.object(node, path)
    if text is None:
        return
    kind = text.get("type")
    if kind == "plain_text":
        check.keys(text, path, ("type", "text", "emoji"))
        check.flag(text, "emoji", path)
    elif kind == "mrkdwn" and not plain:
        check.keys(text, path, ("type", "text", "verbatim"))
        check.flag(text, "verbatim", path)
    else:
        check.add(f"{path}/type", f"unsupported type: {kind}")
    check.string(text, "text", path, limit, required=True)
    check.characters += units(text["text"]) if isinstance(text.get("text"), str) else 0


def check_option(check: Check, node: Any, path: str, *, plain: bool, url: bool = False) -> None:
    option = check.object(node, path)
    if option is None:
        return
    allowed = {"text", "value", "description"} | ({"url"} if url else set())
    check.keys(option, path, allowed)
    check_text(check, option, "text", path, 75, plain=plain, required=True)
    check.string(option, "value", path, 150, required=True)
    check_text(check, option, "description", path, 75, plain=plain)
    check.string(option, "url", path, 3000)


def check_options(
    check: Check, element: Json, path: str, most: int, *, plain: bool = True, url: bool = False
) -> None:
    rows = check.items(element.get("options"), f"{path}/options", 1, most)
    for index, row in enumerate(rows):
        check_option(check, row, f"{path}/options/{index}", plain=plain, url=url)


def check_choices(check: Check, element: Json, path: str) -> None:
    """`options` or `option_groups`, and not both."""
    if ("options" in element) == ("option_groups" in element):
        check.add(path, "must provide either options or option_groups")
    if "options" in element:
        check_options(check, element, path, 100)
    if "option_groups" not in element:
        return
    groups = check.items(element["option_groups"], f"{path}/option_groups", 1, 100)
    for index, node in enumerate(groups):
        group = check.object(node, f"{path}/option_groups/{index}")
        if group is not None:
            check.keys(group, f"{path}/option_groups/{index}", ("label", "options"))
            check_text(
                check,
                group,
                "label",
                f"{path}/option_groups/{index}",
                75,
                plain=True,
                required=True,
            )
            check_options(check, group, f"{path}/option_groups/{index}", 100)


def check_confirm(check: Check, element: Json, path: str) -> None:
    if "confirm" not in element:
        return
    path = f"{path}/confirm"
    confirm = check.object(element["confirm"], path)
    if confirm is None:
        return
    check.keys(confirm, path, ("title", "text", "confirm", "deny", "style"))
    check_text(check, confirm, "title", path, 100, plain=True, required=True)
    check_text(check, confirm, "text", path, 300, required=True)
    check_text(check, confirm, "confirm", path, 30, plain=True, required=True)
    check_text(check, confirm, "deny", path, 30, plain=True, required=True)
    check.choice(confirm, "style", path, ("primary", "danger"))


def all_options(element: Json) -> list[Json]:
    """Every option a select offers, groups flattened."""
    groups = element.get("option_groups") or []
    rows = list(element.get("options") or [])
    return rows + [row for group in groups for row in group.get("options", [])]
