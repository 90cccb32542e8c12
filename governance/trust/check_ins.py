"""Trust check-ins: at any moment somebody says how the relationship is, and who may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, or_, select

from governance import history
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.messages import outbox
from governance.people import consent, members
from governance.people.members import Seat
from governance.trust.principles import LOW, PRINCIPLES, SCALE
from governance.words import length
from storage.tables import Alliance, Outbox
from storage.trust_tables import CheckIn

RECORD = "check_in"
WORDS_LIMIT = 300
SHOWN = 20

Readers = Literal["self", "managers", "joint"]
READERS: tuple[Readers, ...] = ("self", "managers", "joint")


@dataclass(frozen=True)
class Said:
    """What somebody says; `principle` by its key."""

    value: int
    principle: str
    words: str
    readers: Readers


def record(session: Session, by: Seat, said: Said, *, now: datetime) -> CheckIn:
    """Keep a check-in for whoever its writer lets read it. Raises BotError naming the field, and
    NotAllowed for who is not confirmed on their side where their managers should read it."""
    history.check_open(by.alliance)
    words = _checked(by, said)
    if said.readers == "managers":
        consent.check_private(session, by, now=now)
    check_in = CheckIn(
        alliance_id=by.alliance.id,
        side_id=by.side.id,
        person_id=by.person.id,
        value=said.value,
        principle=said.principle,
        words=words,
        readers=said.readers,
        at=now,
    )
    session.add(check_in)
    session.flush()
    if said.readers != "self":
        _tell(session, by, check_in, now=now)
    return check_in


def _checked(by: Seat, said: Said) -> str:
    if said.value not in SCALE:
        raise BotError("Choose from 1 to 5.", field="score")
    if said.principle not in PRINCIPLES:
        raise BotError("Choose what it is about.", field="principle")
    if said.readers not in READERS:
        raise BotError("Choose who may read it.", field="readers")
    words = " ".join(said.words.split())
    if length(words) > WORDS_LIMIT:
        raise BotError(f"One line, up to {WORDS_LIMIT} letters.", field="line")
    if said.readers == "managers" and by.member.stated:
        raise NotAllowed(
            f"{by.side.firm} has not confirmed you yet, so its alliance managers can't be told. "
            "Nothing was kept; you can keep it for yourself.",
            field="readers",
        )
    return words


def _tell(session: Session, by: Seat, check_in: CheckIn, *, now: datetime) -> None:
    """Alliance managers hear with their daily message: of their own firm, or of every firm."""
    everyone = members.members(session, by.alliance.id, now=now)
    readers = [
        person.id
        for member, person, side in everyone
        if member.role == "manager"
        and (side.id == by.side.id or check_in.readers == "joint")
        and person.id != by.person.id
    ]
    for person_id in readers:
        _put(session, by.alliance, check_in, "said", person_id, now=now, held=True)


def _put(
    session: Session,
    alliance: Alliance,
    check_in: CheckIn,
    what: str,
    person_id: int,
    *,
    now: datetime,
    held: bool,
) -> None:
    outbox.put(
        session,
        outbox.CHECK_IN_NEWS,
        {"check_in": check_in.id, "what": what},
        key=f"check_in:{check_in.id}:{what}:{person_id}",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=person_id,
        now=now,
        held=held,
    )


def by_token(session: Session, token: str) -> CheckIn:
    found = session.exec(select(CheckIn).where(CheckIn.token == token)).one_or_none()
    if found is None:
        raise NotFound("I can't find that check-in any more.")
    return found


def may_read(check_in: CheckIn, reader: Seat) -> bool:
    """The one gate for a check-in."""
    if check_in.person_id == reader.person.id:
        return True
    if check_in.withdrawn_at is not None or check_in.alliance_id != reader.alliance.id:
        return False
    if check_in.readers == "joint":
        return True
    own = check_in.side_id == reader.side.id and not reader.member.stated
    return check_in.readers == "managers" and own and reader.is_manager


def ask_to_talk(session: Session, check_in: CheckIn, by: Seat, *, now: datetime) -> None:
    """Its writer would like a talk with the alliance managers of their firm, who read it then.
    Raises NotAllowed, and Stale when that was asked already."""
    _check_theirs(check_in, by)
    if check_in.talk_asked_at is not None:
        raise Stale("They know already that you would like to talk.")
    if check_in.withdrawn_at is not None:
        raise Stale("You have taken that back.")
    if check_in.side_id != by.side.id:
        raise Stale(f"You wrote that before you were with {by.side.firm}; write a new one.")
    if by.member.stated:
        raise NotAllowed(f"{by.side.firm} has not confirmed you yet; write to them directly.")
    managers = members.managers(session, by.alliance.id, by.side.id, now=now)
    others = [person for person in managers if person.id != by.person.id]
    if not others:
        raise BotError(f"{by.side.firm} has no other alliance manager yet.")
    check_in.talk_asked_at = now
    if check_in.readers == "self":
        check_in.readers = "managers"
    session.add(check_in)
    session.flush()
    for person in others:
        _put(session, by.alliance, check_in, "talk", person.id, now=now, held=False)


def withdraw(session: Session, check_in: CheckIn, by: Seat, *, now: datetime) -> None:
    """Its writer takes it back: nobody else reads it from now on."""
    _check_theirs(check_in, by)
    if check_in.withdrawn_at is not None:
        raise Stale("That is taken back already.")
    check_in.withdrawn_at = now
    session.add(check_in)
    session.flush()
    outbox.cancel(
        session,
        col(Outbox.dedup_key).startswith(f"check_in:{check_in.id}:"),
        why="withdrawn",
        now=now,
    )


def _check_theirs(check_in: CheckIn, by: Seat) -> None:
    if check_in.person_id != by.person.id:
        raise NotAllowed("Only who said it can do that.")


def of_person(session: Session, by: Seat, *, limit: int = SHOWN) -> list[CheckIn]:
    """One's own over time, the newest first."""
    chosen = select(CheckIn).where(
        CheckIn.alliance_id == by.alliance.id,
        CheckIn.person_id == by.person.id,
        col(CheckIn.withdrawn_at).is_(None),
    )
    return list(session.exec(chosen.order_by(col(CheckIn.id).desc()).limit(limit)))


def of_others(session: Session, by: Seat, *, limit: int = SHOWN) -> list[CheckIn]:
    """What others let this reader read, the newest first."""
    chosen = select(CheckIn).where(
        CheckIn.alliance_id == by.alliance.id,
        CheckIn.person_id != by.person.id,
        col(CheckIn.withdrawn_at).is_(None),
        or_(CheckIn.readers == "joint", *_of_ones_own(by)),
    )
    return list(session.exec(chosen.order_by(col(CheckIn.id).desc()).limit(limit)))


def _of_ones_own(by: Seat) -> list[ColumnElement[bool]]:
    """What the people of a firm let its confirmed alliance managers read (see `may_read`)."""
    if not by.is_manager or by.member.stated:
        return []
    return [and_(col(CheckIn.readers) == "managers", col(CheckIn.side_id) == by.side.id)]


def is_low(check_in: CheckIn) -> bool:
    return check_in.value <= LOW
