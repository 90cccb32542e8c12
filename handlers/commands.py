"""What people type, in a slash command, a mention or a direct message: one grammar, pure.

Mentions reach this file as marks (`mark(0)`, `mark(1)`, ...) that stand for the people of the ask,
in order; a platform's listener puts them there.
"""

import difflib
import re
from dataclasses import dataclass

MARK = re.compile("\ufffc(\\d+)\ufffc")
REFERENCE = re.compile(r"[A-Za-z]{2,5}-\d{1,9}")
LEADING_NAME = re.compile(r"for\s+(?P<name>[^:,]{1,40})[:,]\s*(?P<rest>.+)", re.I | re.S)
LEADING_AT = re.compile(r"@(?P<name>[\w.-]{1,40})[:,]?\s+(?P<rest>.+)", re.S)
TRAILING_NAME = re.compile(
    r"(?P<rest>.+?)\s+for\s+(?P<name>[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2})$", re.S
)


LONGEST = 1000
"""Letters of an action item that are looked through; such patterns are slow on much more."""


@dataclass(frozen=True)
class Verb:
    act: str
    usage: str
    does: str
    takes_reference: bool = False
    also: tuple[str, ...] = ()


RECORD: dict[str, Verb] = {
    "action": Verb(
        "action_item.capture",
        "action [@owner] text [by date]",
        "record an action item; without text a form opens",
        also=("actions", "todo", "task", "add", "new", "ai"),
    ),
    "internal": Verb(
        "action_item.capture_private",
        "internal [@owner] text [by date]",
        "the same, seen by your firm only",
    ),
}
SEE: dict[str, Verb] = {
    "mine": Verb("list.mine", "mine", "your action items", also=("my", "me")),
    "home": Verb("home.show", "home", "everything you own, over all alliances"),
    "open": Verb("list.open", "open", "everything open here", also=("list", "all", "items")),
    "overdue": Verb("list.overdue", "overdue", "what is past its day", also=("late",)),
    "waiting": Verb("list.waiting", "waiting", "what you wait for from your partner"),
    "show": Verb(
        "action_item.show", "show HEL-12", "one item with its history", True, ("details",)
    ),
    "seen": Verb(
        "action_item.seen", "seen HEL-12", "who was shown it, where and when", True, ("who",)
    ),
}
WORK: dict[str, Verb] = {
    "accept": Verb("action_item.accept", "accept HEL-12", "take on what was proposed", True),
    "decline": Verb("action_item.decline", "decline HEL-12 why", "say no, and why", True),
    "done": Verb("action_item.done", "done HEL-12", "mark it done", True, ("complete", "finish")),
    "move": Verb(
        "action_item.move",
        "move HEL-12 to date",
        "give it another date",
        True,
        ("due", "date", "reschedule"),
    ),
    "snooze": Verb(
        "action_item.snooze", "snooze HEL-12 [until date]", "say nothing for a while", True
    ),
    "reassign": Verb(
        "action_item.reassign",
        "reassign HEL-12 @somebody",
        "give it to somebody else",
        True,
        ("assign", "give"),
    ),
    "edit": Verb("action_item.edit", "edit HEL-12 new text", "put it in other words", True),
    "helper": Verb("action_item.helper", "helper HEL-12 @somebody", "add a helper", True),
    "wait": Verb("action_item.wait", "wait HEL-12 @somebody", "say whom it waits for", True),
    "reopen": Verb("action_item.reopen", "reopen HEL-12", "take it up again", True),
    "cancel": Verb(
        "action_item.cancel", "cancel HEL-12 [why]", "it is not needed", True, ("drop",)
    ),
    "share": Verb("action_item.share", "share OUR-3", "let your partner see it, as you say", True),
    "takeback": Verb(
        "action_item.take_back",
        "takeback HEL-12",
        "make it your firm's own again",
        True,
        ("unshare",),
    ),
}
SPONSORS: dict[str, Verb] = {
    "sponsors": Verb(
        "sponsor.list", "sponsors [history]", "who sponsors it at each firm, and how they stand"
    ),
    "sponsor": Verb("sponsor.name", "sponsor @somebody", "name your firm's sponsor"),
    "ask": Verb("sponsor.ask", "ask @sponsor text [by date]", "ask your sponsor for help"),
    "spoke": Verb("sponsor.spoke", "spoke", "you and your counterpart have spoken", also=("met",)),
}
TRUST: dict[str, Verb] = {
    "checkin": Verb(
        "check_in.new", "checkin [1-5] [text]", "say how it is between you", also=("check-in",)
    ),
    "checkins": Verb("check_in.list", "checkins", "your check-ins over time"),
    "pulse": Verb("pulse.new", "pulse [question]", "ask everybody here, answered from 1 to 5"),
    "pulses": Verb("pulse.list", "pulses", "what was asked, and what came of it"),
}
AROUND: dict[str, Verb] = {
    "reminders": Verb(
        "reminders.show",
        "reminders [08:30 | off | away until date]",
        "when and whether I write to you",
        also=("remind", "reminder", "away"),
    ),
    "people": Verb(
        "people.list",
        "people",
        "who is who, on each side",
        also=("team", "roster", "counterpart", "counterparts"),
    ),
    "accounts": Verb(
        "accounts.join", "accounts [code]", "be one person with two accounts, Slack and Teams"
    ),
    "settings": Verb("alliance.settings", "settings", "what the alliance is for, its reminders"),
    "firm": Verb("firm.settings", "firm", "your firm: its name, zone, holidays and records"),
    "setup": Verb("alliance.setup", "setup", "set up an alliance in the channel you share"),
    "link": Verb("alliance.link", "link", "link a further channel to your alliance"),
    "unlink": Verb("alliance.unlink", "unlink", "take a channel out of your alliance"),
    "invite": Verb(
        "alliance.invite", "invite", "a code for a further firm, or your own people elsewhere"
    ),
    "join": Verb("alliance.join", "join CODE", "bring your firm in, with the code you were given"),
    "export": Verb("alliance.export", "export", "your records as CSV and JSON", also=("download",)),
    "audit": Verb("alliance.audit", "audit", "who was let see what, for alliance managers"),
    "close": Verb("alliance.close", "close", "close the alliance; everything stays readable"),
    "about": Verb(
        "alliance.about", "about", "what this is, who hosts it and who can read it", also=("what",)
    ),
    "help": Verb(
        "help.show", "help [all]", "what is possible here", also=("?", "hi", "hello", "hey")
    ),
}
GROUPS = {
    "Record what was promised": RECORD,
    "See where things stand": SEE,
    "Work with an item": WORK,
    "Executive sponsors": SPONSORS,
    "Trust": TRUST,
    "You and the alliance": AROUND,
}
VERBS = RECORD | SEE | WORK | SPONSORS | TRUST | AROUND
"""Every word the bot understands, in the order help shows them."""

WORDS = {word: verb for name, verb in VERBS.items() for word in (name, *verb.also)}
ABOUT_ITEM = WORDS | {"close": VERBS["done"]}
"""What the words mean beside a reference: an item is closed by being done."""


@dataclass(frozen=True)
class Command:
    """An act and its arguments: `words` is what follows the verb, `reference` e.g. HEL-12."""

    act: str
    words: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Unknown:
    """A word that is no command, with the nearest that is, if one is near."""

    word: str
    nearest: str | None


@dataclass(frozen=True)
class Task:
    """An action item's words taken apart, as far as that needs no knowledge of people or days.

    `owner` and `helpers` are places in the ask's people; `named` is an owner named in words, and
    `sure` says that the words can mean nothing else.
    """

    text: str
    owner: int | None = None
    helpers: tuple[int, ...] = ()
    named: str = ""
    sure: bool = False
    without_name: str = ""


def mark(number: int) -> str:
    """The mark that stands for the person mentioned at this place."""
    return f"\ufffc{number}\ufffc"


def clean(words: str) -> str:
    """What was typed without control characters or marks of ours."""
    return "".join(c for c in words if c != "\ufffc" and (c.isprintable() or c in "\n\t")).strip()


def parse(words: str) -> Command | Unknown:
    """The act behind what was typed. Nothing at all asks for help."""
    head, _, rest = words.strip().partition(" ")
    head, rest = head.strip().rstrip(":"), rest.strip()
    if "\n" in head:
        head, _, more = head.partition("\n")
        rest = f"{more} {rest}".strip()
    if not head:
        return Command("help.show")
    if REFERENCE.fullmatch(head):
        return _about_item(head, rest)
    beside = REFERENCE.fullmatch(rest.partition(" ")[0].rstrip(" .,:"))
    verb = (ABOUT_ITEM if beside else WORDS).get(head.casefold())
    if verb is None:
        return Unknown(head[:40], nearest(head, alone=not rest))
    if verb is VERBS["reminders"] and head.casefold() == "away":
        rest = f"away {rest}".strip()
    if verb is VERBS["reopen"] and not rest:
        return Command("alliance.reopen")
    if verb.takes_reference:
        reference, _, rest = rest.partition(" ")
        return Command(verb.act, rest.strip(), reference.strip(" .,:").upper())
    return _private(verb, rest)


def nearest(word: str, *, alone: bool = False) -> str | None:
    """The command that a mistyped word is closest to, or that begins with it where it is all that
    was written."""
    begun = [one for one in WORDS if alone and len(word) > 2 and one.startswith(word.casefold())]
    close = begun or difflib.get_close_matches(word.casefold(), list(WORDS), n=1, cutoff=0.75)
    found = WORDS[close[0]] if close else None
    return next((name for name, verb in VERBS.items() if verb is found), None)


def parse_task(words: str) -> Task:
    """Owner, helpers and text. The first mention at the beginning owns; every other one helps and
    stays in the text by its mark. What is far too long for an item anyway is left as it is."""
    if len(words) > LONGEST and len(words := " ".join(words.split())) > LONGEST:
        return Task(words)
    numbers = [int(found) for found in MARK.findall(words)]
    text = re.sub(r"^(?:to|for)\s+(?=\ufffc)", "", words.strip(), flags=re.I)
    while (found := MARK.match(text)) is not None:
        text = text[found.end() :].lstrip(" ,:;")
        text = re.sub(r"^(?:and|&|to)\s+", "", text, flags=re.I)
    unique = tuple(dict.fromkeys(numbers))
    if unique:
        return Task(text, unique[0], unique[1:])
    leading = LEADING_NAME.fullmatch(text) or LEADING_AT.fullmatch(text)
    if leading is not None:
        name, rest = leading["name"].strip(), leading["rest"].strip()
        return Task(rest, named=name, sure=True, without_name=rest)
    if (trailing := TRAILING_NAME.fullmatch(text)) is not None:
        return Task(text, named=trailing["name"], without_name=trailing["rest"])
    return Task(text)


def _about_item(reference: str, rest: str) -> Command | Unknown:
    """`HEL-12`, or `HEL-12 done`: the reference may come first."""
    word, _, more = rest.partition(" ")
    if not word:
        return Command("action_item.show", reference=reference.upper())
    verb = ABOUT_ITEM.get(word.casefold())
    if verb is None or not verb.takes_reference:
        return Unknown(word[:40], nearest(word))
    return Command(verb.act, more.strip(), reference.upper())


def _private(verb: Verb, rest: str) -> Command:
    first, _, more = rest.partition(" ")
    if verb is VERBS["action"] and first.casefold().rstrip(":") == "internal":
        return Command(VERBS["internal"].act, more.strip())
    return Command(verb.act, rest)
