"""docs/permissions.md is what the code decides, and what the doors of both platforms do: every cell
is pressed."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlmodel import Session, col, func, select

from bot.local import LocalSlack
from governance.messages import outbox
from handlers.acts import ACTS
from storage.tables import ActionItem, Outbox
from storage.trust_tables import Pulse
from tests import permissions_table
from tests.anywhere import HANA, KWAME, MATEO, MONDAY, OLIVIA, SHARED, AnyWorld, direct
from tests.permissions_doors import (
    FORMS,
    TYPED,
    Doors,
    SlackDoors,
    TeamsDoors,
    by_button,
    by_words,
)
from tests.permissions_table import CHANGE, DUTIES, FILE, NO, SEE, YES
from tests.permissions_world import (
    ADMINISTERING,
    KINDS,
    Kind,
    adaezes_seat,
    make,
    people_world,
)
from tests.teams.world import TeamsWorld
from tests.world import World

ELSEWHERE = {
    "action_item.undo": "takes a capture back as cancel does; only its writer has the button",
    "action_item.take": "an owner who has left: test_departures",
    "action_item.create": "a form that was sent is checked as the act that opened it",
    "action_item.from_message": "records, as action_item.capture does",
    "action_item.new": "the form of action_item.capture",
    "alliance.unlink": "as alliance.link, for one's own channels: test_linking",
    "people.step_in": "test_people",
    "people.forward": "test_people",
    "reminders.show": "one's own",
    "reminders.save": "one's own",
    "form.open": "only who began it: test_capture_doors",
    "home.show": "one's own",
    "help.show": "for everybody",
    "help.all": "for everybody",
    "help.unknown": "for everybody",
    "first_steps.example": "for everybody",
    "alliance.about": "for everybody",
    "alliance.invite": "its alliance managers, while a firm is missing: test_joining",
    "alliance.join": "whoever has a code, for a firm that is not in it yet: test_joining",
    "alliance.join_now": "the form of alliance.join, checked again: test_joining",
    "accounts.*": "one's own two accounts: test_accounts",
    "agreement.*": "as alliance.settings, at another firm: test_agreements",
    "alliance.*": "the steps that follow one of the table's",
    "arrival.*": "setting up: test_first_steps",
    "ask.*": "only who was asked: test_capture_doors",
    "counterpart.*": "looking after a partner's side: test_counterparts",
    "departure.*": "test_departures",
    "firm.*": "the steps that follow one of the table's",
    "check_in.*": "one's own, read as its writer chose: test_check_ins",
    "list.*": "as list.open",
    "own_firm.*": "an alliance manager of that firm: test_own_firm",
    "people.*": "the steps that follow one of the table's",
    "place.*": "test_exposed_places",
    "pulse.*": "as pulse.open; answering one: test_open_pulse, test_pulse_reactions",
    "roster.*": "looking at one's own people: test_counterparts",
    "sponsor.*": "the steps that follow one of the table's: test_sponsor_seats and those beside it",
    "sponsor_ask.*": "between a sponsor and who asked them: test_sponsor_asks",
    "sponsor_contact.*": "only their counterpart answers that: test_sponsor_talks",
}
"""Acts that have no row of their own, and why."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["slack", "teams"])
async def doors(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Doors]:
    """One world for every cell, on SQLite."""
    url = f"sqlite:///{tmp_path_factory.mktemp('permissions')}/world.db"
    made = _slack(url) if request.param == "slack" else _teams(url)
    async for doors in made:
        await people_world(doors.world)
        yield doors


async def _slack(url: str) -> AsyncIterator[Doors]:
    local = LocalSlack(database_url=url, seed="empty", now=MONDAY)
    try:
        await local.start()
        yield SlackDoors(World(local))
    finally:
        await local.stop()


async def _teams(url: str) -> AsyncIterator[Doors]:
    world = TeamsWorld(url)
    try:
        await world.start()
        yield TeamsDoors(world)
    finally:
        await world.stop()


@pytest.mark.asyncio(loop_scope="module")
async def test_the_page_is_as_the_code_decides(doors: Doors) -> None:
    assert FILE.read_text() == await permissions_table.written(doors.world), "`make permissions`"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_every_cell_about_an_item_is_what_the_doors_do(doors: Doors, kind: Kind) -> None:
    """What is allowed is pressed and typed, each on a record of its own; of what is refused every
    other cell is pressed, and the others are typed."""
    world = doors.world
    refusing = await make(world, kind)
    decided = permissions_table.decided_for(world, refusing.item_id, kind)
    wrong = []
    for number, ((act, who), cell) in enumerate(decided.items()):
        user = kind.who[who]
        typed, pressed = cell, cell
        if cell == NO and number % 2 and act in TYPED:
            typed = await by_words(doors, act, user, refusing, kind)
        elif cell == NO:
            pressed = await by_button(doors, act, user, refusing)
        else:
            made = refusing if act in SEE else await make(world, kind)
            pressed = await by_button(doors, act, user, made)
            if act in TYPED:
                made = made if act in (*SEE, *FORMS) else await make(world, kind)
                typed = await by_words(doors, act, user, made, kind)
        if (typed, pressed) != (cell, cell):
            wrong.append((act, who, cell, f"typed: {typed}", f"pressed: {pressed}"))
    assert wrong == []


OPENS = {
    "action_item.capture": ("action_item.new", "action_item.create"),
    "people.edit": ("people.edit", "people.save"),
    "people.edit of another firm": ("people.edit", "people.save"),
    "pulse.open": ("pulse.new", "pulse.check"),
    "firm.settings": ("firm.settings", "firm.save"),
    "alliance.settings": ("alliance.settings", "alliance.save"),
    "alliance.close": ("alliance.close", "alliance.close_now"),
    "alliance.link": ("alliance.link", "alliance.link_as"),
    "sponsor.new": ("sponsor.new", "sponsor.save"),
    "sponsor_ask.new": ("sponsor_ask.new", "sponsor_ask.put"),
    "sponsor.spoke_of": ("sponsor.spoke_of", "sponsor.spoke_save"),
    "sponsor.hour": ("sponsor.hour", "sponsor.hour_save"),
}
"""The button of a duty, and the form that it opens for who may."""

SAYS = {
    "list.open": "Open action items",
    "people.list": "Who is who",
    "alliance.audit": "Audit",
    "sponsor.list": "Sponsors · ",
    "sponsor.preview": "This is what Adaeze",
}


async def done(doors: Doors, act: str, user: str) -> str:
    """Whether somebody could do a duty."""
    world = doors.world
    before = world.stored(_counts)
    if act == "action_item.capture_private":
        await world.write(user, "internal check our margins by Fri")
        return YES if world.stored(_counts) != before else NO
    if act == "alliance.export":
        await doors.press(user, act, "")
        return YES if world.stored(_counts) != before else NO
    seat = world.stored(lambda session: adaezes_seat(session).token)
    if act == "pulse.cancel":
        token = await _pulse(world)
        await doors.press(user, act, token)
        return YES if world.stored(lambda s: _is_cancelled(s, token)) else NO
    if act in SAYS:
        had = set(_heard(doors, user))
        page = await doors.press(user, act, seat if act in OF_A_SEAT else "", SHARED)
        told = [words for ts, words in _heard(doors, user).items() if ts not in had]
        return YES if SAYS[act] in "".join([*told, page.words]) else NO
    button, form = OPENS[act]
    of_helix = user in (KWAME, OLIVIA)
    own, other = (KWAME, MATEO) if of_helix else (MATEO, KWAME)
    value = {"people.edit": own, "people.edit of another firm": other}.get(act, "")
    room = await doors.unlinked(user) if act == "alliance.link" else SHARED
    page = await doors.press(user, button, _value_of(world, act, value, seat), room)
    return YES if page.act == form else NO


def _heard(doors: Doors, user: str) -> dict[str, str]:
    world = doors.world
    rooms = (SHARED, direct(user))
    return {m["ts"]: world.words(m) for room in rooms for m in world.read(user, room)}


def _value_of(world: AnyWorld, act: str, person: str, seat: str) -> str:
    """What the button of an act carries."""
    if act in OF_A_SEAT:
        return seat
    return world.id_of(person) if person else ""


OF_A_SEAT = ("sponsor.preview", "sponsor_ask.new", "sponsor.spoke_of", "sponsor.hour")
"""Acts about a sponsor of the host."""


async def _pulse(world: AnyWorld) -> str:
    """One more question of Hana's; its token."""
    await world.command(HANA, "pulse Are we in time?")
    for _ in range(2):
        await world.fill(HANA)
    await world.close(HANA)
    newest = select(Pulse.token).order_by(col(Pulse.id).desc()).limit(1)
    return world.stored(lambda session: session.exec(newest).one())


def _is_cancelled(session: Session, token: str) -> bool:
    return session.exec(select(Pulse.state).where(Pulse.token == token)).one() == "cancelled"


def _counts(session: Session) -> tuple[int, int]:
    files = select(func.count()).select_from(Outbox).where(Outbox.kind == outbox.FILE.name)
    items = select(func.count()).select_from(ActionItem).where(col(ActionItem.series_side_id) > 0)
    return session.exec(files).one(), session.exec(items).one()


@pytest.mark.asyncio(loop_scope="module")
async def test_every_cell_about_alliance_and_firms_is_what_the_doors_do(doors: Doors) -> None:
    await make(doors.world, KINDS[0])
    decided = permissions_table.duties(doors.world)
    wrong = [
        (act, who, cell)
        for (act, who), cell in decided.items()
        if await done(doors, act, ADMINISTERING[who]) != cell
    ]
    assert wrong == []


def test_every_act_has_a_row_or_a_reason() -> None:
    rows = {f"action_item.{act}" for act in (*SEE, *CHANGE, *FORMS.values())} | set(DUTIES)
    rows |= {"action_item.details"}
    without = [
        act
        for act in ACTS
        if act not in rows and act not in ELSEWHERE and f"{act.split('.')[0]}.*" not in ELSEWHERE
    ]
    assert without == []
