"""What the writer reads once their action item is recorded."""

from governance.items import action_item_records
from governance.people.members import Seat
from governance.seeing import exposure
from handlers.acts import Ask
from handlers.firms import first_steps
from handlers.items.action_item_views import due_words, who_sees
from handlers.seeing.exposure import no_card
from handlers.understanding import Understood
from handlers.views import Button, Buttons, Message, Note, Reply, Text, Words, bold, words
from storage.tables import ActionItem, Alliance, Person


def in_open_place(ask: Ask) -> bool:
    """Whether others can read the firm's own channel in which this is said."""
    return exposure.is_open(ask.session, ask.conversation)


def why_no_card(ask: Ask, item: ActionItem) -> str:
    """Others can read the firm's own channel in which its own item was recorded."""
    if ask.conversation is None or not item.series_side_id or not in_open_place(ask):
        return ""
    return no_card(ask.conversation)


def said_of(ask: Ask, item: ActionItem) -> str:
    """HEL-12 is yours, due Fri 27 Nov, in 3 days."""
    reference = action_item_records.reference(item, ask.session.get_one(Alliance, item.alliance_id))
    due = due_words(item, ask.today)
    if item.owner_id == ask.caller.id:
        return f"{reference} is yours, {due}."
    owner = ask.session.get_one(Person, item.owner_id).name
    if item.status == "proposed":
        return f"{reference} is proposed to {owner}, {due}. It counts once they accept."
    return f"{reference} is {owner}'s, {due}."


def confirm(ask: Ask, seat: Seat, item: ActionItem, what: Understood) -> Reply:
    asides = _asides(what, why_no_card(ask, item))
    if ask.door == "mention" and item.card_id is not None and not asides:
        return Reply()
    buttons = (
        Button("Change the date" if item.due else "Set a date", "action_item.move", item.token),
        Button("Undo", "action_item.undo", item.token),
    )
    next_line = first_steps.what_comes_next(ask, item, seat)
    said = said_of(ask, item)
    reference, _, rest = said.partition(" ")
    return Reply(
        message=Message(
            (
                Text((bold(reference), Words(f" {rest}"))),
                *(Text(words(aside)) for aside in asides),
                *((Text(words(next_line)),) if next_line else ()),
                Buttons(buttons),
                Note((Words(who_sees(ask.session, item, seat.side)),)),
            ),
            lead=" ".join((said, *asides)),
        )
    )


def _asides(what: Understood, why: str) -> list[str]:
    asides = [why] if why else []
    if what.not_a_day:
        asides.append(
            f"I did not understand “{what.not_a_day[:60]}” as a date. For example: `by Fri`, "
            "`by 27 Nov`."
        )
    return asides
