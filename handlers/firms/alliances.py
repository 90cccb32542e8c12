"""An alliance's pinned card, and what it says of itself to whoever asks."""

from governance.firms import sides
from governance.people import members
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
    bold,
    words,
)
from storage.tables import Alliance, Person

CARD_BUTTONS = (
    Button("New action", "action_item.new", style="primary"),
    Button("My actions", "list.mine"),
    Button("All open", "list.open"),
    Button("What is this?", "alliance.about"),
)


def card(alliance: Alliance, firms: list[str], by: Person) -> Message:
    """The pinned card: what a partner, whom no slash command reaches, begins everything from."""
    return Message(
        (
            *_says(alliance.name, alliance.code, firms),
            Buttons(CARD_BUTTONS),
            _by_whom(by.name, firms[0]),
        ),
        lead=f"{alliance.name}: what we promise each other is kept here.",
    )


def card_preview(name: str, code: str, firms: list[str], by: str) -> tuple[Block, ...]:
    """The card with its buttons named instead of pressable: there is nothing behind them yet."""
    labels = " ".join(f"[{button.label}]" for button in CARD_BUTTONS)
    return (*_says(name, code, firms), Text(words(labels)), _by_whom(by, firms[0]))


def _says(name: str, code: str, firms: list[str]) -> tuple[Block, ...]:
    return (
        Heading(name),
        Text(
            words(
                "What we promise each other here is kept, followed up politely and closed: "
                f"each action item has one owner, a date and a reference such as {code}-12."
            )
        ),
        Facts((("Firms", (Words(" · ".join(firms)),)),)),
    )


def _by_whom(by: str, host: str) -> Note:
    return Note(
        (
            Words(f"Set up by {by} of {host}, which hosts this bot and stores its records. "),
            Words("Everybody here can use the buttons, or write @Alliance and what is to be done."),
        )
    )


@act("alliance.about", opens_form=True)
def about(ask: Ask) -> Reply:
    """For anybody who can see the card; it makes nobody a member."""
    alliance = ask.alliance()
    firms = [side.firm for side in sides.of(ask.session, alliance.id)]
    buttons = (
        Button("Help", "help.show"),
        Button("Who is who", "people.list"),
        Button("Sponsors", "sponsor.list"),
        Button("Ask openly", "pulse.new"),
        Button("My reminders", "reminders.show"),
    )
    blocks = (*_explained(ask, alliance, firms), Buttons(buttons))
    return Reply(form=Form("What is this?", "page", blocks, args=asking.place_of(ask)))


def _explained(ask: Ask, alliance: Alliance, firms: list[str]) -> tuple[Block, ...]:
    host = firms[0]
    paragraphs = (
        (
            "What it is for",
            f"What {_both(firms)} promise each other is kept, followed up politely and closed.",
        ),
        (
            "What it keeps",
            "Action items: words, owner, date, history, and who was shown them. Who sponsors it "
            "at each firm, and when two sponsors spoke. I read only what is written to me, and a "
            "message that somebody turns into an item.",
        ),
        ("Who can read it", who_can_read(host)),
        ("When I write to you", _when(ask, alliance)),
        ("How to use it", _how(ask)),
        (
            "How to stop it",
            "`reminders off` stops my messages to you. Your alliance manager can end your place. "
            f"{ask.take_me_out()}",
        ),
    )
    return tuple(Text(words(bold(f"{title}\n"), said)) for title, said in paragraphs)


def who_can_read(host: str) -> str:
    return (
        f"{host} hosts me and stores the records; whoever runs that machine could read them. Joint "
        "items are shown to every firm, a firm's own items to nobody else."
    )


def _both(firms: list[str]) -> str:
    return f"{', '.join(firms[:-1])} and {firms[-1]}" if len(firms) > 1 else f"{firms[0]}'s people"


def _when(ask: Ask, alliance: Alliance) -> str:
    """Guests and strangers belong to no firm until somebody says."""
    side = members.side_of_workspace(ask.session, alliance, ask.caller)
    own = side if side is not None and ask.caller.standing == "full" else None
    daily = "one daily message, when there is something to say."
    if own is not None and own.checked_at is not None:
        return f"At most {daily}"
    firm = own.firm if own is not None else "your firm"
    return (
        f"To nobody of {firm} directly until its alliance manager agrees, or you use me yourself. "
        f"Then {daily}"
    )


def _how(ask: Ask) -> str:
    said = "Press a button on the card, write @Alliance and what is to be done, or write to me."
    if ask.has_commands:
        said += " `/alliance` does the same, seen by you only."
    return said
