"""`join`: somebody with a code brings their firm into an alliance, or themselves into their firm's
side, in a channel of their own."""

from dataclasses import replace

from governance.errors import BotError
from governance.firms import invitations, joining, sides
from governance.firms.joining import Door
from governance.people.members import Seat
from handlers import asking
from handlers.acts import Ask, act
from handlers.firms import alliances, own_firm
from handlers.firms.inviting import typed
from handlers.firms.places import being_posted, named
from handlers.items import capture
from handlers.views import (
    Block,
    Button,
    Buttons,
    Choice,
    ChoiceField,
    Facts,
    Field,
    Form,
    Note,
    Reply,
    Text,
    Words,
    WordsField,
    bold,
    words,
)
from storage.tables import Conversation, Person, Workspace

TITLE = "Join an alliance"
SENTENCE = 3
EXAMPLE = typed("K7QX9-3MPWT")
ELSEWHERE = (
    "Write it in the channel that your firm would like to use: it becomes a joint channel of the "
    f"alliance. There: {EXAMPLE}"
)


@act("alliance.join", needs_place=True, opens_form=True)
def join(ask: Ask) -> Reply:
    """What it means, before anything happens."""
    code = ask.arg("words")
    if not invitations.is_written(code) and len(code.split()) >= SENTENCE:
        return capture.offer(replace(ask, args={"words": f"join {code}"}))
    if not code.strip():
        raise BotError(f"Write the code you were given behind it, such as {EXAMPLE}")
    place = channel(ask, ELSEWHERE)
    opened = joining.door(ask.session, code, ask.account, place, now=ask.now)
    if opened.own is not None:
        return Reply(form=own_firm.form(ask, opened))
    kept = {**asking.place_of(ask), "code": opened.invitation.code}
    if len(opened.named) == 1:
        kept["side"] = str(opened.named[0].id)
    return Reply(
        form=Form(
            TITLE, "alliance.join_now", _means(ask, opened), _fields(ask, opened), kept, "Join"
        )
    )


def channel(ask: Ask, elsewhere: str) -> Conversation:
    """The channel in which this was written. Raises BotError, with `elsewhere` for any other
    place, and where the bot is not in it."""
    place = ask.conversation
    if place is None or place.kind != "channel":
        raise BotError(elsewhere)
    if not place.bot_is_in:
        raise BotError(f"I am not in this channel yet. {ask.bring_me('here')}, then again.")
    return place


def _means(ask: Ask, opened: Door) -> tuple[Block, ...]:
    alliance = opened.alliance
    firms = sides.of(ask.session, alliance.id)
    host = next(side.firm for side in firms if side.is_host)
    by = ask.session.get_one(Person, opened.invitation.made_by)
    facts = [("Firms", " · ".join(side.firm for side in firms)), ("Invited by", by.name)]
    if len(opened.named) == 1:
        facts.append(("You join as", opened.named[0].firm))
    purpose = f"\n{alliance.purpose}" if alliance.purpose else ""
    paragraphs = (
        (
            "What every firm sees from now on",
            f"What is recorded in {named(opened.place)}, which becomes a joint channel with a "
            "card of its own, and in the other joint channels: words, owner, date, history.",
        ),
        (
            "What is there already",
            "Everything joint that was recorded so far can be read by your firm, and by whoever "
            "is in this channel as far as it is shown here.",
        ),
        ("Who can read it", alliances.who_can_read(host)),
        (
            "What you become",
            "Your firm's alliance manager here; `people` changes that. I write to others of your "
            "firm directly once you have looked at who is in it, or when they use me.",
        ),
    )
    told = (Text((bold(f"{title}\n"), *words(said))) for title, said in paragraphs)
    return (
        Text((bold(alliance.name), Words(purpose))),
        Facts(tuple((label, (Words(text),)) for label, text in facts)),
        *told,
        Note(words("Nothing happens before you press Join.")),
    )


def _fields(ask: Ask, opened: Door) -> tuple[Field, ...]:
    """Which of the firms that wait, or the name of a new one; nothing where it is certain."""
    if len(opened.named) == 1:
        return ()
    if opened.named:
        choices = tuple(Choice(str(side.id), side.firm) for side in opened.named)
        return (ChoiceField("side", "Your firm", choices, choices[0].value),)
    home = ask.session.get_one(Workspace, ask.account.workspace_id)
    hint = "Everybody in the alliance sees it."
    return (WordsField("firm", "Your firm", home.name or "", hint, limit=sides.NAME_LIMIT),)


@act("alliance.join_now", needs_place=True)
def join_now(ask: Ask) -> Reply:
    side = ask.arg("side")
    seat = joining.join(
        ask.session,
        ask.arg("code"),
        ask.account,
        channel(ask, ELSEWHERE),
        firm=ask.arg("firm"),
        side_id=int(side) if side.isdecimal() else None,
        now=ask.now,
    )
    return Reply(
        form=Form(TITLE, "page", _joined(ask, seat), args=asking.place_of(ask), close="Done")
    )


@act("alliance.join_own", needs_place=True)
def join_own(ask: Ask) -> Reply:
    own_channel = ask.arg("sees") == own_firm.OWN
    return Reply(form=own_firm.joined(ask, channel(ask, ELSEWHERE), own_channel=own_channel))


def _joined(ask: Ask, seat: Seat) -> tuple[Block, ...]:
    assert ask.conversation is not None
    said = (
        f" You are its alliance manager. {being_posted(ask.conversation)}; the alliance managers "
        "of the other firms are told."
    )
    look = (
        f"Next: who of {seat.side.firm} is in it? Until you have looked, I write directly only to "
        "those of them who act here."
    )
    buttons = (
        Button("Check our people", "roster.own", str(seat.side.id), "primary"),
        Button("All open", "list.open"),
        Button("What is this?", "alliance.about"),
    )
    return (
        Text((bold(f"{seat.side.firm} is in {seat.alliance.name}."), Words(said))),
        Text((Words(look),)),
        Buttons(buttons),
    )
