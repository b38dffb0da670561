"""Safe copies: what was backed up comes back whole, or nothing changes."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.cli.backup import BackupError, backup, restore
from bot.migrate import all_metadata
from corpus.database import reading, writing
from corpus.essay import Block, BlockKind, Essay
from corpus.storage import essay_store

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A database with two essays in it."""
    all_metadata().create_all(engine)
    with writing(engine) as connection:
        for title in ("先進封裝的產能", "液冷的帳怎麼算"):
            block = Block(BlockKind.TEXT, f"{title},這一段有足夠的字可以比對。" * 5)
            essay_store.add(connection, Essay(title, (block,), published=date(2026, 3, 5)), NOW)
    return engine


def titles(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [essay.title for essay in essay_store.latest(connection, 10)]


def test_a_backup_brings_everything_back(filled: Engine, tmp_path: Path) -> None:
    before = titles(filled)
    kept = backup(filled, tmp_path / "copy.gz")
    with writing(filled) as connection:
        essay_store.set_state(connection, 1, essay_store.State.WITHDRAWN, NOW)
    assert titles(filled) != before
    assert restore(filled, tmp_path / "copy.gz") == kept
    assert titles(filled) == before
    with writing(filled) as connection:  # new ids go on after the restored ones
        added = essay_store.add(
            connection, Essay("又一篇", (Block(BlockKind.TEXT, "完全不一樣的內容寫在這裡。" * 5),)), NOW
        )
    assert added.essay.id == 3


def test_half_a_backup_changes_nothing(filled: Engine, tmp_path: Path) -> None:
    before = titles(filled)
    backup(filled, tmp_path / "copy.gz")
    lines = gzip.decompress((tmp_path / "copy.gz").read_bytes()).splitlines(keepends=True)
    (tmp_path / "half.gz").write_bytes(gzip.compress(b"".join(lines[:-2])))
    (tmp_path / "cut.gz").write_bytes((tmp_path / "copy.gz").read_bytes()[:-20])
    (tmp_path / "other.gz").write_bytes(gzip.compress(b"{}"))
    for name in ("half.gz", "cut.gz", "other.gz", "missing.gz"):
        with pytest.raises(BackupError):
            restore(filled, tmp_path / name)
    assert titles(filled) == before
