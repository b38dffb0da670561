"""Each threat of THREAT_MODEL.md names a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
THREATS = [
    line
    for line in (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| threat", "| ---"))
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_threat_names_its_test() -> None:
    assert THREATS
    assert [threat for threat in THREATS if not NAMED.search(threat)] == []


def test_every_test_that_is_named_exists() -> None:
    named = {found for threat in THREATS for found in NAMED.findall(threat)}
    missing = [f"{path}::{name}" for path, name in sorted(named) if name not in _tests_of(ROOT / path)]
    assert missing == []


def _tests_of(path: Path) -> set[str]:
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
