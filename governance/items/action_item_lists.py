"""Which action items somebody may read, and in what order."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from governance import visibility
from governance.items.action_item_rules import OPEN_STATES
from governance.people.members import Seat
from storage.tables import ActionItem, ActionItemHelper, Alliance, Member

Which = Literal["mine", "open", "overdue", "waiting"]
PAGE = 10


@dataclass(frozen=True)
class Page:
    items: list[ActionItem]
    number: int
    pages: int
    total: int


def listed(session: Session, which: Which, by: Seat, *, today: date, page: int = 1) -> Page:
    """One page of a list in an alliance, by side and due day; pages count from 1."""
    chosen = _filtered(which, by, today)
    total = session.exec(select(func.count()).select_from(chosen.subquery())).one()
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    ordered = chosen.order_by(
        col(ActionItem.owner_side_id) != by.side.id,
        col(ActionItem.owner_side_id),
        col(ActionItem.due).is_(None),
        col(ActionItem.due),
        col(ActionItem.id),
    )
    items = list(session.exec(ordered.offset((number - 1) * PAGE).limit(PAGE)))
    return Page(items, number, pages, total)


def _filtered(which: Which, by: Seat, today: date) -> SelectOfScalar[ActionItem]:
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == by.alliance.id,
        col(ActionItem.status).in_(OPEN_STATES),
        col(ActionItem.audience_id).in_(visibility.audiences_of(by.member)),
    )
    me = by.person.id
    if which == "mine":
        helping = select(ActionItemHelper.item_id).where(ActionItemHelper.person_id == me)
        return chosen.where(or_(col(ActionItem.owner_id) == me, col(ActionItem.id).in_(helping)))
    if which == "overdue":
        return chosen.where(col(ActionItem.due) < today, ActionItem.status == "open")
    if which == "waiting":
        return chosen.where(
            or_(
                col(ActionItem.owner_side_id) != by.side.id,
                (col(ActionItem.owner_id) == me) & col(ActionItem.waiting_on_id).is_not(None),
            )
        )
    return chosen


def owned_across(
    session: Session, person_id: int, *, now: datetime, limit: int, offset: int = 0
) -> tuple[list[ActionItem], int]:
    """Everything open that a person owns in all their alliances that are not closed, soonest
    first, and how many."""
    today = now.date()
    chosen = (
        select(ActionItem)
        .join(
            Member,
            (col(Member.alliance_id) == ActionItem.alliance_id)
            & (col(Member.person_id) == person_id),
        )
        .join(Alliance, col(Alliance.id) == ActionItem.alliance_id)
        .where(
            col(Alliance.closed_at).is_(None),
            ActionItem.owner_id == person_id,
            col(ActionItem.status).in_(OPEN_STATES),
            visibility.has_a_place(today),
        )
    )
    total = session.exec(select(func.count()).select_from(chosen.subquery())).one()
    ordered = chosen.order_by(
        col(ActionItem.due).is_(None), col(ActionItem.due), col(ActionItem.id)
    )
    return list(session.exec(ordered.offset(offset).limit(limit))), total
