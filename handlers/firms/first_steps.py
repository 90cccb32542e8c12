"""What comes right after an alliance's card is posted: one example of an action item."""

from datetime import date, timedelta

from sqlmodel import select

from governance.firms import sides
from governance.people import consent
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act
from handlers.dates import say_due
from handlers.firms.places import being_posted
from handlers.items.action_item_forms import capture_form
from handlers.people import counterparts
from handlers.views import (
    Block,
    Button,
    Buttons,
    Form,
    Quote,
    Reply,
    Text,
    Words,
    bold,
    words,
)
from storage.tables import ActionItem, Alliance, Person

FRIDAY = 4
FIRST = "first"
"""Carried by the form of the example: after it comes the next of the first steps."""

NOTE = "An example: change the words, the owner or the date as you like."


def after_posting(ask: Ask, alliance: Alliance) -> Reply:
    """Said to whoever has set the alliance up."""
    assert ask.conversation is not None
    host = next(side.firm for side in sides.of(ask.session, alliance.id) if side.is_host)
    said = Text(
        words(
            bold(f"{alliance.name} is set up."),
            f" You are its alliance manager at {host}. {being_posted(ask.conversation)}.",
        )
    )
    blocks = (said, *_first_example(ask, alliance), *counterparts.question(ask, alliance))
    return Reply(
        form=Form("Set up an alliance", "page", blocks, args=asking.place_of(ask), close="Done")
    )


def _first_example(ask: Ask, alliance: Alliance) -> tuple[Block, ...]:
    due = say_due(_next_friday(ask.today), today=ask.today)
    return (
        Text(words("Record the first action item, for example:")),
        Quote((Words(f"{_example(ask, alliance)}, yours, due {due}"),)),
        Buttons((Button("Record the first one", "first_steps.example", style="primary"),)),
    )


def _example(ask: Ask, alliance: Alliance) -> str:
    partners = [side.firm for side in sides.of(ask.session, alliance.id) if not side.is_host]
    return f"Send {partners[0]} the kick-off notes" if partners else "Write the kick-off notes"


def _next_friday(today: date) -> date:
    return today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)


@act("first_steps.example", opens_form=True)
def example(ask: Ask) -> Reply:
    """The form of an action item, filled in with the example."""
    seat = ask.seat()
    return Reply(
        form=capture_form(
            seat,
            text=_example(ask, seat.alliance),
            owner=ask.caller,
            due=_next_friday(ask.today),
            args={**asking.place_of(ask), FIRST: "yes"},
            note=NOTE,
            firms=len(sides.of(ask.session, seat.alliance.id)),
        )
    )


def next_question(ask: Ask, alliance: Alliance) -> tuple[Block, ...]:
    """After the example was recorded: who the counterpart is."""
    return counterparts.question(ask, alliance) if ask.arg(FIRST) else ()


def what_comes_next(ask: Ask, item: ActionItem, seat: Seat) -> str:
    """One sentence after somebody's first item in an alliance, and nothing after any other."""
    theirs = select(ActionItem.id).where(
        ActionItem.proposer_id == ask.caller.id, ActionItem.alliance_id == item.alliance_id
    )
    if list(ask.session.exec(theirs.limit(2))) != [item.id]:
        return ""
    if item.owner_id != ask.caller.id:
        return _next_for_another(ask, item, seat)
    if item.due is None:
        return "Next: I ask you for a date in a daily message, and stop once it is done."
    return "Next: a daily message reminds you when it is due, and stops once it is done."


def _next_for_another(ask: Ask, item: ActionItem, seat: Seat) -> str:
    owner = ask.session.get_one(Person, item.owner_id).name
    if item.status != "proposed" and item.due is None:
        return f"Next: I ask {owner} for a date in a daily message; you need not."
    if item.status != "proposed":
        return f"Next: {owner} is reminded when it is due; you need not."
    if consent.may_be_written_to(ask.session, item.alliance_id, item.owner_id, now=ask.now):
        return f"Next: I ask {owner} in a direct message and tell you the answer."
    return (
        f"Next: {owner} accepts or declines it on the card. I write to nobody of another firm "
        "directly before its alliance manager agrees."
    )
