"""What people do with an action item: by button, by command with its reference, from its page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from governance import history
from governance.errors import BotError, Stale
from governance.items import action_item_records, action_item_rules, action_items
from governance.people import members
from governance.people.members import Seat
from handlers.acts import Ask, act
from handlers.dates import say_day, say_due
from handlers.items.action_item_forms import date_form, words_form
from handlers.items.action_item_page import keep_account, page
from handlers.items.action_item_views import what_happened, who_sees
from handlers.understanding import day_chosen, day_typed
from handlers.views import Choice, ChoiceField, Reply, Words, WordsField, answer
from storage.tables import ActionItem, Alliance, Person

Change = Callable[[ActionItem, Seat], str]


def item_of(ask: Ask) -> tuple[ActionItem, Seat]:
    """The item a button's token or a typed reference means, for this person.

    Raises NotFound, with the same words for what is missing and for what they may not see.
    """
    if ask.arg("reference"):
        seat = ask.seat_named(ask.arg("reference"))
        return action_item_records.by_reference(ask.session, seat, ask.arg("reference")), seat
    if not ask.arg("value"):
        raise BotError("Which one? Add its reference, for example HEL-12. `mine` lists yours.")
    item = action_item_records.by_token(ask.session, ask.arg("value"))
    seat = ask.seat_for(item)
    action_item_rules.check_visible(ask.session, item, seat)
    return item, seat


def change(ask: Ask, do_it: Change) -> Reply:
    """Carry out a change and say what it came to; a button that no longer fits is told what
    happened meanwhile."""
    item, seat = item_of(ask)
    try:
        with ask.session.begin_nested():
            said = do_it(item, seat)
    except Stale:
        return _came_too_late(ask, item, seat)
    said = " ".join(filter(None, (_renamed(ask, item), said)))
    if ask.in_page or ask.door == "form":
        return Reply(form=page(ask, item, seat, note=said))
    keep_account(ask, [item])
    return answer(Words(said))


def _renamed(ask: Ask, item: ActionItem) -> str:
    """For a reference from before it was shared or taken back."""
    typed, called = ask.arg("reference"), reference_of(ask, item)
    return f"{typed} is {called} now." if typed and typed != called else ""


def _came_too_late(ask: Ask, item: ActionItem, seat: Seat) -> Reply:
    """No refusal, since what it tells of the item is kept in the account."""
    happened = what_happened(ask.session, item, ask.caller, now=ask.now)
    if ask.in_page or ask.door == "form":
        return Reply(form=page(ask, item, seat, note=happened))
    keep_account(ask, [item])
    return replace(answer(Words(happened)), asks=True)


def reference_of(ask: Ask, item: ActionItem) -> str:
    return action_item_records.reference(item, ask.session.get_one(Alliance, item.alliance_id))


@act("action_item.details", opens_form=True)
@act("action_item.show")
def show(ask: Ask) -> Reply:
    item, seat = item_of(ask)
    return Reply(form=page(ask, item, seat, note=_renamed(ask, item)))


@act("action_item.accept")
def accept(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        action_items.accept(ask.session, item, seat, now=ask.now)
        past = item.due is not None and item.due < ask.today
        hint = " That day has passed; “New date” gives it another." if past else ""
        return f"{reference_of(ask, item)} is yours, {_due(ask, item)}.{hint}"

    return change(ask, do_it)


@act("action_item.decline", opens_form=True)
def decline(ask: Ask) -> Reply:
    if ask.arg("words"):
        return decline_with(ask)
    item, seat = fitting(ask, "decline")
    why = WordsField(
        "reason",
        "Why not?",
        hint="A few words, so that they know what next.",
        long=True,
        limit=action_items.REASON_LIMIT,
    )
    form = words_form(
        item,
        reference_of(ask, item),
        title="Decline",
        act="action_item.decline_with",
        field=why,
        submit="Decline",
        note=f"{who_sees(ask.session, item, seat.side)}, and the reason.",
    )
    return Reply(form=form)


@act("action_item.decline_with")
def decline_with(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        reason = ask.arg("reason") or ask.arg("words")
        action_items.decline(ask.session, item, seat, reason, now=ask.now)
        proposer = ask.session.get_one(Person, item.proposer_id)
        return f"{reference_of(ask, item)} is declined. {proposer.name} hears why."

    return change(ask, do_it)


@act("action_item.done")
def done(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        action_items.complete(ask.session, item, seat, now=ask.now)
        return f"{reference_of(ask, item)} is done. Thank you."

    return change(ask, do_it)


@act("action_item.reopen")
def reopen(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        action_items.reopen(ask.session, item, seat, now=ask.now)
        again = "proposed anew" if item.status == "proposed" else "open again"
        return f"{reference_of(ask, item)} is {again}, {_due(ask, item)}."

    return change(ask, do_it)


@act("action_item.undo")
def undo(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        action_items.take_back(ask.session, item, seat, now=ask.now)
        return f"{reference_of(ask, item)} is cancelled. Its reminders stop."

    return change(ask, do_it)


@act("action_item.cancel")
def cancel(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        action_items.cancel(ask.session, item, seat, ask.arg("words"), now=ask.now)
        return f"{reference_of(ask, item)} is cancelled. Its reminders stop."

    return change(ask, do_it)


@act("action_item.move", opens_form=True)
def move(ask: Ask) -> Reply:
    """With a day it moves; without, a form asks for one."""
    if ask.arg("words"):
        day = day_typed(ask, ask.arg("words"))
        return change(ask, lambda item, seat: _move(ask, item, seat, day))
    item, seat = fitting(ask, "move")
    owns = action_item_rules.is_owner(ask.session, item, seat, now=ask.now)
    suggests = not action_item_rules.moves_at_once(ask.session, item, seat, now=ask.now)
    asks_yes = owns and item.due_moves > 0 and item.proposer_id != item.owner_id
    note = "It has been moved before, so its proposer is asked to agree." if asks_yes else ""
    return Reply(form=date_form(item, reference_of(ask, item), suggests=suggests, note=note))


@act("action_item.move_to")
def move_to(ask: Ask) -> Reply:
    day = day_chosen(ask, "due")
    if day is None:
        raise BotError("Choose a day.", field="due")
    return change(ask, lambda item, seat: _move(ask, item, seat, day))


def _move(ask: Ask, item: ActionItem, seat: Seat, day: date) -> str:
    moved = action_items.move_due(ask.session, item, seat, day, now=ask.now)
    reference = reference_of(ask, item)
    if moved:
        return f"{reference} is due {say_due(day, today=ask.today)}."
    other_id = item.owner_id if item.suggested_by == item.proposer_id else item.proposer_id
    other = ask.session.get_one(Person, other_id)
    return f"{other.name} is asked whether {say_day(day, today=ask.today)} suits for {reference}."


@act("action_item.agree")
def agree(ask: Ask) -> Reply:
    return change(ask, lambda item, seat: _answer(ask, item, seat, agree=True))


@act("action_item.keep")
def keep(ask: Ask) -> Reply:
    return change(ask, lambda item, seat: _answer(ask, item, seat, agree=False))


def _answer(ask: Ask, item: ActionItem, seat: Seat, *, agree: bool) -> str:
    action_items.answer_suggestion(ask.session, item, seat, agree=agree, now=ask.now)
    verb = "is now" if agree else "stays"
    return f"{reference_of(ask, item)} {verb} {_due(ask, item)}."


@act("action_item.snooze", opens_form=True)
def snooze(ask: Ask) -> Reply:
    if ask.arg("words"):
        day = day_typed(ask, ask.arg("words"))
        return change(ask, lambda item, seat: _snooze(ask, item, seat, day))
    item, _ = fitting(ask, "snooze")
    if action_item_rules.needs_help(item):
        return _offer_help(ask, item)
    days = _snooze_days(ask)
    field = ChoiceField(
        "until",
        "Say nothing until",
        tuple(Choice(day.isoformat(), say_due(day, today=ask.today)) for day in days),
        days[0].isoformat(),
        hint="The due date stays as it is.",
    )
    return Reply(
        form=words_form(
            item,
            reference_of(ask, item),
            title="Snooze",
            act="action_item.snooze_until",
            field=field,
            submit="Snooze",
        )
    )


def _snooze_days(ask: Ask) -> list[date]:
    calendar = members.calendar_of(ask.caller)
    wanted = (1, 3, 7, 14)
    return sorted({calendar.on_or_after(ask.today + timedelta(days=days)) for days in wanted})


def _offer_help(ask: Ask, item: ActionItem) -> Reply:
    """The third snooze: a new date, or a hand."""
    form = date_form(
        item,
        reference_of(ask, item),
        suggests=False,
        note="You have snoozed this twice. Would a new date serve better? If you are "
        "stuck, “Ask for help” in its details tells your own alliance manager.",
    )
    return Reply(form=form)


@act("action_item.snooze_until")
def snooze_until(ask: Ask) -> Reply:
    until = day_chosen(ask, "until")
    if until is None:
        raise BotError("Choose a day.", field="until")
    return change(ask, lambda item, seat: _snooze(ask, item, seat, until))


def _snooze(ask: Ask, item: ActionItem, seat: Seat, until: date) -> str:
    action_items.snooze(ask.session, item, seat, until, now=ask.now)
    quiet = f"I say nothing of {reference_of(ask, item)} until {say_day(until, today=ask.today)}."
    return f"{quiet} It stays {_due(ask, item)}."


@act("action_item.help")
def ask_help(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        asked = action_items.ask_help(ask.session, item, seat, now=ask.now)
        names = " and ".join(person.name for person in asked)
        return f"{names} will hear that you would like a hand with {reference_of(ask, item)}."

    return change(ask, do_it)


@act("action_item.edit", opens_form=True)
def edit(ask: Ask) -> Reply:
    if ask.arg("words"):
        return edit_to(ask)
    item, _ = fitting(ask, "edit")
    text = WordsField(
        "text", "What is to be done?", item.text, long=True, limit=action_items.TEXT_LIMIT
    )
    return Reply(
        form=words_form(
            item,
            reference_of(ask, item),
            title="Reword",
            act="action_item.edit_to",
            field=text,
            submit="Save",
        )
    )


@act("action_item.edit_to")
def edit_to(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        text = ask.arg("text") or ask.arg("words")
        action_items.edit(ask.session, item, seat, text, now=ask.now)
        anew = " Its owner is asked to accept the new words." if item.status == "proposed" else ""
        return f"{reference_of(ask, item)} is reworded.{anew}"

    return change(ask, do_it)


def fitting(ask: Ask, name: str) -> tuple[ActionItem, Seat]:
    """The item, before a form about it opens: whoever may not, or comes too late, hears so now."""
    item, seat = item_of(ask)
    history.check_open(seat.alliance)
    possible = action_item_rules.possible(ask.session, item, seat, now=ask.now)
    snoozed_out = name == "snooze" and "help" in possible
    if name not in possible and not snoozed_out:
        raise BotError(_why_not(ask, item, seat, name))
    keep_account(ask, [item])
    return item, seat


OWNERS = ("decline", "snooze", "wait", "help")


def _why_not(ask: Ask, item: ActionItem, seat: Seat, name: str) -> str:
    owner = ask.session.get_one(Person, item.owner_id)
    proposer = ask.session.get_one(Person, item.proposer_id)
    owns = action_item_rules.is_owner(ask.session, item, seat, now=ask.now)
    if name in OWNERS and not owns:
        return f"{owner.name} owns {reference_of(ask, item)}, so that is for them to do."
    if name == "take":
        return f"{reference_of(ask, item)} has its owner again: {owner.name}."
    if name == "edit" and seat.person.id != proposer.id:
        return f"{proposer.name} proposed {reference_of(ask, item)}, so they can reword it."
    if item.status not in action_item_rules.OPEN_STATES or owns or seat.person.id == proposer.id:
        return what_happened(ask.session, item, ask.caller, now=ask.now)
    return (
        f"{owner.name} owns {reference_of(ask, item)} and {proposer.name} proposed it; that is for "
        "them to do."
    )


def _due(ask: Ask, item: ActionItem) -> str:
    return f"due {say_due(item.due, today=ask.today)}" if item.due else "no date yet"
