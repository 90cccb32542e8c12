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
    side = sides.add_side(session, alliance, firm, is_host=False)
    cards.redraw_alliance(session, alliance.id, now=now)
    history.note(
        session,
        alliance_id=alliance.id,
        record="side",
        record_id=side.id,
        what="came_in",
        by=by.id,
        now=now,
        after={"firm": firm.name},
    )
    return side
