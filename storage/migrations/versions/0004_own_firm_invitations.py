"""A firm's other platform: codes for one's own people, and workspaces that a firm has to confirm."""

import sqlalchemy as sa
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
