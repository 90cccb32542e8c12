"""Files of the bot: where it may offer them, what a card needs, and how the bytes come."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette

from playground.serve import Served
from playground.teams import files
from tests.playground.teams.conftest import Json, Stage, card, carrying

OFFER = {
    "description": "The records of November",
    "sizeInBytes": 7,
    "acceptContext": {"yes": "1"},
    "declineContext": {"no": "1"},
}
DROPPED = object()


def offer(name: Any = "records.csv", **changes: Any) -> Json:
    content = {k: v for k, v in (OFFER | changes).items() if v is not DROPPED}
    row = {"contentType": files.CONSENT, "name": name, "content": content}
    return {"summary": "A file", "attachments": [row]}


def info(upload: Json, **changes: Any) -> Json:
    content = {"uniqueId": upload["uniqueId"], "fileType": upload["fileType"]}
    about = {"contentUrl": upload["contentUrl"], "name": upload["name"], "content": content}
    row = {"contentType": files.INFO, **about, **changes}
    return {"summary": "A file", "attachments": [row]}


async def accepted(stage: Stage, name: str = "records.csv") -> Json:
    """What the bot is told when Olivia allows a file."""
    sent = await stage.say("olivia", **offer(name))
    assert (await stage.teams.accept_file("olivia", sent))["ok"]
    value: Json = stage.bot.of("fileConsent/invoke")[-1]["value"]
    return value


async def put(
    stage: Stage, url: str, data: bytes, said: str | None, **headers: str
) -> tuple[int, Any]:
    named = {"content-range": said} if said is not None else {}
    async with stage.http.put(url, data=data, headers=named | headers) as got:
        return got.status, await got.json()


async def test_a_file_is_offered_allowed_uploaded_and_shown(settled: Stage) -> None:
    sent = await settled.say("olivia", **offer())
    [shown] = settled.teams.messages("personal", "olivia")[-1]["files"]
    assert (shown["name"], shown["offered"], shown["size"]) == ("records.csv", True, 7)
    assert (await settled.teams.accept_file("olivia", sent))["ok"]
    [invoke] = settled.bot.of("fileConsent/invoke")
    value = invoke["value"]
    assert (value["type"], value["action"], value["context"]) == (
        "fileUpload",
        "accept",
        {"yes": "1"},
    )
    assert (invoke["replyToId"], invoke["from"]["aadObjectId"]) == (
        sent,
        settled.object_id("olivia"),
    )
    upload = value["uploadInfo"]
    assert (upload["name"], upload["fileType"]) == ("records.csv", "csv")
    assert await put(settled, upload["uploadUrl"], b"one,two", "bytes 0-6/7") == (
        201,
        {"id": upload["uniqueId"], "name": "records.csv", "size": 7},
    )
    await settled.say("olivia", **info(upload))
    [there] = settled.teams.messages("personal", "olivia")[-1]["files"]
    assert there == {"name": "records.csv", "offered": False, "id": upload["uniqueId"]}
    assert settled.teams.file(upload["uniqueId"]) == b"one,two"


async def test_who_declines_is_told_to_the_bot_without_a_place(settled: Stage) -> None:
    sent = await settled.say("olivia", **offer())
    assert (await settled.teams.decline_file("olivia", sent))["ok"]
    [invoke] = settled.bot.of("fileConsent/invoke")
    assert invoke["value"] == {
        "type": "fileUpload",
        "action": "decline",
        "context": {"no": "1"},
    }
    assert settled.teams.house.world.files == {}


async def test_a_card_that_is_gone_or_replaced_can_t_be_pressed(settled: Stage) -> None:
    room = settled.room("olivia")
    first, second = [await settled.say("olivia", **offer()) for _ in range(2)]
    path = f"conversations/{room}/activities"
    assert (await settled.call("DELETE", f"{path}/{first}"))[0] == 200
    changed = {"type": "message", **carrying(card())}
    assert (await settled.call("PUT", f"{path}/{second}", changed))[0] == 200
    errors = [(await settled.teams.accept_file("olivia", m))["error"] for m in (first, second)]
    assert errors == ["message_not_found", "no_file_is_offered"]
    assert settled.bot.of("fileConsent/invoke") == []


async def test_nobody_else_answers(settled: Stage) -> None:
    sent = await settled.say("olivia", **offer())
    assert (await settled.teams.accept_file("tomasz", sent))["error"] == "message_not_found"


@pytest.mark.parametrize("room", ["Alliance", "Joint", "Launch"])
async def test_files_are_for_personal_chats_only(settled: Stage, room: str) -> None:
    assert "personal chats only" in await settled.refused(room, **offer())


async def test_an_app_that_does_not_support_files_sends_none(settled: Stage) -> None:
    house = settled.teams.house
    house.manifest = replace(house.manifest, files=False)
    assert "supportsFiles" in await settled.refused("olivia", **offer())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "a/b.csv"}, "name"),
        ({"name": "a?.csv"}, "name"),
        ({"sizeInBytes": 0}, "sizeInBytes"),
        ({"sizeInBytes": "7"}, "sizeInBytes"),
        ({"sizeInBytes": True}, "sizeInBytes"),
        ({"sizeInBytes": DROPPED}, "sizeInBytes"),
        ({"description": " "}, "description"),
        ({"description": DROPPED}, "description"),
        ({"acceptContext": "x"}, "acceptContext"),
        ({"declineContext": DROPPED}, "declineContext"),
        ({"size": 7}, "sizeInBytes"),
    ],
)
async def test_what_is_no_offer_is_refused(settled: Stage, changes: Json, words: str) -> None:
    assert words in await settled.refused("olivia", **offer(**changes))


async def test_a_file_that_is_shown_is_one_that_was_uploaded(settled: Stage) -> None:
    upload = (await accepted(settled))["uploadInfo"]
    assert "no file that was uploaded" in await settled.refused("olivia", **info(upload))
    await put(settled, upload["uploadUrl"], b"one,two", "bytes 0-6/7")
    for changes in ({"name": "other.csv"}, {"contentUrl": "https://evil.example"}):
        assert "those of the upload" in await settled.refused("olivia", **info(upload, **changes))
    assert await settled.say("olivia", **info(upload))


async def test_a_name_that_is_taken_gets_a_number(settled: Stage) -> None:
    names = []
    for _ in range(3):
        upload = (await accepted(settled))["uploadInfo"]
        await put(settled, upload["uploadUrl"], b"one,two", "bytes 0-6/7")
        names.append(upload["name"])
    assert names == ["records.csv", "records 1.csv", "records 2.csv"]


@pytest.mark.parametrize(
    ("data", "said", "status"),
    [
        (b"one,two", None, 400),
        (b"one,two", "0-6/7", 400),
        (b"one,two", "bytes 0-6/*", 400),
        (b"one,two", "bytes 0-7/8", 400),
        (b"one,two", "bytes 0-6/6", 400),
        (b"", "bytes 0-0/1", 400),
        (b"one,two", "bytes 1-7/8", 416),
        (b"one,two", "bytes 0-6/900", 400),
    ],
)
async def test_bytes_come_with_their_range(
    settled: Stage, data: bytes, said: str | None, status: int
) -> None:
    upload = (await accepted(settled))["uploadInfo"]
    assert (await put(settled, upload["uploadUrl"], data, said))[0] == status
    assert not settled.teams.house.world.files[upload["uniqueId"]].data


async def test_a_large_file_comes_in_pieces_and_in_order(settled: Stage) -> None:
    upload = (await accepted(settled))["uploadInfo"]
    url, piece = upload["uploadUrl"], bytes(files.PIECE)
    whole = 2 * files.PIECE + 3
    first = f"bytes 0-{files.PIECE - 1}/{whole}"
    assert await put(settled, url, piece, first) == (
        202,
        {"nextExpectedRanges": [f"{files.PIECE}-"]},
    )
    assert (await put(settled, url, piece, first))[0] == 416
    other = f"bytes {files.PIECE}-{2 * files.PIECE - 1}/{whole + 1}"
    assert (await put(settled, url, piece, other))[0] == 400
    rest = f"bytes {files.PIECE}-{whole - 1}/{whole}"
    assert (await put(settled, url, piece + b"end", rest))[0] == 201
    assert settled.teams.file(upload["uniqueId"]) == 2 * piece + b"end"
    assert (await put(settled, url, piece, first))[0] == 404, "the session has ended"


async def test_no_token_goes_along_and_the_address_is_nowhere_to_be_read(settled: Stage) -> None:
    upload = (await accepted(settled))["uploadInfo"]
    url = upload["uploadUrl"]
    status, _ = await put(settled, url, b"one,two", "bytes 0-6/7", authorization="Bearer x")
    assert status == 401
    own = [e for e in settled.teams.log() if e["method"] == "upload"]
    assert own
    assert url.rpartition("/")[2] not in str(own)


async def test_an_upload_fails_when_that_is_ordered(settled: Stage) -> None:
    upload = (await accepted(settled))["uploadInfo"]
    await settled.teams.fault("upload", status=507, error="quotaLimitReached")
    status, said = await put(settled, upload["uploadUrl"], b"one,two", "bytes 0-6/7")
    assert (status, said["error"]["code"]) == (507, "quotaLimitReached")
    assert (await put(settled, upload["uploadUrl"], b"one,two", "bytes 0-6/7"))[0] == 201


async def test_a_bot_that_does_not_answer_is_said_below_the_card(settled: Stage) -> None:
    sent = await settled.say("olivia", **offer())
    settled.bot.reply = lambda activity: (500, None)
    assert (await settled.teams.accept_file("olivia", sent))["error"] == "something_went_wrong"
    assert "Something went wrong" in settled.teams.messages("personal", "olivia")[-1]["note"]


async def test_a_reset_forgets_them(settled: Stage) -> None:
    upload = (await accepted(settled))["uploadInfo"]
    await settled.teams.reset()
    assert (await put(settled, upload["uploadUrl"], b"one,two", "bytes 0-6/7"))[0] == 404


async def test_the_control_interface_answers_and_opens_them(settled: Stage) -> None:
    """Through the page's own server, which the local Teams is beside."""
    served = Served(Starlette(routes=settled.teams.control()))
    base = f"{await served.start()}/_control/teams"
    first, second = [await settled.say("olivia", **offer()) for _ in range(2)]
    async with aiohttp.ClientSession() as http:
        for verb, sent in (("accept_file", first), ("decline_file", second)):
            body = {"person": "olivia", "message_id": sent}
            async with http.post(f"{base}/{verb}", json=body) as got:
                assert (await got.json())["ok"]
        upload = settled.bot.of("fileConsent/invoke")[0]["value"]["uploadInfo"]
        where = f"{base}/files/{upload['uniqueId']}"
        async with http.get(where) as got:
            assert got.status == 404
        await put(settled, upload["uploadUrl"], b"one,two", "bytes 0-6/7")
        async with http.get(where) as got:
            assert got.headers["content-disposition"] == "attachment"
            assert await got.read() == b"one,two"
    await served.stop()
