"""From starting the program to its first answer, and the memory it takes: the real `bot run`."""

import asyncio
import contextlib
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.bench.slack import CHANNELS, Caller, local_slack, set_up

LIBRARIES = "slack_bolt.async_app, sqlmodel, alembic, starlette, uvicorn, apscheduler, dateparser"
"""Imported by the process that the bot is compared with, which does nothing else."""

PATIENCE = 30.0
"""Seconds until a bot that does not answer counts as broken."""


@dataclass(frozen=True)
class Start:
    """Seconds and megabytes; memory is None where the system does not tell."""

    fresh: float
    """To the first answer, with a database that is yet to be made."""
    again: float
    libraries: float
    """Starting Python and importing the libraries alone."""
    idle: float | None
    libraries_idle: float | None
    captures: int
    after: float | None


async def measure(*, captures: int = 10_000, starts: int = 3, channels: int = CHANNELS) -> Start:
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
        async with local_slack() as (playground, api_url):
            environment = {
                **_without_slack(os.environ),
                "SLACK_BOT_TOKEN": playground.bot_token,
                "SLACK_SIGNING_SECRET": playground.signing_secret,
                "SLACK_API_URL": api_url,
                "DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "HOST": "127.0.0.1",
            }
            caller = Caller(playground.signing_secret, channels)
            try:
                fresh = await _first_answer(environment, caller, folder)
                again = [
                    await _first_answer(environment, caller, folder) for _ in range(starts - 1)
                ]
                began = time.perf_counter()
                async with _running(environment, folder) as (process, url):
                    await _answered(caller, url)
                    again.append(time.perf_counter() - began)
                    playground.bot_url = url
                    await set_up(playground, channels)
                    idle = _memory(process.pid)
                    await caller.many(url, captures, clients=8)
                    after = _memory(process.pid)
            finally:
                await caller.close()
    libraries, libraries_idle = await _libraries(starts)
    return Start(
        fresh=fresh,
        again=statistics.median(again),
        libraries=libraries,
        idle=idle,
        libraries_idle=libraries_idle,
        captures=captures,
        after=after,
    )


def _without_slack(environment: os._Environ[str]) -> dict[str, str]:
    """Whatever the person's own settings are, they are not for this."""
    ours = ("SLACK_", "DATABASE_URL", "HOST", "PORT", "LOG_FORMAT", "CAPTURE_REACTION")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


async def _first_answer(environment: dict[str, str], caller: Caller, folder: str) -> float:
    began = time.perf_counter()
    async with _running(environment, folder) as (_, url):
        await _answered(caller, url)
        return time.perf_counter() - began


@asynccontextmanager
async def _running(
    environment: dict[str, str], folder: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env={**environment, "PORT": str(port)},
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process, f"http://127.0.0.1:{port}/slack/events"
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 20)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def _answered(caller: Caller, url: str) -> None:
    """Ask until somebody answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                await caller.command(url, "help")
                return
            await asyncio.sleep(0.005)


async def _libraries(starts: int) -> tuple[float, float | None]:
    took, memory = [], None
    for _ in range(starts):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", f"import {LIBRARIES}; print(1, flush=True); input()"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        await process.stdout.readline()
        took.append(time.perf_counter() - began)
        memory = _memory(process.pid)
        await _end(process)
    return statistics.median(took), memory


def _memory(pid: int) -> float | None:
    """Resident memory in megabytes, where /proc tells it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024
