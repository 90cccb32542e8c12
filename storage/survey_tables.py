"""Private pulses: who is asked what, what they answered, and what was shown of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from storage.tables import new_token, one_of


class Survey(SQLModel, table=True):
    """Questions asked of people alone, whose answers are shown as figures of groups.

    `side_id`: the one firm it is for, whose partner does not learn of it; none: every firm.
    `questions`: pairs of key and words, as they were asked. `threshold`: how many of a firm have to
    answer before it has a figure. `next_at`: when it is reminded of, or closes (UTC).
    """

    __table_args__ = (
        Index("ix_survey_alliance", "alliance_id", "opened_at"),
        one_of("mode", "private", "named"),
        one_of("state", "open", "closed", "cancelled"),
        CheckConstraint("threshold BETWEEN 3 AND 5", name="threshold_known"),
    )
    id: int = Field(default=None, primary_key=True)
    token: str = Field(default_factory=new_token, unique=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    side_id: int | None = Field(default=None, foreign_key="side.id")
    mode: str = "private"
    state: str = "open"
    threshold: int = 3
    questions: list[Any] = Field(default_factory=list, sa_type=JSON)
    opened_by: int = Field(foreign_key="person.id")
    opened_at: datetime
    closes_on: date
    """The last day, by the alliance's own clock."""
    closes_at: datetime
    next_at: datetime | None = Field(default=None, index=True)
    reminded: bool = False


class SurveyReader(SQLModel, table=True):
    """Somebody who is asked, on the side they were on. `position`: the question before them."""

    survey_id: int = Field(foreign_key="survey.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    side_id: int = Field(foreign_key="side.id")
    position: int = 0
    comment: str = ""


class SurveyAnswer(SQLModel, table=True):
    """What somebody answered to a question; one that was skipped has none. Where no names are
    shown it is deleted when the survey closes."""

    survey_id: int = Field(foreign_key="survey.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    question: str = Field(primary_key=True)
    value: int


class SurveyComment(SQLModel, table=True):
    """What somebody of a firm added, kept without who it was, for the firm's alliance managers."""

    id: int = Field(default=None, primary_key=True)
    survey_id: int = Field(foreign_key="survey.id", index=True)
    side_id: int = Field(foreign_key="side.id")
    words: str


class SurveyFigure(SQLModel, table=True):
    """What was shown of a group's answers to a question: the range of their sum. `people`: whose,
    so that later figures give none of them away; it is shown to nobody."""

    __table_args__ = (Index("ix_survey_figure_question", "alliance_id", "question"),)
    id: int = Field(default=None, primary_key=True)
    survey_id: int = Field(foreign_key="survey.id", index=True)
    alliance_id: int = Field(foreign_key="alliance.id")
    question: str
    side_id: int | None = Field(default=None, foreign_key="side.id")
    """None: of several firms together, each too few for one of its own."""
    low: int
    high: int
    people: list[Any] = Field(default_factory=list, sa_type=JSON)
