"""`seen HEL-12`: who was shown an item, where and when; and the account it is read from."""

import re

from sqlmodel import Session, col, select

from governance.seeing.receipts import SHOWN
from storage.tables import ActionItem, Delivery, Member, Person
from tests.daily import until
from tests.world import (
    HANA,
    INES,
    KWAME,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
    World,
    words_of,
)

Line = tuple[str, str, str]


def account(world: World, number: int = 1) -> list[Line]:
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
            (one.kind, person.user_id if person else "everybody there", one.team_ids)
            for one, person in rows
        ]

    return world.stored(read)


async def seen_by(world: World, who: str, reference: str) -> str:
    """The page as words, from a direct message: the same for both firms."""
    answer = await world.write(who, f"seen {reference}")
    return answer.text


async def test_every_place_that_shows_an_item_is_in_the_account(world: World) -> None:
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


async def test_a_press_that_redraws_a_message_is_in_the_account_at_once(world: World) -> None:
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


async def test_home_and_the_daily_message_are_in_the_account(world: World) -> None:
    await world.command(HANA, "action send the quote by Tue")
    assert (await world.slack.home(HANA))["ok"]
    assert account(world)[-1] == ("home", HANA, "T0NORTH")
    await until(world, "2026-11-24T23:00:00+00:00")
    assert ("digest", HANA, "T0NORTH") in account(world)


async def test_seen_says_who_where_and_when(world: World) -> None:
    began = int(world.now.timestamp())
    await world.command(HANA, "action @tomasz send the quote by Fri")
    await world.press(OLIVIA, "Details", channel=SHARED)
    await world.close(OLIVIA)
    told = (await world.command(PRIYA, "seen HEL-1")).text
    assert "Shown to 1 person of Northwind Bio and 2 of Helix Devices, and in #" in told
    assert "Hana Kobayashi, recorded it" in told
    assert "Tomasz Zieliński, directly" in told
    assert "Olivia Bennett, when they asked for it" in told
    shown = re.findall(r"'timestamp': (\d+)", str(world.form(PRIYA)["blocks"]))
    assert shown
    assert all(began <= int(at) <= world.now.timestamp() for at in shown)
    theirs = await seen_by(world, INES, "HEL-1")
    assert "Shown to 2 people of Northwind Bio and 2 of Helix Devices" in theirs


async def test_what_only_one_firm_was_shown_says_so_first(world: World) -> None:
    await world.command(HANA, "internal @mateo check our margins by Fri", channel=OWN)
    told = (await world.command(PRIYA, "seen OUR-1")).text
    assert "Nobody outside Northwind Bio was shown this." in told
    assert "#northwind-internal" in told
    missing = await seen_by(world, TOMASZ, "OUR-1")
    assert missing == await seen_by(world, TOMASZ, "OUR-1")
    assert "I can't find OUR-1" in missing
    assert "Northwind" not in missing


async def test_the_button_on_an_items_page_leads_to_the_account_and_back(world: World) -> None:
    await world.command(HANA, "action @tomasz send the quote by Fri")
    await world.press(OLIVIA, "Details", channel=SHARED)
    seen = await world.press(OLIVIA, "Who saw this?")
    assert "Hana Kobayashi, recorded it" in seen.text
    back = await world.press(OLIVIA, "Details")
    assert "Proposed by" in back.text


async def test_the_partners_own_channel_has_no_name_for_others(world: World) -> None:
    """A joint item whose card stands in one firm's own channel."""
    await world.command(PRIYA, "action @tomasz send the quote by Fri", channel=OWN)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    theirs = await seen_by(world, TOMASZ, "HEL-1")
    assert "a channel of Northwind Bio's own" in theirs
    assert "northwind-internal" not in theirs
    ours = (await world.command(PRIYA, "seen HEL-1")).text
    assert "#northwind-internal" in ours


async def test_a_card_is_one_line_with_its_first_and_last_moment(world: World) -> None:
    await world.command(HANA, "action send the quote by Fri")
    await world.later("PT1H")
    await world.command(HANA, "edit HEL-1 send the new quote")
    await world.later("PT1H")
    told = (await world.command(PRIYA, "seen HEL-1")).text
    assert told.count("#alliance-helix") == 2, "once in the first sentence, once in its line"
    assert told.count("last updated") == 1


async def test_who_has_left_is_named(world: World) -> None:
    await world.command(MATEO, "action send the quote by Fri")
    await world.command(MATEO, "show HEL-1")

    def leave(session: Session) -> None:
        member = session.exec(select(Member).join(Person).where(Person.user_id == MATEO)).one()
        member.until = world.now.date()
        session.add(member)

    world.change(leave)
    theirs = await seen_by(world, OLIVIA, "HEL-1")
    assert "Mateo Fuentes, when they asked for it" in theirs
    assert "1 person of Northwind Bio" in theirs


async def test_a_long_account_has_pages_newest_first(world: World) -> None:
    await world.command(HANA, "action send the quote by Fri")
    for _ in range(15):
        await world.later("PT1M")
        await world.command(MATEO, "show HEL-1")
        await world.close(MATEO)
    await world.command(PRIYA, "seen HEL-1")
    first = words_of(world.form(PRIYA))
    assert "Page 1 of 2" in first
    await world.press(PRIYA, "Older")
    second = words_of(world.form(PRIYA))
    assert "Hana Kobayashi, recorded it" in second
    assert "recorded it" not in first
    await world.press(PRIYA, "Newer")
    assert "Page 1 of 2" in words_of(world.form(PRIYA))


async def test_before_it_was_shared_is_for_the_firm_whose_own_it_was(world: World) -> None:
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


async def says_they_are_of_northwind(world: World, who: str) -> None:
    await world.mention(who, "mine")
    await world.press(who, "Northwind Bio", channel=SHARED)


async def test_who_only_says_they_are_of_a_firm_reads_no_account_of_its_own(world: World) -> None:
    await world.command(HANA, "internal @mateo check the forecast by Fri", channel=OWN)
    await world.later("PT1H")
    await world.command(MATEO, "share OUR-1", OWN)
    await world.fill(MATEO, text="Agree the forecast")
    await world.close(MATEO)
    await says_they_are_of_northwind(world, LENA)
    theirs = await seen_by(world, LENA, "HEL-1")
    assert "#alliance-helix" in theirs
    for before in ("recorded it", "Northwind Bio's own", "internal", "Hana"):
        assert before not in theirs


async def test_who_only_says_they_are_of_a_firm_reads_no_name_of_its_channels(
    world: World,
) -> None:
    await world.command(PRIYA, "action @tomasz send the quote by Fri", channel=OWN)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    await says_they_are_of_northwind(world, LENA)
    theirs = await seen_by(world, LENA, "HEL-1")
    assert "a channel of Northwind Bio's own" in theirs
    assert "northwind-internal" not in theirs


async def test_a_channel_that_was_joint_and_is_a_firms_own_now_has_no_name_for_others(
    world: World,
) -> None:
    await world.slack.command(PRIYA, RANDOM, "/invite @alliance")
    await world.slack.channel(RANDOM, shared=True)
    await link(world, RANDOM, "joint")
    await world.command(HANA, "action send the quote by Fri", channel=RANDOM)
    assert "#random" in await seen_by(world, OLIVIA, "HEL-1")
    await world.command(PRIYA, "unlink", RANDOM)
    await world.fill(PRIYA)
    await world.close(PRIYA)
    assert "#random" in await seen_by(world, OLIVIA, "HEL-1")
    await world.slack.channel(RANDOM, shared=False)
    await link(world, RANDOM, "own")
    await world.slack.channel(RANDOM, name="exit-plans")
    theirs = await seen_by(world, OLIVIA, "HEL-1")
    assert "in a channel" in theirs
    assert "exit-plans" not in theirs
    assert "#exit-plans" in (await world.command(PRIYA, "seen HEL-1")).text


async def link(world: World, channel: str, sees: str) -> None:
    """Helix has nobody yet who could be asked, so that joint holds at once."""
    await world.form_of(PRIYA, "link", channel)
    assert (await world.fill(PRIYA, sees=sees)).ok
    await world.close(PRIYA)


def names_it(shown: object) -> bool:
    return "HEL-1" in words_of(shown)


async def test_whatever_names_an_item_is_in_the_account_of_who_was_shown_it(
    world: World,
) -> None:
    """A long life of one item; then every message, form and Home in which anybody has it before
    them is compared with the account."""
    await world.slack.home(HANA)
    await world.command(HANA, "action @tomasz send the quote by Fri")
    for who, words in (
        (TOMASZ, "accept HEL-1"),
        (TOMASZ, "accept HEL-1"),
        (TOMASZ, "move HEL-1 to 30 Nov"),
        (TOMASZ, "move HEL-1 to 4 Dec"),
        (INES, "show HEL-1"),
        (OLIVIA, "open"),
        (PRIYA, "seen HEL-1"),
        (TOMASZ, "helper HEL-1 @ines"),
        (TOMASZ, "home"),
        (TOMASZ, "snooze HEL-1"),
        (TOMASZ, "reminders away until 7 Dec"),
    ):
        await world.write(who, words)
        await world.later("PT5M")
    await world.command(MATEO, "waiting")
    await world.press(HANA, "Agree to the date", channel=SHARED)
    await world.press(KWAME, "Details", channel=SHARED)
    await world.later("P3D")
    told = {(who if who != "everybody there" else kind) for kind, who, _ in account(world)}
    house = world.slack.house
    for channel, room in house.world.channels.items():
        for message in world.slack.messages(channel):
            if message["user"] == "U0BOT" and names_it(message) and not message["ephemeral"]:
                reader = f"U{channel[1:]}" if room.kind == "dm" else "card"
                assert reader in told, (channel, words_of(message))
    for who in house.world.people:
        shown = [*world.slack.views(who), getattr(house.world.homes.get(who), "body", None)]
        whispered = [m for m in world.read(who, SHARED) if m["ephemeral"]]
        if any(names_it(one) for one in (*shown, *whispered)):
            assert who in told, who
    assert {HANA, TOMASZ, INES, OLIVIA, MATEO, PRIYA, KWAME} <= told
