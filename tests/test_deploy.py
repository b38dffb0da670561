"""What the example units of deploy/ allow, by the judgement of systemd itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parent.parent / "deploy" / "systemd").glob("*.service"))
OK = "20"  # tenths: what systemd calls OK ends at 4.9, and ours are far below


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_may_do_little(unit: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd on this machine")
    judged = subprocess.run(
        [analyze, "security", "--offline=yes", f"--threshold={OK}", unit], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout
