"""Safe copies: what was backed up comes back whole and is found at once, or nothing changes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.cli.backup import BackupError, backup, read_contents
from bot.cli.restore import check, restore
from bot.config import Settings
from bot.migrate import (
    SchemaError,
    alembic_config,
    current_schema,
    known_schemas,
    migrate,
    newest_schema,
    open_archive,
    require_schema,
    upgrade_in,
)
from corpus.database import UnitOfWork, connect, reading, writing
from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.library import ArchiveResources
from corpus.storage import essay_store
from corpus.storage.schema import State, backups
from corpus.storage.serving_lock import ServingLock
from tests.support.postgres import postgres_schema

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def essay(title: str) -> Essay:
    block = Block(BlockKind.TEXT, f"{title},這一段有足夠的字可以比對。" * 5)
    return Essay(title, (block,), published=date(2026, 3, 5))


@pytest.fixture
def filled(database_url: str) -> Iterator[Engine]:
    """A database of the present schema with two essays in it."""
    engine = connect(database_url)
    migrate(engine)
    with writing(engine) as connection:
        for title in ("先進封裝的產能", "液冷的帳怎麼算"):
            essay_store.add(connection, essay(title), NOW)
    yield engine
    engine.dispose()


@pytest.fixture
def luopan(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line of an operator whose settings name this database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LUOPAN_INDEX", str(tmp_path / "index"))
    monkeypatch.chdir(tmp_path)
    return lambda *words, answer=None: CliRunner().invoke(app, list(map(str, words)), input=answer)


def titles(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [one.title for one in essay_store.latest(connection, 10)]


def withdraw_first(engine: Engine) -> None:
    with writing(engine) as connection:
        essay_store.set_state(connection, 1, State.WITHDRAWN, NOW)


def test_a_backup_brings_everything_back(filled: Engine, tmp_path: Path) -> None:
    before = titles(filled)
    kept = backup(filled, tmp_path / "copy.gz", NOW)
    withdraw_first(filled)
    assert titles(filled) != before
    assert restore(filled, tmp_path / "copy.gz") == kept
    assert titles(filled) == before
    with writing(filled) as connection:  # new ids go on after the restored ones
        assert essay_store.add(connection, essay("又一篇"), NOW).essay.id == 3


def test_a_backup_says_what_it_holds(filled: Engine, tmp_path: Path) -> None:
    kept = backup(filled, tmp_path / "copy.gz", NOW)
    assert (kept.essays, kept.schema) == (2, newest_schema())
    assert read_contents(tmp_path / "copy.gz") == kept
    assert "2 篇文章" in kept.line
    assert newest_schema() in kept.line
    assert (tmp_path / "copy.gz").stat().st_mode & 0o077 == 0, "members' ids are in it"


def test_half_a_backup_changes_nothing(filled: Engine, tmp_path: Path) -> None:
    before = titles(filled)
    backup(filled, tmp_path / "copy.gz", NOW)
    lines = gzip.decompress((tmp_path / "copy.gz").read_bytes()).splitlines(keepends=True)
    (tmp_path / "half.gz").write_bytes(gzip.compress(b"".join(lines[:-2])))
    (tmp_path / "lean.gz").write_bytes(gzip.compress(b"".join([*lines[:2], *lines[3:]])))
    (tmp_path / "cut.gz").write_bytes((tmp_path / "copy.gz").read_bytes()[:-20])
    (tmp_path / "other.gz").write_bytes(gzip.compress(b"{}"))
    (tmp_path / "text.gz").write_text("hello")
    for name in ("half.gz", "lean.gz", "cut.gz", "other.gz", "text.gz", "missing.gz"):
        with pytest.raises(BackupError):
            restore(filled, tmp_path / name)
    assert titles(filled) == before


def test_a_backup_goes_into_either_database(filled: Engine, tmp_path: Path, postgres_url: str) -> None:
    backup(filled, tmp_path / "copy.gz", NOW)
    with postgres_schema(postgres_url) as schema:
        for url in (f"sqlite:///{tmp_path}/other.db", schema):
            other = connect(url)
            restore(other, tmp_path / "copy.gz")
            assert titles(other) == titles(filled)
            assert current_schema(other) == newest_schema()
            other.dispose()


@pytest.mark.parametrize("numbered", [True, False])
def test_a_backup_of_an_older_version_is_brought_up_to_date(database_url: str, tmp_path: Path, numbered: bool) -> None:
    """Also one from the time when a backup did not say its schema."""
    engine = connect(database_url)
    with writing(engine) as connection:
        upgrade_in(connection, "0003")
        connection.execute(text("INSERT INTO archive (id, revision) VALUES (1, 7)"))
        connection.execute(text("INSERT INTO word_suggestions (word, weight, state) VALUES ('冷板', 1.5, 'open')"))
    kept = backup(engine, tmp_path / "copy.gz", NOW, empty_too=True)
    assert (kept.schema, current_schema(engine)) == ("0003", "0003"), "a backup changes no schema"
    if not numbered:
        _head, *lines = gzip.decompress((tmp_path / "copy.gz").read_bytes()).splitlines(keepends=True)
        old = json.dumps({"format": "luopan-backup-1"}).encode() + b"\n"
        (tmp_path / "copy.gz").write_bytes(gzip.compress(b"".join([old, *lines])))
    restore(engine, tmp_path / "copy.gz")
    assert current_schema(engine) == newest_schema()
    with reading(engine) as connection:
        assert essay_store.mark_at(connection, 7)
        assert connection.execute(text("SELECT weight FROM word_suggestions")).scalar() == 1.5
    engine.dispose()


def test_a_backup_of_a_newer_version_is_left_alone(filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy.gz", NOW)
    head, *lines = gzip.decompress((tmp_path / "copy.gz").read_bytes()).splitlines(keepends=True)
    newer = json.dumps(json.loads(head) | {"schema": "9999"}).encode() + b"\n"
    (tmp_path / "copy.gz").write_bytes(gzip.compress(b"".join([newer, *lines])))
    with pytest.raises(BackupError, match="更新版"):
        restore(filled, tmp_path / "copy.gz")
    assert len(titles(filled)) == 2


def test_after_an_older_backup_what_is_added_is_found(filled: Engine, tmp_path: Path) -> None:
    """The index had seen these revisions already, with other essays in them."""

    def found(word: str) -> list[str]:
        archive = ArchiveResources(filled, tmp_path / "index")
        with UnitOfWork(filled) as work:
            library = archive.library(work, Audience.GUEST)
            library.wait_for_index()
            return [hit.essay.title for hit in library.search(word, NOW).hits]

    backup(filled, tmp_path / "copy.gz", NOW)
    with writing(filled) as connection:
        essay_store.add(connection, essay("鈣鈦礦太陽能電池的良率"), NOW)
    assert found("鈣鈦礦") == ["鈣鈦礦太陽能電池的良率"]
    restore(filled, tmp_path / "copy.gz")
    with writing(filled) as connection:
        essay_store.add(connection, essay("低軌衛星的地面站"), NOW)
    assert found("低軌衛星") == ["低軌衛星的地面站"]
    assert "鈣鈦礦太陽能電池的良率" not in found("鈣鈦礦")


# the commands


def test_a_drill(filled: Engine, luopan: Callable[..., Result], tmp_path: Path) -> None:
    """Back up, lose it all, bring it back: as an operator types it."""
    before = titles(filled)
    made = luopan("backup", "copies", "--keep", "2", "--check")
    assert made.exit_code == 0, made.output
    assert "2 篇文章" in made.output
    assert "還原試過" in made.output
    [copy] = (tmp_path / "copies").glob("luopan-*.gz")
    withdraw_first(filled)
    done = luopan("restore", copy, answer="y\n")
    assert done.exit_code == 0, done.output
    assert "現在：" in done.output
    assert "備份：" in done.output
    assert titles(filled) == before


def test_a_restore_asks_and_no_means_no(filled: Engine, luopan: Callable[..., Result], tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy.gz", NOW)
    withdraw_first(filled)
    for answer in ("n\n", ""):
        refused = luopan("restore", tmp_path / "copy.gz", answer=answer)
        assert refused.exit_code == 1
        assert len(titles(filled)) == 1
    assert luopan("restore", tmp_path / "copy.gz", "--yes").exit_code == 0
    assert len(titles(filled)) == 2


def test_a_restore_is_refused_while_a_process_serves(
    filled: Engine, luopan: Callable[..., Result], tmp_path: Path
) -> None:
    backup(filled, tmp_path / "copy.gz", NOW)
    lock = ServingLock(filled)
    lock.hold()
    refused = luopan("restore", tmp_path / "copy.gz", "--yes")
    assert (refused.exit_code, "先停掉" in refused.output) == (1, True)
    lock.release()
    assert luopan("restore", tmp_path / "copy.gz", "--yes").exit_code == 0


def test_what_an_operator_slips_on_at_night_is_told_in_plain_words(
    filled: Engine, luopan: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "text.gz").write_text("hello")
    for words, why in (
        (("restore", "luopan-20261121.gz"), "luopan-20261121.gz：沒有這個檔案；資料庫沒有變。"),
        (("restore", "text.gz"), "不是羅盤的備份檔；資料庫沒有變。"),
        (("backup", "text.gz/copy.gz"), "text.gz，那裡已經有別的檔案。"),
        (("backup", "/proc/nowhere/copy.gz"), "/proc/nowhere，沒有這個檔案或資料夾。"),
    ):
        told = luopan(*words)
        assert told.exit_code == 1
        assert why in told.output, told.output
        assert len(told.output.splitlines()) == 1
    assert len(titles(filled)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_from_another_folder_makes_no_database(
    luopan: Callable[..., Result], database_url: str, tmp_path: Path
) -> None:
    refused = luopan("backup", tmp_path / "copy.gz")
    assert refused.exit_code == 1
    assert "這裡沒有資料庫" in refused.output
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_is_neither_backed_up_nor_brought_back(
    luopan: Callable[..., Result], database_url: str, tmp_path: Path
) -> None:
    engine = connect(database_url)
    for prepare in (lambda: engine.connect().close(), lambda: migrate(engine)):  # just made; with its tables
        prepare()
        refused = luopan("backup", tmp_path / "copy.gz")
        assert (refused.exit_code, "一篇文章也沒有" in refused.output) == (1, True)
        assert not (tmp_path / "copy.gz").exists()
    backup(engine, tmp_path / "empty.gz", NOW, empty_too=True)
    refused = luopan("restore", tmp_path / "empty.gz", "--yes")
    assert (refused.exit_code, "一篇文章也沒有" in refused.output) == (1, True)
    engine.dispose()


def test_a_folder_keeps_the_newest_and_the_database_a_note_of_each(
    filled: Engine, luopan: Callable[..., Result], tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"luopan-2026110{day}-000000.gz").touch()
    (folder / "mine.gz").touch()
    assert luopan("backup", folder, "--keep", "2").exit_code == 0
    assert sorted(file.name for file in folder.iterdir())[0] == "luopan-20261103-000000.gz"
    assert len(list(folder.glob("luopan-*.gz"))) == 2
    assert (folder / "mine.gz").exists(), "what is not ours is not ours to delete"
    with reading(filled) as connection:
        [row] = connection.execute(backups.select())
    assert (row.essays, row.checked) == (2, False)


def test_a_check_notices_a_backup_that_does_not_come_back(filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "copy.gz", NOW)
    assert check(tmp_path / "copy.gz").essays == 2
    lines = gzip.decompress((tmp_path / "copy.gz").read_bytes()).splitlines(keepends=True)
    strange = [line.replace(b'["essays", {', b'["essays", {"unheard": 1, ') for line in lines]
    (tmp_path / "copy.gz").write_bytes(gzip.compress(b"".join(strange)))
    with pytest.raises(BackupError):
        check(tmp_path / "copy.gz")


# the schema


def tables(engine: Engine) -> list[str]:
    return sorted(inspect(engine).get_table_names())


def test_only_migrate_changes_the_schema_of_a_database_in_use(
    luopan: Callable[..., Result], database_url: str, tmp_path: Path
) -> None:
    engine = connect(database_url)
    with writing(engine) as connection:
        upgrade_in(connection, "0003")
    before = tables(engine)
    (tmp_path / "a.md").write_text("# 題目\n\n" + "內容寫在這裡,夠長才算一段。" * 5)
    for words in (("add", "a.md"), ("ask", "散熱"), ("digest", "2330"), ("codes",), ("doctor",), ("backup", "b.gz")):
        refused = luopan(*words)
        assert refused.exit_code != 0
        said = refused.output + str(refused.exception or "")
        assert words[0] in ("doctor", "backup") or isinstance(refused.exception, SchemaError)
        assert words[0] in ("backup",) or "luopan migrate" in said, words
        assert (tables(engine), current_schema(engine)) == (before, "0003")
    assert luopan("split", "a.md").exit_code == 0
    assert luopan("migrate").exit_code == 0
    assert current_schema(engine) == newest_schema()
    engine.dispose()


def test_a_newcomers_first_command_just_works(luopan: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 題目\n\n" + "內容寫在這裡,夠長才算一段。" * 5)
    assert luopan("add", "a.md").exit_code == 0


def test_a_database_of_a_newer_version_is_left_alone(filled: Engine) -> None:
    with writing(filled) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="更新版"):
        require_schema(filled)


def test_a_server_brings_an_older_schema_up_to_date(database_url: str, tmp_path: Path) -> None:
    engine = connect(database_url)
    with writing(engine) as connection:
        upgrade_in(connection, "0003")
    settings = Settings(database_url=database_url, luopan_index=str(tmp_path / "index"))
    open_archive(settings, serving=True)
    assert current_schema(engine) == newest_schema()
    engine.dispose()


def test_the_newest_schema_is_the_head_of_its_migrations() -> None:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(alembic_config())
    assert newest_schema() == scripts.get_current_head()
    assert known_schemas() == {script.revision for script in scripts.walk_revisions()}
