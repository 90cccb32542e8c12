"""The database, reached from asynchronous edges in one hop to a worker thread.

SQLite has one writer thread (its writers queue there instead of waiting for its lock) and separate
read-only connections; PostgreSQL has a pool of each. `run` commits, `read` never does.
"""

import asyncio
import getpass
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

T = TypeVar("T")

BUSY_TIMEOUT_MS = 1500
"""How long SQLite waits for another process's lock; inside an act's own time budget."""

MEETINGS = 5
"""How often a transaction is begun anew because it met another in the same rows."""

MET_ANOTHER = frozenset({"40P01", "40001", "23505"})
"""PostgreSQL's codes for a deadlock, for what can't be serialised, and for a row that somebody
else added meanwhile. SQLite has one writer at a time and never meets another."""

POSTGRES_THREADS = 8
SQLITE_READERS = 2


class Abandoned(Exception):
    """The work was taken back before its commit: nothing of it is stored."""


class Permit:
    """Decides, once, whether a transaction commits or is given up. Safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: str | None = None

    def commit(self) -> bool:
        """Called by the worker just before it commits; False when the work was given up."""
        return self._take("commit")

    def abandon(self) -> bool:
        """Called by whoever waits; True when nothing will be stored any more."""
        return self._take("abandon")

    def _take(self, wish: str) -> bool:
        with self._lock:
            if self._taken is None:
                self._taken = wish
            return self._taken == wish


class Database:
    def __init__(self, url: str) -> None:
        self.url, self.options = read_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _make_folder(self.url.database)
        self.writer_engine = self._engine(writes=True)
        self.reader_engine = self._engine(writes=False) if self.is_sqlite else self.writer_engine
        threads = 1 if self.is_sqlite else POSTGRES_THREADS
        self._writers = ThreadPoolExecutor(threads, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(SQLITE_READERS, thread_name_prefix="reader")

    def _engine(self, *, writes: bool) -> Engine:
        if not self.is_sqlite:
            return create_engine(
                self.url, connect_args=self.options, pool_size=POSTGRES_THREADS + SQLITE_READERS
            )
        engine = create_engine(
            self.url, poolclass=QueuePool, connect_args={"check_same_thread": False}
        )
        _listen(engine, writes=writes)
        return engine

    async def run(self, work: Callable[[Session], T], *, permit: Permit | None = None) -> T:
        """Do `work` in one transaction and commit it. Cancelling the wait doesn't stop the work;
        taking the permit back does. Raises Abandoned then, and whatever `work` raises."""
        return await asyncio.get_running_loop().run_in_executor(
            self._writers, self.run_now, work, permit
        )

    def run_now(self, work: Callable[[Session], T], permit: Permit | None = None) -> T:
        for left in reversed(range(MEETINGS)):
            try:
                return self._run_once(work, permit)
            except DBAPIError as error:
                if not left or _code(error) not in MET_ANOTHER:
                    raise
        raise AssertionError("the last try returns or raises")

    def _run_once(self, work: Callable[[Session], T], permit: Permit | None) -> T:
        with Session(self.writer_engine, expire_on_commit=False) as session:
            result = work(session)
            session.flush()
            if permit is not None and not permit.commit():
                session.rollback()
                raise Abandoned
            session.commit()
            return result

    async def read(self, work: Callable[[Session], T]) -> T:
        """Do `work` on a connection that can't write."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Callable[[Session], T]) -> T:
        with Session(self.reader_engine, expire_on_commit=False, autoflush=False) as session:
            try:
                return work(session)
            finally:
                session.rollback()

    def close(self) -> None:
        """Let running work finish, then let go of every connection."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self.writer_engine.dispose()
        self.reader_engine.dispose()


def read_url(text: str) -> tuple[URL, dict[str, Any]]:
    """A database URL as people write it, with the driver used here and what it takes besides.

    `sslmode`, and `host` as the folder of a local socket, are libpq's words; the driver has its
    own for both.
    """
    url = make_url(text.replace("postgres://", "postgresql://", 1))
    if url.get_backend_name() != "postgresql":
        return url, {}
    words = dict(url.query)
    options: dict[str, Any] = {}
    mode, folder = words.pop("sslmode", "disable"), words.pop("host", None)
    if mode not in ("disable", "allow", "prefer"):
        options["ssl_context"] = _ssl_context(verified=str(mode).startswith("verify"))
    if folder is not None:
        options["unix_sock"] = f"{folder}/.s.PGSQL.{url.port or 5432}"
    user = url.username or getpass.getuser()
    return url.set(drivername="postgresql+pg8000", username=user, query=words), options


def _ssl_context(*, verified: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _code(error: DBAPIError) -> str:
    """PostgreSQL's code for an error; empty on SQLite."""
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return str(told.get("C", "")) if isinstance(told, dict) else ""


def _make_folder(path: str | None) -> None:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)


def _listen(engine: Engine, *, writes: bool) -> None:
    """The one recipe that kept every one of 120 concurrent updates: transactions are ours to
    begin, and a writer takes its lock at BEGIN, not at its first write."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        if writes:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
        else:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
