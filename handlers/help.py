"""Help: what is possible here, for this person."""

from governance import visibility
from handlers import capture
from handlers.acts import Ask, act
from handlers.commands import GROUPS, VERBS
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
from storage.tables import Workspace

SENTENCE = 3
"""From so many words on, what begins with no command is perhaps something to record."""


@act("help.show")
def show(ask: Ask) -> Reply:
    in_alliance = bool(visibility.alliances_of(ask.session, ask.caller.id, now=ask.now)) or bool(
        ask.conversation and ask.conversation.alliance_id
    )
    return Reply(message=_help(ask, in_alliance=in_alliance))


def _help(ask: Ask, *, in_alliance: bool) -> Message:
    how = "Write `/alliance` and one of these, or mention @Alliance, or write to me directly:"
    if not _has_commands(ask):
        how = "Mention @Alliance in the channel, or write to me directly, and one of these:"
    blocks: list[Block] = [Heading("What is possible here"), Text(words(how))]
    first = "Nothing is set up here yet. Begin with `setup` in the channel you share."
    if not in_alliance:
        blocks.append(Text(words(bold(first))))
    for title, verbs in GROUPS.items():
        lines = "\n".join(f"`{verb.usage}`  {verb.does}" for verb in verbs.values())
        blocks.append(Text(words(bold(f"{title}\n"), lines)))
    blocks.append(
        Text(
            words(
                "Dates: fri, next Tuesday, 27 Nov, in 2 weeks, 2w, end of month. "
                "React with ☑ to a message, or use its menu, to keep it as an action item."
            )
        )
    )
    if in_alliance:
        blocks.append(
            Buttons(
                (
                    Button("New action item", "action_item.new", style="primary"),
                    Button("My actions", "list.mine"),
                    Button("Reminders", "reminders.show"),
                )
            )
        )
    blocks.append(Note(words("It works alike for everybody here. Only you see this.")))
    return Message(tuple(blocks))


def _has_commands(ask: Ask) -> bool:
    """Slash commands reach only people of the workspace that installed the bot."""
    workspace = ask.session.get_one(Workspace, ask.caller.workspace_id)
    return workspace.team_id == ask.installation.team_id


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
