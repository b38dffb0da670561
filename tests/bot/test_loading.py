"""What a process loads before anybody asks for it: memory and the time of every start."""

from __future__ import annotations

import subprocess
import sys

import pytest

INTAKE = {"lxml", "pypdf", "docx", "feedparser", "charset_normalizer", "scipy", "jieba"}
SELDOM = INTAKE | {"alembic", "mako", "psycopg", "redis", "holidays", "yaml", "cheroot"}
SERVING = {"flask", "linebot", "cryptography", "wtforms", "prometheus_client"}
ARCHIVE = {"sqlalchemy", "numpy", "tantivy", "rjieba", "opencc", "regex"}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("bot.app", SELDOM | {"linebot", "datasketch", "pypinyin"}),  # the SDK's client comes with the first call
        ("bot.cli.ask, bot.migrate", SELDOM | SERVING),
        ("bot.cli", SELDOM | SERVING | ARCHIVE | {"pydantic", "rich", "structlog", "urllib3"}),
        ("bot.gunicorn", SELDOM | SERVING | ARCHIVE | {"rich", "structlog", "urllib3"}),
    ],
)
def test_a_module_loads_only_what_it_needs(module: str, unwanted: set[str]) -> None:
    script = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not unwanted & set(loaded)
