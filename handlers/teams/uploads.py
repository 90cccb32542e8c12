"""Files put where Teams says that they belong: upload sessions of OneDrive and SharePoint.

The address comes in a verified request, and through somebody's client: a file is written to
Microsoft's storage only, whatever it says, and no redirect is followed. The address is itself the
right to write there, so it is neither kept nor logged, and no token goes along.
"""

import asyncio
import logging
import re

import httpx

from handlers.platform import PlatformError
from handlers.teams.errors import told

HOSTS = re.compile(r"([a-z0-9-]+\.)+sharepoint\.(com|cn)")
"""Where OneDrive for work keeps files, in the clouds in which Teams takes files of bots."""

CHUNK = 16 * 320 * 1024
"""Bytes a request; a multiple of 320 KiB, as upload sessions want it."""

PATIENCE = 15.0
WHOLE = 60.0
"""Seconds for one request, and for all of a file."""

TRIES = 3
LONGEST_WAIT = 10.0

logging.getLogger("httpx").addFilter(lambda record: record.levelno > logging.INFO)
"""It tells the address of every request, and the SDK sets its level anew."""


class Uploads:
    """`besides`: where a local Teams is served, whose files are put there."""

    def __init__(self, besides: str = "") -> None:
        self._besides = _origin(besides) if besides else None
        self._http = httpx.AsyncClient(follow_redirects=False, timeout=PATIENCE)

    async def close(self) -> None:
        await self._http.aclose()

    def takes(self, address: str) -> bool:
        """Whether a file may be put there."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            return False
        if self._besides is not None and _origin(address) == self._besides:
            return True
        plain = url.port is None and not url.userinfo
        return url.scheme == "https" and plain and HOSTS.fullmatch(url.host) is not None

    async def put(self, address: str, data: bytes) -> None:
        """Raises PlatformError; where the fault is uncertain, the file may be there."""
        if not self.takes(address):
            raise PlatformError("not_a_place_for_files", "permanent")
        if not data:
            raise PlatformError("nothing_to_upload", "permanent")
        try:
            async with asyncio.timeout(WHOLE):
                for start in range(0, len(data), CHUNK):
                    await self._patiently(address, data, start)
        except TimeoutError as error:
            raise PlatformError("upload_timed_out", "uncertain") from error

    async def _patiently(self, address: str, data: bytes, start: int) -> None:
        for left in reversed(range(TRIES)):
            try:
                return await told(self._put(address, data, start))
            except PlatformError as error:
                wait = 1.0 if error.retry_after is None else error.retry_after
                if error.fault != "throttled" or not left or wait > LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait)

    async def _put(self, address: str, data: bytes, start: int) -> None:
        piece = data[start : start + CHUNK]
        end, whole = start + len(piece), len(data)
        headers = {"content-range": f"bytes {start}-{end - 1}/{whole}"}
        answer = await self._http.put(address, content=piece, headers=headers)
        answer.raise_for_status()
        if end == whole and answer.status_code == httpx.codes.ACCEPTED:
            raise PlatformError("upload_not_complete", "permanent")


def _origin(address: str) -> tuple[str, str, int | None]:
    url = httpx.URL(address)
    return url.scheme, url.host, url.port
