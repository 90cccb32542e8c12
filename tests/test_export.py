"""An alliance manager takes the records along: what is joint and their own firm's, in files that
say which, and nothing else."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, col, create_engine, select

from governance import visibility
from governance.firms import alliances
from governance.firms.sides import Firm
from governance.items import action_items
from governance.items.action_items import Capture
from governance.people import directory, members
from governance.people.members import Seat
from governance.seeing import export, sharing
from storage.tables import (
    SLACK,
    ActionItem,
    Alliance,
    Delivery,
    HistoryEntry,
    Member,
    Outbox,
    Person,
    Side,
)
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


@dataclass(frozen=True)
class Taken:
    """What somebody's export holds: the lines of a CSV and the JSON, for all firms and their own
    (both empty where there is none)."""

    lines: list[Json]
    whole: Json
    own_lines: list[Json]
    own: Json


async def exported(world: World, who: str) -> dict[str, bytes]:
    """The files of the newest message that has any, by name."""
    [message] = [m for m in world.read(who, direct(who)) if m.get("files")][-1:]
    found = {}
    async with aiohttp.ClientSession() as session:
        for file in message["files"]:
            async with session.get(f"{world.slack.url}/files/{file['id']}") as answer:
                assert answer.status == 200
                found[file["name"]] = await answer.read()
    return found


async def taken(world: World, who: str) -> Taken:
    await world.write(who, "export")
    found = await exported(world, who)
    shared, own = ({n: f for n, f in found.items() if ("-only." in n) == o} for o in (False, True))
    assert all("-all-firms." in name for name in shared)
    return Taken(*read(shared), *(read(own) if own else ([], {})))


def read(files: dict[str, bytes]) -> tuple[list[Json], Json]:
    table, whole = (next(f for n, f in files.items() if n.endswith(e)) for e in (".csv", ".json"))
    assert table.startswith(b"\xef\xbb\xbf"), "as spreadsheets know UTF-8"
    lines = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    return list(lines), json.loads(whole)


def references(lines: list[Json]) -> list[str]:
    return [line["reference"] for line in lines]


def comment(world: World, who: str) -> str:
    """The note with the newest files."""
    return words_of([m for m in world.read(who, direct(who)) if m.get("files")][-1])


async def some_records(world: World) -> None:
    """A joint item across the firms, and one of each firm's own."""
    await name_helix_manager(world)
    await world.command(PRIYA, "action @tomasz send the layer files by Fri")
    await world.mention(TOMASZ, "decline HEL-1 the line is down")
    await world.command(HANA, "action agree our position by Fri", channel=OWN)
    await world.write(TOMASZ, "internal check our stock by Fri")


async def test_a_manager_gets_joint_records_and_their_own_firms_apart(world: World) -> None:
    await some_records(world)
    said = await world.command(PRIYA, "export")
    assert "what all firms of Helix alliance share. Northwind Bio's own come in" in said.private
    got = await taken(world, PRIYA)
    assert references(got.lines) == ["HEL-1"]
    assert got.lines[0] == got.lines[0] | {
        "text": "send the layer files",
        "status": "declined",
        "owner": "Tomasz Zieliński",
        "owner_firm": "Helix Devices",
        "proposer": "Priya Raman",
        "due": "2026-11-27",
        "closed_reason": "the line is down",
        "seen_by": "all firms",
    }
    assert references(got.own_lines) == ["OUR-1"]
    assert got.own_lines[0]["seen_by"] == "Northwind Bio"
    assert got.whole["format"] == got.own["format"] == "alliance-export/1"
    assert (got.whole["exported_for"], got.own["exported_for"]) == ("all firms", "Northwind Bio")
    assert [firm["name"] for firm in got.whole["alliance"]["firms"]] == [
        "Northwind Bio",
        "Helix Devices",
    ]
    roles = {row["name"]: row["role"] for row in got.whole["people"]}
    assert roles["Olivia Bennett"] == roles["Priya Raman"] == "Alliance manager"
    assert roles["Tomasz Zieliński"] == "Team member"
    assert history(got) == ["captured", "declined"]


async def test_each_file_says_in_its_name_for_whom_it_is(world: World) -> None:
    await some_records(world)
    for who, firm, name in (
        (PRIYA, "Northwind Bio", "northwind-bio"),
        (OLIVIA, "Helix Devices", "helix-devices"),
    ):
        await world.write(who, "export")
        assert list(await exported(world, who)) == [
            f"HEL-2026-11-23-{part}.{kind}"
            for part in ("all-firms", f"{name}-only")
            for kind in ("csv", "json")
        ]
        assert (
            "Four files: two hold what all firms share; the two named …-only are "
            f"{firm}'s own: don't pass them to your partner."
        ) in comment(world, who)


async def test_all_firms_files_are_the_same_whoever_exports(world: World) -> None:
    await some_records(world)
    await world.write(TOMASZ, "action draw the layers by Thu")
    ours, theirs = await taken(world, PRIYA), await taken(world, OLIVIA)
    assert ours.whole | {"exported_at": ""} == theirs.whole | {"exported_at": ""}
    assert ours.own_lines != theirs.own_lines


async def test_the_spreadsheet_tells_history_in_words(world: World) -> None:
    await some_records(world)
    assert (await taken(world, PRIYA)).lines[0]["history"].splitlines() == [
        "Mon 23 Nov 2026 Priya Raman recorded it for Tomasz Zieliński, due Fri 27 Nov",
        "Mon 23 Nov 2026 Tomasz Zieliński declined it: the line is down",
    ]


async def test_a_firm_that_keeps_nothing_of_its_own_gets_no_files_for_it(world: World) -> None:
    await world.command(HANA, "action send the redlines by Fri")
    got = await taken(world, PRIYA)
    assert references(got.lines) == ["HEL-1"]
    assert got.own == {}
    assert "Two files: both hold what all firms share." in comment(world, PRIYA)
    assert "Northwind Bio keeps nothing of its own here." in comment(world, PRIYA)


async def test_a_draft_that_was_shared_in_other_words_stays_with_its_firm(world: World) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "internal our draft price is 5", channel=OWN)
    await world.command(HANA, "share OUR-1", OWN)
    await world.fill(HANA, text="our price proposal")
    await world.close(HANA)
    ours, theirs = await taken(world, PRIYA), await taken(world, OLIVIA)
    for got in (ours, theirs):
        assert [line["text"] for line in got.lines] == ["our price proposal"]
        assert history(got) == ["shared"]
        assert "draft price" not in json.dumps([got.lines, got.whole])
    assert theirs.own == {}
    [earlier] = ours.own["earlier_history"]
    assert earlier["reference"] == "HEL-1"
    assert [one["what"] for one in earlier["history"]] == ["captured", "shared"]
    assert earlier["history"][0]["after"]["text"] == "our draft price is 5"
    assert earlier["history"][1]["before"]["text"] == "our draft price is 5"


async def test_each_firm_gets_its_own_and_never_the_others(world: World) -> None:
    await some_records(world)
    theirs, ours = await taken(world, OLIVIA), await taken(world, PRIYA)
    assert [line["text"] for line in theirs.own_lines] == ["check our stock"]
    for got in (theirs, ours):
        assert references(got.lines) == ["HEL-1"]
        assert "our position" not in json.dumps(got.whole)
        assert "our stock" not in json.dumps(got.whole)
    assert "our position" not in json.dumps(theirs.own)
    assert "our position" in json.dumps(ours.own)
    assert "our stock" not in json.dumps(ours.own)
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
    theirs, ours = await taken(world, OLIVIA), await taken(world, PRIYA)
    assert history(theirs) == history(ours) == ["captured", "accepted"]
    [kept] = theirs.own["earlier_history"]
    assert [one["what"] for one in kept["history"]] == ["snoozed"]
    assert "snoozed" not in json.dumps([ours.whole, ours.own])


def history(got: Taken) -> list[str]:
    """What happened to the first item of all firms."""
    return [one["what"] for one in got.whole["action_items"][0]["history"]]


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
    assert "what all firms of Helix alliance share. Only you get it." in said
    got = await taken(world, LENA)
    assert references(got.lines) == ["HEL-1"]
    assert history(got) == ["shared"]
    assert got.own == {}
    assert "check the forecast" not in json.dumps(got.whole)
    assert "Two files: both hold what all firms share." in comment(world, LENA)


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
        whole = (await taken(world, who)).whole
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
    ours, theirs = await taken(world, PRIYA), await taken(world, OLIVIA)
    assert ours.own["leaving"] == [{"name": "Samir Haddad", "until": "2026-11-26"}]
    assert ended(ours) == ended(theirs) == {}
    assert theirs.own == {}
    await until(world, "2026-11-26T10:00:00+00:00")
    assert ended(await taken(world, OLIVIA)) == {"Samir Haddad": "2026-11-26"}


def ended(got: Taken) -> dict[str, str]:
    return {row["name"]: row["until"] for row in got.whole["people"] if row["until"]}


async def test_hostile_words_stay_words_in_a_spreadsheet(world: World) -> None:
    hostile = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", '@SUM(1)"; DROP', '<!channel> "a",b\n=2')
    for words in hostile:
        await world.command(HANA, "action")
        await world.fill(HANA, text=words)
        await world.close(HANA)
    got = await taken(world, PRIYA)
    for line in got.lines:
        for cell in line.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    texts = [one["text"] for one in got.whole["action_items"]]
    assert texts == [" ".join(w.split()) for w in hostile]
    assert got.lines[0]["text"] == "'=1+1"
    assert "5 action items" in comment(world, PRIYA)


@pytest.mark.parametrize(
    ("firm", "slug"),
    [("Müller & Söhne", "muller-sohne"), ("../../etc", "etc"), ("北方生物", "own")],
)
async def test_any_firms_name_makes_a_plain_file_name(world: World, firm: str, slug: str) -> None:
    def rename(session: Session) -> None:
        side = session.exec(select(Side).where(col(Side.is_host))).one()
        side.firm = firm
        session.add(side)

    world.change(rename)
    await world.command(HANA, "internal check our margins by Fri", channel=OWN)
    await world.write(PRIYA, "export")
    assert f"HEL-2026-11-23-{slug}-only.csv" in await exported(world, PRIYA)


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
    assert "your administrator can allow them" in told
    reach = select(Person.reach).where(Person.user_id == OLIVIA)
    assert world.stored(lambda session: session.exec(reach).one()) == "reached"
    await world.press(OLIVIA, "Try again", channel=direct(OLIVIA))
    assert len(await exported(world, OLIVIA)) == 2  # Helix keeps nothing of its own


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
            made = export.make(session, seats[firm], sentence=_all_of_it, now=MONDAY)
            shared, kept = (_texts(files) for files in (made.shared, made.own))
            for text in shared:
                assert [secret for secret in own[firm] + own[other] if secret in text] == []
            for text in kept:
                assert [secret for secret in own[other] if secret in text] == []
                assert all(secret in text for secret in _still_own(session, seats[firm]))
            assert all(secret in "".join(kept) for secret in own[firm])
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


def _all_of_it(entry: HistoryEntry) -> str:
    """The worst that words could tell."""
    return f"{entry.before} {entry.after}"


def _texts(files: tuple[export.File, ...]) -> list[str]:
    return [file.data.decode("utf-8-sig") for file in files]


def _still_own(session: Session, seat: Seat) -> list[str]:
    items = [item for item in export.items(session, seat) if item.series_side_id]
    return [item.text.partition(" ")[0] for item in items]


def _two_firms(session: Session) -> dict[str, Seat]:
    """An alliance of two firms with an alliance manager each, who keep private records."""
    home = directory.remember_installation(
        session, platform=SLACK, team_id="T1", name="North", bot_user_id="U0", now=MONDAY
    )
    people = {
        firm: directory.remember_person(
            session,
            home.id,
            directory.PersonFacts(
                f"U{firm}", team, firm.title(), platform=SLACK, zone="Europe/Berlin"
            ),
            now=MONDAY,
        )
        for firm, team in (("north", "T1"), ("helix", "T2"))
    }
    place = directory.conversation_or_new(session, home.id, "C1", "channel", platform=SLACK)
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
