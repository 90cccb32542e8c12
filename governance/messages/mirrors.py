"""A joint card shown a second time, for firms that can't read the conversation it is in: they have
joint conversations of their own, perhaps on another platform.

A mirror shows the items of the card it mirrors (`Card.mirror_of`) and is brought up to date with
it; the gate stands before it as before any other card.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from storage.tables import Card, Conversation, SideTeam

# Asked whenever a new joint card is placed; put together once, since that costs more than asking.
_TEAMS = select(SideTeam.side_id, SideTeam.team_id).where(
    col(SideTeam.alliance_id) == bindparam("alliance_id")
)
_COPIES = (
    select(Card)
    .where((col(Card.id) == bindparam("card_id")) | (col(Card.mirror_of) == bindparam("card_id")))
    .order_by(col(Card.id))
)


def copies(session: Session, card_id: int) -> list[Card]:
    """A card that is no mirror, and its mirrors."""
    return list(session.exec(_COPIES, params={"card_id": card_id}))


def original(card: Card) -> int:
    """The card whose items it shows: itself, or the one it mirrors."""
    return card.mirror_of or card.id


def add(session: Session, card: Card, place: Conversation) -> list[Card]:
    """A mirror of a new joint card wherever a firm reads that can't read it here."""
    places = _elsewhere(session, card, place) if place.team_ids else []
    mirrors = [
        Card(
            kind=card.kind,
            alliance_id=card.alliance_id,
            conversation_id=other.id,
            audience_id=card.audience_id,
            opened_by=card.opened_by,
            opened_at=card.opened_at,
            mirror_of=card.id,
        )
        for other in places
    ]
    session.add_all(mirrors)
    session.flush()
    return mirrors


def _elsewhere(session: Session, card: Card, place: Conversation) -> list[Conversation]:
    """For each firm of whose workspaces none is here, the first joint conversation that has one.
    Whoever wrote where fewer read than in another conversation of theirs has chosen so: nothing of
    it is shown there."""
    found: dict[int, Conversation] = {}
    missing = _missing(session, card.alliance_id, place)
    if not missing:
        return []
    here = teams_in(place)
    others = [one for one in _joint_places(session, card, place) if not here <= teams_in(one)]
    for teams in missing:
        other = next((one for one in others if teams & teams_in(one)), None)
        if other is not None:
            found[other.id] = other
    return list(found.values())


def _missing(session: Session, alliance_id: int, place: Conversation) -> Iterable[set[str]]:
    """The workspaces of each firm that nobody reads for in this conversation."""
    firms: dict[int, set[str]] = {}
    for side_id, team_id in session.exec(_TEAMS, params={"alliance_id": alliance_id}):
        firms.setdefault(side_id, set()).add(team_id)
    here = teams_in(place)
    return [teams for teams in firms.values() if not teams & here]


def _joint_places(session: Session, card: Card, place: Conversation) -> list[Conversation]:
    chosen = select(Conversation).where(
        Conversation.alliance_id == card.alliance_id,
        Conversation.audience_id == card.audience_id,
        Conversation.kind == "channel",
        Conversation.id != place.id,
    )
    return list(session.exec(chosen.order_by(col(Conversation.id))))


def teams_in(place: Conversation) -> set[str]:
    """The workspaces whose people can read it, as last known."""
    return set(filter(None, place.team_ids.split(",")))
