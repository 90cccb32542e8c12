"""The first time that an action item reached a person or a place of another firm than the one it
came from. Every further time is in the item's own account (`deliveries`)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, literal
from sqlmodel import Session, col, or_, select

from governance import visibility
from governance.items.action_item_rules import RECORD
from governance.people.members import Seat
from governance.seeing.deliveries import Readers, Sighting, is_told, visible_from
from storage.tables import ActionItem, AudienceSide, Conversation, Delivery, Member, SideTeam


@dataclass(frozen=True)
class Crossing:
    item: ActionItem
    sighting: Sighting
    delivery_id: int

    @property
    def at(self) -> datetime:
        return self.sighting.first


def known_to(session: Session, by: Seat, *, limit: int) -> list[Crossing]:
    """Those of items that `by` may see, newest first."""
    anew = case((col(Delivery.person_id).is_(None), col(Delivery.conversation_id)))
    firsts = (
        select(func.min(Delivery.id))
        .join(ActionItem, col(ActionItem.id) == Delivery.record_id)
        .where(
            Delivery.record == RECORD,
            ActionItem.alliance_id == by.alliance.id,
            col(ActionItem.audience_id).in_(visibility.audiences_of(by.member)),
            or_(_to_a_person(), _to_a_place()),
        )
        .group_by(col(Delivery.record_id), col(Delivery.person_id), anew)
    )
    rows = session.exec(
        select(Delivery, ActionItem)
        .join(ActionItem, col(ActionItem.id) == Delivery.record_id)
        .where(col(Delivery.id).in_(firsts))
        .order_by(col(Delivery.id).desc())
        .limit(limit)
    )
    readers = Readers(session, by.alliance.id)
    found = [Crossing(item, readers.sighting(one), one.id) for one, item in rows]
    return [
        one
        for one in found
        if is_told(one.sighting, visible_from(session, one.item, by.member), by.member)
    ]


def _to_a_person() -> ColumnElement[bool]:
    return exists().where(
        col(Member.alliance_id) == col(ActionItem.alliance_id),
        col(Member.person_id) == col(Delivery.person_id),
        col(Member.side_id) != col(ActionItem.proposer_side_id),
    )


def _to_a_place() -> ColumnElement[bool]:
    """By the workspaces that were there, if one is not confirmed as the firm's own; where they are
    not known, by whom the channel is for."""
    there = literal(",") + col(Delivery.team_ids) + ","
    own = (
        select(func.count(col(SideTeam.id)))
        .where(
            col(SideTeam.alliance_id) == col(ActionItem.alliance_id),
            col(SideTeam.side_id) == col(ActionItem.proposer_side_id),
            col(SideTeam.stated).is_(False),
            there.contains(literal(",") + col(SideTeam.team_id) + ","),
        )
        .scalar_subquery()
    )
    all_there = func.length(there) - func.length(func.replace(there, ",", "")) - 1
    by_team = and_(col(Delivery.team_ids) != "", all_there > own)
    by_audience = exists().where(
        col(Conversation.id) == col(Delivery.conversation_id),
        col(AudienceSide.audience_id) == col(Conversation.audience_id),
        col(AudienceSide.side_id) != col(ActionItem.proposer_side_id),
    )
    unknown = and_(col(Delivery.team_ids) == "", by_audience)
    return and_(col(Delivery.person_id).is_(None), or_(by_team, unknown))
