"""The few statements that differ between SQLite and PostgreSQL, or that several nouns share."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_new(
    session: Session,
    table: type[SQLModel],
    rows: Sequence[dict[str, Any]],
    *,
    unique: Sequence[str],
    where: TextClause | None = None,
) -> int:
    """Insert rows, passing over those whose `unique` columns are taken already; returns how many
    were new. Where a transaction that runs meanwhile inserts the same, its end is waited for.

    `where` names the partial index that makes them unique.
    """
    if not rows:
        return 0
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=list(unique), index_where=where)
    given = rows[0] if len(rows) == 1 else list(rows)
    return session.connection().execute(statement, given).rowcount
