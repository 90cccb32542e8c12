"""A pulse closes by itself: its reactions are read again, then it is counted and published.

What can't be read waits (the platform is down) and closes when it can; nothing that happened after
its end is counted, however late that is. A day of work later the figures are final.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from governance import cadence
from governance.errors import BotError
from governance.messages import mirrors, outbox
from governance.people import accounts, consent, members
from governance.trust import pulses, reactions, results
from storage.tables import Alliance, Conversation, Person
from storage.trust_tables import Pulse

AGAIN_IN = timedelta(seconds=30)
"""Until what could not be read is tried once more."""

GIVEN_UP = timedelta(days=1)
"""After its end a pulse waits so long to be read; then it closes with what is known."""

BATCH = 20


@dataclass(frozen=True)
class Shown:
    """One message of a pulse, and where it is."""

    card_id: int
    platform: str
    channel: str
    ts: str


@dataclass(frozen=True)
class ToRead:
    pulse_id: int
    installation_id: int
    messages: tuple[Shown, ...]


def to_read(session: Session, *, now: datetime) -> list[ToRead]:
    """The pulses about to close, or past that, whose reactions are to be read again."""
    return [
        ToRead(pulse.id, alliance.installation_id, _messages(session, pulse))
        for pulse, alliance in _due(session, now=now)
        if pulse.state == "open" and pulse.read_at is None and alliance.closed_at is None
    ]


def _due(session: Session, *, now: datetime, claimed: bool = False) -> list[tuple[Pulse, Alliance]]:
    """`claimed`: nobody else has them meanwhile."""
    chosen = (
        select(Pulse, Alliance)
        .join(Alliance, col(Alliance.id) == Pulse.alliance_id)
        .where(col(Pulse.next_at) <= now)
        .order_by(col(Pulse.next_at), col(Pulse.id))
        .limit(BATCH)
    )
    if claimed:
        chosen = chosen.with_for_update(of=Pulse, skip_locked=True)
    return [(pulse, alliance) for pulse, alliance in session.exec(chosen)]


def next_due(session: Session) -> datetime | None:
    """The next instant (UTC) at which a pulse is to be looked at."""
    return session.exec(select(func.min(Pulse.next_at))).one()


def _messages(session: Session, pulse: Pulse) -> tuple[Shown, ...]:
    copies = {card.conversation_id: card for card in mirrors.copies(session, pulse.card_id)}
    chosen = select(Conversation).where(col(Conversation.id).in_(list(copies)))
    return tuple(
        Shown(copies[place.id].id, place.platform, place.external_id, ts)
        for place in session.exec(chosen.order_by(col(Conversation.id)))
        if (ts := copies[place.id].ts) is not None
    )


@dataclass(frozen=True)
class Found:
    """What was on a message when it was read again: user ids of the platform and numbers."""

    card_id: int
    there: frozenset[tuple[str, int]]


def note_read(
    session: Session,
    what: ToRead,
    found: Iterable[Found],
    known: Mapping[str, Person],
    *,
    gone: bool,
    read_at: datetime,
    now: datetime,
) -> None:
    """Keep what the messages said at `read_at`. `known`: whom we have met, by user id.
    `gone`: a message was not there any more."""
    pulse = session.get_one(Pulse, what.pulse_id)
    if pulse.state != "open" or pulse.read_at is not None:
        return
    for one in found:
        met = [(known[who], value) for who, value in one.there if who in known]
        _take_places(session, pulse, [account for account, _ in met], now=now)
        reactions.note_read(session, pulse, one.card_id, {(who.id, value) for who, value in met})
    pulse.read_at, pulse.message_gone = read_at, gone
    pulse.next_at = max(pulse.closes_at, now)
    session.add(pulse)


def _take_places(session: Session, pulse: Pulse, there: Iterable[Person], *, now: datetime) -> None:
    """Whoever is of a firm's own workspace takes their place there by answering, as by anything
    else that they do."""
    alliance = session.get_one(Alliance, pulse.alliance_id)
    for account in there:
        with suppress(BotError):
            seat = members.seat(session, alliance, accounts.kept_of(session, account), now=now)
            consent.note_acted(session, seat.member, now=now)


def put_off(session: Session, what: ToRead, *, now: datetime) -> None:
    """The platform is out of reach: try again soon, and for a day at most."""
    pulse = session.get_one(Pulse, what.pulse_id)
    pulse.next_at = now + AGAIN_IN
    if now > pulse.closes_at + GIVEN_UP:
        pulse.read_at, pulse.next_at = now, now
    session.add(pulse)


def close_due(session: Session, *, now: datetime) -> int:
    """Close what has been read and is over, and end what was to be final by now; returns how many
    were looked at."""
    seen = 0
    for pulse, alliance in _due(session, now=now, claimed=True):
        if pulse.state == "closed":
            _finish(session, pulse, now=now)
        elif alliance.closed_at is not None:
            pulses.end(session, pulse, now=now)
        elif pulse.read_at is not None and now >= pulse.closes_at:
            close(session, pulse, alliance, now=now)
        else:
            continue
        seen += 1
    return seen


def close(session: Session, pulse: Pulse, alliance: Alliance, *, now: datetime) -> None:
    """Count it, show the tally in its place, and tell who asked."""
    day = pulses.working_day(alliance, 1, now=now)
    pulse.state, pulse.closed_at = "closed", now
    pulse.next_at = cadence.at_local(day, pulses.CLOSES, alliance.zone)
    session.add(pulse)
    pulses.note(session, pulse, "closed", None, now=now)
    results.settle(session, pulse, now=now)
    outbox.put(
        session,
        outbox.PULSE_NEWS,
        {"pulse": pulse.id},
        key=f"pulse:{pulse.id}:closed",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=pulse.opened_by,
        now=now,
        held=True,
    )


def _finish(session: Session, pulse: Pulse, *, now: datetime) -> None:
    """Counted once more, since what was told in the moment of closing may have been passed over."""
    results.correct(session, pulse, now=now)
    pulse.state, pulse.next_at = "final", None
    session.add(pulse)
    session.flush()
    if any(answer.value is None for answer in results.answers(session, pulse)):
        results.redraw(session, pulse, now=now)
