"""The firms of an alliance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from governance import cadence, history, visibility
from governance.errors import BotError
from governance.words import length
from storage.tables import Alliance, Person, Side, SideTeam, Workspace

RECORD = "side"
NAME_LIMIT = 60

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


def add_side(
    session: Session, alliance: Alliance, firm: Firm, *, is_host: bool, now: datetime
) -> Side:
    side = Side(
        alliance_id=alliance.id,
        firm=firm.name,
        position=len(of(session, alliance.id)),
        is_host=is_host,
        seat_empty_since=now.date(),
    )
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


def confirmed_teams(session: Session, side: Side) -> set[str]:
    """The workspaces that are certainly this firm's."""
    confirmed = (SideTeam.side_id == side.id, col(SideTeam.stated).is_(False))
    return set(session.exec(select(SideTeam.team_id).where(*confirmed)))


def without_workspace(session: Session, alliance_id: int) -> list[Side]:
    """The firms that are named but of whom no workspace is known yet."""
    known = select(SideTeam.side_id).where(SideTeam.alliance_id == alliance_id)
    chosen = select(Side).where(Side.alliance_id == alliance_id, col(Side.id).not_in(known))
    return list(session.exec(chosen.order_by(col(Side.position))))


def not_confirmed_yet(whose: str, side: Side) -> str:
    """What is said where a workspace came in as a firm's that may not be its own."""
    return (
        f"A colleague of {whose} joined for {side.firm}, which is not confirmed yet. An "
        f"alliance manager of {side.firm} can remove it; then this is possible. Nothing has "
        "changed."
    )


def check_name(
    session: Session, alliance_id: int, name: str, *, besides: Side | None = None, field: str
) -> None:
    """Raises BotError naming the field for a name that a firm can't have."""
    if not 1 <= length(name) <= NAME_LIMIT:
        raise BotError(f"Write the firm's name, up to {NAME_LIMIT} letters.", field=field)
    others = {side.firm.casefold() for side in of(session, alliance_id) if side is not besides}
    if name.casefold() in others:
        raise BotError("Another firm of the alliance is called that.", field=field)


def every_firm(session: Session, alliance_id: int) -> str:
    """Who reads what is joint, in words."""
    count = len(of(session, alliance_id))
    return {1: "everyone in the alliance", 2: "both firms"}.get(count, "all firms")


def of(session: Session, alliance_id: int) -> list[Side]:
    return list(session.exec(_SIDES, params={"alliance_id": alliance_id}))


def note(
    session: Session, side: Side, what: str, by: Person, after: dict[str, Any], *, now: datetime
) -> None:
    """Keep in the account what somebody did about a firm."""
    history.note(
        session,
        alliance_id=side.alliance_id,
        record=RECORD,
        record_id=side.id,
        what=what,
        by=by.id,
        now=now,
        after=after,
    )
