"""What goes wrong between Teams and the bot: nothing is done twice, lost or said untruly."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url
from sqlmodel import Session, col, select

from handlers.views import say
from playground.teams import activities
from storage.tables import TEAMS, ActionItem, Conversation, Outbox
from tests.anywhere import HANA, MATEO, OLIVIA, OWN, PRIYA, SHARED, TOMASZ, direct
from tests.daily import said as daily
from tests.daily import until
from tests.teams.conftest import Knock, said
from tests.teams.world import TEAM, Json, TeamsWorld
from tests.test_late import slow

POST = "activities.post"


def items(world: TeamsWorld) -> list[str]:
    return world.stored(lambda session: list(session.exec(select(ActionItem.text))))


def states(world: TeamsWorld) -> dict[str, str]:
    """What became of the messages that were to be sent, by kind."""

    def read(session: Session) -> dict[str, str]:
        return {row.kind: f"{row.state} {row.error}" for row in session.exec(select(Outbox))}

    return world.stored(read)


def calls(world: TeamsWorld, method: str, since: int = 0) -> list[Json]:
    return [entry for entry in world.teams.log()[since:] if entry["method"] == method]


def posted_to(world: TeamsWorld, channel: str, since: int = 0) -> list[Json]:
    wanted = world.place(channel)
    found = calls(world, POST, since)
    return [e for e in found if e["arguments"]["path"]["conversation"].startswith(wanted)]


async def test_a_bot_that_is_removed_writes_there_no_more_and_its_alliance_manager_hears(
    world: TeamsWorld,
) -> None:
    """She has added it for herself; otherwise nothing reaches her any more."""
    await world.done(world.teams.open_personal("priya"))
    await world.mention(PRIYA, "action weigh our exit by Fri", OWN)
    await world.done(world.teams.uninstall(TEAM, "mateo"))
    await world.later("PT12M")
    assert "I can't see any more who reads #northwind-internal" in " ".join(world.inbox(PRIYA))
    since = len(world.teams.log())
    await world.write(PRIYA, "cancel OUR-1 not now")
    await world.later("PT5M")
    assert posted_to(world, OWN, since) == posted_to(world, SHARED, since) == []
    assert "OUR-1 is cancelled" in " ".join(world.inbox(PRIYA)), "records go on"


def is_in(world: TeamsWorld) -> list[str]:
    """The names of the conversations that the bot believes it is in."""
    chosen = select(Conversation.name).where(
        Conversation.kind == "channel", col(Conversation.bot_is_in).is_(True)
    )
    return world.stored(lambda session: sorted(session.exec(chosen)))


async def test_a_bot_that_is_removed_from_a_team_is_in_none_of_its_channels_any_more(
    world: TeamsWorld,
) -> None:
    chat = await world.done(world.teams.add_chat("lunch", ["priya", "mateo"]))
    await world.done(world.teams.install(chat["conversation"], "priya"))
    await world.mention(PRIYA, "action weigh our exit by Fri", OWN)
    assert {"alliance-helix", "northwind-internal", "lunch"} <= set(is_in(world))
    await world.done(world.teams.uninstall(TEAM, "mateo"))
    assert is_in(world) == ["lunch"]
    for place in (TEAM, world.place(SHARED)):
        await world.done(world.teams.install(place, "priya"))
    await world.later("PT1M")
    told = " ".join(world.inbox(PRIYA))
    assert "I am back in #alliance-helix and go on as before" in told


async def test_whoever_tells_of_a_change_does_not_wait_until_the_channels_are_looked_at(
    world: TeamsWorld, knock: Knock
) -> None:
    house = world.teams.house
    person, room = house.world.person("priya"), house.world.room(world.place(OWN))
    leaves = {"membersRemoved": [{"id": house.world.person("hana").id}]}
    change = activities.update(house, person, room, "teamMemberRemoved", **leaves)
    await world.teams.fault("members.paged", delay=1.5)
    since, began = len(world.teams.log()), time.monotonic()
    assert (await knock(change)).status == 200
    assert time.monotonic() - began < 1
    await world.bot.run_due()
    assert calls(world, "members.paged", since) != []


async def test_the_same_words_on_two_days_are_two_requests_where_teams_gives_them_no_id(
    world: TeamsWorld, knock: Knock
) -> None:
    request = said(world, "action book the room by 27 Nov")
    del request["id"]
    for _ in range(2):
        await knock(request)
    await world.later("P1D")
    assert items(world) == ["book the room"], "sent again by Teams"
    await knock(said(world, "action book the room by 27 Nov") | {"id": None})
    assert items(world) == ["book the room"] * 2
    for name in ("timestamp", "localTimestamp"):
        request.pop(name)
    for _ in range(2):
        await knock(request)
    assert items(world) == ["book the room"] * 4, "nothing tells that it is sent again"


async def test_it_thanks_once_for_being_added_and_not_for_a_new_version(
    empty_teams_world: TeamsWorld,
) -> None:
    world = empty_teams_world
    for place in (TEAM, world.place(SHARED)):
        await world.done(world.teams.install(place, "priya", upgrade=True))
    await world.later("PT1M")
    thanks = [text for text in world.inbox(PRIYA) if "Thank you for inviting me" in text]
    assert ["#General" in text for text in thanks] == [True, False]
    assert "I am back" not in " ".join(world.inbox(PRIYA))
    await world.done(world.teams.uninstall(world.place(SHARED), "priya"))
    await world.done(world.teams.install(world.place(SHARED), "priya"))
    await world.later("PT1M")
    assert len(world.inbox(PRIYA)) == 3, "when it comes anew it says so"


async def test_a_conversation_is_written_to_where_it_was_last_heard_from(
    world: TeamsWorld,
) -> None:
    await world.command(HANA, "action book the room by Fri")
    world.teams.change_service_url("apac", gone=True)
    await world.mention(HANA, "action send the agenda by Fri")
    await world.later("PT1M")
    assert world.references(PRIYA, SHARED) == ["HEL-1", "HEL-2"]
    assert posted_to(world, SHARED)[-1]["arguments"]["path"]["region"] == "apac"
    await world.press(HANA, "Done", channel=SHARED)
    assert "✓ Hana Kobayashi" in world.text(PRIYA, SHARED)


@pytest.mark.parametrize("plain", [True, False])
async def test_somebody_who_blocked_the_bot_is_named_in_the_alliance_managers_daily_message(
    world: TeamsWorld, plain: bool
) -> None:
    await world.write(HANA, "mine")
    await world.done(world.teams.block("hana", plain=plain))
    await world.command(PRIYA, "action @hana file the report by 25 Nov")
    assert "dead MessageWritesBlocked" in states(world).values(), states(world)
    await world.later("PT1H")
    await until(world, "2026-11-24T12:00+00:00")
    told = "A message to Hana Kobayashi (Helix alliance) did not arrive: they have blocked me"
    assert told in daily(world, PRIYA)


async def test_a_throttled_message_waits_as_long_as_teams_asks(world: TeamsWorld) -> None:
    await world.teams.fault(POST, status=429, retry_after=90)
    await world.mention(MATEO, "action book the room by Fri")
    await world.later("PT70S")
    assert world.references(PRIYA, SHARED) == []
    await world.later("PT30S")
    assert world.references(PRIYA, SHARED) == ["HEL-1"]


@pytest.mark.parametrize("status", [412, 500, 502, 503, 504])
async def test_what_may_pass_is_tried_again(world: TeamsWorld, status: int) -> None:
    await world.teams.fault(POST, status=status, times=2)
    await world.mention(MATEO, "action book the room by Fri")
    await world.later("PT10M")
    cards = [text for text in world.text(PRIYA, SHARED).splitlines() if "○ Mateo" in text]
    assert len(cards) == 1
    assert "pending" not in " ".join(states(world).values())


async def test_a_message_of_which_it_is_unknown_whether_it_came_is_rather_sent_twice(
    world: TeamsWorld,
) -> None:
    await world.teams.fault(POST, status=502, after=True)
    await world.mention(MATEO, "action book the room by Fri")
    await world.later("PT10M")
    assert "HEL-1" in world.references(PRIYA, SHARED)
    await world.press(MATEO, "Done", channel=SHARED)
    assert "· done" in world.text(PRIYA, SHARED)


async def test_an_expired_token_of_the_bots_is_fetched_anew(world: TeamsWorld) -> None:
    world.teams.expire_tokens()
    assert world.bot.teams is not None
    world.bot.teams.tokens._until = 0.0
    await world.mention(MATEO, "action book the room by Fri")
    assert world.references(PRIYA, SHARED) == ["HEL-1"]


async def test_what_is_too_long_for_a_card_goes_on_in_others_where_one_person_reads_it(
    world: TeamsWorld,
) -> None:
    """A second message can't be brought up to date, and in a channel not be emptied."""
    await world.write(TOMASZ, "mine")
    whole = " ".join(f"word{number}" for number in range(5_000))
    messenger = world.bot.platforms[TEAMS].messenger
    before, since = len(world.read(PRIYA, OWN)), len(world.inbox(TOMASZ))
    await messenger.post(world.place(direct(TOMASZ)), say(whole), token="t")
    assert len(world.inbox(TOMASZ)[since:]) > 1
    assert "".join(world.inbox(TOMASZ)[since:]).replace(" ", "") == whole.replace(" ", "")
    await messenger.post(world.place(OWN), say(whole), token="t")
    [card] = world.read(PRIYA, OWN)[before:]
    assert "There is more than fits in here." in world.words(card)


@contextmanager
def database_locked(world: TeamsWorld) -> Iterator[None]:
    other = sqlite3.connect(str(make_url(world.database_url).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.parametrize("met", [True, False], ids=["known", "new"])
async def test_a_database_that_is_away_is_told_as_not_recorded_and_nothing_is_stored(
    world: TeamsWorld, met: bool
) -> None:
    if met:
        await world.command(MATEO, "mine")
    with database_locked(world):
        await world.mention(MATEO, "action book the room by Fri")
    told = [m for m in world.read(MATEO, SHARED) if m["ephemeral"]][-1]
    assert "nothing was recorded" in world.words(told) or "not recorded" in world.words(told)
    assert "recorded" not in world.text(PRIYA, SHARED).split("by Fri")[-1], "for him alone"
    await world.later("PT10M")
    assert items(world) == []
    await world.mention(MATEO, "action book the room by Fri")
    assert items(world) == ["book the room"]


async def test_a_press_while_the_database_is_away_says_so_where_it_was_pressed(
    world: TeamsWorld,
) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    await world.write(OLIVIA, "mine")
    with database_locked(world):
        pressed = await world.press(OLIVIA, "Accept", channel=SHARED)
        assert "not recorded" in pressed.text
        opened = await world.press(OLIVIA, "Suggest another date", channel=SHARED)
        assert "recorded" in opened.text or "my records" in opened.text
    await world.close(OLIVIA)
    await world.press(OLIVIA, "Accept", channel=direct(OLIVIA))
    assert "· open" in world.text(PRIYA, SHARED)


async def test_what_is_given_up_in_time_is_not_stored_and_said_so(world: TeamsWorld) -> None:
    await world.command(MATEO, "action")
    with slow(world, "before", 4.3):
        seen = await world.fill(MATEO, text="book the room")
    assert "it was not recorded" in seen.text
    assert items(world) == []
    again = await world.fill(MATEO, text="book the room")
    assert "HEL-1 is yours" in again.text, "what was typed is still there"


async def test_what_commits_after_that_is_told_when_it_is_done(world: TeamsWorld) -> None:
    await world.command(MATEO, "action")
    with slow(world, "commit", 5.0):
        seen = await world.fill(MATEO, text="book the room")
    assert "It is being recorded" in seen.text
    await world.later("PT1M")
    assert items(world) == ["book the room"]
    told = " ".join([*world.inbox(MATEO), world.text(MATEO, SHARED)])
    assert "Done: it is recorded." in told
    assert "not recorded" not in told


async def test_an_answer_that_comes_too_late_is_asked_for_again_and_given(
    world: TeamsWorld,
) -> None:
    """Teams sends what was not answered in its time twice more, and shows a late answer to
    nobody."""
    world.teams.house.door.invoke_seconds = 0.5
    await world.command(MATEO, "action")
    since = len(world.teams.log())
    with slow(world, "commit", 0.8):
        seen = await world.fill(MATEO, text="book the room")
    assert len(calls(world, "task/submit", since)) in (2, 3)
    assert "HEL-1 is yours" in seen.text
    await world.later("PT5S")
    assert items(world) == ["book the room"]
    assert world.references(PRIYA, SHARED) == ["HEL-1"]
