"""What the environment and `.env` say, and what is said of it when it is wrong."""

from pathlib import Path

import pytest

from bot.settings import Settings, WrongSettings, read_settings

BOT = {"SLACK_BOT_TOKEN": "xoxb-1-a"}
BOTH = BOT | {"SLACK_SIGNING_SECRET": "0123"}


def read(tmp_path: Path, environment: dict[str, str], dotenv: str = "") -> Settings:
    (tmp_path / ".env").write_text(dotenv)
    return read_settings(environment, tmp_path / ".env")


def wrong(tmp_path: Path, environment: dict[str, str]) -> str:
    with pytest.raises(WrongSettings) as caught:
        read(tmp_path, environment)
    return str(caught.value)


def test_without_credentials_there_is_no_slack_and_all_else_has_a_default(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / "no such file") == Settings()
    assert read(tmp_path, {"SLACK_BOT_TOKEN": "  ", "PATH": "/bin"}) == Settings()
    assert Settings().slack is None


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    dotenv = (
        "# ours\nexport SLACK_BOT_TOKEN='xoxb-file'\nSLACK_SIGNING_SECRET=file # said why\n"
        'CAPTURE_REACTION=":memo:"\nPORT=4000\nEMPTY\n'
    )
    settings = read(tmp_path, {"SLACK_BOT_TOKEN": "xoxb-here", "PORT": " 5000 "}, dotenv)
    assert settings.slack is not None
    assert settings.slack.bot_token == "xoxb-here"
    assert settings.slack.signing_secret == "file"
    assert settings.port == 5000
    assert settings.capture_reaction == "memo"


def test_the_real_environment_and_the_file_here_are_what_is_read_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=4001\nHOST=127.0.0.1\n")
    monkeypatch.setenv("PORT", "4002")
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 4002)


def test_an_app_token_means_socket_mode_and_a_secret_alone_http(tmp_path: Path) -> None:
    http = read(tmp_path, BOTH).slack
    socket = read(tmp_path, BOT | {"SLACK_APP_TOKEN": "xapp-1"}).slack
    assert http is not None
    assert socket is not None
    assert (http.socket_mode, socket.socket_mode) == (False, True)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        (BOT, ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"SLACK_SIGNING_SECRET": "0123"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_BOT_TOKEN"]),
        (BOTH | {"SLACK_BOT_TOKEN": "xoxp-1"}, ["SLACK_BOT_TOKEN must begin with xoxb-"]),
        (BOTH | {"SLACK_APP_TOKEN": "xoxb-1"}, ["SLACK_APP_TOKEN must begin with xapp-"]),
        ({"PORT": "http"}, ["PORT"]),
        ({"PORT": "70000"}, ["PORT"]),
        ({"DATABASE_URL": "mysql://x/y"}, ["DATABASE_URL", "postgresql://"]),
        ({"LOG_FORMAT": "xml"}, ["LOG_FORMAT"]),
        (
            {"SLACK_APP_TOKEN": "nope", "PORT": "-1", "DATABASE_URL": "here"},
            ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "PORT", "DATABASE_URL"],
        ),
    ],
)
def test_everything_wrong_is_named_at_once(
    tmp_path: Path, environment: dict[str, str], named: list[str]
) -> None:
    said = wrong(tmp_path, environment)
    for name in named:
        assert name in said
    for secret in ("xoxp-1", "0123"):
        assert secret not in said.replace("xoxb-", "")


TEAMS = {
    "TEAMS_CLIENT_ID": "AAAAAAAA-2222-3333-4444-555555555555",
    "TEAMS_CLIENT_SECRET": "s~cret",
    "TEAMS_TENANT_ID": "BBBBBBBB-2222-3333-4444-555555555555",
}
OTHER = "cccccccc-2222-3333-4444-555555555555"


def test_teams_may_stand_alone_or_beside_slack(tmp_path: Path) -> None:
    alone = read(tmp_path, TEAMS)
    assert alone.slack is None
    assert alone.teams is not None
    assert alone.teams.client_id.startswith("aaaaaaaa"), "ids are compared in small letters"
    assert alone.teams.tenants == {TEAMS["TEAMS_TENANT_ID"].lower()}
    assert not alone.teams.several
    both = read(tmp_path, TEAMS | BOTH)
    assert both.slack is not None
    assert both.teams is not None


def test_other_tenants_and_a_bot_for_several_are_said(tmp_path: Path) -> None:
    more = {"TEAMS_OTHER_TENANTS": f"{OTHER.upper()}, {OTHER}", "TEAMS_BOT_TYPE": "multi"}
    teams = read(tmp_path, TEAMS | more | {"TEAMS_FIRM": "Northwind Bio"}).teams
    assert teams is not None
    assert teams.tenants == {TEAMS["TEAMS_TENANT_ID"].lower(), OTHER}
    assert (teams.several, teams.firm) == (True, "Northwind Bio")


def test_every_teams_setting_that_is_missing_or_wrong_is_named(tmp_path: Path) -> None:
    said = wrong(
        tmp_path,
        {"TEAMS_CLIENT_ID": "alliance", "TEAMS_OTHER_TENANTS": "helix", "TEAMS_BOT_TYPE": "both"},
    )
    for named in (
        "TEAMS_CLIENT_SECRET is missing",
        "TEAMS_TENANT_ID is missing",
        "TEAMS_CLIENT_ID must be an id",
        "“helix”",
        "TEAMS_BOT_TYPE is single or multi",
    ):
        assert named in said
