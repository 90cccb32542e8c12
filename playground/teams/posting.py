"""What the bot says, checked, and put where it belongs."""

from dataclasses import dataclass
from typing import Any

from playground.refusal import Json
from playground.teams import files
from playground.teams.activities import CARD
from playground.teams.cards import check_card, part, wide_bytes
from playground.teams.denial import bad, denied, one_of
from playground.teams.house import House
from playground.teams.mentions import check_mentions, mentioned
from playground.teams.world import Message, Room, World

MESSAGE_BYTES = 80_000
MOST_ATTACHMENTS = 10
_KNOWN = ("mention", "targetedMessageInfo", "clientInfo", "https://schema.org/Message")


@dataclass(frozen=True)
class Content:
    text: str
    format: str
    cards: list[Json]
    files: list[Json]
    entities: list[Json]
    summary: str
    pings: list[str]
    importance: str
    alert: bool


def read_content(house: House, room: Room, body: Json) -> Content:
    """Everything that may be wrong with a message, found before anything happens."""
    text = body.get("text") or ""
    form = body.get("textFormat") or "markdown"
    summary = body.get("summary") or ""
    if not all(isinstance(words, str) for words in (text, form, summary)):
        raise bad("text, textFormat and summary must be strings")
    one_of(form, ("plain", "markdown", "xml", "extendedmarkdown"), "textFormat")
    one_of(body.get("importance"), ("low", "normal", "high", "urgent"), "importance")
    one_of(body.get("attachmentLayout"), ("list", "carousel"), "attachmentLayout")
    cards, shown = _read_attachments(house, room, body.get("attachments"))
    if not text.strip() and not cards and not shown:
        raise bad("Activity must have a text or an attachment")
    if cards and not summary.strip():
        raise bad("A message with a card needs a summary")
    if form != "plain" and any(word in text for word in house.marked):
        raise bad("somebody's words where markdown is read")
    if wide_bytes(body) > MESSAGE_BYTES:
        raise denied("MessageSizeTooBig")
    entities = _read_entities(text, body.get("entities"))
    pings = _read_pings(house.world, room, entities, cards)
    importance, alert = body.get("importance") or "normal", _alerts(body)
    return Content(text, form, cards, shown, entities, summary, pings, importance, alert)


def _read_attachments(house: House, room: Room, given: Any) -> tuple[list[Json], list[Json]]:
    """The cards, and the files that are offered or shown."""
    rows = [] if given is None else given
    if not isinstance(rows, list) or len(rows) > MOST_ATTACHMENTS:
        raise bad(f"attachments must be a list of at most {MOST_ATTACHMENTS}")
    for row in rows:
        kind = row.get("contentType") if isinstance(row, dict) else None
        if kind in files.KINDS:
            _check_file(house, room, row)
        elif kind == CARD:
            checked(row.get("content"), house)
        else:
            raise bad(f"the only attachments known are {', '.join((CARD, *files.KINDS))}")
    shown = [row for row in rows if row["contentType"] != CARD]
    return [row["content"] for row in rows if row["contentType"] == CARD], shown


def _check_file(house: House, room: Room, row: Json) -> None:
    files.check_card(row, personal=room.kind == "personal", supported=house.manifest.files)
    if row["contentType"] == files.CONSENT:
        files.check_consent(row)
    else:
        files.check_info(row, house.world.files, house.public_url)


def checked(card: Any, house: House) -> Json:
    problems = check_card(card, marked=house.marked)
    if any("bytes in UTF-16" in words for words in problems):
        raise denied("MessageSizeTooBig")
    if problems or not isinstance(card, dict):
        raise bad("; ".join(problems))
    return card


def _read_entities(text: str, given: Any) -> list[Json]:
    rows = [] if given is None else given
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad("entities must be a list of objects")
    for row in rows:
        one_of(row.get("type", ""), _KNOWN, "an entity's type")
    problems = check_mentions([text], rows)
    if problems:
        raise bad("; ".join(problems))
    return rows


def _read_pings(world: World, room: Room, entities: list[Json], cards: list[Json]) -> list[str]:
    in_cards = [e for c in cards for e in part(c, "msteams").get("entities", [])]
    pings = mentioned(world, [*entities, *in_cards])
    here = {*world.people_in(room), world.bot}
    if not set(pings) <= here:
        raise bad("somebody is mentioned who is not in the conversation")
    return pings


def _alerts(body: Json) -> bool:
    return bool(part(part(body, "channelData"), "notification").get("alert"))


def post(
    world: World, room: Room, content: Content, root: str | None, targeted_to: str | None = None
) -> Message:
    message = Message(
        id=world.next_message_id(),
        room=room.id,
        sender=world.bot,
        text=content.text,
        root=root,
        targeted_to=targeted_to,
        at=world.now(),
    )
    _fill(message, content)
    message.alert = content.alert
    room.messages[message.id] = message
    world.tell(message)
    return message


def edit(world: World, message: Message, content: Content) -> None:
    """Everybody has the new one now, whatever card they had been given."""
    _fill(message, content)
    message.edited = world.now()
    message.own_cards.clear()
    message.notes.clear()
    world.tell(message)


def _fill(message: Message, content: Content) -> None:
    message.text, message.format = content.text, content.format
    message.cards, message.entities = content.cards, content.entities
    message.files = content.files
    message.summary, message.importance = content.summary, content.importance
    message.pings = content.pings
