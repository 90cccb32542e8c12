"""Help: the few things people do most, and everything that is possible, in this reader's words."""

from dataclasses import dataclass

from governance import visibility
from governance.people import members
from handlers.acts import Ask, act
from handlers.commands import GROUPS, VERBS
from handlers.items import capture
from handlers.views import (
    Block,
    Button,
    Buttons,
    Heading,
    Message,
    Note,
    Reply,
    Text,
    Words,
    answer,
    bold,
    words,
)

SENTENCE = 3
"""From so many words on, what begins with no command is perhaps something to record."""

MOST = (
    ("record what somebody promised", "action @owner text by Fri"),
    ("see what is yours", "mine"),
    ("accept, or say no and why", "accept HEL-12"),
    ("close it", "done HEL-12"),
    ("choose when I write to you", "reminders"),
)
DATES = "Dates: fri, next Tuesday, 27 Nov, in 2 weeks, 2w, end of month."


@dataclass(frozen=True)
class Typing:
    """How somebody types a command where they are."""

    before: str
    how: str


@act("help.show")
def show(ask: Ask) -> Reply:
    """The first page; `help all` is everything."""
    if ask.arg("words").strip().casefold() in ("all", "commands", "more"):
        return everything(ask)
    in_alliance = _is_in_one(ask)
    typing = _typing(ask)
    blocks: list[Block] = [Heading("What people do most")]
    if not in_alliance:
        blocks.append(Text(words(bold("Nothing is set up here yet. "), _begin(ask))))
    blocks += [Text(words(f"`{typing.before}{usage}`  {does}")) for does, usage in MOST]
    blocks.append(Buttons((Button("All commands", "help.all"), *_buttons(in_alliance=in_alliance))))
    blocks.append(Note(words(f"{typing.how} Only you see this.")))
    return Reply(message=Message(tuple(blocks)))


@act("help.all")
def everything(ask: Ask) -> Reply:
    typing = _typing(ask)
    blocks: list[Block] = [Heading("All commands"), Text(words(typing.how))]
    for title, verbs in GROUPS.items():
        lines = "\n".join(f"`{verb.usage}`  {verb.does}" for verb in verbs.values())
        blocks.append(Text(words(bold(f"{title}\n"), lines)))
    blocks += [Text(words(f"{DATES} {_keeping(ask)}")), Note(words("Only you see this."))]
    return Reply(message=Message(tuple(blocks)))


def _keeping(ask: Ask) -> str:
    """How a message of somebody's becomes an action item."""
    if ask.on_slack:
        return "React with ☑ to a message, or use its menu, to keep it as an action item."
    return "The menu of a message keeps it as an action item."


def _is_in_one(ask: Ask) -> bool:
    """By this place or their own; a partner's people by their firm's, as only that brings them."""
    here = ask.conversation is not None and ask.conversation.alliance_id is not None
    if here or visibility.alliances_of(ask.session, ask.caller.id, now=ask.now):
        return True
    return not ask.at_home and bool(members.alliances_of_firm(ask.session, ask.caller))


def _begin(ask: Ask) -> str:
    if ask.at_home:
        return f"Begin with {ask.typed('setup')} in the channel you share with your partner."
    return f"Somebody of {ask.installation.name} sets an alliance up."


def _buttons(*, in_alliance: bool) -> tuple[Button, ...]:
    if not in_alliance:
        return ()
    return (
        Button("New action", "action_item.new", style="primary"),
        Button("My actions", "list.mine"),
        Button("What is this?", "alliance.about"),
    )


def _typing(ask: Ask) -> Typing:
    if ask.has_commands:
        return Typing(
            "/alliance ", "Write `/alliance` and one of these, mention @Alliance, or write to me."
        )
    return Typing(
        "@Alliance ", "Mention @Alliance in the channel, or write to me directly without it."
    )


@act("help.unknown")
def unknown(ask: Ask) -> Reply:
    """A word that is no command: the nearest one, and where the rest is listed."""
    word, nearest = ask.arg("word"), ask.arg("nearest")
    if not nearest and (ask.people or len(ask.arg("words").split()) >= SENTENCE):
        return capture.offer(ask)
    unknown_word = Words(f"I don't know “{word}”. ")
    if nearest:
        verb = VERBS[nearest]
        return answer(unknown_word, f"Did you mean `{verb.usage}`? That is: {verb.does}.")
    return answer(
        unknown_word,
        "To record something: `action @owner what is to be done by Fri`. `help` shows the rest.",
    )
