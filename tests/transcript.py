"""Who saw what, in order: told as plain lines, to be read and to be asserted."""

from collections.abc import Awaitable, Iterator

from tests.anywhere import OWN, RANDOM, SHARED, THE_BOT, AnyWorld, Json, Seen, direct

PLACES = {SHARED: "#alliance-helix", OWN: "#northwind-internal", RANDOM: "#random"}


class Transcript:
    """Follows some people: after each step, what each of them has before them that is new."""

    def __init__(self, world: AnyWorld, *people: str) -> None:
        self._world = world
        self.lines: list[str] = []
        self._before = {who: set(self._shown(who)) for who in people}

    def __str__(self) -> str:
        return "\n".join(self.lines)

    async def step(self, told: str, doing: Awaitable[Seen | None]) -> str:
        """Let somebody do something; answers what is new to anybody, in the order of people."""
        seen = await doing
        assert seen is None or seen.ok or "invalid_input" in seen.error, seen
        self.lines.append(f"\n> {told}")
        news: list[str] = []
        for who, before in self._before.items():
            shown = list(self._shown(who))
            news += [words for ts, words in shown if (ts, words) not in before]
            self._before[who] = set(shown)
        self.lines += news or ["  (nobody sees anything new)"]
        return "\n".join(news)

    def _shown(self, who: str) -> Iterator[tuple[str, str]]:
        """Each message and form, with the ts by which it is told from another of the same words."""
        name = who.removeprefix("U0").capitalize()
        for channel, place in (*PLACES.items(), (direct(who), "Alliance, directly")):
            for message in self._world.read(who, channel):
                if message["user"] == THE_BOT:
                    alone = ", seen by nobody else" if message["ephemeral"] else ""
                    yield message["ts"], self._told(f"{name} · {place}{alone}", message)
        form = self._world.open_form(who)
        if form is not None:
            yield "form", self._told(f"{name} · form", form)

    def _told(self, heading: str, shown: Json) -> str:
        return "\n    ".join([f"  {heading}", *self._world.lines(shown)])
