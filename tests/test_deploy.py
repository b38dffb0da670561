"""What the example units of deploy/ allow, by the judgement of systemd itself, and what the containers may."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
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


def test_a_container_without_capabilities_does_not_start_as_root() -> None:
    """The entrance of redis' image would change the user, which takes a capability."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    bare = [name for name, service in services.items() if service.get("cap_drop") == ["ALL"]]
    assert {"web", "worker", "backup", "cache"} <= set(bare)
    for name in bare:
        assert services[name].get("user", "root" if services[name]["image"] != "luopan" else "luopan") != "root", name
    assert "\nUSER luopan\n" in (ROOT / "Dockerfile").read_text()


def test_what_the_guide_copies_into_a_container_goes_where_it_can_be_written() -> None:
    """Docker copies into no tmpfs, nor into a root that is read-only."""
    web = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["web"]
    volumes = [mount.split(":")[1] for mount in web["volumes"]]
    copied = re.findall(r"docker compose cp \S+ web:(/\w+)", (ROOT / "docs" / "deploy-vps.md").read_text())
    assert web["read_only"]
    assert copied
    assert set(copied) <= set(volumes)
