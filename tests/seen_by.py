"""All that somebody has before them: what a firm's own records must never be found in."""

import json
from typing import Any

from tests.world import World

Json = dict[str, Any]


def everything(world: World, who: str) -> str:
    """Every message a person can read (whispers, threads and metadata included), their forms with
    what these carry along, and their Home, as the raw JSON that was sent."""
    house = world.slack.house
    messages = [world.read(who, channel) for channel in house.world.channels]
    home = house.world.homes.get(who)
    return _raw([messages, world.slack.views(who), home.body if home else None])


def in_private(world: World, who: str) -> str:
    """The same without what everybody in a channel reads."""
    whispers = [
        message
        for channel, room in world.slack.house.world.channels.items()
        for message in world.read(who, channel)
        if message["ephemeral"] or room.kind == "dm"
    ]
    return _raw([whispers, world.slack.views(who)])


async def offered(world: World, who: str, typed: str = "") -> str:
    """What the lists of the form on top offer for some letters."""
    views = world.slack.views(who)
    found = []
    for block in views[-1]["blocks"] if views else []:
        element = block.get("element") or {}
        if element.get("type") == "external_select":
            asked = {"view_id": views[-1]["id"], "block_id": block["block_id"]}
            found.append(
                await world.slack.options(who, action_id=element["action_id"], value=typed, **asked)
            )
    return _raw(found)


def _raw(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False, default=str)
