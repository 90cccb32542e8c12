"""Who takes part, and where they can be."""

from tests.world import (
    ADAEZE,
    GRANT,
    HANA,
    INES,
    JONAS,
    LENA,
    MATEO,
    OLIVIA,
    OWN,
    PRIYA,
    RANDOM,
    SHARED,
    TOMASZ,
)

ORION, ORION_TEAM = "C0ORION", "T0ORION"
ZED, YARA = "U0ZED", "U0YARA"
ORION_PEOPLE = {ZED: "Zedekiah Moreau", YARA: "Yara Nakamura"}

NORTHWIND = (PRIYA, HANA, JONAS, MATEO, ADAEZE)
HELIX = (OLIVIA, TOMASZ, INES, GRANT)
NAMES = ORION_PEOPLE | {
    OLIVIA: "Olivia Bennett",
    TOMASZ: "Tomasz Zieliński",
    INES: "Inês Carvalho",
    GRANT: "Grant Whitaker",
}
EVERYBODY = (HANA, TOMASZ, PRIYA, OLIVIA, LENA, MATEO, ZED, JONAS, INES, ADAEZE, GRANT, YARA)
"""In this order counterexamples become simpler."""

HOST_ROOMS = (SHARED, OWN, ORION, RANDOM)


def handle(who: str) -> str:
    return f"@{who.removeprefix('U0').lower()}"


def rooms_of(who: str) -> tuple[str, ...]:
    """The channels in which somebody is from the beginning."""
    if who in ORION_PEOPLE:
        return (ORION,)
    if who in NORTHWIND:
        return HOST_ROOMS
    return (SHARED,)


def known_to(who: str, room: str) -> tuple[str, ...]:
    """Whom somebody would mention: their own partner's people, and not those of another."""
    if who in ORION_PEOPLE or room == ORION:
        return (*NORTHWIND, *ORION_PEOPLE)
    return (*NORTHWIND, *HELIX, LENA)
