"""What Teams costs where it is not configured: nothing. And its SDK reads no `.env` of ours."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python(code: str, folder: Path) -> str:
    """What a process of its own prints, begun in a folder."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_without_teams_nothing_of_its_sdk_is_imported(tmp_path: Path) -> None:
    loaded = (
        "import bot.__main__, sys\n"
        "print([name for name in ('microsoft_teams', 'httpx', 'jwt', 'cryptography', 'msal') "
        "if name in sys.modules])"
    )
    assert python(loaded, tmp_path) == "[]"
    with_teams = "import bot.teams, sys; print('microsoft_teams.apps' in sys.modules)"
    assert python(with_teams, tmp_path) == "True"


def test_the_sdk_takes_nothing_from_the_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS=true\nX_OURS=1\n")
    read = "import os, bot.teams; print(os.environ.get('X_OURS'))"
    assert python(read, tmp_path) == "1", "it would, by itself"
    closed = f"from bot.settings import keep_dotenv_closed; keep_dotenv_closed()\n{read}"
    assert python(closed, tmp_path) == "None"
