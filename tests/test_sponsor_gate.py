"""What belongs to sponsors and alliance managers alone is said in no channel, and read by nobody
but the confirmed ones of the firms it belongs to."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from governance import visibility
from storage.tables import Audience, Conversation, Member, Side
from tests.sponsors_world import two_sponsors
from tests.world import OWN, PRIYA, SHARED, World

ROLES = ("sponsor", "lead", "manager", "project", "committee", "team", "other")
OFTEN = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def world(slack_world: World) -> World:
    await two_sponsors(slack_world)
    await slack_world.command(PRIYA, "open", OWN)
    return slack_world


@pytest.fixture
def session(world: World) -> Iterator[Session]:
    """Nothing that a test alters is kept."""
    with Session(world.bot.database.writer_engine) as opened:
        yield opened
        opened.rollback()


def sides_in(session: Session) -> list[Side]:
    return list(session.exec(select(Side).order_by(col(Side.id))))


def inner(session: Session, shared: bool, first: bool) -> Audience:
    """Of one of the two firms, or of both."""
    sides = sides_in(session)
    chosen = sides if shared else [sides[0] if first else sides[1]]
    return visibility.inner_audience(session, sides[0].alliance_id, [side.id for side in chosen])


@OFTEN
@given(
    role=st.sampled_from(ROLES),
    stated=st.booleans(),
    ours=st.booleans(),
    shared=st.booleans(),
    first=st.booleans(),
)
def test_only_confirmed_sponsors_and_managers_of_those_firms_read_it(
    session: Session, role: str, stated: bool, ours: bool, shared: bool, first: bool
) -> None:
    audience = inner(session, shared, first)
    side = sides_in(session)[0 if ours else 1]
    member = session.exec(select(Member)).first()
    assert member is not None
    somebody = Member(
        alliance_id=member.alliance_id,
        side_id=side.id,
        person_id=member.person_id,
        role=role,
        stated=stated,
        since=member.since,
    )
    allowed = role in ("sponsor", "manager") and not stated and (shared or ours == first)
    assert visibility.may_see(session, somebody, audience.id) is allowed
    listed = set(session.exec(visibility.audiences_of(somebody)))
    assert (audience.id in listed) is allowed, "lists and pages ask the same"


@OFTEN
@given(
    place=st.sampled_from((SHARED, OWN)),
    shared=st.booleans(),
    first=st.booleans(),
    sharing=st.sampled_from(("internal", "shared", "pending", "unknown")),
    has_guests=st.booleans(),
    teams=st.sampled_from(("", "T0NORTH", "T0HELIX", "T0NORTH,T0HELIX")),
    linked=st.sampled_from(("own", "joint", "none", "itself")),
    alone=st.booleans(),
)
def test_it_is_said_in_no_channel_whoever_is_there(
    world: World,
    session: Session,
    place: str,
    shared: bool,
    first: bool,
    sharing: str,
    has_guests: bool,
    teams: str,
    linked: str,
    alone: bool,
) -> None:
    audience = inner(session, shared, first)
    room = session.exec(select(Conversation).where(Conversation.external_id == place)).one()
    room.alliance_id, room.facts_at, room.sharing = audience.alliance_id, world.now, sharing
    room.has_guests, room.team_ids = has_guests, teams
    room.person_ids = "" if alone else room.person_ids
    side = sides_in(session)[0]
    room.audience_id = {
        "own": visibility.side_audience(session, side).id,
        "joint": visibility.joint_audience(session, audience.alliance_id).id,
        "none": None,
        "itself": audience.id,
    }[linked]
    assert not visibility.may_be_said_in(session, room, audience.id, now=world.now)


@OFTEN
@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_there_is_one_audience_for_the_same_firms_however_often_it_is_asked_for(
    session: Session, asked: list[bool]
) -> None:
    ids = {inner(session, False, first).id for first in asked}
    assert len(ids) == len(set(asked))
    for audience_id in ids:
        assert session.get_one(Audience, audience_id).restricted
        assert len(visibility.sides_of(session, audience_id)) == 1
