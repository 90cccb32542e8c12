"""Closing an alliance and taking it up again: one press a firm, the records first."""

from governance import history
from governance.errors import BotError, NotAllowed
from governance.firms import agreements, alliances, rights
from governance.firms.agreement_terms import CLOSE, REOPEN
from governance.items import action_item_lists
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act
from handlers.firms.agreement_views import proposed
from handlers.seeing.export import put_down
from handlers.views import (
    Block,
    Button,
    Buttons,
    Form,
    Heading,
    Message,
    Reply,
    Text,
    Words,
    bold,
    words,
)
from storage.tables import Alliance


@act("alliance.close", opens_form=True)
def close(ask: Ask) -> Reply:
    """What stops and what stays, before anything is proposed."""
    seat = _manager(ask)
    if seat.alliance.closed_at is not None:
        return Reply(message=closed(seat.alliance))
    return Reply(form=_form(ask, seat))


def _form(ask: Ask, seat: Seat, *, note: str = "") -> Form:
    alliance = str(seat.alliance.id)
    blocks: tuple[Block, ...] = (Text(words(bold(note))),) if note else ()
    blocks += (
        Text(words(bold("What stops: "), "reminders, daily messages, new action items, changes.")),
        Text(words(bold("What stays: "), Words(_stays(ask, seat)))),
        Text(words(bold("Before that: "), "take the records with you, as CSV and JSON.")),
        Buttons((Button("Export first", "alliance.export_first", alliance),)),
        Text(words("Every firm agrees with one press; until then nothing changes.")),
    )
    kept = {**asking.place_of(ask), "alliance": alliance}
    return Form("Close the alliance", "alliance.close_now", blocks, args=kept, submit="Close it")


def _stays(ask: Ask, seat: Seat) -> str:
    count = action_item_lists.listed(ask.session, "open", seat, today=ask.today).total
    still = {0: "", 1: " One item is still open and stays so."}
    left = still.get(count, f" {count} items are still open and stay so.")
    return f"everything {seat.alliance.name} has recorded, to read and to export.{left}"


@act("alliance.export_first", opens_form=True)
def export_first(ask: Ask) -> Reply:
    seat = _manager(ask)
    said = put_down(ask, seat)
    return Reply(form=_form(ask, seat, note=said))


@act("alliance.close_now")
def close_now(ask: Ask) -> Reply:
    seat = _manager(ask)
    agreement = agreements.propose(ask.session, seat, CLOSE, {}, now=ask.now)
    return proposed(ask.session, agreement, seat, now=ask.now)


@act("alliance.reopen")
def reopen(ask: Ask) -> Reply:
    """The alliance; typed where it is open, an item is meant."""
    seat = _manager(ask)
    if seat.alliance.closed_at is None and not ask.arg("value"):
        raise BotError("Which one? Add its reference, for example `reopen HEL-12`.")
    agreement = agreements.propose(ask.session, seat, REOPEN, {}, now=ask.now)
    return proposed(ask.session, agreement, seat, now=ask.now)


def _manager(ask: Ask) -> Seat:
    named = ask.arg("value") or ask.arg("alliance")
    seat = (
        ask.seat_in(alliances.alliance_by_id(ask.session, ask.installation.id, named))
        if named
        else ask.seat()
    )
    if not rights.has(seat, "bind"):
        raise NotAllowed("The alliance managers decide this; `people` shows who they are.")
    return seat


def closed(alliance: Alliance) -> Message:
    """The pinned card of a closed alliance, and the answer to whoever would change it."""
    day = history.closing_day(alliance)
    lead = f"{alliance.name} was closed on {day}."
    return Message(
        (
            Heading(alliance.name),
            Text(words(Words(f"Closed on {day}. "), "Everything stays readable.")),
            Buttons(
                (
                    Button("All open", "list.open"),
                    Button("My actions", "list.mine"),
                    Button("Who is who", "people.list"),
                    Button("Export", "alliance.export_again", str(alliance.id)),
                    Button("Reopen", "alliance.reopen", str(alliance.id)),
                )
            ),
        ),
        lead=lead,
    )
