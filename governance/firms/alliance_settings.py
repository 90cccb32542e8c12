"""What holds for every firm of an alliance: its name and purpose, its zone, when reminders come,
how its sponsors are written to."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from governance import cadence, history
from governance.errors import BotError
from governance.firms import alliances
from governance.messages import attention, cards
from governance.sponsors import naming
from governance.words import length
from storage.tables import Alliance, Person

Values = dict[str, Any]
Changes = dict[str, Any]
"""Each changed setting by its column: {"tier": {"before": ..., "after": ...}}."""

PURPOSE_LIMIT = 300
MOST_RUNGS = 6
TIERS = ("linear", "co-operative", "collaborative", "interdependent", "integrated")
MOST_MONTHS = 24
MODES = ("calm", "until_they_connect", "always")
SPONSORS_HOUR = frozenset({"sponsor_weekday", "sponsor_minute"})


def changes(alliance: Alliance, wanted: Values) -> Changes:
    """What differs from how it is now, ready to be agreed on. Raises BotError naming the field."""
    _check(wanted)
    return _differing(alliance, wanted)


def sponsor_changes(alliance: Alliance, wanted: Values) -> Changes:
    """The same for what is agreed about sponsors: `sponsor_months` of none is as the tier has it.
    Raises BotError naming the field."""
    if wanted["sponsor_weekday"] not in range(7):
        raise BotError("Choose a weekday.", field="weekday")
    attention.check_hour(int(wanted["sponsor_minute"] or 0))
    if wanted["sponsor_mode"] not in MODES:
        raise BotError("Choose how they are reminded.", field="mode")
    if wanted["sponsor_months"] not in (None, *range(MOST_MONTHS + 1)):
        raise BotError("Choose how often they speak.", field="months")
    return _differing(alliance, wanted)


def _differing(alliance: Alliance, wanted: Values) -> Changes:
    return {
        key: {"before": getattr(alliance, key), "after": value}
        for key, value in wanted.items()
        if value != getattr(alliance, key)
    }


def _check(wanted: Values) -> None:
    alliances.check_name(str(wanted["name"]))
    if length(str(wanted["purpose"])) > PURPOSE_LIMIT:
        raise BotError(f"Keep it under {PURPOSE_LIMIT} letters.", field="purpose")
    if wanted["tier"] not in TIERS:
        raise BotError("Choose a tier.", field="tier")
    if not cadence.known_zone(str(wanted["zone"])):
        raise BotError("I don't know that time zone. For example: Europe/Berlin", field="zone")
    rungs = [int(rung) for rung in str(wanted["owner_rungs"]).split(",")]
    if rungs != sorted(set(rungs)) or len(rungs) > MOST_RUNGS:
        raise BotError(
            "Up to six numbers, each once, the smallest first: 0, 1, 3.", field="owner_rungs"
        )


def still_fit(alliance: Alliance, agreed: Changes) -> bool:
    """Whether what is to change is still as it was when that was proposed."""
    return all(getattr(alliance, key) == terms["before"] for key, terms in agreed.items())


def carry_out(
    session: Session, alliance: Alliance, agreed: Changes, *, by: Person, now: datetime
) -> None:
    for key, terms in agreed.items():
        setattr(alliance, key, terms["after"])
    session.add(alliance)
    session.flush()
    if SPONSORS_HOUR & agreed.keys():
        naming.reschedule_all(session, alliance, now=now)
    history.note(
        session,
        alliance_id=alliance.id,
        record="alliance",
        record_id=alliance.id,
        what="changed",
        by=by.id,
        now=now,
        before={key: terms["before"] for key, terms in agreed.items()},
        after={key: terms["after"] for key, terms in agreed.items()},
    )
    cards.redraw_alliance(session, alliance.id, now=now)
