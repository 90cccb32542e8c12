"""A tick over very many open items: with nothing due, and with a morning's people due."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from governance.messages import chasing
from storage.engine import Database
from storage.migrate import migrate
from tests.bench import by_hand, rows

REPEATS = 3


@dataclass(frozen=True)
class Tick:
    """Milliseconds; `ratio` is of `due` to `due_by_hand`."""

    items: int
    people: int
    nothing: float
    nothing_by_hand: float
    due: float
    due_by_hand: float

    @property
    def ratio(self) -> float:
        return self.due / self.due_by_hand


def measure(
    *, sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000), people: int = 1000
) -> list[Tick]:
    """One file that grows from size to size."""
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
        path = Path(folder) / "bench.db"
        database = Database(f"sqlite:///{path}")
        migrate(database)
        database.run_now(rows.plant)
        try:
            return [_of_size(database, path, size, people) for size in sizes]
        finally:
            database.close()


def _of_size(database: Database, path: Path, size: int, people: int) -> Tick:
    rows.grow(path, size)
    connection = by_hand.connect(path)

    def ours() -> int:
        return database.run_now(lambda session: chasing.queue_due_digests(session, now=rows.NOW))

    def theirs() -> int:
        return by_hand.queue_due(connection, rows.NOW)

    tick = Tick(
        items=size,
        people=people,
        nothing=nothing(ours),
        nothing_by_hand=nothing(theirs),
        **_due(path, people, ours, theirs),
    )
    connection.close()
    return tick


def nothing(tick: Callable[[], int]) -> float:
    took = []
    for _ in range(20):
        began = time.perf_counter()
        assert tick() == 0
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


def _due(
    path: Path, people: int, ours: Callable[[], int], theirs: Callable[[], int]
) -> dict[str, float]:
    """Both ways by turns, each on the same morning; what they leave behind must be the same."""
    took: dict[str, list[float]] = {"due": [], "due_by_hand": []}
    for _ in range(REPEATS):
        left = []
        for name, tick in (("due", ours), ("due_by_hand", theirs)):
            rows.morning(path, people)
            took[name].append(_until_done(tick, people))
            left.append(rows.effect(path))
        assert left[0] == left[1], "the two ways have not done the same"
    return {name: 1000 * statistics.median(times) for name, times in took.items()}


def _until_done(tick: Callable[[], int], people: int) -> float:
    began = time.perf_counter()
    done = 0
    while found := tick():
        done += found
    assert done == people, (done, people)
    return time.perf_counter() - began
