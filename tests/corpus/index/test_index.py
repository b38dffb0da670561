"""The index follows the store, and survives whatever happens to its folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.essay import Audience
from corpus.index import Index, Scope, Term, TermForm, documents
from corpus.index.documents import PARAGRAPH
from corpus.index.lifecycle import AT_ONCE
from tests.support.small_archive import Archive, essay, segmenter

pytestmark = pytest.mark.slow


FIRST = essay("第一篇", "散熱的文章。")
SECOND = essay("第二篇", "儲能的文章。")


def found(index: Index, word: str) -> list[int]:
    assert index.generation is not None
    matches = index.generation.search(PARAGRAPH, (Term((TermForm(word),)),), Scope(Audience.GUEST), 10)
    return sorted({match.essay for match in matches})


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive([FIRST, SECOND], folder=tmp_path / "index")
    assert made.follow()
    return made


def test_a_new_essay_is_found_by_the_next_question(archive: Archive) -> None:
    number = archive.publish(essay("第三篇", "機器人的文章。"))
    archive.follow()
    assert found(archive.index, "机器人") == [number]
    assert archive.index.revision == 3


def test_a_changed_essay_is_found_by_its_new_words_only(archive: Archive) -> None:
    archive.publish(essay("第一篇", "航運的文章。", id=1))
    archive.follow()
    assert found(archive.index, "航运") == [1]
    assert found(archive.index, "散热") == []


def test_a_withdrawn_essay_is_found_by_none(archive: Archive) -> None:
    archive.withdraw(1)
    archive.follow()
    assert found(archive.index, "散热") == []
    assert found(archive.index, "储能") == [2]


def test_another_reader_of_the_same_folder_sees_what_was_published(archive: Archive) -> None:
    other = Index(archive.index.folder, segmenter())
    archive.publish(essay("第三篇", "機器人的文章。"))
    archive.follow()
    assert other.refresh(archive.revision, archive.changes)
    assert found(other, "机器人") == [3]


def test_a_large_backlog_is_caught_up_while_questions_go_on(archive: Archive) -> None:
    for number in range(AT_ONCE + 1):
        archive.publish(essay(f"第{number}篇", "航運的文章。"))
    assert not archive.follow()
    assert found(archive.index, "散热") == [1]  # answered from what is there
    archive.index.wait()
    assert archive.follow()
    assert len(found(archive.index, "航运")) == 10


def test_a_deleted_folder_is_made_again_and_read_from_memory_until_then(archive: Archive) -> None:
    shutil.rmtree(archive.index.folder)
    assert found(archive.index, "散热") == [1]
    assert archive.follow()
    assert found(archive.index, "散热") == [1]
    assert found(Index(archive.index.folder, segmenter()), "储能") == [2]


def segments(archive: Archive) -> list[Path]:
    return [
        file
        for file in archive.index.folder.rglob("*.*")
        if file.suffix in (".store", ".idx", ".term", ".pos", ".fast")
    ]


@pytest.mark.parametrize("ending", [".store", ".idx", ".term", ".pos", ".fast"])
def test_a_truncated_file_is_noticed_and_mended(archive: Archive, ending: str) -> None:
    [file] = [file for file in segments(archive) if file.suffix == ending]
    with file.open("r+b") as handle:
        handle.truncate(file.stat().st_size // 2)
    assert archive.follow()
    assert found(archive.index, "散热") == [1]


def test_a_file_with_one_wrong_byte_is_noticed_when_it_is_opened(archive: Archive) -> None:
    [file] = [file for file in segments(archive) if file.suffix == ".store"]
    data = bytearray(file.read_bytes())
    data[0] ^= 0xFF
    file.write_bytes(data)
    fresh = Index(archive.index.folder, segmenter())
    assert fresh.generation is None
    assert fresh.refresh(archive.revision, archive.changes)
    assert found(fresh, "散热") == [1]


@pytest.mark.parametrize("name", ["current", "meta.json"])
def test_nonsense_in_a_small_file_leads_to_a_rebuild(archive: Archive, name: str) -> None:
    [file] = archive.index.folder.rglob(name)
    file.write_text("nonsense")
    fresh = Index(archive.index.folder, segmenter())
    assert fresh.refresh(archive.revision, archive.changes)
    assert found(fresh, "储能") == [2]


def test_a_store_put_back_from_a_backup_is_followed_back(archive: Archive) -> None:
    archive.withdraw(2)
    archive.follow()
    archive.essays[2] = SECOND
    archive.publish(essay("第二篇", "儲能的文章。", id=2))
    archive.withdrawn.clear()
    archive.revision = 2
    assert archive.follow()
    assert found(archive.index, "储能") == [2]


def test_a_new_word_of_the_lexicon_means_a_new_index(archive: Archive) -> None:
    from corpus.language.segment import Segmenter

    wiser = Index(archive.index.folder, Segmenter(["散熱的文"]))
    assert wiser.refresh(archive.revision, archive.changes)
    assert wiser.generation is not None
    assert wiser.generation.fingerprint == wiser.segmenter.fingerprint


@pytest.fixture
def another_version(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Once the archive is indexed, documents have a field more."""
    with monkeypatch.context() as patch:
        patch.setattr(documents, "PLACED_FIELDS", ("more", *documents.PLACED_FIELDS))
        documents.schema.cache_clear()
        yield
    documents.schema.cache_clear()


@pytest.mark.usefixtures("another_version")
def test_an_index_with_the_fields_of_another_version_is_made_anew(archive: Archive) -> None:
    folder = archive.index.folder
    before = (folder / "current").read_text()
    newer = Index(folder, segmenter())
    assert newer.generation is None, "nothing is read from fields that mean something else"
    assert newer.refresh(2, archive.changes, wait=True)
    assert (folder / "current").read_text() != before
    assert found(newer, "散热") == [1]


def test_two_rebuilds_at_once_leave_one_sound_index(tmp_path: Path) -> None:
    archive = Archive([FIRST, SECOND], folder=tmp_path / "index")
    indexes = [Index(tmp_path / "index", segmenter()) for _ in range(4)]
    threads = [threading.Thread(target=index.refresh, args=(2, archive.changes, True)) for index in indexes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found(index, "散热") for index in indexes] == [[1]] * 4
    assert len([path for path in (tmp_path / "index").iterdir() if path.is_dir()]) == 1


WRITER = """
import sys
from pathlib import Path
from corpus.index import Index
from tests.support.small_archive import Archive, essay, segmenter

folder = Path(sys.argv[1])
archive = Archive([essay("第一篇", "散熱的文章。"), essay("第二篇", "儲能的文章。")], folder=folder)
print("ready", flush=True)
while True:
    archive.publish(essay("新的一篇", "機器人的文章。", id=3))
    archive.follow()
    print(archive.revision, flush=True)
"""


@pytest.mark.kill
def test_a_writer_killed_at_any_moment_leaves_a_sound_index(tmp_path: Path) -> None:
    for commits in (0, 3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "index")],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
            env=os.environ | {"PYTHONPATH": "."},
        )
        assert writer.stdout is not None
        for _ in range(commits + 1):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        archive = Archive([FIRST, SECOND], folder=tmp_path / "index")
        assert archive.follow()
        assert found(archive.index, "散热") == [1]
        assert found(archive.index, "机器人") == []
