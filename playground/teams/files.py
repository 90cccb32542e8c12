"""Files of a bot: offered by a card, allowed by the person, put into their OneDrive piece by piece,
and shown by another card."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from playground.refusal import Json
from playground.teams.denial import Denied, bad, denied

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
KINDS = (CONSENT, INFO)

PIECE = 320 * 1024
"""Every piece but the last is a multiple of this."""
MOST_A_PIECE = 60 * 1024 * 1024

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_NOT_IN_NAMES = re.compile(r'["*:<>?/\\|\x00-\x1f]')
_FIELDS = {
    CONSENT: {"description", "sizeInBytes", "acceptContext", "declineContext"},
    INFO: {"uniqueId", "fileType"},
}


@dataclass
class Stored:
    """A file in somebody's OneDrive; `data` grows until all `length` bytes are there. `key` opens
    the upload session that begins with their consent."""

    id: str
    name: str
    person: str
    key: str
    data: bytearray = field(default_factory=bytearray)
    length: int | None = None

    @property
    def type(self) -> str:
        return self.name.rpartition(".")[2].lower()

    @property
    def is_complete(self) -> bool:
        return self.length is not None and len(self.data) == self.length


def begin(files: dict[str, Stored], name: str, person: str) -> Stored:
    """A place for a file, under a name that nothing else has there."""
    taken = {one.name for one in files.values() if one.person == person and one.is_complete}
    stem, dot, end = name.rpartition(".")
    free, number = name, 1
    while free in taken:
        free, number = f"{stem} {number}{dot}{end}", number + 1
    stored = Stored(str(uuid4()).upper(), free, person, uuid4().hex)
    files[stored.id] = stored
    return stored


def content_url(base: str, file: Stored) -> str:
    return f"{base}/files/{file.id}"


def upload_info(base: str, file: Stored) -> Json:
    return {
        "name": file.name,
        "contentUrl": content_url(base, file),
        "uploadUrl": f"{base}/upload/{file.key}",
        "uniqueId": file.id,
        "fileType": file.type,
    }


def check_card(row: Json, *, personal: bool, supported: bool) -> Json:
    """What is wrong with a file card, whatever it is for; the card where nothing is."""
    kind, content, name = row["contentType"], row.get("content"), row.get("name")
    if not personal:
        raise bad("files of a bot are for personal chats only")
    if not supported:
        raise bad("the manifest does not say supportsFiles")
    if not isinstance(name, str) or not name.strip() or _NOT_IN_NAMES.search(name):
        raise bad("a file card needs a name that a file can have")
    if not isinstance(content, dict) or set(content) - _FIELDS[kind]:
        raise bad(f"the content of {kind} has {', '.join(sorted(_FIELDS[kind]))}")
    if set(row) - {"contentType", "content", "name", "contentUrl"}:
        raise bad("a file card has contentType, content, name and contentUrl")
    return row


def check_consent(row: Json) -> None:
    content = row["content"]
    size, description = content.get("sizeInBytes"), content.get("description")
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise bad("sizeInBytes must be how many bytes the file has")
    if not isinstance(description, str) or not description.strip():
        raise bad("description must say what the file is for")
    for name in ("acceptContext", "declineContext"):
        if not isinstance(content.get(name), dict):
            raise bad(f"{name} must be an object")
    if "contentUrl" in row:
        raise bad("a file that is only offered has no contentUrl")


def check_info(row: Json, files: dict[str, Stored], base: str) -> None:
    file = files.get(str(row["content"].get("uniqueId")))
    if file is None or not file.is_complete:
        raise bad("uniqueId is that of no file that was uploaded")
    said = (row["content"].get("fileType"), row.get("contentUrl"), row["name"])
    if said != (file.type, content_url(base, file), file.name):
        raise bad("fileType, contentUrl and name must be those of the upload")


def take(files: dict[str, Stored], key: str, headers: Json, body: bytes) -> tuple[int, Json]:
    """One piece of a file. A session ends with the last one."""
    file = next((one for one in files.values() if one.key == key), None)
    if file is None or file.is_complete:
        raise denied("itemNotFound", "The upload session was not found", 404)
    if "authorization" in headers:
        raise denied("unauthenticated", "The address is the permission; send no token", 401)
    first, last, whole = _range(headers.get("content-range"))
    if len(body) != last - first + 1 or not body:
        raise denied("invalidRequest", "Content-Range and Content-Length disagree")
    if last >= whole or file.length not in (None, whole):
        raise denied("invalidRequest", "The total length is wrong")
    if first != len(file.data):
        raise denied("invalidRange", "The range is not the one expected next", 416)
    if len(body) > MOST_A_PIECE or (last + 1 < whole and len(body) % PIECE):
        raise denied("invalidRequest", "A piece must be a multiple of 320 KiB, at most 60 MiB")
    file.length = whole
    file.data += body
    if not file.is_complete:
        return 202, {"nextExpectedRanges": [f"{len(file.data)}-"]}
    return 201, {"id": file.id, "name": file.name, "size": whole}


def _range(said: Any) -> tuple[int, int, int]:
    found = _RANGE.fullmatch(said or "")
    if found is None:
        raise _no_range()
    first, last, whole = (int(one) for one in found.groups())
    return first, last, whole


def _no_range() -> Denied:
    return denied("invalidRequest", "Content-Range must be bytes first-last/total")
