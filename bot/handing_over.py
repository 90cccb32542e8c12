"""One planned message given to a platform's messenger, in the way that was planned."""

from dataclasses import replace

import structlog

from bot.sending import Send
from handlers.platform import Messenger, PlatformError, Sent
from storage.tables import Outbox

log = structlog.get_logger()


async def hand_over(messenger: Messenger, row: Outbox, what: Send) -> Sent:
    match what.mode:
        case "post":
            return await messenger.post(
                what.channel, what.message, token=row.token, thread=what.thread
            )
        case "update":
            return await messenger.update(what.channel, what.ts, what.message)
        case "whisper":
            return await _whisper(messenger, row, what)
        case "home":
            return await messenger.show_home(what.user_id, what.message)
        case "files":
            channel = what.channel or await messenger.open_direct(what.user_id)
            return await messenger.send_files(channel, what.message, what.files, token=row.token)
        case "direct":
            channel = what.channel or await messenger.open_direct(what.user_id)
            return await _direct(messenger, row, what, channel)


def _begun(row: Outbox, channel: str) -> str:
    """What an earlier try left of the message in this place."""
    return (row.ts or "") if row.channel == channel else ""


async def _whisper(messenger: Messenger, row: Outbox, what: Send) -> Sent:
    """Where a private answer is refused in a channel, it goes to the person directly."""
    begun = _begun(row, what.channel)
    try:
        return await messenger.whisper(
            what.channel, what.user_id, what.message, thread=what.thread, begun=begun
        )
    except PlatformError as error:
        if error.fault != "permanent":
            raise
        log.warning("not_whispered", row=row.id, error=error.code)
        channel = await messenger.open_direct(what.user_id)
        return await _direct(messenger, row, replace(what, thread=None), channel)


async def _direct(messenger: Messenger, row: Outbox, what: Send, channel: str) -> Sent:
    begun = _begun(row, channel)
    return await messenger.post(
        channel, what.message, token=row.token, thread=what.thread, begun=begun
    )


async def pin(messenger: Messenger, sent: Sent) -> None:
    assert sent.ts is not None
    try:
        await messenger.pin(sent.channel, sent.ts)
    except PlatformError as error:
        log.warning("not_pinned", error=error.code)
