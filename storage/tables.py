"""Everything that is kept. Instants are aware UTC; days are local dates of whoever they concern.

Every alliance belongs to the installation that hosts it; every person and conversation to a
workspace known to that installation. A query starts from one of them, so that one deployment can
serve several firms without one seeing another's records.
"""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


def new_token() -> str:
    """A random name for a record that may be shown to anybody: it tells nothing."""
    return secrets.token_urlsafe(12)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


SLACK, TEAMS = "slack", "teams"


class Installation(SQLModel, table=True):
    """The home of a deployment: the workspace, or tenant, that hosts its alliances."""

    __table_args__ = (UniqueConstraint("platform", "team_id", name="uq_installation_team"),)
    id: int = Field(default=None, primary_key=True)
    platform: str
    team_id: str
    name: str
    bot_user_id: str
    installed_at: datetime
    seal_key: str = Field(default_factory=new_secret)
    """What the bot puts into cards is sealed with it, where a platform does not see to that."""


class Workspace(SQLModel, table=True):
    """A Slack workspace or Teams tenant whose people an installation has met: its own, or a
    partner's."""

    __table_args__ = (
        UniqueConstraint("installation_id", "team_id", name="uq_workspace_team"),
        one_of("platform", SLACK, TEAMS),
    )
    id: int = Field(default=None, primary_key=True)
    installation_id: int = Field(foreign_key="installation.id")
    platform: str = SLACK
    team_id: str
    name: str | None = None
    has_bot: bool = False
    """The bot is installed there; a partner's people may meet it in a shared channel only."""


class Person(SQLModel, table=True):
    """Somebody on a chat platform, with how they like to be reminded."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id", name="uq_person_user"),
        one_of("standing", "full", "guest", "bot"),
        one_of("reach", "unknown", "reached", "unreachable"),
    )
    id: int = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    user_id: str
    account: str | None = None
    """How the platform addresses them, where that is not their id."""
    joined_to_id: int | None = Field(default=None, foreign_key="person.id")
    """The account, perhaps on another platform, as which they take part; both confirmed it."""
    name: str
    title: str = ""
    zone: str
    zone_assumed: bool = False
    platform_zone: str | None = None
    country: str | None = None
    standing: str = "full"
    facts_at: datetime
    dm_channel: str | None = None
    reach: str = "unknown"
    reminders_on: bool = True
    digest_minute: int = 510
    digest_weekdays: str = "01234"
    away_from: date | None = None
    away_until: date | None = None
    past_absences: str = ""
    """Absences that are over and were followed by another, as first/last,first/last."""
    stand_in_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    next_digest_at: datetime | None = Field(default=None, index=True)
    last_digest_on: date | None = None
    uses_home: bool = False
    gone_at: datetime | None = None
    """When the platform said that their account is closed."""


class Alliance(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("installation_id", "code", name="uq_alliance_code"),
        one_of("tier", "linear", "co-operative", "collaborative", "interdependent", "integrated"),
        one_of("sponsor_mode", "calm", "until_they_connect", "always"),
    )
    id: int = Field(default=None, primary_key=True)
    installation_id: int = Field(foreign_key="installation.id")
    name: str
    code: str
    zone: str
    tier: str = "collaborative"
    purpose: str = ""
    next_number: int = 1
    owner_rungs: str = "0,1,3"
    manager_rung: int = 5
    agenda_rung: int = 10
    sponsor_weekday: int = 1
    sponsor_minute: int = 510
    sponsor_months: int | None = None
    """Between two talks of a pair of sponsors; none: as its tier has it, 0: when something
    happens."""
    sponsor_mode: str = "calm"
    set_up_by: int = Field(foreign_key="person.id")
    set_up_at: datetime
    closed_at: datetime | None = None
    """Since then nothing is recorded or reminded of; everything stays readable."""


class Side(SQLModel, table=True):
    """One firm of an alliance. `zone` and `country` are taken for people of whom neither is known.

    `checked_at`: its alliance manager has looked at who is on it; until then only those of its
    people who act themselves are written to. `private_since`: it keeps records of its own, now
    that its alliance manager has read who stores them.
    """

    id: int = Field(default=None, primary_key=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    firm: str
    position: int
    is_host: bool = False
    next_number: int = 1
    zone: str | None = None
    country: str | None = None
    checked_at: datetime | None = None
    checked_by: int | None = Field(default=None, foreign_key="person.id")
    private_since: datetime | None = None
    private_by: int | None = Field(default=None, foreign_key="person.id")
    sponsor_welcome: str = ""
    """What its sponsors are told is expected of them, in its own words; empty: in the bot's."""
    seat_empty_since: date | None = None
    """Since when no sponsor has been on it; none while there is one."""


class SideTeam(SQLModel, table=True):
    """A chat workspace in which a side's people live.

    `stated`: it came in with a code of the side (`invitation_id`), and no alliance manager of the
    side has confirmed yet that it is theirs. `place_id`: the channel that becomes the firm's own
    then.
    """

    __table_args__ = (UniqueConstraint("alliance_id", "team_id", name="uq_side_team"),)
    id: int = Field(default=None, primary_key=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    side_id: int = Field(foreign_key="side.id")
    team_id: str
    stated: bool = False
    invitation_id: int | None = Field(default=None, foreign_key="invitation.id")
    place_id: int | None = Field(default=None, foreign_key="conversation.id")


class FormerTeam(SQLModel, table=True):
    """A workspace that an alliance manager of a side took out of it again: its people can't say of
    themselves that they are of that firm. Until `until`, what they were shown was shown as to it.
    """

    id: int = Field(default=None, primary_key=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    side_id: int = Field(foreign_key="side.id")
    team_id: str
    invitation_id: int = Field(foreign_key="invitation.id")
    until: datetime


class Audience(SQLModel, table=True):
    """The set of sides that may see a record; restricted: only their sponsors and managers."""

    __table_args__ = (UniqueConstraint("alliance_id", "name", name="uq_audience_name"),)
    id: int = Field(default=None, primary_key=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    name: str
    restricted: bool = False


class AudienceSide(SQLModel, table=True):
    audience_id: int = Field(foreign_key="audience.id", primary_key=True)
    side_id: int = Field(foreign_key="side.id", primary_key=True, index=True)


class Member(SQLModel, table=True):
    """A person's place in an alliance; it ends, it is not deleted."""

    __table_args__ = (
        Index(
            "uq_member_current",
            "alliance_id",
            "person_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        one_of("role", "sponsor", "lead", "manager", "project", "committee", "team", "other"),
    )
    id: int = Field(default=None, primary_key=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    side_id: int = Field(foreign_key="side.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str = "team"
    since: date
    until: date | None = None
    """The first day on which they are no longer in it."""
    stated: bool = False
    """They said themselves which side they are on; nobody of that side has confirmed it."""
    acted_at: datetime | None = None
    """When they first did something here themselves."""
    cleared_at: datetime | None = None
    """When their place was over and what they left was seen to: offered on, closed, cancelled."""


class Conversation(SQLModel, table=True):
    """A channel or direct message; what was last known of who is in it."""

    __table_args__ = (
        UniqueConstraint("installation_id", "external_id", name="uq_conversation"),
        one_of("kind", "channel", "dm"),
        one_of("sharing", "unknown", "internal", "shared", "pending"),
        one_of("platform", SLACK, TEAMS),
    )
    id: int = Field(default=None, primary_key=True)
    installation_id: int = Field(foreign_key="installation.id")
    platform: str = SLACK
    external_id: str
    kind: str = "channel"
    name: str = ""
    alliance_id: int | None = Field(default=None, foreign_key="alliance.id", index=True)
    audience_id: int | None = Field(default=None, foreign_key="audience.id")
    sharing: str = "unknown"
    team_ids: str = ""
    has_guests: bool = True
    person_ids: str = ""
    bot_is_in: bool = False
    facts_at: datetime | None = None


class ConversationAlias(SQLModel, table=True):
    """An earlier id of a conversation: Slack changes them when sharing starts or ends."""

    __table_args__ = (
        UniqueConstraint("installation_id", "external_id", name="uq_conversation_alias"),
    )
    id: int = Field(default=None, primary_key=True)
    installation_id: int = Field(foreign_key="installation.id")
    external_id: str
    conversation_id: int = Field(foreign_key="conversation.id")


class ConversationReference(SQLModel, table=True):
    """Where a Teams conversation is reached: kept from requests whose sender was verified."""

    external_id: str = Field(primary_key=True)
    installation_id: int = Field(foreign_key="installation.id")
    tenant_id: str = Field(index=True)
    service_url: str
    seen_at: datetime


class Card(SQLModel, table=True):
    """A message in a conversation that shows one or more records and is kept up to date.

    `side_id`: the firm it is about, where it is about one. `blanked_at`: others could read along,
    so it shows nothing until they can't any more.
    """

    __table_args__ = (Index("ix_card_recent", "conversation_id", "opened_by", "opened_at"),)
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    kind: str
    alliance_id: int = Field(foreign_key="alliance.id")
    conversation_id: int = Field(foreign_key="conversation.id")
    thread: str | None = None
    audience_id: int = Field(foreign_key="audience.id")
    opened_by: int = Field(foreign_key="person.id")
    opened_at: datetime
    edited_at: datetime | None = None
    channel: str | None = None
    ts: str | None = Field(default=None, index=True)
    side_id: int | None = Field(default=None, foreign_key="side.id")
    blanked_at: datetime | None = None
    mirror_of: int | None = Field(default=None, foreign_key="card.id", index=True)
    """The card whose items it shows as well, for firms that can't read that one."""


class ActionItem(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("alliance_id", "series_side_id", "number", name="uq_action_item_number"),
        Index("ix_action_item_owner", "owner_id", "status", "due"),
        Index("ix_action_item_side", "owner_side_id", "status", "due"),
        Index("ix_action_item_source", "alliance_id", "source_channel", "source_ts"),
        Index("ix_action_item_proposer", "proposer_id", "status"),
        Index("ix_action_item_standing", "alliance_id", "status", "since"),
        one_of("status", "proposed", "open", "done", "declined", "cancelled"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    audience_id: int = Field(foreign_key="audience.id")
    series_side_id: int = 0
    """Whose numbering: 0 is the joint one (HEL-3), otherwise the side's own (OUR-3)."""
    number: int
    text: str
    status: str
    owner_id: int = Field(foreign_key="person.id")
    owner_side_id: int = Field(foreign_key="side.id")
    proposer_id: int = Field(foreign_key="person.id")
    proposer_side_id: int = Field(foreign_key="side.id")
    due: date | None = None
    created_at: datetime
    since: date
    """The day its present standing counts from: proposed, or accepted, perhaps past the due day."""
    closed_at: datetime | None = None
    closed_reason: str = ""
    due_moves: int = 0
    suggested_due: date | None = None
    suggested_by: int | None = Field(default=None, foreign_key="person.id")
    snoozed_until: date | None = None
    snoozes: int = 0
    waiting_on_id: int | None = Field(default=None, foreign_key="person.id")
    told_rung: int = -2
    agenda_on: date | None = None
    card_id: int | None = Field(default=None, foreign_key="card.id", index=True)
    source_channel: str | None = None
    source_ts: str | None = None
    source_link: str | None = None
    quote: str = ""
    quote_author: str = ""
    history_from: int = 0
    """Other firms see its history from this entry on: what came before it was shared is not
    theirs."""


class ActionItemHelper(SQLModel, table=True):
    item_id: int = Field(foreign_key="actionitem.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


class ToldOnce(SQLModel, table=True):
    """That somebody heard of something which is said a single time."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    record: str = Field(primary_key=True)
    record_id: int = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    on: date


class HistoryEntry(SQLModel, table=True):
    """Who did what, when, and what it was before. Rows are only ever added."""

    __table_args__ = (Index("ix_history_record", "record", "record_id"),)
    id: int = Field(default=None, primary_key=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    record: str
    record_id: int
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    what: str
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Agreement(SQLModel, table=True):
    """A change that binds every firm, waiting for one press a firm."""

    __table_args__ = (
        Index("ix_agreement_waiting", "alliance_id", "state"),
        one_of("kind", "settings", "joint_channel", "close", "reopen"),
        one_of("state", "waiting", "agreed", "declined", "withdrawn", "lapsed"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    kind: str
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    proposed_by: int = Field(foreign_key="person.id")
    proposed_at: datetime
    state: str = "waiting"
    ended_at: datetime | None = None
    reason: str = ""


class AgreementPress(SQLModel, table=True):
    """That a firm's alliance manager said yes or no to a change."""

    agreement_id: int = Field(foreign_key="agreement.id", primary_key=True)
    side_id: int = Field(foreign_key="side.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    at: datetime
    agrees: bool


class Invitation(SQLModel, table=True):
    """A code with which somebody of a further firm brings it into an alliance, once; with `side_id`
    instead the people whom that firm has on another platform."""

    __table_args__ = (UniqueConstraint("code", name="uq_invitation_code"),)
    id: int = Field(default=None, primary_key=True)
    code: str
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    side_id: int | None = Field(default=None, foreign_key="side.id")
    made_by: int = Field(foreign_key="person.id")
    made_at: datetime
    used_by: int | None = Field(default=None, foreign_key="person.id")
    used_at: datetime | None = None
    withdrawn_at: datetime | None = None
    """When it was taken back, or another code took its place."""


class Draft(SQLModel, table=True):
    """What somebody has begun and a form will finish, where no form could open at once."""

    token: str = Field(default_factory=new_token, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    act: str
    args: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(index=True)


class InboundReceipt(SQLModel, table=True):
    """That a request was carried out, so that a repeat gets the same answer and no new effect."""

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    reply: str = ""


class Outbox(SQLModel, table=True):
    """What somebody should hear. Facts only; made into words when sent."""

    __table_args__ = (
        Index(
            "uq_outbox_pending",
            "dedup_key",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_outbox_due", "state", "not_before"),
        Index("ix_outbox_person", "person_id", "state"),
        Index("ix_outbox_message", "channel", "ts"),
        one_of("state", "pending", "sending", "held", "sent", "dead", "cancelled"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token)
    installation_id: int = Field(foreign_key="installation.id")
    alliance_id: int | None = Field(default=None, foreign_key="alliance.id")
    kind: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id")
    thread: str | None = None
    dedup_key: str
    state: str = "pending"
    not_before: datetime
    created_at: datetime
    lease_until: datetime | None = None
    attempts: int = 0
    uncertain: bool = False
    finished_at: datetime | None = Field(default=None, index=True)
    error: str = ""
    channel: str | None = None
    ts: str | None = None


class Delivery(SQLModel, table=True):
    """That a record was put before somebody: who, where, when, and nothing of what it said.

    `team_ids`: the workspaces whose people could read the conversation then.
    """

    __table_args__ = (
        Index("ix_delivery_record", "record", "record_id"),
        Index("ix_delivery_person", "person_id", "at"),
    )
    id: int = Field(default=None, primary_key=True)
    installation_id: int = Field(foreign_key="installation.id")
    outbox_id: int | None = None
    kind: str
    record: str = ""
    record_id: int | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id")
    unprompted: bool = False
    team_ids: str = ""
    at: datetime = Field(index=True)
