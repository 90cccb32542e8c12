"""Eight weeks of an alliance with four pairs of sponsors: one never connects, one connects, one is
on holiday, one changes. What the bot wrote to each of them, as it is stored beside this.

To read what a change of words does, delete `eight_weeks.txt`, run this, and look at the diff.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from storage.sponsor_tables import SponsorSeat
from storage.tables import Person
from tests.anywhere import (
    GRANT,
    HANA,
    INES,
    JONAS,
    KWAME,
    MATEO,
    MEILING,
    OLIVIA,
    PRIYA,
    SAMIR,
    TOMASZ,
    Json,
    direct,
)
from tests.daily import BERLIN, FOOT, LONDON, NEW_YORK, at, name_helix_manager, unprompted
from tests.sponsors_world import kept, name_sponsor, nudges, spoke
from tests.world import World, words_of

STORED = Path(__file__).parent / "eight_weeks.txt"
ZONES = {
    JONAS: BERLIN,
    GRANT: NEW_YORK,
    SAMIR: LONDON,
    INES: LONDON,
    HANA: BERLIN,
    TOMASZ: LONDON,
    MATEO: NEW_YORK,
    MEILING: NEW_YORK,
    KWAME: LONDON,
    PRIYA: BERLIN,
    OLIVIA: LONDON,
}
PAIRS = ((JONAS, GRANT), (SAMIR, INES), (HANA, TOMASZ), (MATEO, MEILING))
MANAGERS = (PRIYA, OLIVIA)
ENDED = "2027-01-19"


class Told:
    """What the bot wrote to them by itself, in order, as it read when it came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: set[tuple[str, str]] = set()
        self.lines: list[str] = []

    async def until(self, day: str) -> None:
        """Day after day, until the evening of one."""
        while self._world.now.date().isoformat() < day:
            evening = self._world.now.replace(hour=21, minute=0) + timedelta(days=1)
            await self._world.until(evening.isoformat())
            self.lines += self.gather()

    def gather(self) -> list[str]:
        """What is new to anybody; a sponsor's daily message of their items is another story."""
        new = [
            (message["ts"], who, message)
            for who in ZONES
            for message in unprompted(self._world, who)
            if (who, message["ts"]) not in self._seen
        ]
        self._seen |= {(who, ts) for ts, who, _ in new}
        return [
            f"{self._when(who, message)}\n{self._indented(message)}"
            for _, who, message in sorted(new, key=lambda one: (float(one[0]) // 60, one[1]))
            if who in MANAGERS or FOOT not in words_of(message)
        ]

    def _indented(self, message: Json) -> str:
        return "\n".join(f"    {line}" for line in self._world.lines(message))

    def _when(self, who: str, message: Json) -> str:
        name = self._world.slack.house.world.person(who).real_name
        return f"{at(message, ZONES[who]):%a %d %b %H:%M} · {name}"

    def say(self, happened: str) -> None:
        """What people did; they know what they were answered."""
        self.gather()
        self.lines.append(f"> {happened}")

    def __str__(self) -> str:
        return "\n\n".join(self.lines) + "\n"


def seat_of(world: World, who: str) -> str:
    person = next(one for one in kept_people(world) if one.user_id == who)
    seat = next(s for s in kept(world, SponsorSeat) if s.person_id == person.id and not s.ended_on)
    return str(seat.id)


def kept_people(world: World) -> list[Person]:
    def read(session: Session) -> list[Person]:
        people = list(session.exec(select(Person)))
        session.expunge_all()
        return people

    return world.stored(read)


async def test_eight_weeks_of_four_pairs_are_told_as_stored(world: World) -> None:
    await name_helix_manager(world)
    for ours, theirs in PAIRS:
        alone: dict[str, Any] = {} if ours == JONAS else {"counterparts": []}
        await name_sponsor(world, PRIYA, ours, **alone)
        await name_sponsor(world, OLIVIA, theirs, counterparts=[seat_of(world, ours)])
    for who in (who for pair in PAIRS for who in pair):
        await world.press(who, "Accept", channel=direct(who))
    told = Told(world)
    told.say("Eight sponsors have said yes.")

    await told.until("2026-12-01")
    await spoke(world, SAMIR, "2026-12-01", promise="send Inês the list", due="2026-12-11")
    told.say("Samir and Inês spoke by video; Samir promised a list by 11 December.")
    await world.write(HANA, "away until 18 Dec")
    told.say("Hana goes on holiday until 18 December.")
    await told.until("2026-12-02")
    await world.press(INES, "Yes", channel=direct(INES))
    told.say("Inês says that they did.")
    await told.until("2026-12-15")
    await end_seat(world, MEILING)
    await name_sponsor(world, OLIVIA, KWAME, counterparts=[seat_of(world, MATEO)])
    told.say("Mei-Ling is sponsor no more; Olivia names Kwame and sends the welcome.")
    await told.until("2026-12-16")
    await world.press(KWAME, "Accept", channel=direct(KWAME))
    told.say("Kwame accepts.")
    await told.until(ENDED)
    story = str(told)
    if not STORED.exists():
        STORED.write_text(story, encoding="utf-8")
        raise AssertionError("it is stored anew: read it, and run this again")
    for pair, times in ((JONAS, 4), (SAMIR, 7), (INES, 2), (HANA, 3), (MATEO, 6), (KWAME, 3)):
        assert len(nudges(world, pair)) == times, pair
    assert story == STORED.read_text(encoding="utf-8")


async def end_seat(world: World, who: str) -> None:
    """Helix's alliance manager gives somebody another role."""
    await world.write(OLIVIA, "people")
    await world.press(OLIVIA, "Add somebody", channel=direct(OLIVIA))
    seen = await world.fill(OLIVIA, person=who, side="Helix Devices", role="team")
    assert seen.ok, seen.error
    await world.close(OLIVIA)
