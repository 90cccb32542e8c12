"""What Teams wants to read in answer to an invoke."""

from typing import Any

from handlers.teams import render
from handlers.teams.door import Answer
from handlers.text import plain
from handlers.views import Buttons, Choice, Facts, Message, Row

Json = dict[str, Any]

TEXT = "application/vnd.microsoft.activity.message"
FOUND = "application/vnd.microsoft.search.searchResponse"

OFFERED = 15
"""Choices that Teams shows at most."""

LONGEST_TEXT = 300
"""Letters under a card; what is longer is written as a message."""

NOTHING = Answer()


def text(said: str) -> Answer:
    """A few words under the card that was pressed, for whoever pressed it."""
    return Answer(200, {"statusCode": 200, "type": TEXT, "value": said})


def card(shown: Json) -> Answer:
    """The card as it reads now, in place of the one that was pressed."""
    return Answer(200, {"statusCode": 200, "type": render.CARD, "value": shown})


def dialog(shown: Json) -> Answer:
    """The dialog to open, or to go on with."""
    return Answer(200, {"task": {"type": "continue", "value": shown}})


def note(said: str) -> Answer:
    """A few words in a dialog's place."""
    return Answer(200, {"task": {"type": "message", "value": said}})


def choices(found: list[Choice]) -> Answer:
    results = [{"title": one.label, "value": one.value} for one in found[:OFFERED]]
    return Answer(200, {"statusCode": 200, "type": FOUND, "value": {"results": results}})


def fits_below(message: Message) -> bool:
    """Whether a message is nothing but a few words."""
    pressed = any(isinstance(block, (Buttons, Row, Facts)) for block in message.blocks)
    return not pressed and len(plain(message)) <= LONGEST_TEXT
