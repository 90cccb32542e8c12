"""One long message on several cards, which is called by the ids of all of them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from handlers import acts
from handlers.teams import render
from handlers.views import Message, say
from storage.tables import Outbox

Json = dict[str, Any]

BETWEEN = ","
"""Between the ids of the cards."""

EMPTY = say("Nothing more.")


def called(cards: Sequence[str]) -> str:
    return BETWEEN.join(cards)


def cards_of(ts: str) -> list[str]:
    return ts.split(BETWEEN) if ts else []


def filled_up(shown: list[Json], cards: int) -> list[Json]:
    """Something for each of the cards: those that are too many say that there is no more."""
    return [*shown, *[render.activity(EMPTY, opens=acts.OPENS_FORM)] * (cards - len(shown))]


def anew(message: Message, cards: int, *, zone: str) -> list[Json]:
    """What is to stand on each of a message's cards now. Where they can't hold everything, the
    last one says so: a card that was not there can't be put between."""
    shown = render.pages(message, opens=acts.OPENS_FORM, zone=zone, mentions=False, most=cards)
    return filled_up(shown, cards)


def card_anew(message: Message, ts: str, card: str, *, zone: str) -> Json:
    """The same for the one card that was pressed."""
    cards = cards_of(ts) or [card]
    at = cards.index(card) if card in cards else 0
    activity = anew(message, len(cards), zone=zone)[at]
    shown: Json = activity["attachments"][0]["content"]
    return shown


def message_of(session: Session, conversation: str, card: str) -> str:
    """The message that a card in a personal chat belongs to; by itself, the card."""
    chosen = select(Outbox.ts).where(
        Outbox.channel == conversation,
        col(Outbox.ts).contains(BETWEEN),
        col(Outbox.ts).contains(card, autoescape=True),
    )
    return next((ts for ts in session.exec(chosen) if ts and card in cards_of(ts)), card)
