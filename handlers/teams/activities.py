"""Teams' activities as plain facts: where, by whom, what happened. Pure; knows no feature.

Everything but an activity's type may be missing or of another shape than documented: it is then
taken as not said.
"""

from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, urlencode

Json = dict[str, Any]
Place = Literal["channel", "group", "dm"]

BOT = "28:"
"""How the ids of bots begin; people's begin with 29:."""

MESSAGE_LINK = "https://teams.microsoft.com/l/message"

_CHAT = {"context": '{"contextType":"chat"}'}
_ROOT = ";messageid="
_PLACES: dict[str, Place] = {"channel": "channel", "groupchat": "group", "personal": "dm"}


class Misshapen(ValueError):
    """No activity of Teams, or one that says nothing of who did it."""


@dataclass(frozen=True)
class Activity:
    """`kind` is the type, or the name of an invoke. `person` is the object id (small letters),
    `account` what Teams addresses them by, which never tells their tenant: `tenant` is that of the
    conversation. `thread` is the root message, in channels only, `reply_to` the message that was
    pressed or reacted to. `targeted`: seen by nobody but the bot."""

    kind: str
    id: str = ""
    person: str = ""
    account: str = ""
    name: str = ""
    tenant: str = ""
    conversation: str = ""
    place: Place = "channel"
    thread: str | None = None
    reply_to: str = ""
    bot: str = ""
    service_url: str = ""
    zone: str = ""
    country: str = ""
    targeted: bool = False
    is_from_bot: bool = False
    raw: Json = field(default_factory=dict, repr=False)
    began: float = 0.0
    """When it arrived, by `time.monotonic`."""

    @property
    def user_id(self) -> str:
        """The person; their account where no more is known. Raises Misshapen where nothing is."""
        if not (self.person or self.account):
            raise Misshapen("nobody did this")
        return self.person or self.account


@dataclass(frozen=True)
class Account:
    id: str
    person: str = ""

    @property
    def user_id(self) -> str:
        return self.person or self.id


@dataclass(frozen=True)
class Members:
    """Who came into a conversation and who left it, the bot apart."""

    added: tuple[Account, ...] = ()
    removed: tuple[Account, ...] = ()
    bot_added: bool = False
    bot_removed: bool = False


@dataclass(frozen=True)
class Reaction:
    """To a message of the bot's; Teams tells of no other."""

    message: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlaceChange:
    """What happened to a channel or team, in small letters: channelrenamed, channelshared,
    channelunshared, channeldeleted, teamarchived ... `group` is the team's id in Entra."""

    what: str
    channel: str = ""
    name: str = ""
    kind: str = ""
    team: str = ""
    team_name: str = ""
    group: str = ""


def read(raw: object) -> Activity:
    """Raises Misshapen, and nothing else."""
    if not isinstance(raw, dict) or not (kind := name_of(raw.get("type"))):
        raise Misshapen("no activity")
    sender, place = part(raw, "from"), part(raw, "conversation")
    conversation, _, root = name_of(place.get("id")).partition(_ROOT)
    account, client = name_of(sender.get("id")), _client(raw)
    return Activity(
        kind=name_of(raw.get("name")) or kind if kind == "invoke" else kind,
        id=name_of(raw.get("id")),
        person=name_of(sender.get("aadObjectId")).lower(),
        account=account,
        name=name_of(sender.get("name")),
        tenant=_tenant(raw),
        conversation=conversation,
        place=_place(place, conversation),
        thread=_thread(raw, kind, _place(place, conversation), root),
        reply_to=name_of(raw.get("replyToId")),
        bot=name_of(part(raw, "recipient").get("id")),
        service_url=name_of(raw.get("serviceUrl")),
        zone=name_of(raw.get("localTimezone")) or name_of(client.get("timezone")),
        country=name_of(client.get("country")).upper(),
        targeted=part(raw, "recipient").get("isTargeted") is True,
        is_from_bot=sender.get("role") in ("bot", "skill") or account.startswith(BOT),
        raw=raw,
    )


def part(thing: object, *names: str) -> Json:
    """What lies under these names; nothing where there is nothing of that kind."""
    for name in names:
        thing = thing.get(name) if isinstance(thing, dict) else None
    return thing if isinstance(thing, dict) else {}


def parts(thing: Json, name: str) -> list[Json]:
    found = thing.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def name_of(thing: object) -> str:
    """An id or a name: one line of what can be printed."""
    return "".join(c for c in thing if c.isprintable()) if isinstance(thing, str) else ""


def _client(raw: Json) -> Json:
    told = (one for one in parts(raw, "entities") if one.get("type") == "clientInfo")
    return next(told, {})


def _tenant(raw: Json) -> str:
    said = part(raw, "conversation").get("tenantId")
    return (name_of(said) or name_of(part(raw, "channelData", "tenant").get("id"))).lower()


def _place(place: Json, conversation: str) -> Place:
    """Events may not say what kind of conversation it is; its id does."""
    said = _PLACES.get(name_of(place.get("conversationType")).lower())
    if said is not None:
        return said
    if conversation.endswith("@thread.v2"):
        return "group"
    return "channel" if not conversation or "@thread." in conversation else "dm"


def _thread(raw: Json, kind: str, place: Place, root: str) -> str | None:
    """A message's `replyToId` is the root, a press's is the card."""
    if place != "channel":
        return None
    answered = kind == "message" and not part(raw, "value")
    return root or (name_of(raw.get("replyToId")) if answered else "") or None


def members(activity: Activity) -> Members:
    added, bot_added = _accounts(activity, "membersAdded")
    removed, bot_removed = _accounts(activity, "membersRemoved")
    return Members(added, removed, bot_added, bot_removed)


def _accounts(activity: Activity, name: str) -> tuple[tuple[Account, ...], bool]:
    found = [
        Account(name_of(one.get("id")), name_of(one.get("aadObjectId")).lower())
        for one in parts(activity.raw, name)
    ]
    people = [one for one in found if one.user_id and not one.id.startswith(BOT)]
    return tuple(dict.fromkeys(people)), any(one.id == activity.bot != "" for one in found)


def reacted(activity: Activity) -> Reaction:
    added, removed = (
        tuple(kind for one in parts(activity.raw, name) if (kind := name_of(one.get("type"))))
        for name in ("reactionsAdded", "reactionsRemoved")
    )
    return Reaction(activity.reply_to, added, removed)


def installed(activity: Activity) -> Literal["", "installed", "removed"]:
    """An upgrade of the app changes nothing that is kept, but tells where the bot is."""
    if activity.kind != "installationUpdate":
        return ""
    action = name_of(activity.raw.get("action")).lower()
    if action.startswith("add"):
        return "installed"
    return "removed" if action == "remove" else ""


def place_change(activity: Activity) -> PlaceChange:
    """`what` is empty where nothing happened to the place."""
    data = part(activity.raw, "channelData")
    channel, team = part(data, "channel"), part(data, "team")
    chosen = part(data, "settings", "selectedChannel")
    return PlaceChange(
        what=name_of(data.get("eventType")).lower(),
        channel=name_of(channel.get("id")) or name_of(chosen.get("id")),
        name=name_of(channel.get("name")),
        kind=name_of(channel.get("type")).lower(),
        team=name_of(team.get("id")),
        team_name=name_of(team.get("name")),
        group=name_of(team.get("aadGroupId")),
    )


def message_link(activity: Activity, ts: str = "", thread: str = "") -> str:
    """To a message of this conversation, the activity itself by default. Empty for those of a
    personal chat, which nobody else has."""
    ts, thread = ts or activity.id, thread or activity.thread or ""
    if activity.place == "dm" or not (ts and activity.conversation):
        return ""
    facts = _CHAT if activity.place == "group" else _channel_facts(activity, ts, thread or ts)
    where = quote(activity.conversation, safe=":@")
    return f"{MESSAGE_LINK}/{where}/{quote(ts, safe='')}?{urlencode(facts)}"


def _channel_facts(activity: Activity, ts: str, root: str) -> dict[str, str]:
    facts = {
        "tenantId": activity.tenant,
        "groupId": place_change(activity).group,
        "parentMessageId": root,
        "createdTime": ts,
    }
    return {name: value for name, value in facts.items() if value}
