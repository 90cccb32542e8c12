"""What there is to tell somebody today: the lines of the daily message, found for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from governance import cadence, visibility
from governance.cadence import WorkCalendar
from governance.people import members
from storage.tables import (
    ActionItem,
    Alliance,
    Member,
    Person,
    ToldOnce,
)

BATCH = 100

SOON = timedelta(days=2)
HORIZON = timedelta(days=14)
PROPOSAL_RUNGS = (0, 1, 3)
UNDATED_RUNGS = (5,)
PROPOSER_HEARS_AFTER = 3
MANAGERS_HEAR_AFTER = 5
COMING, NEVER_TOLD = -1, -2
SECTIONS = (
    "accept",
    "decide",
    "new",
    "today",
    "overdue",
    "soon",
    "stand_in",
    "undated",
    "unanswered",
    "team_late",
    "team_unanswered",
    "news",
    "unreached",
)
"""In the order they are read."""


@dataclass
class Day:
    """One person's day: who they are, what today is for them, and the lines found for them."""

    person: Person
    calendar: WorkCalendar
    today: date
    returning: bool
    quiet: frozenset[int] = frozenset()
    """Alliances of which nothing is said to them unasked; see `consent`."""
    items: dict[int, str] = field(default_factory=dict)
    news: list[dict[str, Any]] = field(default_factory=list)
    unreached: list[int] = field(default_factory=list)
    assumed: bool = False
    """They are told where they are taken to be."""

    def add(self, section: str, item_id: int) -> None:
        self.items.setdefault(item_id, section)

    @property
    def has_lines(self) -> bool:
        return bool(self.items or self.news or self.unreached)


@dataclass
class Told:
    """What a batch marks as told."""

    rungs: list[dict[str, Any]] = field(default_factory=list)
    once: list[dict[str, Any]] = field(default_factory=list)
    agenda: list[dict[str, Any]] = field(default_factory=list)

    def say_once(self, day: Day, record: str, record_id: int, reason: str) -> None:
        self.once.append(
            {
                "person_id": day.person.id,
                "record": record,
                "record_id": record_id,
                "reason": reason,
                "on": day.today,
            }
        )


def own_items(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """What is to accept, coming, due today or past its day, each on its rung days only."""
    rows = session.exec(
        select(ActionItem, Alliance.owner_rungs, Alliance.agenda_rung)
        .join(Alliance, col(Alliance.id) == ActionItem.alliance_id)
        .where(
            col(ActionItem.owner_id).in_(days),
            col(ActionItem.status).in_(("open", "proposed")),
            or_(
                col(ActionItem.due).is_(None),
                col(ActionItem.due) <= now.date() + HORIZON,
                col(ActionItem.status) == "proposed",
                col(ActionItem.snoozed_until).is_not(None),
            ),
        )
        .order_by(col(ActionItem.due), col(ActionItem.id))
    )
    for item, rungs, agenda_rung in rows:
        day = days[item.owner_id]
        if item.alliance_id in day.quiet:
            continue
        found = _section(item, day, tuple(int(r) for r in rungs.split(",")))
        if found is not None:
            section, rung = found
            day.add(section, item.id)
            told.rungs.append(_told(item, rung))
        if _is_for_agenda(item, day, agenda_rung):
            told.agenda.append({"key": item.id, "on": day.today})


def _told(item: ActionItem, rung: int) -> dict[str, Any]:
    """The rung to mark, and what was seen: a press meanwhile must not be undone by the mark."""
    return {
        "owner": item.owner_id,
        "key": item.id,
        "rung": rung,
        "seen": item.told_rung,
        "snooze": item.snoozed_until,
        "day": item.due,
    }


def _section(item: ActionItem, day: Day, rungs: tuple[int, ...]) -> tuple[str, int] | None:
    """Where an item stands today and its rung, or None when there is nothing to say of it."""
    if item.status == "proposed" and _is_with_proposer(item):
        return None
    if item.snoozed_until is not None and item.snoozed_until > day.today:
        return None
    section, rung = _standing(item, day, rungs)
    if item.snoozed_until is not None:
        return section, item.told_rung if rung is None else rung
    if rung is None:
        return None
    again = day.returning and section != "undated"
    return (section, rung) if again or rung > item.told_rung else None


def _is_with_proposer(item: ActionItem) -> bool:
    """The owner has suggested another date: it is the proposer's turn."""
    return item.suggested_due is not None and item.suggested_by != item.proposer_id


def _standing(item: ActionItem, day: Day, rungs: tuple[int, ...]) -> tuple[str, int | None]:
    passed = day.calendar.working_days_after
    if item.status == "proposed":
        waited = passed(item.since, day.today)
        return "accept", cadence.rung(waited, PROPOSAL_RUNGS, cadence.WEEKLY)
    if item.due is None:
        waited = passed(item.since, day.today)
        return "undated", cadence.rung(waited, UNDATED_RUNGS, cadence.WEEKLY)
    if item.due > day.today:
        return "soon", COMING if _is_soon(item.due, day) else None
    if item.due == day.today:
        return "today", 0
    late = _days_late(item, day.calendar, day.today)
    return "overdue", cadence.rung(late, rungs, cadence.WEEKLY)


def _is_soon(due: date, day: Day) -> bool:
    """Within two days, or before there is another working day to say it on."""
    if due <= day.today + SOON:
        return True
    return day.calendar.on_or_after(day.today + timedelta(days=1)) >= due


def _is_for_agenda(item: ActionItem, day: Day, agenda_rung: int) -> bool:
    if item.status != "open" or item.due is None or item.agenda_on or item.series_side_id:
        return False
    return _days_late(item, day.calendar, day.today) >= agenda_rung


def _days_late(item: ActionItem, calendar: WorkCalendar, today: date) -> int:
    """Working days since the due day, or since it was accepted where that came later: nobody is
    late with what they had not promised."""
    return calendar.working_days_after(max(item.due or today, item.since), today)


def stand_ins(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """Items of people who are away, for who stands in for them: once, when they come due or wait
    for an answer."""
    rows = session.exec(
        select(ActionItem, Person)
        .join(Person, col(Person.id) == ActionItem.owner_id)
        .where(
            col(Person.stand_in_id).in_(days),
            or_(
                col(ActionItem.status) == "proposed",
                (col(ActionItem.status) == "open") & (col(ActionItem.due) <= now.date() + HORIZON),
            ),
        )
    )
    for item, owner in rows:
        assert owner.stand_in_id is not None
        day = days[owner.stand_in_id]
        if item.alliance_id in day.quiet:
            continue
        near = item.due is not None and item.due <= day.today + SOON
        if members.is_away(owner, now=now) and (near or item.status == "proposed"):
            _add_once(session, day, told, "stand_in", item.id)


def proposals(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """What a proposer has had no answer to for three of their working days, and what waits for
    their own answer."""
    rows = session.exec(
        select(ActionItem).where(
            col(ActionItem.proposer_id).in_(days),
            or_(col(ActionItem.status) == "proposed", col(ActionItem.suggested_due).is_not(None)),
            col(ActionItem.status).in_(("open", "proposed")),
        )
    )
    for item in rows:
        day = days[item.proposer_id]
        if item.alliance_id in day.quiet:
            continue
        if item.suggested_due is not None:
            if _is_with_proposer(item):
                _add_once(session, day, told, "decide", item.id, item.suggested_due.isoformat())
        elif _unanswered_for(session, item, day) >= PROPOSER_HEARS_AFTER:
            _add_once(session, day, told, "unanswered", item.id, item.since.isoformat())


def teams(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """What an alliance manager hears, privately: their own side's items five working days late,
    and proposals that either firm has left unanswered for five."""
    managed = session.exec(
        select(Member, Alliance)
        .join(Alliance, col(Alliance.id) == Member.alliance_id)
        .where(
            col(Member.person_id).in_(days),
            Member.role == "manager",
            visibility.has_a_place(now.date()),
        )
    )
    for member, alliance in list(managed):
        day = days[member.person_id]
        if alliance.id in day.quiet:
            continue
        for item, owner in _late_items(session, day, member, alliance, now=now):
            late = _days_late(item, members.calendar_of(owner), day.today)
            if late >= alliance.manager_rung:
                day.add("team_late", item.id)
                told.say_once(day, "action_item", item.id, _late_reason(item))
        for item in _unanswered(session, member, now=now):
            if _unanswered_for(session, item, day) >= MANAGERS_HEAR_AFTER:
                _add_once(session, day, told, "team_unanswered", item.id, item.since.isoformat())


def _late_reason(item: ActionItem) -> str:
    return f"team_late:{item.due.isoformat() if item.due else ''}"


def _late_items(
    session: Session, day: Day, member: Member, alliance: Alliance, *, now: datetime
) -> Iterable[tuple[ActionItem, Person]]:
    told = exists().where(
        col(ToldOnce.person_id) == day.person.id,
        col(ToldOnce.record) == "action_item",
        col(ToldOnce.record_id) == ActionItem.id,
        col(ToldOnce.reason).startswith("team_late"),
        col(ToldOnce.on) >= ActionItem.due,
    )
    chosen = (
        select(ActionItem, Person)
        .join(Person, col(Person.id) == ActionItem.owner_id)
        .where(
            ActionItem.owner_side_id == member.side_id,
            ActionItem.status == "open",
            col(ActionItem.due) <= now.date() - timedelta(days=alliance.manager_rung),
            col(ActionItem.owner_id) != day.person.id,
            ~told,
        )
        .order_by(col(ActionItem.due), col(ActionItem.id))
        .limit(BATCH)
    )
    return session.exec(chosen)


def _unanswered_for(session: Session, item: ActionItem, day: Day) -> int:
    """Working days without an answer, of the reader and of the owner alike: while the owner is
    away nobody waits in vain."""
    owner = members.calendar_of(session.get_one(Person, item.owner_id))
    calendars = (day.calendar, owner)
    return min(calendar.working_days_after(item.since, day.today) for calendar in calendars)


def _unanswered(session: Session, member: Member, *, now: datetime) -> list[ActionItem]:
    """Proposals that the manager's own side waits for, or keeps waiting; those for the manager
    are among their own lines."""
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == member.alliance_id,
        ActionItem.status == "proposed",
        ActionItem.owner_id != member.person_id,
        or_(
            col(ActionItem.owner_side_id) == member.side_id,
            col(ActionItem.proposer_side_id) == member.side_id,
        ),
        ActionItem.series_side_id == 0,
        col(ActionItem.suggested_due).is_(None),
        col(ActionItem.since) <= now.date() - timedelta(days=MANAGERS_HEAR_AFTER),
    )
    return list(session.exec(chosen))


def _add_once(
    session: Session, day: Day, told: Told, section: str, item_id: int, mark: str = ""
) -> None:
    reason = f"{section}:{mark}"
    if session.get(ToldOnce, (day.person.id, "action_item", item_id, reason)) is None:
        day.add(section, item_id)
        told.say_once(day, "action_item", item_id, reason)
