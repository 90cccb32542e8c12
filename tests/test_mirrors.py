"""A joint card is shown a second time for firms that can't read the conversation it is in, and
follows what becomes of it; what is one firm's own is never shown so."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from governance.items import action_items
from governance.items.action_items import Capture, Source
from governance.people import directory, members
from handlers import notices
from handlers.items.decisions import decision
from handlers.slack import render
from handlers.text import plain
from handlers.views import Message, Text, Who
from storage.tables import (
    TEAMS,
    ActionItem,
    Alliance,
    Audience,
    Card,
    Conversation,
    Outbox,
    Person,
    Side,
    SideTeam,
)
from tests.leaks.cast import ORION, YARA, ZED
from tests.leaks.stage import let_in_orion
from tests.test_joining import invite, join
from tests.test_take_back import link_another, take_back
from tests.world import HANA, MATEO, OLIVIA, OWN, PRIYA, RANDOM, SHARED, World, words_of

TEAMS_PLACE = "19:general"


@pytest.fixture
async def orion(world: World) -> World:
    """Three firms: Northwind and Helix share one channel, Northwind and Orion another."""
    let_in_orion(world.slack.house.world)
    await join(world, ZED, await invite(world))
    return world


def cards(world: World, channel: str, words: str) -> list[str]:
    """The bot's messages in a channel that have these words."""
    told = [words_of(m) for m in world.slack.messages(channel) if m["user"] == "U0BOT"]
    return [text for text in told if words in text]


async def test_each_firm_reads_the_card_where_it_can(orion: World) -> None:
    await orion.command(HANA, "action @olivia send the labels by Fri")
    assert len(cards(orion, SHARED, "send the labels")) == 1
    assert len(cards(orion, ORION, "send the labels")) == 1
    await orion.mention(YARA, "action check the seals by Fri", ORION)
    assert len(cards(orion, ORION, "check the seals")) == 1
    assert len(cards(orion, SHARED, "check the seals")) == 1
    assert cards(orion, OWN, "check the seals") == []
    seen = (await orion.command(PRIYA, "seen HEL-1")).text
    assert "alliance-orion" in seen
    assert "alliance-helix" in seen


async def test_a_press_on_either_is_shown_on_both(orion: World) -> None:
    await orion.mention(YARA, "action @zed check the seals by Fri", ORION)
    await orion.later("PT5S")
    await orion.press(ZED, "Done", channel=ORION)
    await orion.later("PT10S")
    assert "done" in cards(orion, SHARED, "check the seals")[0]
    await orion.command(HANA, "action @olivia send the labels by Fri")
    await orion.later("PT5S")
    refused = await orion.press(YARA, "Accept", channel=ORION)
    assert "Olivia Bennett" in refused.text
    await orion.press(OLIVIA, "Accept", channel=SHARED)
    await orion.later("PT10S")
    for channel in (SHARED, ORION):
        assert "· open" in cards(orion, channel, "send the labels")[0]


async def test_what_is_captured_in_a_moment_shares_the_mirror_too(orion: World) -> None:
    await orion.command(HANA, "action @mateo send the labels by Fri")
    await orion.command(HANA, "action @mateo count the boxes by Fri")
    await orion.later("PT5S")
    for channel in (SHARED, ORION):
        [card] = cards(orion, channel, "count the boxes")
        assert "send the labels" in card
    assert orion.stored(lambda s: len(_action_cards(s))) == 2


def refusals(world: World) -> list[str]:
    """Why messages were not sent that never will be."""
    dead = select(Outbox.error).where(Outbox.state == "dead")
    return world.stored(lambda session: list(session.exec(dead)))


def _action_cards(session: Session) -> list[Card]:
    return list(session.exec(select(Card).where(Card.kind == "action_items")))


async def test_somebody_who_captures_where_a_mirror_stands_gets_a_card_of_their_own(
    orion: World,
) -> None:
    await orion.command(HANA, "action send the labels by Fri")
    await orion.command(HANA, "action check the seals by Fri", ORION)
    for channel in (SHARED, ORION):
        [one], [other] = (cards(orion, channel, words) for words in ("labels", "seals"))
        assert one != other
    stored = orion.stored(lambda s: [(c.id, c.mirror_of) for c in _action_cards(s)])
    assert [of is not None for _, of in stored] == [False, True, False, True]


async def test_what_is_taken_back_is_emptied_on_both(orion: World) -> None:
    await orion.command(HANA, "action @mateo weigh our exit by Fri")
    assert cards(orion, ORION, "weigh our exit")
    sent = await take_back(orion, HANA)
    assert "Emptied: its 2 cards" in sent
    for channel in (SHARED, ORION):
        assert cards(orion, channel, "weigh our exit") == []
        assert len(cards(orion, channel, "Taken back by Northwind Bio.")) == 1


async def test_what_is_shared_is_shown_to_all_and_what_is_a_firms_own_to_nobody_else(
    orion: World,
) -> None:
    await orion.command(HANA, "internal @mateo weigh the labels by Fri")
    await orion.command(HANA, "action @mateo weigh the boxes by Fri", OWN)
    assert orion.stored(lambda s: [c.mirror_of for c in _action_cards(s)]) == [None]
    for channel in (SHARED, ORION):
        assert cards(orion, channel, "weigh the") == []
    await orion.command(HANA, "share OUR-1")
    await orion.fill(HANA, text="weigh the labels")
    await orion.close(HANA)
    await orion.later("PT5S")
    for channel in (SHARED, ORION):
        assert len(cards(orion, channel, "weigh the labels")) == 1
        assert cards(orion, channel, "weigh the boxes") == []


async def test_a_mirror_stays_as_it_is_where_its_channel_is_unlinked_and_is_emptied_all_the_same(
    orion: World,
) -> None:
    await orion.command(HANA, "action @mateo weigh our exit by Fri")
    await orion.command(HANA, "action @mateo send the labels by Fri")
    await orion.later("PT5S")
    await orion.command(PRIYA, "unlink", ORION)
    await orion.fill(PRIYA)
    await orion.close(PRIYA)
    await orion.command(HANA, "edit HEL-2 send all the labels")
    await orion.later("PT10S")
    assert cards(orion, SHARED, "send all the labels")
    assert cards(orion, ORION, "send the labels"), "nothing follows it any more"
    assert refusals(orion) == []
    await take_back(orion, HANA)
    assert cards(orion, ORION, "weigh our exit") == []


async def test_it_goes_on_where_the_channel_of_the_first_is_unlinked(orion: World) -> None:
    await orion.mention(YARA, "action @zed check the seals by Fri", ORION)
    await orion.later("PT5S")
    await orion.command(PRIYA, "unlink", ORION)
    await orion.fill(PRIYA)
    await orion.close(PRIYA)
    await orion.write(ZED, "done HEL-1")
    await orion.later("PT10S")
    assert "done" in cards(orion, SHARED, "check the seals")[0]
    assert "done" not in cards(orion, ORION, "check the seals")[0]
    assert refusals(orion) == []


async def test_a_mirror_that_may_not_be_said_there_is_refused_like_any_card(orion: World) -> None:
    room = orion.slack.house.world.channels[ORION]
    room.teams.append("T0ELSE")
    await orion.later("PT2M")
    seen = await orion.command(HANA, "action send the labels by Fri")
    assert "HEL-1" in seen.private
    await orion.later("PT10S")
    assert cards(orion, SHARED, "send the labels")
    assert cards(orion, ORION, "send the labels") == []
    errors = orion.stored(
        lambda s: list(s.exec(select(Outbox.error).where(Outbox.state == "dead")))
    )
    assert errors == ["not_for_here"]
    await orion.later("P1D")
    assert not any("I could not show it" in text for text in orion.inbox(HANA)), "it is shown"


async def test_a_channel_that_every_firm_reads_has_no_mirror(world: World) -> None:
    await world.command(HANA, "action send the labels by Fri")
    assert world.stored(lambda s: [c.mirror_of for c in _action_cards(s)]) == [None]


async def test_what_is_written_in_a_narrower_channel_of_the_same_people_stays_there(
    world: World,
) -> None:
    await link_another(world)
    await world.later("PT2M")
    await world.command(HANA, "action @mateo send the labels by Fri", RANDOM)
    await world.command(HANA, "action @mateo count the boxes by Fri", RANDOM)
    await world.later("PT5S")
    assert cards(world, RANDOM, "count the boxes")
    assert cards(world, SHARED, "count the boxes") == []


@dataclass
class Queries:
    said: list[str]


@pytest.fixture
def queries() -> Iterator[Queries]:
    kept = Queries([])

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        kept.said.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield kept
    event.remove(Engine, "before_cursor_execute", listen)


async def test_an_alliance_in_one_channel_asks_the_database_once_more(
    world: World, queries: Queries
) -> None:
    def capture(session: Session, text: str) -> None:
        hana = session.exec(select(Person).where(Person.user_id == HANA)).one()
        place = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        seat = members.seat(session, session.exec(select(Alliance)).one(), hana, now=world.now)
        what = Capture(text=text, owner=hana, place=place)
        queries.said.clear()
        action_items.capture(session, what, seat, now=world.now)

    for text, asked in (("first", "FROM sideteam"), ("second", "card.mirror_of = ")):
        world.change(lambda session, text=text: capture(session, text))  # type: ignore[misc]
        about = [one for one in queries.said if "mirror_of = " in one or "FROM sideteam" in one]
        assert len(about) == 1
        assert asked in about[0]


# From here on a firm is on the other platform: its tenant, people and channel are made by hand.


@dataclass(frozen=True)
class Ids:
    """Rows by number: Orion's person, its conversation."""

    zed: int
    place: int


def on_teams(world: World) -> Ids:
    def add(session: Session) -> Ids:
        alliance = session.exec(select(Alliance)).one()
        home = alliance.installation_id
        facts = directory.PersonFacts("aad-zed", "tenant", "Zed Moreau", TEAMS, zone="Etc/UTC")
        zed = directory.remember_person(session, home, facts, now=world.now)
        side = session.exec(select(Side).where(Side.firm == "Helix Devices")).one()
        team = session.exec(select(SideTeam).where(SideTeam.side_id == side.id)).one()
        team.team_id = "tenant"
        session.add(team)
        members.add_member(session, alliance, side, zed, role="team", by=zed, now=world.now)
        joint = session.exec(select(Audience).where(Audience.name == "joint")).one()
        place = Conversation(
            installation_id=home,
            platform=TEAMS,
            external_id=TEAMS_PLACE,
            name="General",
            alliance_id=alliance.id,
            audience_id=joint.id,
            sharing="internal",
            team_ids="tenant",
            has_guests=False,
            bot_is_in=True,
            facts_at=world.now,
        )
        session.add(place)
        shared = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        shared.team_ids = "T0NORTH"
        session.add(shared)
        session.flush()
        return Ids(zed.id, place.id)

    return world.change(add)


def captured(world: World, ids: Ids, *, quote: str = "", owner: str = HANA) -> None:
    """HEL-1, kept in Slack from something Jonas said there."""

    def capture(session: Session) -> None:
        hana = session.exec(select(Person).where(Person.user_id == HANA)).one()
        takes = session.exec(select(Person).where(Person.user_id == owner)).one()
        place = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        seat = members.seat(session, session.exec(select(Alliance)).one(), hana, now=world.now)
        source = Source(SHARED, "1.1", "https://slack.example/archives/1", quote, "Jonas Weber")
        what = Capture(text="send the labels", owner=takes, place=place, source=source)
        action_items.capture(session, what, seat, now=world.now)

    world.change(capture)


def shown_in(world: World, external_id: str) -> str:
    """What the newest card of a conversation says now."""

    def make(session: Session) -> str:
        place = session.exec(
            select(Conversation).where(Conversation.external_id == external_id)
        ).one()
        place.facts_at = world.now
        rows = select(Outbox).where(Outbox.conversation_id == place.id, Outbox.kind == "card")
        row = session.exec(rows.order_by(col(Outbox.id).desc())).first()
        assert row is not None
        ready = notices.make(session, row, now=world.now)
        assert ready is not None
        return plain(ready.message)

    return world.stored(make)


async def test_the_other_platform_gets_its_card(world: World) -> None:
    ids = on_teams(world)
    captured(world, ids, owner="aad-zed")
    assert "HEL-1 send the labels" in shown_in(world, TEAMS_PLACE)
    assert "HEL-1 send the labels" in shown_in(world, SHARED)

    def done(session: Session) -> None:
        item = session.exec(select(ActionItem)).one()
        zed = session.get_one(Person, ids.zed)
        seat = members.seat(session, session.exec(select(Alliance)).one(), zed, now=world.now)
        action_items.accept(session, item, seat, now=world.now)

    world.change(done)
    for place in (TEAMS_PLACE, SHARED):
        assert "open" in shown_in(world, place)


async def test_a_press_on_the_mirror_redraws_it(world: World) -> None:
    ids = on_teams(world)
    captured(world, ids)

    def press(session: Session) -> str:
        place = session.get_one(Conversation, ids.place)
        [mirror] = session.exec(select(Card).where(Card.conversation_id == place.id))
        mirror.ts, mirror.channel = "5", TEAMS_PLACE
        session.add(mirror)
        session.flush()
        message = notices.redraw(session, place, "5", now=world.now)
        assert message is not None
        return plain(message)

    assert "HEL-1 send the labels" in world.change(press)


async def test_a_quote_is_told_with_who_said_it_where_its_link_does_not_open(
    world: World,
) -> None:
    ids = on_teams(world)
    captured(world, ids, quote="we owe them the labels")
    said = "said by Jonas Weber, kept Mon 23 Nov"
    assert said in shown_in(world, TEAMS_PLACE)
    assert "we owe them the labels" in shown_in(world, TEAMS_PLACE)
    assert "we owe them the labels" in shown_in(world, SHARED)
    assert "said by" not in shown_in(world, SHARED)


@pytest.mark.parametrize(("quote", "said"), [("we owe them the labels", True), ("", False)])
async def test_a_question_to_the_other_platform_has_no_link_that_leads_nowhere(
    world: World, quote: str, said: bool
) -> None:
    ids = on_teams(world)
    captured(world, ids, quote=quote, owner="aad-zed")

    def asked(session: Session) -> str:
        item = session.exec(select(ActionItem)).one()
        message = decision(
            session, item, session.get_one(Person, ids.zed), now=world.now, again=False
        )
        assert message is not None
        return plain(message)

    told = world.stored(asked)
    assert "where it was said" not in told
    assert ("said by Jonas Weber, kept Mon 23 Nov" in told) == said


async def test_the_page_has_the_link_for_those_whom_it_leads_somewhere(world: World) -> None:
    message = await world.chat(OLIVIA, "we owe them the labels")
    await world.keep_message(HANA, message)
    await world.fill(HANA, text="send the labels")
    await world.close(HANA)
    assert "Where it was said" in (await world.command(MATEO, "show HEL-1")).text
    await world.close(MATEO)

    def move(session: Session) -> None:
        place = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        place.platform = TEAMS
        session.add(place)

    world.change(move)
    shown = (await world.command(MATEO, "show HEL-1")).text
    assert "Where it was said" not in shown
    assert "we owe them the labels" in shown
    assert "said by Olivia Bennett, kept Mon 23 Nov" in shown


async def test_a_private_item_is_not_mirrored_to_the_other_platform(world: World) -> None:
    on_teams(world)
    await world.command(HANA, "action weigh our exit by Fri", OWN)
    await world.command(HANA, "internal weigh our exit by Fri")
    own = world.stored(lambda s: [c.mirror_of for c in _action_cards(s)])
    assert own == [None]


async def test_without_knowing_who_reads_nothing_is_mirrored(world: World) -> None:
    on_teams(world)

    def forget(session: Session) -> None:
        shared = session.exec(select(Conversation).where(Conversation.external_id == SHARED)).one()
        shared.team_ids = ""
        session.add(shared)

    world.change(forget)
    captured(world, Ids(0, 0))
    assert world.stored(lambda s: [c.mirror_of for c in _action_cards(s)]) == [None]


def test_people_of_another_platform_are_named_and_not_mentioned() -> None:
    there = "0b1f2c3d-0000-4000-8000-000000000001"
    shown = render.message(Message((Text((Who("Zed", there), Who("Olivia", OLIVIA))),)))
    [block] = shown["blocks"]
    kinds = [element["type"] for element in block["elements"][0]["elements"]]
    assert kinds == ["text", "user"]
