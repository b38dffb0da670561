"""When an essay that is added is one that the archive holds already, and when it is another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from corpus.database import connect
from corpus.essay import Block, BlockKind, Essay
from corpus.storage import essay_store
from corpus.storage.essay_store import Status
from tests.support.schemas import create_tables

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRAME = "本週的觀察名單照舊是散熱、重電與記憶體三個族群，方法和上週一樣，看的是訂單能見度與庫存。"
WEEKS = (
    "本週散熱族群的訂單能見度拉長到明年第二季，水冷板的報價持平，接頭的交期拉長。",
    "本週重電族群的交期沒有再拉長，矽鋼片的報價回落，擴產的土地還沒有著落，人手也不足。",
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = connect(f"sqlite:///{tmp_path}/luopan.db")
    create_tables(engine)
    with engine.begin() as connection:
        yield connection


def week(number: int, day: int | None = None) -> Essay:
    published = date(2026, 3, day) if day else None
    blocks = (Block(BlockKind.TEXT, FRAME), Block(BlockKind.TEXT, WEEKS[number]))
    return Essay("每週觀察", blocks, published=published)


def test_a_weekly_column_of_the_same_title_is_another_essay(connection: Connection) -> None:
    first = essay_store.add(connection, week(0, 2), NOW)
    second = essay_store.add(connection, week(1, 9), NOW)
    assert (first.status, second.status) == (Status.ADDED, Status.ADDED)
    assert first.essay.id != second.essay.id


def test_the_same_title_and_day_is_the_same_essay_changed(connection: Connection) -> None:
    first = essay_store.add(connection, week(0, 2), NOW)
    more = replace(week(0, 2), blocks=(*week(0, 2).blocks, Block(BlockKind.TEXT, "更正：水冷板的報價小漲。")))
    second = essay_store.add(connection, more, NOW)
    assert (second.status, second.essay.id) == (Status.CHANGED, first.essay.id)


def test_the_same_address_is_the_same_essay_whatever_it_says(connection: Connection) -> None:
    first = essay_store.add(connection, replace(week(0, 2), url="https://example.com/1"), NOW)
    again = replace(week(1, 9), url="https://example.com/1?utm_source=line")
    second = essay_store.add(connection, again, NOW)
    assert (second.status, second.essay.id) == (Status.CHANGED, first.essay.id)


def test_the_same_text_of_the_same_day_is_the_same_essay_under_another_title(connection: Connection) -> None:
    first = essay_store.add(connection, week(0, 2), NOW)
    second = essay_store.add(connection, replace(week(0, 2), title="每週觀察（更正標題）"), NOW)
    assert (second.status, second.essay.id, second.essay.title) == (
        Status.CHANGED,
        first.essay.id,
        "每週觀察（更正標題）",
    )


def test_a_reprint_is_kept_flagged_and_never_told_as_news(connection: Connection) -> None:
    first = essay_store.add(connection, replace(week(0, 2), url="https://example.com/1"), NOW)
    reprint = replace(week(0, 12), title="轉載：散熱與重電", url="https://elsewhere.example/9")
    second = essay_store.add(connection, reprint, NOW)
    assert (second.status, second.near_duplicate_of) == (Status.ADDED, first.essay.id)
    assert essay_store.news_since(connection, 0, second.essay.revision) == [first.essay.id]
