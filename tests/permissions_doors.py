"""Presses and types as anybody, without having the button before them, on either platform."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, func, select

from governance.items.action_item_rules import RECORD
from handlers.acts import OPENS_FORM
from handlers.teams.elements import Setting, action_set
from handlers.views import Button
from playground.payloads import base
from playground.teams import activities
from storage.tables import ActionItem, ActionItemHelper, HistoryEntry
from tests.anywhere import MATEO, OWN, RANDOM, SHARED, AnyWorld, Json, direct
from tests.permissions_table import NO, SEE, SUGGESTS, YES
from tests.permissions_world import TEXT, Kind, Made
from tests.teams.world import NORTHWIND, PARTNERS_TEAM, TeamsWorld, handle
from tests.world import World

FORMS = {
    "decline": "decline_with",
    "move": "move_to",
    "snooze": "snooze_until",
    "wait": "wait_on",
    "helper": "helper_add",
    "edit": "edit_to",
    "reassign": "reassign_to",
    "share": "share_as",
    "take_back": "take_back_now",
}
"""Acts whose button opens a form, with what the form sends."""

TYPED = {
    "show": "show {ref}",
    "seen": "seen {ref}",
    "accept": "accept {ref}",
    "decline": "decline {ref} no time for it",
    "done": "done {ref}",
    "move": "move {ref} to 2 Dec",
    "snooze": "snooze {ref} until 2 Dec",
    "wait": "wait {ref} @priya",
    "helper": "helper {ref} @{colleague}",
    "edit": "edit {ref} send the new quote",
    "reassign": "reassign {ref} @{colleague}",
    "reopen": "reopen {ref}",
    "cancel": "cancel {ref}",
}


@dataclass(frozen=True)
class Page:
    """What a press opened: what is done when it is sent, its title, and all its words."""

    act: str = ""
    title: str = ""
    words: str = ""


class Doors(ABC):
    world: AnyWorld

    @abstractmethod
    async def press(self, who: str, act: str, value: str, channel: str = "") -> Page:
        """In somebody's own conversation with the bot, or in a channel where they are in it."""

    @abstractmethod
    async def type(self, who: str, words: str) -> None:
        """To the bot, where everybody can write to it, and name who is named in the words."""

    @abstractmethod
    async def unlinked(self, who: str) -> str:
        """A channel of somebody's own firm that belongs to no alliance; the bot is in it."""


class SlackDoors(Doors):
    def __init__(self, world: World) -> None:
        self.world: World = world

    async def press(self, who: str, act: str, value: str, channel: str = "") -> Page:
        slack = self.world.slack
        house = slack.house
        house.public_url = slack.url
        house.world.stacks.pop(who, None)
        room = channel or direct(who)
        payload = base(house, "block_actions", house.world.people[who], house.world.host)
        payload |= {
            "container": {"type": "message", "message_ts": "1.000001", "channel_id": room},
            "channel": {"id": room, "name": "directmessage" if not channel else "a-channel"},
            "actions": [{"type": "button", "action_id": act, "block_id": "b", "value": value}],
            "trigger_id": house.tickets.trigger(who),
            "response_url": house.response_url(who, room, None),
        }
        await house.door.interaction(payload)
        stack = house.world.stacks.get(who, [])
        form = dict(stack[-1].body) if stack else {}
        title = form.get("title", {}).get("text", "")
        return Page(form.get("callback_id", ""), title, self.world.words(form))

    async def type(self, who: str, words: str) -> None:
        await self.world.write(who, words)

    async def unlinked(self, who: str) -> str:
        return RANDOM


class TeamsDoors(Doors):
    def __init__(self, world: TeamsWorld) -> None:
        self.world: TeamsWorld = world

    async def press(self, who: str, act: str, value: str, channel: str = "") -> Page:
        await self.world.open_app(who)
        house = self.world.teams.house
        person = house.world.person(handle(who))
        room = house.world.room(self.world.place(channel or direct(who)))
        if person.id not in house.world.people_in(room):
            room = house.world.personal(person)
        [button] = action_set((Button("Press", act, value),), (), Setting(OPENS_FORM))["actions"]
        name, sent = _as_sent(button)
        answer = await house.door.invoke(activities.invoke(house, name, person, room, None, sent))
        await self.world.teams.timers.settle()
        return self._page(answer.json())

    async def type(self, who: str, words: str) -> None:
        """Nobody else can be named in one's own chat."""
        if "@" not in words:
            await self.world.write(who, words)
            return
        shared = self.world.teams.house.world.room(self.world.place(SHARED))
        person = self.world.teams.house.world.person(handle(who))
        is_there = person.id in self.world.teams.house.world.people_in(shared)
        await self.world.command(who, words, SHARED if is_there else OWN)

    async def unlinked(self, who: str) -> str:
        person = self.world.teams.house.world.person(handle(who))
        if person.tenant == NORTHWIND:
            return RANDOM
        await self.world.teams.install(PARTNERS_TEAM)
        return self.world.teams.house.world.team(PARTNERS_TEAM).id

    def _page(self, answer: Any) -> Page:
        dialog = ((answer or {}).get("task") or {}).get("value") or {}
        if not isinstance(dialog, dict):
            return Page(words=str(dialog))
        card = dialog.get("card", {}).get("content", {})
        sends = [action["data"] for action in card.get("actions", []) if "data" in action]
        act = next((data["act"] for data in sends if data.get("form")), "")
        title = dialog.get("title", "")
        return Page(act, title, f"{title} {self.world.words({'cards': [card]})}")


def _as_sent(button: Json) -> tuple[str, Json]:
    if "msteams" in button["data"]:
        return "task/fetch", {"data": button["data"]}
    return "adaptiveCard/action", {"action": button, "trigger": "manual"}


def state(world: AnyWorld, made: Made) -> tuple[object, ...]:
    """How an item stands; it differs after anything was done to it."""

    def read(session: Session) -> tuple[object, ...]:
        item = session.get_one(ActionItem, made.item_id)
        entries = select(func.count()).where(
            HistoryEntry.record == RECORD, HistoryEntry.record_id == item.id
        )
        helpers = select(func.count()).where(ActionItemHelper.item_id == item.id)
        counts = (session.exec(entries).one(), session.exec(helpers).one())
        return (*counts, item.due, item.suggested_due)

    return world.stored(read)


async def by_button(doors: Doors, act: str, user: str, made: Made) -> str:
    """What came of pressing the act's button with the item's token."""
    before = state(doors.world, made)
    name = f"action_item.{'details' if act == 'show' else act}"
    page = await doors.press(user, name, made.token)
    if act in SEE:
        return YES if TEXT in page.words else NO
    if act not in FORMS:
        return YES if state(doors.world, made) != before else NO
    assert state(doors.world, made) == before, "a form changes nothing before it is sent"
    if page.act != f"action_item.{FORMS[act]}":
        return NO
    return SUGGESTS if page.title.startswith("Suggest") else YES


async def by_words(doors: Doors, act: str, user: str, made: Made, kind: Kind) -> str:
    """What came of typing it."""
    world = doors.world
    colleague = "kwame" if kind.who["owner"] not in (MATEO, "U0ADAEZE") else "mateo"
    before, heard = state(world, made), len(world.inbox(user))
    await doors.type(user, TYPED[act].format(ref=made.reference, colleague=colleague))
    if act in SEE:
        return YES if TEXT in "".join(world.inbox(user)[heard:]) else NO
    after = state(world, made)
    if act == "move" and after[2] == before[2] and after[3] != before[3]:
        return SUGGESTS
    return YES if after != before else NO
