"""The registry of acts: everything a person can do, whichever door it comes through.

A platform's listener makes an `Ask` out of what it received and calls `run`, inside one
transaction. An act returns a `Reply`; what others should hear it has put into the outbox.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from governance import cadence, visibility
from governance.errors import BotError, NotFound, PlaceEnded, SideUnknown
from governance.people import accounts, consent, members
from governance.people.members import Seat
from handlers.views import Choice, Reply
from storage.tables import (
    SLACK,
    ActionItem,
    Alliance,
    Conversation,
    Installation,
    Person,
    Workspace,
)

Door = Literal[
    "command", "mention", "dm", "button", "form", "shortcut", "reaction", "home", "event"
]
"""Through `event` comes what somebody did without asking anything: they opened the bot's pages,
invited it, closed a form. It is answered by direct message, if at all."""

MONTH_FIRST = ("US", "PH", "FM", "MH", "PW")
"""Countries that write the month before the day (Unicode CLDR, short date patterns)."""


class PeopleNeeded(Exception):
    """The act needs people nobody here has met; the platform looks them up and runs it again."""

    def __init__(self, user_ids: list[str]) -> None:
        super().__init__(", ".join(user_ids))
        self.user_ids = user_ids


class AllianceUnclear(BotError):
    """The person is in several alliances and this place belongs to none of them."""

    def __init__(self, alliances: list[Alliance]) -> None:
        super().__init__("Which alliance do you mean?")
        self.alliances = alliances


@dataclass(frozen=True)
class Ask:
    """One thing somebody asks for. `account` is the one they do it with; of several that are
    joined it may be another than the one that is kept. `people` are those mentioned, in order;
    `args` are plain text (a form's fields, a command's words, a button's token under "value").
    `in_page`: the button was pressed on a form's page, so that the answer is that page again.
    `can_open`: a form can open as the answer. `act` is empty while somebody types into a field,
    which does nothing."""

    session: Session
    now: datetime
    act: str
    args: Mapping[str, str]
    caller: Person
    account: Person
    installation: Installation
    door: Door
    conversation: Conversation | None = None
    thread: str | None = None
    message_ts: str | None = None
    people: tuple[str, ...] = ()
    in_page: bool = False
    can_open: bool = True
    chosen_alliance: int | None = None

    def arg(self, name: str) -> str:
        return self.args.get(name) or ""

    def person(self, user_id: str) -> Person:
        """Somebody by their id on the platform. Raises PeopleNeeded for a stranger."""
        return find_people(self.session, self.installation.id, [user_id])[0]

    @property
    def at_home(self) -> bool:
        """Whether they are of the workspace, or tenant, that hosts the alliances."""
        home = self.session.get_one(Workspace, self.caller.workspace_id)
        return home.team_id == self.installation.team_id

    @property
    def on_slack(self) -> bool:
        """Whether the account they do this with is one of Slack's."""
        home = self.session.get_one(Workspace, self.account.workspace_id)
        return home.platform == SLACK

    @property
    def has_commands(self) -> bool:
        """Whether `/alliance` reaches them: on Slack, in a workspace that installed the bot."""
        home = self.session.get_one(Workspace, self.account.workspace_id)
        return home.platform == SLACK and home.has_bot

    def typed(self, words: str) -> str:
        """How they write something to the bot in a channel, to be shown as what is typed."""
        return f"`{'/alliance' if self.has_commands else '@Alliance'} {words}`"

    def bring_me(self, where: str) -> str:
        """How they bring the bot into a channel: a sentence without its end."""
        how = "Write `/invite @Alliance`" if self.on_slack else "Add the app Alliance"
        return f"{how} {where}"

    def take_me_out(self) -> str:
        """How somebody takes the bot out of a channel: a whole sentence."""
        if self.on_slack:
            return "`/remove @Alliance` takes me out of a channel."
        return "Removing the app Alliance takes me out of a team or chat."

    def alliance(self) -> Alliance:
        """The alliance of this place, else the one the person is in.

        Raises AllianceUnclear for several, BotError for none.
        """
        if self.conversation is not None and self.conversation.alliance_id is not None:
            return self.session.get_one(Alliance, self.conversation.alliance_id)
        mine = self._possible_alliances()
        chosen = [alliance for alliance in mine if alliance.id == self._chosen()]
        if len(chosen or mine) == 1:
            return (chosen or mine)[0]
        if not mine:
            raise BotError(
                "I don't know of an alliance you are part of. If one is set up, press a button on "
                f"the card in its channel once; otherwise write {self.typed('setup')} there."
            )
        raise AllianceUnclear(mine)

    def _possible_alliances(self) -> list[Alliance]:
        """Those they have a place in; for a partner's people, whom only a shared channel brings
        here, else those of their firm. Colleagues of the host learn of no alliance that way."""
        mine = visibility.alliances_of(self.session, self.caller.id, now=self.now)
        home = self.session.get_one(Workspace, self.caller.workspace_id)
        if mine or home.team_id == self.installation.team_id:
            return mine
        return members.alliances_of_firm(self.session, self.caller)

    def _chosen(self) -> int | None:
        """The alliance chosen when asked, or the one that a form was begun in."""
        begun = self.arg("alliance")
        return self.chosen_alliance or (int(begun) if begun.isdecimal() else None)

    @property
    def today(self) -> date:
        """The day it is for whoever asks."""
        return members.calendar_of(self.caller).today(self.now)

    @property
    def day_first(self) -> bool:
        """Whether they write 4/3 for the fourth of March."""
        country = self.caller.country or cadence.country_of_zone(self.caller.zone)
        return country not in MONTH_FIRST

    def seat(self) -> Seat:
        return self.seat_in(self.alliance())

    def seat_in(self, alliance: Alliance) -> Seat:
        if alliance.installation_id != self.installation.id:
            raise NotFound("I can't find that any more.")
        try:
            seat = members.seat(self.session, alliance, self.caller, now=self.now)
        except PlaceEnded as over:
            raise PlaceEnded(
                f"Your time in {alliance.name} has ended. An alliance manager of your firm can "
                "add you again."
            ) from over
        if self.act:
            consent.note_acted(self.session, seat.member, now=self.now)
        return seat

    def seat_named(self, reference: str) -> Seat:
        """A reference names its alliance, wherever it is written: HEL-12. OUR-3 names none."""
        code = reference.upper().partition("-")[0]
        named = [one for one in self._possible_alliances() if one.code == code]
        return self.seat_in(named[0]) if named else self.seat()

    def seat_for(self, item: ActionItem) -> Seat:
        """Whoever has no place yet is asked for their firm, but only about what everybody in this
        channel sees; to anybody else the item, and its alliance, are not there."""
        alliance = self.session.get_one(Alliance, item.alliance_id)
        try:
            return self.seat_in(alliance)
        except SideUnknown:
            here = self.conversation is not None and self.conversation.alliance_id == alliance.id
            if here and item.audience_id == visibility.joint_audience(self.session, alliance.id).id:
                raise
            raise NotFound("I can't find that action item any more.") from None


Run = Callable[[Ask], Reply]
Choices = Callable[[Ask, str], list[Choice]]

ACTS: dict[str, Run] = {}
CHOICES: dict[str, Choices] = {}
NEEDS_PLACE: set[str] = set()
"""Acts before which the platform looks up who is in the conversation."""

OLDER = "That button is from an older version. Type `help` for what is possible."

OPENS_FORM: set[str] = set()
"""Acts whose button opens a form: some platforms want to know before it is pressed."""


def act(name: str, *, needs_place: bool = False, opens_form: bool = False) -> Callable[[Run], Run]:
    """Register a function as what happens on `name`."""
    if needs_place:
        NEEDS_PLACE.add(name)
    if opens_form:
        OPENS_FORM.add(name)

    def register(run_it: Run) -> Run:
        assert name not in ACTS, name
        ACTS[name] = run_it
        return run_it

    return register


def choices(name: str) -> Callable[[Choices], Choices]:
    """Register a function that lists the people or things a field offers for typed words."""

    def register(list_them: Choices) -> Choices:
        assert name not in CHOICES, name
        CHOICES[name] = list_them
        return list_them

    return register


def run(ask: Ask) -> Reply:
    """Carry out an act; nothing of it stays if it raises. Raises BotError and PeopleNeeded."""
    function = ACTS.get(ask.act)
    if function is None:
        raise BotError(OLDER)
    with ask.session.begin_nested():
        return function(ask)


_PEOPLE = (
    select(Person)
    .join(Workspace, col(Workspace.id) == Person.workspace_id)
    .where(
        col(Workspace.installation_id) == bindparam("installation_id"),
        col(Person.user_id).in_(bindparam("user_ids", expanding=True)),
    )
)


def known_accounts(
    session: Session, installation_id: int, user_ids: Sequence[str]
) -> dict[str, Person]:
    """Those of these accounts that have been met, by platform id."""
    if not user_ids:
        return {}
    asked = {"installation_id": installation_id, "user_ids": list(user_ids)}
    return {person.user_id: person for person in session.exec(_PEOPLE, params=asked)}


def known_people(
    session: Session, installation_id: int, user_ids: Sequence[str]
) -> dict[str, Person]:
    """The people behind these accounts, as far as they have been met: an account that was joined
    to another leads to that one."""
    met = known_accounts(session, installation_id, user_ids)
    return {one: accounts.kept_of(session, account) for one, account in met.items()}


def find_accounts(session: Session, installation_id: int, user_ids: list[str]) -> list[Person]:
    """Known accounts by platform id, in the order asked. Raises PeopleNeeded naming the others."""
    found = known_accounts(session, installation_id, user_ids)
    missing = [user_id for user_id in user_ids if user_id not in found]
    if missing:
        raise PeopleNeeded(missing)
    return [found[user_id] for user_id in user_ids]


def find_people(session: Session, installation_id: int, user_ids: list[str]) -> list[Person]:
    """The people behind known accounts, in the order asked. Raises PeopleNeeded."""
    found = find_accounts(session, installation_id, user_ids)
    return [accounts.kept_of(session, account) for account in found]
