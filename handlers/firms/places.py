"""A channel in words, and where people are."""

from storage.tables import SLACK, TEAMS, Conversation, Workspace

PLATFORMS = {SLACK: "Slack", TEAMS: "Teams"}


def where(home: Workspace) -> str:
    """Northwind Labs on Slack; without a name, Teams."""
    platform = PLATFORMS[home.platform]
    return f"{home.name} on {platform}" if home.name else platform


def gets_pinned(place: Conversation) -> bool:
    """On Teams no bot can pin."""
    return place.platform == SLACK


def being_posted(place: Conversation) -> str:
    how = "posted and pinned" if gets_pinned(place) else "posted"
    return f"The card is being {how} in {named(place)}"


def named(place: Conversation) -> str:
    return f"#{place.name}" if place.name else "that channel"
