"""What people do with the buttons of a card on a message."""

from typing import Any

from playground.refusal import Json, Refusal
from playground.teams import activities
from playground.teams.dialogs import show_task
from playground.teams.house import House
from playground.teams.inputs import find_button, inputs_of
from playground.teams.places import Place, gather, on_message, on_top, search, send, sound_card
from playground.teams.places import trouble as say_trouble
from playground.teams.world import Person

CARD = activities.CARD
WORDS = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
EXECUTE = "adaptiveCard/action"


async def click(
    house: House, person: Person, message_id: object, action: object, inputs: Json
) -> Json:
    """Press a button, on the card itself or behind its ShowCard buttons."""
    place = on_message(house, person, message_id)
    if not house.world.bot_in(place.room):
        raise Refusal("app_not_installed")
    button = find_button(place.card, action)
    pressed = button.action
    match pressed["type"]:
        case "Action.Execute":
            typed = await gather(house, person, place, button, inputs)
            return await _execute(house, person, place, pressed, typed, "manual")
        case "Action.Submit":
            typed = await gather(house, person, place, button, inputs)
            return await _submit(house, person, place, pressed, typed)
        case "Action.OpenUrl":
            return {"url": pressed["url"]}
    return {"shown": pressed.get("card")}


async def look(house: House, person: Person, message_id: object) -> Json:
    """A card with `refresh` comes into somebody's view, and asks for their own."""
    place = on_message(house, person, message_id)
    refresh = place.card.get("refresh")
    if not refresh or person.id not in refresh.get("userIds", [person.id]):
        return {}
    return await _execute(house, person, place, refresh["action"], {}, "automatic")


async def _execute(
    house: House, person: Person, place: Place, action: Json, typed: Json, trigger: str
) -> Json:
    kept = {key: action[key] for key in ("type", "id", "title", "verb") if key in action}
    sent = kept | {"data": {**action.get("data", {}), **typed}}
    value = {"action": sent, "trigger": trigger}
    answer = await send(house, EXECUTE, person, place, value, replies=True)
    try:
        return _show_answer(house, person, place, answer)
    except Refusal as refusal:
        if refusal.code == "invalid_answer":
            say_trouble(house, person, place)
        raise


def _show_answer(house: House, person: Person, place: Place, answer: Any) -> Json:
    """A card or words for this viewer alone; whoever else looks sees no change."""
    message = place.message
    if not isinstance(answer, dict) or message is None:
        raise Refusal("invalid_answer", problems=["the answer must be an object"])
    status, kind, value = answer.get("statusCode", 200), answer.get("type"), answer.get("value")
    if kind == ERROR and status in (400, 500) and isinstance(value, dict):
        say_trouble(house, person, place)
        raise Refusal("card_action_refused", said=value.get("message"))
    if status != 200:
        raise Refusal("invalid_answer", problems=[f"statusCode {status} with type {kind}"])
    if kind == CARD:
        message.own_cards[person.id] = sound_card(house, value, dialog=False)
        message.notes.pop(person.id, None)
    elif kind == WORDS and isinstance(value, str) and value.strip():
        message.notes[person.id] = value
    else:
        raise Refusal("invalid_answer", problems=[f"type {kind} with such a value"])
    house.world.tell(message, person.id)
    return {"said": value} if kind == WORDS else {}


async def _submit(house: House, person: Person, place: Place, action: Json, typed: Json) -> Json:
    data = {**action.get("data", {}), **typed}
    kind = (data.get("msteams") or {}).get("type")
    if kind == "task/fetch":
        value = {"data": data, "context": {"theme": "default"}}
        answer = await send(house, "task/fetch", person, place, value, replies=True)
        show_task(house, person, place, answer)
        return {}
    if kind is not None:
        raise Refusal("unsupported_action", kind=kind)
    activity = activities.submitted(house, person, place.room, place.root, place.key, data)
    await house.deliveries.deliver(activity)
    return {}


async def look_for(
    house: House, person: Person, field: str, words: str, message_id: object, typed: Json
) -> Json:
    """Type into a searched field of the form on top, or of a card."""
    place = on_message(house, person, message_id) if message_id else on_top(house, person)
    one = inputs_of(place.card).get(field)
    if one is None:
        raise Refusal("no_such_field", field=field)
    return {"results": await search(house, person, place, one, words, typed)}
