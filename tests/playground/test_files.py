"""Files come in three calls and one message, and are kept, not shown."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError

from tests.playground.conftest import Stage

SHARED = "C0SHARED"
BOTH = [
    {"filename": "a.csv", "title": "a.csv", "content": "one,two"},
    {"filename": "b.json", "title": "B", "content": "{}"},
]


def with_files(stage: Stage, channel: str = SHARED) -> list[dict[str, Any]]:
    return [m for m in stage.slack.messages(channel) if m.get("files")]


async def fetched(stage: Stage, file: str) -> tuple[int, bytes, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{stage.url}/files/{file}") as answer,
    ):
        kept = answer.headers.get("content-disposition", "")
        return answer.status, await answer.read(), kept


async def test_several_files_come_in_one_message(stage: Stage) -> None:
    answer = await stage.client.files_upload_v2(
        channel=SHARED, initial_comment="Both of them", file_uploads=BOTH
    )
    assert "ts" not in str(answer.data)
    [message] = with_files(stage)
    assert message["text"] == "Both of them"
    assert [(file["name"], file["title"]) for file in message["files"]] == [
        ("a.csv", "a.csv"), ("b.json", "B")
    ]  # fmt: skip
    assert await fetched(stage, message["files"][0]["id"]) == (200, b"one,two", "attachment")
    assert (await fetched(stage, "F404"))[0] == 404


async def test_a_direct_message_takes_files_too(stage: Stage) -> None:
    await stage.client.files_upload_v2(channel="D0PRIYA", file_uploads=BOTH[:1])
    assert len(with_files(stage, "D0PRIYA")) == 1


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("files.getUploadURLExternal", {"filename": "a", "length": 0}, "invalid_arguments"),
        ("files.getUploadURLExternal", {"filename": "", "length": 3}, "invalid_arguments"),
        ("files.getUploadURLExternal", {"filename": "../a", "length": 3}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": "nothing"}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": []}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": [{"id": "F404"}]}, "file_not_found"),
    ],
)
async def test_what_does_not_fit_is_refused(
    stage: Stage, method: str, arguments: dict[str, Any], error: str
) -> None:
    assert (await stage.refused(method, **arguments))["error"] == error


async def test_a_file_whose_bytes_never_came_is_not_there(stage: Stage) -> None:
    begun = await stage.client.files_getUploadURLExternal(filename="a.txt", length=3)
    complete = {"files": json.dumps([{"id": begun["file_id"]}]), "channel_id": SHARED}
    refused = await stage.refused("files.completeUploadExternal", **complete)
    assert refused["error"] == "file_not_found"
    async with aiohttp.ClientSession() as session:
        for data, status in ((b"four", 400), (b"yes", 200), (b"yes", 400)):
            async with session.post(begun["upload_url"], data=data) as answer:
                assert answer.status == status
    await stage.client.files_completeUploadExternal(
        files=[{"id": begun["file_id"], "title": None}], channel_id=SHARED
    )
    again = await stage.refused("files.completeUploadExternal", **complete)
    assert again["error"] == "file_not_found"


async def test_a_channel_the_bot_is_not_in_gets_none_of_them(stage: Stage) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await stage.client.files_upload_v2(channel="C0RANDOM", file_uploads=BOTH)
    await stage.slack.fault("upload", status=500)
    with pytest.raises(SlackRequestError):
        await stage.client.files_upload_v2(channel=SHARED, file_uploads=BOTH)
    assert with_files(stage) == []


async def test_closed_accounts_do_nothing_and_get_nothing(stage: Stage) -> None:
    assert (await stage.slack.person("U0SAMIR", deleted=True))["ok"]
    event = stage.sent("user_change")[0]
    assert event["event"]["user"]["deleted"] is True
    acted = await stage.slack.message("U0SAMIR", SHARED, "hello")
    assert acted["error"] == "account_inactive"
    refused = await stage.refused("chat.postMessage", channel="D0SAMIR", text="hello")
    assert refused["error"] == "user_disabled"
    await stage.slack.person("U0SAMIR", deleted=False)
    assert (await stage.slack.message("U0SAMIR", SHARED, "hello"))["ok"]
