"""Who saw what, in order: told as plain lines, to be read and to be asserted."""

import re
from collections.abc import Awaitable

from tests.world import OWN, RANDOM, SHARED, Json, Seen, World, direct, words_of

PLACES = {SHARED: "#alliance-helix", OWN: "#northwind-internal", RANDOM: "#random"}


DATE = re.compile(r"<!date\^[^|]*\|([^>]*)>")


class Transcript:
    """Follows some people: after each step, what each of them has before them that is new."""

    def __init__(self, world: World, *people: str) -> None:
        self._world = world
        self.lines: list[str] = []
        self._before = {who: self._shown(who) for who in people}

    def __str__(self) -> str:
        return "\n".join(self.lines)

    async def step(self, told: str, doing: Awaitable[Seen | None]) -> str:
        """Let somebody do something; answers what is new to anybody, in the order of people."""
        seen = await doing
        assert seen is None or seen.ok or "invalid_input" in seen.error, seen
        self.lines.append(f"\n> {told}")
        news: list[str] = []
        for who, before in self._before.items():
            self._before[who] = self._shown(who)
            news += [shown for shown in self._before[who] if shown not in before]
        self.lines += news or ["  (nobody sees anything new)"]
        return "\n".join(news)

    def _shown(self, who: str) -> list[str]:
        name = self._world.slack.house.world.person(who).real_name.split()[0]
        shown = []
        for channel, place in (*PLACES.items(), (direct(who), "Alliance, directly")):
            for message in self._world.read(who, channel):
                if message["user"] == "U0BOT":
                    alone = ", seen by nobody else" if message["ephemeral"] else ""
                    shown.append(f"  {name} · {place}{alone}\n{indented(message)}")
        views = self._world.slack.views(who)
        if views:
            shown.append(f"  {name} · form\n{indented(views[-1])}{_ends(views[-1])}")
        return shown


def indented(shown: Json) -> str:
    title = [f"    {shown['title']['text']}"] if shown.get("title") else []
    lines = [f"    {line}" for block in shown["blocks"] if (line := _line(block))]
    return "\n".join([*title, *lines])


def _line(block: Json) -> str:
    kind = block["type"]
    if kind == "actions":
        return " ".join(f"[{element['text']['text']}]" for element in block["elements"])
    if kind == "input":
        return f"{block['label']['text']}: {_value(block['element'])}"
    return DATE.sub(r"\1", words_of(block)) if kind != "divider" else "---"


def _value(element: Json) -> str:
    begun = next((value for key, value in element.items() if key.startswith("initial_")), "")
    if isinstance(begun, dict):
        return str(begun["text"]["text"])
    return str(begun).replace("\n", " / ")


def _ends(view: Json) -> str:
    ends = [view[key]["text"] for key in ("submit", "close") if view.get(key)]
    return "\n    " + " ".join(f"[{label}]" for label in ends)
