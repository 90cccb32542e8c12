"""The firms of an alliance."""

from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from governance import visibility
from storage.tables import Alliance, Side, SideTeam

_SIDES = (
    select(Side)
    .where(col(Side.alliance_id) == bindparam("alliance_id"))
    .order_by(col(Side.position))
)


@dataclass(frozen=True)
class Firm:
    """A firm to begin with, and the chat workspaces its people live in."""

    name: str
    team_ids: tuple[str, ...] = ()


def add_side(session: Session, alliance: Alliance, firm: Firm, *, is_host: bool) -> Side:
    position = len(of(session, alliance.id))
    side = Side(alliance_id=alliance.id, firm=firm.name, position=position, is_host=is_host)
    session.add(side)
    session.flush()
    visibility.add_side(session, side)
    for team_id in firm.team_ids:
        session.add(SideTeam(alliance_id=alliance.id, side_id=side.id, team_id=team_id))
    session.flush()
    return side


def of(session: Session, alliance_id: int) -> list[Side]:
    return list(session.exec(_SIDES, params={"alliance_id": alliance_id}))
