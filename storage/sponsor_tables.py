"""The sponsor programme: who holds a seat, who is whose counterpart, what was said and asked."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables import new_token, one_of


class SponsorSeat(SQLModel, table=True):
    """That somebody is a firm's executive sponsor, from a day on.

    `until`: the last day of their term; `in_role_until`: how long they expect to stay in their
    role, in their own words. `weekday`, `minute`: when they want to be written to, local; none: as
    the alliance has it. `successor_id` and `last_day` stay with the firm's alliance managers until
    `told_at`.
    """

    __table_args__ = (
        Index(
            "uq_sponsor_seat_open",
            "alliance_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index(
            "ix_sponsor_seat_handed_on",
            "until",
            sqlite_where=text("successor_id IS NOT NULL AND ended_on IS NULL"),
            postgresql_where=text("successor_id IS NOT NULL AND ended_on IS NULL"),
        ),
        one_of("state", "named", "by_hand", "welcomed", "talk", "not_me", "accepted"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    side_id: int = Field(foreign_key="side.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    since: date
    until: date | None = None
    in_role_until: str = ""
    assistant_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    state: str = "named"
    accepted_at: datetime | None = None
    weekday: int | None = None
    minute: int | None = None
    next_at: datetime | None = Field(default=None, index=True)
    """When it is considered next whether there is a reason to write to them (UTC)."""
    successor_id: int | None = Field(default=None, foreign_key="person.id")
    last_day: date | None = None
    """The day after which `successor_id` takes over; it becomes `until` when that is told."""
    told_at: datetime | None = None
    ended_on: date | None = None
    follows_id: int | None = Field(default=None, foreign_key="sponsorseat.id")
    """The seat whose place it took."""


class SponsorPair(SQLModel, table=True):
    """Two sponsors of two sides who keep in touch."""

    __table_args__ = (
        Index(
            "uq_sponsor_pair_open",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    first_id: int = Field(foreign_key="sponsorseat.id", index=True)
    second_id: int = Field(foreign_key="sponsorseat.id", index=True)
    since: date
    follows_id: int | None = Field(default=None, foreign_key="sponsorpair.id")
    """The pair whose place it took when one of the two changed."""
    planned_on: date | None = None
    """The day for which they said that they have a talk in the calendar."""
    ended_on: date | None = None


class SponsorContact(SQLModel, table=True):
    """That two sponsors spoke. The outcome is for the audience that the speaker chose."""

    __table_args__ = (
        Index("ix_sponsor_contact_pair", "pair_id", "on"),
        one_of("how", "in_person", "video", "phone", "message"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    pair_id: int = Field(foreign_key="sponsorpair.id")
    on: date
    how: str
    outcome: str = ""
    audience_id: int = Field(foreign_key="audience.id")
    seat_id: int = Field(foreign_key="sponsorseat.id")
    """Whose word it is."""
    by_id: int = Field(foreign_key="person.id")
    at: datetime
    promise_id: int | None = Field(default=None, foreign_key="actionitem.id")
    confirmed: bool | None = None
    """What the counterpart says to it: yes, no, or nothing yet."""


class SponsorNudge(SQLModel, table=True):
    """That a sponsor was written to about a pair in a week, why, and what they answered.

    `pair_id`: 0 where it was about the seat alone. `week`: its Monday.
    """

    __table_args__ = (
        UniqueConstraint("seat_id", "pair_id", "week", name="uq_sponsor_nudge"),
        one_of("reason", "ask", "due", "promise", "changed", "always", "word"),
        one_of("answer", "", "spoke", "calendar", "not_now", "passed"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    seat_id: int = Field(foreign_key="sponsorseat.id")
    pair_id: int = 0
    week: date
    on: date
    reason: str
    answer: str = ""
    why: str = ""
    by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None


class SponsorAsk(SQLModel, table=True):
    """What an alliance manager asks a sponsor of their firm for, and what came of it."""

    __table_args__ = (
        Index("ix_sponsor_ask_seat", "seat_id", "state"),
        one_of("state", "asked", "taken", "done", "passed", "withdrawn"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id", index=True)
    seat_id: int = Field(foreign_key="sponsorseat.id")
    audience_id: int = Field(foreign_key="audience.id")
    asked_by: int = Field(foreign_key="person.id")
    text: str
    due: date | None = None
    state: str = "asked"
    question: str = ""
    """What the sponsor needs to know first."""
    reply: str = ""
    """What their alliance manager answers to that."""
    effect: str = ""
    """What came of it, or who is to be asked instead."""
    created_at: datetime
    closed_at: datetime | None = None
    reminded: int = 0
    next_at: datetime | None = Field(default=None, index=True)
    """When it is next looked at whether there is an answer (UTC); none: not any more."""
