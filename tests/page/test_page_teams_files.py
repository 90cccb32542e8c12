"""A file in somebody's own chat in Teams: offered, answered, and then theirs to keep."""

import asyncio
from pathlib import Path

import aiohttp
from playwright.async_api import expect

from playground.refusal import Json
from playground.teams import files
from playground.teams.posting import post, read_content
from playground.teams.world import Message
from tests.page.test_page_teams import HOSTILE, Office, office  # noqa: F401 - a fixture

NAME = "HEL-2026-11-23-all-firms.csv"


def say(office: Office, row: Json) -> Message:  # noqa: F811
    """A file card in Olivia's own chat."""
    house = office.teams.house
    room = house.world.personal(house.world.person("olivia"))
    shown = {"type": "message", "summary": "A file", "attachments": [row]}
    return post(house.world, room, read_content(house, room, shown), None)


def offer(name: str = NAME, words: str = "The records, once you allow it.") -> Json:
    content = {"description": words, "sizeInBytes": 3000}
    content |= {"acceptContext": {}, "declineContext": {}}
    return {"contentType": files.CONSENT, "name": name, "content": content}


async def test_a_file_is_allowed_or_declined_and_opened_where_it_is(
    office: Office,  # noqa: F811
) -> None:
    await office.teams.install("olivia")
    world = office.teams.house.world
    olivia = await office.visit()
    await olivia.screen.locator(".place").filter(has_text="the app’s chat with").click()
    offered = say(office, offer())
    declined = say(office, offer("other.csv", HOSTILE))
    card = olivia.screen.get_by_role("group", name=NAME)
    await expect(card).to_contain_text("The records, once you allow it.")
    await expect(card).to_contain_text("3 KB")
    await card.get_by_role("button", name="Allow").click()
    other = olivia.screen.get_by_role("group", name="other.csv")
    await expect(other).to_contain_text(HOSTILE)
    await other.get_by_role("button", name="Decline").click()
    invokes = [e for e in office.teams.log() if e["method"] == "fileConsent/invoke"]
    assert [e["arguments"]["replyToId"] for e in invokes] == [offered.id, declined.id]
    upload = invokes[0]["arguments"]["value"]["uploadInfo"]
    async with aiohttp.ClientSession() as http:
        said = {"content-range": "bytes 0-6/7"}
        async with http.put(upload["uploadUrl"], data=b"one,two", headers=said) as got:
            assert got.status == 201
    content = {"uniqueId": upload["uniqueId"], "fileType": "csv"}
    about = {"contentType": files.INFO, "contentUrl": upload["contentUrl"], "name": NAME}
    say(office, about | {"content": content})
    offered.deleted = True
    world.tell(offered)
    await expect(card).to_have_count(0)
    async with olivia.page.expect_download() as begun:
        await olivia.screen.get_by_role("link", name=NAME).click()
    download = await begun.value
    assert download.suggested_filename == NAME
    kept = Path(await download.path())
    assert await asyncio.to_thread(kept.read_text) == "one,two"
    assert olivia.troubles == []
