"""What people do with words: messages, edits, deletions, reactions."""

from playground.refusal import Json, Refusal
from playground.teams import activities
from playground.teams.house import House
from playground.teams.mentions import read_speech
from playground.teams.world import Message, Person, Room


def room_for(house: House, person: Person, reference: object) -> Room:
    """A conversation this person is in."""
    room = house.world.room(reference, person)
    if person.id not in house.world.people_in(room):
        raise Refusal("not_in_conversation")
    return room


async def message(
    house: House,
    person: Person,
    conversation: object,
    text: str,
    thread: object = None,
    *,
    targeted: bool = False,
) -> Json:
    """Say something. The bot gets it in a personal chat, where it is mentioned, or targeted: a
    command chosen from the `/` menu, which only the person and the bot see."""
    room = room_for(house, person, conversation)
    if not text.strip():
        raise Refusal("no_text")
    if targeted:
        _may_target(house, room)
    if room.kind == "personal" and not house.world.bot_in(room):
        raise Refusal("app_not_installed")
    root = _root_of(room, thread or _thread_in(conversation))
    said, entities = read_speech(house.world, room, text)
    sent = _add(house, person, room, said, entities, root, targeted)
    if _reaches_bot(house, room, sent):
        sent.delivered = True
        await house.deliveries.deliver(activities.message_activity(house, person, room, sent))
    return {"id": sent.id}


def _may_target(house: House, room: Room) -> None:
    if room.kind == "personal":
        raise Refusal("no_slash_in_personal_chats")
    if not house.manifest.targeted:
        raise Refusal("targeted_messages_not_supported")
    if not house.world.bot_in(room):
        raise Refusal("app_not_installed")


def _thread_in(conversation: object) -> str:
    return str(conversation).partition(";messageid=")[2]


def _root_of(room: Room, thread: object) -> str | None:
    """A reply to a reply belongs to the first message."""
    if not thread:
        return None
    found = room.messages.get(str(thread))
    if room.kind != "channel" or found is None or found.targeted_to is not None:
        raise Refusal("thread_not_found")
    return found.root or found.id


def _add(
    house: House,
    person: Person,
    room: Room,
    text: str,
    entities: list[Json],
    root: str | None,
    targeted: bool,
) -> Message:
    world = house.world
    sent = Message(
        id=world.next_message_id(),
        room=room.id,
        sender=person.id,
        text=text,
        root=root,
        entities=entities,
        pings=[entity["mentioned"]["id"] for entity in entities],
        targeted_to=person.id if targeted else None,
        at=world.now(),
    )
    room.messages[sent.id] = sent
    world.tell(sent)
    return sent


def _reaches_bot(house: House, room: Room, sent: Message) -> bool:
    if not house.world.bot_in(room):
        return False
    named = house.world.bot in sent.pings
    return room.kind == "personal" or named or sent.targeted_to is not None


async def edit(house: House, person: Person, message_id: object, text: str) -> Json:
    room, found = _own(house, person, message_id)
    if not text.strip():
        raise Refusal("no_text")
    found.text, found.entities = read_speech(house.world, room, text)
    found.pings = [entity["mentioned"]["id"] for entity in found.entities]
    found.edited = house.world.now()
    house.world.tell(found)
    if _reaches_bot(house, room, found):
        found.delivered = True
        await _changed(house, person, room, found, "messageUpdate", "editMessage")
    return {}


async def delete(house: House, person: Person, message_id: object) -> Json:
    room, found = _own(house, person, message_id)
    found.deleted = True
    house.world.tell(found)
    if found.delivered and house.world.bot_in(room):
        await _changed(house, person, room, found, "messageDelete", "softDeleteMessage")
    return {}


async def undelete(house: House, person: Person, message_id: object) -> Json:
    for room in house.world.rooms.values():
        found = room.messages.get(str(message_id))
        if found is not None and found.deleted and found.sender == person.id:
            found.deleted = False
            house.world.tell(found)
            if found.delivered and house.world.bot_in(room):
                await _changed(house, person, room, found, "messageUpdate", "undeleteMessage")
            return {}
    raise Refusal("message_not_found")


def _own(house: House, person: Person, message_id: object) -> tuple[Room, Message]:
    room, found = house.world.message(person, message_id)
    if found.sender != person.id:
        raise Refusal("not_your_message")
    return room, found


async def _changed(
    house: House, person: Person, room: Room, found: Message, kind: str, event_type: str
) -> None:
    activity = activities.message_activity(house, person, room, found, kind)
    activity["channelData"]["eventType"] = event_type
    await house.deliveries.deliver(activity)


async def reaction(
    house: House, person: Person, message_id: object, kind: str, *, added: bool = True
) -> Json:
    """The bot hears of it on its own messages only."""
    room, found = house.world.message(person, message_id)
    who = found.reactions.setdefault(kind, [])
    if not kind or (person.id in who) == added:
        raise Refusal("already_reacted" if added else "no_reaction")
    if added:
        who.append(person.id)
    else:
        who.remove(person.id)
    found.reactions = {name: people for name, people in found.reactions.items() if people}
    house.world.revision.bump()
    if found.sender == house.world.bot and house.world.bot_in(room):
        root = found.root or found.id
        key = "reactionsAdded" if added else "reactionsRemoved"
        more = {"replyToId": found.id, key: [{"type": kind}]}
        activity = activities.envelope(house, "messageReaction", person, room, root, **more)
        await house.deliveries.deliver(activity)
    return {}
