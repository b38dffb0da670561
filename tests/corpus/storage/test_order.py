"""最新 goes by when an essay was shelved: on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Engine

from corpus.database import reading, writing
from corpus.essay import Block, BlockKind, Essay
from corpus.storage import essay_store

MONDAY, TUESDAY = datetime(2026, 11, 16, 9, tzinfo=UTC), datetime(2026, 11, 17, 9, tzinfo=UTC)


def essay(title: str, published: date | None = None) -> Essay:
    return Essay(title, (Block(BlockKind.TEXT, f"{title}：{title * 9}。"),), published=published)


def test_what_was_shelved_last_comes_first_and_of_one_day_what_was_written_last(engine: Engine) -> None:
    with writing(engine) as connection:
        essay_store.add(connection, essay("匯入的新文", date(2026, 10, 1)), MONDAY)
        essay_store.add(connection, essay("匯入的舊文", date(2024, 1, 5)), MONDAY)
        essay_store.add(connection, essay("匯入的無日期"), MONDAY)
        essay_store.add(connection, essay("今天補上的舊文", date(2023, 3, 3)), TUESDAY)
        essay_store.add(connection, essay("今天的無日期"), TUESDAY)
    with reading(engine) as connection:
        titles = [one.title for one in essay_store.latest(connection, 9)]
        second = [one.title for one in essay_store.latest(connection, 2, 2)]
    assert titles == ["今天補上的舊文", "今天的無日期", "匯入的新文", "匯入的舊文", "匯入的無日期"]
    assert second == titles[2:4]
