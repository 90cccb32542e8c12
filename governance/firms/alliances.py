"""Setting an alliance up in a channel, its firms, its code and name."""

import re
from datetime import datetime

from sqlmodel import Session, select

from governance import history, visibility
from governance.errors import BotError
from governance.firms import sides
from governance.firms.sides import Firm
from governance.people import consent, members
from governance.words import length
from storage.tables import Alliance, Conversation, Person, Workspace

CODE = re.compile(r"[A-Z]{2,5}")
OWN_SIDE_CODE = "OUR"


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
        side = sides.add_side(session, alliance, firm, is_host=position == host_at, now=now)
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
    check_name(name)
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


def check_name(name: str) -> None:
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
