"""A channel in words."""

from storage.tables import SLACK, Conversation


def gets_pinned(place: Conversation) -> bool:
    """On Teams no bot can pin."""
    return place.platform == SLACK


def being_posted(place: Conversation) -> str:
    how = "posted and pinned" if gets_pinned(place) else "posted"
    return f"The card is being {how} in {named(place)}"


def named(place: Conversation) -> str:
    return f"#{place.name}" if place.name else "that channel"
