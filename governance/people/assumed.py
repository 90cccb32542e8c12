"""Where somebody is taken to be whose platform told nothing of it: said once, with the first daily
message that has something else to say."""

from sqlmodel import Session

from governance.messages.daily_lines import Day, Told
from storage.tables import ToldOnce

RECORD = "person"


def assumed(session: Session, days: dict[int, Day], told: Told) -> None:
    """Needs every other line of these days. Another place than was told before is told again."""
    for day in days.values():
        person = day.person
        if not person.zone_assumed or not day.has_lines:
            continue
        reason = f"assumed:{person.zone}:{person.country or ''}"
        if session.get(ToldOnce, (person.id, RECORD, person.id, reason)) is None:
            day.assumed = True
            told.say_once(day, RECORD, person.id, reason)
