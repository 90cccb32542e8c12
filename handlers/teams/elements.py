"""Blocks and spans as elements of an Adaptive Card.

Teams reads markdown in a TextBlock, differently in every client, and takes an escape for text in
some. So what people typed stands in the TextRuns of a RichTextBlock alone, which show it as it is.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from governance.words import clip
from handlers.teams.sealing import sealed
from handlers.views import (
    Block,
    Button,
    Buttons,
    Facts,
    Heading,
    Link,
    Note,
    Quote,
    Row,
    Rule,
    Scale,
    Span,
    Spans,
    Text,
    When,
    Who,
    Words,
)

Json = dict[str, Any]

LABEL_LIMIT = 75
NAME_LIMIT = 60
SHOWN_ACTIONS = 6
"""Buttons that Teams shows side by side; further ones are in a menu behind them."""

STYLES = {"primary": "positive", "danger": "destructive"}
WEB = re.compile(r"https?://\S+", re.I)
OBJECT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
FUNCTION = re.compile(r"(?<=\{)(?=\{(?:DATE|TIME)\()")
"""Between the braces of what a card would replace by a date of its own making."""

SMALL: Json = {"size": "small", "isSubtle": True}
ALARMING: Json = {"color": "attention"}
_SHARED = ("place", "thread")


@dataclass(frozen=True)
class Setting:
    """Where a view is shown: the acts whose buttons open a dialog, the reader's zone (IANA) and,
    within a dialog, what its form carries."""

    opens: Container[str] = ()
    zone: str = "UTC"
    in_dialog: bool = False
    kept: Mapping[str, str] = field(default_factory=dict)


def elements(blocks: Iterable[Block], setting: Setting) -> list[Json]:
    """A rule becomes a line above what follows it."""
    shown: list[Json] = []
    ruled = False
    for block in blocks:
        ruled = ruled or isinstance(block, Rule)
        for element in _block(block, setting):
            shown.append(element | ({"separator": True, "spacing": "medium"} if ruled else {}))
            ruled = False
    return shown


def _block(block: Block, setting: Setting) -> list[Json]:
    match block:
        case Heading():
            large = {"size": "large", "weight": "bolder"}
            return [rich((Words(block.text),), setting, large)]
        case Text():
            return [rich(block.spans, setting)]
        case Quote():
            quoted = rich(block.spans, setting)
            return [{"type": "Container", "style": "emphasis", "items": [quoted]}]
        case Note():
            return [rich(block.spans, setting, SMALL) | {"spacing": "small"}]
        case Facts():
            return [_fact(label, spans, setting) for label, spans in block.pairs]
        case Buttons():
            return [action_set(block.buttons, (), setting)] if block.buttons else []
        case Row():
            return _row(block, setting)
        case Scale():
            return _scale(block, setting)
        case Rule():
            return []


def _scale(scale: Scale, setting: Setting) -> list[Json]:
    """Teams does not tell reliably of reactions. In a dialog it is there to be looked at."""
    said = (
        f"Press 1 ({scale.low}) to 5 ({scale.high}); press again to change it. It is counted per "
        "firm, without a name; with few answers people may guess whose is whose."
    )
    line = rich((Words(said),), setting)
    if setting.in_dialog:
        return [rich((Words("[1]  [2]  [3]  [4]  [5]"),), setting), line]
    numbers = [Button(str(n), scale.act, f"{scale.value}:{n}") for n in range(1, 6)]
    return [line, action_set(numbers, (), setting)]


def rich(spans: Spans, setting: Setting, style: Json | None = None) -> Json:
    inlines = [run for span in spans for run in _runs(span, setting, style or {})]
    return {"type": "RichTextBlock", "inlines": inlines or [{"type": "TextRun", "text": " "}]}


def _runs(span: Span, setting: Setting, style: Json) -> list[Json]:
    pieces = FUNCTION.split(sound(_said(span, setting)))
    look = {"type": "TextRun", **style, **_look(span)}
    return [look | {"text": piece} for piece in pieces if piece]


def _said(span: Span, setting: Setting) -> str:
    match span:
        case Who():
            return span.name
        case When():
            return moment(span.at, setting.zone)
        case Link():
            return span.text or span.url
        case Words():
            return span.text


def _look(span: Span) -> Json:
    if isinstance(span, Link) and WEB.fullmatch(sound(span.url)):
        return {"selectAction": {"type": "Action.OpenUrl", "url": sound(span.url)}}
    if not isinstance(span, Words):
        return {}
    look: Json = {"weight": "bolder"} if span.bold else {}
    look |= {"italic": True} if span.italic else {}
    look |= {"strikethrough": True} if span.strike else {}
    return look | ({"fontType": "monospace"} if span.code else {})


def moment(at: datetime, zone: str) -> str:
    """An instant in words: cards can't be trusted to tell the time themselves."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        local = at.astimezone(UTC)
    name = local.strftime("%Z")
    return f"{local:%a %-d %b, %H:%M} {'UTC' + name if name[:1] in '+-' else name}"


def sound(text: str) -> str:
    """Text that can be sent: half a character, which no encoding takes, becomes a mark."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _fact(label: str, spans: Spans, setting: Setting) -> Json:
    named = rich((Words(label),), setting, {"weight": "bolder", "isSubtle": True})
    return _columns((2, named), (5, rich(spans, setting))) | {"spacing": "small"}


def _columns(*columns: tuple[int | str, Json]) -> Json:
    shown = [
        {
            "type": "Column",
            "width": width,
            "verticalContentAlignment": "center" if width == "auto" else "top",
            "items": [item],
        }
        for width, item in columns
    ]
    return {"type": "ColumnSet", "columns": shown}


def _row(row: Row, setting: Setting) -> list[Json]:
    """A line whose button or menu stands beside it, and both below it."""
    text = rich(row.spans, setting)
    if row.button is None and not row.menu:
        return [text]
    actions = action_set((row.button,) if row.button else (), row.menu, setting)
    if row.button is not None and row.menu:
        return [text, actions]
    return [_columns(("stretch", text), ("auto", actions))]


def action_set(shown: Sequence[Button], menu: Sequence[Button], setting: Setting) -> Json:
    actions = [_action(button, setting) for button in (*shown, *menu)]
    for action in actions[min(len(shown), SHOWN_ACTIONS) :]:
        action["mode"] = "secondary"
    return {"type": "ActionSet", "actions": actions}


def _action(button: Button, setting: Setting) -> Json:
    """Only a Submit opens a dialog, and only an Execute is answered with a card."""
    data: Json = {"act": button.act, "value": sound(button.value)}
    if setting.in_dialog:
        return _in_dialog(button, data, setting)
    if button.confirm or button.act in setting.opens:
        data["msteams"] = {"type": "task/fetch"}
        if button.confirm:
            data |= {"confirm": sound(button.confirm), "label": sound(button.label)}
        return _titled("Action.Submit", button) | {"data": sealed(data)}
    return _titled("Action.Execute", button) | {"verb": button.act, "data": sealed(data)}


def _in_dialog(button: Button, data: Json, setting: Setting) -> Json:
    shared = {name: setting.kept[name] for name in _SHARED if setting.kept.get(name)}
    data |= {"in_page": True} | ({"kept": shared} if shared else {})
    pressed = _titled("Action.Submit", button) | {
        "data": sealed(data),
        "associatedInputs": "none",
    }
    if not button.confirm:
        return pressed
    body = [
        rich((Words(button.confirm),), setting),
        {"type": "ActionSet", "actions": [pressed]},
    ]
    return _titled("Action.ShowCard", button) | {"card": {"type": "AdaptiveCard", "body": body}}


def _titled(kind: str, button: Button) -> Json:
    style = {"style": STYLES[button.style]} if button.style else {}
    return {"type": kind, "title": title(button.label), **style}


def title(text: str) -> str:
    return clip(sound(text), LABEL_LIMIT).strip() or "…"


def notified(blocks: Iterable[Block]) -> list[Who]:
    """The people of Teams who are named, each once."""
    named: dict[str, Who] = {}
    for span in (span for block in blocks for span in _spans(block)):
        if isinstance(span, Who) and OBJECT_ID.fullmatch(span.user_id or ""):
            named.setdefault((span.user_id or "").lower(), span)
    return list(named.values())


def _spans(block: Block) -> Spans:
    match block:
        case Facts():
            return tuple(span for _, spans in block.pairs for span in spans)
        case Text() | Quote() | Note() | Row():
            return block.spans
        case _:
            return ()


def mention_line(people: Sequence[Who]) -> tuple[Json, list[Json]]:
    """The line that tells them they were named, and what Teams needs to know for it. The same name
    twice is told apart, as its text is how Teams finds the person."""
    names: list[str] = []
    for who in people:
        name, at = _inert(who.name), 2
        while name in names:
            name, at = f"{_inert(who.name)} {at}", at + 1
        names.append(name)
    line = " ".join(f"<at>{name}</at>" for name in names)
    entities = [
        {
            "type": "mention",
            "text": f"<at>{name}</at>",
            "mentioned": {"id": who.user_id, "name": name},
        }
        for who, name in zip(people, names, strict=True)
    ]
    return {"type": "TextBlock", "text": line, "wrap": True, "spacing": "small", **SMALL}, entities


def _inert(name: str) -> str:
    """A name with only what no markup is made of."""
    kept = "".join(c if _is_of_a_name(c) else " " for c in name)
    return clip(" ".join(kept.split()), NAME_LIMIT) or "colleague"


def _is_of_a_name(letter: str) -> bool:
    return letter.isalnum() or letter in ".'’-" or unicodedata.category(letter) in ("Mn", "Mc")
