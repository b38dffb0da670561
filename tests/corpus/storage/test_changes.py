"""What an index is made of is read some essays at a time, and all of it arrives: on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from corpus.database import UnitOfWork, reading, writing
from corpus.essay import Audience, Block, BlockKind, Essay
from corpus.index.queries import Scope
from corpus.library import READ_AT_ONCE, ArchiveResources
from corpus.storage import essay_store
from corpus.storage.schema import State

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def shelve(engine: Engine, count: int) -> list[int]:
    with writing(engine) as connection:
        essays = [
            Essay(f"第{number}篇", (Block(BlockKind.TEXT, f"{number}號說的是{number * number}。"),))
            for number in range(count)
        ]
        return [essay_store.add(connection, essay, NOW).essay.id for essay in essays]


def test_the_first_changes_come_first_and_the_others_after_them(engine: Engine) -> None:
    first, second, third = shelve(engine, 3)
    with writing(engine) as connection:
        essay_store.set_state(connection, second, State.WITHDRAWN, NOW)
    with reading(engine) as connection:
        some = essay_store.changes(connection, 0, 2)
        rest = essay_store.changes(connection, some[-1].revision, 2)
    assert [change.essay_id for change in some] == [first, third]
    assert [(change.essay_id, change.essay) for change in rest] == [(second, None)]


def test_an_index_holds_more_essays_than_are_read_at_once(engine: Engine, tmp_path: Path) -> None:
    ids = shelve(engine, READ_AT_ONCE + 1)
    archive = ArchiveResources(engine, tmp_path / "index")
    with UnitOfWork(engine) as work:
        archive.library(work, Audience.EDITOR).wait_for_index()
    assert archive.index.generation is not None
    found = archive.index.generation.latest(Scope(Audience.EDITOR), 2 * READ_AT_ONCE)
    assert sorted(match.essay for match in found) == sorted(ids)


def test_what_is_news_already_moves_no_revision(engine: Engine) -> None:
    essay = Essay("舊文", (Block(BlockKind.TEXT, "從前的一篇。"),))
    with writing(engine) as connection:
        quiet = essay_store.add(connection, essay, NOW, news=False).essay.id
        assert essay_store.mark_as_news(connection, quiet) is True
        after = essay_store.revision(connection)
        assert essay_store.mark_as_news(connection, quiet) is False
        assert essay_store.revision(connection) == after
