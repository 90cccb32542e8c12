"""Somebody leaves: what waits for them, what they hold in hand, and what they leave undone."""

from datetime import date

from sqlmodel import col, select

from storage.tables import ActionItem, Delivery, Member, Outbox, Person
from tests.daily import name_helix_manager, until
from tests.world import (
    HANA,
    INES,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SAMIR,
    SHARED,
    TOMASZ,
    World,
    buttons_of,
    direct,
    words_of,
)

CLOSED = "Your part in Helix alliance has ended, so this is closed."
OFFER = ("Give to…", "Take it", "Leave it for now")


async def last_day(world: World, manager: str, who: str, day: str = "", role: str = "team") -> str:
    """An alliance manager enters a colleague's last day, today unless said."""
    await world.write(manager, "people")
    await world.press(manager, "Add somebody", channel=direct(manager))
    seen = await world.fill(
        manager, person=who, role=role, until=day or world.now.date().isoformat()
    )
    assert seen.ok, seen.error
    await world.close(manager)
    return seen.text


def waiting_for(world: World, who: str) -> list[str]:
    """The kinds of what the bot still means to say to somebody."""
    chosen = (
        select(Outbox.kind)
        .join(Person, col(Person.id) == Outbox.person_id)
        .where(Person.user_id == who, col(Outbox.state).in_(("pending", "held", "sending")))
    )
    return world.stored(lambda session: list(session.exec(chosen)))


def offers(world: World, who: str) -> list[str]:
    return [text for text in world.inbox(who) if "has left Helix alliance" in text]


def everything(world: World, who: str) -> str:
    return "\n".join(world.text(who, channel) for channel in (direct(who), SHARED, OWN))


async def test_open_items_are_offered_to_their_own_alliance_manager(world: World) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await world.command(PRIYA, "action @samir book the room by Thu")
    await world.command(PRIYA, "internal @samir check our margins by Wed")
    await world.command(PRIYA, "action @hana count the votes by Wed")
    assert "ends today" in await last_day(world, PRIYA, SAMIR)
    [offer] = offers(world, PRIYA)
    assert offer.startswith("Samir Haddad has left Helix alliance. 3 open items need new owners.")
    assert offer.index("OUR-1") < offer.index("HEL-2 book the room") < offer.index("HEL-1")
    assert "count the votes" not in offer
    assert all(offer.count(label) == 3 for label in OFFER)
    assert offer.endswith("Only Northwind Bio's alliance managers get this.")
    for partner in (OLIVIA, TOMASZ, INES):
        assert "has left" not in everything(world, partner)


async def test_an_item_is_given_on_taken_or_left_for_now(world: World) -> None:
    for words in ("send the redlines by Fri", "book the room by Thu", "order the lunch by Wed"):
        await world.command(PRIYA, f"action @samir {words}")
    await last_day(world, PRIYA, SAMIR)
    await world.press(PRIYA, "Take it", channel=direct(PRIYA))
    assert (
        "HEL-3 order the lunch ○ due Wed 25 Nov, in 2 days · open · Priya Raman has it now"
        in (offers(world, PRIYA)[-1])
    )
    await world.press(PRIYA, "Give to…", channel=direct(PRIYA))
    await world.fill(PRIYA, person=HANA)
    await world.close(PRIYA)
    assert "HEL-2 book the room" in world.inbox(HANA)[-1]
    await world.press(PRIYA, "Leave it for now", channel=direct(PRIYA))
    offer = offers(world, PRIYA)[-1]
    assert "HEL-2 book the room ○ due Thu 26 Nov, in 3 days · open · Hana Kobayashi has" in offer
    assert "HEL-1 send the redlines ○ due Fri 27 Nov, in 4 days · left for now" in offer
    assert not set(OFFER) & set(buttons_of(world.read(PRIYA, direct(PRIYA))[-1]))
    assert len(offers(world, PRIYA)) == 1


async def test_what_nobody_took_is_marked_for_their_own_firm_only(world: World) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await last_day(world, PRIYA, SAMIR)
    own = await world.command(HANA, "open")
    assert "Samir Haddad · due Fri 27 Nov, in 4 days · open · owner has left" in own.private
    other = await world.write(OLIVIA, "open")
    assert "send the redlines" in other.text
    assert "has left" not in other.text
    await world.command(PRIYA, "show HEL-1")
    await world.press(PRIYA, "Take it")
    assert "HEL-1 is yours, due Fri 27 Nov, in 4 days." in words_of(world.form(PRIYA))


async def test_what_they_still_hold_closes_in_the_same_minute(world: World) -> None:
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await world.command(PRIYA, "action @samir book the room by Thu")
    await world.write(SAMIR, "mine")
    assert waiting_for(world, SAMIR), "one question waits for the daily message"
    held = [m for m in world.read(SAMIR, direct(SAMIR)) if m["user"] == "U0BOT"]
    assert any(buttons_of(message) for message in held)
    before = world.now
    await last_day(world, PRIYA, SAMIR)
    assert (world.now - before).total_seconds() < 60
    assert waiting_for(world, SAMIR) == []
    assert set(world.inbox(SAMIR)) == {CLOSED}
    pressed = await world.press(SAMIR, "Done", channel=SHARED)
    assert "Your time in Helix alliance has ended." in pressed.private
    await world.later("P3D")
    assert set(world.inbox(SAMIR)) == {CLOSED}, "nothing was said of it afterwards"


async def test_a_day_to_come_is_their_own_firms_to_know_and_is_seen_to_at_midnight(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await last_day(world, PRIYA, SAMIR, "2026-11-25")
    await world.write(OLIVIA, "people")
    await world.write(OLIVIA, "show HEL-1")
    await world.write(OLIVIA, "open")
    for partner in (OLIVIA, TOMASZ, INES):
        assert "25 Nov" not in everything(world, partner)
        assert "2026-11-25" not in str(world.read(partner, direct(partner)))
    await until(world, "2026-11-25T23:59:00+00:00")
    assert not offers(world, PRIYA)
    assert CLOSED not in world.inbox(SAMIR)
    await until(world, "2026-11-26T00:00:40+00:00")
    assert CLOSED in world.inbox(SAMIR)
    assert waiting_for(world, SAMIR) == []
    assert not offers(world, PRIYA), "it is night: the offer waits for the morning"
    await until(world, "2026-11-26T10:00:00+00:00")
    assert len(offers(world, PRIYA)) == 1


async def test_a_closed_account_ends_every_place_and_gets_nothing(world: World) -> None:
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await world.command(PRIYA, "action @samir book the room by Thu")
    inbox = world.inbox(SAMIR)
    assert (await world.slack.person(SAMIR, deleted=True))["ok"]
    assert len(offers(world, PRIYA)) == 1
    assert waiting_for(world, SAMIR) == []
    assert "Samir" not in (await world.command(HANA, "people")).private
    refused = await world.command(PRIYA, "action @samir count the votes by Fri")
    assert "Samir Haddad's account is closed. Choose somebody else." in refused.private
    assert "Samir Haddad" in (await world.command(HANA, "show HEL-1")).text, "the name stays"
    await world.later("P7D")
    assert world.inbox(SAMIR) == inbox
    failed = world.stored(lambda s: s.exec(select(Outbox).where(Outbox.state == "dead")).all())
    assert failed == []


async def test_an_account_that_opens_again_finds_its_places_ended_and_can_be_added(
    world: World,
) -> None:
    await world.command(SAMIR, "mine")
    await world.slack.person(SAMIR, deleted=True)
    await world.slack.person(SAMIR, deleted=False)
    again = await world.command(SAMIR, "mine")
    assert "time in Helix alliance has ended" in again.private
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    added = await world.fill(PRIYA, person=SAMIR, role="team")
    assert "Samir Haddad is Team member at Northwind Bio." in added.text
    await world.close(PRIYA)
    assert "Nothing is yours to do here" in (await world.command(SAMIR, "mine")).private


async def test_their_managers_speak_for_a_proposer_who_has_left(world: World) -> None:
    await name_helix_manager(world)
    await world.command(SAMIR, "action @tomasz send the layer files by Fri")
    await world.command(SAMIR, "action @tomasz order the boards by Fri")
    await world.press(TOMASZ, "Accept", channel=SHARED)
    early = await world.command(PRIYA, "cancel HEL-1")
    assert "Samir Haddad is its proposer and cancels it." in early.private
    await last_day(world, PRIYA, SAMIR)
    for other in (HANA, OLIVIA):
        refused = await world.mention(other, "cancel HEL-1")
        assert "is its proposer" in "\n".join(world.inbox(other)) + refused.text
    seen = await world.command(PRIYA, "edit HEL-1 send the layer files and the drill map")
    assert "HEL-1 is reworded." in seen.private
    await world.write(TOMASZ, "move HEL-2 to 10 Dec")
    await world.write(TOMASZ, "move HEL-2 to 17 Dec")
    assert "Tomasz Zieliński suggests Thu 17 Dec" in "\n".join(world.inbox(PRIYA))
    await world.press(PRIYA, "Agree to the date", channel=direct(PRIYA))
    due = world.stored(lambda s: s.exec(select(ActionItem.due).where(ActionItem.number == 2)).one())
    assert due == date(2026, 12, 17)
    assert "cancelled" in (await world.command(PRIYA, "cancel HEL-1")).private


async def test_what_waited_for_a_proposer_who_leaves_is_asked_of_their_managers(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.command(SAMIR, "action @tomasz send the layer files by Fri")
    await world.mention(TOMASZ, "decline HEL-1 the line is down")
    await last_day(world, PRIYA, SAMIR)
    assert "Tomasz Zieliński can't take on HEL-1" in "\n".join(world.inbox(PRIYA))
    await world.press(PRIYA, "Cancel item", channel=direct(PRIYA))
    assert "cancelled" in (await world.command(PRIYA, "show HEL-1")).text


async def test_a_firm_without_a_manager_leaves_joint_items_to_who_proposed_them(
    world: World,
) -> None:
    await world.mention(TOMASZ, "open")
    await world.command(HANA, "action @tomasz send the layer files by Fri")
    await world.press(TOMASZ, "Accept", channel=SHARED)
    await world.write(TOMASZ, "internal check our stock by Fri")
    assert "OUR-1" in "\n".join(world.inbox(TOMASZ))
    await world.slack.person(TOMASZ, deleted=True)
    assert not offers(world, PRIYA)
    [offer] = offers(world, HANA)
    assert "HEL-1 send the layer files" in offer
    assert "Helix Devices has no alliance manager now, and you proposed it." in offer
    assert "stock" not in everything(world, HANA) + everything(world, PRIYA)
    await world.press(HANA, "Take it", channel=direct(HANA))
    assert "Hana Kobayashi has it now" in offers(world, HANA)[-1]


async def test_helpers_and_those_waited_for_are_not_counted_on_any_more(world: World) -> None:
    await world.command(PRIYA, "action @hana send the redlines by Fri")
    await world.command(HANA, "helper HEL-1 @samir")
    await world.command(HANA, "wait HEL-1 @samir")
    shown = (await world.command(HANA, "show HEL-1")).text
    assert "*Helpers* Samir Haddad" in shown
    assert "has left" not in shown
    await last_day(world, PRIYA, SAMIR)
    shown = (await world.command(HANA, "show HEL-1")).text
    assert "*Helpers*" not in shown
    assert "Samir Haddad no longer helps" in shown
    assert "It waits for somebody who has left." in shown
    assert not offers(world, PRIYA), "nothing was theirs"


async def test_nobody_counts_on_a_stand_in_who_has_left(world: World) -> None:
    await world.command(SAMIR, "mine")
    await world.command(HANA, "mine")

    def stand_in(session: object) -> None:
        people = {p.user_id: p for p in session.exec(select(Person))}  # type: ignore[attr-defined]
        people[HANA].stand_in_id = people[SAMIR].id
        session.add(people[HANA])  # type: ignore[attr-defined]

    world.change(stand_in)
    await last_day(world, PRIYA, SAMIR)
    hana = select(Person.stand_in_id).where(Person.user_id == HANA)
    assert world.stored(lambda session: session.exec(hana).one()) is None


async def test_reminders_go_to_nobody_who_left_and_their_manager_still_hears(
    world: World,
) -> None:
    await world.command(PRIYA, "action @samir send the redlines by today")
    await world.command(PRIYA, "action @hana order the lunch by Thu")
    await last_day(world, PRIYA, SAMIR)
    await world.press(PRIYA, "Leave it for now", channel=direct(PRIYA))
    await until(world, "2026-12-02T12:00:00+00:00")
    assert set(world.inbox(SAMIR)) <= {CLOSED}
    heard = "\n".join(world.inbox(PRIYA))
    assert "Still open at your firm" in heard
    assert "HEL-1 send the redlines" in heard


async def test_what_was_put_down_for_somebody_who_left_is_not_sent(world: World) -> None:
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    inbox = world.inbox(SAMIR)
    await last_day(world, PRIYA, SAMIR)

    def put_back(session: object) -> None:
        row = session.exec(  # type: ignore[attr-defined]
            select(Outbox).where(Outbox.kind == "action_item.decide")
        ).first()
        row.state, row.ts = "pending", None
        session.add(row)  # type: ignore[attr-defined]

    world.change(put_back)
    await world.later("PT1M")
    assert len(world.inbox(SAMIR)) == len(inbox)
    errors = world.stored(lambda s: set(s.exec(select(Outbox.error))))
    assert "left" in errors


async def test_every_ended_place_is_seen_to_once(world: World) -> None:
    await world.command(SAMIR, "mine")
    await last_day(world, PRIYA, SAMIR)
    await world.command(MATEO, "mine")
    cleared = select(Member.cleared_at).where(col(Member.until).is_not(None))
    [first] = world.stored(lambda session: list(session.exec(cleared)))
    assert first is not None
    await world.later("P2D")
    assert world.stored(lambda session: list(session.exec(cleared))) == [first]


async def test_the_offer_counts_as_shown(world: World) -> None:
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await last_day(world, PRIYA, SAMIR)
    shown = select(Delivery.record).where(Delivery.kind == "departure.offered")
    assert world.stored(lambda session: list(session.exec(shown))) == ["action_item"]


async def test_a_last_day_stays_hidden_from_who_looks_after_the_firm_meanwhile(
    world: World,
) -> None:
    await name_helix_manager(world)
    await world.write(TOMASZ, "mine")
    await last_day(world, OLIVIA, TOMASZ, "2026-12-30")
    await world.slack.person(OLIVIA, deleted=True)
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    seen = await world.fill(PRIYA, person=TOMASZ, side="Helix Devices", role="manager")
    assert "Tomasz Zieliński is Alliance manager at Helix Devices." in seen.text
    await world.close(PRIYA)
    for words in ("people", "audit"):
        await world.command(PRIYA, words)
    assert "Dec" not in everything(world, PRIYA)
    until_then = select(Member.until).join(Person).where(Person.user_id == TOMASZ)
    assert world.stored(lambda session: session.exec(until_then).one()) == date(2026, 12, 31)


async def test_what_is_about_other_alliances_stays(world: World) -> None:
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.set_up(channel=RANDOM, name="Borealis", code="BOR", firms="Northwind Bio")
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await world.command(PRIYA, "action @samir book the room by Fri", RANDOM)
    await world.write(SAMIR, "HEL-1")
    await world.write(SAMIR, "BOR-1")
    await until(world, "2026-11-25T12:00:00+00:00")
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    await world.fill(PRIYA, person=SAMIR, until="2026-11-25")
    await world.close(PRIYA)
    left = "\n".join(world.inbox(SAMIR))
    assert "redlines" not in left
    assert "BOR-1 book the room" in left.replace("*", "")
    assert CLOSED in left
    assert "BOR-1 is done" in (await world.command(SAMIR, "done BOR-1", RANDOM)).private


async def test_who_is_added_again_before_morning_has_left_nothing_behind(world: World) -> None:
    await world.command(PRIYA, "action @samir send the redlines by Fri")
    await until(world, "2026-11-23T19:00+00:00")
    await last_day(world, PRIYA, SAMIR)
    await world.write(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=direct(PRIYA))
    await world.fill(PRIYA, person=SAMIR, role="team")
    await world.close(PRIYA)
    await until(world, "2026-11-24T12:00+00:00")
    assert offers(world, PRIYA) == []
