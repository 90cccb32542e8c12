"""`invite`: a code for a further firm, as a short text to forward."""

from dataclasses import replace

from governance import history
from governance.errors import NotFound
from governance.firms import invitations, sides
from governance.people import members
from governance.people.members import Seat
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.items import capture
from handlers.views import (
    Button,
    Buttons,
    Message,
    Note,
    Quote,
    Reply,
    Spans,
    Text,
    Words,
    answer,
    bold,
    words,
)
from storage.tables import Alliance, Invitation, Person

SENTENCE = 4
"""So many words after `invite` are no firm's name but perhaps something to record."""


def typed(code: str) -> str:
    """What the partner writes, in words that show as something to type."""
    return f"`@Alliance join {code}`"


@act("alliance.invite")
def invite(ask: Ask) -> Reply:
    """A new code, or the one that waits. “Invite Olivia to the review by Fri” is no invitation."""
    if ask.people or len(ask.arg("words").split()) >= SENTENCE:
        return capture.offer(replace(ask, args={"words": f"invite {ask.arg('words')}"}))
    seat = ask.seat()
    invitations.check_may_invite(seat)
    history.check_open(seat.alliance)
    there = invitations.waiting(ask.session, seat.alliance.id, now=ask.now)
    if there is not None:
        return _shown(ask, seat, there, _waits(ask, there))
    made = invitations.make(ask.session, seat, now=ask.now)
    return _shown(ask, seat, made, _for_whom(ask, seat))


@act("alliance.invite_anew")
def invite_anew(ask: Ask) -> Reply:
    seat = _pressed(ask)
    made = invitations.make(ask.session, seat, now=ask.now)
    lead = words("A new code; the one before can't be used any more. Forward this:")
    return replace(_shown(ask, seat, made, lead), closes=True)


@act("alliance.invite_withdraw")
def invite_withdraw(ask: Ask) -> Reply:
    seat = _pressed(ask)
    if invitations.withdraw(ask.session, seat, now=ask.now):
        said = "Taken back: the code can't be used any more. `invite` makes another."
    else:
        said = "No code is waiting, so there is nothing to take back. `invite` makes one."
    return replace(answer(said), closes=True)


def _pressed(ask: Ask) -> Seat:
    """Where somebody stands in the alliance of the code behind a button, for those who invite."""
    found = invitations.find(ask.session, ask.installation.id, ask.arg("value"))
    seat = ask.seat_in(ask.session.get_one(Alliance, found.alliance_id))
    if not seat.is_manager:
        raise NotFound(invitations.GONE)
    return seat


def _for_whom(ask: Ask, seat: Seat) -> Spans:
    named = [side.firm for side in sides.without_workspace(ask.session, seat.alliance.id)]
    comes = " or ".join(named) or "One further firm"
    return words(bold(f"{comes} can come into {seat.alliance.name}."), " Forward this:")


def _waits(ask: Ask, invitation: Invitation) -> Spans:
    by = ask.session.get_one(Person, invitation.made_by)
    made = members.calendar_of(ask.caller).today(invitation.made_at)
    on = say_day(made, today=ask.today)
    return words(bold("A code is waiting"), Words(f", made by {by.name} on {on}:"))


def _shown(ask: Ask, seat: Seat, invitation: Invitation, lead: Spans) -> Reply:
    """What to forward names neither the alliance nor its firms: whoever finds it learns nothing."""
    code = invitations.written(invitation)
    until = members.calendar_of(ask.caller).today(invitation.made_at + invitations.LASTS)
    day = say_day(until, today=ask.today)
    forward = words(
        "Let us keep what our firms promise each other in one place. Add @Alliance to a channel of "
        f"your firm and write there: {typed(code)} You see what it means before anything "
        f"happens. It can be used once, until {day}."
    )
    allows = (
        f"It allows this: their channel becomes a joint one of {seat.alliance.name}, and its "
        "people read all that is joint, also what was recorded so far. Who joins looks after "
        "their firm."
    )
    buttons = Buttons(
        (
            Button("New code", "alliance.invite_anew", invitation.code),
            Button("Withdraw", "alliance.invite_withdraw", invitation.code),
        )
    )
    note = Note(words("Only you see this. Whoever has the code can use it."))
    blocks = (Text(lead), Quote(forward), Text((Words(allows),)), buttons, note)
    return Reply(message=Message(blocks))
