"""Views as plain text: the fallback of every message, and what a phone's lock screen shows."""

from handlers.views import (
    Block,
    Buttons,
    Facts,
    Heading,
    Link,
    Message,
    Note,
    Quote,
    Row,
    Rule,
    Scale,
    Span,
    Text,
    When,
    Who,
)

NAMES_SHOWN = 6


def plain(message: Message) -> str:
    """The whole message, a block a line, buttons in brackets."""
    return "\n".join(line for block in message.blocks if (line := block_text(block)))


def lead(message: Message) -> str:
    """The line that stands for the message where there is room for one."""
    return message.lead or "\n".join(
        line
        for block in message.blocks
        if not isinstance(block, Buttons) and (line := block_text(block, buttons=False))
    )


def block_text(block: Block, *, buttons: bool = True) -> str:
    match block:
        case Heading():
            return block.text
        case Text() | Note():
            return spans_text(block.spans)
        case Quote():
            return "\n".join(f"> {line}" for line in spans_text(block.spans).splitlines())
        case Facts():
            return "\n".join(f"{label}: {spans_text(spans)}" for label, spans in block.pairs)
        case Buttons():
            return " ".join(f"[{button.label}]" for button in block.buttons)
        case Row():
            pressable = ((block.button,) if block.button else ()) + block.menu
            labels = " ".join(f"[{button.label}]" for button in pressable) if buttons else ""
            return f"{spans_text(block.spans)} {labels}".rstrip()
        case Scale():
            return f"1 ({block.low}) to 5 ({block.high})"
        case Rule():
            return ""


def spans_text(spans: tuple[Span, ...]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    match span:
        case Who():
            return span.name
        case When():
            return span.at.strftime("%a %-d %b %Y, %H:%M UTC")
        case Link():
            return span.text
        case _:
            return span.text


def listed(names: list[str]) -> str:
    """Anna, Ben and 3 more."""
    shown = names[:NAMES_SHOWN]
    if len(names) > NAMES_SHOWN:
        shown.append(f"{len(names) - NAMES_SHOWN} more")
    return joined(shown)


def joined(names: list[str]) -> str:
    """Anna, Ben and Carla."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
