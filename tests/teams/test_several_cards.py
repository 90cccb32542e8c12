"""A message that is too long for one card: it comes whole, once, and every card of it is kept up to
date."""

import re
from collections.abc import Sequence

import pytest
from sqlmodel import Session, select

from governance.messages import outbox
from handlers.teams import render
from handlers.views import MESSAGE, Message, say
from playground.teams.inputs import buttons_of
from storage.tables import Conversation, Delivery, Installation, Member, Outbox, Person
from tests.anywhere import HANA, OWN, SHARED, direct
from tests.daily import until
from tests.teams import shapes
from tests.teams.world import Json, TeamsWorld

POST = "activities.post"
LONG = " ".join(f"word{number}" for number in range(5_000))


def put_down(world: TeamsWorld, message: Message, place: str | None = None) -> None:
    """An answer to Hana, directly or in a channel that she asked in."""

    def put(session: Session) -> None:
        hana = session.exec(select(Person).where(Person.user_id == world.id_of(HANA))).one()
        home = session.exec(select(Installation.id)).one()
        there = select(Conversation.id).where(Conversation.external_id == place)
        outbox.put(
            session,
            outbox.ANSWER,
            {"message": MESSAGE.dump_json(message).decode()},
            key="long",
            installation_id=home,
            person_id=hana.id,
            conversation_id=session.exec(there).first() if place else None,
            now=world.now,
        )

    world.change(put)


async def fail_second_post(world: TeamsWorld, status: int) -> None:
    await world.teams.fault(POST, delay=0.001)
    await world.teams.fault(POST, status=status, retry_after=90 if status == 429 else None)


async def shown_since(world: TeamsWorld, place: str, before: Sequence[Json]) -> list[str]:
    return [world.words(m) for m in world.read(HANA, place)[len(before) :]]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("place", [direct(HANA), SHARED], ids=["directly", "in a channel"])
async def test_it_goes_on_from_the_card_that_failed(
    world: TeamsWorld, place: str, status: int
) -> None:
    await world.write(HANA, "mine")
    before = world.read(HANA, place)
    await fail_second_post(world, status)
    put_down(world, say(LONG), world.place(SHARED) if place == SHARED else None)
    await world.bot.run_due()
    assert len(await shown_since(world, place, before)) == 1
    await world.later("PT2M")
    cards = await shown_since(world, place, before)
    assert len(cards) > 2
    assert " ".join(cards) == LONG


@pytest.mark.parametrize("now", [say("Short."), say(LONG.replace("word", "term"))])
async def test_what_changed_before_it_went_on_is_right_on_every_card(
    world: TeamsWorld, now: Message
) -> None:
    await world.write(HANA, "mine")
    before = world.read(HANA, direct(HANA))
    await fail_second_post(world, 429)
    put_down(world, say(LONG))
    await world.bot.run_due()

    def change(session: Session) -> None:
        row = session.exec(select(Outbox).where(Outbox.dedup_key == "long")).one()
        row.facts = {"message": MESSAGE.dump_json(now).decode()}
        session.add(row)

    world.change(change)
    await world.later("PT2M")
    cards = await shown_since(world, direct(HANA), before)
    assert "word" not in " ".join(cards)
    assert cards == [shapes.words_of(one) for one in render.pages(now, opens=())]


async def long_digest(world: TeamsWorld) -> list[Json]:
    """The cards of a daily message that has all the actions there may be, each at its longest."""
    await world.write(HANA, "mine")
    before = len(world.read(HANA, direct(HANA)))
    for number in range(15):
        words = f"step {number} " + "weigh it well " * 19
        await world.mention(HANA, f"action {words} by 24 Nov", OWN)
        await world.later("PT20S")
    await until(world, "2026-11-24T14:00+00:00")
    return world.read(HANA, direct(HANA))[before:]


async def begin_a_digest(world: TeamsWorld, status: int) -> None:
    """A long daily message of which the second card does not come."""
    await world.write(HANA, "mine")
    for number in range(15):
        words = f"step {number} " + "weigh it well " * 19
        await world.mention(HANA, f"action {words} by 24 Nov", OWN)
        await world.later("PT20S")
    await world.later("PT10M")
    await fail_second_post(world, status)
    await until(world, "2026-11-24T14:00+00:00")


def accounted(world: TeamsWorld) -> set[int | None]:
    """The items that daily messages showed, as the account has it."""
    chosen = select(Delivery.record_id).where(
        Delivery.kind == outbox.DIGEST.name, Delivery.record == "action_item"
    )
    return world.stored(lambda session: set(session.exec(chosen)))


async def test_the_beginning_of_what_never_came_whole_is_accounted_for_and_emptied(
    world: TeamsWorld,
) -> None:
    await begin_a_digest(world, 403)
    await world.later("PT10S")
    dead = select(Outbox.state).where(Outbox.kind == outbox.DIGEST.name)
    assert world.stored(lambda session: session.exec(dead).all()) == ["dead"]
    assert len(accounted(world)) == 15
    last = world.read(HANA, direct(HANA))[-1]
    assert world.words(last) == "This is no longer shown."
    assert not any(buttons_of(part) for part in last["cards"])


async def test_what_waits_half_sent_for_somebody_who_leaves_is_emptied(world: TeamsWorld) -> None:
    await begin_a_digest(world, 429)
    assert "OUR-1" in world.words(world.read(HANA, direct(HANA))[-1])

    def leave(session: Session) -> None:
        hana = session.exec(select(Person).where(Person.user_id == world.id_of(HANA))).one()
        member = session.exec(select(Member).where(Member.person_id == hana.id)).one()
        member.until = world.now.date()
        session.add(member)

    world.change(leave)
    await world.bot.ticks.depart()
    await world.later("PT10M")
    shown = " ".join(world.words(m) for m in world.read(HANA, direct(HANA))[-2:])
    assert "OUR-" not in shown


def last_of(card: Json, label: str) -> Json:
    """The button of that name that is lowest on the card."""
    found = [one.action for part in card["cards"] for one in buttons_of(part)]
    return [one for one in found if one["title"] == label][-1]


async def test_a_press_on_any_of_its_cards_is_answered_by_that_card_as_it_reads_now(
    world: TeamsWorld,
) -> None:
    first, second = await long_digest(world)
    for card, its, other in ((second, "OUR-15", "OUR-1 "), (first, "OUR-8 ", "OUR-15")):
        await world.done(world.teams.click("hana", card["id"], last_of(card, "Done")))
        answer = [e for e in world.teams.log() if e["method"] == "adaptiveCard/action"][-1]
        assert answer["answer"]["type"] == render.CARD
        words = shapes.words_of(answer["answer"]["value"])
        assert re.search(rf"{its}[^✓○]*✓ due", words), words
        assert other not in words
    await world.later("PT10S")
    shown = [world.words(m) for m in world.read(HANA, direct(HANA))][-2:]
    for words, its in zip(shown, ("OUR-8", "OUR-15"), strict=True):
        assert re.search(rf"{its}[^✓○]*✓ due", words), words
    assert sum(words.count("OUR-") for words in shown) == 15


def test_a_message_that_grew_says_on_its_last_card_that_there_is_more() -> None:
    whole = render.pages(say(LONG), opens=())
    kept = render.pages(say(LONG), opens=(), most=2)
    assert len(whole) > len(kept) == 2
    assert kept[0] == whole[0]
    assert "There is more than fits in here." in shapes.words_of(kept[1])
