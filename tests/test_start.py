"""Starting the bot from the command line, with what it needs and without."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.clock import Clock
from playground.app import Playground
from playground.serve import Served
from tests.processes import ROOT, Process, environment, free_port


@pytest.fixture
async def slack() -> AsyncIterator[Playground]:
    made = Playground(clock=Clock(datetime.now(UTC)), seed="empty", manifest=ROOT / "manifest.yml")
    served = Served(made.asgi)
    made.url = await served.start()
    yield made
    await served.stop()
    await made.close()


def credentials(slack: Playground, **more: str) -> dict[str, str]:
    return environment(
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_SIGNING_SECRET=slack.signing_secret,
        SLACK_API_URL=f"{slack.url}/api/",
        PORT=str(free_port()),
        **more,
    )


async def test_run_without_credentials_says_so_and_opens_nothing(tmp_path: Path) -> None:
    async with Process(tmp_path, "run", env=environment()) as bot:
        assert await bot.ended() == 1
    assert "No Slack credentials found. Set SLACK_BOT_TOKEN" in bot.output
    assert "Traceback" not in bot.output
    assert os.listdir(tmp_path) == []


async def test_run_or_playground_without_credentials_opens_the_local_slack(tmp_path: Path) -> None:
    async with Process(tmp_path, "run", "--or-playground", env=environment(BROWSER="true")) as bot:
        await bot.says("No Slack credentials found, so this opens the built-in local Slack.")
    free = str(free_port())
    arguments = ("playground", "--port", free, "--seed", "empty", "--no-browser")
    async with Process(tmp_path, *arguments, env=environment()) as bot:
        await bot.says(f"The local Slack is open at http://127.0.0.1:{free}")
        url = f"http://127.0.0.1:{free}/_control/state"
        async with aiohttp.ClientSession() as session, session.get(url) as got:
            assert (await got.json())["bot"] == "U0BOT"
        bot.ask_to_stop()
        assert await bot.ended() == 0
    assert "Traceback" not in bot.output


async def test_partial_and_wrong_credentials_are_named_and_never_open_the_playground(
    tmp_path: Path, slack: Playground
) -> None:
    partial = environment(SLACK_BOT_TOKEN="xoxb-1")
    refused = credentials(slack) | {"SLACK_BOT_TOKEN": "xoxb-not-ours"}
    nowhere = credentials(slack) | {"SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/"}
    no_database = credentials(slack, DATABASE_URL="postgresql://127.0.0.1:9/none")
    for env, named in (
        (partial, "SLACK_SIGNING_SECRET"),
        (refused, "SLACK_BOT_TOKEN was refused by Slack (invalid_auth)"),
        (nowhere, "Slack could not be reached"),
        (no_database, "DATABASE_URL"),
    ):
        async with Process(tmp_path, "run", "--or-playground", env=env) as bot:
            assert await bot.ended() == 1, bot.output
        assert named in bot.output
        assert "local Slack" not in bot.output
        assert "Traceback" not in bot.output
        assert "xoxb-not-ours" not in bot.output


async def test_run_with_credentials_from_the_file_serves_and_stops_cleanly(
    tmp_path: Path, slack: Playground
) -> None:
    env = credentials(slack)
    file = [f"{name}={env.pop(name)}" for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")]
    (tmp_path / ".env").write_text("\n".join(file))
    base = f"http://127.0.0.1:{env['PORT']}"
    async with Process(tmp_path, "run", env=env) as bot:
        await bot.serves(f"{base}/health")
        assert "Alliance Bot is connected to Slack (port" in bot.output
        slack.bot_url = f"{base}/slack/events"
        assert (await slack.command("U0PRIYA", "C0SHARED", "/alliance help"))["ok"]
        bot.ask_to_stop()
        assert await bot.ended() == 0, bot.output
    assert (tmp_path / "data" / "alliance.db").exists()
    assert "Traceback" not in bot.output
    async with Process(tmp_path, "doctor", env=env) as doctor:
        assert await doctor.ended() == 0, doctor.output
    assert "Slack: the credentials are taken." in doctor.output


async def test_doctor_and_migrate_say_how_the_database_is(tmp_path: Path) -> None:
    for arguments, said in (
        ("doctor", "not up to date"),
        ("migrate", "The database is up to date."),
        ("doctor", "Database: fine."),
    ):
        async with Process(tmp_path, arguments, env=environment()) as bot:
            assert await bot.ended() == 0, bot.output
        assert said in bot.output
