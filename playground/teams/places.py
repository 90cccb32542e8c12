"""Where a card stands that somebody uses, and what is typed into it there."""

from dataclasses import dataclass
from typing import Any

from playground.door import Answer
from playground.refusal import Json, Refusal
from playground.teams import activities
from playground.teams.cards import check_card
from playground.teams.house import House
from playground.teams.inputs import Button, Offers, as_text, complaint, inputs_of, standing
from playground.teams.sights import top_dialog
from playground.teams.world import Dialog, Message, Person, Room

TROUBLE = "Something went wrong. Please try again."
SEARCH = "application/search"
_SEARCHED = "application/vnd.microsoft.search.searchResponse"
_DIRECTORY = "graph.microsoft.com/users"
_MOST_RESULTS = 15


@dataclass(frozen=True)
class Place:
    """A card on a message, or in the dialog on top."""

    room: Room
    root: str | None
    card: Json
    key: str
    message: Message | None = None
    dialog: Dialog | None = None

    @property
    def reply_to(self) -> str | None:
        return self.message.id if self.message else self.dialog.reply_to if self.dialog else None


def on_message(house: House, person: Person, message_id: object) -> Place:
    room, message = house.world.message(person, message_id)
    own = message.own_cards.get(person.id)
    cards = [own] if own is not None else message.cards
    if message.sender != house.world.bot or not cards:
        raise Refusal("message_has_no_card")
    root = message.root or message.id
    return Place(room, root, cards[0], message.id, message=message)


def on_top(house: House, person: Person) -> Place:
    dialog = top_dialog(house.world, person.id)
    if dialog is None or dialog.card is None:
        raise Refusal("no_form_open")
    room = house.world.rooms[dialog.room]
    return Place(room, dialog.root, dialog.card, dialog.id, dialog=dialog)


async def gather(
    house: House, person: Person, place: Place, button: Button, given: Json
) -> dict[str, str]:
    """What goes with a button, as the client checks and sends it; what is empty stays out."""
    known = inputs_of(place.card)
    for name in given:
        if name not in known:
            raise Refusal("no_such_field", field=name, fields=sorted(known))
    if not button.takes_inputs:
        return {}
    held = standing(button.inputs)
    for one in button.inputs:
        if one["id"] in given:
            await _offered(house, person, place, one, given[one["id"]])
            offers = house.offers.get((person.id, place.key), {})
            held[one["id"]] = as_text(one, given[one["id"]], offers)
    offers = house.offers.get((person.id, place.key), {})
    checks = {one["id"]: complaint(one, held[one["id"]], offers) for one in button.inputs}
    errors = {name: words for name, words in checks.items() if words}
    if place.dialog is not None:
        place.dialog.errors = errors
    if errors:
        raise Refusal("invalid_input", errors=errors)
    return {name: value for name, value in held.items() if value}


async def _offered(house: House, person: Person, place: Place, one: Json, value: Any) -> None:
    """Somebody chooses from a list that is searched: they look for it as they would type."""
    if "choices.data" not in one or value in (None, "", []):
        return
    for words in ["", *(str(row) for row in (value if isinstance(value, list) else [value]))]:
        offers: Offers = house.offers.get((person.id, place.key), {})
        as_sent = as_text(one, value, offers)
        if complaint(one, as_sent, offers) is None:
            return
        await search(house, person, place, one, words, {})


async def search(
    house: House, person: Person, place: Place, one: Json, words: str, typed: Json
) -> list[Json]:
    """What a field offers for these words; it can be chosen from then on."""
    query = one.get("choices.data")
    if not isinstance(query, dict):
        raise Refusal("field_is_not_searched")
    dataset = query["dataset"]
    if dataset.startswith(_DIRECTORY):
        rows = _directory(house, person, place, dataset, words)
    else:
        rows = await _ask(house, person, place, query, words, typed)
    known = house.offers.setdefault((person.id, place.key), {}).setdefault(one["id"], {})
    known |= {row["value"]: row["title"] for row in rows}
    return rows


async def _ask(
    house: House, person: Person, place: Place, query: Json, words: str, typed: Json
) -> list[Json]:
    value: Json = {"queryText": words, "queryOptions": {"skip": 0, "top": _MOST_RESULTS}}
    value["dataset"] = query["dataset"]
    if query.get("associatedInputs") == "auto":
        value["data"] = typed
    answer = await send(house, SEARCH, person, place, value)
    if not isinstance(answer, dict) or answer.get("type") != _SEARCHED:
        raise Refusal("invalid_answer", problems=[f"type must be {_SEARCHED}"])
    results = (answer.get("value") or {}).get("results")
    rows: list[Any] = results if isinstance(results, list) else [None]
    if not all(isinstance(r, dict) and r.get("title") and r.get("value") for r in rows):
        raise Refusal("invalid_answer", problems=["every result needs a title and a value"])
    return rows[:_MOST_RESULTS]


def _directory(house: House, person: Person, place: Place, dataset: str, words: str) -> list[Json]:
    """The people picker that Teams itself has: of this conversation, or of the organisation."""
    world = house.world
    here = [world.people[one] for one in world.people_in(place.room)]
    if "scope=currentContext" not in dataset:
        here = [one for one in world.people.values() if one.tenant == person.tenant]
    found = [one for one in here if words.lower() in one.name.lower()]
    return [{"title": one.name, "value": one.object_id} for one in found][:_MOST_RESULTS]


async def send(
    house: House, name: str, person: Person, place: Place, value: Json, *, replies: bool = False
) -> Any:
    """An invoke and the body of its answer; None for an empty one."""
    reply_to = place.reply_to if replies else None
    activity = activities.invoke(house, name, person, place.room, place.root, value, reply_to)
    answer = await house.door.invoke(activity)
    problem = _problem(answer)
    if problem is not None:
        trouble(house, person, place)
        raise Refusal(problem)
    return answer.json()


def _problem(answer: Answer) -> str | None:
    if answer.status is None:
        return "unable_to_reach_app"
    if answer.status != 200:
        return "something_went_wrong"
    return "invalid_answer" if answer.json() is None and answer.body.strip() else None


def trouble(house: House, person: Person, place: Place, words: str = TROUBLE) -> None:
    """What Teams says under a card, or over a form, when the app failed."""
    if place.dialog is not None:
        place.dialog.errors = {"_": words}
    if place.message is not None:
        place.message.notes[person.id] = words
        house.world.tell(place.message, person.id)


def sound_card(house: House, card: Any, *, dialog: bool) -> Json:
    """A card in an answer of the bot."""
    problems = check_card(card, dialog=dialog, marked=house.marked)
    if problems or not isinstance(card, dict):
        raise Refusal("invalid_answer", problems=problems)
    return card
