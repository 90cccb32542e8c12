"""A file that somebody allows: looked for by its offer, made anew from the outbox row that offered
it, with the gate asked again. Nothing of a file is kept meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from governance.errors import BotError
from governance.messages import offers, outbox
from governance.people import accounts, departures
from governance.seeing import receipts
from governance.seeing.export import File
from handlers import acts, notices
from handlers.doors import Asked
from handlers.seeing import files
from storage.queries import insert_new
from storage.tables import InboundReceipt, Outbox, Person


@dataclass(frozen=True)
class Offer:
    """The token of the message that offered a file, and which of its files it is."""

    token: str
    part: str


class UnderWay(BotError):
    """It is being carried out; the offer stays, in case nothing comes of it."""


def answer(
    session: Session,
    home: int,
    asked: Asked,
    offer: Offer,
    how: offers.Answer,
    *,
    now: datetime,
) -> int | None:
    """Keep what somebody answered; the id of the message that offered it, None for a repeat of
    the same press. Raises BotError where it is not theirs to answer (any more)."""
    receipt = {"key": asked.receipt, "at": now, "reply": ""}
    if not insert_new(session, InboundReceipt, [receipt], unique=["key"]):
        return None
    row = _offered(session, home, asked.user_id, offer, now=now)
    standing = offers.standing(row, offer.part, now=now)
    if standing == "under way":
        raise UnderWay(files.UNDER_WAY)
    if standing == "answered":
        raise BotError(files.ANSWERED)
    offers.note(session, row, offer.part, how, now=now)
    return row.id


def _offered(session: Session, home: int, user_id: str, offer: Offer, *, now: datetime) -> Outbox:
    [account] = acts.find_accounts(session, home, [user_id])
    person = accounts.kept_of(session, account)
    row = offers.find(session, {account.id, person.id}, offer.token)
    if row is None or departures.has_left(session, person, row.alliance_id, now=now):
        raise BotError(files.GONE)
    return row


def made(session: Session, row_id: int, part: str, *, now: datetime) -> File:
    """The file as it is at this moment. Raises BotError where its reader may not have it, or there
    is none any more."""
    row = session.get_one(Outbox, row_id)
    ready = notices.make(session, row, now=now, again=True) if row.facts else None
    found = files.named(part, ready.files) if ready is not None else None
    if ready is None or found is None:
        raise BotError(files.GONE)
    return found


def leaves(session: Session, row_id: int, what: File, *, now: datetime) -> None:
    """Account for a file before it leaves: a try that fails may be named there, and none that
    arrived is missing."""
    row = session.get_one(Outbox, row_id)
    receipts.note(
        session,
        what.records,
        kind=row.kind,
        to=accounts.kept_of(session, session.get_one(Person, row.person_id)),
        where=None,
        installation_id=row.installation_id,
        outbox_id=row.id,
        now=now,
    )


def arrived(session: Session, row_id: int, part: str, *, now: datetime) -> None:
    offers.note(session, _locked(session, row_id), part, "taken", now=now)


def _locked(session: Session, row_id: int) -> Outbox:
    return session.get_one(Outbox, row_id, with_for_update=True)


def failed(session: Session, row_id: int, part: str, error: str, *, now: datetime) -> None:
    """Offer a file again, saying why it did not arrive."""
    row = _locked(session, row_id)
    offers.note(session, row, part, "failed", now=now)
    first = row.facts["offer"] if row.kind == outbox.FILE_AGAIN.name else row.id
    outbox.put(
        session,
        outbox.FILE_AGAIN,
        {"offer": first, "part": part, "error": error},
        key=f"file.again:{first}:{part}",
        installation_id=row.installation_id,
        alliance_id=row.alliance_id,
        person_id=row.person_id,
        now=now,
    )
