"""Filling in a modal, sending it, closing it."""

from copy import deepcopy
from typing import Any

from playground import modals
from playground.door import Answer
from playground.fields import STATEFUL, State, complaints, plain_value
from playground.house import House
from playground.kit import elements_of
from playground.payloads import base
from playground.places import TROUBLE, Place, own_view
from playground.refusal import Json, Refusal
from playground.shapes import view_json
from playground.verbs_options import read_entry
from playground.world import Person, View


async def read_values(house: House, person: Person, place: Place, values: Json) -> State:
    """Plain values by block_id or action_id, or Slack's own nested shape, as state.values."""
    state = deepcopy(place.state(house, person))
    if set(values) == {"values"} and isinstance(values["values"], dict):
        values = values["values"]
    for name, value in values.items():
        for block, element, plain in _meant(place.blocks, name, value):
            entry = await read_entry(house, person, place, block, element, plain)
            state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return state


def _meant(blocks: list[Json], name: str, value: Any) -> list[tuple[Json, Json, Any]]:
    """The fields a name stands for, each with its plain value."""
    pairs = [(b, e) for b in blocks for e in elements_of(b) if e["type"] in STATEFUL]
    inside = [(b, e) for b, e in pairs if b["block_id"] == name]
    ids = {e["action_id"] for _, e in inside}
    if inside and isinstance(value, dict) and set(value) <= ids:
        return [
            (b, e, plain_value(value[e["action_id"]])) for b, e in inside if e["action_id"] in value
        ]
    found = inside or [(b, e) for b, e in pairs if e["action_id"] == name]
    if not found:
        raise Refusal("no_such_field", field=name)
    if len(found) > 1:
        raise Refusal("ambiguous_field", field=name)
    return [(*found[0], plain_value(value))]


async def submit(house: House, person: Person, view_id: object, values: Any = None) -> Json:
    """Fill in the modal on top and send it."""
    view = own_view(house, person, view_id)
    if view.body["type"] != "modal" or "submit" not in view.body:
        raise Refusal("view_has_no_submit")
    if values is not None and not isinstance(values, dict):
        raise Refusal("invalid_values")
    place = Place(view.body["blocks"], view.id, view=view)
    view.state = await read_values(house, person, place, values or {})
    view.errors = complaints(view.body["blocks"], view.state)
    house.world.revision.bump()
    if view.errors:
        raise Refusal("invalid_input", errors=view.errors)
    answer = await house.door.interaction(_submission(house, person, view))
    problem = answer.failure or _apply(house, view, answer)
    if problem:
        view.errors = {"_": TROUBLE}
        house.world.revision.bump()
        raise Refusal(problem)
    return {}


def _submission(house: House, person: Person, view: View) -> Json:
    return base(house, "view_submission", person, person.team) | {
        "trigger_id": house.tickets.trigger(person.id, view.id),
        "view": view_json(house.world, view),
        "response_urls": [],
    }


def _apply(house: House, view: View, answer: Answer) -> str | None:
    parsed = answer.json()
    if parsed is None and answer.body.strip():
        return "invalid_response_action"
    try:
        modals.apply_response(house.world, view, parsed)
    except Refusal as refusal:
        return refusal.code
    return None


async def close_view(
    house: House, person: Person, view_id: object, everything: bool = False
) -> Json:
    """Close the modal on top, or with `everything` the whole stack."""
    view = own_view(house, person, view_id)
    if view.body["type"] != "modal":
        raise Refusal("view_not_found")
    whole = everything or bool(view.body.get("clear_on_close"))
    stack = list(house.world.stacks[person.id])
    if whole:
        modals.clear(house.world, person.id)
    else:
        modals.close_top(house.world, person.id)
    for closed in reversed(stack if whole else [view]):
        if closed.body.get("notify_on_close"):
            payload = base(house, "view_closed", person, person.team)
            payload |= {"view": view_json(house.world, closed), "is_cleared": whole}
            await house.door.interaction(payload)
    return {}
