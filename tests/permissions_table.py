"""Writes docs/permissions.md: who may do what, as the code decides it (`make permissions`)."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from bot.local import LocalSlack
from governance import visibility
from governance.errors import NotAllowed
from governance.firms import rights
from governance.items import action_item_rules
from governance.people import roster
from governance.people.members import Seat
from governance.sponsors import contacts, naming
from storage.tables import ActionItem, Alliance, Person, Side
from tests.anywhere import MONDAY, AnyWorld
from tests.permissions_world import (
    ADMINISTERING,
    KINDS,
    Kind,
    Who,
    adaezes_seat,
    make,
    people_world,
)
from tests.world import World

FILE = Path(__file__).parent.parent / "docs" / "permissions.md"

SEE = {"show": "See it, with its history", "seen": "See who was shown it"}
CHANGE = {
    "accept": "Accept",
    "decline": "Decline",
    "agree": "Agree to a suggested date",
    "keep": "Keep the date instead",
    "done": "Mark it done",
    "move": "Give it another date",
    "snooze": "Snooze",
    "wait": "Say whom it waits for",
    "help": "Ask for help",
    "helper": "Add a helper",
    "edit": "Reword",
    "reassign": "Give it to somebody else",
    "reopen": "Reopen",
    "cancel": "Cancel",
    "share": "Share it with every firm",
    "take_back": "Take it back for one's own firm",
}
"""What somebody does to an item, by the name under which `action_item_rules.possible` knows it."""

YES, SUGGESTS, NO = "yes", "suggests", ""
Cells = dict[tuple[str, str], str]
"""What may be done by act and person: "yes", "suggests" where another answers, or nothing."""


def decided_for(world: AnyWorld, item_id: int, kind: Kind) -> Cells:
    def decide(session: Session) -> Cells:
        item = session.get_one(ActionItem, item_id)
        seats = {who: _seat(session, world, user) for who, user in kind.who.items()}
        return {
            (act, who): _decided(session, item, act, seat, now=world.now)
            for who, seat in seats.items()
            for act in (*SEE, *CHANGE)
        }

    return world.stored(decide)


def _decided(
    session: Session, item: ActionItem, act: str, seat: Seat | None, *, now: datetime
) -> str:
    if seat is None or not visibility.may_see(session, seat.member, item.audience_id):
        return NO
    if act in SEE:
        return YES
    if act not in action_item_rules.possible(session, item, seat, now=now):
        return NO
    at_once = action_item_rules.moves_at_once(session, item, seat, now=now)
    return SUGGESTS if act == "move" and not at_once else YES


def _seat(session: Session, world: AnyWorld, user: str) -> Seat | None:
    alliance = session.exec(select(Alliance)).one()
    person = session.exec(select(Person).where(Person.user_id == world.id_of(user))).one()
    taken = visibility.current_seat(session, alliance.id, person.id, now=world.now)
    return Seat(person, *taken, alliance) if taken else None


Decide = Callable[[Session, Seat, datetime], bool]


@dataclass(frozen=True)
class Duty:
    """Something done for an alliance or a firm, and who may, as the code decides it."""

    name: str
    decide: Decide


def _anybody(session: Session, by: Seat, now: datetime) -> bool:
    return True


def _manages(session: Session, by: Seat, now: datetime) -> bool:
    return by.is_manager


def _own_firms(session: Session, by: Seat, now: datetime) -> bool:
    return visibility.may_see(session, by.member, visibility.side_audience(session, by.side).id)


def _right(right: rights.Right) -> Decide:
    return lambda session, by, now: rights.has(by, right)


def _people_of(own: bool) -> Decide:
    def decide(session: Session, by: Seat, now: datetime) -> bool:
        firms = session.exec(select(Side).where(Side.alliance_id == by.alliance.id))
        side = next(one for one in firms if (one.id == by.side.id) == own)
        return roster.may_change(session, by, side.id, now=now)

    return decide


def _allows(check: Callable[[], None]) -> bool:
    try:
        check()
    except NotAllowed:
        return False
    return True


def _names_sponsors(session: Session, by: Seat, now: datetime) -> bool:
    return _allows(lambda: naming.check_may_name(session, by, by.side, now=now))


def _manages_the_host(session: Session, by: Seat, now: datetime) -> bool:
    side_id = adaezes_seat(session).side_id
    return _allows(lambda: naming.check_manages(by, side_id, ""))


def _acts_for_the_sponsor(session: Session, by: Seat, now: datetime) -> bool:
    return contacts.acts_for(by, adaezes_seat(session))


DUTIES = {
    "list.open": Duty("See the lists", _anybody),
    "people.list": Duty("See who is who", _anybody),
    "action_item.capture": Duty("Record an item for all firms", _anybody),
    "action_item.capture_private": Duty("Record an item for one's own firm", _own_firms),
    "people.edit": Duty("Add and change people of one's own firm", _people_of(own=True)),
    "people.edit of another firm": Duty(
        "Add and change people of a partner that governs itself", _people_of(own=False)
    ),
    "pulse.open": Duty("Ask an open pulse", _anybody),
    "pulse.cancel": Duty("Take back a pulse that somebody else asked", _manages),
    "firm.settings": Duty("Change the firm's settings and its private records", _right("firm")),
    "alliance.settings": Duty("Propose settings for all firms", _right("bind")),
    "alliance.close": Duty("Propose to close the alliance", _right("bind")),
    "alliance.link": Duty("Link a channel", _right("link")),
    "alliance.export": Duty("Take the records along", _right("export")),
    "alliance.audit": Duty("Read the audit", _right("audit")),
    "sponsor.list": Duty("See who sponsors it at each firm", _anybody),
    "sponsor.new": Duty("Name a sponsor of one's own firm", _names_sponsors),
    "sponsor.preview": Duty("Introduce a sponsor of the host", _manages_the_host),
    "sponsor_ask.new": Duty("Ask a sponsor of the host for help", _manages_the_host),
    "sponsor.spoke_of": Duty("Say that a sponsor of the host spoke", _acts_for_the_sponsor),
    "sponsor.hour": Duty("Choose when a sponsor of the host is written to", _acts_for_the_sponsor),
}
"""What is done for an alliance or a firm, by its act."""


def duties(world: AnyWorld) -> Cells:
    def decide(session: Session) -> Cells:
        cells = {}
        for who, user in ADMINISTERING.items():
            seat = _seat(session, world, user)
            for act, duty in DUTIES.items():
                allowed = seat is not None and duty.decide(session, seat, world.now)
                cells[act, who] = YES if allowed else NO
        return cells

    return world.stored(decide)


INTRODUCTION = """# Who may do what

Made from the code by `make permissions`; a test presses every cell through the doors people use.
What somebody may not see is, for them, not there: every act answers as for a number never given.

- *Colleague*: anybody else with a place on that side, sponsors included.
- *Not confirmed*: says which firm they are with; no alliance manager of it has confirmed it.
- *No place*: a guest of whom nobody knows a firm; they are asked which one they are with first.
  Somebody of a firm's own workspace takes their place with the first thing they do.
- A stand-in does what the owner may while the owner is away. When a proposer has left, an alliance
  manager of their firm acts for them; when an owner has left, one of theirs takes over.
- *suggests*: the other of owner and proposer answers. Within one firm the proposer puts a date
  right by themselves for ten minutes; later they suggest as well.
"""


def render(decided: dict[str, Cells], administering: Cells) -> str:
    parts = [INTRODUCTION]
    for kind in KINDS:
        acts = SEE | CHANGE
        parts.append(f"## {kind.name}\n\n{_table(kind.who, acts, decided[kind.name])}\n")
    named = {act: duty.name for act, duty in DUTIES.items()}
    parts.append(f"## Alliance and firms\n\n{_table(ADMINISTERING, named, administering)}\n")
    return "\n".join(parts)


def _table(who: Who, acts: dict[str, str], cells: Cells) -> str:
    """Rows that nobody has are left out."""
    lines = ["| | " + " | ".join(who) + " |", "|---" * (len(who) + 1) + "|"]
    for act, said in acts.items():
        row = [cells[act, one] for one in who]
        if any(row):
            lines.append(f"| {said} | " + " | ".join(row) + " |")
    return "\n".join(lines).replace("|  |", "| |").replace("|  |", "| |")


async def written(world: AnyWorld) -> str:
    """The whole page, from one record of each kind."""
    made = {kind.name: await make(world, kind) for kind in KINDS}
    decided = {kind.name: decided_for(world, made[kind.name].item_id, kind) for kind in KINDS}
    return render(decided, duties(world))


async def write() -> None:
    local = LocalSlack(seed="empty", now=MONDAY)
    try:
        await local.start()
        world = World(local)
        await people_world(world)
        FILE.write_text(await written(world))
    finally:
        await local.stop()


if __name__ == "__main__":
    asyncio.run(write())
    sys.stdout.write(f"wrote {FILE.name}\n")
