"""The daily message: who should hear what today, decided for a batch of people at a time.

A person's `next_digest_at` is the truth of the schedule. A tick claims those that are due, works
out each one's lines, marks what was told, and puts the message down, in one transaction. What was
told is kept by rung (working days past the due day), so that a bot that slept for days neither
repeats itself nor sends a backlog.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from governance import cadence
from governance.messages import outbox
from governance.messages.daily_lines import (
    BATCH,
    SECTIONS,
    Day,
    Told,
    own_items,
    proposals,
    stand_ins,
    teams,
)
from governance.messages.unreached import unreached
from governance.people import consent, members
from governance.people.assumed import assumed
from governance.sponsors.lines import sponsors
from storage.queries import insert_new
from storage.tables import (
    ActionItem,
    Outbox,
    Person,
    ToldOnce,
    Workspace,
)

ON_TIME = timedelta(hours=1)
NEWS_LASTS = timedelta(days=30)
"""What waited longer, while daily messages were off, is no news."""
IN_THE_DAILY_MESSAGE = "in the daily message"


def next_due(session: Session) -> datetime | None:
    """The next instant (UTC) at which somebody's daily message is considered."""
    chosen = select(Person.next_digest_at).where(col(Person.next_digest_at).is_not(None))
    return session.exec(chosen.order_by(col(Person.next_digest_at)).limit(1)).first()


def queue_due_digests(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Consider everybody whose daily message is due, up to `limit`; returns how many."""
    people = _due(session, now=now, limit=limit)
    if not people:
        return 0
    quiet = consent.quiet_alliances(session, [person.id for person in people], now=now)
    days = [_day(person, now, quiet.get(person.id, frozenset())) for person in people]
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


def _day(person: Person, now: datetime, quiet: frozenset[int]) -> Day:
    calendar = members.calendar_of(person)
    today = calendar.today(now)
    return Day(person, calendar, today, _is_returning(person, today), quiet)


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
    own_items(session, by_id, told, now=now)
    stand_ins(session, by_id, told, now=now)
    proposals(session, by_id, told, now=now)
    teams(session, by_id, told, now=now)
    unreached(session, by_id, told, now=now)
    sponsors(session, by_id, told, now=now)
    held = _held(session, by_id, now=now)
    assumed(session, by_id, told)
    _store(session, days, told, held, now=now)


def _held(session: Session, days: dict[int, Day], *, now: datetime) -> list[Outbox]:
    """What waited for this message: news, and questions that came when they were not to be
    disturbed. What has no line in it waited for a yes from their firm, and goes out by itself."""
    waited = [
        row
        for row in outbox.held_for(session, list(days))
        if row.person_id is not None and row.alliance_id not in days[row.person_id].quiet
    ]
    rows = [row for row in waited if _is_a_line(days[row.person_id or 0], row)]
    for row in waited:
        if _goes_by_itself(days[row.person_id or 0], row):
            outbox.release(session, row, now=now)
    for row in rows:
        assert row.person_id is not None
        day = days[row.person_id]
        if row.kind == outbox.DECIDE.name:
            _add_held(session, day, row.facts["item"])
        elif now - row.created_at < NEWS_LASTS:
            day.news.append(dict(row.facts))
    return rows


def _is_a_line(day: Day, row: Outbox) -> bool:
    return day.person.reminders_on and outbox.KINDS[row.kind].in_digest


def _goes_by_itself(day: Day, row: Outbox) -> bool:
    """What has no line in the daily message, and a question for who has switched that off."""
    asks = row.kind == outbox.DECIDE.name and not day.person.reminders_on
    return asks or not outbox.KINDS[row.kind].in_digest


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
        "assumed": day.assumed,
    }
    return outbox.row(
        outbox.DIGEST,
        facts,
        key=f"digest:{day.person.id}:{day.today.isoformat()}",
        installation_id=homes[day.person.workspace_id],
        person_id=day.person.id,
        now=now,
    )
