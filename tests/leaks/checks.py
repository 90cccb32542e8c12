"""What must never be found in anything the bot said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.leaks.cast import NAMES
from tests.leaks.ground import Ground
from tests.leaks.hushed import Hushed, Words
from tests.leaks.rights import Audience, Facts
from tests.leaks.watch import Said

Json = dict[str, Any]

REFERENCE = re.compile(r"\b(OUR|HEL|ORI)-(\d+)\b")
EXAMPLES = {"HEL-12", "OUR-3"}
"""References that help and hints use to explain themselves; no story comes to twelve."""

HEADING = re.compile(
    r"(Your action items|Open action items|Still open past their day|What you wait for)"
    r" · ([^()]+?) \((\d+)\)"
)


class Leak(AssertionError):
    """Somebody could read what is not theirs."""


@dataclass(frozen=True)
class Moment:
    """One action with what came of it."""

    action: object
    before: Facts
    after: Facts
    said: list[Said]
    actors: frozenset[str]
    """Who asked the bot for something meanwhile."""
    ground: Ground
    words: Callable[[Any], str]
    typed: dict[str, set[str]]
    earlier: list[Facts]
    """As the records were before, since the story began: some answers are late."""

    def may_know(self, what: Audience, who: str, day: date) -> bool:
        """By the records before the action or after it: both hold at some time within it."""
        return any(f.may_know(what, who, self.ground, day) for f in (self.before, self.after))

    def may_read(self, what: Audience, said: Said, who: str) -> bool:
        """In a channel also those whom its firms let sit there."""
        if self.may_know(what, who, said.at.date()):
            return True
        sits = (facts.lives_at(what, who, self.ground) for facts in (self.before, self.after))
        return not said.alone and any(sits)

    def rooms_of(self, word: Hushed) -> list[str]:
        """Where everybody knows it anyway: what a channel is called, who is in it and for what."""
        if room := self.ground.room_called(word.word):
            return [room]
        joint = {one.alliance for one in word.audiences if one.side is None}
        rooms = self.after.rooms.items() if word.is_a_name else ()
        return [room for room, alliance in rooms if alliance in joint]

    def has_typed(self, who: str, what: str) -> bool:
        """Whether somebody wrote it themselves: then it may be said to them again."""
        return any(what.upper() in one for one in self.typed.get(who, ()))


def everything(moment: Moment, words: Words, read: set[tuple[str, str]]) -> None:
    """`read`: what each person was told before. Raises Leak."""
    for said in moment.said:
        new_to = [who for who in said.readers if (who, said.raw) not in read]
        kept = words.in_what_was_said(said.raw)
        for who in new_to:
            for word in kept:
                if not _may_read(moment, said, word, who):
                    _found(moment, said, who, f"“{word.word}” ({word.why})")
            _references(moment, said, who)
            _counts(moment, said, who)
    _confirmed_by_their_own(moment)
    _people_of_items(moment)


def _may_read(moment: Moment, said: Said, word: Hushed, who: str) -> bool:
    if who in word.by or any(moment.may_read(one, said, who) for one in word.audiences):
        return True
    named = [user for user, name in NAMES.items() if name == word.word]
    if any(who in moment.ground.members(room) for room in moment.rooms_of(word)):
        return True
    return any(moment.has_typed(who, user) for user in named)


def _references(moment: Moment, said: Said, who: str) -> None:
    """OUR-4 is a reader's own firm's or what they typed themselves; HEL-4 is of their alliance."""
    for code, number in dict.fromkeys(REFERENCE.findall(said.raw)):
        reference = f"{code}-{number}"
        typed = moment.has_typed(who, reference)
        if reference not in EXAMPLES and not typed:
            if not _is_theirs(moment, said, who, code, int(number)):
                _found(moment, said, who, f"the reference {reference}")


def _is_theirs(moment: Moment, said: Said, who: str, code: str, number: int) -> bool:
    if code == "OUR":
        series = [side for side, following in moment.after.numbers.items() if following > number]
        audiences = [Audience(moment.after.side_of_alliance[side], side) for side in series]
    else:
        named = [alliance for alliance, its in moment.after.codes.items() if its == code]
        audiences = [Audience(alliance) for alliance in named]
    return any(moment.may_read(one, said, who) for one in audiences)


def _counts(moment: Moment, said: Said, who: str) -> None:
    """The number in a list's heading counts what its reader may see and nothing besides."""
    for title, alliance, number in HEADING.findall(moment.words(said.shown)):
        known = (*moment.earlier, moment.after)
        possible = {_visible(moment, facts, said, who, title, alliance) for facts in known}
        exact = title in ("Open action items", "Your action items")
        wrong = int(number) not in possible if exact else int(number) > max(possible)
        if wrong:
            _found(moment, said, who, f"a count of {number} where {sorted(possible)} are theirs")


def _visible(moment: Moment, facts: Facts, said: Said, who: str, title: str, alliance: str) -> int:
    mine = title == "Your action items"
    return sum(
        facts.names[item.alliance] == alliance
        and item.status in ("open", "proposed")
        and moment.may_know(item.audience, who, said.at.date())
        and (not mine or who in item.people)
        for item in facts.items.values()
    )


def numbers_without_gaps(moment: Moment, seen: dict[int, set[int]]) -> None:
    """Joint items are numbered one after the other, whatever is recorded besides: a gap would tell
    of something. Numbers once given stay given."""
    for item in moment.after.items.values():
        if item.series == 0:
            seen.setdefault(item.alliance, set()).add(item.number)
    for alliance, numbers in seen.items():
        if numbers != set(range(1, len(numbers) + 1)):
            raise Leak(f"{moment.action}: gaps in {moment.after.codes[alliance]}: {numbers}")


def _confirmed_by_their_own(moment: Moment) -> None:
    """Whom a firm's workspace does not vouch for is confirmed by the firm's own people only."""
    former = {(p.side, p.user) for p in moment.before.places if not p.stated}
    for place in moment.after.places:
        teams = moment.after.teams[place.side]
        ground = moment.ground
        vouched = ground.team_of(place.user) in teams and not ground.is_guest(place.user)
        if place.stated or vouched or (place.side, place.user) in former or not teams:
            continue
        if not any((place.side, who) in former for who in moment.actors):
            by = sorted(moment.actors)
            raise Leak(f"{moment.action}: {place.user} was confirmed by {by} at {place.side}")


def _people_of_items(moment: Moment) -> None:
    """Nobody becomes the owner or helper of what they may not see."""
    for item in moment.after.items.values():
        known = moment.before.items.get(item.id)
        day = moment.said[-1].at.date() if moment.said else date.max
        for who in item.people - (known.people if known else frozenset()):
            if moment.said and not moment.may_know(item.audience, who, day):
                raise Leak(f"{moment.action}: {who} takes part in {item}")


def what_stands(facts: Facts, ground: Ground, words: Words) -> None:
    """The bot's messages in channels are emptied of what somebody who is there may not read."""
    for people, raw in ground.standing():
        for word in words.in_text(raw):
            _stands_before(facts, ground, people, word)


def _stands_before(facts: Facts, ground: Ground, people: list[str], word: Hushed) -> None:
    day = ground.now().date()
    for who in people:
        allowed = who in word.by or any(
            facts.may_know(one, who, ground, day) or facts.lives_at(one, who, ground)
            for one in word.audiences
        )
        if not allowed:
            raise Leak(f"{who} still has “{word.word}” ({word.why}) before them")


def _found(moment: Moment, said: Said, who: str, what: str) -> None:
    near = _around(said.raw, what)
    raise Leak(f"{moment.action}\n  let {who} read {what} in {said.where}:\n  {near}")


def _around(raw: str, what: str) -> str:
    word = what.partition("“")[2].partition("”")[0] or what.split()[-1]
    at = max(0, raw.find(word) - 300)
    return raw[at : at + 700]
