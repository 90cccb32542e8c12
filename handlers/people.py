"""Who is who: the roster of each side, and adding, changing and ending people."""

from datetime import timedelta

from governance import members, roster, sides, visibility
from governance.errors import BotError, NotAllowed
from governance.members import Seat
from handlers import asking
from handlers.acts import Ask, act, choices
from handlers.choosing import fit
from handlers.understanding import day_chosen
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    DayField,
    Form,
    Heading,
    Message,
    Note,
    PersonField,
    Reply,
    Row,
    Text,
    Words,
    answer,
    bold,
    words,
)
from storage.tables import Member, Person, Side

ROOM = 46
"""Lines in one message beside what begins and ends it; fifty are possible."""

FIRMS_SHOWN = 15


def _room(firms: int) -> int:
    """How many people of each firm are shown: each firm has its name, and what is left out."""
    return max(1, ROOM // min(firms, FIRMS_SHOWN) - 2)


@act("people.list")
def people(ask: Ask) -> Reply:
    seat = ask.seat()
    blocks: list[Block] = [Heading(f"Who is who · {seat.alliance.name}")]
    if seat.is_manager:
        blocks.append(Buttons((Button("Add somebody", "people.edit", style="primary"),)))
    firms = sides.of(ask.session, seat.alliance.id)
    everyone = members.members(ask.session, seat.alliance.id, now=ask.now)
    for side in firms[:FIRMS_SHOWN]:
        here = [(member, person) for member, person, its in everyone if its.id == side.id]
        blocks += _firm(ask, seat, side, here, limit=_room(len(firms)))
    if len(firms) > FIRMS_SHOWN:
        blocks.append(Note(words(f"and {len(firms) - FIRMS_SHOWN} firms more")))
    if not seat.is_manager:
        blocks.append(Note(words("The alliance managers add and change people.")))
    return Reply(message=Message(tuple(blocks)))


def _firm(
    ask: Ask, seat: Seat, side: Side, here: list[tuple[Member, Person]], *, limit: int
) -> list[Block]:
    blocks: list[Block] = [Text(words(bold(side.firm)))]
    changeable = roster.may_change(ask.session, seat, side.id, now=ask.now)
    blocks += [_row(member, person, changeable=changeable) for member, person in here[:limit]]
    if not here:
        blocks.append(Note(words("Nobody yet. They join when they first press a button.")))
    if len(here) > limit:
        blocks.append(Note(words(f"and {len(here) - limit} more")))
    return blocks


def _row(member: Member, person: Person, *, changeable: bool) -> Row:
    unsure = " · says so, not confirmed" if member.stated else ""
    title = f" · {person.title}" if person.title else ""
    spans = (Words(f"{person.name} · {members.ROLES[member.role]}{title}{unsure}"),)
    button = Button("Change", "people.edit", person.user_id) if changeable else None
    return Row(spans, button=button)


@act("people.edit")
def edit_person(ask: Ask) -> Reply:
    """Add somebody, or change their side, role and last day."""
    seat = ask.seat()
    if not seat.is_manager:
        raise NotAllowed("People are added and changed by the alliance managers.")
    person = ask.person(ask.arg("value")) if ask.arg("value") else None
    member = _shown_member(ask, seat, person)
    firms = sides.of(ask.session, seat.alliance.id)
    firm = next((side.firm for side in firms if member and side.id == member.side_id), None)
    last_day = member.until - timedelta(days=1) if member and member.until else None
    fields = (
        PersonField(
            "person",
            "Who?",
            "people.everyone",
            Choice(person.user_id, person.name) if person else None,
        ),
        ChoiceField(
            "side",
            "Firm",
            tuple(Choice(side.firm, side.firm) for side in firms),
            firm or seat.side.firm,
        ),
        ChoiceField(
            "role",
            "Role",
            tuple(Choice(role, label) for role, label in members.ROLES.items()),
            member.role if member else "team",
        ),
        DayField(
            "until",
            "Last day",
            last_day,
            "Leave it empty while they stay. Today ends it now.",
            optional=True,
        ),
    )
    return Reply(
        form=Form("Add or change somebody", "people.save", (), fields, asking.place_of(ask), "Save")
    )


def _shown_member(ask: Ask, seat: Seat, person: Person | None) -> Member | None:
    """The place to be changed. Another firm's people, and their last day, are not shown."""
    if person is None:
        return None
    member = visibility.current_member(ask.session, seat.alliance.id, person.id, now=ask.now)
    if member and not roster.may_change(ask.session, seat, member.side_id, now=ask.now):
        firm = ask.session.get_one(Side, member.side_id).firm
        raise NotAllowed(f"{firm} looks after its own people; ask its alliance manager.")
    return member


@act("people.save")
def save_person(ask: Ask) -> Reply:
    seat = ask.seat()
    if not ask.arg("person"):
        raise BotError("Choose a person.", field="person")
    person = ask.person(ask.arg("person"))
    last_day = day_chosen(ask, "until")
    if last_day is not None and last_day == ask.today:
        roster.end_by(ask.session, seat, person, now=ask.now)
        return answer(f"{person.name}'s time here ends today.")
    member = roster.change_member(
        ask.session,
        seat,
        person,
        side_name=ask.arg("side"),
        role=ask.arg("role"),
        last_day=last_day,
        now=ask.now,
    )
    said = f"{person.name} is {members.ROLES[member.role]} at {ask.arg('side')}."
    if member.stated:
        said += f" {ask.arg('side')} confirms it before they see its own records."
    return answer(said)


@choices("people.everyone")
def everyone_choices(ask: Ask, typed: str) -> list[Choice]:
    """Whom this alliance manager may add, for the words typed so far."""
    known = roster.may_be_added(ask.session, ask.seat(), ask.installation, now=ask.now)
    return [Choice(person.user_id, person.name) for person in fit(known, typed)]
