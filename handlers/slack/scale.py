"""The emoji with which people answer a scale."""

EMOJI = ("one", "two", "three", "four", "five")

_VALUES = {name: value for value, name in enumerate(EMOJI, start=1)}


def value_of(reaction: str) -> int | None:
    """The number that a reaction stands for, whatever its skin tone; None for any other."""
    return _VALUES.get(reaction.partition("::")[0])
