"""Changes that bind every firm: one proposes, and a press of each other firm carries them out.

A firm counts while it has an alliance manager who governs it: one who has acted, or whose side was
looked at. Until then nobody there could press, so a change doesn't wait for that firm.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from governance import history
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.firms import agreement_terms, rights, sides
from governance.firms.agreement_terms import Kind, Terms
from governance.messages import outbox
from governance.people import consent, members
from governance.people.members import Seat
from governance.words import length
from storage.tables import Agreement, AgreementPress, Alliance, Delivery, Outbox, Person, Side

RECORD = "agreement"
LASTS = timedelta(days=14)
REASON_LIMIT = 300
GONE = "I can't find that any more. `settings` shows what waits."

Asked = list[tuple[Side, list[Person]]]
"""Firms with those of their alliance managers who can press."""


def propose(session: Session, by: Seat, kind: Kind, terms: Terms, *, now: datetime) -> Agreement:
    """Ask every other firm; where none has anybody who can answer, it happens at once. An older
    proposal of the same firm about the same gives way. Raises BotError."""
    if not rights.has(by, "bind"):
        raise NotAllowed("The alliance managers decide this; `people` shows who they are.")
    _take_turns(session, by.alliance.id)
    agreement_terms.check(session, by.alliance, kind, terms)
    _make_room(session, by, kind, terms, now=now)
    agreement = Agreement(
        alliance_id=by.alliance.id,
        kind=kind,
        terms=terms,
        proposed_by=by.person.id,
        proposed_at=now,
    )
    session.add(agreement)
    session.flush()
    _note(session, agreement, "proposed", by.person, now=now)
    _press(session, agreement, by, agrees=True, now=now)
    _go_on(session, agreement, by, now=now)
    return agreement


def answer(
    session: Session,
    agreement: Agreement,
    by: Seat,
    *,
    agrees: bool,
    reason: str = "",
    now: datetime,
) -> Agreement:
    """A firm's press. The last yes carries it out, a no ends it. Raises BotError; Stale for what
    is not waiting any more."""
    _lock(session, agreement, now=now)
    if by.side.id in _pressed(session, agreement):
        raise NotAllowed(f"{by.side.firm} has said yes already; the other firms answer.")
    said = " ".join(reason.split())
    if not agrees and not 1 <= length(said) <= REASON_LIMIT:
        raise BotError(f"Say why, in up to {REASON_LIMIT} letters.", field="reason")
    _press(session, agreement, by, agrees=agrees, now=now)
    if agrees:
        _go_on(session, agreement, by, now=now)
    else:
        _end(session, agreement, "declined", by.person, reason=said, now=now)
    return agreement


def withdraw(session: Session, agreement: Agreement, by: Seat, *, now: datetime) -> None:
    """The firm that proposed it takes it back. Raises NotAllowed, and Stale as for an answer."""
    _lock(session, agreement, now=now)
    if not rights.has(by, "bind") or side_of(session, agreement).id != by.side.id:
        raise NotAllowed("Only the firm that proposed it takes it back.")
    _end(session, agreement, "withdrawn", by.person, now=now)


def by_token(session: Session, token: str) -> Agreement:
    """The one behind a button. Raises NotFound."""
    found = session.exec(select(Agreement).where(Agreement.token == token)).one_or_none()
    if found is None:
        raise NotFound(GONE)
    return found


def waiting(session: Session, alliance_id: int, *, now: datetime) -> list[Agreement]:
    """What waits for a press, oldest first."""
    chosen = select(Agreement).where(
        Agreement.alliance_id == alliance_id,
        Agreement.state == "waiting",
        col(Agreement.proposed_at) > now - LASTS,
    )
    return list(session.exec(chosen.order_by(col(Agreement.id))))


def side_of(session: Session, agreement: Agreement) -> Side:
    """The firm that proposed it."""
    pressed = session.exec(
        select(AgreementPress.side_id).where(
            AgreementPress.agreement_id == agreement.id,
            AgreementPress.person_id == agreement.proposed_by,
            AgreementPress.at == agreement.proposed_at,
        )
    )
    return session.get_one(Side, pressed.one())


def presses(session: Session, agreement: Agreement) -> list[AgreementPress]:
    """Who has said what of the other firms, in that order."""
    chosen = select(AgreementPress).where(
        AgreementPress.agreement_id == agreement.id,
        AgreementPress.person_id != agreement.proposed_by,
    )
    return list(session.exec(chosen.order_by(col(AgreementPress.at))))


def still_asked(session: Session, agreement: Agreement, *, now: datetime) -> Asked:
    """The firms whose press is missing, with who can give it."""
    done = _pressed(session, agreement)
    firms = governing(session, agreement.alliance_id, now=now)
    return [(side, people) for side, people in firms if side.id not in done]


def governing(session: Session, alliance_id: int, *, now: datetime) -> Asked:
    """The firms of which somebody can press, and these alliance managers."""
    able: dict[int, list[Person]] = {}
    for member, person, side in members.members(session, alliance_id, now=now):
        agreed = consent.has_agreed(member, side)
        if member.role == "manager" and agreed and person.gone_at is None:
            able.setdefault(side.id, []).append(person)
    return [(side, able[side.id]) for side in sides.of(session, alliance_id) if side.id in able]


def not_asked(session: Session, by: Seat, *, now: datetime) -> list[str]:
    """The other firms of which nobody can press yet."""
    able = {side.id for side, _ in governing(session, by.alliance.id, now=now)} | {by.side.id}
    return [side.firm for side in sides.of(session, by.alliance.id) if side.id not in able]


def lapse_old(session: Session, *, now: datetime) -> None:
    """End what nobody has answered for two weeks, and tell who proposed it."""
    old = select(Agreement).where(
        Agreement.state == "waiting", col(Agreement.proposed_at) <= now - LASTS
    )
    for agreement in session.exec(old.with_for_update(skip_locked=True)):
        _end(session, agreement, "lapsed", None, now=now)


def _take_turns(session: Session, alliance_id: int) -> None:
    """Until this transaction ends nobody else proposes or answers anything in the alliance."""
    chosen = select(Alliance).where(Alliance.id == alliance_id).with_for_update()
    session.exec(chosen.execution_options(populate_existing=True)).one()


def _lock(session: Session, agreement: Agreement, *, now: datetime) -> None:
    _take_turns(session, agreement.alliance_id)
    session.refresh(agreement, with_for_update=True)
    if agreement.state != "waiting" or agreement.proposed_at <= now - LASTS:
        raise Stale("That is not waiting for an answer any more.")


def _make_room(session: Session, by: Seat, kind: Kind, terms: Terms, *, now: datetime) -> None:
    """One at a time about the same thing. Raises Stale while another firm's waits."""
    for other in waiting(session, by.alliance.id, now=now):
        if other.kind != kind or other.terms.get("conversation") != terms.get("conversation"):
            continue
        firm = side_of(session, other)
        if firm.id != by.side.id:
            raise Stale(f"{firm.firm} has proposed a change that waits for you: see `settings`.")
        _end(session, other, "withdrawn", by.person, now=now)


def _pressed(session: Session, agreement: Agreement) -> set[int]:
    chosen = select(AgreementPress.side_id).where(AgreementPress.agreement_id == agreement.id)
    return set(session.exec(chosen))


def _press(
    session: Session, agreement: Agreement, by: Seat, *, agrees: bool, now: datetime
) -> None:
    if not rights.has(by, "bind"):
        raise NotAllowed("The alliance managers answer this; `people` shows who they are.")
    session.add(
        AgreementPress(
            agreement_id=agreement.id,
            side_id=by.side.id,
            person_id=by.person.id,
            at=now,
            agrees=agrees,
        )
    )
    session.flush()


def _go_on(session: Session, agreement: Agreement, by: Seat, *, now: datetime) -> None:
    """Carry it out once no press is missing; what has become impossible meanwhile lapses."""
    alliance, missing = by.alliance, still_asked(session, agreement, now=now)
    if missing:
        _ask(session, agreement, alliance, missing, now=now)
        return
    proposer = session.get_one(Person, agreement.proposed_by)
    try:
        agreement_terms.check(session, alliance, agreement.kind, agreement.terms)
    except BotError as why:
        _end(session, agreement, "lapsed", None, reason=why.user_message, now=now)
        return
    agreement_terms.carry_out(
        session, alliance, agreement.kind, agreement.terms, by=proposer, now=now
    )
    _end(session, agreement, "agreed", by.person, now=now)


def _end(
    session: Session,
    agreement: Agreement,
    state: str,
    by: Person | None,
    *,
    reason: str = "",
    now: datetime,
) -> None:
    agreement.state, agreement.ended_at, agreement.reason = state, now, reason
    session.add(agreement)
    session.flush()
    _note(session, agreement, state, by, now=now)
    _redraw(session, agreement, now=now)
    answered = state in ("agreed", "declined") and presses(session, agreement)
    if answered or state == "lapsed":
        _tell_proposer(session, agreement, now=now)


def _ask(
    session: Session, agreement: Agreement, alliance: Alliance, asked: Asked, *, now: datetime
) -> None:
    """Ask each alliance manager of these firms once, and show the others how it stands."""
    _redraw(session, agreement, now=now)
    for person in (person for _, people in asked for person in people):
        key = f"agreement:{agreement.id}:{person.id}"
        before = select(Outbox.id).where(Outbox.person_id == person.id, Outbox.dedup_key == key)
        if session.exec(before).first() is None:
            outbox.put(
                session,
                outbox.AGREEMENT_ASKED,
                {"agreement": agreement.id},
                key=key,
                installation_id=alliance.installation_id,
                alliance_id=alliance.id,
                person_id=person.id,
                now=now,
            )


def _tell_proposer(session: Session, agreement: Agreement, *, now: datetime) -> None:
    alliance = session.get_one(Alliance, agreement.alliance_id)
    outbox.put(
        session,
        outbox.AGREEMENT_OUTCOME,
        {"agreement": agreement.id},
        key=f"agreement_outcome:{agreement.id}",
        installation_id=alliance.installation_id,
        alliance_id=alliance.id,
        person_id=agreement.proposed_by,
        now=now,
    )


def _redraw(session: Session, agreement: Agreement, *, now: datetime) -> None:
    """The question, wherever it stands, shows who answered."""
    showed_it = select(Delivery.outbox_id).where(
        Delivery.record == RECORD, Delivery.record_id == agreement.id
    )
    asked = select(Outbox).where(
        col(Outbox.id).in_(showed_it),
        Outbox.kind == outbox.AGREEMENT_ASKED.name,
        Outbox.state == "sent",
    )
    for row in session.exec(asked):
        outbox.show_anew(session, row, now=now)


def _note(
    session: Session, agreement: Agreement, what: str, by: Person | None, *, now: datetime
) -> None:
    history.note(
        session,
        alliance_id=agreement.alliance_id,
        record=RECORD,
        record_id=agreement.id,
        what=what,
        by=by.id if by else None,
        now=now,
        after={"kind": agreement.kind, "terms": agreement.terms, "reason": agreement.reason},
    )
