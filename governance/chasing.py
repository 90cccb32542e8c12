"""The daily message: who should hear what today, decided for a batch of people at a time.

A person's `next_digest_at` is the truth of the schedule. A tick claims those that are due, works
out each one's lines, marks what was told, and puts the message down, in one transaction. What was
told is kept by rung (working days past the due day), so that a bot that slept for days neither
repeats itself nor sends a backlog.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, or_, update
from sqlmodel import Session, col, select

from governance import cadence, members, outbox, visibility
from governance.cadence import WorkCalendar
from storage.queries import insert_new
from storage.tables import (
    ActionItem,
    Alliance,
    Conversation,
    Member,
    Outbox,
    Person,
    Side,
    ToldOnce,
    Workspace,
)

BATCH = 100
SOON = timedelta(days=2)
HORIZON = timedelta(days=14)
PROPOSAL_RUNGS = (0, 1, 3)
UNDATED_RUNGS = (5,)
PROPOSER_HEARS_AFTER = 3
MANAGERS_HEAR_AFTER = 5
ON_TIME = timedelta(hours=1)
NEWS_LASTS = timedelta(days=30)
"""What waited longer, while daily messages were off, is no news."""

UNREACHED_TOLD_FOR = timedelta(days=7)
UNREACHED_LOOKED_AT = 200

Rosters = dict[int, list[tuple[Member, Person, Side]]]
"""Everybody in an alliance, by its id: looked up once however many messages failed there."""

IN_THE_DAILY_MESSAGE = "in the daily message"
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
    items: dict[int, str] = field(default_factory=dict)
    news: list[dict[str, Any]] = field(default_factory=list)
    unreached: list[int] = field(default_factory=list)

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


def next_due(session: Session) -> datetime | None:
    """The next instant (UTC) at which somebody's daily message is considered."""
    chosen = select(Person.next_digest_at).where(col(Person.next_digest_at).is_not(None))
    return session.exec(chosen.order_by(col(Person.next_digest_at)).limit(1)).first()


def queue_due_digests(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Consider everybody whose daily message is due, up to `limit`; returns how many."""
    people = _due(session, now=now, limit=limit)
    if not people:
        return 0
    days = [_day(person, now) for person in people]
    _claim(session, days, now=now)
    awake = [day for day in days if _is_time(day, now=now)]
    if awake:
        _queue(session, awake, now=now)
    return len(people)


def _due(session: Session, *, now: datetime, limit: int) -> list[Person]:
    chosen = (
        select(Person)
        .where(col(Person.next_digest_at) <= now)
        .order_by(col(Person.next_digest_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(chosen))


def _day(person: Person, now: datetime) -> Day:
    calendar = members.calendar_of(person)
    today = calendar.today(now)
    return Day(person, calendar, today, _is_returning(person, today))


def _is_returning(person: Person, today: date) -> bool:
    """Whether this is their first daily message since they were away. The days away stay on
    record, since they never count on any rung."""
    if person.away_until is None or person.away_until >= today:
        return False
    return person.last_digest_on is None or person.last_digest_on <= person.away_until


def _is_time(day: Day, *, now: datetime) -> bool:
    """Not on a day off, and not hours late outside working hours (the bot may have been down)."""
    planned = day.person.next_digest_at
    assert planned is not None
    if not day.calendar.is_working(day.today) or day.person.last_digest_on == day.today:
        return False
    return now - planned < ON_TIME or cadence.is_working_hour(day.calendar, now)


def _claim(session: Session, days: list[Day], *, now: datetime) -> None:
    """Move each on to their next day. The rows are locked, or this is the only writer; the value
    seen is compared all the same, so that a mistake shows as nobody being told twice."""
    moved = [
        {
            "key": day.person.id,
            "seen": day.person.next_digest_at,
            "next": cadence.next_digest(day.calendar, members.digest_time(day.person), after=now),
        }
        for day in days
    ]
    statement = (
        update(Person)
        .where(col(Person.id) == bindparam("key"), col(Person.next_digest_at) == bindparam("seen"))
        .values(next_digest_at=bindparam("next"))
    )
    session.connection().execute(statement, moved)


def _queue(session: Session, days: list[Day], *, now: datetime) -> None:
    told = Told()
    by_id = {day.person.id: day for day in days}
    _own_items(session, by_id, told, now=now)
    _stand_ins(session, by_id, told, now=now)
    _proposals(session, by_id, told, now=now)
    _teams(session, by_id, told, now=now)
    _unreached(session, by_id, told, now=now)
    held = _held(session, by_id, now=now)
    _store(session, days, told, held, now=now)


def _own_items(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
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


def _stand_ins(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
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
        near = item.due is not None and item.due <= day.today + SOON
        if members.is_away(owner, now=now) and (near or item.status == "proposed"):
            _add_once(session, day, told, "stand_in", item.id)


def _proposals(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
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
        if item.suggested_due is not None:
            if _is_with_proposer(item):
                _add_once(session, day, told, "decide", item.id, item.suggested_due.isoformat())
        elif day.calendar.working_days_after(item.since, day.today) >= PROPOSER_HEARS_AFTER:
            _add_once(session, day, told, "unanswered", item.id, item.since.isoformat())


def _teams(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """What an alliance manager hears, privately: their own side's items five working days late,
    and proposals that either firm has left unanswered for five."""
    managed = session.exec(
        select(Member, Alliance)
        .join(Alliance, col(Alliance.id) == Member.alliance_id)
        .where(
            col(Member.person_id).in_(days),
            Member.role == "manager",
            or_(col(Member.until).is_(None), col(Member.until) > now.date()),
        )
    )
    for member, alliance in list(managed):
        day = days[member.person_id]
        for item, owner in _late_items(session, day, member, alliance, now=now):
            late = _days_late(item, members.calendar_of(owner), day.today)
            if late >= alliance.manager_rung:
                day.add("team_late", item.id)
                told.say_once(day, "action_item", item.id, _late_reason(item))
        for item in _unanswered(session, member, now=now):
            waited = day.calendar.working_days_after(item.since, day.today)
            if waited >= MANAGERS_HEAR_AFTER:
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


def _unanswered(session: Session, member: Member, *, now: datetime) -> list[ActionItem]:
    """Proposals that the manager's own side waits for, or keeps waiting."""
    chosen = select(ActionItem).where(
        ActionItem.alliance_id == member.alliance_id,
        ActionItem.status == "proposed",
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


def _unreached(session: Session, days: dict[int, Day], told: Told, *, now: datetime) -> None:
    """Messages that could not be delivered, for the alliance managers who can do something."""
    once: set[tuple[int, str, int, str]] = set()
    rosters: Rosters = {}
    for row in _dead(session, days, now=now):
        mark = _unreached_mark(row)
        for manager_id in _who_can_help(session, row, rosters, now=now):
            day, key = days.get(manager_id), (manager_id, *mark)
            if day is None or day.person.id == row.person_id or key in once:
                continue
            if session.get(ToldOnce, key) is None:
                once.add(key)
                day.unreached.append(row.id)
                told.say_once(day, *mark)


def _dead(session: Session, days: dict[int, Day], *, now: datetime) -> list[Outbox]:
    """The latest that failed in the alliances these people manage, oldest first."""
    managed = list(
        session.exec(
            select(Member.alliance_id)
            .where(col(Member.person_id).in_(days), Member.role == "manager")
            .distinct()
        )
    )
    if not managed:
        return []
    chosen = select(Outbox).where(
        Outbox.state == "dead",
        col(Outbox.finished_at) > now - UNREACHED_TOLD_FOR,
        or_(col(Outbox.alliance_id).is_(None), col(Outbox.alliance_id).in_(managed)),
    )
    latest = chosen.order_by(col(Outbox.finished_at).desc()).limit(UNREACHED_LOOKED_AT)
    return list(session.exec(latest))[::-1]


def _unreached_mark(row: Outbox) -> tuple[str, int, str]:
    """Each message once; somebody's daily messages, which fail every day alike, once a week."""
    if row.kind == outbox.DIGEST.name and row.person_id and row.finished_at:
        year, week, _ = row.finished_at.isocalendar()
        return "person", row.person_id, f"unreached:{year}-{week}"
    return "outbox", row.id, "unreached"


def _who_can_help(session: Session, row: Outbox, rosters: Rosters, *, now: datetime) -> list[int]:
    """The recipient's own alliance managers, or the host's where there are none."""
    if row.alliance_id is not None:
        return _managers_for(session, row, row.alliance_id, rosters, now=now)
    if row.person_id is None:
        return []
    theirs = visibility.alliances_of(session, row.person_id, now=now)
    found = [_managers_for(session, row, alliance.id, rosters, now=now) for alliance in theirs]
    return list(dict.fromkeys(person_id for managers in found for person_id in managers))


def _managers_for(
    session: Session, row: Outbox, alliance_id: int, rosters: Rosters, *, now: datetime
) -> list[int]:
    if alliance_id not in rosters:
        rosters[alliance_id] = members.members(session, alliance_id, now=now)
    everyone = rosters[alliance_id]
    home = {member.side_id for member, person, _ in everyone if person.id == row.person_id}
    place = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    if not home and place is not None and place.audience_id is not None:
        meant = visibility.sides_of(session, place.audience_id)
        home = set(meant) if len(meant) == 1 else set()
    own = [p.id for m, p, _ in everyone if m.role == "manager" and m.side_id in home]
    host = [p.id for m, p, side in everyone if m.role == "manager" and side.is_host]
    return own or ([] if _is_own_side(session, row) else host)


def _is_own_side(session: Session, row: Outbox) -> bool:
    """Whether it was about one firm's own item, which is nobody else's to hear of."""
    item = session.get(ActionItem, row.facts.get("item", 0))
    return item is not None and item.series_side_id != 0


def _held(session: Session, days: dict[int, Day], *, now: datetime) -> list[Outbox]:
    """What waited for this message: news, and questions that came when they were not to be
    disturbed."""
    rows = [
        row
        for row in outbox.held_for(session, list(days))
        if row.person_id is not None and days[row.person_id].person.reminders_on
    ]
    for row in rows:
        assert row.person_id is not None
        day = days[row.person_id]
        if row.kind == outbox.DECIDE.name:
            _add_held(session, day, row.facts["item"])
        elif now - row.created_at < NEWS_LASTS:
            day.news.append(dict(row.facts))
    return rows


def _add_held(session: Session, day: Day, item_id: int) -> None:
    """What a colleague recorded for them is theirs already; anything else wants an answer."""
    item = session.get_one(ActionItem, item_id)
    is_theirs = item.status == "open" and item.suggested_due is None
    day.add("new" if is_theirs else "decide", item_id)


def _store(
    session: Session, days: list[Day], told: Told, held: list[Outbox], *, now: datetime
) -> None:
    speaking = [day for day in days if day.has_lines and day.person.reminders_on]
    homes = _installations(session, speaking)
    outbox.put_many(session, [_row(day, homes, now=now) for day in speaking])
    heard = {day.person.id for day in speaking}
    connection = session.connection()
    rungs = [row for row in told.rungs if row["owner"] in heard]
    if rungs:
        connection.execute(MARK_TOLD, rungs)
    if told.agenda:
        marked = update(ActionItem).where(col(ActionItem.id) == bindparam("key"))
        connection.execute(marked.values(agenda_on=bindparam("on")), told.agenda)
    once = [row for row in told.once if row["person_id"] in heard]
    insert_new(session, ToldOnce, once, unique=["person_id", "record", "record_id", "reason"])
    _finish_people(session, [day for day in days if day.person.id in heard or day.returning])
    for row in held:
        row.state, row.finished_at, row.error = "cancelled", now, IN_THE_DAILY_MESSAGE
        session.add(row)


MARK_TOLD = (
    update(ActionItem)
    .where(
        col(ActionItem.id) == bindparam("key"),
        col(ActionItem.owner_id) == bindparam("owner"),
        col(ActionItem.told_rung) == bindparam("seen"),
        col(ActionItem.snoozed_until).is_not_distinct_from(bindparam("snooze")),
        col(ActionItem.due).is_not_distinct_from(bindparam("day")),
    )
    .values(told_rung=bindparam("rung"), snoozed_until=None)
)


def _finish_people(session: Session, days: list[Day]) -> None:
    """Their message for today is made, or there was nothing to say on the day they came back."""
    rows = [{"key": day.person.id, "day": day.today} for day in days]
    if rows:
        statement = update(Person).where(col(Person.id) == bindparam("key"))
        session.connection().execute(statement.values(last_digest_on=bindparam("day")), rows)
    back = [{"key": day.person.id} for day in days if day.returning]
    if back:
        statement = update(Person).where(col(Person.id) == bindparam("key"))
        session.connection().execute(statement.values(stand_in_id=None), back)


def _installations(session: Session, days: list[Day]) -> dict[int, int]:
    """The installation of each of these people's workspaces."""
    ids = {day.person.workspace_id for day in days}
    chosen = select(Workspace.id, Workspace.installation_id).where(col(Workspace.id).in_(ids))
    return dict(session.exec(chosen).all())


def _row(day: Day, homes: dict[int, int], *, now: datetime) -> dict[str, Any]:
    sections: dict[str, list[int]] = defaultdict(list)
    for item_id, section in day.items.items():
        sections[section].append(item_id)
    facts = {
        "day": day.today.isoformat(),
        "sections": [[name, sections[name]] for name in SECTIONS if sections.get(name)],
        "news": day.news,
        "unreached": day.unreached,
        "returning": day.returning,
    }
    return outbox.row(
        outbox.DIGEST,
        facts,
        key=f"digest:{day.person.id}:{day.today.isoformat()}",
        installation_id=homes[day.person.workspace_id],
        person_id=day.person.id,
        now=now,
    )
