"""Everything a playground is made of, in one place that the verbs and methods share."""

from dataclasses import dataclass, field

from playground.door import Door
from playground.events import Events
from playground.manifest import Manifest
from playground.premises import Premises
from playground.refusal import Json
from playground.seed import Seed
from playground.tickets import Tickets
from playground.world import World

OfferKey = tuple[str, str, str, str]  # user, view id or channel+ts, block_id, action_id


@dataclass(kw_only=True)
class House(Premises):
    manifest: Manifest
    world: World
    seed: Seed
    bot_token: str
    door: Door
    events: Events
    tickets: Tickets = field(default_factory=Tickets)
    offers: dict[OfferKey, dict[str, Json]] = field(default_factory=dict)
    typed: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)  # user, place

    def response_url(self, user: str, channel: str, ts: str | None) -> str:
        key = self.tickets.response(user, channel, ts, self.world.now())
        return f"{self.public_url}/response/{key}"

    def forget(self) -> None:
        """Everything that belongs to the world before a reset."""
        self.faults.clear()
        self.events.clear()
        self.journal.clear()
        self.offers.clear()
        self.typed.clear()
        self.tickets = Tickets()
