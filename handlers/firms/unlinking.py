"""Taking a channel out of an alliance."""

from governance.errors import BotError
from governance.firms import channels
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act
from handlers.views import Form, Reply, Text, Words, answer, bold, words
from storage.tables import Conversation


@act("alliance.unlink", opens_form=True)
def unlink(ask: Ask) -> Reply:
    """Say first what it means, and for whom."""
    place, seat = _linked(ask)
    joint = channels.check_may_unlink(ask.session, place, seat)
    whose = "This holds for every firm." if joint else f"It is {seat.side.firm}'s own channel."
    intro = words("Take this channel out of ", bold(seat.alliance.name), f"? {whose}")
    shown = "What it shows now stays there" if joint else "My messages about items here are emptied"
    after = f"{shown}, and every item stays in the lists. `link` brings the channel back."
    return Reply(
        form=Form(
            "Unlink this channel",
            "alliance.unlink_now",
            (Text(intro), Text(words(after))),
            args=asking.place_of(ask),
            submit="Unlink",
        )
    )


@act("alliance.unlink_now")
def unlink_now(ask: Ask) -> Reply:
    place, seat = _linked(ask)
    channels.unlink(ask.session, place, seat, now=ask.now)
    return answer(Words(f"This channel no longer belongs to {seat.alliance.name}."))


def _linked(ask: Ask) -> tuple[Conversation, Seat]:
    place = ask.conversation
    if place is None or place.kind != "channel":
        raise BotError("Write `unlink` in the channel that should no longer belong to an alliance.")
    if place.alliance_id is None:
        raise BotError("This channel belongs to no alliance.")
    return place, ask.seat()
