"""For a person whom no way reaches: what waits for them, as far as who forwards it may read it."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from governance import visibility
from governance.items.action_item_rules import OPEN_STATES
from governance.people import roster
from governance.people.members import Seat
from storage.tables import ActionItem, Conversation, Member, Person


def is_unreached(
    session: Session, by: Seat, member: Member, person: Person, *, now: datetime
) -> bool:
    """Whether this person is shown as unreachable to somebody: to their own firm's alliance
    managers, and to the host's while their firm does not govern itself."""
    if person.reach != "unreachable" or not by.is_manager:
        return False
    if member.side_id == by.side.id:
        return True
    itself = roster.governs_itself(session, by.alliance.id, member.side_id, now=now)
    return by.side.is_host and not itself


def waiting_for(session: Session, by: Seat, member: Member) -> list[ActionItem]:
    """What that member owns, or answers as its proposer: what both may read, soonest first."""
    theirs, readers = visibility.audiences_of(member), visibility.audiences_of(by.member)
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == by.alliance.id,
        col(ActionItem.status).in_(OPEN_STATES),
        col(ActionItem.audience_id).in_(theirs),
        col(ActionItem.audience_id).in_(readers),
        or_(
            col(ActionItem.owner_id) == member.person_id,
            (col(ActionItem.proposer_id) == member.person_id)
            & col(ActionItem.suggested_due).is_not(None),
        ),
    )
    return list(session.exec(chosen.order_by(col(ActionItem.due), col(ActionItem.id))))


def channel_for(session: Session, by: Seat, audience_id: int) -> Conversation | None:
    """Where they can answer: the first channel linked for these readers."""
    chosen = select(Conversation).where(
        Conversation.alliance_id == by.alliance.id,
        Conversation.audience_id == audience_id,
        Conversation.kind == "channel",
    )
    return session.exec(chosen.order_by(col(Conversation.id))).first()
