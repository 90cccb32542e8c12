"""Who is who: the roster of each side, and adding, changing and ending people."""

from datetime import date, timedelta

from governance import visibility
from governance.errors import BotError, NotAllowed, SuccessorNeeded
from governance.firms import rights, sides
from governance.people import counterparts, forwarding, members, roster
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act, choices
from handlers.firms import own_firm
from handlers.people import roster_views, succession, unreachable
from handlers.people.choosing import fit
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
    blocks += succession.offer(ask, seat)
    blocks += _adding(seat)
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


def _adding(seat: Seat) -> tuple[Block, ...]:
    """For who may: a person, or a further firm."""
    if not rights.has(seat, "people"):
        return ()
    buttons = [Button("Add somebody", "people.edit", style="primary")]
    if rights.has(seat, "invite") and seat.alliance.closed_at is None:
        buttons.append(Button("Invite a firm", "alliance.invite"))
    buttons.append(Button("Sponsors", "sponsor.list"))
    return (Buttons(tuple(buttons)),)


def _headed(ask: Ask, seat: Seat, side: Side) -> Row:
    """A firm's name, with what an alliance manager has still to do there: look at their own
    people, name somebody where a partner has nobody."""
    button = None
    if seat.is_manager and side.id == seat.side.id and side.checked_at is None:
        button = Button("Check our people", "roster.own", str(side.id))
    elif seat.is_manager and counterparts.lacks_one(ask.session, seat, side, now=ask.now):
        button = Button("Name its alliance manager", "counterpart.other", str(side.id))
    return Row((bold(side.firm),), button=button)


def _firm(
    ask: Ask, seat: Seat, side: Side, here: list[tuple[Member, Person]], *, limit: int
) -> list[Block]:
    further = own_firm.rows(ask, seat, side)[:limit]
    limit = max(1, limit - len(further))
    blocks: list[Block] = [_headed(ask, seat, side), *further]
    changeable = roster.may_change(ask.session, seat, side.id, now=ask.now)
    for member, person in here[:limit]:
        unreached = forwarding.is_unreached(ask.session, seat, member, person, now=ask.now)
        blocks.append(_row(member, person, changeable=changeable, unreached=unreached))
    if not here:
        blocks.append(Note(words("Nobody yet. They join when they first press a button.")))
    if len(here) > limit:
        blocks.append(Note(words(f"and {len(here) - limit} more")))
    return blocks


def _row(member: Member, person: Person, *, changeable: bool, unreached: bool) -> Row:
    marks = " · says so, not confirmed" if member.stated else ""
    marks += unreachable.MARK if unreached else ""
    title = f" · {person.title}" if person.title else ""
    spans = (Words(f"{person.name} · {members.ROLES[member.role]}{title}{marks}"),)
    change = Button("Change", "people.edit", person.user_id) if changeable else None
    if unreached:
        forward = unreachable.button(person)
        return Row(spans, menu=(change, forward) if change else (forward,))
    return Row(spans, button=change)


@act("people.edit", opens_form=True)
def edit_person(ask: Ask) -> Reply:
    """Add somebody, or change their side, role and last day."""
    person = ask.person(ask.arg("value")) if ask.arg("value") else None
    return Reply(form=person_form(ask, ask.seat(), person))


def person_form(
    ask: Ask, seat: Seat, person: Person | None, args: dict[str, str] | None = None
) -> Form:
    """`args` says where to go on after it was sent."""
    if not rights.has(seat, "people"):
        raise NotAllowed("People are added and changed by the alliance managers.")
    member = _shown_member(ask, seat, person)
    firms = sides.of(ask.session, seat.alliance.id)
    firm = next((side.firm for side in firms if member and side.id == member.side_id), None)
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
            _last_day(seat, member),
            "Leave it empty while they stay. Today ends it now.",
            optional=True,
        ),
    )
    kept = {**asking.place_of(ask), **(args or {})}
    return Form("Add or change somebody", "people.save", (), fields, kept, "Save")


def _last_day(seat: Seat, member: Member | None) -> date | None:
    """When somebody of another firm will leave is that firm's to know."""
    if member is None or member.until is None or member.side_id != seat.side.id:
        return None
    return member.until - timedelta(days=1)


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
    if ask.arg("successor"):
        follower = ask.person(ask.arg("successor"))
        roster.appoint(ask.session, seat, follower, instead_of=person, now=ask.now)
    try:
        return _save(ask, seat, person)
    except SuccessorNeeded:
        return Reply(form=succession.form(ask, seat, person))


def _save(ask: Ask, seat: Seat, person: Person) -> Reply:
    last_day = day_chosen(ask, "until")
    if last_day is not None and last_day == ask.today:
        ended = roster.end_by(ask.session, seat, person, now=ask.now)
        counterparts.roster_changed(ask.session, seat, ended, now=ask.now)
        return _saved(ask, seat, f"{person.name}'s time here ends today.")
    member = roster.change_member(
        ask.session,
        seat,
        person,
        side_name=ask.arg("side"),
        role=ask.arg("role"),
        last_day=last_day,
        now=ask.now,
    )
    counterparts.roster_changed(ask.session, seat, member, now=ask.now)
    said = f"{person.name} is {members.ROLES[member.role]} at {ask.arg('side')}."
    if member.stated:
        said += f" {ask.arg('side')} confirms it before they see its own records."
    return _saved(ask, seat, said)


def _saved(ask: Ask, seat: Seat, said: str) -> Reply:
    """Back to the page it was begun from, where there is one."""
    if ask.arg("successor"):
        follower = ask.person(ask.arg("successor"))
        said += f" {follower.name} is {seat.side.firm}'s alliance manager now."
    if ask.arg("back") != roster_views.BACK:
        return answer(said)
    kept = {**asking.place_of(ask), "alliance": str(seat.alliance.id)}
    return Reply(form=roster_views.page(ask.session, seat.side, kept, note=said, now=ask.now))


@choices("people.everyone")
def everyone_choices(ask: Ask, typed: str) -> list[Choice]:
    """Whom this alliance manager may add, for the words typed so far."""
    known = roster.may_be_added(ask.session, ask.seat(), ask.installation, now=ask.now)
    return [Choice(person.user_id, person.name) for person in fit(known, typed)]
