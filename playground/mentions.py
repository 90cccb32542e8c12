"""Who would be notified by a message: real mention syntax only."""

import re
from collections.abc import Iterator
from typing import Any

from playground.world import World

_MARKUP = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|<!(?P<all>channel|here|everyone|group)(?:\|[^<>]*)?>"
    r"|<!subteam\^(?P<team>[A-Z0-9]+)(?:\|[^<>]*)?>"
)
_NAMES = re.compile(r"(?<![\w<@!|])@(?P<name>[\w.-]+)")
_BROADCASTS = ("channel", "here", "everyone", "group")


def pings_of(
    world: World, text: str, blocks: object, attachments: object = None, *, names: bool = False
) -> list[str]:
    """User ids and "channel", "here", "everyone"; `names` links plain @names as well."""
    found = [
        *_in_markup(world, text, names),
        *_in_blocks(world, blocks, names),
        *_in_attachments(world, attachments),
    ]
    return list(dict.fromkeys(found))


def _in_markup(world: World, text: str, names: bool) -> Iterator[str]:
    for match in _MARKUP.finditer(text):
        user = match["user"]
        if user is None:
            yield match["all"] or match["team"]
        elif user in world.people:
            yield user
    for match in _NAMES.finditer(text) if names else ():
        name = match["name"].rstrip("._-").lower()
        person = world.by_handle(name)
        if name in _BROADCASTS or person is not None:
            yield person.id if person else name


def _in_blocks(world: World, node: Any, names: bool) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _in_blocks(world, item, names)
    elif isinstance(node, dict):
        yield from _in_node(world, node, names)


def _in_node(world: World, node: dict[str, Any], names: bool) -> Iterator[str]:
    match node:
        case {"type": "mrkdwn" | "markdown", "text": str(text)}:
            yield from _in_markup(world, text, names and not node.get("verbatim"))
        case {"type": "user", "user_id": str(user)}:
            if user in world.people:
                yield user
        case {"type": "broadcast", "range": str(everyone)}:
            yield everyone
        case {"type": "usergroup", "usergroup_id": str(group)}:
            yield group
        case _:
            for child in node.values():
                yield from _in_blocks(world, child, names)


def _in_attachments(world: World, attachments: object) -> Iterator[str]:
    for item in attachments if isinstance(attachments, list) else ():
        if isinstance(item, dict):
            for key in ("text", "pretext"):
                yield from _in_markup(world, str(item.get(key) or ""), False)
            yield from _in_blocks(world, item.get("blocks"), False)
