"""What firms can agree on, and what each kind of it changes."""

from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session

from governance import history
from governance.errors import BotError, Stale
from governance.firms import alliance_settings, channels, closing
from storage.tables import Alliance, Conversation, Person

Kind = Literal["settings", "joint_channel", "close", "reopen"]
Terms = dict[str, Any]

SETTINGS: Kind = "settings"
JOINT_CHANNEL: Kind = "joint_channel"
CLOSE: Kind = "close"
REOPEN: Kind = "reopen"


def check(session: Session, alliance: Alliance, kind: str, terms: Terms) -> None:
    """Raises BotError where this can't be carried out, or not any more."""
    if kind == CLOSE and alliance.closed_at is not None:
        raise Stale(f"{alliance.name} is closed already.")
    if kind == REOPEN and alliance.closed_at is None:
        raise Stale(f"{alliance.name} is open already.")
    if kind == SETTINGS:
        _check_settings(alliance, terms)
    if kind == JOINT_CHANNEL:
        history.check_open(alliance)
        channels.check_unlinked(channel(session, terms))


def _check_settings(alliance: Alliance, terms: Terms) -> None:
    history.check_open(alliance)
    if not terms:
        raise BotError("That is how it is already, so nothing changes.")
    if not alliance_settings.still_fit(alliance, terms):
        raise Stale("What this would change has been changed meanwhile.")


def channel(session: Session, terms: Terms) -> Conversation:
    return session.get_one(Conversation, terms["conversation"])


def carry_out(
    session: Session, alliance: Alliance, kind: str, terms: Terms, *, by: Person, now: datetime
) -> None:
    if kind == SETTINGS:
        alliance_settings.carry_out(session, alliance, terms, by=by, now=now)
    elif kind == JOINT_CHANNEL:
        channels.link_joint(session, channel(session, terms), alliance, by=by, now=now)
    elif kind == CLOSE:
        closing.close(session, alliance, by=by, now=now)
    else:
        closing.reopen(session, alliance, by=by, now=now)
