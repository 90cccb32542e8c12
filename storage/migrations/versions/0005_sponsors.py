"""The sponsor programme: seats and pairs, talks, nudges and asks. Who was a sponsor already holds a
seat from now on, and is introduced by their alliance manager like anybody."""

import secrets

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    with op.batch_alter_table("alliance") as batch:
        batch.add_column(
            sa.Column("sponsor_weekday", sa.Integer(), nullable=False, server_default="1")
        )
        batch.add_column(
            sa.Column("sponsor_minute", sa.Integer(), nullable=False, server_default="510")
        )
        batch.add_column(sa.Column("sponsor_months", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("sponsor_mode", sa.String(), nullable=False, server_default="calm")
        )
        batch.create_check_constraint(
            "sponsor_mode_known", "sponsor_mode IN ('calm', 'until_they_connect', 'always')"
        )
    with op.batch_alter_table("side") as batch:
        batch.add_column(
            sa.Column("sponsor_welcome", sa.String(), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("seat_empty_since", sa.Date(), nullable=True))
    _seats()
    _pairs()
    _contacts()
    _nudges()
    _asks()
    _take_seats()


def _reference(*columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys, each as column=table."""
    pairs = (one.split("=") for one in columns)
    return [sa.ForeignKeyConstraint([column], [f"{table}.id"]) for column, table in pairs]


def _open(name: str, table: str, *columns: str) -> None:
    """An index that makes something unique among what has not ended."""
    still = sa.text("ended_on IS NULL")
    op.create_index(
        name, table, list(columns), unique=True, sqlite_where=still, postgresql_where=still
    )


def _seats() -> None:
    op.create_table(
        "sponsorseat",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("in_role_until", sa.String(), nullable=False),
        sa.Column("assistant_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("accepted_at", INSTANT(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=True),
        sa.Column("next_at", INSTANT(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("told_at", INSTANT(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('named', 'by_hand', 'welcomed', 'talk', 'not_me', 'accepted')",
            name="state_known",
        ),
        *_reference(
            "alliance_id=alliance",
            "side_id=side",
            "person_id=person",
            "assistant_id=person",
            "successor_id=person",
            "follows_id=sponsorseat",
        ),
    )
    for column in ("alliance_id", "side_id", "person_id", "assistant_id", "next_at"):
        op.create_index(f"ix_sponsorseat_{column}", "sponsorseat", [column])
    _open("uq_sponsor_seat_open", "sponsorseat", "alliance_id", "person_id")
    handed_on = sa.text("successor_id IS NOT NULL AND ended_on IS NULL")
    op.create_index(
        "ix_sponsor_seat_handed_on",
        "sponsorseat",
        ["until"],
        sqlite_where=handed_on,
        postgresql_where=handed_on,
    )


def _pairs() -> None:
    op.create_table(
        "sponsorpair",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *_reference(
            "alliance_id=alliance",
            "first_id=sponsorseat",
            "second_id=sponsorseat",
            "follows_id=sponsorpair",
        ),
    )
    for column in ("alliance_id", "first_id", "second_id"):
        op.create_index(f"ix_sponsorpair_{column}", "sponsorpair", [column])
    _open("uq_sponsor_pair_open", "sponsorpair", "first_id", "second_id")


def _contacts() -> None:
    op.create_table(
        "sponsorcontact",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("how IN ('in_person', 'video', 'phone', 'message')", name="how_known"),
        *_reference(
            "alliance_id=alliance",
            "pair_id=sponsorpair",
            "audience_id=audience",
            "seat_id=sponsorseat",
            "by_id=person",
            "promise_id=actionitem",
        ),
    )
    op.create_index("ix_sponsorcontact_alliance_id", "sponsorcontact", ["alliance_id"])
    op.create_index("ix_sponsor_contact_pair", "sponsorcontact", ["pair_id", "on"])


def _nudges() -> None:
    op.create_table(
        "sponsornudge",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", INSTANT(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('ask', 'due', 'promise', 'changed', 'always', 'word')",
            name="reason_known",
        ),
        sa.CheckConstraint(
            "answer IN ('', 'spoke', 'calendar', 'not_now', 'passed')", name="answer_known"
        ),
        sa.UniqueConstraint("seat_id", "pair_id", "week", name="uq_sponsor_nudge"),
        *_reference("seat_id=sponsorseat", "by_id=person"),
    )


def _asks() -> None:
    op.create_table(
        "sponsorask",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False, unique=True),
        sa.Column("alliance_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT(), nullable=False),
        sa.Column("closed_at", INSTANT(), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'taken', 'done', 'passed', 'withdrawn')", name="state_known"
        ),
        *_reference(
            "alliance_id=alliance",
            "seat_id=sponsorseat",
            "audience_id=audience",
            "asked_by=person",
        ),
    )
    for column in ("alliance_id", "next_at"):
        op.create_index(f"ix_sponsorask_{column}", "sponsorask", [column])
    op.create_index("ix_sponsor_ask_seat", "sponsorask", ["seat_id", "state"])


def _take_seats() -> None:
    """Today decides whose place is in force, and since when a seat counts as empty."""
    run = op.get_bind().execute
    held = run(
        sa.text(
            "SELECT alliance_id, side_id, person_id, since FROM member WHERE role = 'sponsor' "
            "AND since <= CURRENT_DATE AND (until IS NULL OR until > CURRENT_DATE)"
        )
    ).fetchall()
    for alliance_id, side_id, person_id, since in held:
        run(
            sa.text(
                "INSERT INTO sponsorseat (token, alliance_id, side_id, person_id, since, "
                "in_role_until, state) VALUES (:token, :alliance, :side, :person, :since, '', 'named')"
            ),
            {
                "token": secrets.token_urlsafe(12),
                "alliance": alliance_id,
                "side": side_id,
                "person": person_id,
                "since": since,
            },
        )
    _pair_up(op.get_bind())
    run(
        sa.text(
            "UPDATE side SET seat_empty_since = CURRENT_DATE WHERE NOT EXISTS "
            "(SELECT 1 FROM sponsorseat WHERE sponsorseat.side_id = side.id)"
        )
    )


def _pair_up(connection: sa.Connection) -> None:
    """Where each of two firms has one sponsor, they are each other's counterpart."""
    seats = connection.execute(
        sa.text("SELECT id, alliance_id, side_id FROM sponsorseat ORDER BY id")
    ).fetchall()
    alone: dict[int, dict[int, list[int]]] = {}
    for seat, alliance, side in seats:
        alone.setdefault(alliance, {}).setdefault(side, []).append(seat)
    for alliance, sides in alone.items():
        single = sorted(several[0] for several in sides.values() if len(several) == 1)
        for at, first in enumerate(single):
            for second in single[at + 1 :]:
                connection.execute(
                    sa.text(
                        "INSERT INTO sponsorpair (token, alliance_id, first_id, second_id, since) "
                        "VALUES (:token, :alliance, :first, :second, CURRENT_DATE)"
                    ),
                    {
                        "token": secrets.token_urlsafe(12),
                        "alliance": alliance,
                        "first": first,
                        "second": second,
                    },
                )
