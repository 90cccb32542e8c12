"""Mentions: how people type them, and whether text and entities of a message agree."""

import re
from collections.abc import Iterable
from typing import Any

from playground.refusal import Json
from playground.teams.world import Room, World

AT = re.compile(r"<at>([^<>]+)</at>")


def check_mentions(texts: Iterable[str], entities: Any) -> list[str]:
    """Every `<at>` must have its entity with exactly its text, and the reverse."""
    rows = entities if isinstance(entities, list) else [entities]
    mentions = [e for e in rows if isinstance(e, dict) and e.get("type") == "mention"]
    problems = [f"a mention is incomplete: {e}" for e in mentions if not _complete(e)]
    said = [match[0] for text in texts for match in AT.finditer(text)]
    named = [str(e.get("text")) for e in mentions]
    problems += [f"{at} has no mention entity" for at in sorted(set(said) - set(named))]
    problems += [f"the mention {at} is not in the text" for at in sorted(set(named) - set(said))]
    return problems


def _complete(entity: Json) -> bool:
    who = entity.get("mentioned")
    if not isinstance(who, dict) or not all(who.get(key) for key in ("id", "name")):
        return False
    return AT.fullmatch(str(entity.get("text"))) is not None


def mentioned(world: World, entities: Iterable[Any]) -> list[str]:
    """The accounts that are mentioned; object ids of people count as theirs."""
    by_object = {person.object_id: person.id for person in world.people.values()}
    ids = [e["mentioned"]["id"] for e in entities if e.get("type") == "mention"]
    return list(dict.fromkeys(by_object.get(one, one) for one in ids))


def read_speech(world: World, room: Room, typed: str) -> tuple[str, list[Json]]:
    """What a person types: `@Name` of somebody here, or of the bot, becomes a mention."""
    names = _names(world, room)
    if not names:
        return typed, []
    ordered = sorted(names, key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in ordered)
    entities: list[Json] = []

    def replace(match: re.Match[str]) -> str:
        account, name = names[match[1].lower()]
        text = f"<at>{name}</at>"
        who = {"id": account, "name": name}
        entities.append({"type": "mention", "mentioned": who, "text": text})
        return text

    said = re.sub(rf"(?<![\w@])@({pattern})(?!\w)", replace, typed, flags=re.IGNORECASE)
    return said, entities


def _names(world: World, room: Room) -> dict[str, tuple[str, str]]:
    """What may follow the @, in lower case: full names, handles, given names of one person."""
    names = {}
    people = [world.people[one] for one in world.people_in(room)]
    given = [person.name.split()[0].lower() for person in people]
    for person in people:
        first = person.name.split()[0].lower()
        for name in (person.name.lower(), person.handle):
            names[name] = (person.id, person.name)
        if given.count(first) == 1:
            names.setdefault(first, (person.id, person.name))
    names[world.bot_name.lower()] = (world.bot, world.bot_name)
    return names
