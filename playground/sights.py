"""What can be looked at in the playground, by the page and by tests."""

from playground.beside import Beside
from playground.coming import in_order
from playground.driven import Driven
from playground.house import House
from playground.refusal import Json
from playground.timers import Timers
from playground.verbs_talk import room_for
from playground.views_of import home_of, messages_of, state_json, views_of


class Sights(Driven):
    house: House
    timers: Timers
    beside: Beside | None
    seed_error: str | None = None
    """Why the seeding stopped, if it did; shown in the state."""

    def state(self) -> Json:
        """`with_teams`: whether there is a local Teams beside it."""
        about = {"seed_error": self.seed_error, "with_teams": self.beside is not None}
        return state_json(self.house) | about

    async def coming(self, limit: int) -> list[Json]:
        """What will happen by itself when the clock moves on, the nearest first."""
        return in_order(await self.timers.coming(limit), limit)

    def tour(self) -> Json | None:
        follower = self.timers.follower
        tour = follower.tour() if follower is not None else None
        return tour.as_json() if tour is not None else None

    def messages(self, channel: str, as_user: str | None = None) -> list[Json]:
        """What a person sees in a channel, oldest first; raises Refusal if they are not in it."""
        world = self.house.world
        if as_user is None:
            return messages_of(world.room(channel), None)
        person = world.person(as_user)
        return messages_of(room_for(self.house, person, channel), person.id)

    def views(self, user: str) -> list[Json]:
        """The open modals of a person, the top one last."""
        return views_of(self.house.world, self.house.world.person(user).id)

    def home_view(self, user: str) -> Json | None:
        return home_of(self.house.world, self.house.world.person(user).id)
