"""Files on Teams while the database is away for a moment, or several are answered at once: what is
said is true, and what was offered can still be had."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from governance.messages import offers as kept_offers
from handlers import file_offers
from storage.tables import Member, Outbox, Person
from tests.anywhere import PRIYA, direct
from tests.teams.test_faults import database_locked
from tests.teams.test_files import ALL, allow, as_made, asked_for, given, offers
from tests.teams.world import TeamsWorld

ACCOUNT = "INSERT ON delivery"
TAKEN, FAILED = (
    f'UPDATE ON outbox WHEN NEW.facts LIKE \'%"how": "{how}"%\'' for how in ("taken", "failed")
)
LATER = "press Allow again in three minutes"


@contextmanager
def refused(world: TeamsWorld, what: str) -> Iterator[None]:
    """The database takes no such change."""

    def run(words: str) -> None:
        world.change(lambda session: session.connection().execute(text(words)))

    run(f"CREATE TRIGGER away BEFORE {what} BEGIN SELECT RAISE(ABORT, 'away'); END")
    try:
        yield
    finally:
        run("DROP TRIGGER away")


def told(world: TeamsWorld) -> str:
    return " ".join(world.inbox(PRIYA))


async def test_a_file_that_could_not_leave_can_be_allowed_again_when_it_was_said(
    world: TeamsWorld,
) -> None:
    await asked_for(world)
    with refused(world, ACCOUNT):
        await allow(world, ALL)
    assert f"nothing was saved. Please {LATER}." in told(world)
    assert not any(one.is_complete for one in world.teams.house.world.files.values())
    await world.later("PT1M")
    await allow(world, ALL)
    assert "I am carrying out your answer to this one." in told(world), "too early loses nothing"
    assert "answered this one already" not in told(world)
    await world.later("PT2M")
    await allow(world, ALL)
    assert given(world)[ALL] == as_made(world)[ALL]


async def test_a_file_that_was_saved_is_shown_though_that_could_not_be_kept(
    world: TeamsWorld,
) -> None:
    await asked_for(world)
    with refused(world, TAKEN):
        await allow(world, ALL)
    assert list(given(world)) == [ALL]
    assert ALL not in offers(world)
    assert "nothing was saved" not in told(world)


async def test_a_file_that_was_not_saved_says_so_though_that_could_not_be_kept(
    world: TeamsWorld,
) -> None:
    await asked_for(world)
    await world.teams.fault("upload", status=403)
    with refused(world, FAILED):
        await allow(world, ALL)
    assert f"{ALL} was not saved. Your OneDrive did not take it. P{LATER[1:]}" in told(world)
    await world.later("PT3M")
    await allow(world, ALL)
    assert list(given(world)) == [ALL]


async def test_a_decline_that_could_not_be_kept_does_not_speak_of_allowing(
    world: TeamsWorld,
) -> None:
    await asked_for(world)
    card = offers(world)[ALL]
    with database_locked(world):
        await world.teams.decline_file("priya", card["id"])
        await world.bot._quiet()
    assert "Please press Decline again in a minute." in told(world)
    assert "press Allow" not in told(world)
    assert ALL in offers(world)


@pytest.mark.parametrize("empty_teams_world", ["sqlite", "postgres"], indirect=True)
@pytest.mark.parametrize("how", ["arrived", "failed"])
async def test_answers_to_several_files_of_one_message_are_all_kept(
    world: TeamsWorld, how: str
) -> None:
    await asked_for(world)
    offered = select(Outbox).where(Outbox.kind == "file")
    row_id = world.stored(lambda session: session.exec(offered).one().id)

    def answer_slowly(session: Session) -> None:
        row = session.exec(offered.with_for_update()).one()
        kept_offers.note(session, row, "only.csv", "begun", now=world.now)
        time.sleep(0.6)

    def settle(session: Session) -> None:
        if how == "arrived":
            file_offers.arrived(session, row_id, "all-firms.csv", now=world.now)
        else:
            file_offers.failed(session, row_id, "all-firms.csv", "accessDenied", now=world.now)

    database = world.bot.database
    slow = asyncio.create_task(database.run(answer_slowly))
    await asyncio.sleep(0.2)
    await database.run(settle)
    await slow
    kept = world.stored(lambda session: session.exec(offered).one().facts["answered"])
    assert set(kept) == {"all-firms.csv", "only.csv"}


async def test_a_file_that_can_not_be_offered_again_says_so_and_how_to_have_it(
    world: TeamsWorld,
) -> None:
    await asked_for(world)
    await world.teams.fault("upload", status=403)
    world.teams.house.manifest = replace(world.teams.house.manifest, files=False)
    await allow(world, ALL)
    assert "A file of the export of Helix alliance did not arrive. Teams did not" in told(world)
    world.teams.house.manifest = replace(world.teams.house.manifest, files=True)
    await world.press(PRIYA, "Try again", channel=direct(PRIYA))
    assert ALL in offers(world)


async def test_a_file_that_is_no_longer_theirs_when_it_is_offered_again_says_so(
    world: TeamsWorld,
) -> None:
    await asked_for(world)

    def step_down(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == world.id_of(PRIYA))).one()
        member = session.exec(select(Member).where(Member.person_id == person.id)).one()
        member.role = "lead"
        session.add(member)
        row = session.exec(select(Outbox).where(Outbox.kind == "file")).one()
        file_offers.failed(session, row.id, "all-firms.csv", "accessDenied", now=world.now)

    world.change(step_down)
    await world.later("PT1M")
    assert "did not arrive. I could not make it for you any more." in told(world)
