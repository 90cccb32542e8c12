"""A few days of ordinary talk, so that a first visitor finds a place where people work."""

from datetime import timedelta

from playground.speech import read_speech
from playground.world import Message, World

_CHAT: list[tuple[str, str, float, str]] = [
    ("C0SHARED", "olivia", 75.0, "Morning all, and welcome. I will keep this channel tidy."),
    (
        "C0SHARED",
        "adaeze",
        73.5,
        "Glad we have one place now. The feasibility read-out is on track.",
    ),
    ("C0SHARED", "tomasz", 51.0, "The second cartridge prototype is through drop testing."),
    (
        "C0SHARED",
        "mateo",
        50.2,
        "Nice. I can send the revised usability protocol to @tomasz by Friday.",
    ),
    ("C0SHARED", "ines", 27.0, "We still owe you the supply forecast, Kwame is chasing the plant."),
    ("C0SHARED", "kwame", 26.4, "Numbers for the pilot lot should be with me this week."),
    ("C0INTERNAL", "hana", 49.0, "The agency wants our answer on labelling before the next call."),
    (
        "C0INTERNAL",
        "priya",
        25.5,
        "Let us agree our position on the forecast before we meet Helix.",
    ),
]


def add_chat(world: World) -> None:
    for room, handle, hours_ago, words in sorted(_CHAT, key=lambda row: -row[2]):
        channel = world.channels[room]
        speech = read_speech(world, words)
        ts = world.next_ts(world.now() - timedelta(hours=hours_ago))
        channel.messages[ts] = Message(
            ts=ts,
            channel=room,
            user=world.person(handle).id,
            text=speech.text,
            blocks=speech.blocks,
            pings=speech.pings,
        )
