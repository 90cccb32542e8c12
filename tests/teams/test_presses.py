"""Cards that are pressed twice, late, by others, or where they are no more."""

from typing import Any

from sqlmodel import Session, func, select
from structlog.testing import capture_logs

from playground.teams import activities
from storage.tables import HistoryEntry, Outbox
from tests.anywhere import HANA, KWAME, MATEO, OLIVIA, OWN, PRIYA, SHARED, TOMASZ, AnyWorld
from tests.teams.conftest import Knock
from tests.teams.world import Json, TeamsWorld, handle


def times(world: AnyWorld, what: str) -> int:
    def count(session: Session) -> int:
        noted = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.what == what)
        return session.exec(noted).one()

    return world.stored(count)


def press_of(world: TeamsWorld, who: str, label: str, channel: str = SHARED) -> Json:
    """What Teams sends when somebody presses a button of the newest card that has it."""
    house = world.teams.house
    card = next(m for m in reversed(world.read(PRIYA, channel)) if label in world.buttons(m))
    action = world.buttons(card)[label]
    sent = {name: action[name] for name in ("type", "title", "verb", "data")}
    value = {"action": sent, "trigger": "manual"}
    person, room = house.world.person(handle(who)), house.world.room(world.place(channel))
    return activities.invoke(
        house, "adaptiveCard/action", person, room, None, value, str(card["id"])
    )


def shown(body: Any) -> str:
    """The words that answer a press."""
    value = body["value"]
    return value if isinstance(value, str) else str(value["body"])


async def test_the_same_press_twice_has_one_effect_and_the_same_answer(
    world: TeamsWorld, knock: Knock
) -> None:
    await world.command(HANA, "action file the report by Fri")
    press = press_of(world, HANA, "Done")
    first, second = await knock(press), await knock(press)
    assert first.body == second.body
    assert "done" in shown(first.body)
    assert times(world, "done") == 1
    await world.later("P2D")
    assert (await knock(press)).body == first.body, "however late the repeat is"
    other = press | {"id": "f:another"}
    assert "marked it done" in shown((await knock(other)).body)
    assert times(world, "done") == 1


async def test_a_press_without_an_id_is_told_from_another_by_what_was_pressed(
    world: TeamsWorld, knock: Knock
) -> None:
    await world.command(HANA, "action file the report by Fri")
    press = press_of(world, HANA, "Done")
    del press["id"]
    first, second = await knock(press), await knock(press)
    assert first.body == second.body
    assert times(world, "done") == 1


async def test_somebody_elses_press_tells_them_whose_it_is(world: TeamsWorld) -> None:
    await world.command(HANA, "action file the report by Fri")
    for who in (MATEO, TOMASZ):
        seen = await world.press(who, "Done", channel=SHARED)
        assert "Hana Kobayashi is its owner and marks it done." in seen.private
    assert "marks it done" not in world.text(HANA, SHARED), "nobody else reads that"
    assert times(world, "done") == 0


async def test_somebody_who_is_not_in_the_channel_presses_nothing(
    world: TeamsWorld, knock: Knock
) -> None:
    """Teams would not let them; whoever could copy the request is asked for all the same."""
    await world.command(HANA, "action weigh our exit by Fri", OWN)
    for label in ("Done", "Details"):
        press = press_of(world, HANA, "Done", OWN)
        partner = world.teams.house.world.person("kwame")
        press["from"] = {"id": partner.id, "aadObjectId": partner.object_id, "name": partner.name}
        press["id"] = f"f:{label}"
        answered = await knock(press)
        assert answered.status == 200
        assert "our exit" not in shown(answered.body)
    assert times(world, "done") == 0
    assert world.id_of(KWAME) == partner.object_id


async def test_a_card_of_a_year_ago_still_works(world: TeamsWorld) -> None:
    await world.command(HANA, "action file the report by 27 Nov")
    old = press_of(world, HANA, "Done")
    await world.later("P30D")
    await world.command(HANA, "snooze HEL-1 until 1 Mar 2027")
    await world.teams.set_clock("2027-11-23T14:30:00Z")
    await world.bot.ticks.purge()
    assert times(world, "done") == 0
    seen = await world.press(HANA, "Done", channel=SHARED, ts=str(old["replyToId"]))
    assert seen.ok
    assert times(world, "done") == 1


async def test_a_press_on_a_message_that_was_deleted_counts_and_nobody_is_troubled(
    world: TeamsWorld, knock: Knock
) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by Fri")
    press = press_of(world, OLIVIA, "Accept")
    room = world.teams.house.world.room(world.place(SHARED))
    room.messages[str(press["replyToId"])].deleted = True
    with capture_logs():
        answered = await knock(press)
    assert answered.status == 200
    assert times(world, "accepted") == 1
    await world.later("PT5M")
    await world.command(PRIYA, "edit HEL-1 send all the redlines")
    await world.later("P1D")
    dead = select(Outbox.kind, Outbox.error).where(Outbox.state == "dead")
    assert world.stored(lambda session: list(session.exec(dead))) == []
    assert "could not show" not in " ".join(world.inbox(PRIYA))


async def test_a_card_that_comes_into_view_changes_nothing(world: TeamsWorld, knock: Knock) -> None:
    await world.command(HANA, "action file the report by Fri")
    press = press_of(world, HANA, "Done")
    press["value"]["trigger"] = "automatic"
    assert (await knock(press)).status == 200
    assert times(world, "done") == 0


async def test_a_form_that_is_sent_twice_records_once(world: TeamsWorld, knock: Knock) -> None:
    await world.command(MATEO, "action")
    await world.fill(MATEO, text="book the room", due="2026-11-27")
    [sent] = [e["arguments"] for e in world.teams.log() if e["method"] == "task/submit"][-1:]
    again = await knock(sent)
    assert "HEL-1 is yours" in str(again.body).replace("'}, {'type': 'TextRun', 'text': '", "")
    await world.later("PT5S")
    assert world.references(PRIYA, SHARED) == ["HEL-1"]
