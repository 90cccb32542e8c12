"""Views as Block Kit. What people typed becomes rich-text elements, which can't ping or format."""

import json
import re
from typing import Any

from governance.words import clip, length
from handlers.text import lead, spans_text
from handlers.views import (
    Block,
    Button,
    Buttons,
    ChannelField,
    Choice,
    ChoiceField,
    DayField,
    Facts,
    Field,
    Form,
    Heading,
    Link,
    ManyField,
    Message,
    Note,
    PersonField,
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
    WordsField,
)

Json = dict[str, Any]

SLACK_ID = re.compile(r"[UW][A-Z0-9]+")
"""Somebody of another platform is named in plain words."""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
FALLBACK_LIMIT = 3000
HEADING_LIMIT = 150
CONTEXT_LIMIT = 2000
WORDS_LIMIT = 3000
TITLE_LIMIT = 24
LABEL_LIMIT = 75
MENU = "menu"
CLOSED = "closed"
CHANNELS = {"include": ["public", "private"], "exclude_bot_users": True}


def message(view: Message) -> Json:
    """The `text` and `blocks` of a message. The text is the fallback and pings nobody."""
    return {
        "text": escape(clip(lead(view), FALLBACK_LIMIT)) or " ",
        "blocks": [block for part in view.blocks for block in _block(part)][:MESSAGE_BLOCKS],
    }


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def modal(form: Form) -> Json:
    blocks = [block for part in form.blocks for block in _block(part)]
    blocks += [_field(field) for field in form.fields]
    view: Json = {
        "type": "modal",
        "callback_id": form.act,
        "title": _plain(clip(form.title, TITLE_LIMIT)),
        "close": _plain(form.close or ("Cancel" if form.submit else "Close")),
        "private_metadata": json.dumps(_kept(form), ensure_ascii=False),
        "blocks": blocks[:VIEW_BLOCKS] or [_section((Text(()),))],
    }
    if form.closed:
        view["notify_on_close"] = True
    if form.submit:
        view["submit"] = _plain(clip(form.submit, TITLE_LIMIT))
    return view


def _kept(form: Form) -> dict[str, str]:
    """What the platform carries for the form, and brings back."""
    return form.args | ({CLOSED: form.closed} if form.closed else {})


def page(view: Message, *, title: str = "Alliance") -> Json:
    """A message shown where only a form can be."""
    return modal(Form(title, "page", view.blocks))


def home(view: Message) -> Json:
    blocks = [block for part in view.blocks for block in _block(part)][:VIEW_BLOCKS]
    return {"type": "home", "blocks": blocks}


def _block(part: Block) -> list[Json]:
    match part:
        case Heading():
            return [{"type": "header", "text": _plain(clip(part.text, HEADING_LIMIT))}]
        case Text():
            return [_rich("rich_text_section", part.spans)]
        case Quote():
            return [_rich("rich_text_quote", part.spans)]
        case Note():
            return [_context(part.spans)]
        case Facts():
            return [_facts(part)]
        case Buttons():
            return [_actions(part.buttons)]
        case Row():
            return _row(part)
        case Scale():
            return [_rich("rich_text_section", _scale(part))]
        case Rule():
            return [{"type": "divider"}]


def _scale(part: Scale) -> Spans:
    """The reactions that answer it are put on the message once it is posted."""
    said = f"React with 1 ({part.low}) to 5 ({part.high}). Reactions are public. "
    return (Words(f"{said}Of several the last one counts."),)


def _rich(kind: str, spans: Spans) -> Json:
    elements = [element for span in spans if (element := _element(span))]
    inner = {"type": kind, "elements": elements or [{"type": "text", "text": " "}]}
    return {"type": "rich_text", "elements": [inner]}


def _element(span: Span) -> Json | None:
    match span:
        case Who():
            if SLACK_ID.fullmatch(span.user_id or ""):
                return {"type": "user", "user_id": span.user_id}
            return {"type": "text", "text": span.name}
        case When():
            return {
                "type": "date",
                "timestamp": int(span.at.timestamp()),
                "format": "{date_short_pretty} {time}",
                "fallback": spans_text((span,)),
            }
        case Link():
            return {"type": "link", "url": span.url, "text": span.text}
        case _:
            style = {
                name: True for name in ("bold", "italic", "strike", "code") if getattr(span, name)
            }
            if not span.text:
                return None
            return {"type": "text", "text": span.text, **({"style": style} if style else {})}


def _context(spans: Spans) -> Json:
    parts = "".join(_mrkdwn(span) for span in spans)
    text = {"type": "mrkdwn", "text": clip(parts, CONTEXT_LIMIT) or " ", "verbatim": True}
    return {"type": "context", "elements": [text]}


def _mrkdwn(span: Span) -> str:
    """For small print and fields, which have no rich text: all typed words escaped, their
    formatting characters broken by a zero-width space so that they show as typed."""
    match span:
        case When():
            stamp = int(span.at.timestamp())
            fallback = escape(spans_text((span,)))
            return f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{fallback}>"
        case Link():
            return f"<{escape(span.url)}|{escape(span.text)}>"
        case Who():
            return _inert(span.name)
        case _:
            plain = _inert(span.text)
            return f"`{escape(span.text)}`" if span.code else plain


def _inert(text: str) -> str:
    guarded = escape(text)
    for mark in "*_~`":
        guarded = guarded.replace(mark, f"\u2060{mark}\u2060")
    return guarded


def _facts(part: Facts) -> Json:
    fields = [
        {
            "type": "mrkdwn",
            "verbatim": True,
            "text": clip(f"*{escape(label)}*\n" + ("".join(map(_mrkdwn, spans)) or " "), 2000),
        }
        for label, spans in part.pairs[:10]
    ]
    return {"type": "section", "fields": fields}


def _actions(buttons: tuple[Button, ...]) -> Json:
    elements = []
    for at, button in enumerate(buttons[:25]):
        repeated = sum(earlier.act == button.act for earlier in buttons[:at])
        elements.append(_button(button, repeated))
    return {"type": "actions", "elements": elements}


def _button(button: Button, at: int = 0) -> Json:
    """`at` tells buttons of one block apart that run the same act."""
    element: Json = {
        "type": "button",
        "text": _plain(clip(button.label, LABEL_LIMIT)),
        "action_id": f"{button.act}#{at}" if at else button.act,
    }
    if button.value:
        element["value"] = button.value
    if button.style:
        element["style"] = button.style
    if button.confirm:
        element["confirm"] = {
            "title": _plain("Are you sure?"),
            "text": _plain(button.confirm),
            "confirm": _plain(button.label),
            "deny": _plain("Not now"),
        }
    return element


def _row(part: Row) -> list[Json]:
    """A line whose buttons follow it, or stand beside it when there is one, or a menu."""
    if part.button is not None and part.menu:
        return [_rich("rich_text_section", part.spans), _actions((part.button, *part.menu))]
    section = _section((Text(part.spans),))
    if part.button is not None:
        section["accessory"] = _button(part.button)
    elif part.menu:
        options = [
            {"text": _plain(clip(b.label, LABEL_LIMIT)), "value": f"{b.act}|{b.value}"}
            for b in part.menu[:5]
        ]
        section["accessory"] = {"type": "overflow", "action_id": MENU, "options": options}
    return [section]


def _section(parts: tuple[Text, ...]) -> Json:
    text = "".join(_bold_aware(span) for part in parts for span in part.spans)
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": clip(text, 3000) or " ", "verbatim": True},
    }


def _bold_aware(span: Span) -> str:
    """Bold and struck words; spaces stay outside the marks, which Slack needs to see them."""
    said = _mrkdwn(span)
    for style, mark in (("bold", "*"), ("strike", "~")):
        if getattr(span, style, False) and said.strip():
            bare = said.strip()
            said = said.replace(bare, f"{mark}{bare}{mark}", 1)
    return said


def _field(field: Field) -> Json:
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label),
        "optional": field.optional,
        "element": _input(field),
    }
    if field.hint:
        block["hint"] = _plain(field.hint)
    return block


def _input(field: Field) -> Json:
    match field:
        case WordsField():
            element: Json = {
                "type": "plain_text_input",
                "action_id": field.name,
                "multiline": field.long,
                "max_length": min(max(field.limit, length(field.value)), WORDS_LIMIT),
            }
            begun = clip(field.value, WORDS_LIMIT)
            return element | ({"initial_value": begun} if begun else {})
        case DayField():
            element = {"type": "datepicker", "action_id": field.name}
            return element | ({"initial_date": field.value.isoformat()} if field.value else {})
        case PersonField():
            element = {
                "type": "external_select",
                "action_id": field.source,
                "min_query_length": 0,
                "placeholder": _plain("Type a name"),
            }
            return element | ({"initial_option": option(field.value)} if field.value else {})
        case ChoiceField():
            element = {
                "type": "static_select",
                "action_id": field.name,
                "options": [option(choice) for choice in field.choices],
            }
            chosen = [option(c) for c in field.choices if c.value == field.value]
            return element | ({"initial_option": chosen[0]} if chosen else {})
        case ManyField():
            ticked = [option(c) for c in field.choices if c.value in field.values]
            element = {
                "type": "checkboxes",
                "action_id": field.name,
                "options": [option(choice) for choice in field.choices],
            }
            return element | ({"initial_options": ticked} if ticked else {})
        case ChannelField():
            return _channel_input(field)


def _channel_input(field: ChannelField) -> Json:
    element: Json = {
        "type": "conversations_select",
        "action_id": field.name,
        "filter": CHANNELS,
        "placeholder": _plain("Choose a channel"),
    }
    return element | ({"initial_conversation": field.value} if field.value else {})


def option(choice: Choice) -> Json:
    return {"text": _plain(clip(choice.label, LABEL_LIMIT)), "value": choice.value}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}
