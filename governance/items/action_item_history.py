"""What happened to an action item, for one firm's people. Whoever shows its history asks here."""

from sqlmodel import Session, col, select

from governance import history
from governance.items.action_item_rules import RECORD
from storage.tables import ActionItem, HistoryEntry, Member

OWN_FIRMS = ("snoozed", "asked_help")
"""That somebody wants quiet or a hand is their own firm's to know."""


NO_FIRM = 0


def read_by_member(session: Session, item: ActionItem, member: Member) -> list[HistoryEntry]:
    """The same for one of them: who only says that they are of a firm reads nothing of its own."""
    return read_by(session, item, NO_FIRM if member.stated else member.side_id)


def read_by(session: Session, item: ActionItem, side_id: int) -> list[HistoryEntry]:
    """The account of an item as people of a side may read it, oldest first: all of it at the firm
    whose own it was, and elsewhere from when it was shared, without what it was before."""
    entries = history.of(session, RECORD, item.id)
    if item.history_from and side_id != item.proposer_side_id:
        entries = [_without_before(one) for one in entries if one.id >= item.history_from]
    if not any(one.what in OWN_FIRMS for one in entries):
        return entries
    own = _people_of(session, side_id)
    return [one for one in entries if one.what not in OWN_FIRMS or one.person_id in own]


def _without_before(entry: HistoryEntry) -> HistoryEntry:
    """A copy that belongs to no session."""
    return HistoryEntry(**entry.model_dump() | {"before": {}})


def _people_of(session: Session, side_id: int) -> set[int]:
    return set(session.exec(select(Member.person_id).where(col(Member.side_id) == side_id)))
