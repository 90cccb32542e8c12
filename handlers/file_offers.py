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
    [account] = acts.find_accounts(session, home, [asked.user_id])
    person = accounts.kept_of(session, account)
    row = offers.find(session, {account.id, person.id}, offer.token)
    if row is None or departures.has_left(session, person, row.alliance_id, now=now):
        raise BotError(files.GONE)
    if not offers.is_open(row, offer.part, now=now):
        raise BotError(files.ANSWERED)
    offers.note(session, row, offer.part, how, now=now)
    return row.id


@dataclass(frozen=True)
class Made:
    file: File
    records: tuple[tuple[str, int], ...]


def made(session: Session, row_id: int, part: str, *, now: datetime) -> Made:
    """The file as it is at this moment. Raises BotError where its reader may not have it, or there
    is none any more."""
    row = session.get_one(Outbox, row_id)
    ready = notices.make(session, row, now=now, again=True) if row.facts else None
    found = files.named(part, ready.files) if ready is not None else None
    if ready is None or found is None:
        raise BotError(files.GONE)
    return Made(found, ready.records)


def leaves(session: Session, row_id: int, what: Made, *, now: datetime) -> None:
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
    offers.note(session, session.get_one(Outbox, row_id), part, "taken", now=now)


def failed(session: Session, row_id: int, part: str, error: str, *, now: datetime) -> None:
    """Offer a file again, saying why it did not arrive."""
    row = session.get_one(Outbox, row_id)
    offers.note(session, row, part, "taken", now=now)
    first = row.facts["offer"] if row.kind == outbox.FILE_AGAIN.name else row.id
    facts = {"offer": first, "part": part, "error": error}
    if "account" in row.facts:
        facts["account"] = row.facts["account"]
    outbox.put(
        session,
        outbox.FILE_AGAIN,
        facts,
        key=f"file.again:{first}:{part}",
        installation_id=row.installation_id,
        alliance_id=row.alliance_id,
        person_id=row.person_id,
        now=now,
    )
