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
