"""What people do with buttons, menus and shortcuts."""

from typing import Any

from playground import posting
from playground.door import Answer
from playground.fields import STATEFUL, State, entry_for
from playground.house import House
from playground.payloads import base, room_of
from playground.places import TROUBLE, Place, find_element, place_of
from playground.refusal import Json, Refusal
from playground.shapes import message_json
from playground.verbs_options import read_entry
from playground.verbs_submit import read_values
from playground.verbs_talk import room_for
from playground.world import Channel, Person


async def shortcut(
    house: House,
    person: Person,
    callback_id: object,
    channel: object = None,
    message_ts: object = None,
) -> Json:
    """A global shortcut, or one on a message (which the bot need not be in a channel with)."""
    kind = house.manifest.shortcuts.get(callback_id) if isinstance(callback_id, str) else None
    if kind is None:
        raise Refusal("unknown_shortcut")
    if house.world.external(person.id):
        raise Refusal("not_available_to_external_people")
    payload = base(house, "shortcut", person, house.world.host)
    payload |= {
        "callback_id": callback_id,
        "action_ts": house.world.next_ts(),
        "trigger_id": house.tickets.trigger(person.id),
    }
    room = None
    if kind == "message":
        room = room_for(house, person, channel)
        payload |= _on_message_shortcut(house, person, room, message_ts)
    answer = await house.door.interaction(payload)
    _trouble_with(house, person, room or house.world.dm(person.id), answer)
    return {}


def _on_message_shortcut(house: House, person: Person, room: Channel, ts: object) -> Json:
    message = house.world.message(room, ts)
    if message.ephemeral_to is not None:
        raise Refusal("message_not_found")
    return {
        "type": "message_action",
        "channel": room_of(room),
        "message_ts": message.ts,
        "message": message_json(house.world, message),
        "response_url": house.response_url(person.id, room.id, message.ts),
    }


def _trouble_with(house: House, person: Person, room: Channel, answer: Answer) -> None:
    if answer.failure:
        posting.slackbot_says(house.world, room, person.id, TROUBLE)
        raise Refusal(answer.failure)


async def click(
    house: House,
    person: Person,
    channel: object = None,
    message_ts: object = None,
    view_id: object = None,
    action_id: object = None,
    block_id: object = None,
    value: Any = None,
    values: Any = None,
) -> Json:
    """Press a button, choose from a menu, tick a box. `values` is what is typed so far."""
    place = place_of(house, person, channel, message_ts, view_id)
    block, element = find_element(place.blocks, action_id, block_id, value)
    if values is not None and not isinstance(values, dict):
        raise Refusal("invalid_values")
    state = await read_values(house, person, place, values or {})
    action = await _action(house, person, place, block, element, value)
    _remember(state, block, element, action)
    place.keep(house, person, state)
    payload = base(house, "block_actions", person, house.world.host) | place.payload(house)
    payload["actions"] = [action]
    if place.view is not None:
        payload["trigger_id"] = house.tickets.trigger(person.id, place.view.id)
    else:
        payload["trigger_id"] = house.tickets.trigger(person.id)
        payload |= _answerable(house, person, place, state)
    answer = await house.door.interaction(payload)
    _after_click(house, person, place, answer)
    return {}


def _answerable(house: House, person: Person, place: Place, state: State) -> Json:
    """What only a click on a message carries."""
    if place.channel is None or place.message is None:
        return {}
    url = house.response_url(person.id, place.channel.id, place.message.ts)
    return {"response_url": url, "state": {"values": state}}


def _after_click(house: House, person: Person, place: Place, answer: Answer) -> None:
    if place.channel is not None:
        _trouble_with(house, person, place.channel, answer)
    elif answer.failure and place.view is not None:
        place.view.errors = {"_": TROUBLE}
        house.world.revision.bump()
        raise Refusal(answer.failure)


async def _action(
    house: House, person: Person, place: Place, block: Json, element: Json, value: Any
) -> Json:
    kind = element["type"]
    action: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": house.world.next_ts(),
    }
    if kind == "button":
        if value is not None and value != element.get("value"):
            raise Refusal("element_not_found")
        extra = {key: element[key] for key in ("value", "url", "style") if key in element}
        return action | {"text": element["text"]} | extra
    if kind == "overflow":
        option = entry_for(house.world, {"type": "static_select", **_menu(element)}, value, {})
        return action | {"selected_option": option["selected_option"]}
    entry = await read_entry(house, person, place, block, element, value)
    return action | {key: element[key] for key in ("placeholder",) if key in element} | entry


def _menu(element: Json) -> Json:
    return {"options": element["options"]}


def _remember(state: State, block: Json, element: Json, action: Json) -> None:
    """What was chosen joins the values that stand in the view or message."""
    if element["type"] in STATEFUL:
        key = STATEFUL[element["type"]][0]
        entry = {"type": element["type"], key: action.get(key)}
        state.setdefault(block["block_id"], {})[element["action_id"]] = entry
