"""Open pulses: what was asked, the reactions and presses, and what was published."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    _pulses()
    op.create_table(
        "pulsereaction",
        _part("pulse_id", "pulse.id"),
        _part("card_id", "card.id"),
        _part("account_id", "person.id"),
        sa.Column("value", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("present", sa.Boolean(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "pulsepress",
        _part("pulse_id", "pulse.id"),
        _part("account_id", "person.id"),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "pulseanswer",
        _part("pulse_id", "pulse.id"),
        _part("person_id", "person.id"),
        sa.Column("side_id", sa.Integer(), sa.ForeignKey("side.id"), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("asked_at", INSTANT(), nullable=True),
    )
    op.create_table(
        "pulsefigure",
        _part("pulse_id", "pulse.id"),
        _part("side_id", "side.id"),
        sa.Column("value", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("people", sa.Integer(), nullable=False),
    )


def _part(name: str, of: str) -> sa.Column[int]:
    """A part of a key, which names another row."""
    return sa.Column(name, sa.Integer(), sa.ForeignKey(of), primary_key=True, autoincrement=False)


def _pulses() -> None:
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("alliance_id", sa.Integer(), sa.ForeignKey("alliance.id"), nullable=False),
        sa.Column("audience_id", sa.Integer(), sa.ForeignKey("audience.id"), nullable=False),
        sa.Column("card_id", sa.Integer(), sa.ForeignKey("card.id"), nullable=False, unique=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("principle", sa.String(), nullable=False),
        sa.Column("opened_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("opened_at", INSTANT(), nullable=False),
        sa.Column("closes_at", INSTANT(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_at", INSTANT(), nullable=True),
        sa.Column("read_at", INSTANT(), nullable=True),
        sa.Column("message_gone", sa.Boolean(), nullable=False),
        sa.Column("closed_at", INSTANT(), nullable=True),
        sa.Column("cancelled_at", INSTANT(), nullable=True),
        sa.Column("cancelled_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed', 'final', 'cancelled')", name="state_known"),
    )
    op.create_index("ix_pulse_alliance", "pulse", ["alliance_id", "opened_at"])
    op.create_index("ix_pulse_next_at", "pulse", ["next_at"])
