"""File consent cards: a file offered in somebody's own chat, what they answered, and the card that
stands for the file once it is there. Pure.

Teams takes files of bots in personal chats only, and asks the person first where they are put.
"""

from dataclasses import dataclass

from governance.seeing.export import File
from handlers.file_offers import Offer
from handlers.teams.activities import Activity, Json, name_of, part
from handlers.teams.sealing import opened_words, sealed_words

INVOKE = "fileConsent/invoke"
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"

DESCRIPTION = "Allow saves it in your OneDrive, as it is at that moment. Only you get it."

_OFFER = "file:"
"""Tells these contexts from other words that bear a seal of ours."""


@dataclass(frozen=True)
class Upload:
    """Where Teams wants a file to be put, and how it calls it there."""

    name: str
    upload_url: str
    content_url: str
    unique_id: str
    file_type: str


@dataclass(frozen=True)
class Press:
    offer: Offer
    accepted: bool
    upload: Upload


def offered(file: File, token: str) -> Json:
    """The message that offers one file; nothing of the file is in it but its name and size."""
    context = {"offer": sealed_words(f"{_OFFER}{token}:{file.key}")}
    content = {
        "description": DESCRIPTION,
        "sizeInBytes": len(file.data),
        "acceptContext": context,
        "declineContext": context,
    }
    return _message(file.name, {"contentType": CONSENT, "name": file.name, "content": content})


def there(upload: Upload) -> Json:
    """The message that shows a file where it was put."""
    content = {"uniqueId": upload.unique_id, "fileType": upload.file_type}
    about = {"contentType": INFO, "contentUrl": upload.content_url, "name": upload.name}
    return _message(upload.name, about | {"content": content})


def _message(summary: str, attachment: Json) -> Json:
    return {"type": "message", "summary": summary, "attachments": [attachment]}


def read(activity: Activity) -> Press | None:
    """None for what bears no seal of ours, is no answer, or came from where no file is offered."""
    value = part(activity.raw, "value")
    said = opened_words(name_of(part(value, "context").get("offer"))) or ""
    action, told = name_of(value.get("action")), part(value, "uploadInfo")
    if not said.startswith(_OFFER) or action not in ("accept", "decline"):
        return None
    if activity.place != "dm":
        return None
    token, _, which = said.removeprefix(_OFFER).partition(":")
    names = ("name", "uploadUrl", "contentUrl", "uniqueId", "fileType")
    upload = Upload(*(name_of(told.get(name)) for name in names))
    return Press(Offer(token, which), action == "accept", upload)
