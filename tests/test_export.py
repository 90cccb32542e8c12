"""An alliance manager takes the records along: what is joint and their own firm's, nothing else."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, create_engine, select

from governance import action_items, alliances, directory, export, members, sharing, visibility
from governance.action_items import Capture
from governance.members import Seat
from governance.sides import Firm
from storage.tables import ActionItem, Alliance, Delivery, Member, Outbox, Person, Side
from tests.daily import name_helix_manager, until
from tests.world import (
    HANA,
    INES,
    LENA,
    MATEO,
    MONDAY,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SAMIR,
    SHARED,
    TOMASZ,
    World,
    direct,
    words_of,
)

Json = dict[str, Any]
BLOCKED = "slack_connect_file_upload_sharing_blocked"


async def exported(world: World, who: str) -> dict[str, bytes]:
    """The files of the newest message that has any, by the end of their names."""
    [message] = [m for m in world.read(who, direct(who)) if m.get("files")][-1:]
    found = {}
    async with aiohttp.ClientSession() as session:
        for file in message["files"]:
            async with session.get(f"{world.slack.url}/files/{file['id']}") as answer:
                assert answer.status == 200
                found[file["name"].rpartition(".")[2]] = await answer.read()
    return found


async def taken(world: World, who: str) -> tuple[list[Json], Json]:
    """What somebody's export holds: the lines of the CSV, and the JSON."""
    await world.write(who, "export")
    found = await exported(world, who)
    assert found["csv"].startswith(b"\xef\xbb\xbf"), "as spreadsheets know UTF-8"
    lines = csv.DictReader(io.StringIO(found["csv"].decode("utf-8-sig"), newline=""))
    return list(lines), json.loads(found["json"])


async def some_records(world: World) -> None:
    """A joint item across the firms, and one of each firm's own."""
    await name_helix_manager(world)
    await world.command(PRIYA, "action @tomasz send the layer files by Fri")
    await world.mention(TOMASZ, "decline HEL-1 the line is down")
    await world.command(HANA, "action agree our position by Fri", channel=OWN)
    await world.write(TOMASZ, "internal check our stock by Fri")


async def test_a_manager_gets_joint_records_and_their_own_firms(world: World) -> None:
    await some_records(world)
    said = await world.command(PRIYA, "export")
    assert "what all firms of Helix alliance share, and Northwind Bio's own" in said.private
    lines, whole = await taken(world, PRIYA)
    assert [line["reference"] for line in lines] == ["HEL-1", "OUR-1"]
    assert lines[0] == lines[0] | {
        "text": "send the layer files",
        "status": "declined",
        "owner": "Tomasz Zieliński",
        "owner_firm": "Helix Devices",
        "proposer": "Priya Raman",
        "due": "2026-11-27",
        "closed_reason": "the line is down",
        "seen_by": "all firms",
    }
    assert "Tomasz Zieliński declined (reason: the line is down)" in lines[0]["history"]
    assert lines[1]["seen_by"] == "Northwind Bio"
    assert whole["format"] == "alliance-export/1"
    assert whole["exported_for"] == "Northwind Bio"
    assert [firm["name"] for firm in whole["alliance"]["firms"]] == [
        "Northwind Bio",
        "Helix Devices",
    ]
    roles = {row["name"]: row["role"] for row in whole["people"]}
    assert roles["Olivia Bennett"] == roles["Priya Raman"] == "Alliance manager"
    assert roles["Tomasz Zieliński"] == "Team member"
    assert [one["what"] for one in whole["action_items"][0]["history"]] == ["captured", "declined"]


async def test_each_firm_gets_its_own_and_never_the_others(world: World) -> None:
    await some_records(world)
    lines, whole = await taken(world, OLIVIA)
    assert [line["reference"] for line in lines] == ["HEL-1", "OUR-1"]
    assert lines[1]["text"] == "check our stock"
    assert "our position" not in json.dumps(whole)
    _, theirs = await taken(world, PRIYA)
    assert "our position" in json.dumps(theirs)
    assert "our stock" not in json.dumps(theirs)
    for other in (HANA, TOMASZ, INES):
        assert not [m for m in world.read(other, direct(other)) if m.get("files")]
    assert not [m for m in world.read(PRIYA, SHARED) if m.get("files")]


async def test_only_alliance_managers_export(world: World) -> None:
    await name_helix_manager(world)
    assert "The alliance managers export" in (await world.command(HANA, "export")).private
    await world.mention(TOMASZ, "export")
    assert "The alliance managers export" in "\n".join(world.inbox(TOMASZ))
    assert not world.stored(lambda s: s.exec(select(Outbox).where(Outbox.kind == "file")).all())


async def test_what_a_firm_keeps_to_itself_of_a_joint_item_stays_there(world: World) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "action @tomasz send the layer files by Fri")
    await world.press(TOMASZ, "Accept", channel=SHARED)
    await world.write(TOMASZ, "snooze HEL-1 until Thu")
    assert [one["what"] for one in await history(world, OLIVIA)] == [
        "captured", "accepted", "snoozed"
    ]  # fmt: skip
    assert [one["what"] for one in await history(world, PRIYA)] == ["captured", "accepted"]


async def history(world: World, who: str) -> list[Json]:
    found: list[Json] = (await taken(world, who))[1]["action_items"][0]["history"]
    return found


async def test_who_only_says_they_manage_a_firm_gets_what_is_joint(world: World) -> None:
    await world.command(HANA, "internal @mateo check the forecast by Fri", channel=OWN)
    await world.command(MATEO, "share OUR-1", OWN)
    await world.fill(MATEO, text="Agree the forecast")
    await world.close(MATEO)
    await world.command(HANA, "internal count the votes by Fri")
    await world.command(MATEO, "snooze HEL-1 until Thu")
    await world.mention(LENA, "mine")
    await world.press(LENA, "Northwind Bio", channel=SHARED)

    def make_manager(session: Session) -> None:
        member = session.exec(select(Member).join(Person).where(Person.user_id == LENA)).one()
        assert member.stated
        member.role = "manager"
        session.add(member)

    world.change(make_manager)
    said = (await world.write(LENA, "export")).text
    assert "Each holds what all firms of Helix alliance share. Only you get them." in said
    lines, whole = await taken(world, LENA)
    assert [line["reference"] for line in lines] == ["HEL-1"]
    assert [one["what"] for one in whole["action_items"][0]["history"]] == ["shared"]
    assert "check the forecast" not in json.dumps(whole)
    message = [m for m in world.read(LENA, direct(LENA)) if m.get("files")][-1]
    assert "own records" not in words_of(message)


async def test_a_joint_channel_is_called_as_it_was_proposed(world: World) -> None:
    await name_helix_manager(world)
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.form_of(PRIYA, "link", RANDOM)
    proposed = await world.fill(PRIYA, sees="joint")
    assert "until Olivia Bennett agrees" in proposed.text
    await world.press(PRIYA, "Withdraw")
    await world.close(PRIYA)
    await world.form_of(PRIYA, "link", RANDOM)
    await world.fill(PRIYA, sees="own")
    await world.close(PRIYA)
    await world.slack.channel(RANDOM, name="exit-plans")
    for who in (OLIVIA, PRIYA):
        _, whole = await taken(world, who)
        assert [one["terms"] for one in whole["agreements"]] == [{"channel": "random"}]
        assert [one["state"] for one in whole["agreements"]] == ["withdrawn"]
        assert "exit-plans" not in json.dumps(whole)


async def test_a_last_day_to_come_is_only_in_its_own_firms_export(world: World) -> None:
    await name_helix_manager(world)
    await world.command(SAMIR, "mine")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=SAMIR, until="2026-11-25")
    await world.close(PRIYA)
    assert await last_days(world, PRIYA) == {"Samir Haddad": "2026-11-26"}
    assert await last_days(world, OLIVIA) == {}
    await until(world, "2026-11-26T10:00:00+00:00")
    assert await last_days(world, OLIVIA) == {"Samir Haddad": "2026-11-26"}


async def last_days(world: World, who: str) -> dict[str, str]:
    people = (await taken(world, who))[1]["people"]
    return {row["name"]: row["until"] for row in people if row["until"]}


async def test_hostile_words_stay_words_in_a_spreadsheet(world: World) -> None:
    hostile = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", '@SUM(1)"; DROP', '<!channel> "a",b\n=2')
    for words in hostile:
        await world.command(HANA, "action")
        await world.fill(HANA, text=words)
        await world.close(HANA)
    lines, whole = await taken(world, PRIYA)
    for line in lines:
        for cell in line.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert [one["text"] for one in whole["action_items"]] == [" ".join(w.split()) for w in hostile]
    assert lines[0]["text"] == "'=1+1"
    comment = words_of([m for m in world.read(PRIYA, direct(PRIYA)) if m.get("files")][-1])
    assert "5 action items" in comment


async def test_everything_in_it_counts_as_shown(world: World) -> None:
    await some_records(world)
    await taken(world, OLIVIA)
    chosen = (
        select(Delivery.record, ActionItem.text)
        .join(ActionItem, ActionItem.id == Delivery.record_id)  # type: ignore[arg-type]
        .join(Person, Person.id == Delivery.person_id)  # type: ignore[arg-type]
        .where(Delivery.kind == "file", Delivery.record == "action_item", Person.user_id == OLIVIA)
    )
    shown = world.stored(lambda session: session.exec(chosen).all())
    assert {text for _, text in shown} == {"send the layer files", "check our stock"}


async def test_files_that_are_refused_are_explained_and_nothing_comes_by_half(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.slack.fault("files.completeUploadExternal", error=BLOCKED)
    await world.write(OLIVIA, "export")
    assert not [m for m in world.read(OLIVIA, direct(OLIVIA)) if m.get("files")]
    told = world.inbox(OLIVIA)[-1]
    assert "The export of Helix alliance did not arrive." in told
    assert "your Slack administrator can allow them" in told
    reach = select(Person.reach).where(Person.user_id == OLIVIA)
    assert world.stored(lambda session: session.exec(reach).one()) == "reached"
    await world.press(OLIVIA, "Try again", channel=direct(OLIVIA))
    assert len(await exported(world, OLIVIA)) == 2


async def test_a_fault_that_passes_only_delays_it(world: World) -> None:
    await world.slack.fault("upload", status=503)
    await world.slack.fault("files.getUploadURLExternal", status=429, retry_after=5)
    await world.command(PRIYA, "export")
    assert not [m for m in world.read(PRIYA, direct(PRIYA)) if m.get("files")]
    await world.later("PT5M")
    assert len([m for m in world.read(PRIYA, direct(PRIYA)) if m.get("files")]) == 1


async def test_who_stops_managing_a_firm_before_it_is_sent_gets_nothing(world: World) -> None:
    await name_helix_manager(world)
    await world.slack.fault("files.getUploadURLExternal", status=429, retry_after=60)
    await world.write(OLIVIA, "export")
    await world.slack.person(OLIVIA, deleted=True)
    await world.later("PT10M")
    assert not [m for m in world.read(OLIVIA, direct(OLIVIA)) if m.get("files")]


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["joint", "own", "own", "edit", "share", "decline"]),
        st.sampled_from(["north", "helix"]),
        WORDS.map(lambda words: words[:40]),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(MOVES)
def test_an_export_never_holds_another_firms_own_words(moves: list[tuple[str, str, str]]) -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        seats = _two_firms(session)
        own: dict[str, list[str]] = {"north": [], "helix": []}
        for at, (move, firm, words) in enumerate(moves):
            _play(session, seats, own, move, firm, f"{firm}-secret-{at:02} {words}")
        for firm, other in (("north", "helix"), ("helix", "north")):
            made = export.make(session, seats[firm], now=MONDAY)
            for file in made.files:
                text = file.data.decode("utf-8-sig")
                assert [secret for secret in own[other] if secret in text] == []
                assert all(secret in text for secret in _still_own(session, seats[firm]))
    engine.dispose()


def _play(
    session: Session,
    seats: dict[str, Seat],
    own: dict[str, list[str]],
    move: str,
    firm: str,
    words: str,
) -> None:
    """One move; `own` keeps the mark of what only one firm may ever read."""
    by, other = seats[firm], seats["helix" if firm == "north" else "north"]
    mine = [i for i in export.items(session, by) if i.series_side_id and i.status == "open"]
    mark = words.partition(" ")[0]
    if move == "joint":
        action_items.capture(session, Capture(words, other.person), by, now=MONDAY)
    elif move == "own":
        own[firm].append(mark)
        action_items.capture(session, Capture(words, by.person, private=True), by, now=MONDAY)
    elif move == "edit" and mine:
        own[firm].append(mark)
        action_items.edit(session, mine[0], by, words, now=MONDAY)
    elif move == "share" and mine:
        sharing.share(session, mine[-1], by, text=f"shared {len(words)}", place=None, now=MONDAY)
    elif move == "decline":
        asked = [i for i in export.items(session, by) if i.status == "proposed"]
        for item in [i for i in asked if i.owner_id == by.person.id][:1]:
            action_items.decline(session, item, by, words, now=MONDAY)


def _still_own(session: Session, seat: Seat) -> list[str]:
    items = [item for item in export.items(session, seat) if item.series_side_id]
    return [item.text.partition(" ")[0] for item in items]


def _two_firms(session: Session) -> dict[str, Seat]:
    """An alliance of two firms with an alliance manager each, who keep private records."""
    home = directory.remember_installation(
        session, platform="slack", team_id="T1", name="North", bot_user_id="U0", now=MONDAY
    )
    people = {
        firm: directory.remember_person(
            session,
            home.id,
            directory.PersonFacts(f"U{firm}", team, firm.title(), zone="Europe/Berlin"),
            now=MONDAY,
        )
        for firm, team in (("north", "T1"), ("helix", "T2"))
    }
    place = directory.conversation_or_new(session, home.id, "C1", "channel")
    alliance: Alliance = alliances.set_up(
        session,
        conversation=place,
        name="Helix alliance",
        code="HEL",
        firms=[Firm("North", ("T1",)), Firm("Helix", ("T2",))],
        by=people["north"],
        now=MONDAY,
    )
    for side in session.exec(select(Side)):
        side.private_since = datetime(2026, 1, 1, tzinfo=UTC)
        session.add(side)
    session.flush()
    seats = {f: members.seat(session, alliance, p, now=MONDAY) for f, p in people.items()}
    seats["helix"].member.role = "manager"
    session.flush()
    assert visibility.sides_of(session, visibility.joint_audience(session, alliance.id).id)
    return seats
