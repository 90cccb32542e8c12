"""What never reached anybody counts as not said: it is said the next time, or in another way."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from governance.messages import chasing, outbox, posting
from governance.messages.posting import Outcome
from handlers.views import MESSAGE, say
from storage.tables import ActionItem, Person
from tests.daily import BERLIN, days, said, until
from tests.world import HANA, MATEO, OLIVIA, PRIYA, SHARED, World


async def test_lines_of_a_daily_message_that_was_not_sent_come_with_the_next(
    world: World,
) -> None:
    await world.command(HANA, "action book the room by 26 Nov")
    await world.command(PRIYA, "action @hana print the dossier by 18 Dec")
    await world.command(PRIYA, "cancel HEL-2 not needed")
    await until(world, "2026-11-24T07:00+00:00")
    await world.slack.fault("chat.postMessage", status=429, retry_after=3600, times=21)
    await until(world, "2026-11-25T12:00+00:00")
    assert days(world, HANA, BERLIN) == ["Wed 25 Nov"]
    assert "Coming up HEL-1 book the room" in said(world, HANA)
    assert "Priya Raman cancelled HEL-2" in said(world, HANA)
    await until(world, "2026-11-26T12:00+00:00")
    assert "HEL-2" not in said(world, HANA), "news is told once"


async def test_whoever_captured_hears_that_the_channel_could_not_show_it(world: World) -> None:
    await world.slack.fault("chat.postMessage", error="is_archived")
    await world.command(MATEO, "action book the room by Fri")
    await world.later("PT1M")
    told = "HEL-1 is recorded, but I could not show it in the channel"
    assert [told in message for message in world.inbox(MATEO)] == [True]
    await world.slack.fault("chat.postMessage", error="is_archived")
    await world.command(MATEO, "move HEL-1 to 30 Nov")
    await world.later("PT1M")
    assert len(world.inbox(MATEO)) == 1, "once"
    await world.command(MATEO, "done HEL-1")
    await world.later("PT1M")
    assert "book the room" in world.text(OLIVIA, SHARED), "the channel is back"


async def test_the_same_message_is_not_sent_twice_at_a_time(world: World) -> None:
    assert world.local.bot is not None
    database = world.local.bot.database
    later = world.now + timedelta(hours=1)

    def put(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == HANA)).one()
        facts = {"message": MESSAGE.dump_json(say("Hello")).decode()}
        put_at = {"installation_id": 1, "person_id": person.id, "now": world.now}
        outbox.put(session, outbox.ANSWER, facts, key="twin", not_before=later, **put_at)

    def claim(now: datetime) -> list[int]:
        def work(session: Session) -> list[int]:
            return [row.id for row in posting.claim(session, now=now, limit=40)]

        return database.run_now(work)

    database.run_now(put)
    [first] = claim(later)
    database.run_now(put)
    assert claim(later) == []
    due = world.stored(posting.next_due)
    assert due is not None
    assert due > later, "it does not count as due meanwhile"
    sent = [Outcome(first, "sent", channel="D0HANA", ts="1.1")]
    database.run_now(lambda session: posting.finish(session, sent, now=later))
    assert len(claim(later)) == 1


async def test_a_press_during_the_tick_is_not_undone_by_its_mark(world: World) -> None:
    assert world.local.bot is not None
    database = world.local.bot.database
    await world.command(HANA, "action book the room by 26 Nov")
    await world.command(HANA, "action print the dossier")
    await world.command(HANA, "snooze HEL-2 until 1 Dec")

    def mark(session: Session) -> list[tuple[int, bool]]:
        items = list(session.exec(select(ActionItem).order_by(col(ActionItem.id))))
        seen = [
            {
                "key": item.id,
                "owner": item.owner_id,
                "rung": 0,
                "seen": item.told_rung,
                "snooze": None,
                "day": item.due,
            }
            for item in items
        ]
        session.connection().execute(chasing.MARK_TOLD, seen)
        session.expire_all()
        return [(item.told_rung, item.snoozed_until is not None) for item in items]

    assert database.run_now(mark) == [(0, False), (-2, True)]
