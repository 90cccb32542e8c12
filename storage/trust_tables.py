"""Trust: what people say of the relationship by themselves, and what they are asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from storage.tables import new_token, one_of


class CheckIn(SQLModel, table=True):
    """What somebody says of the relationship, on 1-5, at a moment of their own. `readers`: only
    they, they and the alliance managers of their firm, or everybody in the alliance."""

    __table_args__ = (
        Index("ix_check_in_person", "person_id", "at"),
        Index("ix_check_in_alliance", "alliance_id", "at"),
        CheckConstraint("value BETWEEN 1 AND 5", name="value_known"),
        one_of("readers", "self", "managers", "joint"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    side_id: int = Field(foreign_key="side.id")
    person_id: int = Field(foreign_key="person.id")
    value: int
    principle: str
    words: str = ""
    readers: str
    at: datetime
    withdrawn_at: datetime | None = None
    """When it was taken back: nobody but its writer reads it since."""
    talk_asked_at: datetime | None = None
    """When its writer asked their alliance manager for a talk about it."""


class Pulse(SQLModel, table=True):
    """One question asked openly in a conversation, answered on 1-5.

    `next_at`: when it is looked at again by itself; none once its figures are final. `read_at`:
    when the reactions to it were read again, before it closed. `message_gone`: its message had
    been taken away by then.
    """

    __table_args__ = (
        Index("ix_pulse_alliance", "alliance_id", "opened_at"),
        one_of("state", "open", "closed", "final", "cancelled"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    audience_id: int = Field(foreign_key="audience.id")
    card_id: int = Field(foreign_key="card.id", unique=True)
    question: str
    principle: str = ""
    """The key of the principle whose question it is; empty for words of one's own."""
    opened_by: int = Field(foreign_key="person.id")
    opened_at: datetime
    closes_at: datetime
    state: str = "open"
    next_at: datetime | None = Field(default=None, index=True)
    read_at: datetime | None = None
    message_gone: bool = False
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: int | None = Field(default=None, foreign_key="person.id")


class PulseReaction(SQLModel, table=True):
    """One account's emoji on one message of a pulse, by the newest of its events. `at` is that
    event's time as the platform gives it; `present` is none where two events of the same instant
    contradict each other. `read`: whether it was there when the reactions were read again. `late`:
    it changed after the pulse had closed."""

    pulse_id: int = Field(foreign_key="pulse.id", primary_key=True)
    card_id: int = Field(foreign_key="card.id", primary_key=True)
    account_id: int = Field(foreign_key="person.id", primary_key=True)
    value: int = Field(primary_key=True)
    present: bool | None = False
    at: str = ""
    read: bool | None = None
    late: bool = False


class PulsePress(SQLModel, table=True):
    """The last button that an account pressed. `settles`: it answers the question which number
    was meant, so it counts whatever reactions there are."""

    pulse_id: int = Field(foreign_key="pulse.id", primary_key=True)
    account_id: int = Field(foreign_key="person.id", primary_key=True)
    value: int
    at: str
    settles: bool = False


class PulseAnswer(SQLModel, table=True):
    """What somebody's answer was when the pulse closed, and on which side they were. No value:
    it is not known which number they meant, so they are asked (`asked_at`) and not counted."""

    pulse_id: int = Field(foreign_key="pulse.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    side_id: int = Field(foreign_key="side.id")
    value: int | None = None
    asked_at: datetime | None = None


class PulseFigure(SQLModel, table=True):
    """What was published: how many of a side answered with a value."""

    pulse_id: int = Field(foreign_key="pulse.id", primary_key=True)
    side_id: int = Field(foreign_key="side.id", primary_key=True)
    value: int = Field(primary_key=True)
    people: int
