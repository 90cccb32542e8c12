"""`seen HEL-12`: who was shown an item, where and when; and the account it is read from."""

import pytest
from sqlmodel import Session, col, select

from governance.seeing.receipts import SHOWN
from storage.tables import ActionItem, Delivery, Member, Person
from tests.anywhere import (
    HANA,
    INES,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    SHARED,
    TOMASZ,
    AnyWorld,
)

Line = tuple[str, str, str]


@pytest.fixture
def world(any_world: AnyWorld) -> AnyWorld:
    return any_world


def account(world: AnyWorld, number: int = 1) -> list[Line]:
    """Every delivery of a joint item: its kind, to whom, and whose people could read it."""

    def read(session: Session) -> list[Line]:
        item = session.exec(
            select(ActionItem).where(ActionItem.number == number, ActionItem.series_side_id == 0)
        ).one()
        rows = session.exec(
            select(Delivery, Person)
            .outerjoin(Person, col(Person.id) == Delivery.person_id)
            .where(Delivery.record == "action_item", Delivery.record_id == item.id)
            .order_by(col(Delivery.id))
        )
        return [
            (
                one.kind,
                world.known_as(person.user_id) if person else "everybody there",
                ",".join(sorted(map(world.known_as, one.team_ids.split(",")))),
            )
            for one, person in rows
        ]

    return world.stored(read)


async def seen_by(world: AnyWorld, who: str, reference: str) -> str:
    """The page as words, from a direct message: the same for both firms."""
    answer = await world.write(who, f"seen {reference}")
    return answer.text


async def test_every_place_that_shows_an_item_is_in_the_account(world: AnyWorld) -> None:
    await world.command(HANA, "action @tomasz send the quote by Fri")
    assert account(world) == [
        ("action_item.decide", TOMASZ, "T0HELIX"),
        ("card", "everybody there", "T0HELIX,T0NORTH"),
    ]
    for step, expected in (
        (world.write(PRIYA, "open"), (SHOWN, PRIYA, "T0NORTH")),
        (world.write(TOMASZ, "mine"), (SHOWN, TOMASZ, "T0HELIX")),
        (world.command(PRIYA, "show HEL-1"), (SHOWN, PRIYA, "T0NORTH")),
        (world.press(OLIVIA, "Details", channel=SHARED), (SHOWN, OLIVIA, "T0HELIX")),
        (world.press(TOMASZ, "Decline", channel=SHARED), (SHOWN, TOMASZ, "T0HELIX")),
    ):
        await step
        assert account(world)[-1] == expected


async def test_a_press_that_redraws_a_message_is_in_the_account_at_once(world: AnyWorld) -> None:
    await world.command(HANA, "action @tomasz send the quote by Fri")
    before = account(world)
    await world.press(TOMASZ, "Accept", channel=SHARED)
    since = account(world)[len(before) :]
    assert ("card", "everybody there", "T0HELIX,T0NORTH") in since, "the card, drawn by the press"
    assert ("edit", TOMASZ, "T0HELIX") in since, "the question in his direct messages"
    await world.later("PT1M")
    await world.write(TOMASZ, "mine")
    before = account(world)
    await world.press(HANA, "Details", channel=SHARED)
    assert len(account(world)) == len(before) + 1, "a page of her own draws no card anew"


async def test_seen_says_who_where_and_when(world: AnyWorld) -> None:
    await world.command(HANA, "action @tomasz send the quote by Fri")
    await world.press(OLIVIA, "Details", channel=SHARED)
    await world.close(OLIVIA)
    told = (await world.command(PRIYA, "seen HEL-1")).text
    assert "Shown to 1 person of Northwind Bio and 2 of Helix Devices, and in #" in told
    assert "Hana Kobayashi, recorded it" in told
    assert "Tomasz Zieliński, directly" in told
    assert "Olivia Bennett, when they asked for it" in told
    theirs = await seen_by(world, INES, "HEL-1")
    assert "Shown to 2 people of Northwind Bio and 2 of Helix Devices" in theirs


async def test_what_only_one_firm_was_shown_says_so_first(world: AnyWorld) -> None:
    await world.command(HANA, "internal @mateo check our margins by Fri", channel=OWN)
    told = (await world.command(PRIYA, "seen OUR-1")).text
    assert "Nobody outside Northwind Bio was shown this." in told
    assert "#northwind-internal" in told
    missing = await seen_by(world, TOMASZ, "OUR-1")
    assert missing == await seen_by(world, TOMASZ, "OUR-1")
    assert "I can't find OUR-1" in missing
    assert "Northwind" not in missing


async def test_the_button_on_an_items_page_leads_to_the_account_and_back(world: AnyWorld) -> None:
    await world.command(HANA, "action @tomasz send the quote by Fri")
    await world.press(OLIVIA, "Details", channel=SHARED)
    seen = await world.press(OLIVIA, "Who saw this?")
    assert "Hana Kobayashi, recorded it" in seen.text
    back = await world.press(OLIVIA, "Details")
    assert "Proposed by" in back.text


async def test_the_partners_own_channel_has_no_name_for_others(world: AnyWorld) -> None:
    """A joint item whose card stands in one firm's own channel."""
    await world.command(PRIYA, "action @tomasz send the quote by Fri", channel=OWN)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    theirs = await seen_by(world, TOMASZ, "HEL-1")
    assert "a channel of Northwind Bio's own" in theirs
    assert "northwind-internal" not in theirs
    ours = (await world.command(PRIYA, "seen HEL-1")).text
    assert "#northwind-internal" in ours


async def test_a_card_is_one_line_with_its_first_and_last_moment(world: AnyWorld) -> None:
    await world.command(HANA, "action send the quote by Fri")
    await world.later("PT1H")
    await world.command(HANA, "edit HEL-1 send the new quote")
    await world.later("PT1H")
    told = (await world.command(PRIYA, "seen HEL-1")).text
    assert told.count("#alliance-helix") == 2, "once in the first sentence, once in its line"
    assert told.count("last updated") == 1


async def test_who_has_left_is_named(world: AnyWorld) -> None:
    await world.command(MATEO, "action send the quote by Fri")
    await world.command(MATEO, "show HEL-1")

    def leave(session: Session) -> None:
        member = session.exec(
            select(Member).join(Person).where(Person.user_id == world.id_of(MATEO))
        ).one()
        member.until = world.now.date()
        session.add(member)

    world.change(leave)
    theirs = await seen_by(world, OLIVIA, "HEL-1")
    assert "Mateo Fuentes, when they asked for it" in theirs
    assert "1 person of Northwind Bio" in theirs


async def test_a_long_account_has_pages_newest_first(world: AnyWorld) -> None:
    await world.command(HANA, "action send the quote by Fri")
    for _ in range(15):
        await world.later("PT1M")
        await world.command(MATEO, "show HEL-1")
        await world.close(MATEO)
    await world.command(PRIYA, "seen HEL-1")
    first = world.words(world.form(PRIYA))
    assert "Page 1 of 2" in first
    await world.press(PRIYA, "Older")
    second = world.words(world.form(PRIYA))
    assert "Hana Kobayashi, recorded it" in second
    assert "recorded it" not in first
    await world.press(PRIYA, "Newer")
    assert "Page 1 of 2" in world.words(world.form(PRIYA))


async def test_before_it_was_shared_is_for_the_firm_whose_own_it_was(world: AnyWorld) -> None:
    await world.command(HANA, "internal @mateo check the forecast by Fri", channel=OWN)
    await world.later("PT1H")
    await world.command(MATEO, "share OUR-1", OWN)
    await world.fill(MATEO, text="Agree the forecast")
    await world.close(MATEO)
    await world.later("PT1H")
    theirs = await seen_by(world, TOMASZ, "HEL-1")
    assert "#alliance-helix" in theirs
    for before in ("recorded it", "Northwind Bio's own", "internal", "Hana"):
        assert before not in theirs
    ours = (await world.command(PRIYA, "seen HEL-1")).text
    assert "Hana Kobayashi, recorded it" in ours
    assert "#northwind-internal" in ours
