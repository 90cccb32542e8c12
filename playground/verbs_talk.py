"""What people do with words: commands, messages, reactions, opening Home."""

from playground import posting
from playground.api_people import EMOJI, react, reaction_event
from playground.door import Answer
from playground.events import envelope_of
from playground.house import House
from playground.kit import check_length
from playground.payloads import command_form
from playground.refusal import Json, Refusal
from playground.responses import answer_of_command, respond
from playground.shapes import view_json
from playground.speech import command_text, read_speech
from playground.tickets import ResponseUrl
from playground.world import Channel, Message, Person

_MEMBERSHIP = {"/invite": True, "/remove": False, "/kick": False}


def room_for(house: House, person: Person, reference: object) -> Channel:
    """A conversation this person is in, by id or by name."""
    room = house.world.room(reference)
    if person.id not in room.members:
        raise Refusal("not_in_channel")
    return room


async def send_event(house: House, event: Json, channel: Channel | None) -> None:
    """Send an event of a subscribed type."""
    kind = event["type"]
    plain = kind == "message" and channel is not None
    if plain and channel is not None:
        subscribed = house.manifest.message_event(_letter(channel))
    else:
        subscribed = kind in house.manifest.events
    if subscribed:
        event.setdefault("event_ts", house.world.next_ts())
        await house.events.deliver([envelope_of(house.world, event, channel)])


def _letter(channel: Channel) -> str:
    if channel.kind == "dm":
        return "D"
    return "G" if channel.private else "C"


async def command(
    house: House, person: Person, channel: object, text: object, thread_ts: object = None
) -> Json:
    """A slash command; what the bot answers is shown as Slack shows it."""
    room = room_for(house, person, channel)
    typed = text.strip() if isinstance(text, str) else ""
    name, _, rest = typed.partition(" ")
    if not name.startswith("/") or len(name) < 2:
        raise Refusal("not_a_command")
    if thread_ts:
        raise Refusal("command_not_supported_in_threads")
    if name in _MEMBERSHIP:
        return await _membership(house, person, room, rest, joins=_MEMBERSHIP[name])
    if name not in house.manifest.commands:
        raise Refusal("unknown_command")
    if house.world.external(person.id):
        raise Refusal("not_available_to_external_people")
    return await _send_command(house, person, room, name, rest.strip())


async def _send_command(house: House, person: Person, room: Channel, name: str, rest: str) -> Json:
    should_escape = bool(house.manifest.commands[name].get("should_escape"))
    words = command_text(house.world, rest, should_escape=should_escape)
    form = command_form(house, person, room, name, words)
    shown = {key: value for key, value in form.items() if key != "token"}
    answer = await house.door.form("command", name, form, shown)
    problem = answer.failure or _show_answer(house, person, room, answer)
    if problem:
        line = f'{name} failed with the error "{problem}"'
        posting.slackbot_says(house.world, room, person.id, line)
        raise Refusal(problem)
    return {}


def _show_answer(house: House, person: Person, room: Channel, answer: Answer) -> str | None:
    """Show the body of an acknowledgement; the error if Slack would refuse it."""
    said = answer_of_command(answer.body, answer.json())
    if said is None:
        return None
    ticket = ResponseUrl(person.id, room.id, None, house.world.now())
    try:
        respond(house.world, ticket, said)
    except Refusal as refusal:
        return refusal.code
    return None


async def _membership(
    house: House, person: Person, room: Channel, words: str, *, joins: bool
) -> Json:
    """`/invite @somebody` and `/remove @somebody`, which Slack itself answers."""
    found = read_speech(house.world, words).pings
    if not found or room.kind == "dm":
        raise Refusal("user_not_found")
    for user in found:
        if joins:
            await add_member(house, room, user, inviter=person.id)
        else:
            await remove_member(house, room, user)
    return {}


async def add_member(house: House, room: Channel, user: str, *, inviter: str) -> None:
    world = house.world
    if user in room.members:
        raise Refusal("already_in_channel")
    if world.people[user].team not in room.teams:
        raise Refusal("user_not_in_a_workspace_of_this_channel")
    room.members.append(user)
    world.revision.bump()
    if world.bot in room.members:
        event = _member_event(house, "member_joined_channel", room, user) | {"inviter": inviter}
        await send_event(house, event, room)


async def remove_member(house: House, room: Channel, user: str) -> None:
    if user not in room.members:
        raise Refusal("user_not_in_channel")
    heard = house.world.bot in room.members
    room.members.remove(user)
    house.world.revision.bump()
    if heard:
        await send_event(house, _member_event(house, "member_left_channel", room, user), room)


def _member_event(house: House, kind: str, room: Channel, user: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "channel": room.id,
        "channel_type": _letter(room),
        "team": house.world.people[user].team,
    }


async def message(
    house: House, person: Person, channel: object, text: object, thread_ts: object = None
) -> Json:
    """Something said in a channel or to the bot."""
    room = room_for(house, person, channel)
    if not isinstance(text, str) or not text.strip():
        raise Refusal("no_text")
    check_length(text)
    if room.kind == "dm" and not house.manifest.messages_enabled:
        raise Refusal("messages_turned_off")
    thread = posting.parent_of(room, thread_ts)
    speech = read_speech(house.world, text)
    content = posting.Content(speech.text, speech.blocks, [], speech.pings)
    said = posting.post(house.world, room, person.id, content, thread_ts=thread)
    await _tell_of_message(house, person, room, said)
    return {"ts": said.ts}


async def _tell_of_message(house: House, person: Person, room: Channel, said: Message) -> None:
    if house.world.bot not in room.members:
        return
    if room.kind != "dm" and house.world.bot in said.pings:
        await send_event(house, _message_event(person, room, said, "app_mention"), room)
    kind = {"D": "im", "G": "group", "C": "channel"}[_letter(room)]
    event = _message_event(person, room, said, "message") | {"channel_type": kind}
    await send_event(house, event, room)


def _message_event(person: Person, room: Channel, said: Message, kind: str) -> Json:
    event: Json = {
        "type": kind,
        "user": person.id,
        "text": said.text,
        "ts": said.ts,
        "team": person.team,
        "user_team": person.team,
        "source_team": person.team,
        "blocks": said.blocks,
        "channel": room.id,
        "event_ts": said.ts,
    }
    return event | ({"thread_ts": said.thread_ts} if said.thread_ts else {})


async def reaction(
    house: House, person: Person, channel: object, ts: object, name: object, present: bool = True
) -> Json:
    """Put an emoji on a message, or take it off again."""
    room = room_for(house, person, channel)
    message = house.world.message(room, ts)
    emoji = name.strip(":") if isinstance(name, str) else ""
    if not EMOJI.fullmatch(emoji):
        raise Refusal("invalid_name")
    if message.ephemeral_to is not None:
        raise Refusal("message_not_found")
    react(message, person.id, emoji, present=present)
    house.world.revision.bump()
    if house.world.bot in room.members:
        await send_event(house, reaction_event(message, person.id, emoji, present), room)
    return {}


async def home(house: House, person: Person, tab: str = "home") -> Json:
    """Open the bot's Home, or its Messages tab. External people have no Home, and the bot hears
    nothing of either."""
    world = house.world
    if tab not in ("home", "messages"):
        raise Refusal("unknown_tab")
    if tab == "home" and not house.manifest.home_enabled:
        raise Refusal("home_not_enabled")
    if world.external(person.id):
        return {"view": None}
    room = world.dm(person.id)
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": room.id,
        "tab": tab,
    }
    before = world.homes.get(person.id) if tab == "home" else None
    await send_event(house, event | ({"view": view_json(world, before)} if before else {}), None)
    return {}
