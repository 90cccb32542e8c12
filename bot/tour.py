"""The guided tour of the demo: what is done at each stop, and what the two screens then show."""

from bot.story import HANA, INES, OLIVIA, PRIYA, SHARED
from playground.tour import Expect, Look, Seat, Step, Stop, Tour

ANNEX = "send the signed supply annex"
FALLBACK = "prepare our fallback on the price"
SUPPLIER = "name a second supplier for the cartridge"
REASON = "our purchasing team signs that off first; I will bring it to the next call"

_LEFT, _RIGHT = Seat(PRIYA, SHARED), Seat(OLIVIA, SHARED)

CAPTURED = Stop(
    "Captured where it was said",
    (
        "Priya (Northwind Bio) writes one line in the channel that both firms share.",
        "Olivia (Helix Devices) owes nothing yet: across firms an action item is proposed first.",
    ),
    _LEFT,
    _RIGHT,
    do=(
        Step("command", PRIYA, SHARED, f"/alliance action @olivia {ANNEX} by {{+2}}"),
        Step("read", PRIYA, SHARED, "ref", rf"([A-Z]{{2,5}}-\d+)[\s*]+{ANNEX}"),
    ),
    look=(Look("left", f"{{ref}} {ANNEX}"), Look("right", f"{{ref}} {ANNEX}")),
    expect=(
        Expect("left", ANNEX, "waiting for Olivia Bennett", words="Both firms see the same card"),
        Expect("right", ANNEX, "Accept", words="Olivia has buttons, and needs no command"),
    ),
)

ACCEPTED = Stop(
    "Accepted there with one tap",
    (
        "Olivia presses Accept on the card. From now on {ref} is hers.",
        "The card changes in front of everybody; nobody has to be told twice.",
    ),
    _LEFT,
    _RIGHT,
    do=(Step("click", OLIVIA, SHARED, "Accept", within=ANNEX),),
    look=(Look("left", f"{{ref}} {ANNEX}"), Look("right", f"{{ref}} {ANNEX}")),
    expect=(
        Expect("left", "open", f"{{ref}} {ANNEX}", words="Northwind sees {ref} open"),
        Expect("right", "Done", f"{{ref}} {ANNEX}", words="Helix sees it too, with what is next"),
    ),
)

DAILY = Stop(
    "A day passes: one message each",
    (
        "It is the next working day. Each got one message, at 08:30 where they are.",
        "Priya reads in Berlin that Olivia accepted; Olivia reads in London what is coming up.",
    ),
    Seat(PRIYA, "dm"),
    Seat(OLIVIA, "dm"),
    do=(Step("clock", OLIVIA, text="08:45"),),
    look=(Look("left", "{ref}"), Look("right", "{ref}")),
    expect=(
        Expect("left", received=1),
        Expect("right", received=1),
        Expect("right", "{ref}", words="Olivia’s message names {ref}"),
    ),
)

HOLIDAY = Stop(
    "Nobody is disturbed on holiday",
    (
        "Hana is off for a week, and said so once. The same morning brought her nothing.",
        "What is due meanwhile waits for her first day back, in one message.",
    ),
    Seat(HANA, "dm"),
    Seat(OLIVIA, "dm"),
    expect=(Expect("left", received=0), Expect("right", received=1)),
)

PRIVATE = Stop(
    "For one firm only",
    (
        "In the same channel Priya notes something that is for Northwind Bio alone.",
        "The right screen is searched, all of it: Olivia's messages, channels and forms. And "
        "“seen” names everybody who was shown it.",
    ),
    _LEFT,
    _RIGHT,
    do=(
        Step("command", PRIYA, SHARED, f"/alliance internal {FALLBACK} by {{+4}}"),
        Step("read", PRIYA, SHARED, "own", r"(OUR-\d+) is yours"),
        Step("command", PRIYA, SHARED, "/alliance seen {own}"),
    ),
    look=(Look("left", "{own}"),),
    expect=(
        Expect("left", FALLBACK, words="Northwind’s screen shows it, as {own}"),
        Expect("left", "Nobody outside Northwind Bio was shown this"),
        Expect("right", hides=FALLBACK, words="Helix’s screen does not show this, in no place"),
        Expect("right", hides="{own}", words="Not even its number"),
    ),
)

DECLINED = Stop(
    "Declined kindly",
    (
        "Priya asks Inês at Helix. It is not hers to promise, so she says no, and why.",
        "A no with a reason on the first day is worth more than a silence of three weeks.",
    ),
    _LEFT,
    Seat(INES, SHARED),
    do=(
        Step("close", PRIYA),
        Step("command", PRIYA, SHARED, f"/alliance action @ines {SUPPLIER} by {{+8}}"),
        Step("click", INES, SHARED, "Decline", within=SUPPLIER),
        Step("submit", INES, values={"reason": REASON}),
        Step("close", INES),
    ),
    look=(Look("left", SUPPLIER), Look("right", SUPPLIER)),
    expect=(
        Expect("left", f"declined: {REASON}", SUPPLIER, words="Priya reads the reason"),
        Expect("right", "declined", SUPPLIER, words="Inês sees that it is settled"),
    ),
)

DONE = Stop(
    "Done",
    (
        "Olivia presses Done. The card is struck through in the channel, for both firms.",
        "Nobody asked, chased or kept a list.",
    ),
    _LEFT,
    _RIGHT,
    do=(Step("click", OLIVIA, SHARED, "Done", within=ANNEX),),
    look=(Look("left", ANNEX), Look("right", ANNEX)),
    expect=(
        Expect("left", "done", f"{{ref}} {ANNEX}", words="Northwind sees {ref} done"),
        Expect("right", "done", f"{{ref}} {ANNEX}", words="Helix sees the same"),
    ),
)

STOPS = (CAPTURED, ACCEPTED, DAILY, HOLIDAY, PRIVATE, DECLINED, DONE)

TOUR = Tour(
    title="Three minutes with two firms",
    words=(
        "On the left is what Priya sees at Northwind Bio, on the right what Olivia sees at Helix "
        "Devices. The bot between them is real; only the chat around it is local.",
        "You type nothing: Next does each step, and then looks at what both screens show.",
    ),
    stops=STOPS,
    farewell=(
        "That was the tour. Type in either screen, press what you like, or move the clock on.",
        "Start over brings everything back.",
    ),
)
