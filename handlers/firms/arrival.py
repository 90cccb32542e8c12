"""What the bot says when it meets people before any alliance: its pages opened for the first time,
and an invitation into a channel. It writes to the one who did that, and posts nothing."""

from collections import Counter

from sqlmodel import col, select

from governance import visibility
from governance.people import directory, members
from governance.people.members import Seat
from handlers.acts import Ask, act
from handlers.firms.places import named
from handlers.firms.setting_up import BEGUN, QUESTION, has_one_firm, host, may_set_up, put_aside
from handlers.text import joined
from handlers.views import Block, Button, Buttons, Message, Note, Reply, Text, answer, words
from storage.queries import insert_new
from storage.tables import Alliance, Conversation, Person, ToldOnce

POSTED_NOTHING = "I posted nothing there."


@act("arrival.opened")
def opened(ask: Ask) -> Reply:
    """Greet somebody of the firm that installed the bot, once, while there is no alliance."""
    if not may_set_up(ask) or _any_alliance(ask) or not _first_time(ask):
        return Reply()
    bring = ask.bring_me("there")
    return Reply(
        message=Message(
            (
                Text(
                    words(
                        "I keep what your firm and a partner firm promise each other: each action "
                        "item has one owner and a date, and is followed up politely until it is "
                        "closed."
                    )
                ),
                Text(words(f"{QUESTION} Choose it here, or {bring[0].lower()}{bring[1:]}.")),
                Buttons((Button("Choose the channel", "alliance.setup", style="primary"),)),
                Note(words("I post nothing before you have seen it. I say this once.")),
            )
        )
    )


def _any_alliance(ask: Ask) -> bool:
    chosen = select(Alliance.id).where(Alliance.installation_id == ask.installation.id)
    return ask.session.exec(chosen.limit(1)).first() is not None


def _first_time(ask: Ask) -> bool:
    told = {
        "person_id": ask.caller.id,
        "record": "installation",
        "record_id": ask.installation.id,
        "reason": "greeting",
        "on": ask.today,
    }
    unique = ("person_id", "record", "record_id", "reason")
    return bool(insert_new(ask.session, ToldOnce, [told], unique=unique))


@act("arrival.invited", needs_place=True)
def invited(ask: Ask) -> Reply:
    place = ask.conversation
    if place is None or not place.bot_is_in:
        return Reply()
    if place.alliance_id is not None:
        return answer(f"I am back in {named(place)} and go on as before. {POSTED_NOTHING}")
    found = Text(words(f"Thank you for inviting me into {named(place)}. {_found(ask, place)}"))
    return Reply(message=Message((found, *_offer(ask, place))))


def _found(ask: Ask, place: Conversation) -> str:
    """6 people of Northwind Bio, 6 of Helix Devices and 1 guest."""
    there = [int(one) for one in place.person_ids.split(",") if one]
    if not there:
        return f"I could not see who is in it. {POSTED_NOTHING}"
    people = list(ask.session.exec(select(Person).where(col(Person.id).in_(there))))
    firms = dict(
        (team, firm)
        for firm, team in directory.firms_in(ask.session, place, ask.installation.team_id)
    )
    counted = Counter(
        directory.team_of(ask.session, person) for person in people if person.standing == "full"
    )
    parts = [f"{counted[team]} of {firm}" for team, firm in firms.items() if counted[team]]
    guests = sum(person.standing == "guest" for person in people)
    if guests:
        parts.append(_guests(guests))
    return f"The people in it: {joined(parts)}. {POSTED_NOTHING}"


def _guests(count: int) -> str:
    counted = "1 guest" if count == 1 else f"{count} guests"
    return f"{counted}, whom I take for nobody's until somebody says"


def _offer(ask: Ask, place: Conversation) -> tuple[Block, ...]:
    if not may_set_up(ask):
        said = (
            f"An alliance is set up by somebody of {host(ask)}: ask one of them to "
            f"write {ask.typed('setup')} in {named(place)}. If your firm was sent a code, write "
            f"{ask.typed('join')} and the code there."
        )
        return (Text(words(said)),)
    buttons = [Button("Set it up", BEGUN, put_aside(ask, place, {}), "primary")]
    said = "Shall we set up the alliance? You see first what everybody will see."
    if place.sharing == "pending":
        said = f"An invitation of another firm to it is not accepted yet. {said}"
    if has_one_firm(ask, place):
        said, buttons = _for_one_firm(ask, place, buttons)
    return (Text(words(said)), Buttons((*buttons, Button("Not now", "arrival.not_now"))))


def _for_one_firm(ask: Ask, place: Conversation, buttons: list[Button]) -> tuple[str, list[Button]]:
    """A channel of their own: perhaps for the alliance they look after, perhaps the wrong one."""
    firm, managed = ask.installation.name, _managed(ask)
    if managed:
        link = Button("Link it", "alliance.link_there", buttons[0].value, "primary")
        names = joined([seat.alliance.name for seat in managed])
        return f"Only {firm} is in it. Shall I link it to {names}?", [link]
    said = (
        f"Only {firm} is in it. An alliance lives in the channel you share with your partner; it "
        "can also begin here with one firm."
    )
    choose = Button("Choose another channel", "alliance.setup")
    return said, [choose, Button("Set it up here", BEGUN, buttons[0].value)]


def _managed(ask: Ask) -> list[Seat]:
    """The alliances whose alliance manager the inviter is."""
    mine = visibility.alliances_of(ask.session, ask.caller.id, now=ask.now)
    seats = [members.seat(ask.session, alliance, ask.caller, now=ask.now) for alliance in mine]
    return [seat for seat in seats if seat.is_manager]


@act("arrival.not_now")
def not_now(ask: Ask) -> Reply:
    said = f"Fine. {ask.typed('setup')} in the channel you share begins whenever you like."
    return Reply(message=Message((Text(words(said)),)), closes=True)
