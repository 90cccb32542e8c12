"""What is to be done with one outbox row, from the state at this moment. Reads; sends nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from governance import cadence, visibility
from governance.firms import closing
from governance.messages import attention, outbox
from governance.people import consent, departures, directory, members
from governance.seeing.export import File
from handlers import notices
from handlers.views import Message
from storage.tables import TEAMS, Alliance, Card, Conversation, Outbox, Person, Workspace

STALE = timedelta(hours=20)
"""After this a daily message is yesterday's and is not sent."""

UNDER_WAY = timedelta(seconds=2)
"""How long an edit waits while the message it is about is being sent."""


@dataclass(frozen=True)
class Cancel:
    """It is no longer true."""

    why: str


@dataclass(frozen=True)
class Refuse:
    """The gate is shut: it must not be said there. Somebody is told."""

    why: str


@dataclass(frozen=True)
class Hold:
    """It waits for the person's next daily message."""


@dataclass(frozen=True)
class Wait:
    """The person has no daily message: it waits for their next working morning."""

    until: datetime


@dataclass(frozen=True)
class LookAgain:
    """Who is in the conversation must be looked up first."""

    platform: str
    channel: str


@dataclass(frozen=True)
class Send:
    """A message to post, bring up to date, whisper, send directly, with files, or show as Home."""

    mode: Literal["post", "update", "whisper", "direct", "files", "home"]
    platform: str
    message: Message
    records: tuple[tuple[str, int], ...] = ()
    channel: str = ""
    thread: str | None = None
    ts: str = ""
    user_id: str = ""
    pin: bool = False
    unprompted: bool = False
    files: tuple[File, ...] = ()


Plan = Cancel | Refuse | Hold | Wait | LookAgain | Send


def plan(session: Session, row: Outbox, *, now: datetime) -> Plan:
    """Decide about a row and, if it is to be sent, make its message."""
    if row.kind == outbox.EDIT.name:
        return _edit(session, row, now=now)
    place = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    if row.kind == outbox.CARD.name:
        assert place is not None
        if not visibility.facts_are_fresh(place, now=now):
            return LookAgain(place.platform, place.external_id)
    person = session.get(Person, row.person_id) if row.person_id else None
    kind = outbox.KINDS[row.kind]
    if person is not None and departures.has_left(session, person, row.alliance_id, now=now):
        return Cancel(departures.LEFT)
    if _is_closed(session, row):
        return Cancel(closing.CLOSED)
    if person is not None and kind.unprompted:
        waiting = _unwelcome(session, row, person, kind, now=now)
        if waiting is not None:
            return waiting
    try:
        ready = notices.make(session, row, now=now)
    except notices.NotForHere as refused:
        return Refuse(f"not_for_here:{refused}")
    if ready is None:
        return Cancel("no longer true")
    return _address(session, row, ready, place, person)


def _unwelcome(
    session: Session, row: Outbox, person: Person, kind: outbox.Kind, *, now: datetime
) -> Plan | None:
    """Whether an unprompted message should not go out now."""
    if kind is outbox.DIGEST:
        return Cancel("the day has passed") if now - row.created_at > STALE else None
    if not kind.introduces and _is_cold(session, row, person, now=now):
        return Hold()
    if attention.verdict(session, person, kind, now=now) == "send":
        return None
    if person.reminders_on and kind.in_digest:
        return Hold()
    calendar, hour = members.calendar_of(person), members.digest_time(person)
    if not attention.OPENS <= hour < attention.CLOSES:
        hour = attention.OPENS
    return Wait(cadence.next_digest(calendar, hour, after=now))


def _is_closed(session: Session, row: Outbox) -> bool:
    """It was on its way when its alliance was closed, which cancels what waits (see `closing`)."""
    if row.alliance_id is None or row.kind in closing.GOES_ON:
        return False
    at = session.get_one(Alliance, row.alliance_id).closed_at
    return at is not None and row.created_at < at


def _is_cold(session: Session, row: Outbox, person: Person, *, now: datetime) -> bool:
    """Nobody of theirs has agreed yet that the bot writes to them about this alliance."""
    return row.alliance_id is not None and not consent.may_be_written_to(
        session, row.alliance_id, person.id, now=now
    )


def _edit(session: Session, row: Outbox, *, now: datetime) -> Plan:
    """Bring up to date what was sent before. Where nothing of it may be shown any more it is
    emptied, as is the beginning of one that never came whole; `withdrawn`: so is what is too old
    to be made anew."""
    first = session.get(Outbox, row.facts["outbox"])
    if first is not None and first.state in ("pending", "sending"):
        return Wait(max(now + UNDER_WAY, first.not_before))
    if first is None or first.ts is None or first.channel is None:
        return Cancel("there is no such message any more")
    if not first.facts and not row.facts.get("withdrawn"):
        return Cancel("too old to be made anew")
    whole = first.facts and first.state not in ("cancelled", "dead")
    ready = notices.make(session, first, now=now, again=True) if whole else None
    ready = ready or notices.emptied(session, row, now=now)
    return Send(
        "update",
        _platform_of(session, first),
        ready.message,
        ready.records,
        channel=first.channel,
        ts=first.ts,
    )


def _platform_of(session: Session, row: Outbox) -> str:
    """Where a message is, or goes: that of its reader, else that of its conversation."""
    account = outbox.account_of(row)
    if account is not None:
        return directory.platform_of(session, session.get_one(Person, account))
    return session.get_one(Conversation, row.conversation_id).platform


def _address(
    session: Session,
    row: Outbox,
    ready: notices.Ready,
    place: Conversation | None,
    person: Person | None,
) -> Plan:
    message, records = ready.message, ready.records
    platform = _platform_of(session, row)
    if row.kind == outbox.CARD.name:
        assert place is not None
        card = session.get_one(Card, row.facts["card"])
        if card.ts is not None:
            return Send("update", platform, message, records, channel=place.external_id, ts=card.ts)
        return Send(
            "post",
            platform,
            message,
            records,
            channel=place.external_id,
            thread=row.thread,
            pin=bool(row.facts.get("pin")),
        )
    assert person is not None
    account = session.get_one(Person, outbox.account_of(row))
    if row.kind == outbox.HOME.name:
        return Send("home", platform, message, records, user_id=account.user_id)
    if row.kind == outbox.ANSWER.name and place is not None and place.kind == "channel":
        if _may_whisper(session, place, account):
            return Send(
                "whisper",
                platform,
                message,
                records,
                channel=place.external_id,
                thread=row.thread,
                user_id=account.user_id,
            )
    return Send(
        "files" if ready.files else "direct",
        platform,
        message,
        records,
        files=ready.files,
        channel=account.dm_channel or "",
        user_id=account.user_id,
        thread=row.thread if place is not None and place.kind == "dm" else None,
        unprompted=outbox.KINDS[row.kind].unprompted,
    )


def _may_whisper(session: Session, place: Conversation, person: Person) -> bool:
    """On Slack, whispers to people of workspaces that have not installed the bot are not certain
    to be shown; they get a direct message. On Teams such people may have no other way."""
    home = session.get_one(Workspace, person.workspace_id)
    return home.platform == place.platform and (home.has_bot or place.platform == TEAMS)
