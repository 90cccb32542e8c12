"""Trust check-ins."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "checkin",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("alliance_id", sa.Integer(), sa.ForeignKey("alliance.id"), nullable=False),
        sa.Column("side_id", sa.Integer(), sa.ForeignKey("side.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("principle", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("readers", sa.String(), nullable=False),
        sa.Column("at", INSTANT(), nullable=False),
        sa.Column("withdrawn_at", INSTANT(), nullable=True),
        sa.Column("talk_asked_at", INSTANT(), nullable=True),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name="value_known"),
        sa.CheckConstraint("readers IN ('self', 'managers', 'joint')", name="readers_known"),
    )
    op.create_index("ix_check_in_person", "checkin", ["person_id", "at"])
    op.create_index("ix_check_in_alliance", "checkin", ["alliance_id", "at"])
