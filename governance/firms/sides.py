"""The firms of an alliance."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from governance import cadence, visibility
from storage.tables import Alliance, Person, Side, SideTeam, Workspace

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
    take_workspaces(session, alliance, side, firm.team_ids)
    return side


def take_workspaces(
    session: Session, alliance: Alliance, side: Side, team_ids: Sequence[str]
) -> None:
    """From now on these workspaces' people are this firm's. Where most of them are is taken for
    the firm's zone."""
    for team_id in team_ids:
        session.add(SideTeam(alliance_id=alliance.id, side_id=side.id, team_id=team_id))
    if side.zone is None:
        side.zone = _usual_zone(session, alliance.installation_id, team_ids)
        side.country = cadence.country_of_zone(side.zone) if side.zone else None
        session.add(side)
    session.flush()


def _usual_zone(session: Session, installation_id: int, team_ids: Sequence[str]) -> str | None:
    people = func.count()
    zones = session.exec(
        select(Person.zone)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(
            Workspace.installation_id == installation_id,
            col(Workspace.team_id).in_(list(team_ids)),
            Person.standing == "full",
            col(Person.zone_assumed).is_(False),
        )
        .group_by(Person.zone)
        .order_by(people.desc(), Person.zone)
    )
    return zones.first()


def every_firm(session: Session, alliance_id: int) -> str:
    """Who reads what is joint, in words."""
    count = len(of(session, alliance_id))
    return {1: "everyone in the alliance", 2: "both firms"}.get(count, "all firms")


def of(session: Session, alliance_id: int) -> list[Side]:
    return list(session.exec(_SIDES, params={"alliance_id": alliance_id}))
