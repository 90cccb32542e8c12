"""Two platforms: where people and conversations live, and how those of Teams are reached; codes to
join by, and cards that are shown in several conversations."""

import secrets

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _seal_keys()
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
        batch.add_column(sa.Column("joined_to_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_person_joined_to", "person", ["joined_to_id"], ["id"])
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
    _invitations()
    with op.batch_alter_table("card") as batch:
        batch.add_column(sa.Column("mirror_of", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_card_mirror", "card", ["mirror_of"], ["id"])
        batch.create_index("ix_card_mirror_of", ["mirror_of"])


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliance.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="uq_invitation_code"),
    )
    op.create_index("ix_invitation_alliance_id", "invitation", ["alliance_id"])


def _seal_keys() -> None:
    with op.batch_alter_table("installation") as batch:
        batch.add_column(sa.Column("seal_key", sa.String(), nullable=False, server_default=""))
    for (number,) in op.get_bind().execute(sa.text("SELECT id FROM installation")).fetchall():
        key = {"key": secrets.token_urlsafe(32), "id": number}
        op.get_bind().execute(
            sa.text("UPDATE installation SET seal_key = :key WHERE id = :id"), key
        )
