"""The figures as a page: what was measured, what is aimed at, how to read it."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from tests.bench.capture import CLIENTS, Captures
from tests.bench.gate import Gate
from tests.bench.sponsors import Week
from tests.bench.start import Start
from tests.bench.table import met, ms, table, times
from tests.bench.teams import TeamsCaptures
from tests.bench.tick import Tick

LIBRARIES = ("slack-bolt", "SQLAlchemy", "sqlmodel", "starlette", "uvicorn", "aiohttp")
HEAD = """\
# What the bot costs

Written by `make bench`; run it again rather than compare with figures of another machine.

Measured on {day}: {cores} cores, {system}, Python {python}, SQLite {sqlite}, {libraries}.{load}

## How to read it

- Both sides of a ratio were measured by turns in the same run, so a slow or busy machine weighs on
  both. Ratios are what carries over to another machine; milliseconds and requests a second are not.
- CPU is that of the server process alone, all its threads together. The clients and the local
  Slack run in another process.
- Everything is durable: an answer is given after the commit has reached the disk (SQLite,
  `synchronous=FULL`).
- An aim is met (yes), within a tenth of it (near) or missed (no). Nothing here is a test: a run on
  a busy machine may miss what a quiet one meets.
"""
CAPTURE_HEAD = """
## Capture

`/alliance action {words}`
over HTTP, correctly signed and durable, against an empty Bolt listener in the same server process;
by one client and by {clients} at once, over {channels} channels.
"""
CAPTURE_FOOT = """
"Sent too" counts the CPU until the last card has been posted and brought up to date in the local
Slack as well; in the other columns the outbox's sender waits.
"""
TEAMS_HEAD = """
## Capture on Teams

The same words to `@Alliance` through `/api/messages`, the token verified, against an empty handler
of the same SDK behind the same adapter; one message after the other, client and server in one
process, so that the client's own CPU is in both figures.
"""
TICK_HEAD = """
## Tick

`queue_due_digests` over open items in one SQLite file, ten to a person: with nothing due, and with
{people} people due who each have one item due today. By hand is plain `sqlite3`, SQL and Python
written for exactly this effect, in the same transactions of a hundred people; what both leave
behind is compared row by row.
"""
SPONSORS_HEAD = """
## The sponsors' week

`week.queue_due` over pairs of sponsors in one SQLite file, four to an alliance: with nothing due,
and with the week of all of them due, until every one has been looked at. Half have talked, most
were written to before, some promised something or are asked for it. By hand is plain `sqlite3`, SQL
and Python written for exactly this effect, in the same transactions of a hundred seats; what both
leave behind is compared row by row. "A pair" is what one costs: it shows whether they grow dearer.
"""
GATE_HEAD = """
## Gate

Deciding about one outbox row and making its message, in the sender (`bot.sending.plan`), and what
of it is asking the gate: who may read the conversation, or whether this person may. Nothing is sent
without it.
"""
START_HEAD = """
## Start and memory

`python -m bot run` in a process of its own, from its start to its first answer at `/slack/events`;
beside it a process that imports the libraries and does nothing else.
"""


@dataclass(frozen=True)
class Figures:
    captures: Captures
    teams: TeamsCaptures
    ticks: list[Tick]
    weeks: list[Week]
    gates: list[Gate]
    start: Start


def page(figures: Figures, *, words: str, channels: int) -> str:
    return "".join(
        [
            _head(),
            CAPTURE_HEAD.format(words=words, clients=CLIENTS, channels=channels),
            _captures(figures.captures),
            CAPTURE_FOOT,
            TEAMS_HEAD,
            _teams(figures.teams),
            TICK_HEAD.format(people=f"{figures.ticks[0].people:,}"),
            _ticks(figures.ticks),
            SPONSORS_HEAD,
            _weeks(figures.weeks),
            GATE_HEAD,
            _gates(figures.gates),
            START_HEAD,
            _start(figures.start),
        ]
    )


def _head() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return HEAD.format(
        day=date.today().isoformat(),  # noqa: DTZ011 - the day of whoever reads it
        cores=os.cpu_count(),
        system=platform.system(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        libraries=libraries,
        load=_load(),
    )


def _load() -> str:
    """How busy the machine was with other things, where it tells."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f" Load over the quarter of an hour before the end: {os.getloadavg()[2]:.1f}."


def _captures(found: Captures) -> str:
    empty, crowd, sent = found.empty_crowd, found.crowd, found.sent
    alone, empty_alone = found.alone, found.empty_alone
    rows = [
        (
            f"CPU a request, {CLIENTS} clients",
            *(ms(load.cpu) for load in (empty, crowd, sent)),
            times(crowd.cpu / empty.cpu),
            "at most 6×",
            met(crowd.cpu / empty.cpu, 6),
        ),
        (
            "CPU a request, one client",
            ms(empty_alone.cpu),
            ms(alone.cpu),
            "",
            times(alone.cpu / empty_alone.cpu),
            "",
            "",
        ),
        (
            "median latency, one client",
            ms(empty_alone.median),
            ms(alone.median),
            "",
            times(alone.median / empty_alone.median),
            "",
            "",
        ),
        (
            f"median latency, {CLIENTS} clients",
            *(ms(load.median) for load in (empty, crowd, sent)),
            times(crowd.median / empty.median),
            "",
            "",
        ),
        (
            f"p99 latency, {CLIENTS} clients",
            *(ms(load.p99) for load in (empty, crowd, sent)),
            times(crowd.p99 / empty.p99),
            "under 60 ms",
            met(crowd.p99, 60),
        ),
        (
            f"requests a second, {CLIENTS} clients",
            *(f"{load.per_second:.0f}" for load in (empty, crowd, sent)),
            times(crowd.per_second / empty.per_second),
            "at least 300",
            met(300, crowd.per_second),
        ),
    ]
    return table(("", "empty listener", "capture", "sent too", "ratio", "aim", "met"), rows)


def _teams(found: TeamsCaptures) -> str:
    ratio = found.capture_cpu / found.empty_cpu
    rows = [
        (
            "CPU a message",
            ms(found.empty_cpu),
            ms(found.capture_cpu),
            times(ratio),
            "at most 4×",
            met(ratio, 4),
        ),
        (
            "median latency",
            ms(found.empty_median),
            ms(found.capture_median),
            times(found.capture_median / found.empty_median),
            "",
            "",
        ),
    ]
    return table(("", "empty handler", "capture", "ratio", "aim", "met"), rows)


def _ticks(ticks: list[Tick]) -> str:
    rows = [
        (
            f"{tick.items:,}",
            ms(tick.nothing),
            ms(tick.due),
            ms(tick.due_by_hand),
            times(tick.ratio),
            "a few ms; at most 3×",
            met(max(tick.ratio / 3, tick.nothing / 5), 1),
        )
        for tick in ticks
    ]
    head = ("open items", "nothing due", "people due", "by hand", "ratio", "aim", "met")
    return table(head, rows)


def _weeks(weeks: list[Week]) -> str:
    rows = [
        (
            f"{week.pairs:,}",
            ms(week.nothing),
            ms(week.due),
            ms(week.due_by_hand),
            f"{1000 * week.due / week.pairs:.0f} µs",
            times(week.ratio),
            "a few ms; at most 4×",
            met(max(week.ratio / 4, week.nothing / 5), 1),
        )
        for week in weeks
    ]
    head = ("pairs", "nothing due", "all due", "by hand", "a pair", "ratio", "aim", "met")
    return table(head, rows)


def _gates(gates: list[Gate]) -> str:
    rows = [
        (
            gate.what,
            f"{gate.asked:.0f} µs",
            f"{gate.planned:.0f} µs",
            times(gate.asked / gate.planned),
        )
        for gate in gates
    ]
    return table(("message", "gate", "whole", "ratio"), rows)


def _start(found: Start) -> str:
    rows = [
        _seconds("start, the database there", found.again, found.libraries, 1.5),
        _seconds("start, the database yet to be made", found.fresh, found.libraries, None),
        _megabytes("memory, idle", found.idle, found.libraries_idle),
        _megabytes(f"memory after {found.captures:,} captures", found.after, found.libraries_idle),
    ]
    return table(("", "bot", "libraries alone", "ratio", "aim", "met"), rows)


def _seconds(what: str, took: float, libraries: float, aim: float | None) -> tuple[str, ...]:
    aimed = (f"{aim} s", met(took, aim)) if aim else ("", "")
    return (what, f"{took:.2f} s", f"{libraries:.2f} s", times(took / libraries), *aimed)


def _megabytes(what: str, used: float | None, libraries: float | None) -> tuple[str, ...]:
    if used is None or libraries is None:
        return (what, "not told here", "", "", "150 MB", "")
    ratio = times(used / libraries)
    return (what, f"{used:.0f} MB", f"{libraries:.0f} MB", ratio, "150 MB", met(used, 150))
