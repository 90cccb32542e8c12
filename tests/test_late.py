"""What the bot says of an act is true, however late or broken its database is."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlmodel import Session, col, select

from storage.engine import read_url
from storage.tables import ActionItem, Draft, HistoryEntry, InboundReceipt, Outbox
from tests.anywhere import AnyWorld
from tests.world import HANA, MATEO, OLIVIA, PRIYA, SHARED, World, direct

Count = tuple[int, int, int, int]


def stored(world: World) -> Count:
    """How much there is of all that an act leaves behind."""

    def count(session: Session) -> Count:
        tables: tuple[Any, ...] = (ActionItem, HistoryEntry, Draft, InboundReceipt)
        items, history, drafts, receipts = (len(session.exec(select(t)).all()) for t in tables)
        return items, history, drafts, receipts

    return world.stored(count)


def items(world: World) -> list[str]:
    def read(session: Session) -> list[str]:
        return list(session.exec(select(ActionItem.text).order_by(col(ActionItem.id))))

    return world.stored(read)


@contextmanager
def slow(world: AnyWorld, when: str, seconds: float, *, times: int = 1) -> Iterator[None]:
    """The next transactions that write an item take this long before or at their commit."""
    engine = world.bot.database.writer_engine
    waited: list[str] = []

    def at_statement(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if "INSERT INTO actionitem" in statement and len(waited) < times:
            waited.append("insert")
            if when == "before":
                time.sleep(seconds)

    def at_commit(_c: Any) -> None:
        if waited == ["insert"] and when == "commit":
            waited.append("commit")
            time.sleep(seconds)

    event.listen(engine, "before_cursor_execute", at_statement)
    event.listen(engine, "commit", at_commit)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", at_statement)
        event.remove(engine, "commit", at_commit)


Act = Callable[[World], Awaitable[str]]


async def by_command(world: World) -> str:
    return (await world.command(MATEO, "action book the room")).private


async def by_form(world: World) -> str:
    await world.fill(MATEO, text="book the room")
    return str(world.form(MATEO))


async def by_mention(world: World) -> str:
    await world.mention(MATEO, "action book the room")
    return ""


@pytest.mark.parametrize("act", [by_command, by_form])
async def test_what_is_given_up_in_time_is_not_stored_and_said_so(world: World, act: Act) -> None:
    await world.command(MATEO, "action")
    before = stored(world)
    with slow(world, "before", 2.6):
        said = await act(world)
    await world.later("PT1M")
    assert "it was not recorded" in said
    assert stored(world) == before
    assert "HEL-1 " not in world.text(PRIYA, SHARED)
    await world.close(MATEO)
    seen = await world.command(MATEO, "action book the room")
    assert "HEL-1 is yours" in seen.private, "no number was lost either"


async def test_a_mention_given_up_in_time_is_taken_when_slack_sends_it_again(world: World) -> None:
    with slow(world, "before", 2.6):
        await by_mention(world)
    await world.later("PT10M")
    assert items(world) == ["book the room"]
    assert "HEL-1 " in world.text(PRIYA, SHARED)
    assert "not recorded" not in world.text(MATEO, SHARED), "it would have been untrue"


async def test_a_mention_given_up_every_time_is_said_to_be_not_recorded(world: World) -> None:
    before = stored(world)
    with slow(world, "before", 2.6, times=4):
        await by_mention(world)
        await world.later("PT10M")
    await world.later("PT1M")
    assert stored(world)[:3] == before[:3]
    assert world.text(MATEO, SHARED).count("it was not recorded") == 1


@pytest.mark.parametrize("act", [by_command, by_form, by_mention])
async def test_what_commits_after_the_platforms_patience_is_never_called_not_recorded(
    world: World, act: Act
) -> None:
    await world.command(MATEO, "action")
    with slow(world, "commit", 3.4):
        said = await act(world)
        await asyncio.sleep(1)
    await world.later("PT2M")
    assert items(world) == ["book the room"]
    everything = " ".join([said, *world.inbox(MATEO), world.text(MATEO, SHARED)])
    assert "not recorded" not in everything
    if act is not by_mention:
        assert "It is being recorded" in said
    told = [words for words in (*world.inbox(MATEO), world.text(MATEO, SHARED)) if "HEL-1" in words]
    assert told, "and it is told when it is done"


async def test_a_commit_that_is_only_just_late_is_answered_as_always(world: World) -> None:
    await world.command(MATEO, "mine")
    with slow(world, "commit", 2.4):
        seen = await world.command(MATEO, "action book the room")
    assert "HEL-1 is yours" in seen.private


@contextmanager
def database_gone(world: World) -> Iterator[None]:
    """SQLite: another process holds the write lock. PostgreSQL: cut off, and nobody gets in."""
    url = make_url(world.local.database_url)
    if url.get_backend_name() == "sqlite":
        other = sqlite3.connect(str(url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    name = url.database
    admin_url, options = read_url(
        url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    )
    admin = create_engine(admin_url, connect_args=options, isolation_level="AUTOCOMMIT")
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(cut, {"name": name})
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    admin.dispose()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_database_locked_or_gone_is_told_as_not_recorded_and_nothing_is_stored(
    world: World,
) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.command(HANA, "action")
    before = stored(world)
    with database_gone(world):
        seen = await world.command(MATEO, "action book the room")
        assert "was not recorded" in seen.private
        sent = await world.fill(HANA, text="file the report")
        assert "was not recorded" in sent.text
        pressed = await world.press(OLIVIA, "Accept", channel=direct(OLIVIA))
        assert "was not recorded" in pressed.text
    assert stored(world) == before
    await world.close(HANA)
    again = await world.command(MATEO, "action book the room")
    assert "HEL-2 is yours" in again.private, "and it works again at once"
    await world.later("PT1M")
    assert "book the room" in world.text(PRIYA, SHARED)
    unsent = world.stored(
        lambda s: s.exec(
            select(Outbox.kind).where(col(Outbox.state).in_(("pending", "dead")))
        ).all()
    )
    assert unsent == []


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_mention_while_the_database_is_gone_is_taken_when_slack_sends_it_again(
    world: World,
) -> None:
    await world.command(MATEO, "mine")
    with database_gone(world):
        await world.mention(MATEO, "action book the room by Fri")
        assert "book the room by" in world.text(PRIYA, SHARED)
    assert items(world) == []
    await world.later("PT10M")
    assert items(world) == ["book the room"]
    assert "HEL-1" in world.text(PRIYA, SHARED)
