"""`invite`: a code for a further firm, or for one's own people on another platform, as a short text
to forward."""

from dataclasses import replace

from governance import history, visibility
from governance.errors import NotFound
from governance.firms import alliances, invitations, sides
from governance.firms.invitations import Bound
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

FOR_A_FIRM = (
    "Let us keep what our firms promise each other in one place. Add @Alliance to a channel of "
    "your firm"
)
FOR_OUR_OWN = (
    "Let us keep what we promise our partners in one place. Add @Alliance to a channel of ours"
)
OR_OWN = " Does your firm use both Slack and Teams? “For our own people” brings the others in."
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
    try:
        made = invitations.make(ask.session, seat, now=ask.now)
    except Bound as refused:
        return answer(
            Words(refused.user_message), note=OR_OWN.strip(), buttons=(_own_button(seat),)
        )
    return _shown(ask, seat, made, _for_whom(ask, seat))


@act("alliance.invite_own")
def invite_own(ask: Ask) -> Reply:
    """A code for one's own people on another platform, or the one that waits."""
    alliance = alliances.alliance_by_id(ask.session, ask.installation.id, ask.arg("value"))
    if visibility.current_member(ask.session, alliance.id, ask.caller.id, now=ask.now) is None:
        raise NotFound(invitations.GONE)
    seat = ask.seat_in(alliance)
    invitations.check_may_invite(seat)
    history.check_open(alliance)
    there = invitations.waiting(ask.session, alliance.id, seat.side.id, now=ask.now)
    if there is not None:
        return _shown(ask, seat, there, _waits(ask, there))
    made = invitations.make_own(ask.session, seat, now=ask.now)
    return _shown(ask, seat, made, _for_our_own(seat))


@act("alliance.invite_anew")
def invite_anew(ask: Ask) -> Reply:
    found, seat = _pressed(ask)
    make = invitations.make if found.side_id is None else invitations.make_own
    made = make(ask.session, seat, now=ask.now)
    lead = words("A new code; the one before can't be used any more. Forward this:")
    return replace(_shown(ask, seat, made, lead), closes=True)


@act("alliance.invite_withdraw")
def invite_withdraw(ask: Ask) -> Reply:
    found, seat = _pressed(ask)
    if invitations.withdraw(ask.session, seat, found.side_id, now=ask.now):
        said = "Taken back: the code can't be used any more. `invite` makes another."
    else:
        said = "No code is waiting, so there is nothing to take back. `invite` makes one."
    return replace(answer(said), closes=True)


def _pressed(ask: Ask) -> tuple[Invitation, Seat]:
    """The code behind a button and where somebody stands in its alliance, for those who invite. One
    for a firm's own people is nobody else's."""
    found = invitations.find(ask.session, ask.installation.id, ask.arg("value"))
    seat = ask.seat_in(ask.session.get_one(Alliance, found.alliance_id))
    if not seat.is_manager or found.side_id not in (None, seat.side.id):
        raise NotFound(invitations.GONE)
    return found, seat


def _own_button(seat: Seat) -> Button:
    return Button("For our own people", "alliance.invite_own", str(seat.alliance.id))


def _for_whom(ask: Ask, seat: Seat) -> Spans:
    named = [side.firm for side in sides.without_workspace(ask.session, seat.alliance.id)]
    comes = " or ".join(named) or "One further firm"
    return words(bold(f"{comes} can come into {seat.alliance.name}."), " Forward this:")


def _for_our_own(seat: Seat) -> Spans:
    lead = f"{seat.side.firm}'s people on another platform can come into {seat.alliance.name}."
    return words(bold(lead), " Forward this to one of them:")


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
    own = invitation.side_id is not None
    forward = words(
        f"{FOR_OUR_OWN if own else FOR_A_FIRM} and write there: {typed(code)} You see what it "
        f"means before anything happens. It can be used once, until {day}."
    )
    allows = _allows_own(seat) if own else _allows(seat)
    buttons = [
        Button("New code", "alliance.invite_anew", invitation.code),
        Button("Withdraw", "alliance.invite_withdraw", invitation.code),
    ]
    if not own:
        buttons.append(_own_button(seat))
    note = Note(
        words(f"Only you see this. Whoever has the code can use it.{'' if own else OR_OWN}")
    )
    blocks = (Text(lead), Quote(forward), Text((Words(allows),)), Buttons(tuple(buttons)), note)
    return Reply(message=Message(blocks))


def _allows(seat: Seat) -> str:
    return (
        f"It allows this: their channel becomes a joint one of {seat.alliance.name}, and its "
        "people read all that is joint, also what was recorded so far. Who joins looks after "
        "their firm."
    )


def _allows_own(seat: Seat) -> str:
    firm = seat.side.firm
    return (
        f"It allows this: the people there come in as {firm} and read all that is joint at once. "
        f"What is {firm}'s own they read after you have confirmed who they are. The other firms "
        "are told. Give it to nobody of another firm."
    )
