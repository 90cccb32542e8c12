"""Imports go one way, as pyproject.toml says."""

from pathlib import Path

import pytest
from importlinter.api import read_configuration
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
PLATFORMS = ("slack_sdk", "slack_bolt", "handlers.slack", "microsoft_teams", "handlers.teams")


def test_imports_go_one_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    said = capsys.readouterr().out
    assert status == EXIT_STATUS_SUCCESS, said
    contracts = read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
    assert len(contracts) >= 5


def test_only_the_settings_read_the_environment() -> None:
    for folder in ("bot", "governance", "handlers", "storage", "playground"):
        for file in (ROOT / folder).rglob("*.py"):
            if file.name != "settings.py":
                text = file.read_text()
                assert "os.environ" not in text, file
                assert "getenv" not in text, file


def test_only_doors_and_ticks_read_the_clock() -> None:
    for folder in ("governance", "handlers", "storage"):
        for file in (ROOT / folder).rglob("*.py"):
            text = file.read_text()
            for reading in ("datetime.now(", "date.today(", "utcnow(", "time.time("):
                assert reading not in text, (file, reading)


def test_no_noun_knows_a_chat_platform() -> None:
    """Whichever file comes new: the contract in pyproject.toml lists them by name."""
    for folder in ("handlers", "governance", "storage"):
        for file in (ROOT / folder).rglob("*.py"):
            if file.parent in (ROOT / "handlers" / "slack", ROOT / "handlers" / "teams"):
                continue
            text = file.read_text()
            for platform in PLATFORMS:
                assert platform not in text, (file, platform)
