"""`seen`: who was shown an action item, where and when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from governance.firms import sides
from governance.people.members import Seat
from governance.seeing import deliveries
from governance.seeing.deliveries import Sighting
from handlers.acts import Ask, act
from handlers.items.action_item_page import keep_account
from handlers.items.action_items import item_of, reference_of
from handlers.views import (
    Block,
    Button,
    Buttons,
    Form,
    Note,
    Reply,
    Span,
    Text,
    When,
    Words,
    bold,
    words,
)
from storage.tables import ActionItem, Conversation, Person, Side

LINES = 12
"""Lines on a page."""

Firms = frozenset[int]


@act("action_item.seen", opens_form=True)
def seen(ask: Ask) -> Reply:
    token, _, number = ask.arg("value").partition(":")
    asked = replace(ask, args={**ask.args, "value": token})
    item, seat = item_of(asked)
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    found = deliveries.of(ask.session, item, seat)
    if not number:
        keep_account(ask, [item])
    return Reply(form=_form(ask, item, seat, found, page))


def _form(ask: Ask, item: ActionItem, seat: Seat, found: list[Sighting], page: int) -> Form:
    account = Account(
        seat,
        sides.of(ask.session, seat.alliance.id),
        deliveries.people_in(ask.session, found),
        deliveries.places_in(ask.session, found, seat.member),
    )
    pages = max(1, -(-len(found) // LINES))
    page = min(max(page, 1), pages)
    listed = sorted(found, key=lambda sighting: account.place_of(sighting.sides))
    shown = listed[(page - 1) * LINES : page * LINES]
    reference = reference_of(ask, item)
    blocks: list[Block] = [
        Text((bold(reference), Words(f" {item.text}"))),
        Text(words(account.summary(found))),
    ]
    for firms, lines in groupby(shown, key=lambda sighting: sighting.sides):
        blocks.append(Text((bold(account.firms(firms)), *account.lines(lines))))
    blocks += _turning(item, page, pages)
    blocks.append(Note(words("In a channel everybody there can read it. Kept for 400 days.")))
    return Form(f"Who saw {reference}"[:24], "page", tuple(blocks))


def _turning(item: ActionItem, page: int, pages: int) -> list[Block]:
    buttons = [Button("Details", "action_item.details", item.token)]
    if page < pages:
        buttons.insert(0, Button("Older", "action_item.seen", f"{item.token}:{page + 1}"))
    if page > 1:
        buttons.insert(0, Button("Newer", "action_item.seen", f"{item.token}:{page - 1}"))
    blocks: list[Block] = [Buttons(tuple(buttons))]
    return [*blocks, Note(words(f"Page {page} of {pages}"))] if pages > 1 else blocks


@dataclass(frozen=True)
class Account:
    """Sightings in words, for one reader. `places`: the channels whose names are for them."""

    reader: Seat
    all_sides: list[Side]
    people: dict[int, Person]
    places: dict[int, Conversation]

    def place_of(self, firms: Firms) -> tuple[int, list[int]]:
        """What everybody read comes first, then each firm in the alliance's order."""
        return -len(firms), [side.position for side in self.all_sides if side.id in firms]

    def firms(self, firms: Firms) -> str:
        named = [side.firm for side in self.all_sides if side.id in firms]
        if deliveries.UNKNOWN_FIRM in firms:
            named.append("others")
        if len(named) == len(self.all_sides) > 1:
            return "Both firms" if len(named) == 2 else "All firms"
        return " and ".join(named)

    def summary(self, found: list[Sighting]) -> str:
        """Shown to 3 people of Northwind Bio and 2 of Helix Devices, and in #helix-northwind."""
        if not found:
            return "Nobody was shown this."
        own = frozenset({self.reader.side.id})
        if all(sighting.sides == own for sighting in found):
            return f"Nobody outside {self.reader.side.firm} was shown this."
        channels = dict.fromkeys(self.channel(one) for one in found if one.way == "channel")
        said = [part for part in (self._counted(found), "in " + ", ".join(channels)) if part]
        return f"Shown {', and '.join(said if channels else said[:1])}."

    def _counted(self, found: list[Sighting]) -> str:
        """To how many people of each firm it was shown by itself."""
        said: list[str] = []
        for side in self.all_sides:
            shown = {one.person_id for one in found if one.person_id and side.id in one.sides}
            if shown:
                people = "" if said else " person" if len(shown) == 1 else " people"
                said.append(f"{len(shown)}{people} of {side.firm}")
        return f"to {' and '.join(said)}" if said else ""

    def lines(self, found: Iterable[Sighting]) -> list[Span]:
        return [span for sighting in found for span in self._line(sighting)]

    def _line(self, sighting: Sighting) -> list[Span]:
        line: list[Span] = [Words(f"\n{self._who(sighting)} · "), When(sighting.first)]
        if sighting.last > sighting.first:
            line += [Words(", last updated "), When(sighting.last)]
        return line

    def _who(self, sighting: Sighting) -> str:
        if sighting.person_id is None:
            return self.channel(sighting)
        how = {
            "recorded": "recorded it",
            "asked": "when they asked for it",
            "home": "on their Home",
            "directly": "directly",
        }
        return f"{self.people[sighting.person_id].name}, {how[sighting.way]}"

    def channel(self, sighting: Sighting) -> str:
        place = self.places.get(sighting.place_id or 0)
        if self.reader.side.id not in sighting.sides or (not place and len(sighting.sides) == 1):
            return own_channel_of(self.firms(sighting.sides))
        return channel_name(place)


def own_channel_of(firm: str) -> str:
    """Another firm's channel: its name is that firm's."""
    possessive = "'" if firm.endswith("s") else "'s"
    return f"a channel of {firm}{possessive} own"


def channel_name(place: Conversation | None) -> str:
    return f"#{place.name}" if place is not None and place.name else "a channel"
