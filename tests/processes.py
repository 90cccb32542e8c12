"""The real bot in a process of its own, beside a local Slack in the test's."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import aiohttp

ROOT = Path(__file__).parent.parent
PATIENCE = 25.0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """The test's own environment without anything of Slack's, and what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return {**kept, "PYTHONPATH": str(ROOT), "HOST": "127.0.0.1", **more}


async def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for something that another process brings about."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - it can't tell us
            await asyncio.sleep(0.02)


class Process:
    """`python -m bot ...`; killed at the end if it still runs."""

    def __init__(self, folder: Path, *arguments: str, env: Mapping[str, str]) -> None:
        self._folder = folder
        self._arguments = arguments
        self._env = dict(env)
        self.output = ""
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Process":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *self._arguments,
            cwd=self._folder,
            env=self._env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._running.returncode is None:
            self._running.kill()
        await self.ended()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    async def _read(self) -> None:
        assert self._running.stdout is not None
        while chunk := await self._running.stdout.read(4096):
            self.output += chunk.decode("utf-8", "replace")

    async def ended(self) -> int:
        """The exit status, once it has ended."""
        async with asyncio.timeout(PATIENCE):
            status = await self._running.wait()
            assert self._reader is not None
            await self._reader
        return status

    def kill(self) -> None:
        self._running.send_signal(signal.SIGKILL)

    def ask_to_stop(self) -> None:
        self._running.send_signal(signal.SIGTERM)

    async def says(self, words: str) -> None:
        """Wait until it has said this."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.output:
                if self._running.returncode is not None:
                    raise AssertionError(self.output)
                await asyncio.sleep(0.02)

    async def serves(self, url: str) -> None:
        """Wait until it answers at this address with 200."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
            while True:
                try:
                    async with session.get(url) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                assert self._running.returncode is None, self.output
                await asyncio.sleep(0.02)
