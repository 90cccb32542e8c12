"""An alliance that began with one firm meets the second."""

from datetime import datetime

from sqlmodel import Session, select

from governance import history
from governance.firms import sides
from governance.firms.sides import Firm
from governance.messages import cards
from storage.tables import Alliance, Conversation, Person, Side, SideTeam, Workspace


def other_in(session: Session, place: Conversation, alliance: Alliance) -> Firm | None:
    """The one firm in a channel besides the host's, while the alliance has no other."""
    if len(sides.of(session, alliance.id)) > 1:
        return None
    chosen = select(SideTeam.team_id).where(SideTeam.alliance_id == alliance.id)
    known = set(session.exec(chosen))
    strange = set(filter(None, place.team_ids.split(","))) - known
    if len(strange) != 1:
        return None
    [team_id] = strange
    home = session.exec(
        select(Workspace).where(
            Workspace.installation_id == alliance.installation_id, Workspace.team_id == team_id
        )
    ).one_or_none()
    return Firm((home.name if home else None) or "Partner", (team_id,))


def bring_in(
    session: Session, alliance: Alliance, firm: Firm, *, by: Person, now: datetime
) -> Side:
    """From now on it sees what is joint, and the alliance's cards name it."""
    side = sides.add_side(session, alliance, firm, is_host=False, now=now)
    cards.redraw_alliance(session, alliance.id, now=now)
    _note(session, side, by=by, now=now)
    return side


def arrive(
    session: Session, alliance: Alliance, side: Side, team_id: str, *, by: Person, now: datetime
) -> None:
    """A firm that was named before anybody of it was here comes in with its workspace."""
    sides.take_workspaces(session, alliance, side, (team_id,))
    _note(session, side, by=by, now=now)


def _note(session: Session, side: Side, *, by: Person, now: datetime) -> None:
    history.note(
        session,
        alliance_id=side.alliance_id,
        record="side",
        record_id=side.id,
        what="came_in",
        by=by.id,
        now=now,
        after={"firm": side.firm},
    )
