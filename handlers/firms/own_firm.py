"""A firm's own people on another platform: what they read before they join, and what the firm's
alliance managers are asked then."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from governance import visibility
from governance.errors import NotFound
from governance.firms import channels, invitations, joining, own_firm, rights, sides
from governance.firms.joining import Door
from governance.firms.own_firm import CameIn
from governance.people import members
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.firms.places import PLATFORMS, being_posted, named, where
from handlers.text import listed
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    Facts,
    Field,
    Form,
    Message,
    Note,
    Reply,
    Row,
    Text,
    Words,
    answer,
    bold,
    words,
)
from storage.tables import Alliance, Conversation, Invitation, Person, Side

TITLE = "Join for your firm"
OWN, JOINT = "own", "joint"
CONFIRM, REMOVE = "own_firm.confirm", "own_firm.remove"


def form(ask: Ask, opened: Door) -> Form:
    """What it means, before anything happens."""
    assert opened.own is not None
    kept = {**asking.place_of(ask), "code": opened.invitation.code}
    blocks, fields = _means(ask, opened, opened.own), _fields(ask.session, opened, opened.own)
    return Form(TITLE, "alliance.join_own", blocks, fields, kept, "Join")


def _means(ask: Ask, opened: Door, own: Side) -> tuple[Block, ...]:
    alliance = opened.alliance
    by = ask.session.get_one(Person, opened.invitation.made_by).name
    firms = " · ".join(side.firm for side in sides.of(ask.session, alliance.id))
    facts = (("Firms", firms), ("Invited by", by), ("You join as", own.firm))
    paragraphs = _paragraphs(own.firm, by, PLATFORMS[opened.place.platform])
    told = (Text((bold(f"{title}\n"), *words(said))) for title, said in paragraphs)
    purpose = f"\n{alliance.purpose}" if alliance.purpose else ""
    return (
        Text((bold(alliance.name), Words(purpose))),
        Facts(tuple((label, (Words(text),)) for label, text in facts)),
        *told,
        Note(words("Nothing happens before you press Join.")),
    )


def _paragraphs(firm: str, by: str, here: str) -> tuple[tuple[str, str], ...]:
    return (
        (
            "Who comes in",
            f"You, and your colleagues here on {here} when they first use me. Join only if you "
            f"work for {firm}.",
        ),
        ("What you see at once", "Everything joint, also what was recorded so far."),
        (
            "What you see later",
            f"What is {firm}'s own, once {by} has confirmed that this is {firm}.",
        ),
        (
            "What every firm sees",
            f"That {firm} also takes part from {here}, and the names of those who do.",
        ),
        ("What you become", f"One of {firm}'s people here; its alliance managers stay the same."),
    )


def _fields(session: Session, opened: Door, own: Side) -> tuple[Field, ...]:
    """The firm's own channel only where it could be that."""
    choices = [Choice(JOINT, "Joint: every firm's items are shown here")]
    if channels.may_become_own(session, opened.place, own, opened.team_id):
        choices.append(Choice(OWN, f"{own.firm} only, once that is confirmed"))
    label = f"What is {named(opened.place)} for?"
    return (ChoiceField("sees", label, tuple(choices), JOINT),)


def joined(ask: Ask, place: Conversation, *, own_channel: bool) -> Form:
    """Carry it out, and say where they stand."""
    seat = joining.join_own(
        ask.session, ask.arg("code"), ask.account, place, own_channel=own_channel, now=ask.now
    )
    blocks = _outcome(ask, seat, place, own_channel=own_channel)
    return Form(TITLE, "page", blocks, args=asking.place_of(ask), close="Done")


def _outcome(ask: Ask, seat: Seat, place: Conversation, *, own_channel: bool) -> tuple[Block, ...]:
    firm = seat.side.firm
    managers = members.managers(ask.session, seat.alliance.id, seat.side.id, now=ask.now)
    who = " or ".join(person.name for person in managers)
    role = members.ROLES[seat.member.role]
    said = f" You are {role} there. {who} is asked to confirm it; until then you see what is joint."
    if own_channel:
        next_ = f"Nothing is posted in {named(place)} until then."
    else:
        next_ = f"{being_posted(place)}; the alliance managers of the other firms are told."
    buttons = (Button("All open", "list.open"), Button("What is this?", "alliance.about"))
    return (
        Text((bold(f"You are in {seat.alliance.name} for {firm}."), Words(said))),
        Text((Words(next_),)),
        Buttons(buttons),
    )


def asked(
    session: Session, facts: dict[str, Any], reader: Person, *, now: datetime, again: bool
) -> Message | None:
    """What an alliance manager is asked about who used their code; shown `again`, the answer."""
    invitation = session.get_one(Invitation, facts["invitation"])
    seat = _seat_of(session, invitation, reader, now=now)
    if seat is None:
        return None
    settled = own_firm.settled(session, invitation)
    if settled is not None:
        return _answered(session, invitation, seat, settled) if again else None
    found = own_firm.with_code(session, invitation)
    if found is None:
        return None
    place = session.get_one(Conversation, facts["place"])
    maker = invitation.made_by == reader.id
    whose = "your code" if maker else f"{session.get_one(Person, invitation.made_by).name}'s code"
    lead = f"{found.by.name} joined {seat.alliance.name} with {whose}, as {seat.side.firm}."
    blocks = (
        Text((bold(lead),)),
        Text((Words(_who(session, found, place)),)),
        Text((Words(_what_it_does(found)),)),
        Buttons(_buttons(found)),
        Note(words("Only you and your firm's other alliance managers are asked.")),
    )
    return Message(blocks, lead=lead)


def _seat_of(
    session: Session, invitation: Invitation, reader: Person, *, now: datetime
) -> Seat | None:
    """Where an alliance manager of the code's firm stands; nothing for anybody else."""
    alliance = session.get_one(Alliance, invitation.alliance_id)
    taken = visibility.current_seat(session, alliance.id, reader.id, now=now)
    if taken is None or taken[1].id != invitation.side_id:
        return None
    seat = Seat(reader, *taken, alliance)
    return seat if rights.has(seat, "invite") else None


def _who(session: Session, found: CameIn, place: Conversation) -> str:
    """What helps to tell whether those are colleagues."""
    title = f", {found.by.title}" if found.by.title else ""
    there = [int(one) for one in place.person_ids.split(",") if one]
    chosen = select(Person.name).where(col(Person.id).in_(there), Person.id != found.by.id)
    others = list(session.exec(chosen.order_by(Person.name)))
    said = f"{found.by.name}{title}, from {where(found.home)}, in {named(place)}."
    return f"{said} With them there: {listed(others)}." if others else said


def _what_it_does(found: CameIn) -> str:
    firm = found.side.firm
    becomes = found.team.place_id is not None and found.side.private_since is not None
    own = f" Their channel becomes {firm}'s own then." if becomes else ""
    return (
        f"They see what is joint now. Are these people of {firm}? Confirm lets everybody there "
        f"see what is {firm}'s own.{own} Remove takes them out again."
    )


def _buttons(found: CameIn) -> tuple[Button, ...]:
    remove = Button("Remove", REMOVE, found.invitation.code, "danger", confirm=_sure(found))
    if not found.team.stated:
        return (remove,)
    return (Button("Confirm", CONFIRM, found.invitation.code, "primary"), remove)


def _sure(found: CameIn) -> str:
    return (
        f"Take the people of {found.side.firm} on {PLATFORMS[found.home.platform]} who came in "
        "with this code out of the alliance?"
    )


def _answered(
    session: Session, invitation: Invitation, seat: Seat, settled: tuple[str, Person, datetime]
) -> Message:
    what, by, at = settled
    day = members.calendar_of(seat.person).today(at)
    who = session.get_one(Person, invitation.used_by).name
    on = f"{by.name} on {say_day(day, today=day)}"
    found = own_firm.with_code(session, invitation)
    if what == "also_removed" or found is None:
        said = f"Who joined with {who} was removed by {on}. {_gone(session, invitation)}"
        return Message((Text((Words(said),)),))
    said = f"Confirmed by {on}: {_confirmed(session, found)}"
    return Message((Text((Words(said),)), Buttons(_buttons(found))))


def _confirmed(session: Session, found: CameIn) -> str:
    firm = found.side.firm
    said = f"{found.by.name} and their colleagues there see what is {firm}'s own."
    place = own_firm.not_linked(session, found)
    if place is None:
        return said
    return f"{said} {named(place)} is not {firm}'s own channel; `link` there makes it that."


def _gone(session: Session, invitation: Invitation) -> str:
    places = own_firm.still_with(session, invitation)
    if not places:
        return "They read nothing here any more."
    rooms = listed([named(place) for place in places])
    return (
        f"They get nothing from me any more, but are still in {rooms}: I post nothing new "
        "there until somebody takes them out, and what is there they can still read."
    )


def rows(ask: Ask, seat: Seat, side: Side) -> list[Block]:
    """From where else a firm takes part, for everybody; its own alliance managers answer it here
    as well."""
    decides = side.id == seat.side.id and rights.has(seat, "invite")
    return [_row(found, decides=decides) for found in own_firm.of_side(ask.session, side)]


def _row(found: CameIn, *, decides: bool) -> Row:
    state = " · not confirmed yet" if found.team.stated else ""
    place = where(found.home) if decides else PLATFORMS[found.home.platform]
    said = (Words(f"Also takes part from {place}: {found.by.name} joined there{state}"),)
    if not decides:
        return Row(said)
    first, *others = _buttons(found)
    return Row(said, button=first, menu=tuple(others))


@act(CONFIRM)
def confirm(ask: Ask) -> Reply:
    invitation, seat = _pressed(ask)
    found = own_firm.confirm(ask.session, seat, invitation, now=ask.now)
    return answer(Words(f"Confirmed: {_confirmed(ask.session, found)}"))


@act(REMOVE)
def remove(ask: Ask) -> Reply:
    invitation, seat = _pressed(ask)
    found = own_firm.remove(ask.session, seat, invitation, now=ask.now)
    gone = _gone(ask.session, invitation)
    return answer(Words(f"Removed: who joined with {found.by.name}. {gone}"))


def _pressed(ask: Ask) -> tuple[Invitation, Seat]:
    found = invitations.find(ask.session, ask.installation.id, ask.arg("value"))
    if found.side_id is None:
        raise NotFound(invitations.GONE)
    return found, ask.seat_in(ask.session.get_one(Alliance, found.alliance_id))
