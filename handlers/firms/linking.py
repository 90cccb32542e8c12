"""Linking a further channel to an alliance: joint, or one firm's own."""

from dataclasses import replace

from governance.errors import BotError, NotAllowed
from governance.firms import agreements, alliances, channels, rights, second_firm
from governance.firms.agreement_terms import JOINT_CHANNEL
from governance.people import consent
from governance.people.members import Seat
from governance.seeing import readers
from handlers import asking
from handlers.acts import Ask, act
from handlers.firms import agreement_views
from handlers.firms.joining import channel
from handlers.firms.places import named
from handlers.seeing import private_records
from handlers.text import listed
from handlers.views import Block, Choice, ChoiceField, Form, Reply, Text, Words, answer, bold, words
from storage.tables import Conversation

OWN, JOINT = "own", "joint"
WHO_LINKS = "Channels are linked by the alliance managers."
PENDING = "An invitation of another firm to this channel is waiting to be accepted."


@act("alliance.link", needs_place=True, opens_form=True)
def link(ask: Ask) -> Reply:
    """Ask whose channel it is to be."""
    seat, place = ask.seat(), channel(ask, _elsewhere(ask))
    if not rights.has(seat, "link"):
        raise NotAllowed(WHO_LINKS)
    if place.alliance_id is not None:
        raise BotError(f"This channel belongs to {seat.alliance.name} already.")
    choices = (
        Choice(OWN, f"{seat.side.firm} only: what is recorded here stays in the firm"),
        Choice(JOINT, "Joint: every firm of the alliance may read it"),
    )
    field = ChoiceField("sees", "Who is this channel for?", choices, OWN)
    intro = Text(words(f"Link {named(place)} to ", bold(seat.alliance.name), "."))
    pending = (Text(words(PENDING)),) if place.sharing == "pending" else ()
    return Reply(
        form=Form(
            "Link this channel",
            "alliance.link_as",
            (intro, *pending, *_second_firm(ask, place, seat), *_terms(ask, seat)),
            (field,),
            {**asking.place_of(ask), "alliance": str(seat.alliance.id)},
            "Link",
        )
    )


def _second_firm(ask: Ask, place: Conversation, seat: Seat) -> tuple[Block, ...]:
    firm = second_firm.other_in(ask.session, place, seat.alliance)
    if firm is None:
        return ()
    said = f"As a joint one it brings {firm.name} in: they then read all that is joint."
    return (Text((Words(said),)),)


def _terms(ask: Ask, seat: Seat) -> tuple[Block, ...]:
    """A firm's first channel of its own is its first place for records of its own."""
    if seat.side.private_since is not None:
        return ()
    also = Words(f"Linking it for {seat.side.firm} only turns private records on.")
    return (*private_records.terms(ask.session, seat.side), Text((also,)))


@act("alliance.link_there", opens_form=True)
def link_there(ask: Ask) -> Reply:
    """From the message that answers an invitation."""
    kept = asking.kept(ask, ask.arg("value"))
    place = ask.session.get_one(Conversation, kept.args["place"])
    return link(replace(ask, conversation=place, thread=None))


@act("alliance.link_as", needs_place=True)
def link_as(ask: Ask) -> Reply:
    place, seat = channel(ask, _elsewhere(ask)), _seat(ask)
    if not rights.has(seat, "link"):
        raise NotAllowed(WHO_LINKS, field="sees")
    own = ask.arg("sees") == OWN
    if not own:
        return _propose(ask, place, seat)
    _check_is_ours(ask, place, seat)
    consent.turn_private_on(ask.session, seat, now=ask.now)
    channels.link_own(ask.session, place, seat, now=ask.now)
    return answer(Words(f"Linked to {seat.alliance.name}, for {seat.side.firm} only."))


def _propose(ask: Ask, place: Conversation, seat: Seat) -> Reply:
    """What becomes joint takes a press of each firm; until then the channel belongs to nothing."""
    firm = second_firm.other_in(ask.session, place, seat.alliance)
    if firm is not None:
        second_firm.bring_in(ask.session, seat.alliance, firm, by=ask.caller, now=ask.now)
    channels.check_joint(ask.session, place, seat.alliance, now=ask.now)
    terms = {"conversation": place.id, "name": place.name}
    agreement = agreements.propose(ask.session, seat, JOINT_CHANNEL, terms, now=ask.now)
    return agreement_views.proposed(ask.session, agreement, seat, now=ask.now)


def _check_is_ours(ask: Ask, place: Conversation, seat: Seat) -> None:
    """Raises BotError with the names of those who keep a channel from being one firm's own."""
    there = readers.others(ask.session, place, seat.side, now=ask.now)
    if there:
        verb = "is" if len(there) == 1 and not there[0].startswith("people") else "are"
        raise BotError(
            f"{listed(there)} {verb} in this channel, so it can't be {seat.side.firm}'s own. "
            "Nothing was linked.",
            field="sees",
        )
    if place.sharing == "pending":
        raise BotError(
            f"{PENDING} Until it is withdrawn, this can't be {seat.side.firm}'s own. Nothing was "
            "linked.",
            field="sees",
        )


def _seat(ask: Ask) -> Seat:
    chosen = ask.arg("alliance")
    mine = alliances.alliance_by_id(ask.session, ask.installation.id, chosen)
    return ask.seat_in(mine)


def _elsewhere(ask: Ask) -> str:
    return f"Write {ask.typed('link')} in the channel you want to link."
