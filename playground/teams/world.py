"""What exists in the local Teams: tenants, people, teams, conversations, messages, dialogs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Literal

from playground.clock import Clock
from playground.refusal import Json, Refusal
from playground.teams.files import Stored
from playground.world import Revision

Kind = Literal["personal", "groupChat", "channel"]
ChannelType = Literal["standard", "shared", "private"]
TARGETED_LIFE = timedelta(hours=24)
_A_MOMENT = timedelta(seconds=1)  # ids may run ahead of a clock that stands still


@dataclass
class Tenant:
    id: str
    name: str
    domain: str


@dataclass
class Person:
    """`id` is the account a bot knows ("29:..."); `object_id` that of their tenant's directory."""

    id: str
    object_id: str
    handle: str
    name: str
    title: str
    tenant: str
    zone: str | None = None
    country: str = "GB"
    guest: bool = False


@dataclass
class Team:
    """`id` is also the id of its General channel."""

    id: str
    name: str
    group_id: str
    tenant: str
    members: list[str]
    channels: list[str]


@dataclass
class Message:
    id: str
    room: str
    sender: str  # "29:...", or "28:..." for the bot
    text: str
    root: str | None = None  # the first message of its thread; None when it is that itself
    cards: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)  # cards that offer or show a file
    entities: list[Json] = field(default_factory=list)
    summary: str = ""
    format: str = "plain"
    pings: list[str] = field(default_factory=list)
    targeted_to: str | None = None
    importance: str = "normal"
    alert: bool = False
    at: datetime | None = None
    edited: datetime | None = None
    deleted: bool = False
    delivered: bool = False  # whether the bot was sent it
    reactions: dict[str, list[str]] = field(default_factory=dict)
    own_cards: dict[str, Json] = field(default_factory=dict)  # as one viewer has it
    notes: dict[str, str] = field(default_factory=dict)  # what stands under it for one viewer


@dataclass
class Room:
    """A conversation. `members` are those who were added to it in person."""

    id: str
    kind: Kind
    name: str
    tenant: str
    members: list[str]
    team: str | None = None
    channel_type: ChannelType = "standard"
    shared_with: list[str] = field(default_factory=list)  # teams of other tenants
    blocked: Literal["", "nested", "plain"] = ""
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass
class Dialog:
    """What is open over somebody's window: a form, or a text with an OK."""

    id: str
    person: str
    room: str
    root: str | None
    title: str
    card: Json | None
    text: str = ""
    reply_to: str | None = None
    command: Json | None = None  # what a message action came with
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    clock: Clock
    bot: str
    bot_name: str
    tenants: dict[str, Tenant] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    installed: set[str] = field(default_factory=set)  # ids of people, teams, chats and channels
    declined: set[str] = field(default_factory=set)  # people who removed the app
    dialogs: dict[str, list[Dialog]] = field(default_factory=dict)
    files: dict[str, Stored] = field(default_factory=dict)
    timeline: list[tuple[Message, str | None]] = field(default_factory=list)
    """What was posted or changed, in order, and for whom alone, if it was one person."""
    revision: Revision = field(default_factory=Revision)
    _last_id: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        return self.clock.now()

    def next_number(self) -> int:
        return next(self._numbers)

    def next_message_id(self) -> str:
        """The clock's now in milliseconds, unique and increasing."""
        self._last_id = max(round(self.now().timestamp() * 1000), self._last_id + 1)
        return str(self._last_id)

    def succeed(self, former: "World") -> None:
        """Take over the counters, so that ids and revisions stay unique, and those of messages too,
        unless the clock has gone back meanwhile."""
        self.revision, self._numbers = former.revision, former._numbers
        if former._last_id < (self.now() + _A_MOMENT).timestamp() * 1000:
            self._last_id = max(self._last_id, former._last_id)

    def person(self, reference: object) -> Person:
        """By account, object id, handle or name."""
        if isinstance(reference, str) and reference:
            low = reference.removeprefix("@").lower()
            for one in self.people.values():
                if low in (one.id.lower(), one.object_id, one.handle, one.name.lower()):
                    return one
        raise Refusal("person_not_found")

    def tenant(self, reference: object) -> Tenant:
        for one in self.tenants.values():
            if reference in (one.id, one.name):
                return one
        raise Refusal("tenant_not_found")

    def team(self, reference: object) -> Team:
        for one in self.teams.values():
            if reference in (one.id, one.name, one.group_id):
                return one
        raise Refusal("team_not_found")

    def room(self, reference: object, person: Person | None = None) -> Room:
        """By id (with or without `;messageid=`), by "personal", or by name, "Team/Channel" too."""
        if isinstance(reference, str):
            found = self.rooms.get(reference.partition(";messageid=")[0])
            if found is not None:
                return found
            if reference == "personal" and person is not None:
                return self.personal(person)
            named = [r for r in self.rooms.values() if reference in self._names(r)]
            if len(named) > 1 and person is not None:
                named = [r for r in named if person.id in self.people_in(r)]
            if len(named) == 1:
                return named[0]
        raise Refusal("conversation_not_found")

    def _names(self, room: Room) -> tuple[str, ...]:
        if room.kind == "personal":
            return ()
        team = self.teams[room.team].name if room.team else ""
        return (room.name, f"{team}/{room.name}")

    def personal(self, person: Person) -> Room:
        """The chat between somebody and the bot; it exists once one of them began it."""
        for room in self.rooms.values():
            if room.kind == "personal" and person.id in room.members:
                return room
        raise Refusal("app_not_installed")

    def people_in(self, room: Room) -> list[str]:
        """Everybody in a conversation, once each."""
        if room.team and room.channel_type == "standard":
            return list(self.teams[room.team].members)
        through = [p for team in room.shared_with for p in self.teams[team].members]
        return list(dict.fromkeys([*room.members, *through]))

    def bot_in(self, room: Room) -> bool:
        if room.kind == "personal":
            return self.may_write_to(self.people[room.members[0]])
        if room.team and room.channel_type == "standard":
            return room.team in self.installed
        return room.id in self.installed

    def may_write_to(self, person: Person) -> bool:
        """Whether the bot may begin a chat: installed for them or where they are at home."""
        if person.id in self.installed or person.id in self.declined:
            return person.id in self.installed
        return any(
            self.bot_in(room) and room.tenant == person.tenant and person.id in self.people_in(room)
            for room in self.rooms.values()
            if room.kind != "personal"
        )

    def expired(self, message: Message) -> bool:
        if message.targeted_to is None or message.at is None:
            return False
        return self.now() >= message.at + TARGETED_LIFE

    def visible(self, room: Room, message: Message, person: str | None) -> bool:
        """Whether somebody sees a message; None stands for anybody in the conversation."""
        if message.deleted or self.expired(message):
            return False
        if person is not None and person not in self.people_in(room):
            return False
        return message.targeted_to is None or message.targeted_to == person

    def message(self, person: Person, message_id: object) -> tuple[Room, Message]:
        """A message this person sees, and where it stands."""
        for room in self.rooms.values():
            found = room.messages.get(message_id) if isinstance(message_id, str) else None
            if found is not None and self.visible(room, found, person.id):
                return room, found
        raise Refusal("message_not_found")

    def tell(self, message: Message, only: str | None = None) -> None:
        self.timeline.append((message, only))
        self.revision.bump()
