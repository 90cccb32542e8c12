"""Setting an alliance up: which channel, its name, code and firms, what everybody will see."""

from dataclasses import replace

from governance.errors import BotError, NotAllowed
from governance.firms import alliances
from governance.firms.sides import Firm
from governance.messages import cards
from governance.people import directory
from handlers import asking
from handlers.acts import Ask, act
from handlers.firms import first_steps
from handlers.firms.alliances import card_preview
from handlers.firms.closing import closed
from handlers.firms.places import PLATFORMS, gets_pinned, named
from handlers.views import (
    Button,
    ChannelField,
    Form,
    Message,
    Note,
    Reply,
    Rule,
    Text,
    WordsField,
    answer,
    words,
)
from storage.tables import SLACK, Alliance, Conversation

TITLE = "Set up an alliance"
QUESTION = "Which channel do you share with your partner?"
BEGUN = "alliance.setup_begun"
"""Set-ups put aside: the channel, and what was typed where somebody had come so far."""

UNSEEN = "Nothing is posted until you have seen it and pressed the last button."


@act("alliance.setup", needs_place=True, opens_form=True)
def setup(ask: Ask) -> Reply:
    """In the shared channel its form; anywhere else the question which channel that is."""
    check_may_set_up(ask)
    place = ask.conversation
    if place is None or place.kind != "channel":
        return _which_channel()
    if place.alliance_id is None and has_one_firm(ask, place):
        return _which_channel(alone=_only_ours(ask, place), chosen=place.external_id)
    return _in_channel(ask, place)


def check_may_set_up(ask: Ask) -> None:
    """Who sets up becomes an alliance manager of the firm that keeps the records."""
    if not may_set_up(ask):
        raise NotAllowed(
            f"An alliance is set up by somebody of {host(ask)}, the firm that hosts me. Ask one of "
            f"them to write {ask.typed('setup')} in the channel."
        )


def host(ask: Ask) -> str:
    """The firm that hosts; to who uses the bot on another platform, as it may be their own firm,
    with where it does."""
    home = ask.installation
    elsewhere = ask.on_slack != (home.platform == SLACK)
    return f"{home.name} on {PLATFORMS[home.platform]}" if elsewhere else home.name


def may_set_up(ask: Ask) -> bool:
    return ask.at_home and ask.caller.standing == "full"


def has_one_firm(ask: Ask, place: Conversation) -> bool:
    return place.sharing == "internal" and place.team_ids == ask.installation.team_id


def _only_ours(ask: Ask, place: Conversation) -> str:
    return (
        f"Only {ask.installation.name} is in {named(place)}. An alliance lives in the channel you "
        "share with your partner. None yet? Keep this one: an alliance can begin with one firm."
    )


def _which_channel(*, alone: str = "", chosen: str = "") -> Reply:
    field = ChannelField("channel", QUESTION, chosen)
    said = (Text(words(alone)),) if alone else ()
    asked = Message((*(said or (Text(words(QUESTION)),)), Note(words(UNSEEN))))
    form = Form(
        TITLE, "alliance.setup_there", (*said, Note(words(UNSEEN))), (field,), submit="Next"
    )
    return Reply(message=asked, form=form)


@act("alliance.setup_there", needs_place=True)
def setup_there(ask: Ask) -> Reply:
    """The channel was chosen."""
    check_may_set_up(ask)
    place = ask.conversation
    if place is None or place.kind != "channel":
        raise BotError("Choose a channel.", field="channel")
    _check_is_there(ask, place, field="channel")
    return _in_channel(ask, place)


@act(BEGUN, opens_form=True)
def setup_begun(ask: Ask) -> Reply:
    """Go on where somebody stopped, or begin in the channel they invited the bot into."""
    check_may_set_up(ask)
    kept = asking.kept(ask, ask.arg("value"))
    place = ask.session.get_one(Conversation, kept.args["place"])
    return _in_channel(replace(ask, conversation=place, thread=None), place)


def put_aside(ask: Ask, place: Conversation, typed: dict[str, str]) -> str:
    """The token of a set-up to go on with later."""
    return asking.keep(ask, BEGUN, {"place": place.id, **typed})


def _in_channel(ask: Ask, place: Conversation) -> Reply:
    if place.alliance_id is not None:
        alliance = ask.session.get_one(Alliance, place.alliance_id)
        if alliance.closed_at is not None:
            return Reply(message=closed(alliance))
        return answer(
            f"{alliance.name} ({alliance.code}) is set up in this channel.",
            buttons=(Button("Who is who", "people.list"), Button("Help", "help.show")),
        )
    return Reply(form=_form(ask, place))


def _form(ask: Ask, place: Conversation) -> Form:
    """Three fields, proposed from whose workspaces the channel is shared between, or as they were
    typed before."""
    firms = [firm for firm, _ in directory.firms_in(ask.session, place, ask.installation.team_id)]
    name = firms[1] if len(firms) > 1 else ""
    code = alliances.propose_code(name) if name else ""
    values = {"name": name, "code": code, "firms": "\n".join(firms)} | _typed(ask, place)
    fields = (
        WordsField("name", "Alliance", values["name"], "What everybody calls it.", limit=80),
        WordsField(
            "code",
            "Code",
            values["code"],
            "Two to five letters in front of every number, as in HEL-12.",
            limit=5,
        ),
        WordsField(
            "firms",
            "Firms",
            values["firms"],
            "One a line, yours first. One is enough to begin.",
            long=True,
            limit=400,
        ),
    )
    notes = tuple(Text(words(note)) for note in _notes(ask, place))
    return Form(TITLE, "alliance.preview", notes, fields, asking.place_of(ask), "Preview")


def _typed(ask: Ask, place: Conversation) -> dict[str, str]:
    """What they typed for this channel before they pressed Not yet."""
    for draft in asking.begun(ask, BEGUN):
        if draft.args["place"] == place.id and "name" in draft.args:
            return {field: str(draft.args[field]) for field in ("name", "code", "firms")}
    return {}


def _notes(ask: Ask, place: Conversation) -> list[str]:
    notes = []
    if has_one_firm(ask, place):
        notes.append(
            f"Only {ask.installation.name} is in {named(place)}. Your partner can come in later "
            "and then reads what is recorded here for everybody."
        )
    if place.sharing == "pending":
        notes.append(
            "An invitation of another firm to this channel is not accepted yet. Name that firm "
            "too: its people take their place when they come."
        )
    if place.bot_is_in:
        notes.append(
            "Change anything that is not right. The next step shows what everybody will see."
        )
    else:
        notes.append(
            f"I am not in {named(place)} yet. {ask.bring_me('there')}, then press Preview."
        )
    return notes


def _check_is_there(ask: Ask, place: Conversation, *, field: str) -> None:
    there = [int(one) for one in place.person_ids.split(",") if one]
    if there and ask.caller.id not in there:
        raise BotError("You are not in that channel yourself. Join it first.", field=field)


@act("alliance.preview", needs_place=True)
def preview(ask: Ask) -> Reply:
    """What will be posted; nothing is recorded yet."""
    place = ask.conversation
    if place is None or not place.bot_is_in:
        raise BotError(
            f"I am not in that channel yet. {ask.bring_me('there')}, then press Preview again.",
            field="name",
        )
    _check_is_there(ask, place, field="name")
    firms = _firms(ask)
    savepoint = ask.session.begin_nested()
    draft = _set_up(ask, firms)
    shown = card_preview(draft.name, draft.code, [firm.name for firm in firms], ask.caller.name)
    savepoint.rollback()
    pinned = ", pinned" if gets_pinned(place) else ""
    intro = Text(words(f"Everybody in {named(place)} will see this{pinned}:"))
    later = Note(words("Nothing is posted or set up yet. Not yet keeps what you typed."))
    return Reply(
        form=Form(
            TITLE,
            "alliance.create",
            (intro, Rule(), *shown, Rule(), later),
            args={name: ask.arg(name) for name in ("name", "code", "firms", "place")},
            submit="Post and pin" if pinned else "Post it",
            close="Not yet",
            closed="alliance.not_yet",
        )
    )


@act("alliance.not_yet")
def not_yet(ask: Ask) -> Reply:
    """The preview was closed: what was typed is kept, and nobody is asked again."""
    place = ask.session.get_one(Conversation, int(ask.arg("place")))
    typed = {field: ask.arg(field) for field in ("name", "code", "firms")}
    token = put_aside(ask, place, typed)
    return answer(
        f"Nothing is posted in {named(place)}, and nothing is set up. What you typed is kept for "
        f"a week: {ask.typed('setup')} goes on with it.",
        buttons=(Button("Go on", BEGUN, token),),
    )


@act("alliance.create")
def create(ask: Ask) -> Reply:
    alliance, place = _set_up(ask, _firms(ask)), ask.conversation
    assert place is not None
    cards.open_for_alliance(ask.session, alliance.id, place, ask.caller, now=ask.now)
    return first_steps.after_posting(ask, alliance)


def _firms(ask: Ask) -> list[Firm]:
    """The names as edited, each with its workspace of those in the channel: the one of that name,
    else the next that is left. The host comes first.

    Raises BotError for a workspace without a firm: nothing could be said where people of no firm
    read along.
    """
    assert ask.conversation is not None
    host = ask.installation.team_id
    left = directory.firms_in(ask.session, ask.conversation, host)
    typed = [" ".join(line.split()) for line in ask.arg("firms").splitlines() if line.strip()]
    known = {firm.casefold(): (firm, team) for firm, team in left}
    taken = {name: known[name.casefold()] for name in typed if name.casefold() in known}
    left = [firm for firm in left if firm not in taken.values()]
    for name in [name for name in typed if name not in taken][: len(left)]:
        taken[name] = left.pop(0)
    if left:
        missing = " and ".join(firm for firm, _ in left)
        raise BotError(
            f"People of {missing} are in this channel. Add their firm on a line of its own.",
            field="firms",
        )
    firms = [Firm(name, (taken[name][1],) if name in taken else ()) for name in typed]
    return sorted(firms, key=lambda firm: host not in firm.team_ids)


def _set_up(ask: Ask, firms: list[Firm]) -> Alliance:
    assert ask.conversation is not None
    check_may_set_up(ask)
    return alliances.set_up(
        ask.session,
        conversation=ask.conversation,
        name=ask.arg("name"),
        code=ask.arg("code"),
        firms=firms,
        by=ask.caller,
        now=ask.now,
    )
