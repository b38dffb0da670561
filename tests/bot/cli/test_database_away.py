"""Commands without their database, and the Procfile's server with settings from a file: in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def python(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**environment, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command", [("ask", "散熱"), ("migrate",), ("backup", "there.gz")], ids=lambda command: command[0]
)
def test_a_command_whose_database_is_away_says_so_in_a_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    told = python(tmp_path, "-m", "bot.cli", *command, DATABASE_URL=NOWHERE)
    assert told.returncode != 0
    assert "資料庫現在連不上" in told.stderr
    assert "Traceback" not in told.stderr
    assert len(told.stderr.splitlines()) <= 2


def test_the_procfiles_server_reads_the_settings_file_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=18123\nREDIS_URL=redis://127.0.0.1:1/0\n")
    show = "from bot import gunicorn as made; print(made.bind, made.workers)"
    told = python(tmp_path, "-c", show, WEB_CONCURRENCY="2")  # several only with a Redis
    assert told.stdout.split() == ["0.0.0.0:18123", "2"], told.stderr


def test_processes_share_their_figures_in_memory_and_leave_none(tmp_path: Path) -> None:
    """Not in the temporary folder, which a full disk may hold."""
    (tmp_path / "small").mkdir()
    show = "from bot import gunicorn as made; from os import environ; from pathlib import Path; print(environ['PROMETHEUS_MULTIPROC_DIR'])"
    end = "made.on_exit(None); print(Path(environ['PROMETHEUS_MULTIPROC_DIR']).exists())"
    given = {"TMPDIR": str(tmp_path / "small"), "REDIS_URL": "redis://127.0.0.1:1/0", "WEB_CONCURRENCY": "2"}
    folder, is_left = python(tmp_path, "-c", f"{show}; {end}", **given).stdout.split()
    assert folder.startswith("/dev/shm/luopan-metrics-")
    assert is_left == "False"


def test_where_nothing_can_be_logged_the_bot_goes_on(tmp_path: Path) -> None:
    full = "import sys; sys.stderr = open('/dev/full', 'w')"
    say = "from bot.logs import log; log.error('full'); print('on')"
    assert python(tmp_path, "-c", f"{full}; {say}").stdout == "on\n"
