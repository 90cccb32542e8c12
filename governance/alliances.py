"""Setting an alliance up in a channel, its firms, its code and name."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from governance import cadence, consent, history, members, sides, visibility
from governance.errors import BotError, NotAllowed
from governance.members import Seat
from governance.sides import Firm
from governance.words import length
from storage.tables import Alliance, Conversation, Person, Workspace

CODE = re.compile(r"[A-Z]{2,5}")
OWN_SIDE_CODE = "OUR"
PURPOSE_LIMIT = 300
TIERS = ("linear", "co-operative", "collaborative", "interdependent", "integrated")


def set_up(
    session: Session,
    *,
    conversation: Conversation,
    name: str,
    code: str,
    firms: list[Firm],
    by: Person,
    now: datetime,
) -> Alliance:
    """Begin an alliance in a channel. The firm of whoever sets it up hosts it, and that person
    becomes its alliance manager. Raises BotError naming the field that needs another value."""
    name, code = " ".join(name.split()), code.strip().upper()
    _check(session, conversation, name, code, firms)
    alliance = Alliance(
        installation_id=conversation.installation_id,
        name=name,
        code=code,
        zone=by.zone,
        set_up_by=by.id,
        set_up_at=now,
    )
    session.add(alliance)
    session.flush()
    host_team = session.get_one(Workspace, by.workspace_id).team_id
    host_at = next((n for n, firm in enumerate(firms) if host_team in firm.team_ids), 0)
    for position, firm in enumerate(firms):
        side = sides.add_side(session, alliance, firm, is_host=position == host_at)
        if position == host_at:
            side.checked_at, side.checked_by = now, by.id
            own = members.add_member(session, alliance, side, by, role="manager", by=by, now=now)
            consent.note_acted(session, own, now=now)
    conversation.alliance_id = alliance.id
    conversation.audience_id = visibility.joint_audience(session, alliance.id).id
    session.add(conversation)
    history.note(
        session,
        alliance_id=alliance.id,
        record="alliance",
        record_id=alliance.id,
        what="set_up",
        by=by.id,
        now=now,
        after={"name": name, "code": code, "firms": [firm.name for firm in firms]},
    )
    return alliance


def _check(
    session: Session, conversation: Conversation, name: str, code: str, firms: list[Firm]
) -> None:
    if conversation.alliance_id is not None:
        raise BotError("This channel belongs to an alliance already. `help` shows what it can do.")
    _check_name(name)
    if not CODE.fullmatch(code) or code == OWN_SIDE_CODE:
        raise BotError(
            "The code is two to five letters, for example HEL. OUR is taken by each firm's own "
            "items.",
            field="code",
        )
    taken = select(Alliance).where(
        Alliance.installation_id == conversation.installation_id, Alliance.code == code
    )
    if session.exec(taken).first() is not None:
        raise BotError(f"{code} is taken by another alliance here. Choose another.", field="code")
    names = [firm.name.casefold() for firm in firms]
    if not firms or any(not n or length(n) > 60 for n in names) or len(set(names)) < len(names):
        raise BotError("Name one firm a line, each once, up to 60 letters.", field="firms")


def _check_name(name: str) -> None:
    if not 1 <= length(name) <= 80:
        raise BotError("Give the alliance a name of up to 80 letters.", field="name")


def propose_code(name: str) -> str:
    """A code from the first letters of a name: "Helix Devices" gives HEL."""
    letters = re.sub(r"[^A-Z]", "", name.upper())[:3]
    return letters if len(letters) >= 2 and letters != OWN_SIDE_CODE else "ALL"


def alliance_by_id(session: Session, installation_id: int, text: str) -> Alliance:
    """Raises BotError for one that is not of this installation."""
    found = session.get(Alliance, int(text)) if text.isdecimal() else None
    if found is None or found.installation_id != installation_id:
        raise BotError("I can't find that alliance any more.")
    return found


def link(session: Session, place: Conversation, by: Seat, *, own: bool, now: datetime) -> None:
    """Add a channel: joint, or the firm's own. Needs fresh facts of who is in it.

    Raises BotError for an own-side channel while a guest or another workspace is in it, or while
    that is not known.
    """
    if place.alliance_id is not None:
        raise BotError("This channel belongs to an alliance already.")
    audience = (
        visibility.side_audience(session, by.side)
        if own
        else visibility.joint_audience(session, by.alliance.id)
    )
    place.alliance_id, place.audience_id = by.alliance.id, audience.id
    if not visibility.may_be_said_in(session, place, audience.id, now=now):
        raise BotError(
            "Somebody in this channel is not confirmed as one of the people it would be for (a "
            "guest, or another workspace), so I did not link it.",
            field="sees",
        )
    session.add(place)
    history.note(
        session,
        alliance_id=by.alliance.id,
        record="conversation",
        record_id=place.id,
        what="linked",
        by=by.person.id,
        now=now,
        after={"audience": audience.name},
    )


@dataclass(frozen=True)
class Rungs:
    """Working days past the due day on which an owner, their own alliance manager and the joint
    agenda hear of an item. After the last of the owner's it is weekly."""

    owner: tuple[int, ...]
    manager: int
    agenda: int


def change(
    session: Session,
    by: Seat,
    *,
    name: str,
    purpose: str,
    tier: str,
    zone: str,
    rungs: Rungs,
    now: datetime,
) -> None:
    """An alliance manager changes what holds for every firm. Raises NotAllowed, or BotError
    naming the field."""
    if not by.is_manager:
        raise NotAllowed("The alliance managers change these.")
    name, purpose = " ".join(name.split()), " ".join(purpose.split())
    _check_name(name)
    if length(purpose) > PURPOSE_LIMIT:
        raise BotError(f"Keep it under {PURPOSE_LIMIT} letters.", field="purpose")
    if tier not in TIERS:
        raise BotError("Choose a tier.", field="tier")
    if not cadence.known_zone(zone):
        raise BotError("I don't know that time zone. For example: Europe/Berlin", field="zone")
    if list(rungs.owner) != sorted(set(rungs.owner)) or len(rungs.owner) > 6:
        raise BotError("Up to six numbers, each once, the smallest first: 0, 1, 3.", field="owner")
    after = {
        "name": name,
        "purpose": purpose,
        "tier": tier,
        "zone": zone,
        "owner_rungs": ",".join(map(str, rungs.owner)),
        "manager_rung": rungs.manager,
        "agenda_rung": rungs.agenda,
    }
    before = {key: getattr(by.alliance, key) for key in after}
    for key, value in after.items():
        setattr(by.alliance, key, value)
    session.add(by.alliance)
    history.note(
        session,
        alliance_id=by.alliance.id,
        record="alliance",
        record_id=by.alliance.id,
        what="changed",
        by=by.person.id,
        now=now,
        before=before,
        after=after,
    )
