"""Whatever a command writes is for its own user, however careless the shell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_no_file_of_a_command_can_be_read_by_others(tmp_path: Path) -> None:
    command = f"umask 0; exec {sys.executable} -c 'from bot.cli import main; main()' migrate"
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/data/luopan.db", "PATH": os.environ["PATH"]}
    subprocess.run(["sh", "-c", command], check=True, env=settings, cwd=tmp_path, capture_output=True)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "luopan.db" for path in written)
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []
