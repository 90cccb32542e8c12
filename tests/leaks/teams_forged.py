"""What somebody hostile sends on Teams: what a client brings back is sealed, but a seal names
nobody, and a card that one person has can be copied by another."""

import json
from copy import deepcopy
from typing import Any
from uuid import uuid4

from handlers.acts import ACTS, CHOICES, OPENS_FORM
from handlers.teams.sealing import sealed, sealed_words
from playground.teams import activities
from playground.teams.dialogs import show_task
from playground.teams.places import Place
from playground.teams.world import Person, Room
from tests.anywhere import Json
from tests.leaks.forged import (
    MADE_UP,
    Guess,
    Probe,
    ProbeList,
    Repeat,
    Steal,
    beyond,
    compare,
    hidden,
    made,
    own_word_for,
    told,
)
from tests.leaks.hushed import WORD
from tests.leaks.pressed import shares
from tests.leaks.story import NotPossible, Story
from tests.teams.world import handle


def _person(story: Story, who: str) -> Person:
    found: Person = story.house.world.person(handle(who))
    return found


def _chat(story: Story, who: str) -> Room:
    found: Room = story.house.world.personal(_person(story, who))
    return found


async def _deliver(story: Story, activity: Json) -> Any:
    send = story.house.door.invoke if activity["type"] == "invoke" else story.house.door.message
    answer = await send(deepcopy(activity))
    await story.world.later("PT1S")
    return answer.json()


async def _invoke(story: Story, who: str, name: str, value: Json) -> Any:
    person, room = _person(story, who), _chat(story, who)
    activity = activities.invoke(story.house, name, person, room, None, value)
    return await _deliver(story, activity)


def _data(activity: Json) -> Json:
    value = activity.get("value") or {}
    return dict(value.get("data") or (value.get("action") or {}).get("data") or {})


def _means_everybody(story: Story, activity: Json) -> bool:
    if shares(str(_data(activity).get("act"))):
        return True
    words = story.words.in_text(json.dumps(activity))
    return any(one.side is None for word in words for one in word.audiences)


async def repeat(action: Repeat, story: Story) -> None:
    activity = made(story, action.which)["arguments"]
    story.joint_meant = _means_everybody(story, activity)
    await _deliver(story, activity)


async def steal(action: Steal, story: Story) -> None:
    """In words of the thief's own, and only where Teams would let them be."""
    activity = made(story, action.which)["arguments"]
    word = own_word_for(story, action.thief, joint=_means_everybody(story, activity))
    stolen = dict(_in_words(activity, word))
    person, world = _person(story, action.thief), story.house.world
    room = world.rooms.get(stolen["conversation"]["id"].partition(";")[0])
    if room is None or person.id not in world.people_in(room):
        room = _chat(story, action.thief)
        stolen = _elsewhere(story, stolen, person, room)
    sender = {"id": person.id, "aadObjectId": person.object_id, "name": person.name}
    await _deliver(story, stolen | {"from": sender, "id": f"f:{uuid4()}"})


def _elsewhere(story: Story, stolen: Json, person: Person, room: Room) -> Json:
    fresh = activities.envelope(story.house, stolen["type"], person, room)
    kept = ("conversation", "channelData", "serviceUrl")
    return {n: v for n, v in stolen.items() if n != "replyToId"} | {n: fresh[n] for n in kept}


def _in_words(part: Any, word: str) -> Any:
    """What was sealed is sealed anew, as it would be in a form of the thief's own."""
    if isinstance(part, str):
        return WORD.sub(word, part)
    if isinstance(part, list):
        return [_in_words(one, word) for one in part]
    if not isinstance(part, dict):
        return part
    changed = {name: _in_words(value, word) for name, value in part.items()}
    return sealed(changed) if "seal" in part and changed != part else changed


async def probe(action: Probe, story: Story) -> None:
    items = hidden(story, action.who)
    if not items:
        raise NotPossible
    item = items[action.which % len(items)]
    await story.settle()
    name = sorted(ACTS)[action.act % len(ACTS)]
    heard = []
    for value in (item.token, MADE_UP):
        if action.as_form:
            await _invoke(story, action.who, "task/submit", {"data": _form(name, value)})
        else:
            await pressed(story, action.who, name, value)
        heard.append(told(story, action, action.who))
    compare(f"{action} ({name}), {item}", heard)


def _form(act: str, value: str) -> Json:
    kept = {"value": value, "reason": "no", "text": "new"}
    return sealed({"act": act, "form": True, "kept": kept, "fields": {}})


async def probe_list(action: ProbeList, story: Story) -> None:
    items = hidden(story, action.who)
    if not items:
        raise NotPossible
    source = sorted(CHOICES)[action.source % len(CHOICES)]
    await story.settle()
    heard = []
    for value in (items[action.which % len(items)].token, MADE_UP):
        asked = {"queryText": "", "dataset": sealed_words(f"{source}?value={value}")}
        await _invoke(story, action.who, "application/search", asked)
        heard.append(told(story, action, action.who))
    compare(str(action), heard)


async def guess(action: Guess, story: Story) -> None:
    number = beyond(story, action.who)
    await story.settle()
    heard = []
    for reference in (f"OUR-{number}", "OUR-987"):
        words = " ".join(filter(None, [action.verb, reference, action.tail]))
        await story.world.write(action.who, words)
        heard.append(told(story, action, action.who).replace(reference, "OUR-?"))
    compare(f"{action}, OUR-{number}", heard)


async def pressed(story: Story, who: str, act: str, value: str) -> Any:
    """Any act, pressed past the client in one's own chat: what the bot answers."""
    data = sealed({"act": act, "value": value})
    if act in OPENS_FORM:
        return await _invoke(story, who, "task/fetch", {"data": data})
    button = {"type": "Action.Execute", "verb": act, "data": data}
    sent = {"action": button, "trigger": "manual"}
    return await _invoke(story, who, "adaptiveCard/action", sent)


async def opened(story: Story, who: str, act: str, channel: str) -> None:
    """The form of an act pressed in a channel, on top of somebody's window."""
    if who not in story.ground.members(channel):
        raise NotPossible
    person, room = _person(story, who), story.house.world.room(story.world.place(channel))
    value = {"data": sealed({"act": act, "value": ""})}
    sent = activities.invoke(story.house, "task/fetch", person, room, None, value)
    answer = await _deliver(story, sent)
    show_task(story.house, person, Place(room, None, {}, ""), answer)
