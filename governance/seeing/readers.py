"""Who in a channel is not confirmed as one of a firm's own people."""

from datetime import datetime

from sqlmodel import Session, col, select

from governance import visibility
from governance.firms import sides
from storage.tables import Conversation, Person, Side, Workspace


def others(session: Session, place: Conversation, side: Side, *, now: datetime) -> list[str]:
    """Everybody there who is no confirmed person of this firm, with the reason; and firms of whom
    nobody is known yet. As fresh as what is known of the channel."""
    own = sides.confirmed_teams(session, side)
    people = _people(session, place)
    named = [
        f"{person.name} ({why})"
        for person, home in people
        if (why := _why_not(session, person, home, side, own, now=now))
    ]
    met = {home.team_id for _, home in people}
    unmet = set(filter(None, place.team_ids.split(","))) - own - met
    return [*named, *(f"people of {_firm(session, place, team)}" for team in sorted(unmet))]


def _people(session: Session, place: Conversation) -> list[tuple[Person, Workspace]]:
    there = [int(one) for one in place.person_ids.split(",") if one]
    rows = session.exec(
        select(Person, Workspace)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(col(Person.id).in_(there))
        .order_by(Person.name)
    )
    return [(person, home) for person, home in rows]


def _why_not(
    session: Session, person: Person, home: Workspace, side: Side, own: set[str], *, now: datetime
) -> str:
    """Empty for somebody who belongs there."""
    if person.standing == "guest":
        return "guest"
    seat = visibility.current_seat(session, side.alliance_id, person.id, now=now)
    if seat is not None and seat[1].id != side.id:
        return seat[1].firm
    if home.team_id not in own:
        return home.name or "another firm"
    return "not confirmed yet" if seat is not None and seat[0].stated else ""


def _firm(session: Session, place: Conversation, team_id: str) -> str:
    known = session.exec(
        select(Workspace.name).where(
            Workspace.installation_id == place.installation_id, Workspace.team_id == team_id
        )
    ).first()
    return known or "another firm"
