"""How a test reads the daily messages: whose, when by their own clock, and what they said."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.anywhere import OLIVIA, PRIYA, THE_BOT, AnyWorld, Json, direct
from tests.world import World

BERLIN, LONDON, NEW_YORK = "Europe/Berlin", "Europe/London", "America/New_York"
FOOT = "One message a day."


def digests(world: AnyWorld, who: str) -> list[Json]:
    """The daily messages somebody has had, oldest first."""
    return [m for m in unprompted(world, who) if FOOT in world.words(m)]


def unprompted(world: AnyWorld, who: str) -> list[Json]:
    """All that the bot wrote to somebody by itself: the tests ask nothing by direct message."""
    return [m for m in world.read(who, direct(who)) if m["user"] == THE_BOT]


def times(messages: list[Json], zone: str) -> list[str]:
    """When messages came by a clock in `zone`, such as "Tue 24 Nov 08:30"."""
    return [at(message, zone).strftime("%a %-d %b %H:%M") for message in messages]


def at(message: Json, zone: str) -> datetime:
    """Slack counts seconds, Teams thousandths of them."""
    ts = message["ts"]
    seconds = float(ts) if "." in ts else int(ts) / 1000
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))


def days(world: AnyWorld, who: str, zone: str) -> list[str]:
    """The days on which somebody had their daily message, such as "Tue 24 Nov"."""
    return [when[:-6] for when in times(digests(world, who), zone)]


def said(world: AnyWorld, who: str) -> str:
    """The newest daily message as plain words, and nothing if there was none."""
    had = digests(world, who)
    return world.words(had[-1]).replace("*", "") if had else ""


async def name_helix_manager(world: AnyWorld) -> None:
    """Northwind's alliance manager enters the partner's first one."""
    await world.mention(OLIVIA, "open")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody")
    seen = await world.fill(PRIYA, person=OLIVIA, side="Helix Devices", role="manager")
    assert seen.ok, seen.error
    await world.close(PRIYA)


async def until(world: AnyWorld, moment: str) -> None:
    """Let time pass until an instant in ISO form with its zone, ticks included."""
    await world.until(moment)


async def wake(world: AnyWorld) -> None:
    """The bot, which has slept, runs its ticks and sends."""
    await world.later("PT1S")


def sleep_until(world: World, moment: str) -> None:
    """Let time pass while the bot is down: no tick runs meanwhile."""
    world.local.clock.set(datetime.fromisoformat(moment))
