"""What a sponsor is told is expected of them, and what they say to it. Nobody but an alliance
manager of their own firm introduces the bot to a sponsor."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from governance import history
from governance.errors import BotError, NotAllowed, Stale
from governance.messages import outbox
from governance.people import members
from governance.people.members import Seat
from governance.sponsors import naming, news
from governance.words import length
from storage.sponsor_tables import SponsorSeat
from storage.tables import Alliance, Outbox, Person, Side

TEXT_LIMIT = 1500
EXPECTED = (
    "Open doors inside {firm}, and clear what the team can't clear alone.\n"
    "Guide: say early where this should go.\n"
    "Be the last step of an escalation, seldom and quickly.\n"
    "Stay in touch with your counterpart, as agreed.\n"
    "Be there when it counts."
)


def expectations(side: Side) -> str:
    """What its sponsors are told is expected, in the firm's own words where it has some."""
    return side.sponsor_welcome or EXPECTED.format(firm=side.firm)


def reword(session: Session, by: Seat, text: str, *, now: datetime) -> None:
    """An alliance manager puts the expectations of their firm's sponsors in their own words; an
    empty text brings the bot's back. Raises BotError naming the field."""
    naming.check_manages(by, by.side.id, by.side.firm)
    if length(text.strip()) > TEXT_LIMIT:
        raise BotError(f"Keep it under {TEXT_LIMIT} letters: it is one page.", field="text")
    history.check_open(by.alliance)
    by.side.sponsor_welcome = text.strip()
    session.add(by.side)
    session.flush()


def send(session: Session, by: Seat, seat: SponsorSeat, *, now: datetime) -> None:
    """The alliance manager has read the welcome and sends it. Raises Stale once it went out."""
    check_waits(session, by, seat)
    seat.state = "welcomed"
    session.add(seat)
    naming.note(session, seat, "welcomed", by.person, now=now)
    _put(session, by.alliance, seat, {"seat": seat.id}, now=now)


def _put(
    session: Session,
    alliance: Alliance,
    seat: SponsorSeat,
    facts: dict[str, Any],
    *,
    now: datetime,
) -> None:
    outbox.put(
        session,
        outbox.SPONSOR_WELCOME,
        facts,
        key=_key(seat),
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=seat.person_id,
        now=now,
    )


def do_it_myself(session: Session, by: Seat, seat: SponsorSeat, *, now: datetime) -> None:
    """The alliance manager introduces it in person; the bot waits for their word."""
    check_waits(session, by, seat)
    seat.state = "by_hand"
    session.add(seat)
    naming.note(session, seat, "by_hand", by.person, now=now)


def check_waits(session: Session, by: Seat, seat: SponsorSeat) -> None:
    """Raises Stale for who has said yes, or has the welcome and has not answered it."""
    naming.check_manages(by, seat.side_id, by.side.firm)
    if seat.state == "accepted":
        raise Stale("They have said yes already.")
    if seat.state == "welcomed" and _is_out(session, seat):
        raise Stale("The welcome has been sent already; they have not answered yet.")


def _is_out(session: Session, seat: SponsorSeat) -> bool:
    """Whether a welcome is on its way or has arrived: one that did not may be sent again."""
    chosen = select(Outbox.id).where(
        Outbox.dedup_key == _key(seat), col(Outbox.state).not_in(("dead", "cancelled"))
    )
    return session.exec(chosen).first() is not None


def _key(seat: SponsorSeat) -> str:
    return f"sponsor_welcome:{seat.id}"


def said_yes_to(session: Session, by: Seat, seat: SponsorSeat, *, now: datetime) -> None:
    """The alliance manager has their yes by word of mouth: from then on the bot writes to them. Who
    follows somebody gets what was left behind."""
    naming.check_manages(by, seat.side_id, by.side.firm)
    if seat.state == "accepted":
        raise Stale("They have said yes already.")
    member = members.seat(
        session, by.alliance, session.get_one(Person, seat.person_id), now=now
    ).member
    member.acted_at = member.acted_at or now
    session.add(member)
    naming.say_yes(session, seat, by=by.person, now=now)
    if seat.follows_id is not None:
        _put(session, by.alliance, seat, {"seat": seat.id, "brief": True}, now=now)


def accept(session: Session, seat: SponsorSeat, by: Person, *, now: datetime) -> None:
    _check_theirs(seat, by)
    if seat.state == "accepted":
        raise Stale("You have said yes to this already. Thank you.")
    naming.say_yes(session, seat, by=by, now=now)
    _tell_managers(session, seat, "accepted", by, now=now, at_once=False)


def ask_to_talk(session: Session, seat: SponsorSeat, by: Person, *, now: datetime) -> None:
    """They would like to speak with their alliance manager first."""
    _check_theirs(seat, by)
    _check_open(seat)
    seat.state = "talk"
    session.add(seat)
    naming.note(session, seat, "talk", by, now=now)
    _tell_managers(session, seat, "talk", by, now=now, at_once=True)


def refuse(
    session: Session,
    seat: SponsorSeat,
    by: Person,
    instead: Person | None,
    why: str,
    *,
    now: datetime,
) -> None:
    """Not them; perhaps they say who."""
    _check_theirs(seat, by)
    _check_open(seat)
    if length(why) > news.WORDS_LIMIT:
        raise BotError(f"Keep it under {news.WORDS_LIMIT} letters.", field="why")
    seat.state = "not_me"
    session.add(seat)
    after = {"instead": instead.id if instead else None, "why": why}
    naming.note(session, seat, "not_me", by, now=now, after=after)
    to = instead.name if instead else ""
    _tell_managers(session, seat, "not_me", by, now=now, at_once=True, to=to, words=why)


def _check_theirs(seat: SponsorSeat, by: Person) -> None:
    if seat.person_id != by.id:
        raise NotAllowed("Only the sponsor answers that.")


def _check_open(seat: SponsorSeat) -> None:
    if seat.state == "accepted":
        raise Stale("You have said yes to this. Your alliance manager can change it: `sponsors`.")


def _tell_managers(
    session: Session,
    seat: SponsorSeat,
    what: str,
    by: Person,
    *,
    now: datetime,
    at_once: bool,
    to: str = "",
    words: str = "",
) -> None:
    news.tell_managers(
        session,
        session.get_one(Alliance, seat.alliance_id),
        seat,
        {"what": what, "by": by.name, "to": to, "words": words},
        now=now,
        at_once=at_once,
    )
