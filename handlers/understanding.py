"""What people typed, understood: the owner, the helpers, the day, and what was not."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from governance import cadence
from governance.errors import BotError
from governance.people import members
from governance.people.members import Seat
from handlers import commands
from handlers.acts import Ask
from handlers.commands import MARK
from handlers.dates import DateRefused, parse_day, split_trailing_day
from storage.tables import Person


@dataclass(frozen=True)
class Understood:
    """What was made of the words: who owns it, by when, and what was not understood."""

    text: str
    owner: Person
    helpers: tuple[Person, ...] = ()
    due: date | None = None
    not_a_day: str = ""


class OwnerUnclear(Exception):
    """An owner was named in words that fit nobody, or several people."""

    def __init__(self, text: str, due: date | None, name: str, fitting: list[Person]) -> None:
        super().__init__(name)
        self.text = text
        self.due = due
        self.name = name
        self.fitting = fitting


def day_chosen(ask: Ask, name: str) -> date | None:
    """The day in a form's field, if there is one. Raises BotError, which names the field."""
    try:
        day = date.fromisoformat(ask.arg(name)) if ask.arg(name) else None
    except ValueError as error:
        raise BotError("That is not a day I know.", field=name) from error
    if day is not None and cadence.is_too_far(day, ask.today):
        raise BotError(cadence.TOO_FAR, field=name)
    return day


def understand(ask: Ask, seat: Seat) -> Understood:
    """Take apart what was typed. Raises OwnerUnclear, or BotError for a day that can't be."""
    try:
        text, due, not_a_day = split_trailing_day(
            ask.arg("words"), today=ask.today, day_first=ask.day_first
        )
    except DateRefused as refused:
        raise BotError(f"{refused} Nothing was recorded.") from refused
    task = commands.parse_task(text)
    people = tuple(ask.person(user_id) for user_id in ask.people)
    if task.owner is not None:
        return Understood(
            with_names(task.text, [person.name for person in people]),
            people[task.owner],
            tuple(people[at] for at in task.helpers),
            due,
            not_a_day or "",
        )
    owner, body = ask.caller, task.text
    if task.named:
        fitting = _named(ask, seat, task.named)
        if len(fitting) == 1:
            owner, body = fitting[0], task.without_name
        elif fitting or task.sure or _looks_like_a_name(task.named):
            raise OwnerUnclear(task.without_name, due, task.named, fitting)
    return Understood(body, owner, due=due, not_a_day=not_a_day or "")


def with_names(text: str, names: list[str]) -> str:
    return MARK.sub(lambda found: names[int(found[1])], text)


def _named(ask: Ask, seat: Seat, name: str) -> list[Person]:
    """Members, and people of the firms, whose name or one word of it is this."""
    wanted = plainly(name)
    if wanted == ["me"]:
        return [ask.caller]
    known = members.reachable_people(ask.session, seat.alliance, now=ask.now)
    return [person for person in known if _fits(wanted, plainly(person.name))]


def plainly(name: str) -> list[str]:
    """The words of a name as somebody without its accents on the keyboard writes them."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).split()


def _fits(wanted: list[str], name: list[str]) -> bool:
    return any(name[at : at + len(wanted)] == wanted for at in range(len(name)))


def _looks_like_a_name(words_typed: str) -> bool:
    """Capitals throughout, but not an abbreviation such as QA."""
    parts = words_typed.split()
    return all(part[0].isupper() and not part.isupper() for part in parts)


def day_typed(ask: Ask, typed: str) -> date:
    """A day as people write it. Raises BotError with an example when it is none."""
    bare = typed.strip()
    for lead in ("to ", "until ", "till ", "by "):
        bare = bare.removeprefix(lead)
    try:
        day = parse_day(bare, today=ask.today, day_first=ask.day_first)
    except DateRefused as refused:
        raise BotError(str(refused), field="due") from refused
    if day is None:
        raise BotError(
            f"I did not understand “{bare[:60]}” as a date. For example: `Fri`, `27 Nov`, `2w`.",
            field="due",
        )
    return day
