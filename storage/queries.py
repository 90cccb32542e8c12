"""The few statements that differ between SQLite and PostgreSQL, or that several nouns share."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_new(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[dict[str, Any]],
    *,
    unique: Sequence[str],
    where: str = "",
) -> int:
    """Insert rows, passing over those whose `unique` columns are taken already; returns how many
    were new. Where a transaction that runs meanwhile inserts the same, its end is waited for.

    `where` names the partial index that makes them unique.
    """
    if not rows:
        return 0
    statement = _insert(table, session.get_bind().dialect.name, tuple(unique), where)
    given = rows[0] if len(rows) == 1 else list(rows)
    return session.connection().execute(statement, given).rowcount


@cache
def _insert(table: type[SQLModel], database: str, unique: tuple[str, ...], where: str) -> Insert:
    insert = sqlite.insert if database == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing(
        index_elements=unique, index_where=text(where) if where else None
    )


def merge(
    session: Session,
    table: type[SQLModel],
    row: dict[str, Any],
    *,
    unique: Sequence[str],
    changed: Callable[[Any], dict[str, Any]],
) -> None:
    """Insert a row or, where its `unique` columns are taken, change the one that is there: to what
    `changed` makes of the columns that were `excluded`. In one statement, so that two at once
    don't undo each other."""
    statement = _merge(table, session.get_bind().dialect.name, tuple(unique), changed)
    session.connection().execute(statement, row)


@cache
def _merge(
    table: type[SQLModel],
    database: str,
    unique: tuple[str, ...],
    changed: Callable[[Any], dict[str, Any]],
) -> Insert:
    insert = (sqlite.insert if database == "sqlite" else postgresql.insert)(table)
    return insert.on_conflict_do_update(index_elements=unique, set_=changed(insert.excluded))
