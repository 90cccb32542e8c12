"""A firm's other platform: codes for one's own people, and workspaces that a firm has to confirm."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("invitation") as batch:
        batch.add_column(sa.Column("side_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_invitation_side", "side", ["side_id"], ["id"])
    with op.batch_alter_table("sideteam") as batch:
        batch.add_column(
            sa.Column("stated", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name, table in (("invitation_id", "invitation"), ("place_id", "conversation")):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(f"fk_side_team_{table}", table, [name], ["id"])
    _former_teams()


def _former_teams() -> None:
    op.create_table(
        "formerteam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliance.id"]),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"]),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_formerteam_alliance_id", "formerteam", ["alliance_id"])
