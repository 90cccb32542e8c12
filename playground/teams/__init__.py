"""The local Microsoft Teams: the Bot Connector, tokens and keys, and people who live there."""

from playground.teams.app import APP_ID, APP_SECRET, Teams

__all__ = ["APP_ID", "APP_SECRET", "Teams"]
