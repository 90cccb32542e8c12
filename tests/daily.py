"""How a test reads the daily messages: whose, when by their own clock, and what they said."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.world import OLIVIA, PRIYA, Json, World, direct, words_of

BERLIN, LONDON, NEW_YORK = "Europe/Berlin", "Europe/London", "America/New_York"
FOOT = "One message a day."


def digests(world: World, who: str) -> list[Json]:
    """The daily messages somebody has had, oldest first."""
    return [m for m in unprompted(world, who) if FOOT in words_of(m)]


def unprompted(world: World, who: str) -> list[Json]:
    """All that the bot wrote to somebody by itself: the tests ask nothing by direct message."""
    return [m for m in world.read(who, direct(who)) if m["user"] == "U0BOT"]


def times(messages: list[Json], zone: str) -> list[str]:
    """When messages came by a clock in `zone`, such as "Tue 24 Nov 08:30"."""
    return [at(message, zone).strftime("%a %-d %b %H:%M") for message in messages]


def at(message: Json, zone: str) -> datetime:
    return datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(ZoneInfo(zone))


def days(world: World, who: str, zone: str) -> list[str]:
    """The days on which somebody had their daily message, such as "Tue 24 Nov"."""
    return [when[:-6] for when in times(digests(world, who), zone)]


def said(world: World, who: str) -> str:
    """The newest daily message as plain words, and nothing if there was none."""
    return words_of(digests(world, who)[-1]).replace("*", "") if digests(world, who) else ""


async def name_helix_manager(world: World) -> None:
    """Northwind's alliance manager enters the partner's first one."""
    await world.mention(OLIVIA, "open")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody")
    seen = await world.fill(PRIYA, person=OLIVIA, side="Helix Devices", role="manager")
    assert seen.ok, seen.error
    await world.close(PRIYA)


async def until(world: World, moment: str) -> None:
    """Let time pass until an instant in ISO form with its zone, ticks included."""
    answer = await world.slack.set_clock(moment)
    assert answer["ok"], answer


async def wake(world: World) -> None:
    """The bot, which has slept, runs its ticks and sends."""
    await world.later("PT1S")


def sleep_until(world: World, moment: str) -> None:
    """Let time pass while the bot is down: no tick runs meanwhile."""
    world.local.clock.set(datetime.fromisoformat(moment))
