"""Who may do what with an action item, and when: every change asks here first."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from governance import cadence, history, visibility
from governance.errors import BotError, NotAllowed, NotFound, Stale
from governance.people import members
from governance.people.members import Seat
from storage.tables import ActionItem, Person

SNOOZES_BEFORE_HELP = 2
CORRECTED_WITHIN = timedelta(minutes=10)
"""How long a slip in the date of a fresh item is put right without asking anybody."""
RECORD = "action_item"
OPEN_STATES = ("proposed", "open")
SHARED_STATES = (*OPEN_STATES, "done")


def moves_at_once(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """Whether a date that this person gives counts without anybody's yes."""
    if item.owner_id == item.proposer_id:
        return True
    if item.status == "open" and is_owner(session, item, by, now=now):
        return item.due is None or item.due_moves == 0
    if not is_proposer(session, item, by, now=now):
        return False
    return item.status == "proposed" or _is_fresh(session, item, now=now)


def _is_fresh(session: Session, item: ActionItem, *, now: datetime) -> bool:
    """Whether the proposer recorded it for a colleague a moment ago and nobody else touched it."""
    if item.owner_side_id != item.proposer_side_id or now - item.created_at > CORRECTED_WITHIN:
        return False
    entries = history.of(session, RECORD, item.id)
    return all(entry.person_id == item.proposer_id for entry in entries)


def needs_help(item: ActionItem) -> bool:
    return item.snoozes >= SNOOZES_BEFORE_HELP


def is_owner(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """The owner, or who stands in for them while they are away, from the same side."""
    if item.owner_id == by.person.id:
        return True
    owner = session.get_one(Person, item.owner_id)
    return (
        owner.stand_in_id == by.person.id
        and by.side.id == item.owner_side_id
        and members.is_away(owner, now=now)
    )


def is_proposer(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """Who proposed it, or an alliance manager of their firm once they have no place any more."""
    if item.proposer_id == by.person.id:
        return True
    own = by.is_manager and by.side.id == item.proposer_side_id
    return own and has_left(session, item, item.proposer_id, now=now)


def has_left(session: Session, item: ActionItem, person_id: int, *, now: datetime) -> bool:
    """Whether an owner or proposer has no place in the item's alliance any more."""
    return visibility.current_member(session, item.alliance_id, person_id, now=now) is None


def may_hand_on(
    session: Session, item: ActionItem, by: Seat, *, now: datetime, to: int | None = None
) -> bool:
    """Its owner or an alliance manager, within the owner's firm; its proposer while nobody has
    accepted it, or once the owner has left a firm that has no alliance manager. `to` is the side
    of whoever is to have it, where that is known. What was declined is its proposer's again."""
    if item.status == "declined":
        return is_proposer(session, item, by, now=now)
    own = item.owner_side_id == by.side.id and to in (None, item.owner_side_id)
    if own and (by.is_manager or is_owner(session, item, by, now=now)):
        return True
    if not is_proposer(session, item, by, now=now):
        return False
    return item.status != "open" or is_forsaken(session, item, now=now)


def is_forsaken(session: Session, item: ActionItem, *, now: datetime) -> bool:
    """Whether its owner has left and nobody looks after the people of their firm."""
    gone = has_left(session, item, item.owner_id, now=now)
    return gone and not members.managers(session, item.alliance_id, item.owner_side_id, now=now)


def may_share(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """Whether this person may show their firm's own item to every firm."""
    if item.series_side_id != by.side.id or by.member.stated:
        return False
    owns = is_owner(session, item, by, now=now)
    return owns or by.is_manager or is_proposer(session, item, by, now=now)


def may_take_back(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> bool:
    """Whether a joint item is this person's to make their firm's own, if nobody else has a part
    in it."""
    if item.series_side_id or item.proposer_side_id != by.side.id or by.member.stated:
        return False
    return by.is_manager or is_proposer(session, item, by, now=now)


def today_of(person: Person, now: datetime) -> date:
    return members.calendar_of(person).today(now)


def check_visible(session: Session, item: ActionItem, by: Seat) -> None:
    """Raises NotFound when this person may not see the item, the words for one that isn't there."""
    if item.alliance_id != by.alliance.id or not visibility.may_see(
        session, by.member, item.audience_id
    ):
        raise NotFound("I can't find that action item any more.")


def need(
    session: Session, item: ActionItem, by: Seat, who: str, does: str, *, now: datetime
) -> None:
    check_visible(session, item, by)
    asked = is_owner if who == "owner" else is_proposer
    if not asked(session, item, by, now=now):
        person = session.get_one(Person, item.owner_id if who == "owner" else item.proposer_id)
        role = "owner" if who == "owner" else "proposer"
        raise NotAllowed(f"{person.name} is its {role} and {does}.")


def need_status(item: ActionItem, *fitting: str) -> None:
    if item.status not in fitting:
        raise Stale(f"It is {item.status} now.")


def check_may_take_part(
    session: Session, by: Seat, audience_id: int, people: tuple[Person, ...], *, now: datetime
) -> None:
    """Only who may see an item can own it, help with it, be waited for or stand in."""
    for person in people:
        seat = seat_of(session, by, person, now=now)
        if not visibility.may_see(session, seat.member, audience_id):
            if seat.side.id != by.side.id:
                raise NotAllowed(
                    f"This item is for {by.side.firm} only, and {person.name} is with "
                    f"{seat.side.firm}. Choose somebody else, or let every firm see it.",
                    field="owner",
                )
            raise NotAllowed(
                f"This item is for {by.side.firm} only, and {person.name} is not confirmed as one "
                "of its people. Choose somebody else, or let every firm see it.",
                field="owner",
            )


def seat_of(session: Session, by: Seat, person: Person, *, now: datetime) -> Seat:
    own = person.id == by.person.id
    return by if own else members.seat(session, by.alliance, person, now=now)


def check_day(day: date | None, person: Person, now: datetime, *, field: str = "due") -> None:
    today = today_of(person, now)
    if day is not None and day < today:
        raise BotError("That day is past. Choose today or later.", field=field)
    if day is not None and cadence.is_too_far(day, today):
        raise BotError(cadence.TOO_FAR, field=field)


def possible(session: Session, item: ActionItem, by: Seat, *, now: datetime) -> set[str]:
    """What this person may do with the item as it stands: names of acts."""
    if by.alliance.closed_at is not None:
        return set()
    owns = is_owner(session, item, by, now=now)
    proposed_it = is_proposer(session, item, by, now=now)
    found: set[str] = set()
    if item.status == "proposed" and owns:
        found |= {"accept", "decline", "move"}
    if item.status == "open" and owns:
        found |= {"done", "move", "wait", "help"}
        found |= set() if needs_help(item) else {"snooze"}
    if item.status in OPEN_STATES and (owns or proposed_it):
        found |= {"helper"}
    if item.status in OPEN_STATES and proposed_it:
        found |= {"edit", "move", "cancel"}
    if item.status == "declined" and proposed_it:
        found |= {"reassign", "cancel", "reopen"}
    if item.status in ("done", "cancelled") and (proposed_it or (owns and item.status == "done")):
        found |= {"reopen"}
    if item.status in OPEN_STATES and may_hand_on(session, item, by, now=now):
        found |= {"reassign"}
        if item.owner_id != by.person.id and has_left(session, item, item.owner_id, now=now):
            found |= {"take"}
    if may_share(session, item, by, now=now) and item.status in SHARED_STATES:
        found |= {"share"}
    if may_take_back(session, item, by, now=now) and item.owner_side_id == by.side.id:
        found |= {"take_back"}
    if item.suggested_due is not None and item.status in OPEN_STATES:
        by_owner = item.suggested_by != item.proposer_id
        if item.suggested_by != by.person.id and (proposed_it if by_owner else owns):
            found |= {"agree", "keep"}
    return found
