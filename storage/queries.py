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
) -> None:
    """Insert rows, passing over those whose `unique` columns are taken already.

    `where` names the partial index that makes them unique. Callers that must know whether their
    row is the one stored look it up afterwards.
    """
    if not rows:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=list(unique), index_where=where)
    session.connection().execute(statement, list(rows))
