"""What others hear of the sponsor programme: a line of their daily message, or a message by itself
where it asks for them today."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from governance.messages import outbox
from governance.people import members
from storage.sponsor_tables import SponsorNudge, SponsorSeat
from storage.tables import Alliance, Delivery, Outbox

WORDS_LIMIT = 300
"""Letters of what somebody adds to an answer."""


def tell(
    session: Session,
    alliance: Alliance,
    seat: SponsorSeat,
    facts: dict[str, Any],
    people: list[int],
    *,
    now: datetime,
    at_once: bool = False,
) -> None:
    """Let people know what became of a seat: with their daily message, or by itself."""
    for person_id in dict.fromkeys(people):
        outbox.put(
            session,
            outbox.SPONSOR_NEWS,
            {"sponsors": facts["what"], "seat": seat.id, **facts},
            key=f"{key_of(seat, facts['what'])}{person_id}:{now.isoformat()}",
            installation_id=alliance.installation_id,
            alliance_id=alliance.id,
            person_id=person_id,
            now=now,
            held=not at_once,
        )


def key_of(seat: SponsorSeat, what: str) -> str:
    """How the keys of such messages begin."""
    return f"sponsor_news:{seat.id}:{what}:"


def tell_managers(
    session: Session,
    alliance: Alliance,
    seat: SponsorSeat,
    facts: dict[str, Any],
    *,
    now: datetime,
    at_once: bool = False,
) -> None:
    """The same for the alliance managers of the seat's own firm."""
    managers = members.managers(session, alliance.id, seat.side_id, now=now)
    tell(session, alliance, seat, facts, [p.id for p in managers], now=now, at_once=at_once)


REFRESHED = 5
"""So many of the newest; what is older stays as it was and refuses."""


def refresh(session: Session, record: str, record_id: int, *, now: datetime) -> None:
    """Bring up to date what was put before somebody about a seat, an ask or a talk."""
    showed_it = select(Delivery.outbox_id).where(
        Delivery.record == record, Delivery.record_id == record_id
    )
    chosen = select(Outbox).where(
        col(Outbox.id).in_(showed_it),
        col(Outbox.kind).in_(outbox.TO_SPONSORS),
        Outbox.state == "sent",
    )
    for row in session.exec(chosen.order_by(col(Outbox.id).desc()).limit(REFRESHED)):
        outbox.show_anew(session, row, now=now)


def file_refused(session: Session, row: Outbox, *, now: datetime) -> None:
    """Whoever asked for a calendar file that was refused hears so, with the half-hour in words."""
    nudge = session.get_one(SponsorNudge, row.facts["nudge"])
    seat = session.get_one(SponsorSeat, nudge.seat_id)
    if row.person_id is not None:
        facts = {"what": "file_refused", "at": row.facts["at"]}
        alliance = session.get_one(Alliance, seat.alliance_id)
        tell(session, alliance, seat, facts, [row.person_id], now=now, at_once=True)
