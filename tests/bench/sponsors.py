"""The week of very many pairs of sponsors, all at once: what is decided about each, and told."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from governance.sponsors import week
from storage.engine import Database
from storage.migrate import migrate
from tests.bench import by_hand, sponsor_rows, sponsors_by_hand
from tests.bench.tick import nothing

REPEATS = {1_000: 5, 10_000: 3}
"""By size; larger ones are done once."""


@dataclass(frozen=True)
class Week:
    """Milliseconds; `ratio` is of `due` to `due_by_hand`."""

    pairs: int
    nothing: float
    nothing_by_hand: float
    due: float
    due_by_hand: float

    @property
    def ratio(self) -> float:
        return self.due / self.due_by_hand


def measure(*, sizes: tuple[int, ...] = (1_000, 10_000, 100_000)) -> list[Week]:
    """One file for each size: multiples of a hundred."""
    return [_of_size(size) for size in sizes]


def _of_size(size: int) -> Week:
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
        path = Path(folder) / "bench.db"
        database = Database(f"sqlite:///{path}")
        migrate(database)
        database.run_now(sponsor_rows.plant)
        sponsor_rows.grow(path, size)
        try:
            return _compare(database, path, size)
        finally:
            database.close()


def _compare(database: Database, path: Path, size: int) -> Week:
    connection = by_hand.connect(path)

    def ours() -> int:
        return database.run_now(lambda session: week.queue_due(session, now=sponsor_rows.NOW))

    def theirs() -> int:
        return sponsors_by_hand.queue_due(connection, sponsor_rows.NOW)

    took = _due(path, REPEATS.get(size, 1), ours, theirs)
    found = Week(size, nothing(ours), nothing(theirs), *took)
    connection.close()
    return found


def _due(
    path: Path, repeats: int, ours: Callable[[], int], theirs: Callable[[], int]
) -> tuple[float, float]:
    """Both ways by turns, each on the same week; what they leave behind must be the same."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        left = []
        for times, tick in zip(took, (ours, theirs), strict=True):
            sponsor_rows.week(path)
            times.append(_until_done(tick))
            left.append(sponsor_rows.effect(path))
        assert left[0] == left[1], "the two ways have not done the same"
    return 1000 * statistics.median(took[0]), 1000 * statistics.median(took[1])


def _until_done(tick: Callable[[], int]) -> float:
    began = time.perf_counter()
    while tick():
        pass
    return time.perf_counter() - began
