"""A file on the page: a row with its name, to be kept and never shown."""

import asyncio
from pathlib import Path

from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from playground.app import Playground
from tests.page.visitor import Visit

HOSTILE = '<img src=x onerror="alert(1)">.csv'


async def test_files_are_rows_to_download_by_name(visit: Visit, playground: Playground) -> None:
    client = AsyncWebClient(token=playground.bot_token, base_url=f"{playground.url}/api/")
    uploads = [
        {"filename": "HEL-2026-11-23.csv", "title": "a", "content": "one,two"},
        {"filename": HOSTILE, "title": "b", "content": "x"},
    ]
    await client.files_upload_v2(
        channel="C0SHARED", initial_comment="The records", file_uploads=uploads
    )
    priya = await visit("U0PRIYA")
    message = priya.message("The records")
    await expect(message.get_by_role("list", name="Files").get_by_role("link")).to_have_text(
        ["HEL-2026-11-23.csv", HOSTILE]
    )
    async with priya.page.expect_download() as begun:
        await message.get_by_role("link", name="HEL-2026-11-23.csv").click()
    download = await begun.value
    assert download.suggested_filename == "HEL-2026-11-23.csv"
    kept = Path(await download.path())
    assert await asyncio.to_thread(kept.read_text) == "one,two"
