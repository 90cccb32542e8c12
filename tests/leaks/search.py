"""Telling many stories, and looking for a leak in each."""

import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from hypothesis import HealthCheck, Phase, given, settings

from tests.leaks.actions import stories
from tests.leaks.checks import Leak
from tests.leaks.setting import Setting
from tests.leaks.stage import Stage
from tests.leaks.story import Action, Story, Tally
from tests.leaks.typed import Type

OPENING: tuple[Action, ...] = (
    Type("U0HANA", "command", "action", tail="* by 2 Dec", room=1),
    Type("U0HANA", "command", "internal", tail="*"),
    Type("U0TOMASZ", "dm", "internal", tail="* by Wed"),
    Type("U0HANA", "command", "action", tail="@1 * by Thu", room=0, person=6),
    Type("U0TOMASZ", "mention", "action", tail="@1 * by Fri", person=3),
    Type("U0ZED", "dm", "internal", tail="* by Thu"),
    Type("U0PRIYA", "command", "action", tail="@1 * by Fri", room=2, person=5),
)
"""Each story begins with something of every firm's own, and something joint in each alliance."""

LONGEST = int(os.environ.get("LEAK_ACTIONS", "16"))
"""Actions in the longest story, after its opening."""

PATIENCE = 120
"""Real seconds after which an action has got stuck."""


@dataclass
class Search:
    """A started stage, the opening of every story told on it, and what came of them."""

    stage: Setting
    opening: Story
    loop: asyncio.AbstractEventLoop
    tally: Tally = field(default_factory=Tally)
    began: float = field(default_factory=time.monotonic)

    def tell(self, actions: Sequence[Action]) -> None:
        """One story from the opening on. Raises Leak."""
        self.loop.run_until_complete(self._tell(actions))

    async def _tell(self, actions: Sequence[Action]) -> None:
        await self.stage.begin_again()
        story = Story(self.stage, self.tally, self.opening)
        self.tally.stories += 1
        for action in actions:
            async with asyncio.timeout(PATIENCE):
                await story.tell(action)
        await story.end()

    def report(self) -> str:
        told, seconds = self.tally, time.monotonic() - self.began
        return (
            f"{told.stories} stories of {told.actions} actions ({told.refused} came to nothing), "
            f"{told.said} things said, {told.readings} readings looked at, {seconds:.0f} s"
        )


def first_leak(told: Search, most: int, begun: Sequence[Action]) -> str:
    """The first leak in up to so many stories, the same ones each time; empty for none. `begun`:
    how each of them goes on after the opening."""
    found: list[str] = []

    @settings(
        max_examples=most,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(stories(LONGEST))
    def tell(actions: list[Action]) -> None:
        if not found:
            try:
                told.tell([*begun, *actions])
            except Leak as leak:
                found.append(str(leak))

    tell()
    return found[0] if found else ""


@contextmanager
def search(on: Callable[[Path], Setting] = Stage) -> Iterator[Search]:
    """`on`: the platform on which the stories are told."""
    loop = asyncio.new_event_loop()
    with _quietly(), tempfile.TemporaryDirectory(prefix="leaks-") as folder:
        stage = on(Path(folder))
        try:
            yield Search(stage, loop.run_until_complete(_open(stage)), loop)
        finally:
            loop.run_until_complete(stage.stop())
            loop.close()


async def _open(stage: Setting) -> Story:
    await stage.set_up()
    opening = Story(stage, Tally())
    for action in OPENING:
        await opening.tell(action)
    await stage.keep()
    return opening


@contextmanager
def _quietly() -> Iterator[None]:
    """What is forged makes many errors on purpose; to write them all down takes longer than to
    find them."""
    former = structlog.get_config()
    nothing = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=nothing, cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**former)
