"""Who may see what: the one gate. What is not known counts as belonging to another firm."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from governance import history
from storage.queries import insert_new
from storage.tables import Alliance, Audience, AudienceSide, Conversation, Member, Side, SideTeam

FACTS_LAST = timedelta(seconds=60)
"""How long what is known of a conversation's people may be relied upon."""

INNER_ROLES = ("sponsor", "manager")
JOINT = "joint"


def has_a_place(today: Any) -> ColumnElement[bool]:
    """Whether a member row is in force on a day (UTC), or on a bound parameter of that."""
    begun = col(Member.since) <= today
    return and_(begun, or_(col(Member.until).is_(None), col(Member.until) > today))


# Asked several times in every act; put together once, since that costs more than asking.
_JOINT_AUDIENCE = select(Audience).where(
    col(Audience.alliance_id) == bindparam("alliance_id"), Audience.name == JOINT
)
_CURRENT = (
    col(Member.alliance_id) == bindparam("alliance_id"),
    col(Member.person_id) == bindparam("person_id"),
    has_a_place(bindparam("today")),
)
_CURRENT_MEMBER = select(Member).where(*_CURRENT)
_CURRENT_SEAT = select(Member, Side).join(Side, col(Side.id) == Member.side_id).where(*_CURRENT)


def joint_audience(session: Session, alliance_id: int) -> Audience:
    return session.exec(_JOINT_AUDIENCE, params={"alliance_id": alliance_id}).one()


def side_audience(session: Session, side: Side) -> Audience:
    return session.exec(
        select(Audience).where(
            Audience.alliance_id == side.alliance_id, Audience.name == f"side:{side.id}"
        )
    ).one()


def inner_audience(session: Session, alliance_id: int, side_ids: Iterable[int]) -> Audience:
    """The sponsors and alliance managers of these sides, and nobody else."""
    ids = sorted(set(side_ids))
    name = f"inner:{'+'.join(map(str, ids))}"
    row = {"alliance_id": alliance_id, "name": name, "restricted": True}
    unique = ["alliance_id", "name"]
    is_new = insert_new(session, Audience, [row], unique=unique)
    chosen = select(Audience).where(Audience.alliance_id == alliance_id, Audience.name == name)
    audience = session.exec(chosen).one()
    if is_new:
        for side_id in ids:
            session.add(AudienceSide(audience_id=audience.id, side_id=side_id))
        session.flush()
    return audience


def add_side(session: Session, side: Side) -> None:
    """Let a new side see what is joint, and give it an audience of its own."""
    joint = session.exec(
        select(Audience).where(Audience.alliance_id == side.alliance_id, Audience.name == JOINT)
    ).one_or_none() or Audience(alliance_id=side.alliance_id, name=JOINT)
    own = Audience(alliance_id=side.alliance_id, name=f"side:{side.id}")
    session.add_all([joint, own])
    session.flush()
    for audience in (joint, own):
        session.add(AudienceSide(audience_id=audience.id, side_id=side.id))
    session.flush()


def audiences_of(member: Member) -> SelectOfScalar[int]:
    """The audiences a member belongs to: put it behind `audience_id IN`."""
    inner = member.role in INNER_ROLES
    return _audiences(member.side_id, member.alliance_id, stated=member.stated, inner=inner)


def _audiences(side_id: Any, alliance_id: Any, *, stated: bool, inner: bool) -> SelectOfScalar[int]:
    chosen = (
        select(AudienceSide.audience_id)
        .join(Audience, col(Audience.id) == AudienceSide.audience_id)
        .where(AudienceSide.side_id == side_id, Audience.alliance_id == alliance_id)
    )
    if stated:
        chosen = chosen.where(Audience.name == JOINT)
    if not inner:
        chosen = chosen.where(col(Audience.restricted).is_(False))
    return chosen


@cache
def _one_audience(*, stated: bool, inner: bool) -> SelectOfScalar[int]:
    theirs = _audiences(bindparam("side_id"), bindparam("alliance_id"), stated=stated, inner=inner)
    return theirs.where(col(AudienceSide.audience_id) == bindparam("audience_id"))


def may_see(session: Session, member: Member, audience_id: int) -> bool:
    chosen = _one_audience(stated=member.stated, inner=member.role in INNER_ROLES)
    asked = {
        "side_id": member.side_id,
        "alliance_id": member.alliance_id,
        "audience_id": audience_id,
    }
    return session.exec(chosen, params=asked).first() is not None


def may_name(session: Session, place: Conversation, member: Member) -> bool:
    """Whether the name that a channel has now is for a member. Who may see what it is for may name
    it; one that was unlinked stays what it was last."""
    if place.audience_id is not None:
        return may_see(session, member, place.audience_id)
    own = JOINT if member.stated else f"side:{member.side_id}"
    last = history.of(session, "conversation", place.id)[-1:]
    return any(
        entry.alliance_id == member.alliance_id and entry.after["audience"] in (JOINT, own)
        for entry in last
    )


def sides_of(session: Session, audience_id: int) -> frozenset[int]:
    chosen = select(AudienceSide.side_id).where(AudienceSide.audience_id == audience_id)
    return frozenset(session.exec(chosen))


def may_be_said_in(
    session: Session, conversation: Conversation, audience_id: int, *, now: datetime
) -> bool:
    """Whether everybody who can read this conversation may see records of this audience.

    Needs facts not older than FACTS_LAST (see `facts_are_fresh`); without them the answer is no.
    """
    audience = session.get_one(Audience, audience_id)
    if conversation.alliance_id != audience.alliance_id or audience.restricted:
        return False
    if not facts_are_fresh(conversation, now=now) or conversation.sharing == "unknown":
        return False
    allowed_sides = sides_of(session, audience_id)
    if not _is_meant_for(session, conversation, audience_id, allowed_sides):
        return False
    if audience.name != JOINT:
        if conversation.has_guests or conversation.sharing != "internal":
            return False
        if _has_others(session, conversation, allowed_sides, now=now):
            return False
    vouching = select(SideTeam.team_id).where(col(SideTeam.side_id).in_(allowed_sides))
    if audience.name != JOINT:
        vouching = vouching.where(col(SideTeam.stated).is_(False))
    return set(filter(None, conversation.team_ids.split(","))) <= set(session.exec(vouching))


def _is_meant_for(
    session: Session, conversation: Conversation, audience_id: int, allowed: frozenset[int]
) -> bool:
    """Whether a channel was linked for nobody else, whoever happens to be in it now: a firm's own
    channel may have become a joint one."""
    linked = conversation.audience_id
    return linked in (None, audience_id) or sides_of(session, linked) <= allowed


def _has_others(
    session: Session, conversation: Conversation, allowed: frozenset[int], *, now: datetime
) -> bool:
    """Whether somebody there belongs to another side, or is not confirmed on theirs, whatever
    workspace they come from."""
    there = [int(one) for one in conversation.person_ids.split(",") if one]
    others = select(Member.id).where(
        Member.alliance_id == conversation.alliance_id,
        col(Member.person_id).in_(there),
        or_(col(Member.until).is_(None), col(Member.until) > now.date()),
        or_(~col(Member.side_id).in_(allowed), col(Member.stated).is_(True)),
    )
    return session.exec(others).first() is not None


def facts_are_fresh(conversation: Conversation, *, now: datetime) -> bool:
    return conversation.facts_at is not None and now - conversation.facts_at < FACTS_LAST


def current_member(
    session: Session, alliance_id: int, person_id: int, *, now: datetime
) -> Member | None:
    """Their place in the alliance today (UTC), if they have one."""
    asked = {"alliance_id": alliance_id, "person_id": person_id, "today": now.date()}
    return session.exec(_CURRENT_MEMBER, params=asked).first()


def current_seat(
    session: Session, alliance_id: int, person_id: int, *, now: datetime
) -> tuple[Member, Side] | None:
    """Their place in the alliance today (UTC) and its side, if they have one."""
    asked = {"alliance_id": alliance_id, "person_id": person_id, "today": now.date()}
    found = session.exec(_CURRENT_SEAT, params=asked).first()
    return (found[0], found[1]) if found is not None else None


def alliances_of(session: Session, person_id: int, *, now: datetime) -> list[Alliance]:
    """The alliances a person has a place in today (UTC), by code."""
    today = now.date()
    chosen = (
        select(Alliance)
        .join(Member, col(Member.alliance_id) == Alliance.id)
        .where(
            Member.person_id == person_id,
            has_a_place(today),
        )
    )
    return list(session.exec(chosen.order_by(Alliance.code)))
