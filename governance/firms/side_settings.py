"""What a firm decides for itself: its name as shown, and where its people are taken to be."""

from datetime import datetime

from sqlmodel import Session, col, select

from governance import cadence, history, visibility
from governance.errors import BotError, NotAllowed
from governance.firms import rights, sides
from governance.messages import cards
from governance.people import members
from governance.people.members import Seat
from storage.tables import Member, Person, Side

RECORD = "side"


def change(
    session: Session, by: Seat, *, name: str, zone: str, country: str, now: datetime
) -> bool:
    """An alliance manager changes their own firm; returns whether anything is different. Raises
    NotAllowed, or BotError naming the field."""
    if not rights.has(by, "firm"):
        raise NotAllowed(f"An alliance manager of {by.side.firm} changes these.")
    after = {
        "firm": " ".join(name.split()),
        "zone": zone.strip() or None,
        "country": country.strip().upper() or None,
    }
    _check(session, by.side, str(after["firm"]), after["zone"], after["country"])
    before = {key: getattr(by.side, key) for key in after}
    changed = [key for key in after if after[key] != before[key]]
    if not changed:
        return False
    for key in changed:
        setattr(by.side, key, after[key])
    session.add(by.side)
    _note(
        session,
        by,
        {key: before[key] for key in changed},
        {key: after[key] for key in changed},
        now,
    )
    if "firm" in changed:
        cards.redraw_alliance(session, by.alliance.id, now=now)
    _take_along(session, by.side, now=now)
    return True


def _check(session: Session, side: Side, name: str, zone: str | None, country: str | None) -> None:
    sides.check_name(session, side.alliance_id, name, besides=side, field="name")
    if zone is not None and not cadence.known_zone(zone):
        raise BotError("I don't know that time zone. For example: Europe/Berlin", field="zone")
    if country is not None and not cadence.known_country(country):
        raise BotError(
            "I don't know that country. Use its two letters, such as DE or US.", field="country"
        )


def _take_along(session: Session, side: Side, *, now: datetime) -> None:
    """Those of whom nobody knows where they are follow their firm."""
    chosen = (
        select(Person)
        .join(Member, col(Member.person_id) == Person.id)
        .where(
            Member.side_id == side.id,
            visibility.has_a_place(now.date()),
            col(Person.zone_assumed).is_(True),
        )
    )
    for person in session.exec(chosen):
        members.take_place_of(person, side, now=now)
        session.add(person)


def _note(
    session: Session,
    by: Seat,
    before: dict[str, str | None],
    after: dict[str, str | None],
    now: datetime,
) -> None:
    history.note(
        session,
        alliance_id=by.alliance.id,
        record=RECORD,
        record_id=by.side.id,
        what="changed",
        by=by.person.id,
        now=now,
        before=before,
        after=after,
    )
