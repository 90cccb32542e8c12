"""Steps that tests of the sponsor programme share: two sponsors who said yes, what they read."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from governance.people import departures, members
from governance.seeing import export
from storage.sponsor_tables import (
    SponsorAsk,
    SponsorContact,
    SponsorNudge,
    SponsorPair,
    SponsorSeat,
)
from storage.tables import Alliance, Member, Outbox, Person, Side
from tests.anywhere import (
    ADAEZE,
    GRANT,
    JONAS,
    MONDAY,
    OLIVIA,
    PRIYA,
    SHARED,
    AnyWorld,
    Json,
    direct,
    unmarked,
)
from tests.daily import BERLIN, NEW_YORK, name_helix_manager, times, unprompted

Kept = TypeVar("Kept", SponsorAsk, SponsorContact, SponsorNudge, SponsorPair, SponsorSeat)

WEEKLY = "Once a week at most."


async def name_sponsor(
    world: AnyWorld, manager: str, sponsor: str, *, channel: str = SHARED, **terms: Any
) -> None:
    """An alliance manager names somebody of their firm and sends the welcome."""
    if manager == OLIVIA:
        await world.mention(manager, "sponsors", channel)
    else:
        await world.command(manager, "sponsors", channel)
    await world.press(manager, "Name a sponsor")
    seen = await world.fill(manager, person=sponsor, **terms)
    assert seen.ok, seen.error
    await world.press(manager, "Send it")
    await world.close(manager)


def miss_sponsors(world: AnyWorld) -> None:
    """Both seats are empty since the Monday on which tests begin."""

    def empty(session: Session) -> None:
        for side in session.exec(select(Side)):
            side.seat_empty_since = MONDAY.date()
            session.add(side)

    world.change(empty)


async def two_sponsors(world: AnyWorld) -> None:
    """Jonas of Northwind and Grant of Helix have said yes, on the Monday on which tests begin."""
    await name_helix_manager(world)
    for manager, sponsor in ((PRIYA, JONAS), (OLIVIA, GRANT)):
        await name_sponsor(world, manager, sponsor)
        await world.press(sponsor, "Accept", channel=direct(sponsor))


def nudges(world: AnyWorld, who: str) -> list[Json]:
    """The weekly messages somebody has had, oldest first."""
    return [m for m in unprompted(world, who) if WEEKLY in world.words(m)]


def nudged(world: AnyWorld, who: str, zone: str = "") -> list[str]:
    """When they came by their own clock, such as "Tue 1 Dec 08:30"."""
    usual = {JONAS: BERLIN, GRANT: NEW_YORK}
    return times(nudges(world, who), zone or usual[who])


def nudge(world: AnyWorld, who: str) -> str:
    """The newest of them as plain words, and nothing if there was none."""
    had = nudges(world, who)
    return unmarked(world.words(had[-1])) if had else ""


def newest(world: AnyWorld, who: str) -> str:
    """The last that the bot wrote to somebody directly."""
    had = world.inbox(who)
    return unmarked(had[-1]) if had else ""


async def first_nudge(world: AnyWorld) -> None:
    """Two sponsors, and the first Tuesday morning of both of them is over."""
    await two_sponsors(world)
    await world.until("2026-12-01T14:00:00+00:00")
    assert len(nudges(world, JONAS)) == len(nudges(world, GRANT)) == 1


async def spoke(world: AnyWorld, who: str, on: str, **said: Any) -> None:
    """A sponsor says from their newest nudge that they spoke."""
    await world.press(who, "We spoke", channel=direct(who))
    seen = await world.fill(who, on=on, **said)
    assert seen.ok, seen.error
    await world.close(who)


def down_until(world: AnyWorld, moment: str) -> None:
    """Let time pass while the bot is down: no tick runs meanwhile."""
    world.bot.clock.set(datetime.fromisoformat(moment))


def with_alliance(world: AnyWorld, work: Callable[[Alliance], None], code: str = "HEL") -> None:
    """Alter what an alliance has agreed behind the bot's back."""

    def alter(session: Session) -> None:
        alliance = session.exec(select(Alliance).where(Alliance.code == code)).one()
        work(alliance)
        session.add(alliance)

    world.change(alter)


def with_person(world: AnyWorld, who: str, work: Callable[[Person], None]) -> None:
    """Alter what is known of somebody behind the bot's back."""
    known = world.id_of(who)

    def alter(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == known)).one()
        work(person)
        session.add(person)

    world.change(alter)


def kept(world: AnyWorld, kind: type[Kept]) -> list[Kept]:
    """All rows of a table, as they are now."""

    def read(session: Session) -> list[Kept]:
        rows = list(session.exec(select(kind).order_by(col(kind.id))))
        session.expunge_all()
        return rows

    return world.stored(read)


def kept_nudges(world: AnyWorld) -> list[SponsorNudge]:
    return kept(world, SponsorNudge)


def talks(world: AnyWorld) -> list[SponsorContact]:
    return kept(world, SponsorContact)


def kept_asks(world: AnyWorld) -> list[SponsorAsk]:
    return kept(world, SponsorAsk)


def only_pair(world: AnyWorld) -> SponsorPair:
    [pair] = kept(world, SponsorPair)
    return pair


async def sponsors_of(world: AnyWorld, who: str, words: str = "sponsors") -> str:
    """What somebody reads who asks for the sponsors, as plain words."""
    return unmarked((await world.write(who, words)).text)


def with_member(world: AnyWorld, who: str, work: Callable[[Member], None]) -> None:
    """Alter somebody's place behind the bot's back."""
    known = world.id_of(who)

    def alter(session: Session) -> None:
        chosen = select(Member).join(Person, col(Person.id) == Member.person_id)
        member = session.exec(chosen.where(Person.user_id == known)).one()
        work(member)
        session.add(member)

    world.change(alter)


def waiting_for(world: AnyWorld, who: str) -> list[str]:
    """The kinds of what the bot still means to say to somebody."""
    chosen = (
        select(Outbox.kind)
        .join(Person, col(Person.id) == Outbox.person_id)
        .where(
            Person.user_id == world.id_of(who),
            col(Outbox.state).in_(("pending", "held", "sending")),
        )
    )
    return world.stored(lambda session: list(session.exec(chosen)))


async def press_menu(world: AnyWorld, who: str, label: str) -> None:
    """Choose what may be done about a sponsor in the list that was asked for in the channel."""
    await world.press(who, label, channel=SHARED)


async def change_role(world: AnyWorld, who: str, role: str, **fields: str) -> None:
    """Northwind's alliance manager gives a colleague another role."""
    await world.command(PRIYA, "people")
    await world.press(PRIYA, "Add somebody", channel=SHARED)
    seen = await world.fill(PRIYA, person=who, side="Northwind Bio", role=role, **fields)
    assert seen.ok, seen.error
    await world.close(PRIYA)


async def leave(world: AnyWorld, who: str, how: str) -> None:
    """Somebody's place is ended by their alliance manager, or the platform closes their account."""
    if how == "ended":
        await change_role(world, who, "sponsor", until=world.now.date().isoformat())
        return
    known, now = world.id_of(who), world.now

    def close(session: Session) -> None:
        person = session.exec(select(Person).where(Person.user_id == known)).one()
        departures.close_account(session, person, now=now)

    world.change(close)


def exported(world: AnyWorld, who: str) -> str:
    """All the files that somebody would take along."""
    known, now = world.id_of(who), world.now

    def files(session: Session) -> str:
        person = session.exec(select(Person).where(Person.user_id == known)).one()
        alliance = session.exec(select(Alliance)).one()
        seat = members.seat(session, alliance, person, now=now)
        made = export.make(session, seat, sentence=lambda entry: f"{entry.what}", now=now)
        return "\n".join(file.data.decode() for file in (*made.shared, *made.own))

    return world.stored(files)


def read_by(world: AnyWorld, who: str) -> str:
    return unmarked("\n".join([*world.inbox(who), world.text(who, SHARED)]))


async def plan(world: AnyWorld, last_day: str, who: str = ADAEZE) -> str:
    """Northwind's alliance manager names who follows; what they then have before them."""
    await world.command(ADAEZE, "mine")
    await world.command(PRIYA, "sponsors")
    await press_menu(world, PRIYA, "Who follows…")
    seen = await world.fill(PRIYA, successor=who, until=last_day)
    assert seen.ok, seen.error
    return unmarked(world.words(world.form(PRIYA)))
