"""What people type, turned into what Slack stores and sends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from playground.refusal import Json
from playground.world import World

_TYPED = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|<#(?P<room>[CG][A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|(?P<url>https?://[^\s<>|]+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@])@(?P<handle>[^\W_][\w.-]*)"
    r"|(?<![\w#&])#(?P<name>[^\W_][\w-]*)"
)
_BROADCASTS = ("channel", "here", "everyone")
_Kind = Literal["text", "user", "channel", "broadcast", "link", "mail"]


@dataclass(frozen=True)
class Speech:
    text: str
    blocks: list[Json]
    pings: list[str]


@dataclass(frozen=True)
class _Token:
    kind: _Kind
    value: str


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_speech(world: World, typed: str) -> Speech:
    """A message as a person types it: @handles and #channels become mentions."""
    tokens = list(_tokens(world, typed))
    section = {"type": "rich_text_section", "elements": [_element(t) for t in tokens]}
    block = {"type": "rich_text", "block_id": world.next_id("b"), "elements": [section]}
    pings = [t.value for t in tokens if t.kind in ("user", "broadcast")]
    text = "".join(_markup(world, t, labelled=False) for t in tokens)
    return Speech(text, [block] if tokens else [], list(dict.fromkeys(pings)))


def command_text(world: World, typed: str, *, should_escape: bool) -> str:
    """The text of a slash command; without `should_escape` it goes out as typed."""
    if not should_escape:
        return typed
    return "".join(_markup(world, t, labelled=True) for t in _tokens(world, typed))


def _tokens(world: World, typed: str) -> Iterator[_Token]:
    rest = 0
    for match in _TYPED.finditer(typed):
        token, end = _read(world, match)
        if token is None:
            continue
        if match.start() > rest:
            yield _Token("text", typed[rest : match.start()])
        yield token
        rest = end
    if rest < len(typed):
        yield _Token("text", typed[rest:])


def _read(world: World, match: re.Match[str]) -> tuple[_Token | None, int]:
    """The token a match stands for, and where it ends (trailing punctuation stays out)."""
    if match["user"]:
        known = match["user"] in world.people
        return (_Token("user", match["user"]) if known else None), match.end()
    if match["room"]:
        known = match["room"] in world.channels
        return (_Token("channel", match["room"]) if known else None), match.end()
    if match["url"]:
        url = match["url"].rstrip(".,;:!?)'\"")
        return _Token("link", url), match.start() + len(url)
    if match["mail"]:
        return _Token("mail", match["mail"]), match.end()
    return _read_name(world, match)


def _read_name(world: World, match: re.Match[str]) -> tuple[_Token | None, int]:
    typed = match["handle"] or match["name"]
    name = typed.rstrip("._-")
    end = match.end() - (len(typed) - len(name))
    if match["name"]:
        room = world.channel_by_name(name)
        return (_Token("channel", room.id) if room else None), end
    person = world.by_handle(name)
    if person is None:
        # A name with a possessive or a tail after a dot: "@priya.please" is still @priya.
        head = re.split(r"[.-]", name)[0]
        person, end = world.by_handle(head), match.start() + 1 + len(head)
    if person is not None:
        return _Token("user", person.id), end
    broadcast = _Token("broadcast", name.lower()) if name.lower() in _BROADCASTS else None
    return broadcast, match.start() + 1 + len(name)


def _markup(world: World, token: _Token, *, labelled: bool) -> str:
    match token.kind:
        case "text":
            return escape(token.value)
        case "user":
            label = f"|{world.people[token.value].name}" if labelled else ""
            return f"<@{token.value}{label}>"
        case "channel":
            return f"<#{token.value}|{world.channels[token.value].name}>"
        case "broadcast":
            return f"@{token.value}" if labelled else f"<!{token.value}>"
        case "link":
            return f"<{escape(token.value)}>"
        case "mail":
            return f"<mailto:{token.value}|{token.value}>"


def _element(token: _Token) -> Json:
    match token.kind:
        case "user":
            return {"type": "user", "user_id": token.value}
        case "channel":
            return {"type": "channel", "channel_id": token.value}
        case "broadcast":
            return {"type": "broadcast", "range": token.value}
        case "link":
            return {"type": "link", "url": token.value}
        case "mail":
            return {"type": "link", "url": f"mailto:{token.value}", "text": token.value}
    return {"type": "text", "text": token.value}
