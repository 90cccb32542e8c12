"""The forms about action items."""

from datetime import date

from governance.items import action_items
from governance.people.members import Seat
from governance.words import clip
from handlers.views import (
    Block,
    Choice,
    ChoiceField,
    DayField,
    Field,
    Form,
    Note,
    PersonField,
    Quote,
    Text,
    Words,
    WordsField,
    bold,
    words,
)
from storage.tables import ActionItem, Person

JOINT, PRIVATE = "joint", "private"


def capture_form(
    by: Seat,
    *,
    text: str = "",
    owner: Person | None = None,
    due: date | None = None,
    private: bool = False,
    args: dict[str, str] | None = None,
    note: str = "",
    quote: str = "",
    firms: int = 2,
    offered: tuple[Choice, ...] = (),
) -> Form:
    """The form of a new action item, empty or with what is known already."""
    blocks: list[Block] = [Text((Words(note),))] if note else []
    if quote:
        blocks.append(Quote((Words(clip(quote, 600)),)))
    both = {1: "Everyone in the alliance", 2: "Both firms"}.get(firms, "All firms")
    fields: tuple[Field, ...] = (
        WordsField("text", "What is to be done?", text, long=True, limit=action_items.TEXT_LIMIT),
        _owner_field(owner, offered),
        DayField("due", "By when?", due, optional=True),
        ChoiceField(
            "sees",
            "Who sees it?",
            (Choice(JOINT, both), Choice(PRIVATE, f"{by.side.firm} only")),
            PRIVATE if private else JOINT,
        ),
    )
    return Form(
        "New action item", "action_item.create", tuple(blocks), fields, args or {}, "Record"
    )


def _owner_field(owner: Person | None, offered: tuple[Choice, ...]) -> Field:
    if offered:
        return ChoiceField("owner", "Who owns it?", offered)
    return PersonField(
        "owner",
        "Who owns it?",
        "people.choices",
        Choice(owner.user_id, owner.name) if owner else None,
        hint="One person. Somebody of the other firm is asked to accept it.",
    )


def date_form(item: ActionItem, reference: str, *, suggests: bool, note: str = "") -> Form:
    title, submit = ("Suggest another date", "Suggest") if suggests else ("New date", "Save")
    blocks: tuple[Block, ...] = (Text((bold(reference), Words(f" {item.text}"))),)
    if note:
        blocks += (Text(words(note)),)
    field = DayField("due", "Which day?", item.suggested_due or item.due)
    return Form(title, "action_item.move_to", blocks, (field,), {"value": item.token}, submit)


def words_form(
    item: ActionItem,
    reference: str,
    *,
    title: str,
    act: str,
    field: Field,
    submit: str,
    note: str = "",
) -> Form:
    """A form of one field about one item."""
    blocks: tuple[Block, ...] = (Text((bold(reference), Words(f" {item.text}"))),)
    if note:
        blocks += (Note((Words(note),)),)
    return Form(title, act, blocks, (field,), {"value": item.token}, submit)
