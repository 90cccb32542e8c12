"""Teams' activities as what is asked (`Asked`). Pure; knows no feature."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl

from governance.messages import outbox
from handlers.commands import clean
from handlers.doors import Asked, typed
from handlers.teams.activities import Activity, Json, message_link, name_of, part, place_change
from handlers.teams.sealing import RESERVED, is_sealed, opened_words
from handlers.teams.wording import read_message, read_text

Purpose = Literal["", "press", "confirm", "confirmed", "form", "closed"]

INVOKES = ("adaptiveCard/", "task/", "composeExtension/", "fileConsent/")
WEB = re.compile(r"https?://\S+", re.I)


@dataclass(frozen=True)
class Confirm:
    """A press that is asked about first, as `render.confirmation` takes it."""

    text: str
    label: str
    act: str
    value: str
    card: str


def message(activity: Activity, bot_id: str) -> Asked:
    """A message to the bot. One that only it sees is a command."""
    text, people = read_text(activity, bot_id)
    act, args = typed(text)
    in_public = activity.place != "dm" and not activity.targeted
    if in_public:
        args["link"] = message_link(activity)
    return Asked(
        act=act,
        args=args,
        user_id=activity.user_id,
        door=_door(activity),
        receipt=_receipt(activity, "message"),
        channel=activity.conversation,
        channel_kind=_kind(activity),
        thread=_answered_in(activity, in_public),
        message_ts=(activity.id or None) if in_public else None,
        people=people,
    )


def _answered_in(activity: Activity, in_public: bool) -> str | None:
    """The thread of a message in a channel. Beneath what only one person sees there is none."""
    if activity.place != "channel":
        return None
    begun = activity.id if in_public else None
    return begun if activity.thread in (None, activity.id) else activity.thread


def _door(activity: Activity) -> Literal["dm", "command", "mention"]:
    if activity.place == "dm":
        return "dm"
    return "command" if activity.targeted else "mention"


def _kind(activity: Activity) -> str:
    return "dm" if activity.place == "dm" else "channel"


def purpose(activity: Activity) -> Purpose:
    """What the data of a button is for: a press, one that is confirmed first, the press that
    confirms it, a form that is sent or closed. Empty where there is none of ours."""
    data = _data(activity)
    by_itself = part(activity.raw, "value").get("trigger") == "automatic"
    if by_itself or not name_of(data.get("act")):
        return ""
    if data.get("form") is True:
        return "form"
    if data.get("closed") is True:
        return "closed"
    if data.get("confirmed") is True:
        return "confirmed"
    asks = activity.kind == "task/fetch" and name_of(data.get("confirm")) != ""
    return "confirm" if asks else "press"


def is_as_put(activity: Activity) -> bool:
    """Whether what comes back is what the bot put into its card: somebody's client sent it."""
    data = _data(activity)
    inner = part(activity.raw, "value", "action", "data")
    return is_sealed(inner if activity.kind == "adaptiveCard/action" else data)


def _data(activity: Activity) -> Json:
    """A card's button has it in its action, a dialog's in the value, and an old Teams sends it as
    the value of a message."""
    value = part(activity.raw, "value")
    if activity.kind == "adaptiveCard/action":
        action = part(value, "action")
        return {"act": action.get("verb"), **part(action, "data")}
    return value if activity.kind == "message" else part(value, "data")


def pressed(activity: Activity) -> Asked:
    """A button of a message's, or of a dialog's page; also one that was asked about first, as if
    it came from the message's own button."""
    data = _data(activity)
    in_page = data.get("in_page") is True
    card = activity.reply_to or name_of(data.get("card"))
    asked = Asked(
        act=name_of(data.get("act")),
        args={"value": _text(data.get("value"))},
        user_id=activity.user_id,
        door="button",
        receipt=_receipt(activity, "invoke"),
        message_ts=None if in_page else card or None,
        in_page=in_page,
    )
    return _placed(asked, activity, _kept(data))


def _placed(asked: Asked, activity: Activity, kept: Mapping[str, str]) -> Asked:
    """Where a form was begun counts before where its dialog happens to be."""
    if kept.get("place"):
        return replace(asked, place=kept["place"], thread=kept.get("thread") or None)
    return replace(
        asked,
        channel=activity.conversation,
        channel_kind=_kind(activity),
        thread=activity.thread if activity.thread != activity.reply_to else None,
    )


def to_confirm(activity: Activity) -> Confirm:
    data = _data(activity)
    text, label, act, value = (_text(data.get(n)) for n in ("confirm", "label", "act", "value"))
    return Confirm(text, label, act, value, activity.reply_to)


def submitted(activity: Activity) -> Asked:
    """A form that was sent. Where a channel was chosen in it, that is where it is carried out."""
    data = _data(activity)
    kept, kinds = _kept(data), part(data, "fields")
    chosen = next((_text(data.get(n)) for n, kind in kinds.items() if kind == "channel"), "")
    asked = Asked(
        act=name_of(data.get("act")),
        args={**kept, **_inputs(data, kinds)},
        user_id=activity.user_id,
        door="form",
        receipt=_receipt(activity, "invoke"),
        channel=chosen,
    )
    return asked if chosen else _placed(asked, activity, kept)


def filled_in(activity: Activity) -> dict[str, str]:
    """What stood in the fields of a form that was sent, the channel that was chosen as well."""
    data = _data(activity)
    return {name: _text(data.get(name)) for name in part(data, "fields")}


def _inputs(data: Json, kinds: Json) -> dict[str, str]:
    """What was left empty may not come at all. A chosen channel is a place, not an argument."""
    names = kinds or [name for name in data if name not in RESERVED]
    return {n: "" if kinds.get(n) == "channel" else _text(data.get(n)) for n in names}


def closed(activity: Activity) -> Asked:
    """A form that was closed by the button for it. Nobody waits where it was begun any more."""
    data = _data(activity)
    return Asked(
        act=name_of(data.get("act")),
        args=_kept(data),
        user_id=activity.user_id,
        door="event",
        receipt=_receipt(activity, "invoke"),
    )


def _kept(data: Json) -> dict[str, str]:
    return {n: value for n, value in part(data, "kept").items() if isinstance(value, str)}


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def searched(activity: Activity) -> tuple[str, str, Asked]:
    """A field being typed into: which choices it wants, the words so far, and by whom. What the
    form carries comes behind the name of the choices."""
    value = part(activity.raw, "value")
    asked_for = opened_words(name_of(value.get("dataset"))) or ""
    source, _, carried = asked_for.partition("?")
    kept = {n: _text(v) for n, v in parse_qsl(carried, errors="replace")}
    asked = Asked(act="", args=kept, user_id=activity.user_id, door="form", receipt="")
    return source, _text(value.get("queryText")), _placed(asked, activity, kept)


def from_message(activity: Activity, bot_id: str) -> Asked:
    """The message action; without a message, the same as the empty form."""
    payload = part(activity.raw, "value", "messagePayload")
    args, people = _source_of(activity, payload, bot_id) if payload else ({}, ())
    thread = args.get("source_thread") or args.get("source_ts")
    return Asked(
        act="action_item.from_message" if payload else "action_item.new",
        args=args,
        user_id=activity.user_id,
        door="shortcut",
        receipt=_receipt(activity, "invoke"),
        channel=activity.conversation,
        channel_kind=_kind(activity),
        thread=(thread if activity.place == "channel" else None) or None,
        people=people,
    )


def _source_of(
    activity: Activity, payload: Json, bot_id: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The message something is captured from, and the people it mentions."""
    text, people = read_message(payload, bot_id)
    ts = name_of(payload.get("id"))
    root = name_of(payload.get("replyToId")) or activity.thread or ""
    given = name_of(payload.get("linkToMessage"))
    args = {
        "source_channel": activity.conversation,
        "source_ts": ts,
        "source_thread": "" if activity.place != "channel" or root == ts else root,
        "source_link": given if WEB.fullmatch(given) else message_link(activity, ts, root),
        "author": name_of(part(payload, "from", "user").get("id")).lower(),
        "text": text,
    }
    return args, people


def invited(activity: Activity) -> Asked:
    """Somebody brought the bot into a channel, a team's first one where they chose none."""
    change = place_change(activity)
    return Asked(
        act="arrival.invited",
        user_id=activity.user_id,
        door="event",
        receipt=_receipt(activity, "invited"),
        channel=change.channel or activity.conversation,
    )


def opened(activity: Activity) -> Asked:
    """Somebody added the bot for themselves."""
    receipt = _receipt(activity, "opened")
    return Asked(act="arrival.opened", user_id=activity.user_id, door="event", receipt=receipt)


def waiting(activity: Activity, *, receipt: str) -> Asked | None:
    """Whoever waits for an answer to a press or a message, where no more could be made of it;
    None where nobody does."""
    spoken = activity.kind == "message" and is_from_a_person(activity)
    invoked = activity.kind.startswith(INVOKES)
    if not (spoken or invoked) or not (activity.person or activity.account):
        return None
    return Asked(
        act="",
        user_id=activity.user_id,
        door="mention" if spoken else "button",
        receipt=receipt,
        channel=activity.conversation,
        channel_kind=_kind(activity),
        thread=activity.thread,
    )


def of_a_file(activity: Activity) -> Asked:
    """Somebody answered whether they want a file."""
    asked = Asked("", activity.user_id, "button", _receipt(activity, "invoke"))
    return replace(asked, channel=activity.conversation, channel_kind=_kind(activity))


def is_from_a_person(activity: Activity) -> bool:
    return not activity.is_from_bot and bool(activity.person or activity.account)


def _receipt(activity: Activity, kind: str) -> str:
    """The same for every repeat of the same thing. Without an id, which the documentation does not
    promise, it is made of all that was sent, and when. Where not even that is told, nothing is a
    repeat: the same words may be meant twice."""
    if activity.id:
        return f"{kind}:{activity.conversation}:{activity.id}"
    when = [name_of(activity.raw.get(name)) for name in ("timestamp", "localTimestamp")]
    if not any(when):
        return f"{kind}:{outbox.new_key()}"
    said = (*when, activity.raw.get("value"), activity.raw.get("text"))
    sent = (activity.user_id, activity.conversation, activity.kind, activity.reply_to, *said)
    whole = json.dumps(sent, sort_keys=True, default=repr)
    return f"{kind}:{hashlib.sha256(whole.encode()).hexdigest()}"
