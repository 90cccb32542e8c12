"""The bot is killed in the middle of its work: what it acknowledged is there when it returns."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from playground.app import Playground
from playground.serve import Served
from tests.processes import ROOT, Process, environment, free_port, until
from tests.world import ADAEZE, HANA, JONAS, MATEO, PRIYA, SAMIR, SHARED, direct, words_of

Json = dict[str, Any]
WRITERS = (MATEO, HANA, ADAEZE)
TYPISTS = (PRIYA, JONAS, SAMIR)


class Life:
    """A bot that is started, killed and started again over one database file."""

    def __init__(self, folder: Path, slack: Playground) -> None:
        self.folder = folder
        self.slack = slack
        self._port = free_port()
        slack.bot_url = f"http://127.0.0.1:{self._port}/slack/events"

    def process(self) -> Process:
        env = environment(
            SLACK_BOT_TOKEN=self.slack.bot_token,
            SLACK_SIGNING_SECRET=self.slack.signing_secret,
            SLACK_API_URL=f"{self.slack.url}/api/",
            PORT=str(self._port),
        )
        return Process(self.folder, "run", env=env)

    async def up(self, bot: Process) -> None:
        await bot.serves(f"http://127.0.0.1:{self._port}/health")

    def database(self, statement: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.folder / "data" / "alliance.db", timeout=5)
        try:
            with connection:
                return connection.execute(statement).fetchall()
        finally:
            connection.close()

    async def quiet(self) -> None:
        """Wait until everything is sent."""
        waiting = "SELECT kind FROM outbox WHERE state IN ('pending', 'sending')"
        await until(lambda: not self.database(waiting))

    async def set_up(self) -> None:
        await self.slack.command(PRIYA, SHARED, "/alliance setup")
        await self._submit("Code", {"name": "Helix alliance", "code": "HEL"})
        await self._submit("Post and pin", {})
        await self._shows("is set up")
        for view in reversed(self.slack.views(PRIYA)):
            await self.slack.close_view(PRIYA, view["id"])
        # As after turning private records on, whose doors have tests of their own.
        self.database("UPDATE side SET private_since = '2026-01-01 00:00:00.000000'")

    async def _submit(self, shown: str, values: Json) -> None:
        await self._shows(shown)
        sent = await self.slack.submit(PRIYA, self.slack.views(PRIYA)[-1]["id"], values)
        assert sent["ok"], sent

    async def _shows(self, words: str) -> None:
        """Wait for the form on top; it is filled in when the look-ups are done."""
        await until(lambda: words in words_of(self.slack.views(PRIYA)[-1:]))

    def said(self, channel: str) -> list[str]:
        return [words_of(m) for m in self.slack.messages(channel) if m["user"] == "U0BOT"]


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    slack = Playground(clock=Clock(datetime.now(UTC)), seed="empty", manifest=ROOT / "manifest.yml")
    served = Served(slack.asgi)
    slack.url = await served.start()
    yield Life(tmp_path, slack)
    await served.stop()
    await slack.close()


async def capture(life: Life, number: int) -> set[str]:
    """By command; the references that this person has been told by then."""
    answer = await life.slack.command(
        TYPISTS[number % 3], SHARED, f"/alliance action task {number} of many by 30d"
    )
    shown = " ".join(words_of(message) for message in answer["messages"])
    return set(re.findall(r"HEL-\d+(?= is yours)", shown))


@pytest.mark.parametrize("after_posts", [0, 1, 3])
async def test_nothing_acknowledged_is_lost_and_no_direct_message_doubled(
    life: Life, after_posts: int
) -> None:
    async with life.process() as bot:
        await life.up(bot)
        await life.set_up()
        for writer in WRITERS:
            await life.slack.message(writer, direct(writer), "mine")
            await life.slack.command(writer, SHARED, "/alliance mine")
        await life.quiet()
        begun = sum(len(life.said(direct(writer))) for writer in WRITERS)
        await life.slack.fault("chat.postMessage", delay=0.5, times=100, after=True)
        captured = [asyncio.create_task(capture(life, number)) for number in range(9)]
        asked = [
            asyncio.create_task(life.slack.message(writer, direct(writer), "action from afar"))
            for writer in WRITERS
        ]
        answers = await asyncio.gather(*captured)
        await asyncio.gather(*asked)
        await until(lambda: sum(len(life.said(direct(w))) for w in WRITERS) >= begun + after_posts)
        bot.kill()
        await bot.ended()
    stored = {f"HEL-{number}" for (number,) in life.database("SELECT number FROM actionitem")}
    acknowledged = set().union(*answers)
    assert len(acknowledged) == 9, "all were answered before the end"
    assert acknowledged <= stored
    life.slack.house.faults.clear()
    life.database(
        "UPDATE outbox SET lease_until = '2020-01-01 00:00:00+00:00' WHERE lease_until > 0"
    )
    async with life.process() as bot:
        await life.up(bot)
        await life.quiet()
        cards = " ".join(life.said(SHARED))
        for reference in acknowledged:
            assert re.search(rf"{reference}\b", cards), reference
        for writer in WRITERS:
            told = [words for words in life.said(direct(writer)) if "is yours" in words]
            assert len(told) == 1, (writer, told)
        assert {text for (text,) in life.database("SELECT text FROM actionitem")} >= {"from afar"}
        again = await life.slack.command(PRIYA, SHARED, "/alliance action go on by 30d")
        assert "is yours" in " ".join(words_of(message) for message in again["messages"])
        bot.ask_to_stop()
        assert await bot.ended() == 0


async def test_a_stop_finishes_what_is_under_way(life: Life) -> None:
    async with life.process() as bot:
        await life.up(bot)
        await life.set_up()
        await life.quiet()
        await life.slack.fault("chat.postMessage", delay=0.4, times=100, after=True)
        assert await capture(life, 1) == {"HEL-1"}
        await asyncio.sleep(0.2)
        bot.ask_to_stop()
        assert await bot.ended() == 0, bot.output
    left = life.database("SELECT kind, state FROM outbox WHERE state = 'sending'")
    assert left == []
    assert "Traceback" not in bot.output
