"""What is read of sharing and taking back: previews, what came of it, what a card then says."""

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session

from governance.firms import sides
from governance.items import action_item_records, action_items
from governance.messages import cards
from governance.people.members import Seat
from governance.seeing import deliveries
from governance.seeing.deliveries import Sighting
from governance.seeing.sharing import Emptied
from handlers.acts import Ask
from handlers.items.action_item_page import facts
from handlers.items.action_item_views import card as item_card
from handlers.items.action_item_views import shown
from handlers.seeing.seen import channel_name
from handlers.views import (
    Block,
    Choice,
    ChoiceField,
    Field,
    Form,
    Message,
    Note,
    Text,
    Words,
    WordsField,
    bold,
    words,
)
from storage.tables import ActionItem, Alliance, Card, Conversation, HistoryEntry, Side


def share_form(ask: Ask, item: ActionItem, by: Seat, channels: list[Conversation]) -> Form:
    """Exactly what the partner will see, before they see it. The words may be put differently."""
    what = shown(ask.session, item)
    everybody = sides.every_firm(ask.session, item.alliance_id)
    blocks: tuple[Block, ...] = (
        Text(words(f"{everybody.capitalize()} will see this, with the words below:")),
        facts(ask.session, what, ask.today),
        Note(words(_stays(item, by.side), " Its number becomes a joint one.")),
    )
    text = WordsField(
        "text",
        f"What {everybody} will read",
        item.text,
        long=True,
        limit=action_items.TEXT_LIMIT,
    )
    fields: tuple[Field, ...] = (text, *_where(channels))
    return Form(
        f"Share {what.reference}",
        "action_item.share_as",
        blocks,
        fields,
        {"value": item.token},
        "Share",
    )


def _stays(item: ActionItem, side: Side) -> str:
    parts = ["the quote"] if item.quote else []
    parts += ["the link to where it was said"] if item.source_link else []
    parts.append("what happened so far")
    said = " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]
    stays = "stay" if len(parts) > 1 else "stays"
    return f"{said[0].upper()}{said[1:]} {stays} with {side.firm}."


def _where(channels: list[Conversation]) -> tuple[Field, ...]:
    """Only where there is a choice."""
    if len(channels) < 2:
        return ()
    offered = tuple(Choice(str(place.id), f"#{place.name}") for place in channels[:100])
    return (ChoiceField("shown_in", "Show it in", offered, offered[0].value),)


def take_back_form(ask: Ask, item: ActionItem, by: Seat, seen: list[Sighting]) -> Form:
    """What can be undone and what can't, before it is."""
    session = ask.session
    reference = shown(session, item).reference
    blocks: list[Block] = [
        Text(words(bold(reference), Words(f" {item.text}"))),
        Text(words(f"Only {by.side.firm} will see it then, under a number of its own.")),
    ]
    where = list(dict.fromkeys(_where_seen(session, seen, by)))
    if where:
        blocks.append(Text(words("It was shown: ", Words(", ".join(where)), ".")))
        blocks.append(
            Text(
                words(
                    "I empty what I wrote there. What was read, and what phones, mail and open "
                    "forms still show, I can't undo."
                )
            )
        )
    else:
        blocks.append(Text(words("I have shown it to nobody else.")))
    return Form(
        f"Take back {reference}",
        "action_item.take_back_now",
        tuple(blocks),
        args={"value": item.token},
        submit="Take back",
    )


def _where_seen(session: Session, seen: list[Sighting], by: Seat) -> Iterable[str]:
    people = deliveries.people_in(session, seen)
    places = deliveries.places_in(session, seen, by.member)
    for one in seen:
        if one.person_id is not None:
            how = {"directly": "in a message", "home": "on Home"}.get(one.way, "when asking for it")
            yield f"to {people[one.person_id].name} {how}"
        elif one.place_id is not None:
            yield f"to everybody in {channel_name(places.get(one.place_id))}"


def emptied_words(emptied: Emptied) -> str:
    """What was taken out of sight: ` Emptied: its card and 2 messages.`"""
    shown = "its card" if emptied.cards == 1 else f"its {emptied.cards} cards"
    cards_said = [shown] if emptied.cards else []
    count = emptied.messages
    messages = [f"{count} message{'s' if count > 1 else ''}"] if count else []
    said = " and ".join(cards_said + messages)
    return f" Emptied: {said}." if said else ""


def card(session: Session, card_shown: Card, items: list[ActionItem]) -> Message | None:
    """A card with what is still on it, and at the firm whose own it was what became of the rest."""
    lines = list(dict.fromkeys(_what_left(session, card_shown, alone=not items)))
    notes = tuple(Note((Words(line),)) for line in lines)
    if items:
        mirror = card_shown.mirror_of is not None
        place = session.get_one(Conversation, card_shown.conversation_id) if mirror else None
        made = item_card(session, items, mirrored_in=place)
        return replace(made, blocks=(*made.blocks, *notes))
    return Message(notes) if notes else None


def _what_left(session: Session, left: Card, *, alone: bool) -> Iterable[str]:
    for entry in cards.moved_from(session, left):
        item = session.get_one(ActionItem, entry.before["item"])
        if entry.what == "shared":
            yield _went_on(session, item, entry)
        elif alone:
            firm = session.get_one(Side, item.proposer_side_id).firm
            yield f"Taken back by {firm}."


def _went_on(session: Session, item: ActionItem, entry: HistoryEntry) -> str:
    alliance = session.get_one(Alliance, item.alliance_id)
    now_called, was = action_item_records.reference(item, alliance), entry.before["reference"]
    if item.series_side_id:
        return f"{was} is {now_called} now."
    return f"{was} is shared with {sides.every_firm(session, item.alliance_id)} as {now_called}."
