"""How every verb is carried out: who acts, what it came to, and what they see afterwards."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from playground.driven import Driven
from playground.refusal import Json, Refusal
from playground.shapes import instant
from playground.teams import sights
from playground.teams.house import House
from playground.teams.timers import Timers
from playground.teams.world import Person
from playground.travel import read_target


class Acting(Driven):
    house: House
    timers: Timers

    async def _act(self, who: str, verb: Callable[[Person], Awaitable[Json]]) -> Json:
        """Run a verb for a person and gather what they see afterwards."""
        house, world = self.house, self.house.world
        house.public_url = self.url
        start = len(world.timeline)
        try:
            person = world.person(who)
        except Refusal as refusal:
            return {**refusal.answer(), "messages": []}
        try:
            answer: Json = {"ok": True, **await verb(person)}
        except Refusal as refusal:
            answer = refusal.answer()
        await self.timers.settle()
        answer["messages"] = sights.news_for(world, person.id, start)
        top = sights.top_dialog(world, person.id)
        return answer | ({"dialog": sights.dialog_of(top)} if top is not None else {})

    async def advance_clock(self, duration: Any) -> Json:
        """By an ISO 8601 duration or a timedelta, stopping wherever anything is due."""
        return await self._travel(duration, None)

    async def set_clock(self, moment: Any) -> Json:
        """To an instant (aware datetime or ISO 8601 with its zone), forward only."""
        return await self._travel(None, moment)

    async def _travel(self, advance: object, moment: object) -> Json:
        async def go() -> Json:
            target = read_target(self.house.clock.now(), advance, moment)
            return {"steps": await self.timers.travel(target)}

        return await self._plain(go) | {"now": instant(self.house.clock.now())}

    def next_due(self) -> datetime | None:
        """When something is sent to the bot again; for whoever moves the clock elsewhere."""
        return self.house.deliveries.next_due()

    async def run_due(self) -> None:
        """Send again what is due, without the follower."""
        await self.house.deliveries.run_due()

    def throttle(self, enforced: bool = True) -> None:
        """Enforce Teams' limits per conversation from now on, by the world's clock."""
        self.house.limits.clear()
        self.house.limits.enforced = enforced

    def mark(self, *words: str) -> None:
        """Refuse these words wherever markdown is read: people's words belong into text runs."""
        self.house.marked |= set(words)

    def change_service_url(self, region: str = "", *, gone: bool = False) -> str:
        """Move to another base; with `gone` the former one refuses from now on. Answers that of the
        first tenant."""
        house = self.house
        house.public_url = self.url
        if gone:
            house.gone.add(house.region)
        house.region = region or f"emea{house.world.next_number()}"
        house.gone.discard(house.region)
        return house.service_url(next(iter(house.world.tenants)))

    def rotate_keys(self) -> None:
        """Sign with another key; the former is no longer served."""
        self.house.keys.rotate()

    def expire_tokens(self) -> None:
        """Every token the bot holds is refused from now on."""
        self.house.tokens.expire()

    def state(self) -> Json:
        return sights.state_of(self.house.world, self.house.manifest)

    def messages(self, conversation: str, as_person: str | None = None) -> list[Json]:
        """What somebody sees in a conversation, oldest first; Refusal where they are not."""
        world = self.house.world
        if as_person is None:
            return sights.messages_of(world, world.room(conversation), None)
        person = world.person(as_person)
        room = world.room(conversation, person)
        if person.id not in world.people_in(room):
            raise Refusal("not_in_conversation")
        return sights.messages_of(world, room, person.id)

    def file(self, file_id: str) -> bytes:
        """What is in a file that was uploaded whole; Refusal where there is none."""
        found = self.house.world.files.get(file_id)
        if found is None or not found.is_complete:
            raise Refusal("file_not_found")
        return bytes(found.data)

    def dialogs(self, person: str) -> list[Json]:
        """What is open over somebody's window, the top one last."""
        world = self.house.world
        return [sights.dialog_of(d) for d in world.dialogs.get(world.person(person).id, [])]
