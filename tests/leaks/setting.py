"""What a story needs of the platform on which it is told."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Protocol

from tests.anywhere import AnyWorld, Json
from tests.leaks.ground import Ground
from tests.leaks.watch import Said


class Watching(Protocol):
    """Keeps what is said from one look to the next, and every request people made."""

    requests: list[Json]
    """Everything people pressed, sent and typed, as the bot received it."""
    heard: list[Json]
    """The requests since the look before, events included."""
    typed: defaultdict[str, set[str]]
    """What each person has typed, chosen and pressed by now."""
    slipped_in: dict[str, datetime]
    """Who came into a channel without the platform telling, and when."""

    def look(self) -> list[Said]: ...

    def who_asks(self, entry: Json) -> str: ...


class Setting(Protocol):
    @property
    def world(self) -> AnyWorld: ...

    @property
    def house(self) -> Any: ...

    @property
    def ground(self) -> Ground: ...

    def watched(self) -> Watching:
        """Watch from now on."""

    def known(self, external_id: str) -> str:
        """How tests call what the platform knows by an id."""

    def calm(self) -> None:
        """No call fails any more."""

    async def play(self, action: Any, story: Any) -> None: ...

    async def set_up(self) -> None: ...

    async def keep(self) -> None: ...

    async def begin_again(self) -> None: ...

    async def stop(self) -> None: ...
