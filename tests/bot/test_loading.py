"""What a process loads before anybody asks for it: memory and the time of every start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

INTAKE = {"lxml", "pypdf", "docx", "feedparser", "charset_normalizer", "scipy", "jieba"}
SELDOM = INTAKE | {"alembic", "mako", "psycopg", "redis", "holidays", "yaml", "cheroot"}
SERVING = {"flask", "linebot", "cryptography", "wtforms", "prometheus_client"}
ARCHIVE = {"sqlalchemy", "numpy", "tantivy", "rjieba", "opencc", "regex"}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("bot.app", SELDOM | {"linebot", "datasketch", "pydantic", "pypinyin"}),
        ("bot.cli.ask, bot.migrate", SELDOM | SERVING),
        ("bot.cli.worker", SELDOM | {"flask", "wtforms", "linebot", "rjieba"}),
        ("bot.cli", SELDOM | SERVING | ARCHIVE | {"pydantic", "rich", "urllib3"}),
        ("bot.gunicorn", SELDOM | SERVING | ARCHIVE | {"pydantic", "rich", "urllib3"}),
    ],
)
def test_a_module_loads_only_what_it_needs(module: str, unwanted: set[str]) -> None:
    assert not unwanted & loaded_by(f"import {module}")


def test_sending_and_asking_need_no_sdk() -> None:
    called = "LineClient('http://127.0.0.1:1', 'token').reply('token', b'{}'); LineClient('http://127.0.0.1:1', '').learn_about_itself()"
    loaded = loaded_by(f"from bot.line.client import LineClient; {called}")
    assert "urllib3" in loaded
    assert not {"linebot", "aiohttp", "requests"} & loaded


def test_a_worker_with_nothing_to_search_reads_no_dictionary(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/luopan.db"
    line = "line_channel_secret='s', line_channel_access_token='t', line_api_base='http://127.0.0.1:1'"
    settings = f"Settings({line}, database_url='{database}')"
    ticked = f"build_sender({settings}).worker.tick(datetime.now(UTC))"
    script = f"from datetime import UTC, datetime; from bot.config import Settings; from bot.outbound.sender import build_sender; {ticked}"
    assert not {"rjieba", "flask", "redis"} & loaded_by(script)


def loaded_by(script: str) -> set[str]:
    """The packages that a process has loaded when it has run this."""
    script += "; import sys; print('loaded', *{name.partition('.')[0] for name in sys.modules})"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    return set(printed.splitlines()[-1].split()[1:])
