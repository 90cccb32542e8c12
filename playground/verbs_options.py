"""What external selects offer, asked of the bot."""

from typing import Any

from playground.fields import entry_for
from playground.house import House, OfferKey
from playground.kit_objects import Check, all_options, check_choices
from playground.payloads import base
from playground.places import Place, find_element, place_of
from playground.refusal import Json, Refusal
from playground.world import Person


async def read_entry(
    house: House, person: Person, place: Place, block: Json, element: Json, value: Any
) -> Json:
    """An entry of state.values; for an external select the bot is asked when need be."""
    if not element["type"].endswith("external_select") or value in (None, "", []):
        return entry_for(house.world, element, value, {})
    key = (person.id, place.key, block["block_id"], element["action_id"])
    for query in _queries(element, value):
        try:
            return entry_for(house.world, element, value, house.offers.get(key, {}))
        except Refusal:
            await ask_options(house, person, place, block, element, query)
    return entry_for(house.world, element, value, house.offers.get(key, {}))


def _queries(element: Json, value: Any) -> list[str]:
    """What somebody might type to be offered this value."""
    rows = value if isinstance(value, list) else [value]
    words = [str(row.get("value") if isinstance(row, dict) else row) for row in rows]
    least = element.get("min_query_length", 3)
    return [query for query in ["", *words] if len(query) >= least]


async def options(
    house: House,
    person: Person,
    channel: object = None,
    message_ts: object = None,
    view_id: object = None,
    action_id: object = None,
    block_id: object = None,
    value: object = "",
) -> Json:
    """What an external select lists for the letters typed so far."""
    place = place_of(house, person, channel, message_ts, view_id)
    block, element = find_element(place.blocks, action_id, block_id, value)
    if not element["type"].endswith("external_select"):
        raise Refusal("element_not_found")
    typed = value if isinstance(value, str) else ""
    if len(typed) < element.get("min_query_length", 3):
        return {"options": []}
    return await ask_options(house, person, place, block, element, typed)


async def ask_options(
    house: House, person: Person, place: Place, block: Json, element: Json, typed: str
) -> Json:
    payload = base(house, "block_suggestion", person, house.world.host) | place.payload(house)
    payload |= {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }
    answer = await house.door.interaction(payload)
    if answer.failure:
        raise Refusal(answer.failure)
    offered = _read_offer(answer.json())
    key: OfferKey = (person.id, place.key, block["block_id"], element["action_id"])
    known = house.offers.setdefault(key, {})
    known |= {option["value"]: option for option in all_options(offered)}
    return offered


def _read_offer(answer: Any) -> Json:
    if not isinstance(answer, dict):
        raise Refusal("invalid_options")
    offer = {key: answer[key] for key in ("options", "option_groups") if key in answer}
    if list(offer.values()) == [[]]:
        return {"options": []}
    check = Check("modal")
    check_choices(check, offer, "")
    if check.problems:
        raise Refusal("invalid_options", response_metadata={"messages": check.problems})
    return offer
