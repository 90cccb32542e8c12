"""What came in with a code of a firm's own is taken out again, and the account keeps what it was
shown."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlmodel import Session, select

from governance.errors import SideUnknown
from governance.firms import own_firm
from governance.people import members, roster
from governance.people.members import Seat
from storage.tables import ActionItem, Alliance, Conversation, Delivery, Invitation, Person
from tests.daily import name_helix_manager
from tests.leaks.cast import ORION, ORION_TEAM, YARA, ZED
from tests.leaks.stage import let_in_orion
from tests.own_firms import CARD, JOINT, SECRET, TITLE, Firms, items, linked, started
from tests.teams.local import NORTHWIND
from tests.test_joining import GONE
from tests.world import HANA, JONAS, MATEO, OLIVIA, OWN, PRIYA, SHARED, direct

OURS = {"T0NORTH": False}
"""Northwind's workspaces where nothing but its own is in."""


@pytest.fixture
async def firms(database_with_tables: str) -> AsyncIterator[Firms]:
    async with started(database_with_tables) as made:
        yield made


async def remove(firms: Firms) -> None:
    await firms.press(PRIYA, "Remove", channel=direct(PRIYA))
    await firms.later("PT1M")


async def join_orion(firms: Firms) -> None:
    """Yara of Orion uses Northwind's code, in the channel that Orion shares with Northwind."""
    await firms.mention(YARA, f"join {await firms.code()}", ORION)
    await firms.press(YARA, TITLE, channel=direct(YARA))
    assert (await firms.fill(YARA)).ok
    await firms.close(YARA)
    await firms.later("PT5S")


async def test_removed_they_are_out_and_read_nothing_any_more(firms: Firms) -> None:
    await items(firms)
    code = await firms.code()
    await firms.join(MATEO, code)
    assert CARD in firms.beside.text(MATEO, OWN)
    await firms.press(PRIYA, "Remove", channel=direct(PRIYA))
    await firms.later("PT1M")
    assert "Who joined with Mateo Fuentes was removed by Priya Raman" in firms.inbox(PRIYA)[-1]
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}
    assert firms.place_of(MATEO) is None
    assert firms.stored(lambda s: linked(s, NORTHWIND)) == []
    assert CARD not in firms.beside.text(MATEO, OWN)
    assert "This is no longer shown." in firms.beside.text(MATEO, OWN)
    await firms.command(HANA, "action check the seals by Fri")
    await firms.beside.write(MATEO, "open")
    await firms.beside.write(JONAS, "open")
    for who in (MATEO, JONAS):
        assert "check the seals" not in firms.beside.everything(who)
    assert GONE in await firms.refused(JONAS, code), "a code is used once"


async def test_what_was_confirmed_can_be_removed_later_from_people(firms: Firms) -> None:
    await items(firms)
    await firms.join(MATEO, await firms.code())
    shown = await firms.write(PRIYA, "people")
    also = "Also takes part from Teams: Mateo Fuentes joined there · not confirmed yet"
    assert also in shown.text
    await firms.press(PRIYA, "Confirm", channel=direct(PRIYA))
    await firms.beside.write(JONAS, "open")
    await firms.write(PRIYA, "people")
    await firms.press(PRIYA, "Remove", channel=direct(PRIYA))
    await firms.later("PT1M")
    assert firms.teams_of("Northwind Bio") == {"T0NORTH": False}
    assert (firms.place_of(MATEO), firms.place_of(JONAS)) == (None, None)
    await firms.beside.write(JONAS, "show OUR-1")
    assert SECRET not in firms.beside.everything(JONAS)


async def test_a_channel_with_the_firms_others_in_it_is_unlinked_as_well(firms: Firms) -> None:
    let_in_orion(firms.slack.house.world)
    await items(firms)
    await join_orion(firms)
    assert CARD in firms.text(YARA, ORION)
    await remove(firms)
    assert "They read nothing here any more." in firms.inbox(PRIYA)[-1]
    assert firms.stored(lambda s: linked(s, f"T0NORTH,{ORION_TEAM}")) == []
    assert CARD not in firms.text(YARA, ORION)
    assert JOINT not in (await firms.mention(ZED, "open", ORION)).text


async def test_so_is_one_of_which_it_is_not_known_who_is_in_it(firms: Firms) -> None:
    await firms.join(MATEO, await firms.code())
    firms.change(_forget_who_is_there)
    await remove(firms)
    assert firms.stored(lambda s: linked(s, "")) == []


def _forget_who_is_there(session: Session) -> None:
    for place in session.exec(select(Conversation).where(Conversation.team_ids == NORTHWIND)):
        place.team_ids = ""
        session.add(place)


async def test_where_a_partner_is_too_the_manager_is_told_and_nobody_says_themselves_in(
    firms: Firms,
) -> None:
    let_in_orion(firms.slack.house.world)
    shared = firms.slack.house.world.channels[SHARED]
    shared.teams.append(ORION_TEAM)
    shared.members += [YARA, ZED]
    await items(firms)
    await join_orion(firms)
    await firms.later("PT2M")
    await firms.command(HANA, "action seal the vault by Fri")
    await firms.later("PT5S")
    await remove(firms)
    assert "are still in #alliance-helix: I post nothing new there" in firms.inbox(PRIYA)[-1]
    await firms.mention(ZED, "open", SHARED)
    said = await firms.press(ZED, "Northwind Bio", channel=direct(ZED))
    assert "Northwind Bio says itself who takes part for it" in said.text
    assert JOINT not in "\n".join(firms.inbox(ZED))


async def test_whoever_was_given_another_role_meanwhile_is_taken_out_as_well(firms: Firms) -> None:
    await items(firms)
    await firms.join(MATEO, await firms.code())
    known = firms.beside.id_of(MATEO)
    firms.change(lambda session: _make_lead(session, known, firms))
    assert firms.place_of(MATEO) == ("Northwind Bio", "lead", False)
    await remove(firms)
    assert firms.place_of(MATEO) is None
    await firms.beside.write(MATEO, "show OUR-1")
    assert SECRET not in firms.beside.everything(MATEO)


def _make_lead(session: Session, user_id: str, firms: Firms) -> None:
    seat = _priya(session, firms)
    person = session.exec(select(Person).where(Person.user_id == user_id)).one()
    firm, now = seat.side.firm, firms.now
    roster.change_member(session, seat, person, side_name=firm, role="lead", last_day=None, now=now)


def _priya(session: Session, firms: Firms) -> Seat:
    person = session.exec(select(Person).where(Person.user_id == PRIYA)).one()
    return members.seat(session, session.exec(select(Alliance)).one(), person, now=firms.now)


async def test_removed_a_second_time_nothing_is_left_to_read(firms: Firms) -> None:
    await firms.join(MATEO, await firms.code())
    await firms.beside.mention(MATEO, "action seal the vault by Fri", OWN)
    await remove(firms)
    assert _cards(firms, MATEO) == []
    await firms.join(JONAS, await firms.code())
    await firms.later("PT1M")
    assert len(_cards(firms, JONAS)) == 1, "it is shown again"
    await remove(firms)
    assert _cards(firms, JONAS) == []


def _cards(firms: Firms, who: str) -> list[str]:
    shown = [firms.beside.words(message) for message in firms.beside.read(who, OWN)]
    return [words for words in shown if "HEL-1" in words and "seal the vault" in words]


async def test_the_audit_keeps_what_a_removed_workspace_was_shown(firms: Firms) -> None:
    await name_helix_manager(firms)
    await firms.mention(OLIVIA, "open")
    await firms.join(MATEO, await firms.code())
    await firms.beside.mention(MATEO, "action ship the cells by Fri", OWN)
    await firms.later("PT1M")
    await firms.mention(OLIVIA, "action send the labels by Fri")
    firms.change(lambda session: _show_there(session, firms.now, number=2))
    ours = "HEL-1 was shown in #northwind-internal, which another firm can read"
    theirs = "HEL-2 was shown in a channel of Northwind Bio"
    assert ours in (await firms.write(PRIYA, "audit sent")).text, "they are not confirmed"
    await remove(firms)
    assert ours in (await firms.write(PRIYA, "audit sent")).text
    assert theirs in (await firms.write(OLIVIA, "audit sent")).text


def _show_there(session: Session, now: datetime, *, number: int) -> None:
    """An item of Helix's, before whoever came in with Northwind's code."""
    item = session.exec(select(ActionItem).where(ActionItem.number == number)).one()
    chosen = select(Conversation).where(Conversation.team_ids == NORTHWIND)
    place = next(one for one in session.exec(chosen) if one.alliance_id is not None)
    session.add(
        Delivery(
            installation_id=place.installation_id,
            kind="card",
            record="action_item",
            record_id=item.id,
            conversation_id=place.id,
            team_ids=place.team_ids,
            at=now,
        )
    )


async def test_nobody_comes_in_by_what_is_being_removed(firms: Firms) -> None:
    """On PostgreSQL both happen at once; SQLite lets one write after the other."""
    await firms.join(MATEO, await firms.code())
    known, removed = firms.beside.id_of(JONAS), threading.Event()
    database = firms.bot.database

    def take_out(session: Session) -> None:
        used = session.exec(select(Invitation).where(Invitation.used_by != None)).one()  # noqa: E711
        own_firm.remove(session, _priya(session, firms), used, now=firms.now)
        removed.set()
        time.sleep(0.5)

    def come_in(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == known)).one()
        members.seat(session, session.exec(select(Alliance)).one(), person, now=firms.now)

    removing = asyncio.create_task(database.run(take_out))
    assert await asyncio.to_thread(removed.wait, 10)
    with pytest.raises(SideUnknown):
        await database.run(come_in)
    await removing
    assert firms.place_of(JONAS) is None
