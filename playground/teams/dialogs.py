"""Dialogs: opened by the answer to a button, sent, shown again, closed."""

from typing import Any
from uuid import uuid4

from playground.refusal import Json, Refusal
from playground.teams import activities
from playground.teams.house import House
from playground.teams.inputs import Button, buttons_of, find_button
from playground.teams.places import Place, gather, on_top, send, sound_card, trouble
from playground.teams.sights import top_dialog
from playground.teams.world import Dialog, Person

_SIZES = ("small", "medium", "large")


def show_task(
    house: House, person: Person, place: Place, answer: Any, command: Json | None = None
) -> None:
    """What `{"task": ...}` asks for: a form, or words with an OK."""
    task = answer.get("task") if isinstance(answer, dict) else None
    if not isinstance(task, dict):
        raise Refusal("invalid_answer", problems=["the answer has no task"])
    command = command or (place.dialog.command if place.dialog else None)
    dialog = _dialog(house, person, place, task, command)
    house.world.dialogs[person.id] = [dialog]
    house.world.revision.bump()


def _dialog(house: House, person: Person, place: Place, task: Json, command: Json | None) -> Dialog:
    title, card, text = _read(house, task)
    return Dialog(
        id=f"dialog-{house.world.next_number()}",
        person=person.id,
        room=place.room.id,
        root=place.root,
        title=title,
        card=card,
        text=text,
        reply_to=place.reply_to,
        command=command,
    )


def _read(house: House, task: Json) -> tuple[str, Json | None, str]:
    kind, value = task.get("type"), task.get("value")
    if kind == "message" and isinstance(value, str) and value.strip():
        return "", None, value
    if kind != "continue" or not isinstance(value, dict):
        raise Refusal("invalid_answer", problems=["the task must be continue or message"])
    attachment = value.get("card")
    if not isinstance(attachment, dict) or attachment.get("contentType") != activities.CARD:
        raise Refusal("invalid_answer", problems=["the task has no card"])
    problems = [f"{n} is no good" for n in ("height", "width") if not _size(value.get(n))]
    title = value.get("title")
    if not isinstance(title, str) or not title.strip():
        problems.append("the dialog has no title")
    if problems:
        raise Refusal("invalid_answer", problems=problems)
    return str(title), sound_card(house, attachment.get("content"), dialog=True), ""


def _size(value: Any) -> bool:
    return value is None or value in _SIZES or (type(value) is int and value > 0)


async def submit(house: House, person: Person, values: Json, title: object) -> Json:
    """Fill in the form on top and press a button of it, by itself the first one."""
    place = on_top(house, person)
    button = _button(place.card, title)
    typed = await gather(house, person, place, button, values)
    data = {**button.action.get("data", {}), **typed}
    value: Json = {"data": data, "context": {"theme": "default"}}
    command = place.dialog.command if place.dialog else None
    name = "composeExtension/submitAction" if command else "task/submit"
    answer = await send(house, name, person, place, (command or {}) | value)
    try:
        return _apply(house, person, place, answer)
    except Refusal:
        trouble(house, person, place)
        raise


def _button(card: Json, title: object) -> Button:
    if title is not None:
        button = find_button(card, title)
        if button.action["type"] != "Action.Submit":
            raise Refusal("button_does_not_submit")
        return button
    for button in buttons_of(card):
        if button.action["type"] == "Action.Submit" and button.action.get("isEnabled", True):
            return button
    raise Refusal("form_has_no_submit")


def _apply(house: House, person: Person, place: Place, answer: Any) -> Json:
    """Nothing closes the form; a task takes its place."""
    if answer in (None, {}, ""):
        _close(house, person)
        return {}
    if isinstance(answer, dict) and place.dialog and place.dialog.command:
        extension = answer.get("composeExtension")
        if isinstance(extension, dict) and extension.get("type") == "result":
            for row in extension.get("attachments") or [{}]:
                sound_card(house, row.get("content"), dialog=False)
            _close(house, person)
            return {"compose": extension["attachments"]}
    show_task(house, person, place, answer)
    return {}


def _close(house: House, person: Person) -> None:
    house.world.dialogs.pop(person.id, None)
    house.world.revision.bump()


async def close(house: House, person: Person) -> Json:
    if top_dialog(house.world, person.id) is None:
        raise Refusal("no_dialog_open")
    _close(house, person)
    return {}


async def message_action(house: House, person: Person, command_id: str, message_id: object) -> Json:
    """The app's entry in the menu of a message, wherever the app is there for this person."""
    room, message = house.world.message(person, message_id)
    known = house.manifest.message_actions
    if known is not None and command_id not in known:
        raise Refusal("unknown_message_action")
    if person.id not in house.world.installed and not house.world.bot_in(room):
        raise Refusal("app_not_installed")
    if message.targeted_to is not None:
        raise Refusal("message_not_found")
    payload = activities.payload_of(house, room, message)
    about = {"commandId": command_id, "commandContext": "message", "requestId": uuid4().hex}
    command: Json = {**about, "context": {"theme": "default"}, "messagePayload": payload}
    place = Place(room, message.root or message.id, {}, message.id)
    answer = await send(house, "composeExtension/fetchTask", person, place, command)
    show_task(house, person, place, answer, command)
    return {}
