"""Two firms: who was asked and who agreed, what each side keeps for itself, who has left.

What holds already goes on: the host's people count as checked, whoever has acted goes on being
written to, and a firm that keeps records of its own goes on keeping them. Who has left before is
not announced now.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _agreements()
    _columns()
    _what_holds_already()
    _append_only("historyentry", "update", "delete")
    _append_only("delivery", "update")


def _agreements() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('settings', 'joint_channel', 'close', 'reopen')", name="kind_known"
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'agreed', 'declined', 'withdrawn', 'lapsed')", name="state_known"
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliance.id"]),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_agreement_waiting", "agreement", ["alliance_id", "state"])
    op.create_table(
        "agreementpress",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["side_id"], ["side.id"]),
        sa.PrimaryKeyConstraint("agreement_id", "side_id"),
    )


def _columns() -> None:
    instant = sqlmodel.sql.sqltypes.UTCDateTime
    words = sqlmodel.sql.sqltypes.AutoString
    with op.batch_alter_table("actionitem") as batch:
        batch.add_column(
            sa.Column("history_from", sa.Integer(), server_default="0", nullable=False)
        )
    with op.batch_alter_table("alliance") as batch:
        batch.add_column(sa.Column("closed_at", instant(), nullable=True))
    with op.batch_alter_table("card") as batch:
        batch.add_column(sa.Column("side_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("blanked_at", instant(), nullable=True))
        batch.create_foreign_key("fk_card_side", "side", ["side_id"], ["id"])
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("team_ids", words(), server_default="", nullable=False))
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("acted_at", instant(), nullable=True))
        batch.add_column(sa.Column("cleared_at", instant(), nullable=True))
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("gone_at", instant(), nullable=True))
    with op.batch_alter_table("side") as batch:
        batch.add_column(sa.Column("zone", words(), nullable=True))
        batch.add_column(sa.Column("country", words(), nullable=True))
        batch.add_column(sa.Column("checked_at", instant(), nullable=True))
        batch.add_column(sa.Column("checked_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("private_since", instant(), nullable=True))
        batch.add_column(sa.Column("private_by", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_side_checked_by", "person", ["checked_by"], ["id"])
        batch.create_foreign_key("fk_side_private_by", "person", ["private_by"], ["id"])


def _what_holds_already() -> None:
    set_up = "SELECT {} FROM alliance WHERE alliance.id = side.alliance_id"
    op.execute(
        f"UPDATE side SET checked_at = ({set_up.format('set_up_at')}), "
        f"checked_by = ({set_up.format('set_up_by')}) WHERE is_host"
    )
    op.execute(
        f"UPDATE side SET private_since = ({set_up.format('set_up_at')}) WHERE EXISTS ("
        "SELECT 1 FROM actionitem WHERE actionitem.series_side_id = side.id) OR EXISTS ("
        "SELECT 1 FROM conversation JOIN audience ON audience.id = conversation.audience_id "
        "JOIN audienceside ON audienceside.audience_id = audience.id "
        "WHERE audienceside.side_id = side.id AND audience.name <> 'joint')"
    )
    op.execute(
        "UPDATE member SET acted_at = (SELECT MIN(historyentry.at) FROM historyentry "
        "WHERE historyentry.alliance_id = member.alliance_id "
        "AND historyentry.person_id = member.person_id AND historyentry.record <> 'member')"
    )
    op.execute(
        "UPDATE member SET cleared_at = (SELECT set_up_at FROM alliance "
        "WHERE alliance.id = member.alliance_id) WHERE until <= CURRENT_DATE"
    )


def _append_only(table: str, *refused: str) -> None:
    """The account can't be altered, whoever is at the database: its rows are only added. What was
    delivered is forgotten after its time (see `governance/messages/posting.py`)."""
    if op.get_bind().dialect.name == "sqlite":
        for act in refused:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"
            )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: rows are only added'; END $$"
    )
    # For each statement: TRUNCATE touches no row.
    acts = " OR ".join((*refused, "TRUNCATE"))
    op.execute(
        f"CREATE TRIGGER {table}_only_added BEFORE {acts} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_added()"
    )
