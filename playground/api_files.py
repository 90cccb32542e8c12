"""files.*: a file comes in three calls, and the last one posts the message that carries it."""

import json
import mimetypes
from typing import Any

from playground import posting
from playground.api import Call, method
from playground.api_chat import open_room
from playground.posting import Content
from playground.refusal import Json, Refusal
from playground.world import File, World

_LARGEST = 1 << 30


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(call: Call) -> Json:
    name, length = call.text("filename").strip(), call.number("length", 0)
    if not name or "/" in name or length < 1:
        raise Refusal("invalid_arguments")
    if length > _LARGEST:
        raise Refusal("file_upload_size_restricted")
    world = call.house.world
    file = File(world.next_id("F"), name, length, key=world.next_id("UP"))
    world.files[file.id] = file
    return {"upload_url": f"{call.house.public_url}/upload/{file.key}", "file_id": file.id}


def take_upload(world: World, key: str, data: bytes) -> bool:
    """The bytes themselves, once, as many as were announced."""
    file = next((one for one in world.files.values() if one.key == key), None)
    if file is None or file.data is not None or len(data) != file.length:
        return False
    file.data = data
    return True


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> Json:
    """Posts one message with every file, or nothing. The answer has no ts."""
    world = call.house.world
    found = [_uploaded(world, row) for row in _rows(call)]
    room = open_room(call, "channel_id") if call.args.get("channel_id") else None
    thread = posting.parent_of(room, call.args.get("thread_ts")) if room else None
    for file, title in found:
        file.title = title or file.name
    shown = [_file_json(file) for file, _ in found]
    if room is not None:
        comment = Content(call.text("initial_comment"))
        posting.post(
            world, room, world.bot, comment, thread_ts=thread, subtype="file_share", files=shown
        )
    return {"files": [{"id": file["id"], "title": file["title"]} for file in shown]}


def _rows(call: Call) -> list[Any]:
    given = call.args.get("files")
    try:
        rows = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not rows:
        raise Refusal("invalid_arguments")
    return rows


def _uploaded(world: World, row: Any) -> tuple[File, str]:
    file = world.files.get(str(row.get("id"))) if isinstance(row, dict) else None
    if file is None or file.data is None or file.title:
        raise Refusal("file_not_found")
    return file, str(row.get("title") or "")


def _file_json(file: File) -> Json:
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "size": file.length,
    }
