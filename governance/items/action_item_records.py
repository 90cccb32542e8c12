"""Finding action items, numbering them, and keeping what was changed with its history."""

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from governance import history, visibility
from governance.errors import NotFound
from governance.items.action_item_news import tell_changed
from governance.items.action_item_rules import RECORD, check_visible
from governance.people.members import Seat
from storage.tables import ActionItem, ActionItemHelper, Alliance, HistoryEntry, Side


def captured_from(
    session: Session, by: Seat, channel: str, ts: str, *, alone: bool = False
) -> ActionItem | None:
    """The first item made from this message that this person may see. `alone`: until this
    transaction ends, nobody else captures anything in the alliance."""
    if alone:
        session.exec(select(Alliance.id).where(Alliance.id == by.alliance.id).with_for_update())
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == by.alliance.id,
        ActionItem.source_channel == channel,
        ActionItem.source_ts == ts,
        col(ActionItem.status) != "cancelled",
        col(ActionItem.audience_id).in_(visibility.audiences_of(by.member)),
    )
    return session.exec(chosen.order_by(col(ActionItem.id))).first()


def by_token(session: Session, token: str) -> ActionItem:
    """The item behind a button, locked for a change. Raises NotFound."""
    item = session.exec(
        select(ActionItem).where(ActionItem.token == token).with_for_update()
    ).one_or_none()
    if item is None:
        raise NotFound("I can't find that action item any more.")
    return item


def by_reference(session: Session, by: Seat, reference: str) -> ActionItem:
    """The item called HEL-12, or OUR-3 for one's own firm's, now or once. Raises NotFound, which
    says the same for what isn't there and for what this person may not see."""
    code, _, number = reference.upper().partition("-")
    series = {by.alliance.code: 0, "OUR": by.side.id}.get(code)
    missing = NotFound(f"I can't find {reference.upper()}. `mine` lists your action items.")
    if series is None or not number.isdecimal() or len(number) > 9:
        raise missing
    readable = select(ActionItem).where(
        ActionItem.alliance_id == by.alliance.id,
        col(ActionItem.audience_id).in_(visibility.audiences_of(by.member)),
    )
    called_so = (ActionItem.series_side_id == series, ActionItem.number == int(number))
    item = session.exec(readable.where(*called_so).with_for_update()).one_or_none()
    if item is None:
        formerly = col(ActionItem.id).in_(_once_called(by.alliance.id, series, int(number)))
        item = session.exec(readable.where(formerly).with_for_update()).one_or_none()
    if item is None:
        raise missing
    return item


def _once_called(alliance_id: int, series: int, number: int) -> SelectOfScalar[int]:
    """The item that had this number before it was shared or taken back."""
    return select(HistoryEntry.record_id).where(
        HistoryEntry.alliance_id == alliance_id,
        HistoryEntry.record == RECORD,
        col(HistoryEntry.what).in_(("shared", "taken_back")),
        col(HistoryEntry.before)["series"].as_integer() == series,
        col(HistoryEntry.before)["number"].as_integer() == number,
    )


def reference(item: ActionItem, alliance: Alliance) -> str:
    """HEL-12 for a joint item; OUR-3 for one firm's own, counted apart so that no gap tells."""
    return _named(item.series_side_id, item.number, alliance)


def reference_at(session: Session, item: ActionItem, alliance: Alliance, at: datetime) -> str:
    """What it was called then, and what it is called now where that differs: HEL-1 (now OUR-2)."""
    now = reference(item, alliance)
    moves = [e for e in history.of(session, RECORD, item.id) if e.what in MOVES and e.at > at]
    if not moves:
        return now
    then = _named(moves[0].before["series"], moves[0].before["number"], alliance)
    return then if then == now else f"{then} (now {now})"


MOVES = ("shared", "taken_back")
"""What gives an item another number."""


def _named(series: int, number: int, alliance: Alliance) -> str:
    return f"{'OUR' if series else alliance.code}-{number}"


def helpers(session: Session, item: ActionItem) -> list[int]:
    chosen = select(ActionItemHelper.person_id).where(ActionItemHelper.item_id == item.id)
    return list(session.exec(chosen.order_by(col(ActionItemHelper.person_id))))


def next_number(session: Session, alliance: Alliance, series: int) -> int:
    bumped = session.connection().execute(
        _bump(Side if series else Alliance), {"key": series or alliance.id}
    )
    return int(bumped.scalar_one()) - 1


@cache
def _bump(table: Any) -> ReturningUpdate[Any]:
    changed = update(table).where(table.id == bindparam("key"))
    return changed.values(next_number=table.next_number + 1).returning(table.next_number)


def save(
    session: Session,
    item: ActionItem,
    what: str,
    by: Seat,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    check_visible(session, item, by)
    session.add(item)
    note(session, item, what, by, now, before, after)
    tell_changed(session, item, now=now)


def note(
    session: Session,
    item: ActionItem,
    what: str,
    by: Seat,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    history.note(
        session,
        alliance_id=item.alliance_id,
        record=RECORD,
        record_id=item.id,
        what=what,
        by=by.person.id,
        now=now,
        before=before,
        after=after,
    )


def drop_helper(session: Session, item: ActionItem, person_id: int) -> None:
    row = session.get(ActionItemHelper, (item.id, person_id))
    if row is not None:
        session.delete(row)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
