"""The page for an administrator: reasons from one place, where data lives, and no secret."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import slack_reasons
from bot.__main__ import cli
from bot.request_page import page
from bot.settings import Settings, SlackCredentials
from governance.messages import posting

ROOT = Path(__file__).parent.parent


def test_it_gives_a_reason_for_everything_the_bot_asks_for() -> None:
    said = page(Settings())
    for reasons in (slack_reasons.SCOPES, slack_reasons.EVENTS):
        for name, why in reasons.items():
            assert f"| `{name}` | {why} |" in said
    assert all(sentence in said for sentence in slack_reasons.NOT_ASKED)


def test_the_documentation_gives_the_same_reasons() -> None:
    told = (ROOT / "docs" / "slack.md").read_text()
    assert slack_reasons.table("Scope", slack_reasons.SCOPES) in told
    assert slack_reasons.table("Event", slack_reasons.EVENTS) in told
    assert slack_reasons.listed(slack_reasons.NOT_ASKED) in told


def test_it_says_where_data_lives_and_never_how_one_gets_in() -> None:
    assert "a SQLite file on the machine that runs the bot (`data/alliance.db`)" in page(Settings())
    url = "postgresql://keeper:hunter2@db.example.com:5433/alliances?password=hunter3"
    said = page(Settings(database_url=url))
    assert "our PostgreSQL database `alliances` on `db.example.com`, port 5433" in said
    for secret in ("keeper", "hunter2", "hunter3"):
        assert secret not in said


def test_how_long_things_are_kept_is_what_the_purge_does() -> None:
    said = page(Settings())
    assert f"| {posting.CONTENT_KEPT.days} days |" in said
    assert f"| {posting.RECEIPTS_KEPT.days} days |" in said


def test_it_says_which_way_the_connection_goes() -> None:
    socket = SlackCredentials("xoxb-secret", app_token="xapp-secret")
    signed = SlackCredentials("xoxb-secret", signing_secret="signing")
    assert "nothing calls in" in page(Settings(slack=socket))
    assert "signature is checked" in page(Settings(slack=signed))
    assert "secret" not in page(Settings(slack=socket)).replace("user token", "")


def test_the_command_prints_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(cli, ["request"])
    assert printed.exit_code == 0
    assert printed.output.startswith("# Request: install the Slack app Alliance\n")
    assert "What the partner's administrator must do" in printed.output
