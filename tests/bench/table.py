"""Figures as cells, and cells as a table of a page."""

from collections.abc import Sequence

ROOM = 1.1
"""A figure within a tenth of its aim counts as near it: so much do two runs differ."""


def ms(value: float) -> str:
    return f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


def times(ratio: float) -> str:
    return f"{ratio:.2f}×" if ratio < 1 else f"{ratio:.1f}×"


def met(value: float, aim: float) -> str:
    if value <= aim:
        return "yes"
    return "near" if value <= aim * ROOM else "no"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = ["", row(head), row(("---", *("---:" for _ in head[1:]))), *map(row, rows), ""]
    return "\n".join(lines)


def row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
