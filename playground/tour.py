"""A guided tour of the page: what its follower tells, stop by stop.

The page performs a stop by the verbs of the control interface and then looks at what the two
screens really show, so that a tick is never a promise. Texts may hold names in braces, such as
`{ref}`, that a `read` step of this or an earlier stop has captured, and `{+2}` for the second
working day from now ("Tue 24 Nov").
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from playground.refusal import Json

Side = Literal["left", "right"]
Verb = Literal[
    "command", "message", "click", "submit", "reaction", "close", "clock", "read", "person"
]


@dataclass(frozen=True)
class Seat:
    """Whose screen is shown, and where: a channel's id, `dm` (with the bot) or `home`."""

    user: str
    channel: str


@dataclass(frozen=True)
class Step:
    """One thing that is done.

    - `command`, `message`: `user` types `text` in `channel`; in Teams a command is chosen from the
      menu behind the slash.
    - `click`: `user` presses what is labelled `text`, on the form before them or else on the newest
      message in `channel` that has it and contains `within`.
    - `submit`: `user` sends the form before them with `values`, by block or action id.
    - `reaction`: `user` reacts with `text` to the newest message in `channel` containing `within`.
    - `close`: the forms before `user` are closed.
    - `person`: the playground's facts about `user` change to `values`.
    - `clock`: moves on by `text`, an ISO 8601 duration, or to the next working day at `text`, such
      as `08:45`, where `user` is.
    - `read`: `within`, a regular expression, is looked for in what `user` has in `channel`, newest
      first; its first group (or all of it) is known as `text` from then on.
    """

    verb: Verb
    user: str
    channel: str = ""
    text: str = ""
    within: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """The newest message, or the form, that has this text is shown in a frame."""

    side: Side
    text: str


@dataclass(frozen=True)
class Expect:
    """One of three: that a screen `shows` a text, in a message that has `within`; that it `hides`
    one, in every place its person can open; or how many messages they have `received` there since
    the clock last moved on. `words` say so to the reader; without them the page finds its own."""

    side: Side
    shows: str = ""
    within: str = ""
    hides: str = ""
    received: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Stop:
    """`words` are one to three short sentences."""

    title: str
    words: tuple[str, ...]
    left: Seat
    right: Seat
    do: tuple[Step, ...] = ()
    look: tuple[Look, ...] = ()
    expect: tuple[Expect, ...] = ()


@dataclass(frozen=True)
class Tour:
    """`words` introduce it; `farewell` follows the last stop."""

    title: str
    words: tuple[str, ...]
    stops: tuple[Stop, ...]
    farewell: tuple[str, ...] = ()

    def as_json(self) -> Json:
        return asdict(self)
