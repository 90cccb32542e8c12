"""Setting an alliance up in a channel, its pinned card, and who is who."""

from governance import alliances, directory, outbox
from governance.errors import BotError, NotAllowed
from governance.sides import Firm
from handlers import asking
from handlers.acts import Ask, act
from handlers.views import (
    Block,
    Button,
    Buttons,
    Facts,
    Form,
    Heading,
    Message,
    Note,
    Reply,
    Text,
    Words,
    WordsField,
    bold,
    words,
)
from storage.tables import Alliance, Card, Conversation, Person, Workspace

CARD_KIND = "alliance"


@act("alliance.setup", needs_place=True)
def setup(ask: Ask) -> Reply:
    """The form of name, code and firms, proposed from whose workspaces the channel is shared
    between."""
    place = ask.conversation
    _check_may_set_up(ask)
    if place is None or place.kind != "channel":
        raise BotError(
            "An alliance lives in the channel you share with your partner. Write `/alliance "
            "setup` there."
        )
    if place.alliance_id is not None:
        alliance = ask.session.get_one(Alliance, place.alliance_id)
        return Reply(
            message=Message(
                (
                    Text(words(f"{alliance.name} ({alliance.code}) is set up in this channel.")),
                    Buttons((Button("Who is who", "people.list"), Button("Help", "help.show"))),
                )
            )
        )
    if not place.bot_is_in:
        note = "I am not in this channel yet. Write `/invite @Alliance` here, then press Preview."
    else:
        note = "Change anything that is not right. The next step shows what everybody will see."
    return Reply(form=_setup_form(ask, place, note=note))


def _setup_form(ask: Ask, place: Conversation, *, note: str) -> Form:
    firms = directory.firms_in(ask.session, place, ask.installation.team_id)
    name = firms[1][0] if len(firms) > 1 else ""
    fields = (
        WordsField("name", "Alliance", name, "What everybody calls it.", limit=80),
        WordsField(
            "code",
            "Code",
            alliances.propose_code(name) if name else "",
            "Two to five letters in front of every number, as in HEL-12.",
            limit=5,
        ),
        WordsField(
            "firms",
            "Firms",
            "\n".join(firm for firm, _ in firms),
            "One a line, yours first. One is enough to begin.",
            long=True,
            limit=400,
        ),
    )
    return Form(
        "Set up an alliance",
        "alliance.preview",
        (Text(words(note)),),
        fields,
        asking.place_of(ask),
        "Preview",
    )


def _check_may_set_up(ask: Ask) -> None:
    """Who sets up becomes an alliance manager of the firm that keeps the records."""
    home = ask.session.get_one(Workspace, ask.caller.workspace_id)
    if home.team_id != ask.installation.team_id or ask.caller.standing != "full":
        raise NotAllowed(
            f"An alliance is set up by somebody of {ask.installation.name}, whose workspace I am "
            "installed in. Ask one of them to write `/alliance setup` in the channel."
        )


@act("alliance.preview", needs_place=True)
def preview(ask: Ask) -> Reply:
    """What will be posted; nothing is recorded yet."""
    place = ask.conversation
    if place is None or not place.bot_is_in:
        raise BotError(
            "I am not in that channel yet. Write `/invite @Alliance` there, then press "
            "Preview again.",
            field="name",
        )
    firms = _firms(ask)
    savepoint = ask.session.begin_nested()
    draft = _set_up(ask, firms)
    blocks = _card_blocks(draft.name, draft.code, [firm.name for firm in firms], ask.caller.name)
    savepoint.rollback()
    kept = {name: ask.arg(name) for name in ("name", "code", "firms", "place")}
    return Reply(
        form=Form(
            "Set up an alliance",
            "alliance.create",
            (Text(words("Everybody in the channel will see this, pinned:")), *blocks),
            args=kept,
            submit="Post and pin",
        )
    )


@act("alliance.create")
def create(ask: Ask) -> Reply:
    alliance = _set_up(ask, _firms(ask))
    place = ask.conversation
    assert place is not None
    assert place.audience_id is not None
    card = Card(
        kind=CARD_KIND,
        alliance_id=alliance.id,
        conversation_id=place.id,
        audience_id=place.audience_id,
        opened_by=ask.caller.id,
        opened_at=ask.now,
    )
    ask.session.add(card)
    ask.session.flush()
    outbox.put(
        ask.session,
        outbox.CARD,
        {"card": card.id, "pin": True},
        key=f"card:{card.id}",
        installation_id=ask.installation.id,
        alliance_id=alliance.id,
        conversation_id=place.id,
        now=ask.now,
    )
    return Reply(
        message=Message(
            (
                Text(
                    words(
                        bold(f"{alliance.name} is set up."),
                        " You are its alliance manager at your "
                        "firm. The card is being posted and pinned in the channel.",
                    )
                ),
                Text(
                    words(
                        "Try the first one there: `/alliance action send the kick-off notes by Fri`"
                    )
                ),
            )
        )
    )


def _firms(ask: Ask) -> list[Firm]:
    """The names as edited, each with its workspace of those in the channel: the one of that name,
    else the next that is left. The host comes first.

    Raises BotError for a workspace without a firm: nothing could be said where people of no firm
    read along.
    """
    assert ask.conversation is not None
    host = ask.installation.team_id
    left = directory.firms_in(ask.session, ask.conversation, host)
    named = [" ".join(line.split()) for line in ask.arg("firms").splitlines() if line.strip()]
    known = {firm.casefold(): (firm, team) for firm, team in left}
    taken = {name: known[name.casefold()] for name in named if name.casefold() in known}
    left = [firm for firm in left if firm not in taken.values()]
    for name in [name for name in named if name not in taken][: len(left)]:
        taken[name] = left.pop(0)
    if left:
        missing = " and ".join(firm for firm, _ in left)
        raise BotError(
            f"People of {missing} are in this channel. Add their firm on a line of its own.",
            field="firms",
        )
    firms = [Firm(name, (taken[name][1],) if name in taken else ()) for name in named]
    return sorted(firms, key=lambda firm: host not in firm.team_ids)


def _set_up(ask: Ask, firms: list[Firm]) -> Alliance:
    assert ask.conversation is not None
    _check_may_set_up(ask)
    return alliances.set_up(
        ask.session,
        conversation=ask.conversation,
        name=ask.arg("name"),
        code=ask.arg("code"),
        firms=firms,
        by=ask.caller,
        now=ask.now,
    )


def card(alliance: Alliance, firms: list[str], by: Person) -> Message:
    """The pinned card: what a partner, whom no slash command reaches, begins everything from."""
    return Message(
        _card_blocks(alliance.name, alliance.code, firms, by.name),
        lead=f"{alliance.name}: what we promise each other is kept here.",
    )


def _card_blocks(name: str, code: str, firms: list[str], by: str) -> tuple[Block, ...]:
    return (
        Heading(name),
        Text(
            words(
                "What we promise each other here is kept, followed up politely and closed: "
                f"each action item has one owner, a date and a reference such as {code}-12."
            )
        ),
        Facts((("Firms", (Words(" · ".join(firms)),)),)),
        Buttons(
            (
                Button("New action item", "action_item.new", style="primary"),
                Button("My actions", "list.mine"),
                Button("All open", "list.open"),
                Button("Help", "help.show"),
            )
        ),
        Note(
            (
                Words(f"Set up by {by}. {firms[0]} hosts this bot and stores its records. "),
                Words(
                    "Everybody here can use the buttons, or write @Alliance and what is to be done."
                ),
            )
        ),
    )
