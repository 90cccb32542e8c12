"""Somebody whom no direct message reaches: a text for them that an alliance manager can forward."""

from governance import visibility
from governance.errors import NotFound
from governance.people import forwarding
from governance.people.members import Seat
from governance.words import clip
from handlers.acts import Ask, act
from handlers.dates import say_day
from handlers.items.action_item_page import keep_account
from handlers.items.action_item_views import due_words, shown
from handlers.sponsors import forwarded
from handlers.views import Button, Form, Note, Reply, Text, Words, words
from storage.tables import ActionItem, Person

SHOWN = 12
TEXT_LIMIT = 120
MARK = " · not reached by direct message"


def button(person: Person) -> Button:
    return Button("Text to forward", "people.forward", person.user_id)


@act("people.forward", opens_form=True)
def forward(ask: Ask) -> Reply:
    seat, person = ask.seat(), ask.person(ask.arg("value"))
    member = visibility.current_member(ask.session, seat.alliance.id, person.id, now=ask.now)
    if member is None or not forwarding.is_unreached(
        ask.session, seat, member, person, now=ask.now
    ):
        raise NotFound("There is no text to forward to them.")
    items = forwarding.waiting_for(ask.session, seat, member)
    keep_account(ask, items[:SHOWN])
    intro = f"Direct messages do not reach {person.name}. Copy this into an email to them:"
    return Reply(
        form=Form(
            "Text to forward",
            "people.forward",
            (
                Text((Words(intro, bold=True),)),
                Text((Words(_text(ask, seat, person, items)),)),
                Note(words(_who_may_read(seat, items))),
            ),
        )
    )


def _who_may_read(seat: Seat, items: list[ActionItem]) -> str:
    own = any(item.series_side_id for item in items[:SHOWN])
    said = "Only you see this page."
    return (
        f"{said} The text names records of {seat.side.firm} only: for them alone." if own else said
    )


def _text(ask: Ask, seat: Seat, person: Person, items: list[ActionItem]) -> str:
    hello = f"Hello {person.name.split()[0]},"
    why = (
        f"I keep the action items of {seat.alliance.name}, and my direct messages don't reach you."
    )
    sponsoring = forwarded.text(ask, seat, person)
    head = f"{hello}\n\n{why}" + (f"\n\n{sponsoring}\n\n" if sponsoring else " ")
    if not items:
        return head + ("Alliance, the bot" if sponsoring else "Nothing waits for you there now.")
    lines = [_line(ask, item, person) for item in items[:SHOWN]]
    if len(items) > SHOWN:
        lines.append(f"and {len(items) - SHOWN} more")
    listed = "\n".join(f"• {line}" for line in lines)
    how = _how(ask, seat, items[:SHOWN])
    return f"{head}This waits for you:\n{listed}\n\n{how}\n\nAlliance, the bot"


def _line(ask: Ask, item: ActionItem, person: Person) -> str:
    """HEL-12 Send the redlines, due Fri 27 Nov: what is asked of them."""
    what = shown(ask.session, item)
    said = f"{what.reference} {clip(item.text, TEXT_LIMIT)}, {due_words(item)}"
    if item.suggested_due is not None:
        who = ask.session.get_one(Person, item.suggested_by)
        day = say_day(item.suggested_due, today=ask.today)
        waits = f"waits for an answer to {day}" if who is person else f"{who.name} suggests {day}"
        return f"{said}: {waits}"
    if item.status == "proposed":
        return f"{said}: {what.proposer.name} ({what.proposer_side.firm}) asks you to take it on"
    return said


def _how(ask: Ask, seat: Seat, items: list[ActionItem]) -> str:
    """An example that works, in a channel they share with the bot."""
    found = [(item, forwarding.channel_for(ask.session, seat, item.audience_id)) for item in items]
    item, place = next(((i, p) for i, p in found if p is not None), (items[0], None))
    where = (
        f"write in #{place.name}" if place is not None and place.name else "write in the channel"
    )
    verb = "accept" if item.status == "proposed" else "done"
    reference = shown(ask.session, item).reference
    return (
        f"To answer, {where}: @Alliance {verb} {reference}\n"
        "And to see everything that is possible: @Alliance help"
    )
