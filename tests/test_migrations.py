"""Migrations keep every row, agree with the tables, and change all or nothing."""

import textwrap
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import func, inspect
from sqlmodel import Session, select

from storage import migrate as migrating
from storage.engine import Database
from storage.migrate import MIGRATIONS, BrokenReferences, differences, empty, migrate
from storage.tables import (
    Alliance,
    Installation,
    Member,
    Person,
    Side,
    Workspace,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Database:
    made = Database(database_url)
    migrate(made)
    return made


def fill(session: Session) -> None:
    """A parent of everything, with children and children's children."""
    session.add(
        Installation(
            id=1, platform="slack", team_id="T1", name="N", bot_user_id="U0", installed_at=NOW
        )
    )
    session.flush()
    session.add(Workspace(id=1, installation_id=1, team_id="T1"))
    session.flush()
    people = [
        Person(id=n, workspace_id=1, user_id=f"U{n}", name="P", zone="Etc/UTC", facts_at=NOW)
        for n in (1, 2, 3)
    ]
    session.add_all(people)
    session.flush()
    session.add(
        Alliance(
            id=1, installation_id=1, name="A", code="AA", zone="Etc/UTC", set_up_by=1, set_up_at=NOW
        )
    )
    session.flush()
    session.add(Side(id=1, alliance_id=1, firm="F", position=0))
    session.flush()
    session.add_all(
        [
            Member(alliance_id=1, side_id=1, person_id=n, since=date(2026, 1, 1), role="team")
            for n in (1, 2, 3)
        ]
    )


def counts(session: Session) -> list[int]:
    tables = (Installation, Workspace, Person, Alliance, Side, Member)
    return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


Revise = Callable[[str], None]


@pytest.fixture
def revise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Revise:
    """Adds a further revision with this body, in a folder beside the real ones."""
    folder = tmp_path / "further"
    folder.mkdir()
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    plain_config = migrating._config

    def config(connection: object) -> Config:
        made = plain_config(connection)  # type: ignore[arg-type]
        made.set_main_option("version_locations", f"{MIGRATIONS / 'versions'};{folder}")
        made.set_main_option("path_separator", ";")
        made.config_file_name = None
        return made

    def add(body: str) -> None:
        (folder / "9999_further.py").write_text(
            f'"""Further"""\nimport sqlalchemy as sa\nfrom alembic import op\n'
            f'revision = "9999"\ndown_revision = "{head}"\nbranch_labels = depends_on = None\n'
            f"def upgrade() -> None:\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
        )

    monkeypatch.setattr(migrating, "_config", config)
    return add


def test_tables_and_migrations_agree_and_a_second_run_changes_nothing(database: Database) -> None:
    assert differences(database) == []
    database.run_now(fill)
    migrate(database)
    assert differences(database) == []
    assert database.read_now(counts) == [1, 1, 3, 1, 1, 3]
    empty(database)
    assert inspect(database.reader_engine).get_table_names() == []
    migrate(database)
    assert differences(database) == []
    database.close()


def test_a_difference_is_seen(database: Database) -> None:
    with database.writer_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE toldonce")
        connection.exec_driver_sql("ALTER TABLE draft ADD COLUMN left_over INTEGER")
    found = str(differences(database))
    assert "toldonce" in found
    assert "left_over" in found
    database.close()


def test_rewriting_a_parent_table_keeps_its_children(database: Database, revise: Revise) -> None:
    database.run_now(fill)
    revise(
        """
        with op.batch_alter_table("installation", recreate="always") as batch:
            batch.add_column(sa.Column("motto", sa.String(), server_default="", nullable=False))
        with op.batch_alter_table("person", recreate="always") as batch:
            batch.alter_column("title", existing_type=sa.String(), nullable=True)
        """
        if database.is_sqlite
        else """
        with op.batch_alter_table("installation") as batch:
            batch.add_column(sa.Column("motto", sa.String(), server_default="", nullable=False))
        with op.batch_alter_table("person") as batch:
            batch.alter_column("title", existing_type=sa.String(), nullable=True)
        """
    )
    migrate(database)
    assert database.read_now(counts) == [1, 1, 3, 1, 1, 3]
    columns = [c["name"] for c in inspect(database.reader_engine).get_columns("installation")]
    assert "motto" in columns
    with database.writer_engine.connect() as connection:
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def test_a_migration_that_fails_or_orphans_rows_is_rolled_back_whole(
    database: Database, revise: Revise
) -> None:
    database.run_now(fill)
    if database.is_sqlite:
        revise(
            """
            op.create_table("half_done", sa.Column("id", sa.Integer(), primary_key=True))
            op.execute("DELETE FROM person WHERE id = 3")
            """
        )
        with pytest.raises(BrokenReferences, match="1 rows refer to rows that are gone"):
            migrate(database)
        assert database.read_now(counts) == [1, 1, 3, 1, 1, 3]
    revise(
        """
        op.create_table("half_done", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("UPDATE person SET name = 'changed'")
        raise RuntimeError("the power went")
        """
    )
    with pytest.raises(RuntimeError, match="the power went"):
        migrate(database)
    assert differences(database) == []
    names = database.read_now(lambda s: set(s.exec(select(Person.name))))
    assert names == {"P"}
    database.close()


def test_every_revision_follows_one_other() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_a_new_revision_made_from_the_template_can_be_run(
    database: Database, tmp_path: Path, revise: Revise
) -> None:
    """The template imports what generated lines need."""
    with database.reader_engine.connect() as connection:
        config = migrating._config(connection)
        made = command.revision(
            config, "nothing new", version_path=str(tmp_path / "further"), rev_id="9998"
        )
    assert made is not None
    assert "import sqlmodel" in Path(getattr(made, "path")).read_text()  # noqa: B009
    migrate(database)
    assert differences(database) == []
    database.close()


def test_what_held_before_two_firms_had_a_say_goes_on(database_url: str) -> None:
    """The host's people count as checked, who acted is still written to, and a firm with records
    of its own goes on keeping them."""
    database = Database(database_url)
    migrate(database, "0001")
    with database.writer_engine.begin() as connection:
        for statement in BEFORE_TWO_FIRMS:
            connection.exec_driver_sql(statement)
    migrate(database)
    with database.reader_engine.connect() as connection:
        sides = connection.exec_driver_sql(
            "SELECT id, checked_at IS NOT NULL, checked_by, private_since IS NOT NULL "
            "FROM side ORDER BY id"
        ).fetchall()
        acted = connection.exec_driver_sql(
            "SELECT person_id, acted_at IS NOT NULL FROM member ORDER BY person_id"
        ).fetchall()
        gone = "SELECT person_id FROM member WHERE cleared_at IS NOT NULL"
        cleared = [row[0] for row in connection.exec_driver_sql(gone)]
        stated = [row[0] for row in connection.exec_driver_sql("SELECT stated FROM sideteam")]
    assert [tuple(row) for row in sides] == [(1, True, 1, True), (2, False, None, False)]
    assert [tuple(row) for row in acted] == [(1, True), (2, True), (3, False)]
    assert cleared == [3], "who has left before is not announced now"
    assert [bool(one) for one in stated] == [False], "a firm's workspace needs no confirming now"
    database.close()


def test_who_was_a_sponsor_already_holds_a_seat(database_url: str) -> None:
    """From when their place began, introduced to nobody; a firm without one has an empty seat."""
    database = Database(database_url)
    migrate(database, "0001")
    with database.writer_engine.begin() as connection:
        for statement in (*BEFORE_TWO_FIRMS, *BEFORE_SEATS):
            connection.exec_driver_sql(statement)
    migrate(database)
    with database.reader_engine.connect() as connection:
        held = connection.exec_driver_sql(
            "SELECT person_id, side_id, since, state, next_at, ended_on, length(token) > 9 "
            "FROM sponsorseat"
        ).fetchall()
        empty_since = connection.exec_driver_sql(
            "SELECT id, seat_empty_since IS NOT NULL FROM side ORDER BY id"
        ).fetchall()
    [(person, side, since, *others)] = held
    assert (person, side, str(since)) == (1, 1, "2026-11-02")
    assert others == ["named", None, None, True]
    assert [tuple(row) for row in empty_since] == [(1, False), (2, True)]
    assert differences(database) == []
    database.close()


_AT = "'2026-11-02 09:00:00.000000+00:00'"
_PERSON = (
    "INSERT INTO person (id, workspace_id, user_id, name, title, zone, zone_assumed, standing, "
    "facts_at, reach, reminders_on, digest_minute, digest_weekdays, past_absences, uses_home) "
    f"VALUES ({{0}}, 1, 'U{{0}}', 'P', '', 'Etc/UTC', false, 'full', {_AT}, 'unknown', true, 510, "
    "'01234', '', false)"
)
_MEMBER = (
    "INSERT INTO member (alliance_id, side_id, person_id, role, since, stated) "
    "VALUES (1, {}, {}, 'team', '2026-11-02', false)"
)
_HISTORY = (
    'INSERT INTO historyentry (alliance_id, record, record_id, at, person_id, what, "before", '
    f"\"after\") VALUES (1, '{{}}', 1, {_AT}, {{}}, 'x', '{{{{}}}}', '{{{{}}}}')"
)
BEFORE_TWO_FIRMS = (
    "INSERT INTO installation (id, platform, team_id, name, bot_user_id, installed_at) "
    f"VALUES (1, 'slack', 'T1', 'N', 'U0', {_AT})",
    "INSERT INTO workspace (id, installation_id, team_id) VALUES (1, 1, 'T1')",
    *(_PERSON.format(n) for n in (1, 2, 3)),
    "INSERT INTO alliance (id, installation_id, name, code, zone, tier, purpose, next_number, "
    "owner_rungs, manager_rung, agenda_rung, set_up_by, set_up_at) VALUES (1, 1, 'A', 'AA', "
    f"'Etc/UTC', 'collaborative', '', 1, '0,1,3', 5, 10, 1, {_AT})",
    "INSERT INTO side (id, alliance_id, firm, position, is_host, next_number) "
    "VALUES (1, 1, 'N', 0, true, 2), (2, 1, 'H', 1, false, 1)",
    "INSERT INTO sideteam (alliance_id, side_id, team_id) VALUES (1, 1, 'T1')",
    "INSERT INTO audience (id, alliance_id, name, restricted) VALUES (1, 1, 'side:1', false)",
    "INSERT INTO audienceside (audience_id, side_id) VALUES (1, 1)",
    *(_MEMBER.format(side, person) for side, person in ((1, 1), (2, 2), (2, 3))),
    "UPDATE member SET until = '2026-11-09' WHERE person_id = 3",
    "INSERT INTO conversation (id, installation_id, external_id, kind, name, alliance_id, "
    "audience_id, sharing, team_ids, has_guests, person_ids, bot_is_in) VALUES (1, 1, 'C1', "
    "'channel', 'own', 1, 1, 'internal', 'T1', false, '', true)",
    *(_HISTORY.format(record, person) for record, person in (("alliance", 1), ("action_item", 2))),
    _HISTORY.format("member", 3),
)
BEFORE_SEATS = (
    "UPDATE member SET role = 'sponsor' WHERE person_id IN (1, 3)",
    "UPDATE member SET until = '2026-11-09' WHERE person_id = 3",
)
