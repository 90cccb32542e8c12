"""What the bot has to say arrives once, in order and in time, whatever Slack answers."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery import Delivery
from governance.firms import closing
from governance.messages import outbox, posting
from handlers.views import MESSAGE, say
from storage.engine import Database
from storage.tables import Alliance, Outbox, Person
from storage.tables import Delivery as Receipt
from tests.world import (
    ADAEZE,
    HANA,
    INES,
    JONAS,
    MATEO,
    OLIVIA,
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


def calls(world: World, method: str, **having: str) -> list[Json]:
    """The bot's calls of a method, oldest first."""
    return [
        entry
        for entry in world.slack.log()
        if entry["direction"] == "from_bot"
        and entry["method"] == method
        and all(entry["arguments"].get(name) == value for name, value in having.items())
    ]


def shown_in_channel(world: World, words: str) -> int:
    return sum(words in words_of(m) for m in world.read(PRIYA, SHARED) if m["user"] == "U0BOT")


def rows(world: World, kind: outbox.Kind) -> list[Outbox]:
    def read(session: Session) -> list[Outbox]:
        chosen = select(Outbox).where(Outbox.kind == kind.name).order_by(col(Outbox.id))
        found = list(session.exec(chosen))
        session.expunge_all()
        return found

    return world.stored(read)


def reach_of(world: World, user: str) -> str:
    return world.stored(lambda s: s.exec(select(Person.reach).where(Person.user_id == user)).one())


def put_answers(session: Session, user: str, *texts: str, now: datetime) -> None:
    """Private answers to somebody, put down for sending in this order."""
    person = session.exec(select(Person).where(Person.user_id == user)).one()
    for text in texts:
        outbox.put(
            session,
            outbox.ANSWER,
            {"message": MESSAGE.dump_json(say(text)).decode()},
            key=f"answer:{outbox.new_key()}",
            installation_id=1,
            person_id=person.id,
            now=now,
        )


def write(world: World, work: Callable[[Session], object]) -> None:
    assert world.local.bot is not None
    world.local.bot.database.run_now(work)


async def test_what_slack_throttles_goes_out_after_the_wait_it_names_and_once(
    world: World,
) -> None:
    await world.slack.fault("chat.postMessage", retry_after=30)
    await world.command(MATEO, "action book the room by Fri")
    await world.later("PT20S")
    assert shown_in_channel(world, "book the room") == 0
    assert (
        len(calls(world, "chat.postMessage", channel=SHARED)) == 2
    )  # the pinned card, and one try
    await world.later("PT15S")
    await world.later("PT1H")
    assert shown_in_channel(world, "book the room") == 1


async def test_a_direct_message_whose_answer_was_lost_is_found_and_not_sent_twice(
    world: World,
) -> None:
    await world.slack.fault("chat.postMessage", status=500, after=True)
    await world.command(PRIYA, "action @hana file the report by Fri", RANDOM)
    await world.later("PT5M")
    assert len(world.inbox(HANA)) == 1
    assert len(calls(world, "chat.postMessage", channel=direct(HANA))) == 1
    [row] = rows(world, outbox.DECIDE)
    assert (row.state, row.attempts, row.uncertain) == ("sent", 2, True)
    assert row.ts == world.read(HANA, direct(HANA))[-1]["ts"]


async def test_a_direct_message_that_failed_is_looked_for_and_sent_after_a_growing_wait(
    world: World,
) -> None:
    await world.slack.fault("chat.postMessage", status=500, times=3)
    await world.command(PRIYA, "action @hana file the report by Fri", RANDOM)
    assert world.inbox(HANA) == []
    await world.later("PT1M")
    assert len(world.inbox(HANA)) == 1
    tries = [
        datetime.fromisoformat(entry["at"])
        for entry in calls(world, "chat.postMessage", channel=direct(HANA))
    ]
    waits = [(later - one).total_seconds() for one, later in pairwise(tries)]
    assert [1.5 <= waits[0] <= 3, 3 <= waits[1] <= 5.5, 6 <= waits[2] <= 10] == [True] * 3, waits
    assert len(calls(world, "conversations.history")) == 3


async def test_whom_a_message_cannot_reach_is_told_to_their_alliance_manager_next_morning(
    world: World,
) -> None:
    await world.command(MATEO, "mine")
    await world.slack.fault("chat.postMessage", error="user_disabled")
    await world.command(MATEO, "action @hana file the report by Wed", RANDOM)
    [row] = rows(world, outbox.DECIDE)
    assert (row.state, row.error, row.attempts) == ("dead", "user_disabled", 1)
    assert reach_of(world, HANA) == "unreachable"
    assert world.inbox(PRIYA) == []
    await world.later("P1D")
    assert world.inbox(HANA) != []  # the daily message went through
    assert reach_of(world, HANA) == "reached"
    told = [text for text in world.inbox(PRIYA) if "did not arrive" in text]
    assert len(told) == 1
    assert (
        "A message to Hana Kobayashi (Helix alliance) did not arrive: their account is closed."
        in told[0]
    )
    await world.later("P1D")
    assert sum("did not arrive" in text for text in world.inbox(PRIYA)) == 1
    assert "did not arrive" not in " ".join(world.inbox(OLIVIA))


async def test_an_edit_of_a_message_that_was_taken_away_is_given_up_in_silence(
    world: World,
) -> None:
    await world.command(MATEO, "action book the room by Fri")
    await world.slack.fault("chat.update", error="message_not_found")
    await world.command(MATEO, "done HEL-1")
    await world.later("P1D")
    assert rows(world, outbox.CARD)[-1].state == "cancelled"
    assert "did not arrive" not in " ".join(world.inbox(PRIYA))


async def test_what_a_dead_sender_had_taken_goes_out_once_its_lease_has_lapsed(
    world: World,
) -> None:
    def take_and_die(session: Session) -> None:
        put_answers(session, MATEO, "One thing only.", now=world.now)
        session.flush()
        [taken] = posting.claim(session, now=world.now, limit=40)
        assert taken.lease_until is not None

    await world.command(MATEO, "mine")
    write(world, take_and_die)
    await world.later("PT50S")
    assert world.inbox(MATEO) == []
    await world.later("PT15S")
    await world.later("PT5M")
    assert [text for text in world.inbox(MATEO) if "One thing" in text] == ["One thing only."]


async def test_two_senders_over_one_database_send_everything_once(world: World) -> None:
    people = [PRIYA, MATEO, HANA, ADAEZE, JONAS, SAMIR]
    for person in people:
        await world.command(person, "mine")
    bot = world.local.bot
    assert bot is not None
    second_database = Database(world.local.database_url)
    second = Delivery(second_database, bot.clock, bot.platforms)

    def put(session: Session) -> None:
        for number in range(60):
            put_answers(session, people[number % 6], f"Message {number}.", now=world.now)

    write(world, put)
    await asyncio.gather(bot.delivery.deliver_all(), second.deliver_all())
    await world.later("PT2M")
    second_database.close()
    got = Counter(text for person in people for text in world.inbox(person))
    assert got == {f"Message {number}.": 1 for number in range(60)}


async def test_what_one_person_is_written_keeps_its_order_through_a_fault(world: World) -> None:
    await world.command(MATEO, "mine")
    for fault in ({"retry_after": 5}, {"status": 500}, {"error": "some_new_error"}):
        before = len(world.inbox(MATEO))
        await world.slack.fault("chat.postMessage", **fault)
        write(world, lambda s: put_answers(s, MATEO, "First.", "Second.", "Third.", now=world.now))
        await world.later("PT1S")
        write(world, lambda s: put_answers(s, MATEO, "Fourth.", now=world.now))
        await world.later("PT2M")
        assert world.inbox(MATEO)[before:] == ["First.", "Second.", "Third.", "Fourth."], fault


async def test_a_channel_gets_no_burst_of_posts_and_all_of_them_in_the_end(world: World) -> None:
    for person in (PRIYA, MATEO, HANA, ADAEZE, JONAS, SAMIR):
        await world.command(person, "action look at the draft by Fri")
    for person in (OLIVIA, INES, TOMASZ):
        await world.mention(person, "action look at the draft by Fri")
    await world.later("PT1M")
    posts = [
        datetime.fromisoformat(entry["at"])
        for entry in calls(world, "chat.postMessage", channel=SHARED)
    ]
    assert len(posts) == 10  # the pinned card and nine items
    for at in posts:
        assert sum(at <= other < at + timedelta(seconds=2.9) for other in posts) <= 3


async def test_changes_of_one_card_in_quick_succession_become_few_edits(world: World) -> None:
    await world.command(MATEO, "action book the room by Fri")
    await world.later("PT1M")
    for number in range(6):
        await world.command(MATEO, f"edit HEL-1 book room {number}")
    await world.later("PT1M")
    edits = calls(world, "chat.update", channel=SHARED)
    assert 1 <= len(edits) <= 3, len(edits)
    assert "book room 5" in world.text(TOMASZ, SHARED)


async def test_content_goes_after_thirty_days_and_the_account_of_who_got_what_stays(
    world: World,
) -> None:
    await world.command(PRIYA, "action @olivia send the redlines by 40d")
    asked_on = world.now

    def left(session: Session) -> tuple[int, int]:
        receipts = select(Receipt).where(
            Receipt.kind == outbox.DECIDE.name, Receipt.record == "action_item"
        )
        whole = select(Outbox).where(Outbox.kind == outbox.DECIDE.name, Outbox.state == "sent")
        return (
            len(session.exec(receipts).all()),
            sum(bool(row.facts) for row in session.exec(whole)),
        )

    for days, expected in ((29, (1, 1)), (31, (1, 0)), (399, (1, 0))):
        write(world, partial(posting.purge, now=asked_on + timedelta(days=days)))
        assert world.stored(left) == expected, days
    seen = await world.press(OLIVIA, "Accept", channel=direct(OLIVIA))
    await world.later("PT10S")
    assert "· open" in world.text(OLIVIA, SHARED), "the button of an old message works"
    assert seen.text.strip(), "and is answered"
    write(world, partial(posting.purge, now=asked_on + timedelta(days=401)))
    assert world.stored(left) == (0, 0)


async def test_what_was_on_its_way_when_the_alliance_was_closed_is_not_tried_again(
    world: World,
) -> None:
    await world.command(MATEO, "mine")
    await world.slack.fault("chat.postMessage", error="internal_error", times=1)
    await world.command(MATEO, "action @hana file the report by Wed", RANDOM)

    def close(session: Session) -> None:
        [row] = session.exec(select(Outbox).where(Outbox.kind == outbox.DECIDE.name))
        row.state, row.lease_until = "sending", world.now
        alliance = session.exec(select(Alliance)).one()
        closing.close(session, alliance, by=session.get_one(Person, 1), now=world.now)

    world.change(close)
    await world.later("PT5M")
    [row] = rows(world, outbox.DECIDE)
    assert (row.state, row.error) == ("cancelled", closing.CLOSED)


async def test_a_sender_that_is_woken_while_it_is_stopped_stops(world: World) -> None:
    bot = world.local.bot
    assert bot is not None
    for steps in range(4):
        sender = asyncio.create_task(bot.delivery.run())
        await asyncio.sleep(0.05)
        bot.delivery.wake()
        for _ in range(steps):
            await asyncio.sleep(0)
        sender.cancel()
        done, _ = await asyncio.wait([sender], timeout=10)
        assert done, f"still running when stopped {steps} steps after it was woken"
