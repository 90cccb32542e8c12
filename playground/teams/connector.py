"""The Bot Connector's conversations: beginning them, posting, changing, removing, reacting."""

import re
from dataclasses import dataclass
from typing import Any

from playground.refusal import Json, Refusal
from playground.teams import posting
from playground.teams.activities import conversation_id
from playground.teams.cards import part
from playground.teams.denial import bad, denied, writes_blocked
from playground.teams.house import House
from playground.teams.keys import ANY_TENANT
from playground.teams.seed import add_personal
from playground.teams.world import Message, Person, Room

_GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


@dataclass(frozen=True)
class Call:
    """One call of the bot. `tenant` is that of the service URL, `token_tenant` the token's."""

    tenant: str
    token_tenant: str
    path: dict[str, str]
    query: dict[str, str]
    body: Any = None

    @property
    def targeted(self) -> bool:
        return self.query.get("isTargetedActivity", "").lower() == "true"

    def object(self) -> Json:
        if not isinstance(self.body, dict):
            raise denied("BadSyntax", "The body must be a JSON object")
        return self.body


Answer = tuple[int, Any]


def room_of(house: House, call: Call) -> tuple[Room, str | None]:
    """The conversation of a call and the thread in it, if one is named."""
    base, _, root = call.path["conversation"].partition(";messageid=")
    room = house.world.rooms.get(base)
    if room is None or room.tenant != call.tenant:
        raise denied("ConversationNotFound")
    if call.token_tenant not in (ANY_TENANT, room.tenant):
        raise denied("ForbiddenOperationException", "The token is for another tenant.")
    if not house.world.bot_in(room):
        raise denied("BotNotInConversationRoster")
    if root and (room.kind != "channel" or not _is_root(room, root)):
        raise denied("ConversationNotFound")
    return room, root or None


def _is_root(room: Room, message_id: str) -> bool:
    """What only one person sees begins no thread."""
    found = room.messages.get(message_id)
    return found is not None and found.root is None and found.targeted_to is None


def _writable(room: Room) -> None:
    if room.blocked:
        raise writes_blocked(plain=room.blocked == "plain")


async def create(house: House, call: Call) -> Answer:
    body = call.object()
    data = part(body, "channelData")
    channel = part(data, "channel").get("id")
    members = body.get("members") or []
    bot = body.get("bot")
    if bot is not None and (not isinstance(bot, dict) or bot.get("id") != house.world.bot):
        raise bad("bot.id is not this bot's")
    if bool(members) == bool(channel):
        raise denied("BadSyntax", "Either one member or a channel must be named")
    if "is_group" in body or bool(body.get("isGroup", channel)) != bool(channel):
        raise bad("isGroup must be false for one person and true for a channel")
    if channel:
        return _create_thread(house, call, str(channel), body)
    return _create_personal(house, call, members, body, part(data, "tenant").get("id"))


def _create_thread(house: House, call: Call, channel: str, body: Json) -> Answer:
    path = {"conversation": channel}
    room, root = room_of(house, Call(call.tenant, call.token_tenant, path, {}))
    if room.kind != "channel" or root:
        raise denied("BadSyntax")
    activity = _message_body(body.get("activity"))
    house.limits.count("create", room.id, house.world.now())
    _writable(room)
    message = posting.post(house.world, room, posting.read_content(house, room, activity), None)
    thread = conversation_id(room, message.id)
    url = house.service_url(room.tenant)
    return 201, {"id": thread, "activityId": message.id, "serviceUrl": url}


def _create_personal(
    house: House, call: Call, members: Any, body: Json, data_tenant: object
) -> Answer:
    person = _one_member(house, members)
    tenant = body.get("tenantId") or data_tenant
    if not tenant:
        raise bad("tenantId is missing")
    if call.token_tenant not in (ANY_TENANT, tenant) or not (
        tenant == person.tenant == call.tenant and house.world.may_write_to(person)
    ):
        raise denied("ForbiddenOperationException")
    house.limits.count("create", person.id, house.world.now())
    room = add_personal(house.world, person)
    answer: Json = {"id": room.id}
    if body.get("activity") is not None:
        _writable(room)
        content = posting.read_content(house, room, _message_body(body["activity"]))
        message = posting.post(house.world, room, content, None)
        answer |= {"activityId": message.id, "serviceUrl": house.service_url(room.tenant)}
    return 201, answer


def _one_member(house: House, members: Any) -> Person:
    if not isinstance(members, list) or len(members) != 1 or not isinstance(members[0], dict):
        raise denied("BadSyntax", "Exactly one member must be named")
    given = str(members[0].get("id"))
    if not given.startswith("29:") and not _GUID.match(given):
        raise denied("BadSyntax")
    try:
        return house.world.person(given)
    except Refusal as refusal:
        raise denied("ForbiddenOperationException") from refusal


def _message_body(body: Any) -> Json:
    if not isinstance(body, dict) or body.get("type") != "message":
        raise bad("Unknown activity type")
    return body


async def post(house: House, call: Call) -> Answer:
    room, root = room_of(house, call)
    body = call.object()
    house.limits.count("send", room.id, house.world.now())
    if body.get("type") == "typing":
        return 202, None
    _message_body(body)
    _writable(room)
    reply_to = body.get("replyToId")
    if reply_to and room.kind == "channel" and root is None:
        found = _message(room, str(reply_to))
        root = found.root or found.id
    target = _target(house, room, call, body)
    content = posting.read_content(house, room, body)
    return 201, {"id": posting.post(house.world, room, content, root, target).id}


def _target(house: House, room: Room, call: Call, body: Json) -> str | None:
    """Who alone will see a message, and whether that is said as it must be."""
    recipient = part(body, "recipient")
    if not call.targeted:
        if recipient.get("isTargeted"):
            raise bad("a targeted message needs isTargetedActivity=true")
        return None
    if room.kind == "personal":
        raise bad("no targeted messages in a personal chat")
    if not recipient.get("id") or recipient.get("isTargeted") is not True:
        raise bad("a targeted message needs a recipient with isTargeted")
    for person in map(house.world.people.__getitem__, house.world.people_in(room)):
        if recipient["id"] in (person.id, person.object_id):
            return person.id
    raise denied("MemberNotFoundInConversation")


def _message(room: Room, message_id: str) -> Message:
    found = room.messages.get(message_id)
    if found is None or found.deleted:
        raise denied("ActivityNotFoundInConversation")
    return found


def _own(house: House, room: Room, call: Call) -> Message:
    """A message of the bot's own, called by the way it was sent."""
    message_id = call.path["activity"]
    found = room.messages.get(message_id)
    if not call.targeted:
        message = _message(room, message_id)
        if message.targeted_to is not None:
            raise denied("ActivityNotFoundInConversation")
    elif found is None or found.targeted_to is None:
        raise denied("INVALID_TARGETED_MESSAGE_ID")
    elif found.deleted or house.world.expired(found):
        raise denied("TARGETED_MESSAGE_EXPIRED_OR_DELETED")
    else:
        message = found
    if message.sender != house.world.bot:
        raise denied("NotEnoughPermissions")
    return message


async def update(house: House, call: Call) -> Answer:
    room, _ = room_of(house, call)
    body = _message_body(call.object())
    house.limits.count("send", room.id, house.world.now())
    if call.targeted and body.get("recipient") is not None:
        raise bad("the recipient of a targeted message cannot be changed")
    message = _own(house, room, call)
    _writable(room)
    posting.edit(house.world, message, posting.read_content(house, room, body))
    return 200, {"id": message.id}


async def delete(house: House, call: Call) -> Answer:
    room, _ = room_of(house, call)
    message = _own(house, room, call)
    message.deleted = True
    house.world.tell(message)
    return 200, None


async def add_reaction(house: House, call: Call) -> Answer:
    return _react(house, call, added=True)


async def remove_reaction(house: House, call: Call) -> Answer:
    return _react(house, call, added=False)


def _react(house: House, call: Call, *, added: bool) -> Answer:
    room, _ = room_of(house, call)
    message = _message(room, call.path["activity"])
    who = message.reactions.setdefault(call.path["reaction"], [])
    if added and house.world.bot not in who:
        who.append(house.world.bot)
    if not added and house.world.bot in who:
        who.remove(house.world.bot)
    message.reactions = {kind: people for kind, people in message.reactions.items() if people}
    house.world.revision.bump()
    return 200, None
