"""Who asks for a view is told when a later essay has spoken of the same subject."""

from __future__ import annotations

import pytest

from tests.support.small_archive import Archive, essay

FIRST = "群聯的庫存循環"
LATER = "群聯:漲價之後"
PASSING = "記憶體模組的一年"


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(
        [
            essay(
                FIRST,
                """
                群聯(8299)的看法偏保守:庫存還要兩季才會去化完,控制晶片的報價先跌再穩。
                庫存循環走到一半,群聯的庫存天數仍高於同業。
                """,
                "2025-03-10",
            ),
            essay(LATER, "群聯(8299)今年漲了三次價,客戶仍搶著下單,先前的保守已經過去。", "2026-08-20"),
            essay(PASSING, "模組廠說,連群聯的控制晶片都要排隊,其他零件更不用說。", "2026-10-01"),
            *(
                essay(f"短評{n}", f"市場裡的柿子一天比一天甜,第 {n} 攤的人也一天比一天多。", "2026-09-09")
                for n in range(6)
            ),
        ],
    )


def test_a_later_essay_about_the_same_subject_is_named(archive: Archive) -> None:
    finding = archive.ask("群聯 庫存 怎麼看")
    assert finding.hits[0].essay.title == FIRST
    assert finding.newer is not None
    assert finding.newer.essay.title == LATER


def test_it_is_not_said_of_the_last_one_nor_where_no_view_is_asked_for(archive: Archive) -> None:
    assert archive.ask("群聯 漲價 怎麼看").newer is None
    assert archive.ask("群聯 庫存 天數").newer is None
