"""Slack's payloads as plain facts (`Asked`). Pure; knows no feature."""

import html
import json
import re
from typing import Any

from handlers.commands import clean, mark
from handlers.doors import Asked, typed

Json = dict[str, Any]

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|([^<>]*))?>")
SPECIAL = re.compile(r"<!(?:subteam\^[A-Z0-9]+\|)?([^<>|^]+)(?:[|^][^<>]*)?>")
LINK = re.compile(r"<((?:https?|mailto):[^<>|]+)(?:\|([^<>]*))?>")


def read_text(text: str, *, bot: str) -> tuple[str, tuple[str, ...]]:
    """What was typed, with a mark for each person mentioned, and those people in order. The bot's
    own mention is left out; links and channels become their words."""
    people: list[str] = []

    def person(found: re.Match[str]) -> str:
        if found[1] == bot:
            return ""
        if found[1] not in people:
            people.append(found[1])
        return mark(people.index(found[1]))

    plain = MENTION.sub(person, clean(text))
    plain = CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", plain)
    plain = LINK.sub(lambda found: _link(found[1], found[2]), plain)
    plain = SPECIAL.sub(lambda found: f"@{found[1]}", plain)
    return html.unescape(plain).strip(), tuple(people)


def _link(url: str, label: str | None) -> str:
    bare = url.removeprefix("mailto:")
    if not label or label in (url, bare):
        return bare
    return f"{label} ({url})"


def message_link(domain_url: str, channel: str, ts: str, thread: str | None = None) -> str:
    """Built, not asked for: Slack refuses permalinks where the bot is not a member."""
    link = f"{domain_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread}&cid={channel}" if thread and thread != ts else link


def command(body: Json, *, bot: str) -> Asked:
    text, people = read_text(body.get("text") or "", bot=bot)
    act, args = typed(text)
    return Asked(
        act=act,
        args=args,
        user_id=body["user_id"],
        door="command",
        receipt=f"trigger:{body['trigger_id']}:{body['user_id']}",
        channel=body["channel_id"],
        channel_kind=_kind(body["channel_id"]),
        people=people,
    )


def pressed(body: Json) -> Asked:
    """A button, a menu, a choice outside a form's fields."""
    action = body["actions"][0]
    act, value = _action(action)
    view = body.get("view") or {}
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    kept = _metadata(view)
    return Asked(
        act=act,
        args={"value": value},
        user_id=body["user"]["id"],
        door="home" if view.get("type") == "home" else "button",
        receipt=f"trigger:{body['trigger_id']}:{body['user']['id']}",
        channel=channel,
        channel_kind=_kind(channel),
        place=kept.get("place", ""),
        thread=container.get("thread_ts") or kept.get("thread") or None,
        message_ts=container.get("message_ts"),
        in_page=view.get("type") == "modal",
    )


def _action(action: Json) -> tuple[str, str]:
    chosen = action.get("selected_option") or {}
    if action["type"] == "overflow":
        act, _, value = str(chosen.get("value", "")).partition("|")
        return act, value
    value = action.get("value") or chosen.get("value") or action.get("selected_date") or ""
    return str(action["action_id"]).partition("#")[0], str(value)


def submitted(body: Json) -> Asked:
    """A form that was sent. Where a channel was chosen in it, that is where it is carried out."""
    view = body["view"]
    kept, chosen = _metadata(view), _chosen_channel(view)
    return Asked(
        act=view["callback_id"],
        args={**kept, **_fields(view)},
        user_id=body["user"]["id"],
        door="form",
        receipt=f"view:{view['id']}:{view.get('hash', '')}:{body['user']['id']}",
        channel=chosen,
        place="" if chosen else kept.get("place", ""),
        thread=None if chosen else kept.get("thread") or None,
    )


def closed(body: Json) -> Asked:
    """A form that was closed, if that is an answer. Nobody waits where it was begun any more."""
    view = body["view"]
    kept = _metadata(view)
    return Asked(
        act=kept.get("closed", ""),
        args=kept,
        user_id=body["user"]["id"],
        door="event",
        receipt=f"closed:{view['id']}",
    )


def opened(event: Json) -> Asked:
    """Somebody came to the bot's own pages."""
    return Asked(
        act="arrival.opened",
        user_id=event["user"],
        door="event",
        receipt=f"opened:{event['user']}:{event['event_ts']}",
    )


def invited(event: Json) -> Asked:
    """Somebody brought the bot into a channel."""
    return Asked(
        act="arrival.invited",
        user_id=event["inviter"],
        door="event",
        receipt=f"invited:{event['channel']}:{event['event_ts']}",
        channel=event["channel"],
    )


def _fields(view: Json) -> dict[str, str]:
    return {block_id: _field(element) for block_id, element in _elements(view)}


def _elements(view: Json) -> list[tuple[str, Json]]:
    values = (view.get("state") or {}).get("values") or {}
    return [(block, element) for block, found in values.items() for element in found.values()]


def _chosen_channel(view: Json) -> str:
    found = (element.get("selected_conversation") for _, element in _elements(view))
    return next((str(channel) for channel in found if channel), "")


def _field(element: Json) -> str:
    if "selected_options" in element:
        return ",".join(option["value"] for option in element["selected_options"] or [])
    option = element.get("selected_option") or {}
    found = element.get("value") or element.get("selected_date") or option.get("value")
    return clean(str(found)) if found else ""


def _metadata(view: Json) -> dict[str, str]:
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def shortcut(body: Json, *, bot: str, domain_url: str) -> Asked:
    """A global shortcut, or one on a message."""
    message, channel = body.get("message"), (body.get("channel") or {}).get("id", "")
    args: dict[str, str] = {}
    people: tuple[str, ...] = ()
    if message is not None:
        args, people = source_of(message, channel, bot=bot, domain_url=domain_url)
    return Asked(
        act=body["callback_id"],
        args=args,
        user_id=body["user"]["id"],
        door="shortcut",
        receipt=f"trigger:{body['trigger_id']}:{body['user']['id']}",
        channel=channel,
        channel_kind=_kind(channel),
        thread=args.get("source_thread") or args.get("source_ts"),
        people=people,
    )


def source_of(
    message: Json, channel: str, *, bot: str, domain_url: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The message something is captured from, and the people it mentions."""
    text, people = read_text(message.get("text") or "", bot=bot)
    thread = message.get("thread_ts") or ""
    args = {
        "source_channel": channel,
        "source_ts": message["ts"],
        "source_thread": thread,
        "source_link": message_link(domain_url, channel, message["ts"], thread or None),
        "author": message.get("user") or "",
        "text": text,
    }
    return args, people


def captured(event: Json, message: Json, *, bot: str, domain_url: str) -> Asked:
    """A reaction that turns a message into an action item; the first one is asked."""
    item = event["item"]
    args, people = source_of(message, item["channel"], bot=bot, domain_url=domain_url)
    return Asked(
        act="action_item.from_message",
        args=args,
        user_id=event["user"],
        door="reaction",
        receipt=f"reaction:{item['channel']}:{item['ts']}",
        channel=item["channel"],
        thread=args["source_thread"] or item["ts"],
        people=people,
    )


def reacted(event: Json, value: int, at: str) -> Asked:
    """A reaction, or its end, that answers a question on a scale."""
    item, added = event["item"], event["type"] == "reaction_added"
    args = {"number": str(value), "present": "yes" if added else "", "at": at}
    where = f"{item['channel']}:{item['ts']}:{event['user']}"
    return Asked(
        act="pulse.reacted",
        args=args,
        user_id=event["user"],
        door="reaction",
        receipt=f"pulse:{where}:{event['reaction']}:{at}:{event['type']}",
        channel=item["channel"],
        message_ts=item["ts"],
    )


def mention(body: Json, *, bot: str, domain_url: str) -> Asked:
    event = body["event"]
    text, people = read_text(event.get("text") or "", bot=bot)
    act, args = typed(text)
    thread = event.get("thread_ts")
    args["link"] = message_link(domain_url, event["channel"], event["ts"], thread)
    return Asked(
        act=act,
        args=args,
        user_id=event["user"],
        door="mention",
        receipt=f"event:{event['channel']}:{event['ts']}",
        channel=event["channel"],
        thread=thread or event["ts"],
        message_ts=event["ts"],
        people=people,
    )


def direct(body: Json, *, bot: str) -> Asked:
    event = body["event"]
    text, people = read_text(event.get("text") or "", bot=bot)
    act, args = typed(text)
    return Asked(
        act=act,
        args=args,
        user_id=event["user"],
        door="dm",
        receipt=f"event:{event['channel']}:{event['ts']}",
        channel=event["channel"],
        channel_kind="dm",
        thread=event.get("thread_ts"),
        people=people,
    )


def searched(body: Json) -> tuple[str, str, Asked]:
    """A field being typed into: which choices it wants, the words so far, and by whom."""
    kept = _metadata(body.get("view") or {})
    asked = Asked(
        act="",
        args=kept,
        user_id=body["user"]["id"],
        door="form",
        receipt="",
        channel=(body.get("channel") or {}).get("id", ""),
        place=kept.get("place", ""),
    )
    return body["action_id"], body.get("value") or "", asked


WAITED_FOR = ("block_actions", "shortcut", "message_action")
"""What somebody waits to see the outcome of; letters typed into a field are not."""


def waiting(body: Json, *, receipt: str) -> Asked | None:
    """Whoever waits for an answer to a press, a shortcut, a mention or a direct message, where no
    more could be made of it; None where nobody does."""
    event = body.get("event")
    if event is None:
        channel = (body.get("channel") or {}).get("id") or ""
        person = (body.get("user") or {}).get("id")
        kind = _kind(channel)
        asked = Asked("", person or "", "button", receipt, channel=channel, channel_kind=kind)
        return asked if person and body.get("type") in WAITED_FOR else None
    spoken = event.get("type") == "app_mention" or event.get("channel_type") == "im"
    if not spoken or not is_from_a_person(event):
        return None
    thread = event.get("thread_ts")
    return Asked("", event["user"], "mention", receipt, channel=event["channel"], thread=thread)


def is_from_a_person(event: Json) -> bool:
    """Not a bot's message, an edit, or a notice of the platform's."""
    plain = event.get("subtype") in (None, "file_share", "thread_broadcast")
    return plain and bool(event.get("user")) and not event.get("bot_id")


def _kind(channel: str) -> str:
    return "dm" if channel.startswith("D") else "channel"
