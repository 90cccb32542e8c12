"""The small vocabulary of what is shown: words, not markup. Each platform renders it its own way.

Text is a list of spans. What people typed is always a `Words` span, which can ping nobody and
break nothing, whatever is in it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Words:
    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    type: Literal["words"] = "words"


@dataclass(frozen=True)
class Who:
    """A person, by name; where the platform knows the user id, a link to them."""

    name: str
    user_id: str | None = None
    type: Literal["who"] = "who"


@dataclass(frozen=True)
class When:
    """An instant (aware), shown in the reader's own zone."""

    at: datetime
    type: Literal["when"] = "when"


@dataclass(frozen=True)
class Link:
    text: str
    url: str
    type: Literal["link"] = "link"


Span: TypeAlias = Words | Who | When | Link
Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True)
class Button:
    """Runs an act. `value` is an opaque token; `style` is for the one button that matters most."""

    label: str
    act: str
    value: str = ""
    style: Literal["", "primary", "danger"] = ""
    confirm: str = ""


@dataclass(frozen=True)
class Heading:
    text: str
    type: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Text:
    spans: Spans
    type: Literal["text"] = "text"


@dataclass(frozen=True)
class Quote:
    spans: Spans
    type: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Note:
    """Small print: who sees this, where it was said."""

    spans: Spans
    type: Literal["note"] = "note"


@dataclass(frozen=True)
class Facts:
    pairs: tuple[tuple[str, Spans], ...]
    type: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Buttons:
    buttons: tuple[Button, ...]
    type: Literal["buttons"] = "buttons"


@dataclass(frozen=True)
class Row:
    """A line of a list, with what can be done about it."""

    spans: Spans
    menu: tuple[Button, ...] = ()
    button: Button | None = None
    type: Literal["row"] = "row"


@dataclass(frozen=True)
class Scale:
    """A question that is answered by a number from 1 to 5. Where a platform tells of reactions to a
    message it is answered by those; elsewhere by buttons, which run `act` with the number behind
    `value`: token:3. `low` and `high` say what 1 and 5 stand for."""

    act: str
    value: str
    low: str
    high: str
    type: Literal["scale"] = "scale"


@dataclass(frozen=True)
class Rule:
    type: Literal["rule"] = "rule"


Block: TypeAlias = Heading | Text | Quote | Note | Facts | Buttons | Row | Scale | Rule


@dataclass(frozen=True)
class Message:
    """`lead` is the plain line that a phone shows; without it the text of the blocks is taken."""

    blocks: tuple[Block, ...]
    lead: str = ""


@dataclass(frozen=True)
class WordsField:
    name: str
    label: str
    value: str = ""
    hint: str = ""
    long: bool = False
    optional: bool = False
    limit: int = 500
    type: Literal["words"] = "words"


@dataclass(frozen=True)
class DayField:
    name: str
    label: str
    value: date | None = None
    hint: str = ""
    optional: bool = False
    type: Literal["day"] = "day"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class PersonField:
    """One person, found by typing; `source` names the act that lists the choices."""

    name: str
    label: str
    source: str
    value: Choice | None = None
    hint: str = ""
    optional: bool = False
    type: Literal["person"] = "person"


@dataclass(frozen=True)
class ChoiceField:
    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str = ""
    hint: str = ""
    optional: bool = False
    type: Literal["choice"] = "choice"


@dataclass(frozen=True)
class ManyField:
    """Any number of the choices."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    values: tuple[str, ...] = ()
    hint: str = ""
    optional: bool = True
    type: Literal["many"] = "many"


@dataclass(frozen=True)
class ChannelField:
    """One channel of those the person is in, by the platform's id. What the form is for is then
    carried out there."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False
    type: Literal["channel"] = "channel"


Field: TypeAlias = WordsField | DayField | PersonField | ChoiceField | ManyField | ChannelField


@dataclass(frozen=True)
class Form:
    """A page over the conversation. With `submit` its fields are sent to `act` together with
    `args`; without, it is there to read and its buttons act by themselves. `close` is what stands
    on the button that closes it, and `closed` the act that hears of it with the same `args`."""

    title: str
    act: str
    blocks: tuple[Block, ...] = ()
    fields: tuple[Field, ...] = ()
    args: dict[str, str] = field(default_factory=dict)
    submit: str = ""
    close: str = ""
    closed: str = ""


@dataclass(frozen=True)
class Reply:
    """The answer to the one who acted.

    `form` opens or replaces a form, `message` is said privately. `closes`: the private question
    that was pressed is answered, so the message takes its place. `redraw` is the message that was
    pressed, as everybody who has it reads it now. `asks`: nothing has happened yet, the message is
    a question that comes first.
    """

    message: Message | None = None
    form: Form | None = None
    closes: bool = False
    redraw: Message | None = None
    asks: bool = False


MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
FORM: TypeAdapter[Form] = TypeAdapter(Form)
REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


def words(*parts: "str | Span") -> Spans:
    """Spans out of plain strings and spans. What stands between backticks is something to type."""
    return tuple(
        span for part in parts for span in ([part] if not isinstance(part, str) else _typed(part))
    )


def _typed(text: str) -> list[Words]:
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return [Words(text)]
    return [Words(piece, code=at % 2 == 1) for at, piece in enumerate(pieces) if piece]


def bold(text: str) -> Words:
    return Words(text, bold=True)


def say(*parts: "str | Span", note: str = "", buttons: tuple[Button, ...] = ()) -> Message:
    """A message of one line, perhaps with buttons and small print."""
    blocks: list[Block] = [Text(words(*parts))]
    if buttons:
        blocks.append(Buttons(buttons))
    if note:
        blocks.append(Note(words(note)))
    return Message(tuple(blocks))


def answer(*parts: "str | Span", note: str = "", buttons: tuple[Button, ...] = ()) -> Reply:
    return Reply(message=say(*parts, note=note, buttons=buttons))
