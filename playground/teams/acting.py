"""How every verb is carried out: who acts, what it came to, and what they see afterwards."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from playground.faults import Fault
from playground.follower import Follower
from playground.refusal import Json, Refusal
from playground.shapes import instant
from playground.teams import sights
from playground.teams.house import House
from playground.teams.timers import Timers
from playground.teams.world import Person
from playground.travel import read_target


class Acting:
    house: House
    timers: Timers
    asgi: Any

    @property
    def url(self) -> str:
        """Where the bot reaches this Teams; service URLs begin with it."""
        return self.house.public_url or str(getattr(self.asgi.state, "served_at", ""))

    @url.setter
    def url(self, url: str) -> None:
        self.house.public_url = url.rstrip("/")

    @property
    def bot_url(self) -> str | None:
        return self.house.door.url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self.house.door.url = url

    @property
    def follower(self) -> Follower | None:
        return self.timers.follower

    @follower.setter
    def follower(self, follower: Follower | None) -> None:
        self.timers.follower = follower

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

    async def _plain(self, work: Callable[[], Awaitable[Json]]) -> Json:
        """A verb that nobody in particular does."""
        self.house.public_url = self.url
        try:
            answer = {"ok": True, **await work()}
            await self.timers.settle()
        except Refusal as refusal:
            answer = refusal.answer()
        return answer | {"messages": []}

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

    async def fault(
        self,
        method: str,
        status: int | None = None,
        error: str | None = None,
        retry_after: int | None = None,
        times: int = 1,
        after: bool = False,
        delay: float = 0.0,
    ) -> Json:
        """Make the next `times` calls of a method (`routes.METHODS`, "keys", "token", or any, "*")
        fail; with `after` their effect happens all the same; `delay` is in real seconds."""

        async def order() -> Json:
            self.house.faults.add(Fault(method, status, error, retry_after, times, after, delay))
            return {}

        return await self._plain(order)

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

    def dialogs(self, person: str) -> list[Json]:
        """What is open over somebody's window, the top one last."""
        world = self.house.world
        return [sights.dialog_of(d) for d in world.dialogs.get(world.person(person).id, [])]

    def log(self) -> list[Json]:
        """Every request both ways, oldest first: the last 5,000."""
        return self.house.journal.as_json()

    async def changes(self, since: int, wait: float = 0.0) -> int:
        """The revision, as soon as it is beyond `since` or the seconds have passed."""
        return await self.house.world.revision.wait(since, min(max(wait, 0.0), 25.0))
