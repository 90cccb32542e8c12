"""What people do with a file that the bot offers them."""

from typing import Any, Literal

from playground.refusal import Json, Refusal
from playground.teams import files
from playground.teams.house import House
from playground.teams.places import Place, send
from playground.teams.world import Message, Person, Room

CONSENT = "fileConsent/invoke"


async def accept(house: House, person: Person, message_id: object) -> Json:
    """Teams makes room for the file before the bot hears of it; `file` is its id."""
    room, message, card = _offered(house, person, message_id)
    stored = files.begin(house.world.files, card["name"], person.id)
    about = files.upload_info(house.public_url, stored)
    await _tell(house, person, room, message, card, "accept", uploadInfo=about)
    return {"file": stored.id}


async def decline(house: House, person: Person, message_id: object) -> Json:
    room, message, card = _offered(house, person, message_id)
    await _tell(house, person, room, message, card, "decline")
    return {}


def _offered(house: House, person: Person, message_id: object) -> tuple[Room, Message, Json]:
    room, message = house.world.message(person, message_id)
    offered = [row for row in message.files if row["contentType"] == files.CONSENT]
    if not offered:
        raise Refusal("no_file_is_offered")
    if not house.world.bot_in(room):
        raise Refusal("app_not_installed")
    return room, message, offered[0]


async def _tell(
    house: House,
    person: Person,
    room: Room,
    message: Message,
    card: Json,
    action: Literal["accept", "decline"],
    **more: Any,
) -> None:
    context = card["content"][f"{action}Context"]
    value = {"type": "fileUpload", "action": action, "context": context, **more}
    place = Place(room, None, {}, message.id, message=message)
    await send(house, CONSENT, person, place, value, replies=True)
