"""Linking a further channel to an alliance: joint, or one firm's own."""

from governance import alliances
from governance.errors import BotError, NotAllowed
from governance.members import Seat
from handlers import asking
from handlers.acts import Ask, act
from handlers.views import Choice, ChoiceField, Form, Reply, Text, Words, answer, bold, words
from storage.tables import Conversation

OWN, JOINT = "own", "joint"


@act("alliance.link", needs_place=True)
def link(ask: Ask) -> Reply:
    """Ask whose channel it is to be."""
    seat, place = ask.seat(), _channel(ask)
    if place.alliance_id is not None:
        raise BotError(f"This channel belongs to {seat.alliance.name} already.")
    choices = (
        Choice(OWN, f"{seat.side.firm} only: what is recorded here stays in the firm"),
        Choice(JOINT, "Joint: every firm of the alliance may read it"),
    )
    field = ChoiceField("sees", "Who is this channel for?", choices, OWN)
    intro = Text(words("Link this channel to ", bold(seat.alliance.name), "."))
    return Reply(
        form=Form(
            "Link this channel",
            "alliance.link_as",
            (intro,),
            (field,),
            {**asking.place_of(ask), "alliance": str(seat.alliance.id)},
            "Link",
        )
    )


@act("alliance.link_as", needs_place=True)
def link_as(ask: Ask) -> Reply:
    place, seat = _channel(ask), _seat(ask)
    if not seat.is_manager:
        raise NotAllowed("Channels are linked by the alliance managers.", field="sees")
    own = ask.arg("sees") == OWN
    alliances.link(ask.session, place, seat, own=own, now=ask.now)
    whose = f"for {seat.side.firm} only" if own else "joint"
    return answer(Words(f"Linked to {seat.alliance.name}, {whose}."))


def _seat(ask: Ask) -> Seat:
    chosen = ask.arg("alliance")
    mine = alliances.alliance_by_id(ask.session, ask.installation.id, chosen)
    return ask.seat_in(mine)


def _channel(ask: Ask) -> Conversation:
    place = ask.conversation
    if place is None or place.kind != "channel":
        raise BotError("Write `/alliance link` in the channel you want to link.")
    if not place.bot_is_in:
        raise BotError("I am not in this channel yet. Write `/invite @Alliance` here, then again.")
    return place
