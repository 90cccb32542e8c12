"""Posts to response URLs, and what a command's own answer may say."""

from typing import Any

from playground import posting
from playground.house import House
from playground.journal import Entry
from playground.refusal import Json, Refusal
from playground.tickets import ResponseUrl
from playground.world import Channel, Message, World


def use_response_url(house: House, key: str, args: Json) -> Json:
    """One post to `/response/<key>`; the journal gets it too."""
    try:
        ticket = house.tickets.use_response(key, house.world.now())
        respond(house.world, ticket, args)
        answer: Json = {"ok": True}
    except Refusal as refusal:
        answer = refusal.answer()
    status = 200 if answer["ok"] else _status(answer["error"])
    entry = Entry(
        house.world.now(), "from_bot", "response_url", "response_url", args, status, answer
    )
    house.journal.add(entry)
    return answer


def _status(error: str) -> int:
    return 404 if error in ("used_url", "expired_url") else 400


def http_status(answer: Json) -> int:
    return 200 if answer["ok"] else _status(answer["error"])


def respond(world: World, ticket: ResponseUrl, args: Json) -> None:
    """Show it to the person who acted, or to all; or change the message they acted on."""
    room = world.channel(ticket.channel)
    source = room.messages.get(ticket.ts) if ticket.ts else None
    if _true(args.get("delete_original")):
        if source is not None:
            posting.remove(world, room, source)
        return
    content = posting.read_content(world, args)
    if _true(args.get("replace_original")) and source is not None:
        posting.edit(world, source, content)
        return
    _post(world, room, ticket.user, content, args, source)


def _post(
    world: World,
    room: Channel,
    user: str,
    content: posting.Content,
    args: Json,
    source: Message | None,
) -> None:
    kind = args.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise Refusal("invalid_response_type")
    posting.post(
        world,
        room,
        world.bot,
        content,
        thread_ts=posting.parent_of(room, args.get("thread_ts")),
        ephemeral_to=user if kind == "ephemeral" else None,
        metadata=args.get("metadata"),
    )


def answer_of_command(body: str, parsed: Any) -> Json | None:
    """The body of an acknowledgement as a message; None when there is nothing to show."""
    if isinstance(parsed, dict):
        return parsed or None
    return {"text": body} if body.strip() else None


def _true(value: object) -> bool:
    return value in (True, "true", 1, "1")
