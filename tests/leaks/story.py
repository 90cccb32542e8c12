"""A story told action by action, with everything that was said looked at after each."""

import copy
import time
from dataclasses import dataclass
from typing import Any, Protocol

from playground.refusal import Refusal
from tests.anywhere import OWN
from tests.leaks import checks
from tests.leaks.cast import HELIX, NAMES, ORION_PEOPLE
from tests.leaks.checks import Leak, Moment
from tests.leaks.hushed import LAST_DAY_SAID, Words
from tests.leaks.rights import Audience, Facts, facts
from tests.leaks.setting import Setting


class Action(Protocol):
    async def play(self, story: "Story") -> None: ...


@dataclass
class Tally:
    """What a search came to. A reading is one thing said, to one person who could read it."""

    stories: int = 0
    actions: int = 0
    said: int = 0
    readings: int = 0
    refused: int = 0
    """Actions that the playground would not let happen: nothing to press, no form open."""


class NotPossible(Exception):
    """There is nothing here to press, fill in or repeat."""


class Story:
    """`opening`: the story that this one goes on from."""

    def __init__(self, stage: Setting, tally: Tally, opening: "Story | None" = None) -> None:
        self.stage, self.world, self.tally = stage, stage.world, tally
        self.ground, self.watch = stage.ground, stage.watched()
        self.words: Words = copy.deepcopy(opening.words) if opening else Words()
        self.facts = self._facts()
        self.joint_meant = False
        """Whether this action means to record or share something for everybody."""
        self.numbers: dict[int, set[int]] = {}
        self._earlier: list[Facts] = []
        self._read: set[tuple[str, str]] = set()
        """What each person was told before: to hear it once more tells nothing new."""
        self.began = time.monotonic()
        """When what is looked at next began, in real seconds."""
        self._keep_names()
        if opening is not None:
            self.watch.requests += opening.watch.requests

    @property
    def house(self) -> Any:
        """Of the local Slack or Teams, for the actions that are told on it alone."""
        return self.stage.house

    @property
    def slack(self) -> Any:
        return self.house.world

    def _facts(self) -> Facts:
        return self.world.stored(lambda session: facts(session, self.stage.known))

    async def tell(self, action: Action) -> None:
        """Let something happen, and look at what everybody could read of it. Raises Leak."""
        self.joint_meant = False
        self.tally.actions += 1
        try:
            await self.stage.play(action, self)
        except (NotPossible, Refusal):
            self.tally.refused += 1
        self.look(action)

    async def settle(self) -> None:
        """Let everything come through that was under way."""
        self.stage.calm()
        await self.world.later("PT11M")
        await self.world.later("PT2M")
        self.look("what was under way")

    async def end(self) -> None:
        """Look at what stands in channels when all is quiet."""
        await self.settle()
        checks.what_stands(self.facts, self.ground, self.words)

    def look(self, action: object) -> Moment:
        self.began = time.monotonic()
        before, self.facts = self.facts, self._facts()
        said = self.watch.look()
        self._earlier.append(before)
        moment = Moment(
            action=action,
            before=before,
            after=self.facts,
            said=said,
            actors=frozenset(map(self.watch.who_asks, self.watch.heard)),
            ground=self.ground,
            words=self.world.words,
            typed=self.watch.typed,
            earlier=self._earlier,
        )
        self._keep_what_is_new(moment)
        self.tally.said += len(said)
        self.tally.readings += sum(len(one.readers) for one in said)
        checks.everything(moment, self.words, self._read)
        self._read |= {(who, one.raw) for one in said for who in one.readers}
        return moment

    def _keep_what_is_new(self, moment: Moment) -> None:
        """Words that were shared or recorded for everybody are theirs now; what was taken back is
        not any more; who leaves when is their own firm's to know."""
        for item in moment.after.items.values():
            former = moment.before.items.get(item.id)
            if item.joint and (former is None or not former.joint):
                self._opened(moment, item.text, Audience(item.alliance))
            elif not item.joint and former is not None and former.joint:
                self._closed(item.text, item.audience)
        checks.numbers_without_gaps(moment, self.numbers)
        for place in moment.after.places:
            if place.until is not None and place.until.isoformat() == "2027-02-18":
                for said in LAST_DAY_SAID:
                    theirs = Audience(place.alliance, place.side)
                    self.words.keep(said, self._who_typed(said), [theirs], "a last day")

    def _opened(self, moment: Moment, text: str, audience: Audience) -> None:
        for word in self.words.in_text(text):
            if audience in word.audiences:
                continue
            if not self.joint_meant:
                raise Leak(f"{moment.action}: {word} became everybody's")
            self.words.keep(word.word, word.by, {*word.audiences, audience}, word.why)

    def _closed(self, text: str, audience: Audience) -> None:
        for word in self.words.in_text(text):
            self.words.keep(word.word, word.by, [audience], f"{word.why}, taken back")

    def _who_typed(self, text: str) -> set[str]:
        made = self.watch.requests
        return {
            self.watch.who_asks(request) for request in made if text in str(request["arguments"])
        }

    def _keep_names(self) -> None:
        """A partner must not learn who the host's other partners are."""
        codes = {code: Audience(alliance) for alliance, code in self.facts.codes.items()}
        for code, name, people in (("HEL", "Helix", HELIX), ("ORI", "Orion", ORION_PEOPLE)):
            for said in (f"{name} alliance", f"alliance-{name.lower()}"):
                self.words.keep(said, (), [codes[code]], "an alliance's name")
            for who in people:
                self.words.keep(NAMES[who], (), [codes[code]], "one of a partner's people")
        host = [a for a in self.facts.host_sides() if a.alliance == codes["HEL"].alliance]
        self.words.keep(self.ground.id_of_room(OWN), (), host, "a firm's own channel")

    def sides_of(self, who: str) -> frozenset[Audience]:
        """The firms for which somebody may write."""
        sides = self.facts.sides_of(who, self.ground, self.world.now.date())
        return frozenset(Audience(self.facts.side_of_alliance[side], side) for side in sides)

    def alliances_of(self, who: str, channel: str = "") -> frozenset[Audience]:
        """The alliance of a channel, or else all that somebody is in."""
        if channel in self.facts.rooms:
            return frozenset([Audience(self.facts.rooms[channel])])
        found = self.facts.alliances_of(who, self.ground, self.world.now.date())
        return frozenset(Audience(alliance) for alliance in found)

    def own_word(self, who: str, why: str) -> str:
        return self.words.new(who, self.sides_of(who), why)

    def joint_word(self, who: str, channel: str, why: str) -> str:
        return self.words.new(who, self.alliances_of(who, channel), why)
