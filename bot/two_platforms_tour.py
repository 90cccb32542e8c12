"""The guided tour of two firms on two platforms, in four stops."""

from bot.story import PRIYA, SHARED
from playground.tour import Expect, Look, Seat, Step, Stop, Tour

ANNEX = "send the signed supply annex"
SUPPLIER = "name a second supplier for the cartridge"


def tour_of(olivia: str, channel: str) -> Tour:
    """`olivia`: her account in Teams; `channel`: the conversation there that is a joint one."""
    left, right = Seat(PRIYA, SHARED), Seat(olivia, channel)
    return Tour(
        title="Two chats, one ledger",
        words=(
            "On the left is Priya at Northwind Bio, which uses Slack; on the right Olivia at Helix "
            "Devices, which uses Microsoft Teams. Neither firm had to change its chat.",
            "The bot between them is real; only the chats are local. Next does each step, and then "
            "looks at what both screens show.",
        ),
        stops=(
            _captured(left, right),
            _accepted(left, right),
            _daily(olivia),
            _private(left, right),
        ),
        farewell=(
            "That was the tour. Type in either screen, press what you like, or move the clock on.",
            "Start over brings everything back.",
        ),
    )


def _captured(left: Seat, right: Seat) -> Stop:
    return Stop(
        "Captured in Slack, there in Teams",
        (
            "Priya writes one line in her channel in Slack.",
            "Helix reads the same card in its channel in Teams, and Olivia is told.",
        ),
        left,
        right,
        do=(
            Step("command", PRIYA, SHARED, f"/alliance action @olivia {ANNEX} by {{+2}}"),
            Step("read", PRIYA, SHARED, "ref", rf"([A-Z]{{2,5}}-\d+)[\s*]+{ANNEX}"),
        ),
        look=(Look("left", f"{{ref}} {ANNEX}"), Look("right", f"{{ref}} {ANNEX}")),
        expect=(
            Expect("left", ANNEX, "waiting for Olivia Bennett", words="Northwind sees it in Slack"),
            Expect("right", ANNEX, "Accept", words="Helix sees it in Teams, with its buttons"),
        ),
    )


def _accepted(left: Seat, right: Seat) -> Stop:
    return Stop(
        "Accepted in Teams with one tap",
        (
            "Olivia presses Accept on the card in Teams. From now on {ref} is hers.",
            "The card changes in both chats; nobody has to be told twice.",
        ),
        left,
        right,
        do=(Step("click", right.user, right.channel, "Accept", within=ANNEX),),
        look=(Look("left", f"{{ref}} {ANNEX}"), Look("right", f"{{ref}} {ANNEX}")),
        expect=(
            Expect("left", "open", f"{{ref}} {ANNEX}", words="Slack shows {ref} open"),
            Expect("right", "Done", f"{{ref}} {ANNEX}", words="Teams does too, with what is next"),
        ),
    )


def _daily(olivia: str) -> Stop:
    return Stop(
        "A day passes: one message each",
        (
            "It is the next working day. Each got one message, at 08:30 where they are.",
            "Priya reads hers in Slack, Olivia in her chat with the app in Teams.",
        ),
        Seat(PRIYA, "dm"),
        Seat(olivia, "dm"),
        do=(Step("clock", olivia, text="08:45"),),
        look=(Look("left", "{ref}"), Look("right", "{ref}")),
        expect=(
            Expect("left", received=1),
            Expect("right", received=1),
            Expect("right", "{ref}", words="Olivia’s message names {ref}"),
        ),
    )


def _private(left: Seat, right: Seat) -> Stop:
    return Stop(
        "For one firm only",
        (
            "Olivia notes something that is for Helix Devices alone.",
            "The left screen is searched, all of it: Priya's messages, channels and forms.",
        ),
        left,
        right,
        do=(
            Step("command", right.user, right.channel, f"/internal {SUPPLIER} by {{+4}}"),
            Step("command", right.user, right.channel, "/mine"),
        ),
        look=(Look("right", SUPPLIER),),
        expect=(
            Expect("right", SUPPLIER, "your firm only", words="Helix’s screen shows it"),
            Expect("left", hides=SUPPLIER, words="Northwind’s does not show it, in no place"),
        ),
    )
