"""Where an element stands that somebody uses, and which one is meant."""

from dataclasses import dataclass
from typing import Any

from playground import posting
from playground.fields import State, initial_state
from playground.house import House
from playground.kit import elements_of
from playground.kit_objects import all_options
from playground.payloads import on_message, on_view
from playground.refusal import Json, Refusal
from playground.verbs_talk import room_for
from playground.world import Channel, Message, Person, View

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Place:
    """Where an element stands: on a message in a channel, or in a view."""

    blocks: list[Json]
    key: str
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None

    def payload(self, house: House) -> Json:
        if self.view is not None:
            return on_view(house, self.view)
        if self.channel is None or self.message is None:
            raise Refusal("not_found")
        return on_message(house, self.channel, self.message)

    def state(self, house: House, person: Person) -> State:
        """The values that stand here; on a message each person has their own."""
        if self.view is not None:
            return self.view.state
        return initial_state(self.blocks, house.typed.get((person.id, self.key)))

    def keep(self, house: House, person: Person, state: State) -> None:
        if self.view is not None:
            self.view.state = state
            self.view.errors = {}
        elif state:
            house.typed[person.id, self.key] = state


def place_of(
    house: House, person: Person, channel: object, message_ts: object, view_id: object
) -> Place:
    if view_id:
        view = own_view(house, person, view_id)
        return Place(view.body["blocks"], view.id, view=view)
    room = room_for(house, person, channel)
    message = house.world.message(room, message_ts)
    if not posting.visible(room, message, person.id):
        raise Refusal("message_not_found")
    if message.user != house.world.bot:
        raise Refusal("element_not_found")
    blocks = message.blocks + [
        block for item in message.attachments for block in item.get("blocks", [])
    ]
    return Place(blocks, f"{room.id}:{message.ts}", room, message)


def own_view(house: House, person: Person, view_id: object) -> View:
    """The person's Home, or their modal on top; what lies under it cannot be used."""
    home = house.world.homes.get(person.id)
    if home is not None and home.id == view_id and not house.world.external(person.id):
        return home
    stack = house.world.stacks.get(person.id, [])
    if stack and stack[-1].id == view_id:
        return stack[-1]
    raise Refusal("view_not_on_top" if any(v.id == view_id for v in stack) else "view_not_found")


def find_element(
    blocks: list[Json], action_id: object, block_id: object, value: Any
) -> tuple[Json, Json]:
    """The one element meant; several with the same action_id differ by block_id or value."""
    found = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if element.get("action_id") == action_id
        and element["type"] != "image"
        and block_id in (None, "", block["block_id"])
    ]
    if len(found) > 1:
        found = [pair for pair in found if _offers(pair[1], value)] or found
    if not found:
        raise Refusal("element_not_found")
    if len(found) > 1:
        raise Refusal("ambiguous_element")
    return found[0]


def _offers(element: Json, value: Any) -> bool:
    if element["type"] == "button":
        return bool(element.get("value") == value)
    return any(option.get("value") == value for option in all_options(element))
