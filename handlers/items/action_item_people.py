"""Giving an action item to somebody else, its helpers, and whom it waits for."""

from collections.abc import Callable

from governance.errors import BotError
from governance.items import action_items
from governance.people.members import Seat
from handlers.acts import Ask, act
from handlers.items.action_item_forms import words_form
from handlers.items.action_items import change, fitting, reference_of
from handlers.views import PersonField, Reply
from storage.tables import ActionItem, Person


@act("action_item.reassign", opens_form=True)
def reassign(ask: Ask) -> Reply:
    return _with_person(
        ask,
        "reassign",
        title="Give to somebody else",
        label="Who takes it over?",
        send="action_item.reassign_to",
        run=reassign_to,
    )


@act("action_item.reassign_to")
def reassign_to(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        to = _person(ask)
        action_items.reassign(ask.session, item, seat, to, now=ask.now)
        asked = " They are asked to accept it." if item.status == "proposed" else ""
        return f"{reference_of(ask, item)} is {to.name}'s.{asked}"

    return change(ask, do_it)


@act("action_item.helper", opens_form=True)
def helper(ask: Ask) -> Reply:
    return _with_person(
        ask,
        "helper",
        title="Add a helper",
        label="Who helps?",
        send="action_item.helper_add",
        run=helper_add,
    )


@act("action_item.helper_add")
def helper_add(ask: Ask) -> Reply:
    def do_it(item: ActionItem, seat: Seat) -> str:
        who = _person(ask)
        action_items.add_helper(ask.session, item, seat, who, now=ask.now)
        return f"{who.name} helps with {reference_of(ask, item)}."

    return change(ask, do_it)


@act("action_item.wait", opens_form=True)
def wait(ask: Ask) -> Reply:
    if ask.arg("words").casefold() in ("nobody", "none", "no one", "over"):
        return change(ask, lambda item, seat: _wait(ask, item, seat, None))
    return _with_person(
        ask,
        "wait",
        title="Waiting for",
        label="Whom do you wait for?",
        send="action_item.wait_on",
        run=wait_on,
        optional=True,
    )


@act("action_item.wait_on")
def wait_on(ask: Ask) -> Reply:
    who = _person(ask) if ask.people or ask.arg("person") else None
    return change(ask, lambda item, seat: _wait(ask, item, seat, who))


def _wait(ask: Ask, item: ActionItem, seat: Seat, who: Person | None) -> str:
    action_items.wait_on(ask.session, item, seat, who, now=ask.now)
    reference = reference_of(ask, item)
    return f"{reference} waits for {who.name}." if who else f"{reference} waits for nobody."


def _with_person(
    ask: Ask,
    name: str,
    *,
    title: str,
    label: str,
    send: str,
    run: Callable[[Ask], Reply],
    optional: bool = False,
) -> Reply:
    """With a person named it happens; without, a form asks for one."""
    if ask.people:
        return run(ask)
    item, _ = fitting(ask, name)
    field = PersonField(
        "person",
        label,
        "people.choices",
        optional=optional,
        hint="Leave it empty for nobody." if optional else "",
    )
    form = words_form(
        item, reference_of(ask, item), title=title, act=send, field=field, submit="Save"
    )
    return Reply(form=form)


def _person(ask: Ask) -> Person:
    user_id = ask.people[0] if ask.people else ask.arg("person")
    if not user_id:
        raise BotError("Choose a person.", field="person")
    return ask.person(user_id)
