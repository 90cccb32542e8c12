"""Files on Teams: offered to one person, made anew when they allow them, given to nobody else."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from governance.people.members import seat
from governance.seeing.export import File
from handlers.seeing import export
from handlers.teams import consent, sealing
from handlers.teams.uploads import CHUNK, Uploads
from handlers.views import say
from playground.teams import activities, files
from storage.tables import TEAMS, ActionItem, Alliance, Delivery, Member, Outbox, Person
from tests.anywhere import HANA, MATEO, OLIVIA, OWN, PRIYA, SHARED, Json, direct
from tests.daily import name_helix_manager
from tests.teams.conftest import Knock
from tests.teams.test_faults import database_locked
from tests.teams.world import TeamsWorld, handle

ALL, ALL_JSON = "HEL-2026-11-23-all-firms.csv", "HEL-2026-11-23-all-firms.json"
ONLY, ONLY_JSON = (f"HEL-2026-11-23-northwind-bio-only.{kind}" for kind in ("csv", "json"))
GONE = "This file is not there any more. Ask for it again if you need it."


def offers(world: TeamsWorld, who: str = PRIYA) -> dict[str, Json]:
    """The messages that offer somebody a file, by its name."""
    found = world.read(who, direct(who))
    return {f["name"]: m for m in found for f in m["files"] if f["offered"]}


def given(world: TeamsWorld, who: str = PRIYA) -> dict[str, bytes]:
    """What is in the files that somebody's chat shows."""
    found = [f for m in world.read(who, direct(who)) for f in m["files"] if not f["offered"]]
    return {one["name"]: world.teams.file(one["id"]) for one in found}


async def allow(world: TeamsWorld, name: str, who: str = PRIYA) -> Json:
    return await world.done(world.teams.accept_file(handle(who), offers(world, who)[name]["id"]))


async def asked_for(world: TeamsWorld, who: str = PRIYA) -> None:
    await world.command(HANA, "action file the report by Fri")
    await world.command(HANA, "action agree our position by Fri", OWN)
    await world.write(who, "export")


def as_made(world: TeamsWorld, who: str = PRIYA) -> dict[str, bytes]:
    """What the export makes at this moment."""

    def make(session: Session) -> tuple[File, ...]:
        person = session.exec(select(Person).where(Person.user_id == world.id_of(who))).one()
        alliance = session.exec(select(Alliance)).one()
        assert seat(session, alliance, person, now=world.now)
        made = export.files(session, person, alliance.id, now=world.now)
        assert made is not None
        return made[1]

    return {one.name: one.data for one in world.stored(make)}


def shown_to(world: TeamsWorld, who: str) -> list[int | None]:
    """The items that the account says somebody was given in files."""
    chosen = (
        select(Delivery.record_id)
        .join(Person, Person.id == Delivery.person_id)  # type: ignore[arg-type]
        .where(
            col(Delivery.kind).startswith("file"),
            Delivery.record == "action_item",
            Person.user_id == world.id_of(who),
        )
    )
    return world.stored(lambda session: list(session.exec(chosen)))


def texts_of(world: TeamsWorld, item: int | None) -> list[str]:
    chosen = select(ActionItem.text).where(ActionItem.id == item)
    return world.stored(lambda session: list(session.exec(chosen)))


def press_of(world: TeamsWorld, card: Json, who: str = PRIYA, **changes: Any) -> Json:
    """What Teams sends when somebody allows a file."""
    house = world.teams.house
    person = house.world.person(handle(who))
    room = house.world.personal(person)
    kept = house.world.rooms[card["conversation"]].messages[card["id"]].files[0]
    place = files.begin(house.world.files, kept["name"], person.id)
    value = {"type": "fileUpload", "action": "accept", "context": kept["content"]["acceptContext"]}
    value |= {"uploadInfo": files.upload_info(house.public_url, place)} | changes
    return activities.invoke(house, consent.INVOKE, person, room, None, value, card["id"])


async def test_an_export_is_offered_allowed_and_is_what_the_export_makes(
    world: TeamsWorld,
) -> None:
    await asked_for(world)
    assert list(offers(world)) == [ALL, ALL_JSON, ONLY, ONLY_JSON]
    assert "Four files: two hold what all firms share" in " ".join(world.inbox(PRIYA))
    assert shown_to(world, PRIYA) == [], "an offer shows nothing"
    for name in (ALL, ALL_JSON, ONLY, ONLY_JSON):
        await allow(world, name)
    assert given(world) == as_made(world)
    assert b"file the report" in given(world)[ALL]
    assert b"agree our position" not in given(world)[ALL]
    assert offers(world) == {}, "what was answered can't be pressed again"
    assert len(set(shown_to(world, PRIYA))) == 2
    assert not any(m["files"] for m in world.read(HANA, SHARED))


async def test_the_card_holds_nothing_of_the_file(world: TeamsWorld) -> None:
    await asked_for(world)
    rooms = world.teams.house.world.rooms
    for card in offers(world).values():
        kept = json.dumps(rooms[card["conversation"]].messages[card["id"]].files)
        assert "file the report" not in kept
        assert "our position" not in kept


async def test_it_is_made_anew_when_it_is_allowed_also_on_another_day(world: TeamsWorld) -> None:
    await asked_for(world)
    await world.later("P2D")
    await world.command(HANA, "action book the room by Fri")
    await allow(world, ALL)
    await allow(world, ONLY)
    got, made = given(world), as_made(world)
    assert b"book the room" in got[ALL]
    assert got[ALL] == made["HEL-2026-11-25-all-firms.csv"]
    assert got[ONLY] == made["HEL-2026-11-25-northwind-bio-only.csv"]


async def test_a_declined_file_is_saved_nowhere_and_the_question_closes(world: TeamsWorld) -> None:
    await asked_for(world)
    card = offers(world)[ALL]
    await world.done(world.teams.decline_file("priya", card["id"]))
    assert ALL not in offers(world)
    assert f"{ALL}: you declined it, and nothing was saved." in " ".join(world.inbox(PRIYA))
    assert (given(world), shown_to(world, PRIYA)) == ({}, [])
    assert world.teams.house.world.files == {}
    await allow(world, ONLY)
    assert list(given(world)) == [ONLY], "the others stay as they were"


async def test_a_declined_file_whose_card_is_not_named_is_answered_by_a_message(
    world: TeamsWorld, knock: Knock
) -> None:
    await asked_for(world)
    press = press_of(world, offers(world)[ALL], action="decline")
    await knock({key: value for key, value in press.items() if key != "replyToId"})
    await world.later("PT1S")
    assert f"{ALL}: you declined it, and nothing was saved." in " ".join(world.inbox(PRIYA))


async def test_the_account_names_what_is_in_the_files_that_were_allowed(world: TeamsWorld) -> None:
    await asked_for(world)
    for name, texts in ((ALL, ["file the report"]), (ONLY, ["agree our position"])):
        before = len(shown_to(world, PRIYA))
        await allow(world, name)
        [item] = shown_to(world, PRIYA)[before:]
        assert texts_of(world, item) == texts


async def test_a_second_press_gets_a_kind_sentence_and_a_repeat_of_one_gets_silence(
    world: TeamsWorld, knock: Knock
) -> None:
    await asked_for(world)
    press = press_of(world, offers(world)[ALL])
    for _ in range(3):
        assert (await knock(press)).status == 200
        await world.later("PT1S")
    assert list(given(world)) == [ALL]
    said = "You have answered this one already."
    assert said not in " ".join(world.inbox(PRIYA))
    await knock(press | {"id": "f:another"})
    await world.later("PT1S")
    assert said in " ".join(world.inbox(PRIYA))
    assert list(given(world)) == [ALL]


@pytest.mark.parametrize("empty_teams_world", ["sqlite", "postgres"], indirect=True)
async def test_two_presses_at_once_save_one_file(world: TeamsWorld, knock: Knock) -> None:
    await asked_for(world)
    card = offers(world)[ALL]
    for number in range(2):
        await knock(press_of(world, card) | {"id": f"f:{number}"})
    await world.later("PT5S")
    saved = [one for one in world.teams.house.world.files.values() if one.is_complete]
    assert [one.name for one in saved] == list(given(world)) == [ALL]


async def test_somebody_who_is_no_member_any_more_gets_nothing(world: TeamsWorld) -> None:
    await name_helix_manager(world)
    await world.command(HANA, "action file the report by Fri")
    await world.write(OLIVIA, "export")

    def end(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == world.id_of(OLIVIA))).one()
        member = session.exec(select(Member).where(Member.person_id == person.id)).one()
        member.until = (world.now - timedelta(days=1)).date()
        session.add(member)

    world.change(end)
    await allow(world, ALL, OLIVIA)
    assert given(world, OLIVIA) == {}
    assert GONE in " ".join(world.inbox(OLIVIA))
    assert ALL not in offers(world, OLIVIA)
    assert shown_to(world, OLIVIA) == []


async def test_a_closed_account_gets_nothing(world: TeamsWorld) -> None:
    await asked_for(world)

    def close(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == world.id_of(PRIYA))).one()
        person.gone_at = world.now
        session.add(person)

    world.change(close)
    await allow(world, ALL)
    assert (given(world), shown_to(world, PRIYA)) == ({}, [])


async def test_somebody_who_manages_their_firm_no_more_gets_nothing(world: TeamsWorld) -> None:
    await asked_for(world)

    def step_down(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == world.id_of(PRIYA))).one()
        member = session.exec(select(Member).where(Member.person_id == person.id)).one()
        member.role = "lead"
        session.add(member)

    world.change(step_down)
    await allow(world, ONLY)
    assert given(world) == {}
    assert GONE in " ".join(world.inbox(PRIYA))


async def test_a_press_a_year_later_gets_the_same_sentence(world: TeamsWorld, knock: Knock) -> None:
    await asked_for(world)
    press = press_of(world, offers(world)[ALL])
    await world.teams.set_clock("2027-11-23T14:30:00Z")
    await world.bot.ticks.purge()
    await knock(press)
    await world.later("PT5S")
    assert given(world) == {}
    assert GONE in " ".join(world.inbox(PRIYA))


async def test_an_offer_is_answered_only_by_whom_it_was_made_for(
    world: TeamsWorld, knock: Knock
) -> None:
    """Whoever could copy what is in somebody's card has nothing of it."""
    await name_helix_manager(world)
    await asked_for(world)
    await world.write(OLIVIA, "export")
    copied = press_of(world, offers(world)[ONLY])["value"]["context"]
    await knock(press_of(world, offers(world, OLIVIA)[ALL], OLIVIA, context=copied))
    await world.later("PT5S")
    assert given(world, OLIVIA) == {}
    assert GONE in " ".join(world.inbox(OLIVIA))
    await allow(world, ONLY)
    assert list(given(world)) == [ONLY], "and it is still hers"


@pytest.mark.parametrize("forged", ["unsealed", "other", "none", "dataset", "action", "channel"])
async def test_what_bears_no_seal_of_ours_does_nothing(
    world: TeamsWorld, knock: Knock, forged: str
) -> None:
    await asked_for(world)
    press = press_of(world, offers(world)[ALL])
    value, context = press["value"], press["value"]["context"]
    seal, _, words = context["offer"].partition(".")
    match forged:
        case "unsealed":
            value["context"] = {"offer": words}
        case "other":
            value["context"] = {"offer": f"{seal}.{words.replace('all-firms', 'only')}"}
        case "none":
            value["context"] = None
        case "dataset":
            value["context"] = {"offer": sealing.sealed_words("people?place=1")}
        case "action":
            value["action"] = "other"
        case "channel":
            shared = world.teams.house.world.room(world.place(SHARED))
            about = {"id": shared.id, "conversationType": "channel", "tenantId": shared.tenant}
            press["conversation"] = about
    with capture_logs() as logs:
        assert (await knock(press)).status == 200
        await world.later("PT5S")
    assert "not_as_put" in [entry["event"] for entry in logs]
    assert given(world) == {}
    assert ALL in offers(world), "it can still be allowed"


@pytest.mark.parametrize(
    "address",
    [
        "http://contoso.sharepoint.com/upload",
        "https://contoso.sharepoint.com:8443/upload",
        "https://contoso.sharepoint.com@evil.example/upload",
        "https://a:b@contoso.sharepoint.com/upload",
        "https://evil.example/contoso.sharepoint.com",
        "https://contosharepoint.com/upload",
        "https://contoso.sharepoint.us/upload",
        "https://sharepoint.com.evil.example/upload",
        "https://evil.example\\.sharepoint.com/upload",
        "https://evil.example#.sharepoint.com",
        "https://169.254.169.254/latest",
        "https://127.0.0.1/upload",
        "file:///etc/passwd",
        "",
    ],
)
async def test_files_go_to_onedrive_only(world: TeamsWorld, knock: Knock, address: str) -> None:
    uploads = Uploads()
    assert uploads.takes("https://contoso-my.sharepoint.com/personal/x/_api/v2.0/up?tempauth=1")
    assert uploads.takes("https://Contoso.SharePoint.cn/upload")
    assert not uploads.takes(address)
    await uploads.close()
    await asked_for(world)
    press = press_of(world, offers(world)[ALL])
    press["value"]["uploadInfo"]["uploadUrl"] = address
    await knock(press)
    await world.later("PT5S")
    assert f"{ALL} was not saved. Your OneDrive did not take it." in " ".join(world.inbox(PRIYA))
    assert given(world) == {}


async def test_an_address_to_show_that_is_not_onedrives_is_not_shown(
    world: TeamsWorld, knock: Knock
) -> None:
    await asked_for(world)
    press = press_of(world, offers(world)[ALL])
    press["value"]["uploadInfo"]["contentUrl"] = "https://evil.example/"
    await knock(press)
    await world.later("PT5S")
    assert f"{ALL} is saved in your OneDrive." in " ".join(world.inbox(PRIYA))
    assert "evil.example" not in json.dumps(
        [e["arguments"] for e in world.teams.log() if e["method"] == "activities.post"]
    )


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"status": 403, "error": "accessDenied"}, "was not saved. Your OneDrive did not take it."),
        ({"status": 507, "error": "quotaLimitReached"}, "was not saved. Your OneDrive has no room"),
        ({"status": 429, "retry_after": 600}, "was not saved. Your OneDrive was busy."),
        ({"status": 503}, "may not have arrived. Your OneDrive did not say that it has it."),
        ({"status": 302}, "was not saved. Your OneDrive did not take it."),
    ],
)
async def test_an_upload_that_fails_says_so_and_is_offered_again(
    world: TeamsWorld, fault: Json, why: str
) -> None:
    await asked_for(world)
    await world.teams.fault("upload", **fault)
    before = offers(world)[ALL]["id"]
    await allow(world, ALL)
    assert given(world) == {}
    told = " ".join(world.inbox(PRIYA))
    assert f"{ALL} {why}" in told
    assert "Allow it below to try again: it is made anew." in told
    assert offers(world)[ALL]["id"] != before
    assert len(offers(world)) == 4, "one card a file"
    await world.teams.fault("upload", status=500)
    await allow(world, ALL)
    assert offers(world)[ALL], "however often"
    await allow(world, ALL)
    assert given(world)[ALL] == as_made(world)[ALL]
    assert shown_to(world, PRIYA) == [1, 1, 1], "each try may have left something"


async def test_a_storage_that_is_busy_for_a_moment_is_asked_again(world: TeamsWorld) -> None:
    await asked_for(world)
    await world.teams.fault("upload", status=429, retry_after=0, times=2)
    await allow(world, ALL)
    assert list(given(world)) == [ALL]
    assert "was not saved" not in " ".join(world.inbox(PRIYA))


async def test_a_chat_that_takes_only_some_of_the_cards_is_offered_all_of_them_later(
    world: TeamsWorld,
) -> None:
    await world.command(HANA, "internal agree our position by Fri", OWN)
    await world.write(PRIYA, "mine")
    await world.teams.fault("activities.post", delay=0.01, times=3)
    await world.teams.fault("activities.post", status=429, retry_after=30)
    await world.write(PRIYA, "export")
    calls = [(e["method"], e["status"]) for e in world.teams.log()]
    assert ("activities.post", 429) in calls
    assert ("activities.delete", 200) in calls
    assert offers(world) == {}
    await world.later("PT1M")
    assert len([m for m in world.read(PRIYA, direct(PRIYA)) if m["files"]]) == 4
    assert " ".join(world.inbox(PRIYA)).count("Four files") == 1


async def test_a_blocked_chat_says_so_to_nobody_and_counts_as_shown_to_nobody(
    world: TeamsWorld,
) -> None:
    await world.write(PRIYA, "mine")
    await world.done(world.teams.block("priya"))
    await world.command(PRIYA, "export")
    dead = select(Outbox.error).where(Outbox.kind == "file", Outbox.state == "dead")
    assert world.stored(lambda session: session.exec(dead).all()) == ["MessageWritesBlocked"]
    assert shown_to(world, PRIYA) == []


async def test_an_app_that_may_not_send_files_says_who_can_allow_it(world: TeamsWorld) -> None:
    world.teams.house.manifest = replace(world.teams.house.manifest, files=False)
    await world.write(PRIYA, "export")
    told = " ".join(world.inbox(PRIYA))
    assert "The export of Helix alliance did not arrive." in told
    assert "Teams did not take it; your Teams administrator may know why." in told
    assert "switched off" not in told, "nothing says that"
    assert "Four files" not in told
    assert "Two files" not in told, "nothing comes by half"
    world.teams.house.manifest = replace(world.teams.house.manifest, files=True)
    await world.press(PRIYA, "Try again", channel=direct(PRIYA))
    assert offers(world)


async def test_a_press_while_the_database_is_away_says_so_and_works_later(
    world: TeamsWorld,
) -> None:
    await asked_for(world)
    card = offers(world)[ALL]
    with database_locked(world):
        await world.teams.accept_file("priya", card["id"])
        await world.bot._quiet()
    assert "nothing was saved" in " ".join(world.inbox(PRIYA))
    await allow(world, ALL)
    assert given(world)[ALL] == as_made(world)[ALL]


async def test_a_bot_that_died_over_a_file_hands_it_over_the_next_time(world: TeamsWorld) -> None:
    await asked_for(world)

    def die(session: Session) -> None:
        row = session.exec(select(Outbox).where(Outbox.kind == "file")).one()
        begun = {"how": "begun", "at": world.now.isoformat()}
        row.facts = row.facts | {"answered": {"all-firms.csv": begun}}
        session.add(row)

    world.change(die)
    await world.later("PT3M")
    await allow(world, ALL)
    assert list(given(world)) == [ALL]


async def test_where_a_file_is_put_is_in_no_log(
    world: TeamsWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """The address is the right to write there."""
    await asked_for(world)
    with caplog.at_level("INFO"), capture_logs() as logs:
        await world.teams.fault("upload", status=403)
        await allow(world, ALL)
        await allow(world, ALL)
    assert list(given(world)) == [ALL]
    for file in world.teams.house.world.files.values():
        assert file.key not in caplog.text + repr(logs)


async def test_a_large_file_goes_in_pieces(world: TeamsWorld) -> None:
    house = world.teams.house
    await world.write(PRIYA, "mine")
    person = house.world.person("priya")
    place = files.begin(house.world.files, "large.bin", person.id)
    data = bytes(range(256)) * (CHUNK // 128) + b"the end"
    uploads = Uploads(house.public_url)
    since = len(world.teams.log())
    await uploads.put(files.upload_info(house.public_url, place)["uploadUrl"], data)
    await uploads.close()
    assert world.teams.file(place.id) == data
    sent = [e["arguments"]["bytes"] for e in world.teams.log()[since:] if e["method"] == "upload"]
    assert sent == [CHUNK, CHUNK, 7]


async def test_any_message_may_carry_files_and_only_to_one_person(world: TeamsWorld) -> None:
    """What is offered is general: a name, how large it is, and which of a message's files."""
    await world.write(MATEO, "mine")
    messenger = world.bot.platforms[TEAMS].messenger
    chat = world.place(direct(MATEO))
    meeting = File("meeting.ics", b"BEGIN:VCALENDAR")
    sent = await messenger.send_files(chat, say("Your meeting"), [meeting], token="t0")
    assert sent.offered
    assert list(offers(world, MATEO)) == ["meeting.ics"]
    await allow(world, "meeting.ics", MATEO)
    assert GONE in " ".join(world.inbox(MATEO)), "no message of ours has that token"
