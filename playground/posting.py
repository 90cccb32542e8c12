"""Putting messages into channels, changing and removing them."""

from dataclasses import dataclass, field
from typing import Any

from playground.kit import check_blocks, check_length, with_ids
from playground.mentions import pings_of
from playground.refusal import Json, Refusal
from playground.world import SLACKBOT, Channel, Message, World


@dataclass(frozen=True)
class Content:
    """What a message of the bot says, checked."""

    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)


def read_content(world: World, args: Json, *, names: bool = False) -> Content:
    """Check text, blocks and attachments as Slack does; `names` links plain @names."""
    text = args.get("text") or ""
    if not isinstance(text, str):
        raise Refusal("invalid_arguments")
    blocks = check_blocks(args["blocks"]) if args.get("blocks") else []
    attachments = _read_attachments(args.get("attachments"))
    if not text.strip() and not blocks and not attachments:
        raise Refusal("no_text")
    check_length(text)
    pings = pings_of(world, text, blocks, attachments, names=names)
    return Content(text, with_ids(world, blocks), attachments, pings)


def _read_attachments(given: Any) -> list[Json]:
    if not given:
        return []
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise Refusal("invalid_attachments")
    if len(given) > 100:
        raise Refusal("too_many_attachments")
    for item in given:
        if item.get("blocks"):
            check_blocks(item["blocks"])
    return given


def post(
    world: World,
    channel: Channel,
    user: str,
    content: Content,
    *,
    thread_ts: str | None = None,
    ephemeral_to: str | None = None,
    metadata: Json | None = None,
    subtype: str | None = None,
    files: list[Json] | None = None,
) -> Message:
    message = Message(
        ts=world.next_ts(),
        channel=channel.id,
        user=user,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        pings=content.pings,
        thread_ts=thread_ts,
        ephemeral_to=ephemeral_to,
        metadata=metadata,
        subtype=subtype,
        files=files or [],
    )
    channel.messages[message.ts] = message
    world.timeline.append(message)
    world.revision.bump()
    return message


def edit(world: World, message: Message, content: Content) -> None:
    message.text = content.text or message.text
    message.blocks = content.blocks
    message.attachments = content.attachments
    message.pings = content.pings
    message.edited = {"user": message.user, "ts": world.next_ts()}
    world.timeline.append(message)
    world.revision.bump()


def remove(world: World, channel: Channel, message: Message) -> None:
    channel.messages.pop(message.ts, None)
    if message.ts in channel.pins:
        channel.pins.remove(message.ts)
    world.revision.bump()


def slackbot_says(world: World, channel: Channel, user: str, text: str) -> None:
    """The line Slack itself shows to one person when an app fails."""
    post(world, channel, SLACKBOT, Content(text), ephemeral_to=user)


def visible(channel: Channel, message: Message, user: str | None) -> bool:
    """Whether this person sees the message; None stands for anybody in the channel."""
    if user is not None and user not in channel.members:
        return False
    return message.ephemeral_to is None or message.ephemeral_to == user


def parent_of(channel: Channel, thread_ts: object) -> str | None:
    """The ts of the thread a reply belongs to; a reply's own ts leads to its parent."""
    if not thread_ts:
        return None
    found = channel.messages.get(str(thread_ts))
    if found is None or found.ephemeral_to is not None:
        raise Refusal("thread_not_found")
    return found.thread_ts or found.ts
