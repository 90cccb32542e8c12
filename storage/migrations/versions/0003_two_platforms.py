"""Two platforms: where people and conversations live, and how those of Teams are reached."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("workspace", "conversation"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(
                sa.Column("platform", sa.String(), nullable=False, server_default="slack")
            )
            batch.create_check_constraint("platform_known", "platform IN ('slack', 'teams')")
    with op.batch_alter_table("workspace") as batch:
        batch.add_column(
            sa.Column("has_bot", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(
        "UPDATE workspace SET has_bot = true WHERE EXISTS (SELECT 1 FROM installation "
        "WHERE installation.id = workspace.installation_id "
        "AND installation.team_id = workspace.team_id)"
    )
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("account", sa.String(), nullable=True))
    op.create_table(
        "conversationreference",
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("installation_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("service_url", sa.String(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["installation_id"], ["installation.id"]),
        sa.PrimaryKeyConstraint("external_id"),
    )
    op.create_index("ix_conversationreference_tenant_id", "conversationreference", ["tenant_id"])
