"""The tests here are of Teams alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from playground.teams import activities
from tests.teams.world import SHARED, Json, TeamsWorld, handle
from tests.world import MATEO


@pytest.fixture
def world(teams_world: TeamsWorld) -> TeamsWorld:
    return teams_world


@dataclass(frozen=True)
class Answered:
    status: int
    body: Any


Knock = Callable[..., Awaitable[Answered]]


@pytest.fixture
def knock(world: TeamsWorld) -> Knock:
    """A request at the bot's door, as whoever has such a token sends it."""

    async def knock(body: Any, *, token: str | None = None, raw: bytes | None = None) -> Answered:
        known = token if token is not None else token_for(world, body)
        headers = {"authorization": f"Bearer {known}"} if known else {}
        async with aiohttp.ClientSession() as session:
            how = {"data": raw} if raw is not None else {"json": body}
            async with session.post(str(world.teams.bot_url), headers=headers, **how) as got:
                said = await got.read()
                is_json = got.content_type == "application/json" and said
                return Answered(got.status, await got.json() if is_json else None)

    return knock


def token_for(world: TeamsWorld, activity: Any, **changes: Any) -> str:
    """The token that Teams sends along; a claim changed to None is left out."""
    about = activity if isinstance(activity, dict) else {}
    url = str(about.get("serviceUrl"))
    return world.teams.house.keys.sign(world.teams.app_id, url, **changes)


def said(world: TeamsWorld, words: str, who: str = MATEO, channel: str = SHARED) -> Json:
    """The activity of somebody who mentions the bot."""
    house = world.teams.house
    person, room = house.world.person(handle(who)), house.world.room(world.place(channel))
    activity = activities.envelope(house, "message", person, room)
    bot = {"id": house.world.bot, "name": "Alliance"}
    mention = {"type": "mention", "mentioned": bot, "text": "<at>Alliance</at>"}
    activity["id"] = house.world.next_message_id()
    activity["entities"].append(mention)
    return activity | {"text": f"<at>Alliance</at> {words}", "textFormat": "plain"}


def invoked(world: TeamsWorld, name: str, value: Json, who: str = MATEO, **more: Any) -> Json:
    house = world.teams.house
    person, room = house.world.person(handle(who)), house.world.room(world.place(SHARED))
    return activities.invoke(house, name, person, room, None, value) | more
