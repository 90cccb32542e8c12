"""docs/permissions.md is what the code decides, and what the doors do: every cell is pressed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlmodel import Session, col, func, select

from bot.local import LocalSlack
from governance.items.action_item_rules import RECORD
from governance.messages import outbox
from handlers.acts import ACTS
from playground.payloads import base
from storage.tables import ActionItem, ActionItemHelper, HistoryEntry, Outbox
from storage.trust_tables import Pulse
from tests import permissions_table
from tests.permissions_table import CHANGE, DUTIES, FILE, NO, SEE, SUGGESTS, YES
from tests.permissions_world import (
    ADMINISTERING,
    KINDS,
    TEXT,
    Kind,
    Made,
    make,
    people_world,
)
from tests.world import HANA, KWAME, MATEO, MONDAY, RANDOM, SHARED, World, direct, words_of

FORMS = {
    "decline": "decline_with",
    "move": "move_to",
    "snooze": "snooze_until",
    "wait": "wait_on",
    "helper": "helper_add",
    "edit": "edit_to",
    "reassign": "reassign_to",
    "share": "share_as",
    "take_back": "take_back_now",
}
"""Acts whose button opens a form, with what the form sends."""

TYPED = {
    "show": "show {ref}",
    "seen": "seen {ref}",
    "accept": "accept {ref}",
    "decline": "decline {ref} no time for it",
    "done": "done {ref}",
    "move": "move {ref} to 2 Dec",
    "snooze": "snooze {ref} until 2 Dec",
    "wait": "wait {ref} @priya",
    "helper": "helper {ref} @{colleague}",
    "edit": "edit {ref} send the new quote",
    "reassign": "reassign {ref} @{colleague}",
    "reopen": "reopen {ref}",
    "cancel": "cancel {ref}",
}

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
    "list.*": "as list.open",
    "people.*": "the steps that follow one of the table's",
    "place.*": "test_exposed_places",
    "pulse.*": "as pulse.open; answering one: test_open_pulse, test_pulse_reactions",
    "roster.*": "looking at one's own people: test_counterparts",
}
"""Acts that have no row of their own, and why."""


@dataclass
class Doors:
    """Presses and types as anybody, without having the button before them."""

    world: World

    async def press(self, who: str, act: str, value: str, channel: str = "") -> None:
        slack = self.world.slack
        house = slack.house
        house.public_url = slack.url
        house.world.stacks.pop(who, None)
        room = channel or direct(who)
        payload = base(house, "block_actions", house.world.people[who], house.world.host)
        payload |= {
            "container": {"type": "message", "message_ts": "1.000001", "channel_id": room},
            "channel": {"id": room, "name": "directmessage" if not channel else "a-channel"},
            "actions": [{"type": "button", "action_id": act, "block_id": "b", "value": value}],
            "trigger_id": house.tickets.trigger(who),
            "response_url": house.response_url(who, room, None),
        }
        await house.door.interaction(payload)

    def form(self, who: str) -> dict[str, Any]:
        stack = self.world.slack.house.world.stacks.get(who, [])
        return dict(stack[-1].body) if stack else {}


def state(world: World, made: Made) -> tuple[object, ...]:
    """How an item stands; it differs after anything was done to it."""

    def read(session: Session) -> tuple[object, ...]:
        item = session.get_one(ActionItem, made.item_id)
        entries = select(func.count()).where(
            HistoryEntry.record == RECORD, HistoryEntry.record_id == item.id
        )
        helpers = select(func.count()).where(ActionItemHelper.item_id == item.id)
        counts = (session.exec(entries).one(), session.exec(helpers).one())
        return (*counts, item.due, item.suggested_due)

    return world.stored(read)


async def by_button(doors: Doors, act: str, user: str, made: Made) -> str:
    """What came of pressing the act's button with the item's token."""
    before = state(doors.world, made)
    await doors.press(user, f"action_item.{'details' if act == 'show' else act}", made.token)
    form = doors.form(user)
    if act in SEE:
        return YES if TEXT in words_of(form) else NO
    if act not in FORMS:
        return YES if state(doors.world, made) != before else NO
    assert state(doors.world, made) == before, "a form changes nothing before it is sent"
    if form.get("callback_id") != f"action_item.{FORMS[act]}":
        return NO
    return SUGGESTS if form["title"]["text"].startswith("Suggest") else YES


async def by_words(doors: Doors, act: str, user: str, made: Made, kind: Kind) -> str:
    """What came of typing it in a direct message, which everybody can."""
    colleague = "kwame" if kind.who["owner"] not in (MATEO, "U0ADAEZE") else "mateo"
    before = state(doors.world, made)
    words = TYPED[act].format(ref=made.reference, colleague=colleague)
    answered = await doors.world.write(user, words)
    if act in SEE:
        answer = [one for one in answered.messages if one["channel"] == direct(user)]
        return YES if TEXT in words_of(answer) else NO
    after = state(doors.world, made)
    if act == "move" and after[2] == before[2] and after[3] != before[3]:
        return SUGGESTS
    return YES if after != before else NO


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Doors]:
    """One world for every cell, on SQLite."""
    path = tmp_path_factory.mktemp("permissions") / "world.db"
    local = LocalSlack(database_url=f"sqlite:///{path}", seed="empty", now=MONDAY)
    try:
        await local.start()
        world = World(local)
        await people_world(world)
        yield Doors(world)
    finally:
        await local.stop()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_every_cell_about_an_item_is_what_the_doors_do(doors: Doors, kind: Kind) -> None:
    """What is allowed is pressed and typed, each on a record of its own; of what is refused every
    other cell is pressed, and the others are typed."""
    world = doors.world
    refusing = await make(world, kind)
    decided = world.stored(
        lambda session: permissions_table.decided_for(
            session, refusing.item_id, kind, now=world.now
        )
    )
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
}
"""The button of a duty, and the form that it opens for who may."""

SAYS = {
    "list.open": "Open action items",
    "people.list": "Who is who",
    "alliance.audit": "Audit",
}


async def done(doors: Doors, act: str, user: str) -> str:
    """Whether somebody could do a duty."""
    world = doors.world
    if act == "action_item.capture_private":
        before = world.stored(_counts)
        await world.write(user, "internal check our margins by Fri")
        return YES if world.stored(_counts) != before else NO
    if act == "alliance.export":
        before = world.stored(_counts)
        await doors.press(user, act, "")
        return YES if world.stored(_counts) != before else NO
    if act == "pulse.cancel":
        token = await _pulse(world)
        await doors.press(user, act, token)
        return YES if world.stored(lambda s: _is_cancelled(s, token)) else NO
    if act in SAYS:
        whispered = len(world.read(user, SHARED))
        await doors.press(user, act, "", SHARED)
        shown = [*world.read(user, SHARED)[whispered:], doors.form(user)]
        return YES if SAYS[act] in words_of(shown) else NO
    button, form = OPENS[act]
    home = world.slack.house.world.people[user].team == "T0HELIX"
    own, other = (KWAME, MATEO) if home else (MATEO, KWAME)
    value = {"people.edit": own, "people.edit of another firm": other}.get(act, "")
    await doors.press(user, button, value, RANDOM if act == "alliance.link" else SHARED)
    return YES if doors.form(user).get("callback_id") == form else NO


async def _pulse(world: World) -> str:
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
    world = doors.world
    await make(world, KINDS[0])
    decided = world.stored(lambda session: permissions_table.duties(session, now=world.now))
    wrong = [
        (act, who, cell)
        for (act, who), cell in decided.items()
        if await done(doors, act, ADMINISTERING[who]) != cell
    ]
    assert wrong == []


async def test_the_page_is_as_the_code_decides(tmp_path: Path) -> None:
    local = LocalSlack(database_url=f"sqlite:///{tmp_path}/w.db", seed="empty", now=MONDAY)
    try:
        await local.start()
        world = World(local)
        await people_world(world)
        assert FILE.read_text() == await permissions_table.written(world), "run `make permissions`"
    finally:
        await local.stop()


def test_every_act_has_a_row_or_a_reason() -> None:
    rows = {f"action_item.{act}" for act in (*SEE, *CHANGE, *FORMS.values())} | set(DUTIES)
    rows |= {"action_item.details"}
    without = [
        act
        for act in ACTS
        if act not in rows and act not in ELSEWHERE and f"{act.split('.')[0]}.*" not in ELSEWHERE
    ]
    assert without == []
