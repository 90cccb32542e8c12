"""Serving an ASGI app on a loopback port from inside a running program."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


class Served:
    """An app on 127.0.0.1; port 0 takes any free one."""

    def __init__(self, app: Any, port: int = 0, *, log_level: str = "warning") -> None:
        self.app = app
        self.url = ""
        self._port = port
        self._config = uvicorn.Config(
            app,
            log_level=log_level,
            access_log=False,
            lifespan="auto",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=30,
        )
        self._server = _Server(self._config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Serve in the background; answers the address as soon as connections are taken."""
        # Without the protocol named, asyncio leaves Nagle's delay of 40 ms an answer on.
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", self._port))
        except OSError:
            sock.close()
            raise
        self.url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        if hasattr(self.app, "state"):
            self.app.state.served_at = self.url
        self._task = asyncio.get_running_loop().create_task(self._server.serve(sockets=[sock]))
        while not self._server.started:
            if self._task.done():
                await self._task
                raise RuntimeError("the server stopped while it was starting")
            await asyncio.sleep(0.002)
        return self.url

    async def stop(self) -> None:
        """Stop taking requests, give those in flight a second, and end."""
        if self._task is not None:
            self._server.end()
            await self._task
            self._task = None


class _Server(uvicorn.Server):
    """Leaves the process's signal handlers alone; whoever embeds it decides when to stop, and is
    heard at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ended = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        self.should_exit = True
        self._ended.set()

    async def main_loop(self) -> None:
        await self._ended.wait()
