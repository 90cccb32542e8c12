"""What it costs to ask the gate: its share of deciding about and making one message."""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from bot.sending import Send, plan
from governance import visibility
from governance.firms import alliances, channels
from governance.firms.sides import Firm
from governance.items import action_items
from governance.items.action_items import Capture
from governance.messages import outbox
from governance.people import members
from governance.people.directory import (
    ConversationFacts,
    PersonFacts,
    remember_conversation,
    remember_installation,
    remember_person,
)
from handlers.items.action_item_views import may_read
from storage.engine import Database
from storage.migrate import migrate
from storage.tables import SLACK, ActionItem, Card, Conversation, Outbox, Person, Side
from tests.bench.rows import NOW

TIMES = 200


@dataclass(frozen=True)
class Gate:
    """Microseconds a message: asking the gate alone, and planning the message with it."""

    what: str
    asked: float
    planned: float


def measure(*, times: int = TIMES, sizes: tuple[int, ...] = (10, 200)) -> list[Gate]:
    return [gate for size in sizes for gate in _with_people(size, times)]


def _with_people(size: int, times: int) -> list[Gate]:
    with tempfile.TemporaryDirectory(prefix="alliance-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder)}/gate.db")
        migrate(database)
        database.run_now(lambda session: _plant(session, size))
        try:
            return [_card(database, size, times), _direct(database, size, times)]
        finally:
            database.close()


def _plant(session: Session, size: int) -> None:
    """A firm's own channel with a card in it, and a proposal to somebody of the partner's."""
    home = remember_installation(
        session, platform=SLACK, team_id="T1", name="N", bot_user_id="U0", now=NOW
    )
    ours, theirs = ([_person(session, home.id, team, n) for n in range(size)] for team in (1, 2))
    there = tuple(person.id for person in ours)
    shared, own = (
        remember_conversation(
            session,
            home.id,
            ConversationFacts(name, "channel", SLACK, name, sharing, teams, False, True, there),
            now=NOW,
        )
        for name, sharing, teams in (("C1", "shared", ("T1", "T2")), ("C2", "internal", ("T1",)))
    )
    firms = [Firm("N", ("T1",)), Firm("H", ("T2",))]
    alliance = alliances.set_up(
        session, conversation=shared, name="A", code="AA", firms=firms, by=ours[0], now=NOW
    )
    for side in session.exec(select(Side)):
        side.checked_at = side.private_since = NOW
    seats = [members.seat(session, alliance, person, now=NOW) for person in (*ours, *theirs)]
    channels.link_own(session, own, seats[0], now=NOW)
    private = Capture(text="agree our position", owner=ours[1], private=True, place=own)
    action_items.capture(session, private, seats[0], now=NOW)
    action_items.capture(session, Capture(text="redlines", owner=theirs[0]), seats[0], now=NOW)


def _person(session: Session, installation_id: int, team: int, number: int) -> Person:
    facts = PersonFacts(
        f"U{team}{number}", f"T{team}", f"Person {number}", platform=SLACK, zone="Europe/Berlin"
    )
    return remember_person(session, installation_id, facts, now=NOW)


def _card(database: Database, size: int, times: int) -> Gate:
    def ask(session: Session) -> float:
        [card] = session.exec(select(Card).where(Card.kind == "action_items"))
        place = session.get_one(Conversation, card.conversation_id)
        return _timed(
            lambda: visibility.may_be_said_in(session, place, card.audience_id, now=NOW), times
        )

    asked = database.read_now(ask)
    return Gate(f"card in an own channel of {size}", asked, _planned(database, outbox.CARD, times))


def _direct(database: Database, size: int, times: int) -> Gate:
    def ask(session: Session) -> float:
        [item] = session.exec(select(ActionItem).where(ActionItem.series_side_id == 0))
        person = session.get_one(Person, item.owner_id)
        return _timed(lambda: may_read(session, item, person, now=NOW), times)

    asked = database.read_now(ask)
    what = f"question to one of {2 * size} members"
    return Gate(what, asked, _planned(database, outbox.DECIDE, times))


def _planned(database: Database, kind: outbox.Kind, times: int) -> float:
    def work(session: Session) -> float:
        row = session.exec(select(Outbox).where(Outbox.kind == kind.name)).first()
        assert row is not None
        assert isinstance(plan(session, row, now=NOW), Send)
        return _timed(lambda: plan(session, row, now=NOW), times)

    return database.read_now(work)


def _timed(work: Callable[[], object], times: int) -> float:
    """Median microseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        assert work()
        took.append(time.perf_counter() - began)
    return 1e6 * statistics.median(took)
