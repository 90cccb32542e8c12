"""Private pulses."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def _link(name: str, table: str, *, key: bool = False, nullable: bool = False) -> sa.Column[int]:
    """A column that names a row of another table."""
    reference = sa.ForeignKey(f"{table}.id")
    return sa.Column(name, sa.Integer(), reference, primary_key=key, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        _link("alliance_id", "alliance"),
        _link("side_id", "side", nullable=True),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        _link("opened_by", "person"),
        sa.Column("opened_at", INSTANT(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closes_at", INSTANT(), nullable=False),
        sa.Column("next_at", INSTANT(), nullable=True),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.CheckConstraint("mode IN ('private', 'named')", name="mode_known"),
        sa.CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="state_known"),
        sa.CheckConstraint("threshold BETWEEN 3 AND 5", name="threshold_known"),
    )
    op.create_index("ix_survey_alliance", "survey", ["alliance_id", "opened_at"])
    op.create_index("ix_survey_next_at", "survey", ["next_at"])
    op.create_table(
        "surveyreader",
        _link("survey_id", "survey", key=True),
        _link("person_id", "person", key=True),
        _link("side_id", "side"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
    )
    op.create_index("ix_surveyreader_person_id", "surveyreader", ["person_id"])
    op.create_table(
        "surveyanswer",
        _link("survey_id", "survey", key=True),
        _link("person_id", "person", key=True),
        sa.Column("question", sa.String(), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
    )
    op.create_table(
        "surveycomment",
        sa.Column("id", sa.Integer(), primary_key=True),
        _link("survey_id", "survey"),
        _link("side_id", "side"),
        sa.Column("words", sa.String(), nullable=False),
    )
    op.create_index("ix_surveycomment_survey_id", "surveycomment", ["survey_id"])
    op.create_table(
        "surveyfigure",
        sa.Column("id", sa.Integer(), primary_key=True),
        _link("survey_id", "survey"),
        _link("alliance_id", "alliance"),
        sa.Column("question", sa.String(), nullable=False),
        _link("side_id", "side", nullable=True),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
    )
    op.create_index("ix_surveyfigure_survey_id", "surveyfigure", ["survey_id"])
    op.create_index("ix_survey_figure_question", "surveyfigure", ["alliance_id", "question"])
